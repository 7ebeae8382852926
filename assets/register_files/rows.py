"""The registers as rows of text, as their files have them: what the making of a new one reads and gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.csv_file import read_csv_file

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, str]
Tables = dict[str, list[Row]]
CHANGED = ("municipalities", "municipality_changes", "urbanisation", "disadvantage")
"""The registers that a date changes."""


def read_tables(registers_dir: Path) -> Tables:
    """The registers that a date changes, as text, by name."""
    tables: Tables = {}
    for name in CHANGED:
        file = registers_dir / f"{name}.csv"
        table = read_csv_file(file, f"register {name}", "put the file back")
        tables[name] = [dict(zip(table.header.cells, row.cells, strict=True)) for row in table.rows]
    return tables


def names_on(tables: Tables, on: date) -> dict[str, str]:
    """Code → name of the municipalities of a date."""
    rows = tables["municipalities"]
    return {row["municipality_code"]: row["municipality_name"] for row in rows if row["reference_date"] == str(on)}


def newest_names(tables: Tables) -> dict[str, str]:
    """Code → the newest name of every municipality that a register or a change has."""
    names = {
        row[f"{which}_code"]: row[f"{which}_name"] for row in tables["municipality_changes"] for which in ("old", "new")
    }
    return names | {row["municipality_code"]: row["municipality_name"] for row in tables["municipalities"]}


def in_words(names: Mapping[str, str], code: str) -> str:
    """A municipality as a message speaks of it: Weesp (GM0457)."""
    return f"{names.get(code, 'no name')} ({code})"


def frame_of_changes(tables: Tables) -> pd.DataFrame:
    """The changes as ``lineage.py`` reads them."""
    import pandas as pd

    frame = pd.DataFrame(tables["municipality_changes"])
    return frame.assign(effective_date=[date.fromisoformat(day) for day in frame["effective_date"]])


def largest_of(tables: Tables, codes: Iterable[str], on: date) -> str:
    """The one with most pupils in the newest year before the date; of equals the first by code."""
    pupils = {
        row["municipality_code"]: int(row["pupils"])
        for row in tables["disadvantage"]  # in order of year: the newest counts
        if int(row["layout_year"]) < on.year
    }
    return max(sorted(codes), key=lambda code: pupils.get(code, 0))


def in_order(rows: Sequence[Row], column: str) -> list[Row]:
    """By date or year, otherwise as they were."""
    return sorted(rows, key=lambda row: row[column])
