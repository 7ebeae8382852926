"""Reads one sheet of an Excel workbook (.xlsx): each cell as Excel shows it, and what is particular about cells and
rows.

Belongs here: the archive and its XML. Does not belong here: headers and rows of answers (``readers.py``), number
formats (``number_formats.py``).

One streaming parser reads everything, and only what is there: a lone cell far away costs nothing, and no guard can read
something else than the reader. A document type, with which XML can be made to explode, is refused.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from xml.parsers import expat

from assets.base.errors import BadInput, shown
from assets.base.limits import MAX_BYTES_UNPACKED, MAX_CELLS
from assets.raw.number_formats import GENERAL, plain, shown_number, shows_nothing

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384  # of Excel

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_FORMULA = re.compile(r"\s*[><=*/&^),;|]")  # '=> see': some programs store every text with a '=' as a formula
_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, UnicodeError)

SheetPlace = tuple[int, int]  # row and column, from 1


@dataclass(frozen=True)
class MergedRange:
    """Cells that are one in the workbook, by the name that Excel gives the range (EZ2:EZ4)."""

    name: str
    first: SheetPlace
    last: SheetPlace

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell is part of the range."""
        return self.first[0] <= row <= self.last[0] and self.first[1] <= column <= self.last[1]


@dataclass
class Sheet:
    """A sheet. ``texts``: (row, column) → what Excel shows there, where there is anything; of a formula the formula,
    which
    ``formulas`` names. ``not_shown``: the places of numbers and texts that their format hides. ``merged`` as in the
    workbook; ``hidden_rows`` and ``hidden_columns`` are hidden or have no size."""

    texts: dict[SheetPlace, str] = field(default_factory=dict)
    formulas: set[SheetPlace] = field(default_factory=set)
    not_shown: set[SheetPlace] = field(default_factory=set)
    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


class _Broken(Exception):
    """The XML is not that of a workbook."""


def read_sheet(file: Path, sheet: str) -> Sheet:
    """The sheet of that name. Raises BadInput when the file is no workbook, is broken, or has no such sheet."""
    with _Workbook(file) as workbook:
        if sheet not in workbook.sheets:
            raise BadInput(
                f"There is no sheet {sheet!r}; there is {', '.join(map(shown, workbook.sheets))}",
                file.name,
                "put the answers on that sheet, or name the sheet that they are on (--sheet; 'sheet' in the "
                "questionnaire)",
            )
        return workbook.read(sheet)


def first_sheet(file: Path) -> str:
    """The name of the first sheet. Raises BadInput like ``read_sheet``."""
    with _Workbook(file) as workbook:
        return next(iter(workbook.sheets))


