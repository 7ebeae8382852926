"""Reads one delivered file (csv, xlsx, sav) as text, exactly as it was delivered.

Belongs here: everything about files: size, encoding, sheets, header rows, formulas, broken archives. Does not belong
here: what an answer means (``assets/answers``), which columns there should be (``deliveries.py``).

Every reader returns the header, the rows below it and the rows' numbers, and raises BadInput with file, place and remedy
when the file cannot be read; none of them runs anything that stands in the file.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from assets.errors import BadInput, shown
from assets.questionnaires.model import Delivery

MAX_BYTES = 50_000_000
MAX_BYTES_UNPACKED = 500_000_000
MAX_LINE = 1_000_000
MAX_ROWS = 20_000
MAX_AREA = 20_000_000  # rows × columns that a reader may have to fill
MAX_COLUMNS = 5_000

_ENCODINGS = {"cp1252": "Windows-1252 (cp1252)", "utf-8": "UTF-8", "utf-16": "UTF-16"}
_ONE_ROW_EACH = "deliver only the answers, one row a municipality"

_Table = tuple[list[str], list[list[str]], list[int]]


def read_cells(file: Path, delivery: Delivery) -> pd.DataFrame:
    """The delivered table as text: one column a delivered column, str, '' where nothing stands.

    The index ``source_row`` is the row's number in the file as its sender sees it (in SPSS, which has no header row, the
    case number). Rows without any text are left out. Raises BadInput when the file is missing, too big, empty, broken or
    of another kind.
    """
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
    header, rows, numbers = _READERS[delivery.format](file, delivery)
    if len(rows) > MAX_ROWS:
        raise BadInput(f"The file has more than {MAX_ROWS:,} rows", place(file, delivery), _ONE_ROW_EACH)
    _check_header(file, delivery, header)
    filled = [(number, row) for number, row in zip(numbers, rows, strict=True) if any(row)]
    if not filled:
        raise BadInput("There are no rows below the header", place(file, delivery), "deliver one row a municipality")
    named = [at for at, name in enumerate(header) if name]
    unnamed = [at for at, name in enumerate(header) if not name]
    for number, row in filled:
        for stray in (*unnamed, *range(len(header), len(row))):
            if stray >= len(row) or not row[stray]:
                continue
            raise BadInput(
                f"{shown(row[stray])} stands in a column without a name",
                f"{place(file, delivery)}, row {number}, column {stray + 1}",
                "give the column its name, or remove what stands there"
                + (" (a separator within a text needs quotes around the text)" if delivery.format == "csv" else ""),
            )
    return pd.DataFrame(
        [[row[at] if at < len(row) else "" for at in named] for _, row in filled],
        columns=pd.Index([header[at] for at in named], dtype="str"),
        index=pd.Index([number for number, _ in filled], name="source_row", dtype="int64"),
        dtype="str",
    )


def place(file: Path, delivery: Delivery) -> str:
    """Where the column names of a file stand, as a message says it."""
    sheet = f", sheet {delivery.sheet!r}" if delivery.sheet else ""
    header = "" if delivery.format == "sav" else f", header in row {delivery.header_row}"
    return f"{file.name}{sheet}{header}"


def _check_header(file: Path, delivery: Delivery, header: list[str]) -> None:
    names = [name for name in header if name]
    if not names:
        raise BadInput(
            "There is no header", place(file, delivery), "put the names of the columns in the row above the answers"
        )
    if len(names) > MAX_COLUMNS:
        raise BadInput(f"The file has {len(names):,} columns", place(file, delivery), _ONE_ROW_EACH)
    if double := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(
            f"Column {', '.join(map(shown, double))} stands more than once",
            place(file, delivery),
            "remove or rename the double column",
        )


def _read_csv(file: Path, delivery: Delivery) -> _Table:
    text = _decode(file, delivery.encoding)
    if (longest := max(map(len, re.split("[\r\n]+", text)))) > MAX_LINE:
        raise BadInput(
            f"A line of the file is {longest:,} characters long",
            file.name,
            "save it as CSV again, with one line a municipality",
        )
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delivery.delimiter, strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    start = 1
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row])
            numbers.append(start)
            start = reader.line_num + 1
            if len(rows) > MAX_ROWS + delivery.header_row or len(row) > MAX_COLUMNS:
                raise BadInput("The file has too many rows or columns", f"{file.name}, line {start}", _ONE_ROW_EACH)
    except csv.Error:
        raise BadInput(
            'A quotation mark (") opens a text that is not closed, or stands within one',
            f"{file.name}, in the row that begins on line {start}",
            'close it; a quotation mark within a text is written twice ("")',
        ) from None
    header = next((at for at, number in enumerate(numbers) if number >= delivery.header_row), None)
    if header is None:
        return [], [], []
    if len(rows[header]) == 1 and len(rows) > header + 1:
        raise BadInput(
            f"The header is one column: there is no {_DELIMITERS[delivery.delimiter]} in it",
            f"{file.name}, line {numbers[header]}",
            "save it again with that separator, or name the one that it has (--delimiter; 'delimiter' in the questionnaire)",
        )
    return rows[header], rows[header + 1 :], numbers[header + 1 :]


_DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "vertical bar"}


def _decode(file: Path, encoding: str) -> str:
    """The file's text. An encoding of one byte a sign never fails, so what is plainly another encoding is refused."""
    data = file.read_bytes()
    name = _ENCODINGS.get(encoding, encoding)
    remedy = f"save it again as {name}, or name the encoding that it has (--encoding; 'encoding' in the questionnaire)"
    is_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if is_utf16 != (encoding == "utf-16"):
        raise BadInput(f"The file is {'UTF-16, not ' if is_utf16 else 'not '}{name}", file.name, remedy)
    if b"\x00" in data and not is_utf16:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        raise BadInput("The file is not text: it holds a zero byte", f"{file.name}, line {line}", remedy)
    if encoding not in ("utf-8", "utf-16") and not data.isascii() and _is(data, "utf-8"):
        line = next(number for number, part in enumerate(data.split(b"\n"), 1) if not part.isascii())
        raise BadInput(f"The file is UTF-8, not {name}", f"{file.name}, line {line}", remedy)
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        likely = ": it looks like Windows-1252 (cp1252)" if encoding == "utf-8" and _is(data, "cp1252") else ""
        raise BadInput(f"The file is not {name}{likely}", f"{file.name}, line {line}", remedy) from None


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _read_xlsx(file: Path, delivery: Delivery) -> _Table:
    from python_calamine import CalamineError, CalamineWorkbook

    has_more_than_values = _check_archive(file)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(file.read_bytes())) as workbook:
            if delivery.sheet not in workbook.sheet_names:
                raise BadInput(
                    f"There is no sheet {delivery.sheet!r}; there is {', '.join(map(shown, workbook.sheet_names))}",
                    file.name,
                    "put the answers on that sheet, or name the sheet that they are on (--sheet; 'sheet' in the questionnaire)",
                )
            table = workbook.get_sheet_by_name(delivery.sheet).to_python(skip_empty_area=False)
    except CalamineError:
        raise BadInput(
            "The file is not a readable Excel workbook", file.name, "open it in Excel and save it again as .xlsx"
        ) from None
    rows = [[_as_text(cell) for cell in row] for row in table[delivery.header_row - 1 :]]
    if has_more_than_values:
        for (number, column), content in _formulas_and_errors(file, delivery).items():
            while len(rows) <= number - delivery.header_row:
                rows.append([])
            row = rows[number - delivery.header_row]
            row += [""] * (column - len(row))
            row[column - 1] = content
    header = rows[0] if rows else []
    return header, rows[1:], list(range(delivery.header_row + 1, delivery.header_row + len(rows)))


