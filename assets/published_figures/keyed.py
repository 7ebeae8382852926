"""Reads ``data/published_figures/<report>.csv``: the figures of one report, as they were keyed.

Belongs here: what a cell of the file can hold, and the key of a figure. Does not belong here: the grammar of a printed value
(``printed.py``), what is declared of a figure (``declarations.py``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, field_validator

from assets.base.csv_rows import ModelRow, read_model_rows
from assets.base.errors import BadInput, shown
from assets.base.models import EMPTY_IS_NONE, StrictModel, only_as
from assets.catalogue.report_fields import PrintedAs
from assets.published_figures.printed import Printed, read_printed

_PLACE = r"Voorwoord|Samenvatting|§\d+(\.\d+)*( \S.*)?|(Tabel|Figuur) \d\S*|Bijlage \d+( (Tabel|Figuur) \d\S*)?"
# A hyphen and a space within a word; "voor- en vroegschools" and "in- of uitstroom" are no such thing.
_BROKEN_WORD = re.compile(r"\w- (?!en |of |\()|\w-$")
_README = "data/published_figures/README.md says what each column holds"


def _tidy(text: str) -> str:
    if text != " ".join(text.split()):
        raise ValueError("has a line break, or a space too many")
    return text


def _given(text: str) -> str:
    if not text:
        raise ValueError("is empty")
    return text


def _rejoined(text: str) -> str:
    if _BROKEN_WORD.search(text):
        raise ValueError("has a word that a line break cut in two")
    return text


def _kind(text: Any) -> Any:
    if text not in get_args(PrintedAs):
        raise ValueError(f"is not one of {', '.join(get_args(PrintedAs))}")
    return text


_Tidy = Annotated[str, AfterValidator(_tidy)]
_GivenText = Annotated[_Tidy, AfterValidator(_given)]


class KeyedFigure(StrictModel):
    """A line of the file: the report's own labels ('' where there is no column), the value as printed, and what it is of."""

    report: str
    place: Annotated[
        str,
        only_as(_PLACE, "is not Voorwoord, Samenvatting, §1.2, Tabel 1.2, Figuur 1.2, Bijlage 1 or Bijlage 2 Tabel 1"),
    ]
    row: Annotated[_GivenText, AfterValidator(_rejoined)]
    column: Annotated[_Tidy, AfterValidator(_rejoined)]
    measure: Annotated[PrintedAs, BeforeValidator(_kind)]
    value: str
    base: Annotated[int | None, only_as(r"[1-9]\d{0,8}|", "is not a whole number or empty"), EMPTY_IS_NONE]
    of_what: _GivenText
    line: Annotated[int, only_as(r"[1-9]\d{0,8}", "is not the number of a line")]
    note: _Tidy

    @field_validator("value")
    @classmethod
    def _says_something(cls, value: str, info: ValidationInfo) -> str:
        if "measure" in info.data:
            read_printed(value, info.data["measure"])
        return value

    @property
    def printed(self) -> Printed:
        """What the value says."""
        return read_printed(self.value, self.measure)

    @property
    def key(self) -> tuple[str, ...]:
        """What names the figure within its report."""
        return self.place, self.row, self.column, self.measure


def read_figures(file: Path) -> list[ModelRow[KeyedFigure]]:
    """The figures of one report, in the file's order. Raises BadInput, with file, line and column, for the first mistake."""
    rows = list(read_model_rows(file, KeyedFigure, "file of published figures", _README))
    if not rows:
        raise BadInput("The file of published figures holds no figures", f"{file}, line 1", "add a row for each figure")
    first_line: dict[tuple[str, ...], int] = {}
    for row in rows:
        if row.content.report != file.stem:
            what = f"{shown(row.content.report)} is not {file.stem}, as the file is called"
            raise BadInput(what, f"{row.where}, column report", f"mend that cell; {_README}")
        if (line := first_line.setdefault(row.content.key, row.line)) != row.line:
            raise BadInput(
                f"The figure {name_of(row.content.key)} is in line {line} too",
                row.where,
                "give each figure a row label of its own, or remove one of the two",
            )
    return rows


def name_of(parts: Any) -> str:
    """A figure in a message."""
    return " › ".join(str(part) for part in parts if part)
