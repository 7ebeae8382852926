"""The questionnaires as tables: what was asked, of whom, and how it can be answered.

Belongs here: the shape in which the warehouse and the data dictionary read the registry. One truth: everything below is
derived from ``questionnaire.yaml``; nothing is added.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from assets.questionnaires.model import Questionnaire, Text


def survey_years_table(questionnaires: Mapping[int, Questionnaire], edition_year: int | None = None) -> pd.DataFrame:
    """One row per survey year: survey_year, reference_year, title_nl, title_en, status, origin, register_date, deliveries,
    analysis_population, analysis_population_years (comma-separated; both empty where the base is all respondents),
    is_edition_year (the edition is of this survey year)."""
    rows = [
        {
            "survey_year": q.survey_year,
            "reference_year": q.reference_year,
            "title_nl": q.title.nl,
            "title_en": q.title.en,
            "status": q.status,
            "origin": q.origin,
            "register_date": q.register_date,
            "deliveries": len(q.deliveries),
            "analysis_population": q.analysis_population.key if q.analysis_population else None,
            "analysis_population_years": ",".join(map(str, q.analysis_population.answered_in))
            if q.analysis_population
            else None,
            "is_edition_year": q.survey_year == edition_year,
        }
        for q in questionnaires.values()
    ]
    texts = ("title_nl", "title_en", "status", "origin", "analysis_population", "analysis_population_years")
    return pd.DataFrame(rows).astype(
        {"survey_year": "int32", "reference_year": "int32", "deliveries": "int32", **dict.fromkeys(texts, "str")}
    )


def questions_table(questionnaires: Mapping[int, Questionnaire]) -> pd.DataFrame:
    """One row per question of a survey year: survey_year, question_id, position, concept, section, item, answer_type,
    wording_nl, wording_en, evidence, source, routed, range_min, range_max, comparability, comparability_reason_nl and _en."""
    rows = []
    for questionnaire in questionnaires.values():
        for position, q in enumerate(questionnaire.questions, 1):
            reason: Text | None = q.comparability.reason
            rows.append(
                {
                    "survey_year": questionnaire.survey_year,
                    "question_id": q.id,
                    "position": position,
                    "concept": q.concept,
                    "section": q.section,
                    "item": q.item,
                    "answer_type": q.answer_type,
                    "wording_nl": q.wording.nl,
                    "wording_en": q.wording.en,
                    "evidence": q.evidence,
                    "source": q.source,
                    "routed": q.routing is not None,
                    "range_min": q.range.min if q.range else None,
                    "range_max": q.range.max if q.range else None,
                    "comparability": q.comparability.status,
                    "comparability_reason_nl": reason.nl if reason else None,
                    "comparability_reason_en": reason.en if reason else None,
                }
            )
    whole = {"survey_year": "int32", "position": "int32", "range_min": "Int64", "range_max": "Int64", "routed": "bool"}
    frame = pd.DataFrame(rows)
    return frame.astype({name: whole.get(name, "str") for name in frame.columns})


def options_table(questionnaires: Mapping[int, Questionnaire]) -> pd.DataFrame:
    """One row per option of a question of a survey year: survey_year, question_id, option_code, position, option_key,
    label_nl, label_en, exclusive."""
    rows = [
        {
            "survey_year": questionnaire.survey_year,
            "question_id": q.id,
            "option_code": option.code,
            "position": position,
            "option_key": option.key,
            "label_nl": option.label.nl,
            "label_en": option.label.en,
            "exclusive": option.exclusive,
        }
        for questionnaire in questionnaires.values()
        for q in questionnaire.questions
        for position, option in enumerate(q.options, 1)
    ]
    frame = pd.DataFrame(rows)
    whole = {"survey_year": "int32", "position": "int32", "exclusive": "bool"}
    return frame.astype({name: whole.get(name, "str") for name in frame.columns})