class _Workbook:
    """An open workbook: ``sheets`` is name → part of the archive."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.sheets: dict[str, str] = {}
        self._related: dict[str, str] = {}
        self._is_1904 = False

    def __enter__(self) -> _Workbook:
        try:
            self._archive = zipfile.ZipFile(self._file)
        except _ERRORS:
            raise self._incomplete() from None
        try:
            self._open()
        except BaseException:
            self._archive.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def read(self, sheet: str) -> Sheet:
        strings = self._strings()
        formats = self._formats()
        return _SheetReader(strings, formats, self._is_1904, self._file).read(self._part(self.sheets[sheet]), self)

    def _open(self) -> None:
        unpacked = sum(entry.file_size for entry in self._archive.infolist())
        if unpacked > MAX_BYTES_UNPACKED:
            what = f"The workbook unpacks to {unpacked / 1e6:,.0f} MB"
            raise BadInput(what, self._file.name, "deliver only the answers, no other sheets")
        parts = {kind: target for kind, _, target in self._relations("", "_rels/.rels")}
        main = parts.get("officeDocument", "xl/workbook.xml")
        folder, name = posixpath.split(main)
        relations = list(self._relations(folder, posixpath.join(folder, "_rels", f"{name}.rels")))
        by_id = {identity: target for _, identity, target in relations}
        self._related = {kind: target for kind, _, target in relations}
        for element, attributes in self.elements(self._part(main)):
            if element == "sheet":
                target = by_id.get(attributes.get("id", ""), "")
                if target and attributes.get("name"):
                    self.sheets[attributes["name"]] = target
            elif element == "workbookPr":
                self._is_1904 = attributes.get("date1904") in ("1", "true")
        if not self.sheets:
            raise self.unreadable()

    def _relations(self, folder: str, part: str) -> Iterator[tuple[str, str, str]]:
        """The kind, id and target of each part that a part refers to."""
        if part not in self._archive.namelist():
            return
        for element, attributes in self.elements(self._part(part)):
            if element == "Relationship" and "Target" in attributes:
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
                yield attributes.get("Type", "").rsplit("/", 1)[-1], attributes.get("Id", ""), target

    def _part(self, name: str) -> bytes:
        try:
            return self._archive.read(name)
        except KeyError:
            raise self.unreadable() from None
        except _ERRORS:
            raise self._incomplete() from None

    def _strings(self) -> list[str]:
        """The texts that cells share."""
        if "sharedStrings" not in self._related:
            return []
        strings: list[str] = []
        parts: list[str] = []
        reader = _TextReader(parts)

        def end(name: str) -> None:
            reader.end(name)
            if _local(name) == "si":
                strings.append(_unescaped("".join(parts)))
                parts.clear()

        self.parse(self._part(self._related["sharedStrings"]), reader.start, end, reader.text)
        return strings

    def _formats(self) -> list[str]:
        """The number format of each style of a cell."""
        if "styles" not in self._related:
            return []
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        own: dict[str, str] = {}
        formats: list[str] = []
        within = False
        for element, attributes in self.elements(self._part(self._related["styles"]), with_ends=True):
            if element in ("cellXfs", "/cellXfs"):
                within = element == "cellXfs"
            elif element == "numFmt":
                own[attributes.get("numFmtId", "")] = attributes.get("formatCode", GENERAL)
            elif element == "xf" and within:
                number = attributes.get("numFmtId", "0")
                builtin = BUILTIN_FORMATS.get(int(number), GENERAL) if number.isdecimal() else GENERAL
                formats.append(own.get(number, builtin))
        return formats

    def elements(self, content: bytes, *, with_ends: bool = False) -> list[tuple[str, dict[str, str]]]:
        """Every element of a part with its attributes, by names without their namespaces."""
        found: list[tuple[str, dict[str, str]]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            found.append((_local(name), {_local(key): value for key, value in attributes.items()}))

        def end(name: str) -> None:
            if with_ends:
                found.append((f"/{_local(name)}", {}))

        self.parse(content, start, end)
        return found

    def parse(self, content: bytes, start: Any, end: Any = None, text: Any = None) -> None:
        """Streams a part through handlers. Raises BadInput when it is not the XML of a workbook."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, _Broken, ValueError, LookupError):  # an encoding that there is not
            raise self.unreadable() from None

    def unreadable(self) -> BadInput:
        return BadInput(
            "The file is not a readable Excel workbook", self._file.name, "open it in Excel and save it again as .xlsx"
        )

    def _incomplete(self) -> BadInput:
        return BadInput(
            "The file is not a complete Excel workbook (.xlsx): it is cut off, has a password, or is of another kind",
            self._file.name,
            "open it in Excel, save it without a password as .xlsx, and send it again",
        )


