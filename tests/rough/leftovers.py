"""What must never be seen in an edition: numbers that are none, and names of things in the place of their values.

Belongs here: looking for them in pages, figures, CSV files, workbooks and tables. Does not belong here: whether a
number is right.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from python_calamine import CalamineWorkbook

# 'None' is also an English word: as a leftover it is a whole text, or follows '=', '(' or ':'.
_ANYWHERE = re.compile(
    r"(?<![\w.-])(?:nan|NaN|NAN|[+-]?(?:inf|Inf)(?:inity)?|NaT|NULL|undefined)(?![\w-])|(?:<|&lt;)NA(?:>|&gt;)|\{\w*\}"
    r"|[=(:] ?None\b"
)
_NOT_TEXT = re.compile(r"<(style|script|pre)\b.*?</\1>", re.DOTALL)
_TEXT = re.compile(r">([^<>]+)<|\b(?:alt|title|aria-label|content|value)=\"([^\"]*)\"")
_FLOATS = ("FLOAT", "DOUBLE")


def leftovers(edition: Path) -> list[str]:
    """Every leftover of an edition, as 'file: text'."""
    return [
        *(found for file in sorted(edition.rglob("*")) if file.is_file() for found in _in_file(file, edition)),
        *(found for part in ("public", "internal") for found in _in_tables(edition / part / "lea_vve.duckdb")),
    ]


def is_leftover(text: str) -> bool:
    """Whether a cell, or a piece of text on a page, is or holds something that should have been a value."""
    return text.strip() == "None" or _ANYWHERE.search(text) is not None


def _in_file(file: Path, edition: Path) -> Iterator[str]:
    texts = {".html": _page, ".svg": _page, ".csv": _csv, ".xlsx": _workbook, ".json": _json, ".txt": _lines}
    read = texts.get(file.suffix)
    if read is not None:
        yield from (f"{file.relative_to(edition)}: {text.strip()[:200]}" for text in read(file) if is_leftover(text))


def _page(file: Path) -> Iterator[str]:
    text = _NOT_TEXT.sub("", file.read_text(encoding="utf-8"))
    yield from (found.group(1) or found.group(2) or "" for found in _TEXT.finditer(text))


def _csv(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.reader(stream):
            yield from row


def _workbook(file: Path) -> Iterator[str]:
    workbook = CalamineWorkbook.from_path(file)
    for name in workbook.sheet_names:
        for row in workbook.get_sheet_by_name(name).to_python():
            yield from map(str, row)


def _json(file: Path) -> Iterator[str]:
    left: list[Any] = [json.loads(file.read_text(encoding="utf-8"))]
    while left:
        value = left.pop()
        if isinstance(value, dict | list):
            left += value.values() if isinstance(value, dict) else value
        elif value is not None:
            yield str(value)


def _lines(file: Path) -> Iterator[str]:
    yield from file.read_text(encoding="utf-8").splitlines()


def _in_tables(database: Path) -> Iterator[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where data_type in ? and not internal", [_FLOATS]
        ).fetchall()
        for table, column in columns:
            ((number,),) = connection.execute(
                f'select count(*) from "{table}" where not isfinite("{column}")'
            ).fetchall()
            if number:
                yield f"{table}.{column}: {number} values that are no numbers"
