"""What an edition shows: the tables, figures and text numbers of the reports, as read from the warehouse.

Belongs here: reading ``rpt_tables``, ``rpt_cells``, ``rpt_cell_breakdowns`` with ``dim_category``, and
``rpt_reconciliation`` into typed tables, and the sentences that follow from their numbers (the base). Does not belong
here: computing a figure (dbt does that), writing a file (the modules beside this one).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import duckdb

from assets.editions.mark import Origin, Text, origin_of
from assets.errors import BadInput

SLUG = re.compile(r"[a-z][a-z0-9_]*")
BREAKDOWNS_SUFFIX = "_breakdowns"
# The sub-heading of a column that shares its heading with the column beside it: which kind of number stands in it.
KINDS_OF_NUMBER = {
    "count": Text("aantal", "number"),
    "percent": Text("%", "%"),
    "mean": Text("gemiddelde", "mean"),
    "min": Text("laagste", "lowest"),
    "max": Text("hoogste", "highest"),
    "score": Text("score", "score"),
    "base": Text("n", "n"),
}
# In the order of the report. A left join keeps what has no table, so that it can be refused by name.
_CELLS = """
select c.* from {schema}.rpt_cells as c
left join {schema}.rpt_tables as t on c.report = t.report and c.table_id = t.table_id
order by c.report, t.position, c.table_id, c.row_no, c.column_no"""
_CATEGORY_CELLS = """
select b.* from {schema}.rpt_cell_breakdowns as b
left join {schema}.rpt_tables as t on b.report = t.report and b.table_id = t.table_id
left join {schema}.rpt_cells as c
    on b.report = c.report and b.table_id = c.table_id and b.row_key = c.row_key and b.column_key = c.column_key
order by b.report, t.position, b.table_id, c.row_no, c.column_no, b.breakdown, b.category_no, b.category"""
NO_NUMBER = Text("–", "–")
_REMEDY = "Mend the report catalogue in data/reports and run the warehouse again."


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or a column of a table. ``reference_year`` is set where all its cells are of one reference year, and
    ``printed_as`` (count, percent, mean, …) where all its cells print one kind of number."""

    key: str
    label: Text
    reference_year: int | None
    printed_as: str | None = None

    @property
    def kind_of_number(self) -> Text:
        return KINDS_OF_NUMBER.get(self.printed_as or "", Text("", ""))


