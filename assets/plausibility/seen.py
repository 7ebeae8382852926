"""The implausible answers that a steward has seen (``data/seen/<survey_year>.csv``), so that an edition can wait for
them.

Belongs here: reading and adding to that file, and which questions of the call list are not in it. Does not belong here:
what a municipality confirmed (``confirmations.py``): who has seen a question need not have an answer.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd

from assets.base.csv_rows import read_model_rows
from assets.base.files import written_aside
from assets.base.models import EMPTY_IS_NONE, IsoDate, MunicipalityCode, StrictModel
from assets.base.paths import DataPaths

_KEY = ["survey_year", "municipality_code", "rule", "value"]


class SeenQuestion(StrictModel):
    """One line of a file: a question of the call list as it was, and who saw it, and when."""

    municipality_code: MunicipalityCode
    rule: str
    value: Annotated[int | None, EMPTY_IS_NONE]
    seen_by: str
    seen_on: IsoDate


def unseen_questions(paths: DataPaths) -> pd.DataFrame:
    """The questions of the call list that nobody has seen: as ``rpt_call_list``, in its order. A question whose value
    has changed is another one. Raises BadInput when a file cannot be used."""
    import duckdb

    with duckdb.connect(str(paths.warehouse), read_only=True) as connection:
        questions = connection.table("rpt_call_list").df().astype({"value": "Int64"})
    years = sorted({int(year) for year in questions["survey_year"]})
    seen = {(year, row.municipality_code, row.rule, row.value) for year in years for row in _seen(_file(paths, year))}
    keys = questions[_KEY].astype(object).where(questions[_KEY].notna(), None)
    unseen: pd.DataFrame = questions[[key not in seen for key in keys.itertuples(index=False, name=None)]]
    return unseen


def add_seen(paths: DataPaths, questions: pd.DataFrame, seen_by: str, seen_on: date) -> None:
    """Adds these questions to the files of their survey years."""
    for year, of_year in questions.groupby("survey_year", sort=True):
        file = _file(paths, int(str(year)))
        rows = [row.model_dump() for row in _seen(file)]
        rows += [
            {"municipality_code": code, "rule": rule, "value": value, "seen_by": seen_by, "seen_on": seen_on}
            for _, code, rule, value in of_year[_KEY].astype(object).where(of_year[_KEY].notna(), None).to_numpy()
        ]
        with written_aside(file) as aside, aside.open("w", encoding="utf-8", newline="") as stream:
            lines = csv.DictWriter(stream, list(SeenQuestion.model_fields), lineterminator="\n")
            lines.writeheader()
            lines.writerows(rows)


def _seen(file: Path) -> list[SeenQuestion]:
    if not file.exists():
        return []
    rows = read_model_rows(file, SeenQuestion, "file of seen questions", "'lea seen' writes it")
    return [row.content for row in rows]


def _file(paths: DataPaths, survey_year: int) -> Path:
    return paths.seen / f"{survey_year}.csv"
