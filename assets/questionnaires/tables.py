"""The questionnaires as tables: what was asked, of whom, and how it can be answered.

Belongs here: the shape in which the warehouse and the data dictionary read the registry. One truth: everything below is
derived from ``questionnaire.yaml``; nothing is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assets.base.models import in_columns
from assets.base.schemas import LakeTable
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    import pandas as pd

SURVEY_YEARS = LakeTable(
    "questionnaires/survey_years",
    "One row per survey year. analysis_population and analysis_population_years (comma-separated) are empty where the "
    "base is all respondents; is_edition_year: the edition is of this survey year.",
    {
        "survey_year": "int32",
        "reference_year": "int32",
        "title_nl": "str",
        "title_en": "str",
        "status": "str",
        "origin": "str",
        "register_date": "object",
        "deliveries": "int32",
        "analysis_population": "str",
        "analysis_population_years": "str",
        "is_edition_year": "bool",
    },
    key=("survey_year",),
)
QUESTIONS = LakeTable(
    "questionnaires/questions",
    "One row per question of a survey year, with its routing, range and comparability.",
    {
        "survey_year": "int32",
        "question_id": "str",
        "position": "int32",
        "concept": "str",
        "section": "str",
        "item": "str",
        "answer_type": "str",
        "wording_nl": "str",
        "wording_en": "str",
        "evidence": "str",
        "source": "str",
        "routed": "bool",
        "range_min": "Int64",
        "range_max": "Int64",
        "comparability": "str",
        "comparability_reason_nl": "str",
        "comparability_reason_en": "str",
    },
    key=("survey_year", "question_id"),
)
OPTIONS = LakeTable(
    "questionnaires/options",
    "One row per option of a question of a survey year.",
    {
        "survey_year": "int32",
        "question_id": "str",
        "option_code": "str",
        "position": "int32",
        "option_key": "str",
        "label_nl": "str",
        "label_en": "str",
        "exclusive": "bool",
    },
    key=("survey_year", "question_id", "option_code"),
)


def survey_years_table(questionnaires: Mapping[int, Questionnaire], edition_year: int | None = None) -> pd.DataFrame:
    """The survey years, as ``SURVEY_YEARS``."""
    return SURVEY_YEARS.frame(
        {
            **q.model_dump(include={"survey_year", "reference_year", "status", "origin", "register_date"}),
            **in_columns(title=q.title),
            "deliveries": len(q.deliveries),
            "analysis_population": q.analysis_population.key if q.analysis_population else None,
            "analysis_population_years": ",".join(map(str, q.analysis_population.answered_in))
            if q.analysis_population
            else None,
            "is_edition_year": q.survey_year == edition_year,
        }
        for q in questionnaires.values()
    )


def questions_table(questionnaires: Mapping[int, Questionnaire]) -> pd.DataFrame:
    """The questions of every survey year, as ``QUESTIONS``."""
    return QUESTIONS.frame(
        {
            **q.model_dump(include={"concept", "section", "item", "answer_type", "evidence", "source"}),
            "survey_year": questionnaire.survey_year,
            "question_id": q.id,
            "position": position,
            "routed": q.routing is not None,
            "range_min": q.range.min if q.range else None,
            "range_max": q.range.max if q.range else None,
            "comparability": q.comparability.status,
            **in_columns(wording=q.wording, comparability_reason=q.comparability.reason),
        }
        for questionnaire in questionnaires.values()
        for position, q in enumerate(questionnaire.questions, 1)
    )


def options_table(questionnaires: Mapping[int, Questionnaire]) -> pd.DataFrame:
    """The options of every question, as ``OPTIONS``."""
    return OPTIONS.frame(
        {
            "survey_year": questionnaire.survey_year,
            "question_id": q.id,
            "option_code": option.code,
            "position": position,
            "option_key": option.key,
            **in_columns(label=option.label),
            "exclusive": option.exclusive,
        }
        for questionnaire in questionnaires.values()
        for q in questionnaire.questions
        for position, option in enumerate(q.options, 1)
    )