class Group(NamedTuple):
    """Headings beside each other with one label: printed once, over (or before) all of them."""

    label: Text
    members: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One published number: its exact ``value`` in ``unit`` (percent: 0 to 100), how it is printed, what it rests on.

    ``numerator`` and ``denominator`` are None where the number is not their quotient.
    """

    row: Heading
    column: Heading
    measure: str
    survey_year: int | None
    reference_year: int | None
    numerator: int | None
    denominator: int | None
    value: float | None
    unit: str
    decimals: int
    printed: Text
    n_municipalities: int | None


@dataclass(frozen=True, slots=True)
class CategoryCell:
    """The number of a cell within one category; its unit and decimals are those of the cell."""

    numerator: int | None
    denominator: int | None
    value: float | None
    printed: Text
    n_municipalities: int | None


class Category(NamedTuple):
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

    ``label`` is its place in the report. ``cells`` by (row key, column key); a combination may be absent. ``row_heading``
    heads the column of row labels; it may be empty. ``breakdowns`` are those that its cells are broken down by, and
    ``by_category`` their numbers by (row key, column key, breakdown, category).
    """

    report: str
    table_id: str
    kind: str
    label: Text
    title: Text
    source: Text
    note: Text
    comparability: Text
    row_heading: Text
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    cells: Mapping[tuple[str, str], Cell]
    breakdowns: tuple[Breakdown, ...]
    by_category: Mapping[tuple[str, str, str, str], CategoryCell]

    def printed_within(self, cell: Cell, breakdown: Breakdown, category: Category) -> Text:
        """A cell's number within a category; – where none of its municipalities is in the category."""
        number = self.by_category.get((cell.row.key, cell.column.key, breakdown.key, category.key))
        return number.printed if number else NO_NUMBER

    @property
    def anchor(self) -> str:
        """Its id on a page: two reports may share a table id."""
        return f"{self.report}-{self.table_id}"

    @property
    def csv_path(self) -> str:
        return f"tables/{self.report}/{self.table_id}.csv"

    @property
    def breakdowns_path(self) -> str:
        return f"tables/{self.report}/{self.table_id}{BREAKDOWNS_SUFFIX}.csv"

    @property
    def column_groups(self) -> tuple[Group, ...]:
        return _groups(self.columns)

    @property
    def row_groups(self) -> tuple[Group, ...]:
        return _groups(self.rows)

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
        """The municipalities behind the cells: one number, or the span of them."""
        counts = sorted({cell.n_municipalities for cell in self.cells.values() if cell.n_municipalities})
        if not counts:
            return Text("", "")
        if len(counts) == 1:
            return Text(f"n = {counts[0]} gemeenten", f"n = {counts[0]} municipalities")
        return Text(
            f"n = {counts[0]} tot {counts[-1]} gemeenten, verschillend per cel",
            f"n = {counts[0]} to {counts[-1]} municipalities, differing by cell",
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
    """A report with its tables and figures, and the numbers in its running text, each in the report's order."""

    key: str
    title: Text
    tables: tuple[ReportTable, ...]
    texts: tuple[ReportTable, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of the warehouse as it stands."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Content:
    """All that an edition shows. ``cells`` and ``category_cells`` are ``rpt_cells`` and ``rpt_cell_breakdowns`` as they
    stand, in report order; ``reconciliation`` is ``rpt_reconciliation``, without rows where no report was printed."""

    reports: tuple[Report, ...]
    cells: Rows
    category_cells: Rows
    reconciliation: Rows
    origin: Origin

    @property
    def tables(self) -> tuple[ReportTable, ...]:
        """Everything that is published, report by report: tables and figures, then text."""
        return tuple(table for report in self.reports for table in (*report.tables, *report.texts))


def read_content(connection: duckdb.DuckDBPyConnection, schema: str) -> Content:
    """Read what is published from ``schema`` (columns as the contracts of the models state).

    Raises BadInput where there is nothing to publish, where a table has no cells, cells have no table or numbers by
    category have no cell or category, where a report or table id cannot name a file, or where a cell stands twice.
    """
    tables = _rows(connection, f"from {schema}.rpt_tables order by report, position, table_id").records()
    cells = _rows(connection, _CELLS.format(schema=schema))
    by_category = _rows(connection, _CATEGORY_CELLS.format(schema=schema))
    categories = _rows(connection, f"from {schema}.dim_category order by breakdown, category_no, category").records()
    cell_records, category_records = cells.records(), by_category.records()
    _check(tables, cell_records)
    _check_categories(cell_records, category_records, categories)
    cells_of = _grouped(cell_records)
    categories_of = _grouped(category_records)
    read = [
        (table, _table(table, cells_of[key], categories_of.get(key, []), categories))
        for table in tables
        for key in [(table["report"], table["table_id"])]
    ]
    return Content(
        reports=tuple(_report(report, list(of_report)) for report, of_report in groupby(read, lambda t: t[1].report)),
        cells=cells,
        category_cells=by_category,
        reconciliation=_reconciliation(connection, schema),
        origin=origin_of(cell["origin"] for cell in cell_records),
    )


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    result = connection.execute(query)
    return Rows(tuple(column[0] for column in result.description or ()), tuple(result.fetchall()))


def _reconciliation(connection: duckdb.DuckDBPyConnection, schema: str) -> Rows:
    """No rows, and no columns, where the warehouse has no such table: a survey year need not have a printed report."""
    try:
        return _rows(connection, f"from {schema}.rpt_reconciliation order by figure_no")
    except duckdb.CatalogException:
        return Rows((), ())


def _grouped(records: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    by_table: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in records:
        by_table.setdefault((record["report"], record["table_id"]), []).append(record)
    return by_table


def _check(tables: list[dict[str, Any]], cells: list[dict[str, Any]]) -> None:
    if not tables or not cells:
        raise BadInput("There is nothing to publish.", "warehouse, rpt_tables and rpt_cells", _REMEDY)
    keys = [(table["report"], table["table_id"]) for table in tables]
    unusable = sorted({"/".join(key) for key in keys if not _names_files(*key) or keys.count(key) > 1})
    if unusable:
        raise BadInput(
            "A report and a table id must be unique and made of a-z, 0-9 and _ (they name a folder and a file, and"
            f" {BREAKDOWNS_SUFFIX} at the end names another): {', '.join(unusable)}.",
            "warehouse, rpt_tables, columns report and table_id",
            _REMEDY,
        )
    loose = sorted("/".join(key) for key in set(keys) ^ {(cell["report"], cell["table_id"]) for cell in cells})
    if loose:
        raise BadInput(f"Tables and cells do not belong together: {', '.join(loose)}.", "warehouse, rpt_cells", _REMEDY)
    seen: set[tuple[str, ...]] = set()
    for cell in cells:
        key = _cell_key(cell)
        if key in seen:
            raise BadInput(f"A cell stands twice: {' / '.join(key)}.", "warehouse, rpt_cells", _REMEDY)
        seen.add(key)


def _names_files(report: str, table_id: str) -> bool:
    names = (report, table_id)
    return all(SLUG.fullmatch(name) for name in names) and not table_id.endswith(BREAKDOWNS_SUFFIX)


def _check_categories(
    cells: list[dict[str, Any]], by_category: list[dict[str, Any]], categories: list[dict[str, Any]]
) -> None:
    where = "warehouse, rpt_cell_breakdowns"
    of_cells = {_cell_key(cell) for cell in cells}
    known = {(category["breakdown"], category["category"]) for category in categories}
    seen: set[tuple[str, ...]] = set()
    for record in by_category:
        key, category = _cell_key(record), (record["breakdown"], record["category"])
        if key not in of_cells:
            raise BadInput(f"A number by category has no cell: {' / '.join(key)}.", where, _REMEDY)
        if category not in known:
            raise BadInput(f"A category has no label in dim_category: {' / '.join(category)}.", where, _REMEDY)
        if (*key, *category) in seen:
            raise BadInput(f"A number by category stands twice: {' / '.join((*key, *category))}.", where, _REMEDY)
        seen.add((*key, *category))


def _cell_key(record: dict[str, Any]) -> tuple[str, ...]:
    return (record["report"], record["table_id"], record["row_key"], record["column_key"])


def _report(report: str, read: list[tuple[dict[str, Any], ReportTable]]) -> Report:
    return Report(
        key=report,
        title=_text(read[0][0], "report_title"),
        tables=tuple(table for _, table in read if table.kind != "text"),
        texts=tuple(table for _, table in read if table.kind == "text"),
    )


def _table(
    table: dict[str, Any],
    cells: list[dict[str, Any]],
    by_category: list[dict[str, Any]],
    categories: list[dict[str, Any]],
) -> ReportTable:
    rows, columns = _headings(cells, "row"), _headings(cells, "column")
    label = _text(table, "place")
    read = {
        (cell["row_key"], cell["column_key"]): _cell(cell, rows[cell["row_key"]], columns[cell["column_key"]])
        for cell in cells
    }
    return ReportTable(
        report=table["report"],
        table_id=table["table_id"],
        kind=table["kind"],
        label=label,
        title=Text(*(_without_label(table[f"title_{lang}"], getattr(label, lang)) for lang in Text._fields)),
        source=_text(table, "source"),
        note=_text(table, "note"),
        comparability=_text(table, "comparability"),
        row_heading=_text(table, "row_heading"),
        rows=tuple(rows.values()),
        columns=tuple(columns.values()),
        cells=read,
        breakdowns=_breakdowns(categories, {(record["breakdown"], record["category"]) for record in by_category}),
        by_category={
            (record["row_key"], record["column_key"], record["breakdown"], record["category"]): _category_cell(
                record, read[record["row_key"], record["column_key"]]
            )
            for record in by_category
        },
    )


def _headings(cells: list[dict[str, Any]], axis: str) -> dict[str, Heading]:
    by_key: dict[str, list[dict[str, Any]]] = {}
    for cell in sorted(cells, key=lambda cell: cell[f"{axis}_no"]):
        by_key.setdefault(cell[f"{axis}_key"], []).append(cell)
    return {
        key: Heading(key, _text(own[0], f"{axis}_label"), _if_one(own, "reference_year"), _if_one(own, "printed_as"))
        for key, own in by_key.items()
    }


def _if_one(records: list[dict[str, Any]], name: str) -> Any:
    found = {record[name] for record in records}
    return found.pop() if len(found) == 1 else None


def _groups(headings: Sequence[Heading]) -> tuple[Group, ...]:
    return tuple(Group(label, tuple(members)) for label, members in groupby(headings, lambda heading: heading.label))


def _breakdowns(categories: list[dict[str, Any]], used: set[tuple[str, str]]) -> tuple[Breakdown, ...]:
    """The breakdowns with the categories that are used: one in which no cell has a municipality is left out."""
    shown = [category for category in categories if (category["breakdown"], category["category"]) in used]
    return tuple(
        Breakdown(breakdown, label, tuple(Category(record["category"], _text(record, "label")) for record in own))
        for (breakdown, label), own in groupby(shown, lambda c: (c["breakdown"], _text(c, "breakdown_label")))
    )


def _cell(cell: dict[str, Any], row: Heading, column: Heading) -> Cell:
    is_quotient = cell["statistic"] == "value" and cell["denominator"] is not None
    return Cell(
        row=row,
        column=column,
        measure=cell["measure"],
        survey_year=cell["survey_year"],
        reference_year=cell["reference_year"],
        numerator=cell["numerator"] if is_quotient else None,
        denominator=cell["denominator"] if is_quotient else None,
        value=_in_unit(cell["value"], cell["unit"]),
        unit=cell["unit"],
        decimals=cell["decimals"],
        printed=_text(cell, "value_text"),
        n_municipalities=cell["n_municipalities"],
    )


def _category_cell(record: dict[str, Any], cell: Cell) -> CategoryCell:
    is_quotient = cell.denominator is not None
    return CategoryCell(
        numerator=record["numerator"] if is_quotient else None,
        denominator=record["denominator"] if is_quotient else None,
        value=_in_unit(record["value"], cell.unit),
        printed=_text(record, "value_text"),
        n_municipalities=record["n_municipalities"],
    )


def _in_unit(value: float | None, unit: str) -> float | None:
    """The warehouse keeps shares between 0 and 1; a reader of ``percent`` expects 0 to 100."""
    return round(value * 100, 10) if value is not None and unit == "percent" else value


def _text(record: dict[str, Any], name: str) -> Text:
    return Text(record[f"{name}_nl"] or "", record[f"{name}_en"] or "")


def _without_label(title: str, label: str) -> str:
    return re.sub(rf"^{re.escape(label)}\s*[:.–-]?\s+", "", title or "", flags=re.IGNORECASE)
