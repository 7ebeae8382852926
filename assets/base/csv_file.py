"""Reads a CSV file strictly: every row has the header's number of cells, and what the file is not is named.

Belongs here: text to rows (separator, ``sep=`` line, comments, quotes, line ends, a file that is cut off). Does not
belong here: bytes to text (``encodings.py``), which columns there should be, what a cell means.

A file is never mended in silence: it is read as it was declared, or refused with the true cause first.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from assets.base.errors import BadInput, shown
from assets.base.files import read_declaration
from assets.base.limits import MAX_LINE

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "vertical bar"}

_QUOTED = re.compile('"(?:[^"]|"")*"')
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE | re.DOTALL)
_LINE_END = re.compile("\r\n|\r|\n")
_CTRL_Z = "\x1a"


class CsvRow(NamedTuple):
    """A row of a CSV file: the line on which it begins, and its cells as they are written."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class CsvTable:
    """The header, and the rows below it that are not blank lines. Every row has the header's number of cells."""

    header: CsvRow
    rows: list[CsvRow]


@dataclass(frozen=True)
class CsvFile:
    """How a file is read, and how its messages speak of it: ``where`` names the file; ``hint`` is what else than
    mending the file may be done about ``delimiter``, ``header_row`` or ``encoding`` ('' for a file that has only one
    form)."""

    where: str
    delimiter: str = ","
    header_row: int = 1
    hints: bool = False

    def at(self, line: int) -> str:
        """The place of a line, in a message."""
        return f"{self.where}, line {line}"

    def remedy(self, mend: str, option: str, named: str = "the one that it has") -> str:
        """How to mend the file and, for a delivery, what to say instead."""
        field = option.split()[0].removeprefix("--").replace("-", "_")
        return f"{mend}, or name {named} ({option}; '{field}' in the questionnaire)" if self.hints else mend


def read_csv_file(file: Path, subject: str, remedy: str) -> CsvTable:
    """A comma-separated file in UTF-8 that is kept by hand. ``subject`` is what it is called in a message, ``remedy``
    what to do when it is not there. Raises BadInput with file, line and remedy."""
    return parse_csv(read_declaration(file, subject, remedy), CsvFile(str(file)))


def parse_csv(text: str, file: CsvFile) -> CsvTable:
    """The rows of a text. Raises BadInput with file, line and remedy; a text without rows has an empty header."""
    lines = _LINE_END.split(text)
    if (longest := max(map(len, lines))) > MAX_LINE:
        raise BadInput(
            f"A line of the file is {longest:,} characters long",
            file.where,
            "save it as CSV again, with one line per row",
        )
    if text.rstrip().endswith(_CTRL_Z):
        raise BadInput(
            "The file ends with the character ctrl-Z (0x1A), with which old programs end a file",
            file.at(text.rstrip().count("\n") + 1),
            "remove that character, and look whether the rows above it are all there",
        )
    header_row = _check_beginning(lines, file)
    rows = list(_rows(text, file))
    at = next((at for at, row in enumerate(rows) if row.line >= header_row), None)
    if at is None:
        return CsvTable(CsvRow(header_row, []), [])
    header, below = rows[at], [row for row in rows[at + 1 :] if any(cell.strip() for cell in row.cells)]
    if len(header.cells) == 1 and below:
        _refuse_one_column(header, below, file)
    _check_end(text, header, below, file)
    _check_widths(header, below, file)
    return CsvTable(header, below)


def _check_beginning(lines: list[str], file: CsvFile) -> int:
    """The row of the header, below a ``sep=`` line if there is one. Refuses comments there and another separator."""
    header_row = file.header_row
    if (sep := _SEP_LINE.fullmatch(lines[0])) is not None:
        if sep[1] != file.delimiter:
            raise BadInput(
                f"The first line of the file ({lines[0].strip()}) says that the separator is {_named(sep[1])}, "
                f"not {_named(file.delimiter)}",
                file.at(1),
                file.remedy("save it again with the separator that is expected", f"--delimiter {shown(sep[1])}"),
            )
        header_row = max(header_row, 2)
    if header_row > len(lines):
        return header_row
    if lines[header_row - 1].lstrip('"\ufeff ').startswith("#"):
        after = next((n for n, line in enumerate(lines, 1) if n > header_row and line and line[0] != "#"), header_row)
        raise BadInput(
            f"Line {header_row} is a comment, not the header: {shown(lines[header_row - 1])}",
            file.at(header_row),
            file.remedy("remove the comment lines", f"--header-row {after}", "the row of the header"),
        )
    # Quoted texts may hold any character, and line ends too.
    start = _QUOTED.sub('""', "\n".join(lines[header_row - 1 :])[: 2 * MAX_LINE]).split("\n", 1)[0]
    other = max(DELIMITERS, key=start.count)
    if file.delimiter not in start and other in start:
        raise BadInput(
            f"The cells of the header are separated by {_named(other)}, not by {_named(file.delimiter)}",
            file.at(header_row),
            file.remedy("save it again with the separator that is expected", f"--delimiter {shown(other)}"),
        )
    return header_row