class _TextReader:
    """Collects the text of <t>, also in parts with a layout of their own, but not how it is pronounced (<rPh>)."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._takes = False
        self._pronounced = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "rPh":
            self._pronounced = True
        elif local == "t":
            self._takes = not self._pronounced

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "rPh":
            self._pronounced = False
        elif local == "t":
            self._takes = False

    def text(self, data: str) -> None:
        if self._takes:
            self._parts.append(data)


class _SheetReader:
    """Reads the XML of one sheet."""

    def __init__(self, strings: list[str], formats: list[str], is_1904: bool, file: Path) -> None:
        self._strings, self._formats, self._is_1904, self._file = strings, formats, is_1904, file
        self._sheet = Sheet()
        self._row = self._column = 0
        self._type = "n"
        self._style = 0
        self._formula: str | None = None
        self._value: list[str] = []
        self._inline: list[str] = []
        self._rich = _TextReader(self._inline)
        self._within: Literal["v", "f"] | None = None

    def read(self, content: bytes, workbook: _Workbook) -> Sheet:
        workbook.parse(content, self._start, self._end, self._text)
        return self._sheet

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "c":
            self._begin_cell(attributes)
        elif local == "v":
            self._within = "v"
        elif local == "f":
            self._within, self._formula = "f", ""
        elif local in ("t", "rPh"):
            self._rich.start(name, attributes)
        elif local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if not 1 <= self._row <= MAX_ROW:
                raise _Broken
            if _is_hidden(attributes, "ht"):
                self._sheet.hidden_rows.add(self._row)
        elif local == "col":
            if _is_hidden(attributes, "width"):
                self._sheet.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
        elif local == "mergeCell":
            ref = attributes.get("ref", "")
            first, _, last = ref.partition(":")
            self._sheet.merged.append(MergedRange(ref, place_of(first), place_of(last or first)))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self._row, self._column = place_of(attributes["r"])
        else:
            self._column += 1
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._formula = None
        self._value.clear()
        self._inline.clear()

    def _text(self, data: str) -> None:
        if self._within == "v":
            self._value.append(data)
        elif self._within == "f":
            self._formula = (self._formula or "") + data
        else:
            self._rich.text(data)

    def _end(self, name: str) -> None:
        local = _local(name)
        if local in ("v", "f"):
            self._within = None
        elif local in ("t", "rPh"):
            self._rich.end(name)
        elif local == "c":
            text = self._cell().strip()
            if text:
                self._sheet.texts[self._row, self._column] = text
                if len(self._sheet.texts) > MAX_CELLS:
                    raise BadInput(
                        f"The sheet holds more than {MAX_CELLS:,} cells", self._file.name, "deliver only the answers"
                    )

    def _cell(self) -> str:
        if self._formula is not None:
            if not _NO_FORMULA.match(self._formula):
                self._sheet.formulas.add((self._row, self._column))
            return f"={self._formula or '…'}"  # a formula that is written out at another cell
        value = "".join(self._value)
        code = self._formats[self._style] if self._style < len(self._formats) else GENERAL
        if self._type in ("s", "inlineStr", "str"):
            text = self._text_of(value)
            self._note_what_is_hidden(text, code)
            return text
        if self._type == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE"
        if self._type in ("e", "d"):
            return value
        if not value.strip():
            return ""
        number = float(value)
        self._note_what_is_hidden(number, code)
        return shown_number(number, code, is_1904=self._is_1904) if code != GENERAL else plain(number)

    def _text_of(self, value: str) -> str:
        if self._type == "s":
            return self._strings[int(value)] if value and int(value) < len(self._strings) else ""
        return _unescaped("".join(self._inline) if self._type == "inlineStr" else value)

    def _note_what_is_hidden(self, value: float | str, code: str) -> None:
        if str(value).strip() and shows_nothing(value, code):
            self._sheet.not_shown.add((self._row, self._column))


def place_of(reference: str) -> SheetPlace:
    """'EZ2' → (2, 156). Raises _Broken when it is no cell of a sheet."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", reference, re.ASCII)
    if found is None:
        raise _Broken
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found[2])
    if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
        raise _Broken
    return row, column


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or a column is hidden, or has no height or width."""
    return attributes.get("hidden") in ("1", "true") or float(attributes.get(size, 1)) == 0


def _local(name: str) -> str:
    return name.rsplit(" ", 1)[-1]


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _refuse_doctype(*_: object) -> None:
    raise _Broken
