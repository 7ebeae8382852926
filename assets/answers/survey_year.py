"""A survey year's answers and quarantine from the lake, with what they are checked by.

Belongs here: which of the files of a data folder they are made from. Does not belong here: how they are made
(``answer_tables.py``) and checked (``checks.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assets.answers.answer_tables import build_answers
from assets.answers.check_definitions import QUARANTINE_CHECKS
from assets.answers.checks import YearInLake, check_answers
from assets.answers.corrections import load_corrections
from assets.answers.municipalities import municipalities_in_lake
from assets.answers.row_owners import unknown_names
from assets.answers.schemas import answers_of, quarantine_of
from assets.answers.tables import QUARANTINE
from assets.questionnaires.loader import load_questionnaire
from assets.raw.store import delivered_rows, read_raw

if TYPE_CHECKING:
    import pandas as pd

    from assets.base.checks import CheckOutcome
    from assets.base.paths import DataPaths
    from assets.base.schemas import LakeTable


@dataclass(frozen=True)
class JudgedYear:
    """``year``: what is checked; ``quarantine_file``: where a steward finds the rows of quarantine."""

    year: YearInLake
    quarantine_file: Path

    @property
    def tables(self) -> dict[LakeTable, pd.DataFrame]:
        """Answers and quarantine, as declared by the year's questionnaire."""
        questionnaire = self.year.questionnaire
        return {answers_of(questionnaire): self.year.answers, quarantine_of(questionnaire): self.year.quarantine}

    @property
    def about(self) -> Mapping[str, float]:
        """What is counted of the answers."""
        answers = self.year.answers
        status = answers.loc[answers["is_current"], "status"].value_counts()
        return {
            "respondents": self.year.respondents,
            "response_rate": round(self.year.respondents / self.year.municipalities, 4),
            "invalid_cells": int(status.get("invalid", 0)),
            "answered_cells": int(status.get("answered", 0)),
            "quarantined_cells": len(self.year.quarantine),
        }

    def checks(self) -> Iterator[CheckOutcome]:
        """The outcomes of all checks on it."""
        for outcome in check_answers({self.year.questionnaire.survey_year: self.year}):
            of_quarantine = outcome.definition in QUARANTINE_CHECKS
            yield replace(outcome, rows_in=self.quarantine_file) if of_quarantine else outcome


def judge(paths: DataPaths, survey_year: str) -> JudgedYear:
    """Judges every delivered cell of a survey year. Raises BadInput where a declaration cannot be used."""
    folder = paths.questionnaires / survey_year
    questionnaire = load_questionnaire(folder)
    municipalities = municipalities_in_lake(paths.lake, questionnaire.register_date)
    raw = read_raw(paths.lake, questionnaire, folder)
    built = build_answers(questionnaire, raw, municipalities, load_corrections(paths.corrections, int(survey_year)))
    year = YearInLake(
        questionnaire,
        delivered_rows(raw),
        built.answers,
        built.quarantine,
        len(municipalities.names),
        unknown_names(questionnaire, raw, municipalities),
    )
    return JudgedYear(year, QUARANTINE.file(paths.lake, survey_year))
