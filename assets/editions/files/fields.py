"""What the columns of a mart are, in every form in which it is handed out (Parquet, DuckDB, CSV): type, meaning, unit,
what identifies a row, and which rows of other marts it names.

Belongs here: units, keys and references. Does not belong here: writing a file; what a column means (its model's yml
says that, and the mart carries it).
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from assets.base.models import Filled, StrictModel
from assets.base.yaml_file import load_model
from assets.editions.files.marts import Mart

Field = dict[str, Any]
_FILE = Path(__file__).with_name("units.yaml")
_NAMED_WHOLE = ("rpt_cells", "rpt_tables")


class UnitColumns(StrictModel):
    """A unit and the columns whose numbers are in it: by name, or as table.name; * stands for anything."""

    unit: Filled
    columns: tuple[Filled, ...]


class UnitFile(StrictModel):
    """The file, in the order in which it is asked. ``no_reference``: where a table has the columns of another one's key
    and does not refer to it, as from>to."""

    units: tuple[UnitColumns, ...]
    no_reference: tuple[Filled, ...] = ()


class Reference(NamedTuple):
    """Columns of a table that name a row of another one, whose key has the same names."""

    columns: tuple[str, ...]
    table: str


@cache
def _units() -> UnitFile:
    return load_model(_FILE, UnitFile, "file of units", "mend that place; assets/editions/files/fields.py says how")


@cache
def unit_of(table: str, column: str, kind: str) -> str | None:
    """In what a column is; None where its type, as a data package names it, is no number, or nothing says so."""
    if kind not in ("integer", "number"):
        return None
    names = (column, f"{table}.{column}")
    fitting = (one.unit for one in _units().units for name in one.columns if any(fnmatchcase(n, name) for n in names))
    return next(fitting, None)


def fields_of(mart: Mart) -> list[Field]:
    """Its columns, as a data package names them; ``unit`` where they are numbers."""
    return [_field(mart, column) for column in mart.columns]


def _field(mart: Mart, column: str) -> Field:
    kind, unit = mart.field_type(column), unit_of(mart.name, column, mart.field_type(column))
    description = mart.column_comments.get(column)
    return {
        "name": column,
        "type": kind,
        **({"description": description} if description else {}),
        **({"unit": unit} if unit else {}),
    }


def references_of(mart: Mart, marts: Iterable[Mart]) -> list[Reference]:
    """The marts whose key it has among its columns: the dimensions, and the cells and tables of the reports."""
    named = (one for one in marts if one.key and one.name != mart.name)
    return [
        Reference(one.key, one.name)
        for one in named
        if (one.name.startswith("dim_") or one.name in _NAMED_WHOLE)
        and set(one.key) <= set(mart.columns)
        and not any(fnmatchcase(f"{mart.name}>{one.name}", pattern) for pattern in _units().no_reference)
    ]
