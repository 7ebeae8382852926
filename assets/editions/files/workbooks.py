"""The workbooks of an edition: an Excel file for each report and language.

Belongs here: which sheets there are, and how a table lies on its sheet. Does not belong here: the numbers and their
rounding (dbt), looks (``sheets.py``), how symbols are explained (``symbols.py``).

A sheet has one table, marked as one; each breakdown has a sheet of its own. A cell holds the number **as printed**, so
rounded: 48% is the number 0.48 with the format 0%. The warehouse rounds it, so that a workbook cannot round otherwise
than the page; unrounded numbers are in the CSV files. Text is always written as text: no formula, link or number is
ever made from it. The same edition gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import Language, Text, text_of
from assets.editions.content.mark import mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Breakdown, Content, Heading, Number, Record, Report, ReportTable
from assets.editions.content.terms import sources_of, terms_in_words
from assets.editions.files.sheets import NEVER_FROM_TEXT, Sheet, Styles, add_sheet, describe, say

if TYPE_CHECKING:
    from xlsxwriter import Workbook

WORKBOOKS = "workbooks"
_CONTENTS = Text("Inhoud", "Contents")
_SYMBOLS = Text("Verklaring van tekens", "Symbols")
_HOW_TO_READ = Text("Hoe de getallen te lezen zijn", "How to read the numbers")
_IN_TEXT = Text("In de tekst", "In the text")
_NUMBERS_IN_TEXT = Text("De cijfers in de lopende tekst", "Numbers in the running text")
_BROKEN_DOWN = Text("uitgesplitst naar", "broken down by")
_AT_ODDS = Text("In druk", "In print")
_TOTAL = Text("Totaal", "Total")
_BASES = {"n_municipalities": Text("n", "n"), "n_unknown": Text("onbekend", "unknown")}
_STORED = Text(
    "Elke cel bevat het getal zoals het is afgedrukt, dus afgerond: 48% is het getal 0,48 met de opmaak 0%. De"
    " onafgeronde getallen, tellers en noemers staan in de CSV-bestanden van deze editie.",
    "Each cell holds the number as printed, so rounded: 48% is the number 0.48 with the format 0%. The unrounded "
    "numbers, numerators and denominators are in the CSV files of this edition.",
)
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_LABEL, _COLUMN, _NUMBER, _BASE, _REMARK, _WIDE = 48, 26, 16, 11, 44, 110
_IN_ODDS = ("misprint", "differs")
Print = Mapping[tuple[str, str, str, str], Sequence[Record]]


def workbook_path(report: str, language: Language) -> str:
    """``workbooks/<report>_nl.xlsx`` in Dutch, ``workbooks/<report>_en.xlsx`` in English."""
    return f"{WORKBOOKS}/{report}_{language}.xlsx"


def write_workbooks(content: Content, stamp: Stamp, folder: Path) -> None:
    """A workbook for each report and language, dated as the edition is."""
    (folder / WORKBOOKS).mkdir(exist_ok=True)
    at_odds = at_odds_with_print(content)
    for report in content.reports:
        for language in ("nl", "en"):
            writer = _Writer(report, content, stamp, language, at_odds)
            writer.write(folder / workbook_path(report.key, language))


def at_odds_with_print(content: Content) -> Print:
    """The printed figures that the data do not give, by the cell that they are of."""
    found: dict[tuple[str, str, str, str], list[Record]] = {}
    for record in content.reconciliation.records():
        if record["status"] in _IN_ODDS and record["table_id"]:
            key = (record["report"], record["table_id"], record["row_key"], record["column_key"])
            found.setdefault(key, []).append(record)
    return found


def sheet_names(tables: Sequence[ReportTable], language: Language) -> dict[str, str]:
    """A sheet's name for each table id, and for ``<table id>/<breakdown>``: its place in the report, as Excel allows it
    and no two the same."""
    taken = {getattr(name, language).lower() for name in (_CONTENTS, _SYMBOLS, _IN_TEXT)} | {"history"}
    names: dict[str, str] = {}
    for key, wanted in _wanted_names(tables, language):
        name, count = wanted[:_LONGEST_NAME].strip(), 1
        while name.lower() in taken:
            count += 1
            name = f"{wanted[: _LONGEST_NAME - len(str(count)) - 3].strip()} ({count})"
        taken.add(name.lower())
        names[key] = name
    return names


def _wanted_names(tables: Sequence[ReportTable], language: Language) -> Iterator[tuple[str, str]]:
    for table in tables:
        place = _NOT_IN_A_NAME.sub(" ", say(table.label, language)).strip() or table.table_id
        yield table.table_id, place
        for one in table.breakdowns:
            yield f"{table.table_id}/{one.key}", f"{place} {_NOT_IN_A_NAME.sub(' ', say(one.label, language))}"


@dataclass(slots=True)
class _Writer:
    """Writes one workbook."""

    report: Report
    content: Content
    stamp: Stamp
    language: Language
    at_odds: Print
    book: Workbook = field(init=False)
    styles: Styles = field(init=False)

    def write(self, path: Path) -> None:
        from xlsxwriter import Workbook

        with Workbook(str(path), {**NEVER_FROM_TEXT, "in_memory": True}) as self.book:
            self.styles = Styles(self.book)
            self._set_properties()
            names = sheet_names(self.report.tables, self.language)
            self._contents(names)
            self._signs()
            for table in self.report.tables:
                self._table(table, names[table.table_id])
                for breakdown in table.breakdowns:
                    self._by_category(table, breakdown, names[f"{table.table_id}/{breakdown.key}"])
            if self.report.texts:
                self._texts()

    def _set_properties(self) -> None:
        imprint = self.stamp.imprint
        describe(
            self.book,
            self.language,
            title=self.say(self.report.title),
            subject=f"LEA/vve-monitor {self.stamp.survey_year}, v{self.stamp.version}",
            comments=self.mark,
            created=self.stamp.created_at.replace(tzinfo=None),
            **({"author": self.say(imprint.publisher)} if imprint else {}),
        )

    @property
    def mark(self) -> str:
        return self.say(mark_of(self.content.origin) or Text("", ""))

    def say(self, text: Text) -> str:
        return say(text, self.language)

    def words(self, nl: str, en: str) -> str:
        return self.say(Text(nl, en))

    def _sheet(self, name: str, title: str, widths: Sequence[float], kept: int = 1) -> Sheet:
        """A sheet with its title and, under it and on paper, the mark of the answers' origin."""
        footer = f"&L{self.mark}&R{self.stamp.survey_year} v{self.stamp.version}, &P/&N"
        written = add_sheet(self.styles, name, self.language, widths, footer=footer, kept=kept)
        written.across(title, "title")
        if self.mark:
            written.across(self.mark, "mark")
        written.next()
        return written

    def _contents(self, names: dict[str, str]) -> None:
        sheet = self._sheet(self.say(_CONTENTS), self.say(self.report.title), (32, _WIDE))
        facts = (
            (self.words("Vragenlijst", "Survey year"), str(self.stamp.survey_year)),
            (self.words("Versie", "Version"), str(self.stamp.version)),
            (self.words("Gemaakt op", "Made on"), self.say(self.stamp.date)),
            *self._imprint(),
            (self.words("Voorwaarden", "Terms"), self.say(terms_in_words(self.stamp.terms))),
            (
                self.words("Bronnen", "Sources"),
                "; ".join(self.say(one.title) for one in sources_of(self.content.origin)),
            ),
        )
        for fact in facts:
            sheet.line(*fact, style="wrapped")
        sheet.next()
        sheet.line(self.words("Bladen", "Sheets"), style="heading")
        for name, title in self._listed(names):
            sheet.link(0, name, name)
            sheet.text(1, title, "wrapped")
            sheet.next()

    def _listed(self, names: dict[str, str]) -> Iterator[tuple[str, str]]:
        """The other sheets with what is on them."""
        yield self.say(_SYMBOLS), self.say(_HOW_TO_READ)
        for table in self.report.tables:
            yield names[table.table_id], self.say(table.title)
            for one in table.breakdowns:
                yield names[f"{table.table_id}/{one.key}"], f"{self.say(table.title)}, {self._by(one)}"
        if self.report.texts:
            yield self.say(_IN_TEXT), self.say(_NUMBERS_IN_TEXT)

    def _by(self, breakdown: Breakdown) -> str:
        return f"{self.say(_BROKEN_DOWN)} {self.say(breakdown.label).lower()}"

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
        sheet = self._sheet(self.say(_SYMBOLS), self.say(_HOW_TO_READ), (12, _WIDE))
        for symbol in self.content.symbols:
            sheet.line(self.say(symbol.symbol), self.say(symbol.meaning), style="wrapped")
        sheet.next()
        sheet.line(self.words("Opslag", "Storage"), self.say(_STORED), style="wrapped", skip=1)
        self._way_back(sheet)

    def _table(self, table: ReportTable, name: str) -> None:
        """The table as printed; beside a row whose figure print has otherwise, what print says and why."""
        printed = {row.key: self._in_print(table, row) for row in table.rows}
        has_print = any(printed.values())
        widths = (_LABEL, *[_NUMBER] * len(table.columns), *[_REMARK] * has_print)
        sheet = self._sheet(name, self._title_of(table), widths)
        heads = [self._row_heading(table), *(self._column_in_full(table, column) for column in table.columns)]
        heads += [self.say(_AT_ODDS)] * has_print
        first, numbers = sheet.at, range(1, 1 + len(table.columns))
        sheet.header(heads, numbers)
        for row in table.rows:
            sheet.text(0, self.say(row.label), "label")
            for column_no, column in enumerate(table.columns, start=1):
                if cell := table.cells.get((row.key, column.key)):
                    sheet.number(column_no, cell)
            if has_print:
                sheet.text(len(heads) - 1, printed[row.key], "remark")
            sheet.next()
        sheet.mark_table(f"{table.report}_{table.table_id}", first, heads, numbers)
        self._close(sheet, table)

    def _in_print(self, table: ReportTable, row: Heading) -> str:
        """What print has at odds with the figures of a row: the printed number, and the arithmetic."""
        statuses, lines = self.content.labels.get("reconciliation", {}), []
        for column in table.columns:
            for one in self.at_odds.get((table.report, table.table_id, row.key, column.key), ()):
                kind = self.say(statuses.get(one["status"], Text(one["status"], one["status"]))).capitalize()
                what = ", ".join(filter(None, (kind, self._column_in_full(table, column))))
                sign = "%" if one["printed_as"] == "percent" else ""
                lines.append(f"{what}: {one['printed']}{sign}. {self.say(text_of(one, 'reason'))}".strip())
        return "\n".join(lines)

    def _title_of(self, table: ReportTable) -> str:
        return f"{self.say(table.label)}  {self.say(table.title)}"

    def _row_heading(self, table: ReportTable) -> str:
        return self.say(table.row_heading) or self.words("Rij", "Row")

    def _close(self, sheet: Sheet, table: ReportTable) -> None:
        sheet.next()
        for line in self._under(table):
            sheet.across(line, "small")
        sheet.next()
        self._way_back(sheet)

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

    def _by_category(self, table: ReportTable, breakdown: Breakdown, name: str) -> None:
        """A line for every cell: its number in total and in each category, with n and unknown: in the head of the
        column where they are the same in all lines, else in columns of their own."""
        lines = [(row, cell) for row, cells in table.broken_down() for cell in cells]
        groups: list[tuple[Text, list[Number]]] = [(_TOTAL, [cell for _, cell in lines])]
        for category in breakdown.categories:
            groups.append((category.label, [table.within(cell, breakdown, category) for _, cell in lines]))
        heads, columns = [self._row_heading(table), self.words("Kolom", "Column")], []
        widths = [_LABEL, _COLUMN]
        for label, numbers in groups:
            own = [base for base in _BASES if len({getattr(one, base) for one in numbers}) > 1]
            heads += [
                self._head(label, numbers, own),
                *(f"{self.say(label)}, {self.say(_BASES[base])}" for base in own),
            ]
            columns.append((numbers, own))
            widths += [_NUMBER, *[_BASE] * len(own)]
        sheet = self._sheet(name, f"{self._title_of(table)}, {self._by(breakdown)}", widths, kept=2)
        first, over_numbers = sheet.at, range(2, len(heads))
        sheet.header(heads, over_numbers)
        for no, (row, cell) in enumerate(lines):
            sheet.text(0, self.say(row.label), "label")
            sheet.text(1, self._column_in_full(table, cell.column), "label")
            at = 2
            for numbers, own in columns:
                sheet.number(at, numbers[no])
                for place, base in enumerate(own, start=1):
                    sheet.count(at + place, getattr(numbers[no], base))
                at += 1 + len(own)
            sheet.next()
        sheet.mark_table(f"{table.report}_{table.table_id}_{breakdown.key}", first, heads, over_numbers)
        self._close(sheet, table)

    def _head(self, label: Text, numbers: Sequence[Number], own: Sequence[str]) -> str:
        """A label, and in brackets what its numbers all rest on; nothing that is withheld or in a column of its own."""
        same = {base: getattr(numbers[0], base) for base in _BASES if numbers and base not in own}
        bases = ", ".join(f"{self.say(_BASES[base])} = {count}" for base, count in same.items() if count is not None)
        return f"{self.say(label)} ({bases})" if bases else self.say(label)

    def _column_in_full(self, table: ReportTable, column: Heading) -> str:
        """A column's label, with the kind of number where it shares its label with another."""
        label = self.say(column.label)
        return f"{label} ({self.say(column.kind_of_number)})" if column.key in table.ambiguous_columns else label

    def _texts(self) -> None:
        sheet = self._sheet(self.say(_IN_TEXT), self.say(_NUMBERS_IN_TEXT), (24, 56, 26, 12, 12, _REMARK))
        heads = [
            self.words(*head)
            for head in (
                ("Plaats", "Place"),
                ("Uitspraak", "Statement"),
                ("Groep", "Group"),
                ("Soort", "Kind"),
                ("Waarde", "Value"),
                _AT_ODDS,
            )
        ]
        first, numbers = sheet.at, range(4, 5)
        sheet.header(heads, numbers)
        for table in self.report.texts:
            printed = {row.key: self._in_print(table, row) for row in table.rows}
            for cell in table.cells.values():
                texts = (table.label, cell.row.label, cell.column.label, cell.kind_of_number)
                for column_no, text in enumerate(texts):
                    sheet.text(column_no, self.say(text), "label")
                sheet.number(4, cell)
                sheet.text(5, printed[cell.row.key], "remark")
                sheet.next()
        sheet.mark_table(f"{self.report.key}_in_text", first, heads, numbers)
        for table in self.report.texts:
            sheet.next()
            sheet.line(self.say(table.label), style="heading")
            for under in self._under(table):
                sheet.across(under, "small")
        sheet.next()
        self._way_back(sheet)

    def _way_back(self, sheet: Sheet) -> None:
        sheet.link(0, self.say(_CONTENTS), self.words("Terug naar de inhoud", "Back to the contents"))
