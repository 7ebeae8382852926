"""Reads and writes ``data/interviews/<survey_year>.csv``: the municipalities that were drawn for interviews.

A selection is drawn once: who knows that a draw can be repeated draws until it pleases. Belongs here: the record, and
who can be drawn. Does not belong here: the draw (``drawing.py``).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Field

from assets.base.csv_rows import read_model_rows
from assets.base.errors import BadInput
from assets.base.files import written_aside
from assets.base.models import IsoDate, MunicipalityCode, StrictModel, WholeNumber
from assets.base.paths import DataPaths
from assets.base.schemas import MUNICIPALITY_CODE, SURVEY_YEAR, LakeTable, day, one_of, place, whole
from assets.interviews.drawing import draw
from assets.questionnaires.model import Origin

if TYPE_CHECKING:
    import pandas as pd

Group = Literal["low", "middle", "high"]
SELECTED = LakeTable(
    "interviews/selected",
    "One row per municipality that was drawn for an interview, in the order of the files of data/interviews.",
    {
        "survey_year": SURVEY_YEAR,
        "line": place("Line of the municipality in its year's file."),
        "municipality_code": MUNICIPALITY_CODE,
        "selected_on": day("When it was drawn."),
        "urbanisation_class": whole("Its urbanisation class when it was drawn, from 1 (very urban).", 1, 5),
        "disadvantage_group": one_of("Its disadvantage group when it was drawn.", get_args(Group)),
        "seed": whole("With which the draw can be checked.", 0, 10**9, bits=64),
        "origin": one_of("Whether it was drawn or made up.", get_args(Origin)),
    },
    key=("survey_year", "municipality_code"),
)


class SelectedMunicipality(StrictModel):
    """One line of a file. Class and group are those of the day of the draw."""

    municipality_code: MunicipalityCode
    selected_on: IsoDate
    urbanisation_class: Annotated[WholeNumber, Field(ge=1, le=5)]
    disadvantage_group: Group
    seed: Annotated[WholeNumber, Field(ge=0, le=10**9)]
    origin: Origin


def record_files(interviews_dir: Path) -> list[Path]:
    """The files with selections, in order of survey year; none when nobody was ever drawn."""
    return sorted(interviews_dir.glob("[0-9][0-9][0-9][0-9].csv"))


def load_selected(interviews_dir: Path, municipalities: Callable[[int], Collection[str]]) -> pd.DataFrame:
    """``SELECTED``. ``municipalities``: survey year → the codes of its register.

    Raises BadInput, with file, line and remedy, for the first line that cannot be used.
    """
    found = []
    for file in record_files(interviews_dir):
        survey_year, seen = int(file.stem), dict[str, int]()
        registered = municipalities(survey_year)
        for row in read_model_rows(
            file, SelectedMunicipality, "file of selected municipalities", "'lea select' writes it"
        ):
            code = row.content.municipality_code
            if code not in registered:
                what = f"{code} is not in the register of survey year {survey_year}"
                raise BadInput(what, row.where, "write the code of a municipality of that register")
            if (first := seen.setdefault(code, row.line)) != row.line:
                raise BadInput(f"{code} is selected twice (line {first} too)", row.where, "remove one of the two lines")
            found.append({"survey_year": survey_year, "line": row.line, **row.content.model_dump()})
    return SELECTED.frame(found)


def select(paths: DataPaths, survey_year: int, number: int, seed: int, on: date) -> list[SelectedMunicipality]:
    """Draws among the respondents of a year that have a class and a group, and records who was drawn.

    Raises BadInput where that year has a selection already, or the warehouse knows no respondents of it.
    """
    file = paths.interviews / f"{survey_year}.csv"
    if file.exists():
        remedy = "keep it; a draw is not repeated until it pleases. Remove the file if it was a mistake"
        raise BadInput(f"The selection of {survey_year} has been drawn", str(file), remedy)
    known, origin = _respondents(paths, survey_year)
    drawn = [
        SelectedMunicipality(
            municipality_code=code,
            selected_on=on,
            urbanisation_class=int(known[code][0]),
            disadvantage_group=known[code][1],
            seed=seed,
            origin=origin,
        )
        for code in draw(known, number, seed)
    ]
    write_selected(file, drawn)
    return drawn


def write_selected(file: Path, selected: Iterable[SelectedMunicipality]) -> None:
    """Writes a year's file in one move."""
    with written_aside(file) as aside, aside.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.DictWriter(stream, list(SelectedMunicipality.model_fields), lineterminator="\n")
        lines.writeheader()
        lines.writerows(one.model_dump() for one in selected)


def _respondents(paths: DataPaths, survey_year: int) -> tuple[dict[str, tuple[str, str]], str]:
    """Code → class and group, of the respondents of a year that have both; and the origin of its answers."""
    import duckdb

    if not paths.warehouse.exists():
        raise BadInput("There is no warehouse yet", str(paths.warehouse), "'lea run' makes it")
    with duckdb.connect(str(paths.warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select municipality_code, urbanisation_class::varchar, disadvantage_group, origin"
            " from dim_municipality_year inner join dim_survey_year using (survey_year)"
            " where survey_year = ? and is_respondent and urbanisation_class + len(disadvantage_group) is not null",
            [survey_year],
        ).fetchall()
    if not rows:
        what = f"The warehouse has no respondents of {survey_year}"
        raise BadInput(what, str(paths.warehouse), "name a survey year of which answers were delivered and taken in")
    return {code: (urbanisation, group) for code, urbanisation, group, _ in rows}, rows[0][3]