def _check_archive(file: Path) -> bool:
    """Whether a worksheet holds formulas or errors. Raises BadInput for an archive that is cut off, broken, or explodes."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if (unpacked := sum(entry.file_size for entry in entries)) > MAX_BYTES_UNPACKED:
                what = f"The workbook unpacks to {unpacked / 1e6:,.0f} MB"
                raise BadInput(what, file.name, "deliver only the answers, no other sheets")
            contents = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise BadInput(
            "The file is not a complete Excel workbook (.xlsx): it is cut off, has a password, or is of another kind",
            file.name,
            "open it in Excel, save it without a password as .xlsx, and send it again",
        ) from None
    sheets = [content for name, content in contents.items() if name.startswith("xl/worksheets/")]
    for sheet in sheets:
        # A lone cell far away makes a reader fill everything in between. Some programs write <x:c> for <c>.
        cells = set(re.findall(rb"""<(?:\w+:)?c [^>]*?\br=["']([A-Z]{1,3})[0-9]""", sheet))
        last_column = max((_column_number(letters) for letters in cells), default=0)
        last_row = max(map(int, re.findall(rb"""<(?:\w+:)?row [^>]*?\br=["']([0-9]{1,9})""", sheet)), default=0)
        if last_row > 5 * MAX_ROWS or last_row * last_column > MAX_AREA:
            raise BadInput(
                f"A sheet of the workbook goes on to row {last_row:,} and column {last_column:,}",
                file.name,
                "remove the rows below and the columns beside the answers (select them, delete), and save it again",
            )
    return any(re.search(rb"""<(?:\w+:)?f[ >/]| t=["']e["']""", sheet) for sheet in sheets)


def _column_number(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _formulas_and_errors(file: Path, delivery: Delivery) -> dict[tuple[int, int], str]:
    """What calamine does not show, by (row, column), for workbooks that have any: formulas, and values such as #N/A.

    A formula's last result may be stale or not stored at all: what was delivered is the formula.
    """
    from openpyxl import load_workbook

    found: dict[tuple[int, int], str] = {}
    try:
        sheet = load_workbook(file, read_only=True)[str(delivery.sheet)]
        for row in sheet.iter_rows(min_row=delivery.header_row):
            for cell in row:
                if cell.data_type in ("f", "e") and cell.row is not None and cell.column is not None:
                    value = getattr(cell.value, "text", None) or cell.value
                    found[(cell.row, int(cell.column))] = value if isinstance(value, str) else "="
    except Exception:  # openpyxl fails in many ways on workbooks that Excel opens
        raise BadInput(
            "The workbook holds formulas that cannot be read",
            f"{file.name}, sheet {delivery.sheet!r}",
            "replace them by their values (copy, paste as values), and save it again",
        ) from None
    return found


def _read_sav(file: Path, delivery: Delivery) -> _Table:  # noqa: ARG001 one signature for every reader
    import pyreadstat

    try:
        frame, _ = pyreadstat.read_sav(str(file), user_missing=True, row_limit=MAX_ROWS + 1)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError):
        raise BadInput(
            "The file is not a readable SPSS file: it is cut off, or of another kind",
            file.name,
            "open it in SPSS, save it again as .sav, and send it again",
        ) from None
    columns = [[_as_text(value) for value in frame[name].tolist()] for name in frame.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return [str(name).strip() for name in frame.columns], rows, list(range(1, len(rows) + 1))


_READERS = {"csv": _read_csv, "xlsx": _read_xlsx, "sav": _read_sav}


def _as_text(value: Any) -> str:
    """A cell as its sender would type it: 12.0 is '12', a date is ISO, a tick is 1."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()