def _rows(text: str, file: CsvFile) -> Iterator[CsvRow]:
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=file.delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if cells:
                yield CsvRow(start, cells)
            start = reader.line_num + 1
    except csv.Error:
        raise BadInput(
            'A quotation mark (") opens a text that is not closed, or is within one',
            f"{file.where}, in the row that begins on line {start}",
            'close it; a quotation mark within a text is written twice ("")',
        ) from None


def _refuse_one_column(header: CsvRow, below: list[CsvRow], file: CsvFile) -> None:
    wider = next((row.line for row in below if len(row.cells) > 1), None)
    if wider is not None:
        raise BadInput(
            f"The header is one column ({shown(header.cells[0])}): the first row with cells is line {wider}",
            file.at(header.line),
            file.remedy("remove the lines above the header", f"--header-row {wider}", "the row of the header"),
        )
    raise BadInput(
        f"The header is one column: there is no {DELIMITERS[file.delimiter]} in it",
        file.at(header.line),
        file.remedy("save it again with that separator", "--delimiter"),
    )


def _check_end(text: str, header: CsvRow, below: list[CsvRow], file: CsvFile) -> None:
    """A file that is cut off can end within any cell: then its last line has no end, as all others have."""
    if not below or text.endswith(("\n", "\r")) or not text.rsplit("\n", 1)[-1].strip():
        return
    last, expected = below[-1], len(header.cells)
    if len(last.cells) < expected:
        raise BadInput(
            f"The file ends within line {last.line}: it has {len(last.cells)} of {expected} cells, and no line end",
            file.at(last.line),
            "the file is cut off: export or send it again, whole",
        )
    raise BadInput(
        f"Line {last.line}, the last one, has no line end, which all others have: the file may be cut off within "
        f"its last cell ({shown(last.cells[-1])})",
        file.at(last.line),
        "export or send it again, whole; if the last cell is whole, put a line end behind it in a text editor",
    )


def _check_widths(header: CsvRow, below: list[CsvRow], file: CsvFile) -> None:
    expected = len(header.cells)
    wrong = [at for at, row in enumerate(below) if len(row.cells) != expected]
    if not wrong:
        return
    row = below[wrong[0]]
    found = len(row.cells)
    after = below[wrong[0] + 1] if wrong[0] + 1 < len(below) else None
    separator = DELIMITERS[file.delimiter]
    if row.cells[0].startswith("#"):
        remedy = "this looks like a comment: remove it"
    elif found > expected:
        remedy = f"a {separator} within a text splits it: put that text between quotes ({_text_in(row)})"
    elif found == 1 or (after is not None and 1 < len(after.cells) < expected == found + len(after.cells) - 1):
        remedy = "a line end within a text splits it: put that text between quotes"
    else:
        remedy = (
            f"give the row a cell for every column, also where there is nothing to say; is there a {separator} too few?"
        )
    more = f" (and so in {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    raise BadInput(
        f"Line {row.line} has {found} {'cell' if found == 1 else 'cells'}; expected {expected}, as many as the header "
        f"has{more}",
        file.at(row.line),
        remedy,
    )


def _text_in(row: CsvRow) -> str:
    """The cell that is likely the end of a text that was split: the first one of words after another one."""
    words = [bool(re.search("[A-Za-z]{3}", cell)) for cell in row.cells]
    for at in range(len(words) - 1, 0, -1):
        if words[at] and words[at - 1]:
            return f"found {shown(row.cells[at].strip())} behind {shown(row.cells[at - 1].strip())}"
    return f"the last cell is {shown(row.cells[-1].strip())}"


def _named(delimiter: str) -> str:
    return f"a {DELIMITERS[delimiter]}" if delimiter in DELIMITERS else shown(delimiter)
