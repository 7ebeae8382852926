"""Reads ``data/registers/*.csv``, and says file, line, column and remedy when one cannot be read.

Belongs here: the columns of each register and how a cell becomes a value. Does not belong here: whether a value is
possible (``schemas.py``), whether the registers agree with each other (``checks.py``), what a merger means
(``lineage.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from assets.base.csv_file import Row, read_csv_file
from assets.base.errors import BadInput

URBANISATION_LOWER_LIMITS = {1: 2500, 2: 1500, 3: 1000, 4: 500, 5: 0}
"""Urbanisation class → lowest address density (addresses per km²) of that class. Source: CBS, Stedelijkheid van een gebied."""

DISADVANTAGE_GROUPS = ("low", "middle", "high")
"""The groups in order of score: 25, 50 and 25% of the municipalities. Source: thema2022, Bijlage 2, Tabel 2."""

REPORT_CLASSIFICATION_YEARS = (2020, 2021)
"""The report's classes cover municipalities of both registers; the last year's classes are the observed ones beside it."""


def _text(cell: str) -> str:
    if not cell:
        raise ValueError("is empty")
    if cell != cell.strip():
        raise ValueError("begins or ends with a space")
    return cell


def _text_or_empty(cell: str) -> str | None:
    return _text(cell) if cell else None


def _whole(cell: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", cell):
        raise ValueError("is not a whole number")
    return int(cell)


def _whole_or_empty(cell: str) -> int | None:
    return _whole(cell) if cell else None


def _number(cell: str) -> float:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
        raise ValueError("is not a number with a decimal point")
    return float(cell)


def _date(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError("is not a date written as 2022-03-24") from None


def _yes_no(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError("is not true or false")
    return cell == "true"


Parser = Callable[[str], Any]
_DTYPES: dict[Parser, str] = {
    _text: "str",
    _text_or_empty: "str",
    _whole: "int64",
    _whole_or_empty: "Int64",
    _number: "float64",
    _date: "object",
    _yes_no: "bool",
}


@dataclass(frozen=True)
class Register:
    """One register: its ``columns`` in the lake's order with how each is read, and the ``key`` that names a row.

    ``kept_in_file`` are columns that document the file's facts and go no further.
    """

    name: str
    description: str
    columns: dict[str, Parser]
    key: tuple[str, ...]
    kept_in_file: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"


REGISTERS: dict[str, Register] = {
    register.name: register
    for register in (
        Register(
            "municipalities",
            "Which municipalities existed on 1 January of each year, with their province. Source: CBS, CC BY 4.0.",
            {
                "reference_date": _date,
                "municipality_code": _text,
                "municipality_name": _text,
                "province_code": _text,
                "province": _text,
            },
            key=("reference_date", "municipality_code"),
        ),
        Register(
            "municipality_changes",
            "Every merger, absorption and split, from which date. Source: CBS, CC BY 4.0.",
            {
                "effective_date": _date,
                "old_code": _text,
                "old_name": _text,
                "new_code": _text,
                "new_name": _text,
                "kind": _text,
            },
            key=("effective_date", "old_code", "new_code"),
        ),
        Register(
            "name_variants",
            "Other spellings of a municipality's name that deliveries have beside its code.",
            {"municipality_code": _text, "name": _text, "source": _text},
            key=("municipality_code", "name"),
        ),
        Register(
            "urbanisation",
            "CBS's urbanisation class of each municipality and year; 2019 and 2020 are estimated. Source: CBS, CC BY 4.0.",
            {
                "reference_year": _whole,
                "municipality_code": _text,
                "address_density": _whole_or_empty,
                "urbanisation_class": _whole,
                "status": _text,
                "source": _text,
            },
            key=("reference_year", "municipality_code"),
        ),
        Register(
            "disadvantage",
            "Disadvantage score and group on each year's borders, reconstructed. Source: CBS (CC BY 4.0) and DUO, open data.",
            {
                "layout_year": _whole,
                "municipality_code": _text,
                "schools": _whole,
                "pupils": _whole,
                "disadvantage_score": _number,
                "disadvantage_group": _text,
            },
            key=("layout_year", "municipality_code"),
            kept_in_file=("small_schools", "score_sum", "score_sum_above_threshold"),
        ),
        Register(
            "report_classification",
            "The classes that the 2022 report used, reconstructed from its totals (Bijlage 2), beside the observed ones.",
            {
                "classification": _text,
                "municipality_code": _text,
                "urbanisation_class": _whole,
                "disadvantage_group": _text,
                "observed_urbanisation_class": _whole,
                "observed_disadvantage_group": _text,
                "changed": _yes_no,
            },
            key=("classification", "municipality_code"),
        ),
        Register(
            "national_series",
            "National vve figures 2015–2022 as published elsewhere; the basis differs between years.",
            {
                "reference_year": _whole,
                "indicator": _text,
                "value": _number,
                "unit": _text,
                "municipalities": _whole_or_empty,
                "basis": _text_or_empty,
                "source": _text,
            },
            key=("reference_year", "indicator"),
        ),
    )
}


def load_registers(registers_dir: Path) -> dict[str, pd.DataFrame]:
    """Every register by name, with the columns of ``REGISTERS``. Raises BadInput for the first that cannot be read."""
    return {name: load_register(registers_dir, name) for name in REGISTERS}


def load_register(registers_dir: Path, name: str) -> pd.DataFrame:
    """One register in its file's order: dates as ``datetime.date``, counts as whole numbers, an empty count as <NA>.

    Raises BadInput (file, line, column, remedy) when the file, its columns or a cell is not what ``REGISTERS`` says.
    """
    register = REGISTERS[name]
    file = registers_dir / register.file_name
    header, rows = _read_rows(register, file)
    place = {column: header.index(column) for column in register.columns}
    values: dict[str, list[Any]] = {column: [] for column in register.columns}
    for line, row in rows:
        for column, parse in register.columns.items():
            try:
                values[column].append(parse(row[place[column]]))
            except ValueError as error:
                raise BadInput(
                    f"{row[place[column]]!r} {error}", f"{file}, line {line}, column {column}", "mend that cell"
                ) from None
    return pd.DataFrame({c: pd.Series(values[c], dtype=_DTYPES[parse]) for c, parse in register.columns.items()})


def _read_rows(register: Register, file: Path) -> tuple[list[str], list[Row]]:
    """The header, and every row."""
    table = read_csv_file(
        file,
        f"register {register.name}",
        "put the file back; data/registers/README.md says what it holds and where it is from",
    )
    if not table.rows:
        raise BadInput(f"The register {register.name} holds no rows", str(file), "put the register's rows back")
    header = table.header.cells
    expected = {*register.columns, *register.kept_in_file}
    if sorted(header) != sorted(expected):
        missing = ", ".join(sorted(expected - set(header))) or "none"
        unknown = ", ".join(sorted({c for c in header if c not in expected or header.count(c) > 1})) or "none"
        raise BadInput(
            f"The register {register.name} has the wrong columns (missing: {missing}; unknown or double: {unknown})",
            f"{file}, line 1",
            f"name its columns {', '.join((*register.columns, *register.kept_in_file))}",
        )
    return header, table.rows
