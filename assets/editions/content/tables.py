"""What an edition shows: the tables, figures and text numbers of the reports.

Belongs here: their typed form, and what follows from their numbers for every way of showing them (the base, which
headings
are said once). Does not belong here: reading them (``reading.py``), computing a figure (dbt does that), writing a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, NamedTuple

from assets.base.texts import Text
from assets.editions.content.mark import Origin
from assets.editions.content.symbols import SYMBOLS, Symbol

NO_NUMBER = Text("–", "–")
_APART, _NO_LABEL = " – ", Text("", "")
Record = dict[str, Any]
Labels = Mapping[str, Mapping[str, Text]]


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or a column of a table. ``reference_year`` is set where all its cells are of one reference year, and
    ``kind_of_number`` (number, %, mean, …) has words where all its cells print one kind."""

    key: str
    label: Text
    reference_year: int | None
    kind_of_number: Text


class ColumnGroup(NamedTuple):
    """Columns beside each other with one label: it is printed once, over all of them."""

    label: Text
    members: tuple[Heading, ...]


class RowGroup(NamedTuple):
    """Rows under each other with one heading, which is printed once, beside all of them; it may be empty."""

    label: Text
    members: tuple[Heading, ...]


class SeriesLine(NamedTuple):
    """A number of a table over the years: what it is, and its row of ``rpt_series`` by survey year."""

    label: Text
    years: Mapping[int, Record]


class Statement(NamedTuple):
    """The numbers of one statement in running text, such as a count and its percentage, or those of several groups."""

    label: Text
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """One published number: its exact ``value`` in ``unit`` (a share is between 0 and 1), how it is printed, the number
    that is printed (of 48%: 0.48), what it rests on, and of how many of those it is unknown whether they count.

    ``numerator`` and ``denominator`` are None where the number is not their quotient. Of a number that is withheld all
    but unit and decimals is None, and ``printed`` the sign; ``n_unknown`` is public nationally only.
    """

    numerator: int | None
    denominator: int | None
    value: float | None
    rounded: float | None
    unit: str
    decimals: int
    printed: Text
    n_municipalities: int | None
    n_unknown: int | None

    @property
    def on_scale(self) -> float | None:
        """The value on the scale of its picture: of a share its percentage."""
        return self.value if self.value is None or self.unit != "share" else round(self.value * 100, 10)


@dataclass(frozen=True, slots=True)
class Cell(Number):
    """A number in its place. ``row`` and ``column`` bear the cell's own labels: in text, cells of one column speak of
    different groups."""

    row: Heading
    column: Heading
    printed_as: str
    measure: str
    survey_year: int | None
    reference_year: int | None

    @property
    def kind_of_number(self) -> Text:
        """Which kind of number it is, as the row says it."""
        return self.row.kind_of_number


_NOBODY = Number(None, None, None, None, "", 0, NO_NUMBER, None, 0)


class Category(NamedTuple):
    """A category of a breakdown, with its label."""

    key: str
    label: Text


