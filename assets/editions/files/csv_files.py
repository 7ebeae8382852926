"""The CSV files of an edition: UTF-8 without byte order mark, comma, RFC 4180.

Belongs here: how a value is written so that programs read numbers as numbers and no spreadsheet runs a text, and the
columns of the files. Does not belong here: what changed between editions (``publication/changes.py``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from assets.editions.content.mark import Origin
from assets.editions.content.tables import Content, Rows

ORIGIN_FIELD = {
    "name": "origin",
    "type": "string",
    "description": "Whether municipalities gave the answers, or any was generated.",
}
CELLS_FILE, CATEGORY_CELLS_FILE = "cells.csv", "cell_breakdowns.csv"
SERIES_FILE, RECONCILIATION_FILE = "series.csv", "reconciliation.csv"

# A spreadsheet takes a field that begins like this for a formula; a Dutch one splits fields at ";" as well.
_RUNS = re.compile(r"(^|[\t\r\n;])(\s*)(?=[=+\-@＝＋－＠])")
_PRINTED_NUMBER = re.compile(r"[+-]?\d[\d.,]*(e[+-]?\d+)?\s?%?|-")


@lru_cache(maxsize=4096)  # labels appear in thousands of lines
def safe_text(text: str) -> str:
    """``text`` with an apostrophe wherever a spreadsheet would begin to run it; a printed number stays as it is."""
    if _PRINTED_NUMBER.fullmatch(text):
        return text
    guarded = _RUNS.sub(r"\1\2'", text)
    return f"'{guarded}" if guarded.startswith(("\t", "\r", "\n")) else guarded


def written(value: Any) -> str:
    """One field: empty for missing, true/false, whole numbers without a decimal part, and safe text.

    A list has commas between its items; of an item with labels its ``code`` is written.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return safe_text(", ".join(item["code"] if isinstance(item, dict) else str(item) for item in value))
    return safe_text(str(value))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes a CSV file with a header row; values as ``written`` puts them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([written(value) for value in row] for row in rows)


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file of an edition, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_tables(content: Content, folder: Path) -> None:
    """rpt_cells, rpt_cell_breakdowns, rpt_series where there are years to compare and rpt_reconciliation where a report
    was printed, as they stand, with the origin of the answers."""
    write_csv(folder / CELLS_FILE, content.cells.columns, content.cells.rows)
    _write_with_origin(folder / CATEGORY_CELLS_FILE, content.category_cells, content.origin)
    for file, rows in ((SERIES_FILE, content.series), (RECONCILIATION_FILE, content.reconciliation)):
        if rows.rows:
            _write_with_origin(folder / file, rows, content.origin)


def _write_with_origin(path: Path, table: Rows, origin: Origin) -> None:
    write_csv(path, [*table.columns, "origin"], ((*row, origin) for row in table.rows))
