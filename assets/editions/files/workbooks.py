"""The workbooks of an edition: an Excel file for each report and language.

Belongs here: which sheets there are, and how a table lies on its sheet. Does not belong here: the numbers and their
rounding (dbt), how symbols are explained (``symbols.py``).

A cell holds the number **as printed**, so rounded: 48% is the number 0.48 with the format 0%. The warehouse rounds it,
so that a
workbook cannot round otherwise than the page; unrounded numbers are in the CSV files. Text is always written as text:
no formula, link or number is ever made from it. The same edition gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.texts import Language, Text
from assets.editions.content.mark import Origin, mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.symbols import Symbol
from assets.editions.content.tables import Content, Heading, Number, Report, ReportTable
from assets.editions.content.terms import sources_of, terms_in_words

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WORKBOOKS = "workbooks"
_CONTENTS = Text("Inhoud", "Contents")
_SYMBOLS = Text("Verklaring van tekens", "Symbols")
_HOW_TO_READ = Text("Hoe de getallen te lezen zijn", "How to read the numbers")
_IN_TEXT = Text("In de tekst", "In the text")
_NUMBERS_IN_TEXT = Text("De cijfers in de lopende tekst", "Numbers in the running text")
_STORED = Text(
    "Elke cel bevat het getal zoals het is afgedrukt, dus afgerond: 48% is het getal 0,48 met de opmaak 0%. De"
    " onafgeronde getallen, tellers en noemers staan in de CSV-bestanden van deze editie.",
    "Each cell holds the number as printed, so rounded: 48% is the number 0.48 with the format 0%. The unrounded "
    "numbers, numerators and denominators are in the CSV files of this edition.",
)
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_NEVER_FROM_TEXT = "strings_to_formulas", "strings_to_urls", "strings_to_numbers"
_INK, _BLUE, _RULE = "#1c2530", "#154273", "#c9d1d8"
_MARK_INK, _MARK_GROUND = "#5c3d00", "#fff3d6"
# A text that begins with = stays text, also for whoever edits the cell.
_TEXT_STYLE: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "quote_prefix": True}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 13, "font_color": _BLUE},
    "heading": {"bold": True, "font_color": _BLUE},
    "text": {},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "small": {"font_size": 9, "font_color": "#4d5863"},
    "mark": {"bold": True, "font_color": _MARK_INK, "bg_color": _MARK_GROUND},
    "column": {
        "bold": True,
        "text_wrap": True,
        "align": "right",
        "valign": "bottom",
        "bottom": 1,
        "bottom_color": _BLUE,
    },
    "rows": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bottom_color": _BLUE},
    "label": {"text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": _RULE},
    "number": {"align": "right", "valign": "top", "bottom": 1, "bottom_color": _RULE},
    "link": {"font_color": "#01618f", "underline": 1},
}


def workbook_path(report: str, language: Language) -> str:
    """``workbooks/<report>_nl.xlsx`` in Dutch, ``workbooks/<report>_en.xlsx`` in English."""
    return f"{WORKBOOKS}/{report}_{language}.xlsx"


def write_workbooks(content: Content, stamp: Stamp, folder: Path) -> None:
    """A workbook for each report and language, dated as the edition is."""
    (folder / WORKBOOKS).mkdir(exist_ok=True)
    for report in content.reports:
        for language in ("nl", "en"):
            _Writer(report, content.symbols, content.origin, stamp, language).write(
                folder / workbook_path(report.key, language)
            )


def number_format(unit: str, decimals: int) -> str:
    """Excel's format: it shows its own language's separators for thousands and decimals."""
    places = f".{'0' * decimals}" if decimals else ""
    return f"0{places}%" if unit == "share" else f"#,##0{places}"


def sheet_names(tables: Sequence[ReportTable], language: Language) -> dict[str, str]:
    """A sheet's name for each table id: its place in the report, as Excel allows it and no two the same."""
    taken = {getattr(name, language).lower() for name in (_CONTENTS, _SYMBOLS, _IN_TEXT)} | {"history"}
    names: dict[str, str] = {}
    for table in tables:
        wanted = _NOT_IN_A_NAME.sub(" ", getattr(table.label, language)).strip() or table.table_id
        name, count = wanted[:_LONGEST_NAME].strip(), 1
        while name.lower() in taken:
            count += 1
            name = f"{wanted[: _LONGEST_NAME - len(str(count)) - 3].strip()} ({count})"
        taken.add(name.lower())
        names[table.table_id] = name
    return names


