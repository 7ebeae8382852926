"""Reads a file of CBS as it was published: a list of municipalities, changes, urbanisation or disadvantage scores.

Belongs here: finding the header and the columns of ``data/registers/published_columns.yaml``, and what a cell means
(padded codes, decimal commas, '.' for unknown). Does not belong here: what it makes of a register
(``new_register.py``).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from assets.answers.municipalities import municipality_code
from assets.base.csv_file import DELIMITERS, CsvFile
from assets.base.errors import BadInput, shown
from assets.base.models import StrictModel
from assets.base.yaml_file import load_model
from assets.raw.apart import read_apart
from assets.raw.encodings import decode, looks_like
from assets.raw.workbook import first_sheet, read_sheet

COLUMNS_FILE = "published_columns.yaml"
UNKNOWN = ("", ".", "-", "x", "..", "-99999999")
"""How CBS writes that a figure is unknown, secret or impossible."""
_HEADER_WITHIN = 40
_OTHER_REGION = re.compile(r"(NL|LD|PV|CR|CP|WK|BU|SG)[0-9]+", re.ASCII)
_MONTHS = re.findall(r"\w+", "januari februari maart april mei juni juli augustus september oktober november december")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class PublishedColumns(StrictModel):
    """Per kind of file: what is read → the headers that it has had. ``optional``: what a file may leave out."""

    municipalities: Mapping[str, tuple[str, ...]]
    changes: Mapping[str, tuple[str, ...]]
    urbanisation: Mapping[str, tuple[str, ...]]
    disadvantage: Mapping[str, tuple[str, ...]]
    optional: tuple[str, ...]
    urbanisation_classes: tuple[str, ...]


class PublishedRow(NamedTuple):
    """A row: its place, and what it says; None where that is unknown."""

    where: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class _Grid:
    """A file as rows of text, with their numbers; ``word``: what a row is called in it."""

    file: Path
    word: str
    rows: Sequence[tuple[int, Sequence[str]]]

    def at(self, number: int) -> str:
        return f"{self.file}, {self.word} {number}"


def read_published(file: Path, kind: str, registers_dir: Path) -> list[PublishedRow]:
    """The rows of a file of CBS with the fields of ``published_columns.yaml``: codes as GM0363, dates, numbers; rows of
    other regions and footnotes are left out. Raises BadInput (file, line, remedy) when the file does not fit."""
    named = load_model(registers_dir / COLUMNS_FILE, PublishedColumns, "list of published columns", "mend that place")
    headers: Mapping[str, tuple[str, ...]] = getattr(named, kind)
    required = [name for name in headers if name not in named.optional]
    parsers = _parsers(named.urbanisation_classes)
    grid, first, columns = _with_header(file, kind, headers, required)
    found = []
    for number, cells in grid.rows:
        if number > first and (row := _row(grid.at(number), cells, columns, parsers)):
            found.append(row)
    if not found:
        raise BadInput(f"The file of {kind} has no municipality below its header", grid.at(first), "send it whole")
    if kind != "changes":
        _refuse_double(found)
    return found


def _with_header(
    file: Path, kind: str, headers: Mapping[str, tuple[str, ...]], required: Sequence[str]
) -> tuple[_Grid, int, dict[str, int]]:
    """The file, the number of its header row, and field → column."""
    best: list[str] = list(required)
    grids = read_apart(_grids, file)
    for grid in grids:
        for number, cells in grid.rows[:_HEADER_WITHIN]:
            present = [_plain(cell) for cell in cells]
            places = {
                field: present.index(known[0])
                for field, names in headers.items()
                if (known := [name for name in map(_plain, names) if name in present])
            }
            missing = [field for field in required if field not in places]
            if not missing:
                return grid, number, places
            best = min(best, missing, key=len)
    lacking = "; ".join(f"{field} ({', '.join(headers[field][:4])}, …)" for field in best)
    raise BadInput(
        f"No row of the file has the columns of the {kind}: there is none for {lacking}",
        f"{file}, the first {_HEADER_WITHIN} rows",
        f"is it another file? Else add the header that it has to data/registers/{COLUMNS_FILE}",
    )


def _plain(header: str) -> str:
    """A header as it is compared: without capitals, punctuation and StatLine's number."""
    return re.sub(r"[\W_]+", "", re.sub(r"_\d+$", "", header.strip().casefold()))


