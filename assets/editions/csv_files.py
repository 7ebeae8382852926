"""The CSV files of an edition: UTF-8 without byte order mark, comma, RFC 4180.

Belongs here: how a value is written so that programs read numbers as numbers and no spreadsheet runs a text, and the
columns of the per-table file. Does not belong here: what changed between editions (``changes.py``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from assets.editions.content import Content, ReportTable
from assets.editions.mark import Origin, mark_in_both_languages

TABLE_COLUMNS: dict[str, str] = {
    "table_id": "string",
    "row_key": "string",
    "row_label_nl": "string",
    "row_label_en": "string",
    "column_key": "string",
    "column_label_nl": "string",
    "column_label_en": "string",
    "measure": "string",
    "survey_year": "integer",
    "reference_year": "integer",
    "numerator": "integer",
    "denominator": "integer",
    "value": "number",
    "unit": "string",
    "printed_nl": "string",
    "printed_en": "string",
    "n_municipalities": "integer",
    "origin": "string",
    "origin_note": "string",
}

# A spreadsheet takes a field that begins like this for a formula; a Dutch one splits fields at ";" as well.
_RUNS = re.compile(r"(^|[\t\r\n;])(\s*)(?=[=+\-@＝＋－＠])")
_PRINTED_NUMBER = re.compile(r"[+-]?\d[\d.,]*(e[+-]?\d+)?\s?%?|-")


def safe_text(text: str) -> str:
    """``text`` with an apostrophe wherever a spreadsheet would begin to run it; a printed number stays as it is."""
    if _PRINTED_NUMBER.fullmatch(text):
        return text
    guarded = _RUNS.sub(r"\1\2'", text)
    return f"'{guarded}" if guarded.startswith(("\t", "\r", "\n")) else guarded


def written(value: Any) -> str:
    """One field: empty for missing, true/false, whole numbers without a decimal part, and safe text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    return safe_text(str(value))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([written(value) for value in row] for row in rows)


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file of an edition, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_tables(content: Content, folder: Path) -> None:
    """``tables/<table_id>.csv`` (one row per cell, see TABLE_COLUMNS) and ``cells.csv`` (all of rpt_cells)."""
    (folder / "tables").mkdir()
    for table in content.tables:
        rows = _table_rows(table, content.origin)
        write_csv(folder / "tables" / f"{table.table_id}.csv", list(TABLE_COLUMNS), rows)
    write_csv(folder / "cells.csv", content.cell_columns, content.cell_rows)


def _table_rows(table: ReportTable, origin: Origin) -> Iterable[tuple[Any, ...]]:
    note = mark_in_both_languages(origin)
    for cell in table.cells.values():
        yield (
            table.table_id,
            cell.row.key,
            *cell.row.label,
            cell.column.key,
            *cell.column.label,
            cell.measure,
            cell.survey_year,
            cell.reference_year,
            cell.numerator,
            cell.denominator,
            cell.value,
            cell.unit,
            *cell.printed,
            cell.n_municipalities,
            origin,
            note,
        )
