"""The questionnaires as tables: what was asked, of whom, and how it can be answered.

Belongs here: the shape in which the warehouse and the data dictionary read the registry. One truth: everything below is
derived from ``questionnaire.yaml``; nothing is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from assets.base.models import in_columns
from assets.base.schemas import (
    QUESTION_ID,
    SURVEY_YEAR,
    LakeTable,
    day,
    flag,
    in_both_languages,
    matches,
    name,
    one_of,
    place,
    text,
    whole,
    year,
)
from assets.questionnaires.model import MOST, AnswerType, Compared, Evidence, Origin, Progress, Question, Questionnaire

if TYPE_CHECKING:
    import pandas as pd

SURVEY_YEARS = LakeTable(
    "questionnaires/survey_years",
    "One row per survey year. analysis_population and analysis_population_years (comma-separated) are empty where the "
    "base is all respondents; is_edition_year: the edition is of this survey year.",
    {
        "survey_year": SURVEY_YEAR,
        "reference_year": year("Year that the answers are about."),
        **in_both_languages("title", "What the questionnaire is called"),
        "status": one_of("How far the survey year is.", get_args(Progress)),
        "origin": one_of("Whether municipalities gave the answers or they were generated.", get_args(Origin)),
        "register_date": day("The date whose municipal register applies."),
        "deliveries": whole("Deliveries that were accepted.", 0, 1_000),
        "analysis_population": name(
            "The narrower base of this year; empty where it is all respondents.", nullable=True
        ),
        "analysis_population_years": text(
            "The survey years that this base answered in, separated by commas.",
            matches(r"\d{4}(,\d{4})*", "is years separated by commas"),
            nullable=True,
        ),
        "is_edition_year": flag("Whether the edition is of this survey year."),
    },
    key=("survey_year",),
)
QUESTIONS = LakeTable(
    "questionnaires/questions",
    "One row per question of a survey year, with its routing, range and comparability.",
    {
        "survey_year": SURVEY_YEAR,
        "question_id": QUESTION_ID,
        "position": place("Place of the question in its questionnaire."),
        "concept": name("What it measures, the same across survey years."),
        "section": name("Part of the questionnaire."),
        "item": name("The theme or topic of a question that is asked of several; else empty.", nullable=True),
        "answer_type": one_of("How it is answered.", get_args(AnswerType)),
        **in_both_languages("wording", "The question"),
        "evidence": one_of("V: printed in a report; P: paraphrased by a report; A: assumed.", get_args(Evidence)),
        "source": text("Report and place that it was read from."),
        "routed": flag("Whether only some respondents are asked."),
        "routed_on": text(
            "Of a question that only some are asked, those that decide it and those that decide them, with commas.",
            nullable=True,
        ),
        "range_min": whole("Smallest possible count; empty where it is no count.", 0, MOST, bits=64, nullable=True),
        "range_max": whole("Largest possible count; empty where it is no count.", 0, MOST, bits=64, nullable=True),
        "comparability": one_of("Against the survey year before.", get_args(Compared)),
        **in_both_languages("comparability_reason", "Why it is not the same", nullable=True),
    },
    key=("survey_year", "question_id"),
)
OPTIONS = LakeTable(
    "questionnaires/options",
    "One row per option of a question of a survey year.",
    {
        "survey_year": SURVEY_YEAR,
        "question_id": QUESTION_ID,
        "option_code": text("Code of the option in its questionnaire."),
        "position": place("Place of the option in its question."),
        "option_key": name("What the option means, the same across survey years."),
        **in_both_languages("label", "What the option is called"),
        "exclusive": flag("Whether it rules out every other option of a multiple choice."),
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
            "routed_on": ",".join(sorted(_routed_on(questionnaire, q))) or None,
            "range_min": q.range.min if q.range else None,
            "range_max": q.range.max if q.range else None,
            "comparability": q.comparability.status,
            **in_columns(wording=q.wording, comparability_reason=q.comparability.reason),
        }
        for questionnaire in questionnaires.values()
        for position, q in enumerate(questionnaire.questions, 1)
    )


def _routed_on(questionnaire: Questionnaire, question: Question) -> set[str]:
    before = {*question.routing.questions()} if question.routing else set()
    return before.union(*(_routed_on(questionnaire, questionnaire.question(one)) for one in before))


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
