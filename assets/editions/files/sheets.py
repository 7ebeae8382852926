"""How a sheet of a workbook is written: from the top down, each row as high as its texts need.

Belongs here: looks, and that text stays text. Does not belong here: what is on which sheet (``workbooks.py``).

Heights are computed from the widths of the letters, because a spreadsheet program fits rows to their texts only when
somebody asks it to, and merged cells never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from assets.base.texts import Language, Text
from assets.editions.content.tables import Number
from assets.editions.pictures.lettering import Look, wrap

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NEVER_FROM_TEXT = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
_INK, _BLUE, _RULE = "#1c2530", "#154273", "#c9d1d8"
_MARK_INK, _MARK_GROUND = "#5c3d00", "#fff3d6"
_SIZE = 10
# A text that begins with = stays text, also for whoever edits the cell.
_TEXT_STYLE: dict[str, Any] = {"font_name": "Arial", "font_size": _SIZE, "font_color": _INK, "quote_prefix": True}
_HEADER = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bottom_color": _BLUE}
_WRAPPED = {"text_wrap": True, "valign": "top"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {**_WRAPPED, "bold": True, "font_size": 13, "font_color": _BLUE},
    "heading": {"bold": True, "font_color": _BLUE},
    "text": {},
    "wrapped": _WRAPPED,
    "small": {**_WRAPPED, "font_size": 9, "font_color": "#4d5863"},
    "mark": {**_WRAPPED, "bold": True, "font_color": _MARK_INK, "bg_color": _MARK_GROUND},
    "column": {**_HEADER, "align": "right"},
    "rows": _HEADER,
    "remarks": {**_HEADER, "align": "left", "indent": 1},
    "label": {**_WRAPPED, "bottom": 1, "bottom_color": _RULE},
    "remark": {**_WRAPPED, "align": "left", "indent": 1, "bottom": 1, "bottom_color": _RULE},
    "number": {"align": "right", "valign": "top", "bottom": 1, "bottom_color": _RULE},
    "link": {"font_color": "#01618f", "underline": 1, "valign": "top"},
}
_LOCALES: dict[Language, str] = {"nl": "nl-NL", "en": "en-GB"}
_PIXELS_A_POINT = 96 / 72
_LINE_HEIGHT = 1.28  # of a line, in font sizes: that of Arial in Excel and in LibreOffice, rounded up
_PADDING = 3.0  # points
_READABLE = 145  # characters in a line
_INDENT = 9  # pixels
_ON_PAPER = 175  # characters across a page: in print the smallest letters are then 6 points high


def number_format(unit: str, decimals: int) -> str:
    """Excel's format: it shows its own language's separators for thousands and decimals."""
    places = f".{'0' * decimals}" if decimals else ""
    return f"0{places}%" if unit == "share" else f"#,##0{places}"


def pixels(width: float) -> int:
    """How wide a column of so many characters is, of which Excel keeps five pixels free."""
    return int(width * 7)


@lru_cache(10_000)
def height_of(text: str, width: float, style: str) -> float:
    """How many points a text needs in a column of this width."""
    looks = _STYLES[style]
    size: float = looks.get("font_size", _SIZE)
    room = pixels(width) - _INDENT * looks.get("indent", 0)
    lines = sum(
        len(wrap(line, room, Look(size * _PIXELS_A_POINT, looks.get("bold", False)))) if looks.get("text_wrap") else 1
        for line in text.split("\n")
    )
    return lines * size * _LINE_HEIGHT + _PADDING


def pages_across(widths: Sequence[float], kept: int) -> int:
    """On how many pages beside each other columns of these widths can be read in print, each page with the first
    ``kept``."""
    room = _ON_PAPER - sum(widths[:kept])
    pages, used = 1, 0.0
    for width in widths[kept:]:
        if used and used + width > room:
            pages, used = pages + 1, 0.0
        used += width
    return pages


def describe(book: Workbook, *languages: Language, **properties: Any) -> None:
    """What the file says of itself: ``properties``, its author, and in which languages it is."""
    book.set_properties({"author": "LEA/vve-monitor", **properties})
    book.set_custom_property("Language", ", ".join(_LOCALES[one] for one in languages), "text")


@dataclass(slots=True)
class Styles:
    """The formats of a workbook, each made once: it is written into the file."""

    book: Workbook
    made: dict[tuple[str, str], Format] = field(default_factory=dict)

    def of(self, name: str, number_format: str = "General") -> Format:
        """The format for a style, and for numbers how they are shown."""
        if (name, number_format) not in self.made:
            is_text = number_format == "General"
            properties = {**_TEXT_STYLE, **_STYLES[name], "num_format": number_format, "quote_prefix": is_text}
            self.made[name, number_format] = self.book.add_format(properties)
        return self.made[name, number_format]


@dataclass(slots=True)
class Sheet:
    """A sheet that is written from the top down; ``at`` is the next free row, ``widths`` are those of its columns, of
    which the first ``on_each_page`` are on every page in print."""

    sheet: Worksheet
    styles: Styles
    language: Language
    widths: Sequence[float]
    on_each_page: int
    at: int = 0
    _height: float = 0.0

    def text(self, column: int, text: str, style: str) -> None:
        """A text in the row that is being written."""
        write = self.sheet.write_string if text else self.sheet.write_blank
        write(self.at, column, text, self.styles.of(style))
        self._needs(text, self.widths[column], style)

    def number(self, column: int, number: Number) -> None:
        """The printed number as a number; what is no number as it is printed."""
        if number.rounded is None:
            self.text(column, getattr(number.printed, self.language), "number")
        else:
            in_format = self.styles.of("number", number_format(number.unit, number.decimals))
            self.sheet.write_number(self.at, column, number.rounded, in_format)

    def count(self, column: int, count: int | None) -> None:
        """A whole number, or nothing."""
        in_format = self.styles.of("number", number_format("count", 0))
        if count is None:
            self.sheet.write_blank(self.at, column, "", in_format)
        else:
            self.sheet.write_number(self.at, column, count, in_format)

    def link(self, column: int, sheet: str, text: str) -> None:
        """A link to another sheet."""
        self.sheet.write_url(self.at, column, f"internal:'{sheet}'!A1", self.styles.of("link"), string=text)

    def next(self, skip: int = 0) -> None:
        """Ends the row, as high as its texts need, and leaves ``skip`` rows empty."""
        if self._height:
            self.sheet.set_row(self.at, round(self._height, 2))
        self._height = 0.0
        self.at += 1 + skip

    def line(self, *texts: str, style: str = "text", start: int = 0, skip: int = 0) -> None:
        """Texts beside each other in a row, from column ``start`` on."""
        for column, text in enumerate(texts, start):
            self.text(column, text, style)
        self.next(skip)

    def across(self, text: str, style: str, skip: int = 0) -> None:
        """A text over as many columns as make a line that can be read, and are on one page."""
        reached = [width for width in accumulate(self.widths[: self.on_each_page]) if width <= _READABLE]
        if len(reached) > 1:
            self.sheet.merge_range(self.at, 0, self.at, len(reached) - 1, text, self.styles.of(style))
            self._needs(text, reached[-1], style)
        else:
            self.text(0, text, style)
        self.next(skip)

    def header(self, heads: Sequence[str], numbers: range) -> None:
        """The heads of a table, those of the columns ``numbers`` over numbers, the others over texts, and after the
        numbers over remarks; each is there once, as a marked table asks. They stay in sight on screen, and come back on
        every page in print."""
        for column, head in enumerate(once_each(heads)):
            self.text(column, head, _over(column, numbers))
        self.sheet.freeze_panes(self.at + 1, 1)
        self.sheet.repeat_rows(self.at)
        self.next()

    def mark_table(self, name: str, first: int, heads: Sequence[str], numbers: range) -> None:
        """Marks the rows from ``first``, that of the heads, up to here as a table: who reads with a screen reader, or
        opens the file in a program, finds it by its name."""
        if self.at - 1 > first:
            columns = [
                {"header": head, "header_format": self.styles.of(_over(no, numbers))}
                for no, head in enumerate(once_each(heads))
            ]
            options = {"name": name, "style": None, "autofilter": False, "columns": columns}
            self.sheet.add_table(first, 0, self.at - 1, len(heads) - 1, options)

    def _needs(self, text: str, width: float, style: str) -> None:
        self._height = max(self._height, height_of(text, width, style)) if text else self._height


def _over(column: int, numbers: range) -> str:
    """The style of a column's head."""
    return "column" if column in numbers else "remarks" if numbers and column >= numbers.stop else "rows"


def add_sheet(
    styles: Styles, name: str, language: Language, widths: Sequence[float], *, footer: str, kept: int = 1
) -> Sheet:
    """A new sheet with columns of these widths. On paper it is as many pages wide as can be read, each with the first
    ``kept`` columns and the ``footer``."""
    sheet = styles.book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape()
    pages = pages_across(widths, kept)
    sheet.fit_to_pages(pages, 0)
    if pages > 1:
        sheet.repeat_columns(0, kept - 1)
    sheet.set_footer(footer, {"scale_with_doc": False})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    return Sheet(sheet, styles, language, widths, kept if pages > 1 else len(widths))


def once_each(heads: Sequence[str]) -> list[str]:
    """The heads, a number after one that was there before: in a marked table each is filled in and there once."""
    found: list[str] = []
    for head in heads:
        name, count = head or "–", 1
        while name.lower() in (one.lower() for one in found):
            count += 1
            name = f"{head or '–'} ({count})"
        found.append(name)
    return found


def say(text: Text, language: Language) -> str:
    """A text in one language."""
    return str(getattr(text, language))