def _grids(file: Path) -> list[_Grid]:
    """The file, once for each separator that it may have."""
    if file.suffix.casefold() in (".xlsx", ".xlsm"):
        by_row: dict[int, dict[int, str]] = {}
        for (row, column), text in read_sheet(file, first_sheet(file)).texts.items():
            by_row.setdefault(row, {})[column] = text
        rows = [(n, [cells.get(c, "") for c in range(1, max(cells) + 1)]) for n, cells in sorted(by_row.items())]
        return [_Grid(file, "row", rows)]
    data = file.read_bytes()
    encoding = "utf-16" if data[:2] in _UTF_16 else "utf-8"
    if encoding == "utf-8" and (likely := looks_like(data)) and not _is_utf_8(data):
        encoding = likely
    text = decode(data, encoding, CsvFile(str(file)))
    readers = [csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for delimiter in DELIMITERS]
    return [_Grid(file, "line", [(r.line_num, [cell.strip() for cell in cells]) for cells in r]) for r in readers]


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _row(
    where: str, cells: Sequence[str], columns: Mapping[str, int], parsers: Mapping[str, Callable[[str], Any]]
) -> PublishedRow | None:
    texts = {field: cells[at] if at < len(cells) else "" for field, at in columns.items()}
    code = next(text for field, text in texts.items() if field.endswith("_code"))
    if _OTHER_REGION.fullmatch(code.strip()) or sum(bool(cell.strip()) for cell in cells) <= 1:
        return None  # a total, or a footnote
    values = {}
    for field, text in texts.items():
        try:
            values[field] = None if text.strip().casefold() in UNKNOWN else parsers[field](text.strip())
        except ValueError as error:
            name = next((texts[f] for f in ("municipality_name", "old_name") if texts.get(f)), code.strip())
            raise BadInput(
                f"{shown(text.strip())} {error} ({field} of {name})", where, "mend that cell, or ask CBS"
            ) from None
        if values[field] is None and field.endswith(("_code", "_name", "province", "_date")):
            raise BadInput(f"The row has no {field}", where, "complete the row, or remove it if it is a note")
    return PublishedRow(where, values)


def _refuse_double(rows: Sequence[PublishedRow]) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        code = row.values["municipality_code"]
        if code in seen:
            raise BadInput(f"{code} appears twice, first in {seen[code]}", row.where, "remove the row that is wrong")
        seen[code] = row.where


def _parsers(classes: Sequence[str]) -> Mapping[str, Callable[[str], Any]]:
    def urbanisation_class(text: str) -> int:
        words = text.casefold()
        if words in classes:
            return classes.index(words) + 1
        if re.match(r"[1-5](\D|$)", words):
            return int(words[0])
        raise ValueError("is not an urbanisation class from 1 to 5")

    codes = dict.fromkeys(("municipality_code", "old_code", "new_code"), _code)
    counts = dict.fromkeys(("address_density", "schools", "small_schools", "pupils"), _count)
    sums = dict.fromkeys(("score_sum", "score_sum_above_threshold"), _number)
    names = dict.fromkeys(("municipality_name", "old_name", "new_name", "province"), str)
    return {
        **codes,
        **counts,
        **sums,
        **names,
        "province_code": _province,
        "effective_date": _day,
        "urbanisation_class": urbanisation_class,
    }


def _code(text: str) -> str:
    if (code := municipality_code(text)) is None:
        raise ValueError("is not the CBS code of a municipality, such as GM0363, 0363 or 363")
    return code


def _province(text: str) -> str:
    if (found := re.fullmatch(r"(?:PV)?\s*(2\d|3[01])(?:\.0)?", text)) is None:
        raise ValueError("is not the CBS code of a province, PV20 to PV31")
    return f"PV{found[1]}"


def _number(text: str) -> float:
    """A number as Dutch files write it: a decimal comma, and a space or point between thousands."""
    plain = re.sub(r"\s", "", text)
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        raise ValueError("is not a number")
    return float(plain)


def _count(text: str) -> int:
    number = _number(text.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", text) else text)
    if number != int(number) or number < 0:
        raise ValueError("is not a whole number")
    return int(number)


def _day(text: str) -> date:
    """2024-01-01, 1-1-2024 or 1 januari 2024; a time behind it is midnight."""
    text = re.sub(r"[ T]00:00(:00)?$", "", text)
    if found := re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)", text):
        return date(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if (found := re.fullmatch(r"(\d{1,2}) (\w+) (\d{4})", text)) and found[2].casefold() in _MONTHS:
        return date(int(found[3]), _MONTHS.index(found[2].casefold()) + 1, int(found[1]))
    raise ValueError("is not a date such as 2024-01-01, 1-1-2024 or 1 januari 2024")