class Breakdown(NamedTuple):
    """A division of the municipalities, such as urbanisation, with its categories in their order."""

    key: str
    label: Text
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table or figure of a report, or (kind ``text``) the numbers in the running text of one section.

    ``label`` is its place in the report. ``cells`` by (row key, column key); a combination may be absent.
    ``note`` and ``source`` are those of the report; ``remark`` is what this edition adds.
    ``row_heading`` heads the column of row labels; it may be empty. ``chart``: how it is drawn, by the fields of
    ``CatalogueChart``; None where it is not. ``breakdowns`` are those that its cells are broken down by, and
    ``by_category`` their numbers by (row key, column key, breakdown, category). ``series``: the survey years side by
    side, as ``rpt_series``. ``is_of_registers``: no answer is in its numbers, only who answered.
    """

    report: str
    table_id: str
    kind: str
    label: Text
    title: Text
    source: Text
    note: Text
    comparability: Text
    remark: Text
    row_heading: Text
    chart: Mapping[str, Any] | None
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    cells: Mapping[tuple[str, str], Cell]
    breakdowns: tuple[Breakdown, ...]
    by_category: Mapping[tuple[str, str, str, str], Number]
    series: tuple[Record, ...] = ()
    is_of_registers: bool = False

    def within(self, cell: Cell, breakdown: Breakdown, category: Category) -> Number:
        """A cell's number within a category; printed – where none of its municipalities is in the category."""
        return self.by_category.get((cell.row.key, cell.column.key, breakdown.key, category.key), _NOBODY)

    @property
    def anchor(self) -> str:
        """Its id on a page: two reports may share a table id."""
        return f"{self.report}-{self.table_id}"

    @property
    def page_path(self) -> str:
        """Where the page on it is in an edition; the numbers in the text of a report share one, which no table can
        have."""
        return f"explain/{self.report}/{'in-text' if self.kind == 'text' else self.table_id}.html"

    @property
    def series_years(self) -> tuple[int, ...]:
        """The survey years of its series, in order."""
        return tuple(sorted({one["survey_year"] for one in self.series}))

    @property
    def series_lines(self) -> tuple[SeriesLine, ...]:
        """The series that are shown: the shares, where there are any."""
        shares = [one for one in self.series if one["unit"] == "share"]
        lines = groupby(shares or self.series, lambda one: (one["row_label"], one["column_label"]))
        named = [(key, {one["survey_year"]: one for one in own}) for key, own in lines]
        columns = {column for (_, column), _ in named}
        return tuple(
            SeriesLine(row if len(columns) == 1 else Text(f"{row.nl}, {column.nl}", f"{row.en}, {column.en}"), years)
            for (row, column), years in named
        )

    @property
    def series_breaks(self) -> tuple[tuple[int, Text], ...]:
        """The survey years that cannot simply be compared with the one before, and why."""
        breaks = (one for one in self.series if one["comparability"] in ("changed", "new"))
        return tuple(dict.fromkeys((one["survey_year"], one["comparability_reason"]) for one in breaks))

    @property
    def column_groups(self) -> tuple[ColumnGroup, ...]:
        """The columns by the heading that they share."""
        by_label = groupby(self.columns, lambda column: column.label)
        return tuple(ColumnGroup(label, tuple(columns)) for label, columns in by_label)

    @property
    def row_heading_parts(self) -> tuple[Text, ...]:
        """What heads the columns of row labels: two where rows have a heading of their own, ``Heading – label``."""
        if not self.row_heading.nl:
            return ()
        parts = zip(*(text.split(_APART) for text in self.row_heading), strict=True)
        return tuple(Text(*part) for part in parts)

    @property
    def row_groups(self) -> tuple[RowGroup, ...]:
        """The rows by the heading that they have of their own; all in one where they have none."""
        if len(self.row_heading_parts) < 2:
            return (RowGroup(_NO_LABEL, self.rows),)
        halves = ((row, [text.split(_APART, 1) for text in row.label]) for row in self.rows)
        named = [(Text(*(a for a, _ in both)), replace(row, label=Text(*(b for _, b in both)))) for row, both in halves]
        by_label = groupby(named, key=lambda one: one[0])
        return tuple(RowGroup(label, tuple(row for _, row in rows)) for label, rows in by_label)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The cells by the label of their row."""
        by_label = groupby(self.cells.values(), lambda cell: cell.row.label)
        return tuple(Statement(label, tuple(cells)) for label, cells in by_label)

    @property
    def speaks_of_groups(self) -> bool:
        """Whether its cells speak of groups of municipalities: those have a label of their own."""
        return any(cell.column.label.nl for cell in self.cells.values())

    @property
    def has_grouped_columns(self) -> bool:
        """Whether columns beside each other share a heading, as a count and its percentage do."""
        return len(self.column_groups) < len(self.columns)

    @property
    def ambiguous_columns(self) -> frozenset[str]:
        """The keys of the columns whose label another column has too."""
        labels = [column.label for column in self.columns]
        return frozenset(column.key for column in self.columns if labels.count(column.label) > 1)

    @property
    def base(self) -> Text:
        """The municipalities behind the cells, and how many of them are unknown: one number, or the span of them. A
        cell that rests on nobody is left out, unless all do."""
        resting = [cell for cell in self.cells.values() if cell.n_municipalities] or [*self.cells.values()]
        n = _span(cell.n_municipalities or 0 for cell in resting)
        unknown = _span(cell.n_unknown or 0 for cell in resting)
        differing = Text(", verschillend per cel", ", differing by cell") if n.nl != n.en else Text("", "")
        return Text(
            f"n = {n.nl} gemeenten{differing.nl}; onbekend: {unknown.nl}",
            f"n = {n.en} municipalities{differing.en}; unknown: {unknown.en}",
        )

    def base_of(self, breakdown: Breakdown, category: Category) -> int | None:
        """The municipalities behind all numbers of a category; None where they differ by cell."""
        place = (breakdown.key, category.key)
        counts = {cell.n_municipalities for key, cell in self.by_category.items() if key[2:] == place}
        return counts.pop() if len(counts) == 1 else None

    def broken_down(self) -> Iterator[tuple[Heading, tuple[Cell, ...]]]:
        """The rows that have numbers by category, each with its cells that have."""
        known = {key[:2] for key in self.by_category}
        for row in self.rows:
            keys = ((row.key, column.key) for column in self.columns)
            if cells := tuple(self.cells[key] for key in keys if key in known):
                yield row, cells


@dataclass(frozen=True, slots=True)
class Report:
    """A report with its tables and figures, and the numbers in its running text, each in the report's order.

    ``not_made``: what a standing report cannot give in this survey year, as ``rpt_tables_not_made``."""

    key: str
    title: Text
    tables: tuple[ReportTable, ...]
    texts: tuple[ReportTable, ...]
    not_made: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of the warehouse as it stands."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def records(self) -> list[Record]:
        """The rows by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Content:
    """All that an edition shows. ``cells`` and ``category_cells`` are ``rpt_cells`` and ``rpt_cell_breakdowns`` as they
    are, in report order; ``reconciliation`` is ``rpt_reconciliation``, without rows where no report was printed;
    ``labels`` says what codes are called, by vocabulary; ``sign`` is shown in place of a number that is withheld from
    the audience; ``carried``: the survey years whose numbers by class are those of an edition before, and which;
    ``elsewhere``: the printed reports of other editions, as ``dim_report``; ``series`` is ``rpt_series`` as it is."""

    reports: tuple[Report, ...]
    cells: Rows
    category_cells: Rows
    reconciliation: Rows
    origin: Origin
    labels: Labels = field(default_factory=dict)
    sign: Symbol | None = None
    carried: Mapping[int, str] = field(default_factory=dict)
    elsewhere: tuple[Record, ...] = ()
    series: Rows = Rows((), ())

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """How its numbers are to be read."""
        return SYMBOLS if self.sign is None else (*SYMBOLS, self.sign)

    @property
    def tables(self) -> tuple[ReportTable, ...]:
        """Everything that is published, report by report: tables and figures, then text."""
        return tuple(table for report in self.reports for table in (*report.tables, *report.texts))


def _span(counts: Iterable[int]) -> Text:
    """One number, or the lowest and the highest of several."""
    found = sorted(set(counts))
    if len(found) == 1:
        return Text(str(found[0]), str(found[0]))
    return Text(f"{found[0]} tot {found[-1]}", f"{found[0]} to {found[-1]}")