@dataclass(slots=True)
class _Sheet:
    """A sheet that is written from the top down; ``at`` is the next free row."""

    sheet: Worksheet
    writer: _Writer
    at: int = 0

    def line(self, *texts: str, style: str = "text", start: int = 0, skip: int = 0) -> None:
        """Texts beside each other on the next row, from column ``start`` on, and ``skip`` empty rows after it."""
        for column, text in enumerate(texts, start):
            self.text(column, text, style)
        self.at += 1 + skip

    def text(self, column: int, text: str, style: str) -> None:
        write = self.sheet.write_string if text else self.sheet.write_blank
        write(self.at, column, text, self.writer.style(style))

    def number(self, column: int, number: Number) -> None:
        """The printed number as a number; what is no number as it is printed."""
        if number.rounded is None:
            self.text(column, self.writer.say(number.printed), "number")
        else:
            in_format = self.writer.style("number", number_format(number.unit, number.decimals))
            self.sheet.write_number(self.at, column, number.rounded, in_format)

    def link(self, column: int, sheet: str, text: str) -> None:
        target = f"internal:'{sheet}'!A1"
        self.sheet.write_url(self.at, column, target, self.writer.style("link"), string=text)


@dataclass(slots=True)
class _Writer:
    """Writes one workbook."""

    report: Report
    symbols: Sequence[Symbol]
    origin: Origin
    stamp: Stamp
    language: Language
    book: Workbook = field(init=False)
    styles: dict[tuple[str, str], Format] = field(init=False, default_factory=dict)

    def write(self, path: Path) -> None:
        from xlsxwriter import Workbook

        options = {**dict.fromkeys(_NEVER_FROM_TEXT, False), "in_memory": True}
        with Workbook(str(path), options) as self.book:
            self.book.set_properties(
                {
                    "title": self.say(self.report.title),
                    "subject": f"LEA/vve-monitor {self.stamp.survey_year}, v{self.stamp.version}",
                    "comments": self.mark,
                    "created": self.stamp.created_at.replace(tzinfo=None),
                }
            )
            names = sheet_names(self.report.tables, self.language)
            self._contents(names)
            self._signs()
            for table in self.report.tables:
                self._table(table, names[table.table_id])
            if self.report.texts:
                self._texts()

    @property
    def mark(self) -> str:
        return self.say(mark_of(self.origin) or Text("", ""))

    def say(self, text: Text) -> str:
        return str(getattr(text, self.language))

    def words(self, nl: str, en: str) -> str:
        return self.say(Text(nl, en))

    def style(self, name: str, number_format: str = "General") -> Format:
        """A format, made once: each is written into the file."""
        if (name, number_format) not in self.styles:
            is_text = number_format == "General"
            properties = {**_TEXT_STYLE, **_STYLES[name], "num_format": number_format, "quote_prefix": is_text}
            self.styles[name, number_format] = self.book.add_format(properties)
        return self.styles[name, number_format]

    def _sheet(self, name: str, title: str, widths: Sequence[int]) -> _Sheet:
        """A sheet with its title and, under it and on paper, the mark of the answers' origin."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.mark}&R{self.stamp.survey_year} v{self.stamp.version}, &P/&N")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        written = _Sheet(sheet, self)
        written.line(title, style="title")
        if self.mark:
            written.line(self.mark, style="mark")
        written.at += 1
        return written

    def _contents(self, names: dict[str, str]) -> None:
        sheet = self._sheet(self.say(_CONTENTS), self.say(self.report.title), (24, 110))
        facts = (
            (self.words("Vragenlijst", "Survey year"), str(self.stamp.survey_year)),
            (self.words("Versie", "Version"), str(self.stamp.version)),
            (self.words("Gemaakt op", "Made on"), self.say(self.stamp.date)),
            *self._imprint(),
            (self.words("Voorwaarden", "Terms"), self.say(terms_in_words(self.stamp.terms))),
            (self.words("Bronnen", "Sources"), "; ".join(self.say(one.title) for one in sources_of(self.origin))),
        )
        for fact in facts:
            sheet.line(*fact)
        sheet.at += 1
        sheet.line(self.words("Bladen", "Sheets"), style="heading")
        listed = [(self.say(_SYMBOLS), self.say(_HOW_TO_READ))]
        listed += [(names[table.table_id], self.say(table.title)) for table in self.report.tables]
        if self.report.texts:
            listed.append((self.say(_IN_TEXT), self.say(_NUMBERS_IN_TEXT)))
        for name, title in listed:
            sheet.link(0, name, name)
            sheet.text(1, title, "text")
            sheet.at += 1

    def _imprint(self) -> Iterator[tuple[str, str]]:
        if imprint := self.stamp.imprint:
            if imprint.status:
                yield self.words("Status", "Status"), self.say(imprint.status)
            yield self.words("Uitgever", "Publisher"), self.say(imprint.publisher)
            yield self.words("Vragen", "Questions"), imprint.contact
            yield self.words("Citeer als", "Cite as"), self.say(imprint.citation)
            if imprint.next_release:
                yield self.words("Volgende uitgave", "Next release"), self.say(imprint.next_release)

    def _signs(self) -> None:
        sheet = self._sheet(self.say(_SYMBOLS), self.say(_HOW_TO_READ), (12, 110))
        for symbol in self.symbols:
            sheet.line(self.say(symbol.symbol), self.say(symbol.meaning), style="wrapped")
        sheet.at += 1
        sheet.line(self.words("Opslag", "Storage"), self.say(_STORED), style="wrapped", skip=1)
        self._way_back(sheet)

    def _table(self, table: ReportTable, name: str) -> None:
        width = max([len(table.columns), *(2 + len(breakdown.categories) for breakdown in table.breakdowns)])
        sheet = self._sheet(name, f"{self.say(table.label)}  {self.say(table.title)}", (48, *(16,) * width))
        self._header(sheet, table)
        for row in table.rows:
            sheet.text(0, self.say(row.label), "label")
            for column_no, column in enumerate(table.columns, start=1):
                if cell := table.cells.get((row.key, column.key)):
                    sheet.number(column_no, cell)
            sheet.at += 1
        sheet.at += 1
        for line in self._under(table):
            sheet.line(line, style="small")
        sheet.at += 1
        self._by_category(sheet, table)
        self._way_back(sheet)

    def _header(self, sheet: _Sheet, table: ReportTable) -> None:
        """The columns' labels; where columns share one, it appears once, over the kinds of number below it."""
        if table.has_grouped_columns:
            column_no = 1
            for group in table.column_groups:
                sheet.text(column_no, self.say(group.label), "heading")
                column_no += len(group.members)
            sheet.at += 1
        sheet.text(0, self.say(table.row_heading), "rows")
        sheet.line(*self._column_labels(table), style="column", start=1)

    def _column_labels(self, table: ReportTable) -> Iterator[str]:
        for group in table.column_groups:
            for column in group.members:
                is_shared = len(group.members) > 1
                yield self.say(column.kind_of_number if is_shared else column.label)

    def _under(self, table: ReportTable) -> Iterator[str]:
        heads = (
            ("", table.base),
            (self.words("Noot: ", "Note: "), table.note),
            (self.words("Vergelijkbaarheid: ", "Comparability: "), table.comparability),
            (self.words("Bron: ", "Source: "), table.source),
        )
        for head, text in heads:
            if self.say(text):
                yield head + self.say(text)

    def _by_category(self, sheet: _Sheet, table: ReportTable) -> None:
        """For each breakdown a block: a line for every cell, beside its total the number in each category."""
        for breakdown in table.breakdowns:
            sheet.line(self.words("Uitsplitsing: ", "Breakdown: ") + self.say(breakdown.label), style="heading")
            sheet.text(0, self.say(table.row_heading), "rows")
            sheet.text(1, "", "rows")
            labels = (self.say(category.label) for category in breakdown.categories)
            sheet.line(self.words("Totaal", "Total"), *labels, style="column", start=2)
            for row, cells in table.broken_down():
                for cell in cells:
                    sheet.text(0, self.say(row.label), "label")
                    sheet.text(1, self._column_in_full(table, cell.column), "label")
                    sheet.number(2, cell)
                    for column_no, category in enumerate(breakdown.categories, start=3):
                        sheet.number(column_no, table.within(cell, breakdown, category))
                    sheet.at += 1
            sheet.at += 1

    def _column_in_full(self, table: ReportTable, column: Heading) -> str:
        """A column's label, with the kind of number where it shares its label with another."""
        label = self.say(column.label)
        return f"{label} ({self.say(column.kind_of_number)})" if column.key in table.ambiguous_columns else label

    def _texts(self) -> None:
        sheet = self._sheet(self.say(_IN_TEXT), self.say(_NUMBERS_IN_TEXT), (24, 70, 32, 14, 14))
        heads = (("Plaats", "Place"), ("Uitspraak", "Statement"), ("Groep", "Group"), ("Soort", "Kind"))
        for column_no, head in enumerate(heads):
            sheet.text(column_no, self.words(*head), "rows")
        sheet.line(self.words("Waarde", "Value"), style="column", start=4)
        for table in self.report.texts:
            for cell in table.cells.values():
                texts = (table.label, cell.row.label, cell.column.label, cell.kind_of_number)
                for column_no, text in enumerate(texts):
                    sheet.text(column_no, self.say(text), "label")
                sheet.number(4, cell)
                sheet.at += 1
        for table in self.report.texts:
            sheet.at += 1
            sheet.text(0, self.say(table.label), "heading")
            for under in self._under(table):
                sheet.line(under, style="small", start=1)
        sheet.at += 1
        self._way_back(sheet)

    def _way_back(self, sheet: _Sheet) -> None:
        sheet.link(0, self.say(_CONTENTS), self.words("Terug naar de inhoud", "Back to the contents"))
