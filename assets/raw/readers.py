"""Reads one delivered file (csv, xlsx, sav) as text, exactly as it was delivered.

Belongs here: a table of answers in a file: its header, its rows, the limits of what a delivery can be, SPSS. Does not
belong here: CSV (``assets/base/csv_file.py``, ``encodings.py``) and workbooks (``workbook.py``) as such, what an answer
means (``assets/answers``), which columns there should be (``deliveries.py``).

Every reader returns the header, the rows below it and the rows' numbers, and raises BadInput with file, place and
remedy when the file cannot be read; none of them runs anything that the file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from assets.base.csv_file import CsvFile, parse_csv
from assets.base.errors import BadInput, shown
from assets.base.limits import MAX_AREA, MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.model import Delivery
from assets.raw.encodings import ENCODINGS, decode, looks_like, odd_text
from assets.raw.number_formats import plain
from assets.raw.workbook import Sheet, SheetPlace, read_sheet

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_ONE_ROW_EACH = "deliver only the answers, one row per municipality"
_IMPORT_ID = re.compile(r'\{"ImportId"\s*:')


NoteKind = Literal["formula", "merged", "not_shown", "missing_in_file"]


class CellNote(NamedTuple):
    """What is particular about a cell, beside its text: a formula, a part of a merged range (``detail``: its name),
    something that its number format hides, or a value that an SPSS file declares as missing."""

    kind: NoteKind
    detail: str = ""


@dataclass(frozen=True)
class DeliveredTable:
    """The delivered table.

    ``cells``: one column per delivered column, str, '' where there is nothing; the index ``source_row`` is the row's
    number in the file as its sender sees it (in SPSS, which has no header row, the case number). Rows without any text
    are left out. ``cell_notes``: (source_row, column) → what is particular. ``more_headers``: the rows between header
    and answers that the dialect leaves out, by number. ``remarks``: what a sender may not know.
    """

    cells: pd.DataFrame
    cell_notes: Mapping[tuple[int, str], CellNote] = field(default_factory=dict)
    more_headers: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class _Read(NamedTuple):
    """What a format's reader gives: the header, the rows, their numbers; the sheet of a workbook; the values (row,
    column from 0) that the file itself declares as missing."""

    header: list[str]
    rows: list[list[str]]
    numbers: list[int]
    sheet: Sheet | None = None
    missing: Sequence[tuple[int, int]] = ()


def read_cells(file: Path, delivery: Delivery, dialect: Dialect | None = None) -> DeliveredTable:
    """The delivered table as text. Raises BadInput when the file is missing, too big, empty, broken or of another
    kind."""
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        raise BadInput(
            "The delivered file is not there", str(file), "put the file beside the questionnaire, or mend 'path' in it"
        ) from None
    if size == 0:
        raise BadInput("The file is empty", file.name, "send the file with the answers in it")
    if size > MAX_BYTES:
        what = f"The file is {size / 1e6:,.0f} MB; a delivery is at most {MAX_BYTES / 1e6:.0f} MB"
        raise BadInput(what, file.name, _ONE_ROW_EACH)
    header, rows, numbers, sheet, missing = _READERS[delivery.format](file, delivery)
    extra = (dialect or Dialect()).extra_header_rows if delivery.format != "sav" else 0
    more_headers = {
        number: dict(zip(header, row, strict=False)) for number, row in zip(numbers[:extra], rows[:extra], strict=True)
    }
    rows, numbers = rows[extra:], numbers[extra:]
    _check_size(file, delivery, header, rows)
    _check_header(file, delivery, header)
    filled = [(number, row) for number, row in zip(numbers, rows, strict=True) if any(row)]
    if not filled:
        raise BadInput("There are no rows below the header", place(file, delivery), "deliver one row per municipality")
    _refuse_import_ids(file, delivery, filled)
    _refuse_strays(file, delivery, header, filled)
    named = {at: name for at, name in enumerate(header) if name}
    cells = _as_frame(named, filled)
    kept = cells.index.tolist()
    if sheet is None:
        notes = {(numbers[row], named[at]): CellNote("missing_in_file") for row, at in missing if at in named}
        return DeliveredTable(cells, {place: note for place, note in notes.items() if place[0] in kept}, more_headers)
    return DeliveredTable(cells, _cell_notes(sheet, named, kept), more_headers, tuple(_hidden(sheet, named, kept)))


def _as_frame(named: Mapping[int, str], filled: Sequence[tuple[int, Sequence[str]]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        [[row[at] if at < len(row) else "" for at in named] for _, row in filled],
        columns=pd.Index(list(named.values()), dtype="str"),
        index=pd.Index([number for number, _ in filled], name="source_row", dtype="int64"),
        dtype="str",
    )


def place(file: Path, delivery: Delivery) -> str:
    """Where the column names of a file are, as a message says it."""
    sheet = f", sheet {delivery.sheet!r}" if delivery.sheet else ""
    header = "" if delivery.format == "sav" else f", header in row {delivery.header_row}"
    return f"{file.name}{sheet}{header}"


def _check_size(file: Path, delivery: Delivery, header: list[str], rows: list[list[str]]) -> None:
    if len(rows) > MAX_ROWS:
        raise BadInput(f"The file has more than {MAX_ROWS:,} rows", place(file, delivery), _ONE_ROW_EACH)
    columns = sum(1 for name in header if name)
    if columns > MAX_COLUMNS or columns * len(rows) > MAX_AREA:
        raise BadInput(f"The file has {columns:,} columns", place(file, delivery), _ONE_ROW_EACH)


def _check_header(file: Path, delivery: Delivery, header: list[str]) -> None:
    names = [name for name in header if name]
    if not names:
        raise BadInput(
            "There is no header", place(file, delivery), "put the names of the columns in the row above the answers"
        )
    if double := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(
            f"Column {', '.join(map(shown, double))} appears more than once",
            place(file, delivery),
            "remove or rename the double column",
        )


def _refuse_import_ids(file: Path, delivery: Delivery, filled: list[tuple[int, list[str]]]) -> None:
    for number, row in filled[:3]:
        if any(_IMPORT_ID.match(cell) for cell in row):
            raise BadInput(
                "Below the header are more header rows, as Qualtrics writes them",
                f"{place(file, delivery)}, row {number}",
                "name the dialect that leaves them out",
            )


def _refuse_strays(file: Path, delivery: Delivery, header: list[str], filled: list[tuple[int, list[str]]]) -> None:
    unnamed = [at for at, name in enumerate(header) if not name]
    for number, row in filled:
        for stray in (*unnamed, *range(len(header), len(row))):
            if stray < len(row) and row[stray]:
                raise BadInput(
                    f"{shown(row[stray])} is in a column without a name",
                    f"{place(file, delivery)}, row {number}, column {stray + 1}",
                    "give the column its name, or remove what is there",
                )


def _cell_notes(sheet: Sheet, named: dict[int, str], rows: list[int]) -> dict[tuple[int, str], CellNote]:
    known = set(rows)

    def noted(places: set[SheetPlace], note: CellNote) -> dict[tuple[int, str], CellNote]:
        return {(row, named[at - 1]): note for row, at in places if row in known and at - 1 in named}

    notes = noted(sheet.formulas, CellNote("formula")) | noted(sheet.not_shown, CellNote("not_shown"))
    for merged in sheet.merged:
        for row in (row for row in rows if merged.first[0] <= row <= merged.last[0]):
            for at, name in named.items():
                if merged.holds(row, at + 1):
                    notes[row, name] = CellNote("merged", merged.name)
    return notes


def _hidden(sheet: Sheet, named: dict[int, str], rows: list[int]) -> list[str]:
    """What is hidden in the workbook and yet read."""
    from openpyxl.utils import get_column_letter

    hidden_rows = [str(row) for row in rows if row in sheet.hidden_rows]
    hidden_columns = [
        f"{get_column_letter(at + 1)} ({shown(name)})"
        for at, name in named.items()
        if any(first <= at + 1 <= last for first, last in sheet.hidden_columns)
    ]
    return [
        f"{len(names)} {what}{'s' if len(names) > 1 else ''} that the workbook hides "
        f"{'are' if len(names) > 1 else 'is'} read too: {_some(names)}"
        for what, names in (("row", hidden_rows), ("column", hidden_columns))
        if names
    ]


def _some(names: Iterable[str], at_most: int = 10) -> str:
    listed = list(names)
    more = f" and {len(listed) - at_most} more" if len(listed) > at_most else ""
    return ", ".join(listed[:at_most]) + more


def _read_csv(file: Path, delivery: Delivery) -> _Read:
    how = CsvFile(file.name, delivery.delimiter, delivery.header_row, hints=True)
    table = parse_csv(decode(file.read_bytes(), delivery.encoding, how), how)
    rows = [[cell.strip() for cell in row.cells] for row in table.rows]
    return _Read([name.strip() for name in table.header.cells], rows, [row.line for row in table.rows])


def _read_xlsx(file: Path, delivery: Delivery) -> _Read:
    sheet = read_sheet(file, str(delivery.sheet))
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in sheet.texts.items():
        by_row.setdefault(row, {})[column] = text
    numbers = sorted(row for row in by_row if row > delivery.header_row)
    if len(numbers) > MAX_ROWS:
        raise BadInput(f"The file has more than {MAX_ROWS:,} rows", place(file, delivery), _ONE_ROW_EACH)
    header = _as_list(by_row.get(delivery.header_row, {}))
    return _Read(header, [_as_list(by_row[row]) for row in numbers], numbers, sheet)


def _as_list(row: dict[int, str]) -> list[str]:
    return [row.get(column, "") for column in range(1, max(row, default=0) + 1)]


def _read_sav(file: Path, delivery: Delivery) -> _Read:
    import numpy as np
    import pyreadstat

    encoding = delivery.encoding if delivery.encoding != "utf-8" else None
    try:
        frame, about = pyreadstat.read_sav(str(file), user_missing=True, row_limit=MAX_ROWS + 1, encoding=encoding)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError) as error:
        if "encoding" in str(error):
            raise _other_encoding(file) from None
        raise BadInput(
            "The file is not a readable SPSS file: it is cut off, or of another kind",
            file.name,
            "open it in SPSS, save it again as .sav, and send it again",
        ) from None
    formats = [str(about.original_variable_types.get(name, "")) for name in frame.columns]
    columns = [
        [_as_text(value, percent=code.startswith("PCT")) for value in frame[name].tolist()]
        for name, code in zip(frame.columns, formats, strict=True)
    ]
    rows = [list(row) for row in zip(*columns, strict=True)]
    for number, row in enumerate(rows, 1):
        if (odd := next(filter(odd_text, row), None)) is not None:
            raise _other_encoding(file, f", case {number}", f": {shown(odd)} cannot be Dutch")
    missing = [
        (int(row), at)
        for at, name in enumerate(frame.columns)
        for span in cast("list[dict[str, Any]]", about.missing_ranges.get(name, []))
        for row in np.flatnonzero(_is_within(frame[name], span["lo"], span["hi"]))
    ]
    header = [str(name).strip() for name in frame.columns]
    return _Read(header, rows, list(range(1, len(rows) + 1)), missing=missing)


def _is_within(values: pd.Series, low: Any, high: Any) -> NDArray[np.bool_]:
    import numpy as np
    import pandas as pd

    if isinstance(low, str):
        return np.asarray(values.astype("str").str.strip() == low.strip(), dtype=bool)
    numbers = pd.to_numeric(values, errors="coerce")
    return np.asarray((numbers >= low) & (numbers <= high), dtype=bool)


def _other_encoding(file: Path, where: str = "", found: str = "") -> BadInput:
    likely = None if found else _likely_encoding(file)
    looks = f"; they look like {ENCODINGS[likely]}" if likely else ""
    option = f", or name that encoding (--encoding {likely}; 'encoding' in the questionnaire)" if likely else ""
    return BadInput(
        f"The texts of the file are not in the encoding that the file declares{looks}{found}",
        f"{file.name}{where}",
        f"open it in SPSS with the encoding that it has, and save it again as Unicode{option}",
    )


def _likely_encoding(file: Path) -> str | None:
    """The encoding of one byte per character that makes words of an SPSS file's texts."""
    import pyreadstat

    try:
        frame, _ = pyreadstat.read_sav(str(file), encoding="cp1252", row_limit=MAX_ROWS)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError):
        return None
    texts = "\n".join(str(v) for name in frame.columns if frame[name].dtype != float for v in frame[name].tolist())
    return looks_like(texts.encode("cp1252", errors="replace"))


_READERS = {"csv": _read_csv, "xlsx": _read_xlsx, "sav": _read_sav}


def _as_text(value: Any, *, percent: bool = False) -> str:
    """A value of SPSS as its sender would type it: 12.0 is '12', a date is ISO."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return plain(value) + ("%" if percent else "")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()
