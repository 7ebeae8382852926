"""What an edition shows: the report's tables and figures, as read from the warehouse.

Belongs here: reading ``rpt_tables`` and ``rpt_cells`` into typed tables, and the sentences that follow from their
numbers (the base). Does not belong here: computing a figure (dbt does that), writing a file (the modules beside this
one).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from assets.editions.mark import Origin, Text, origin_of
from assets.errors import BadInput

SLUG = re.compile(r"[a-z][a-z0-9_]*")
KIND_LABELS = {"table": Text("Tabel", "Table"), "figure": Text("Figuur", "Figure")}


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or a column of a table. ``reference_year`` is set where all its cells are of one reference year."""

    key: str
    label: Text
    reference_year: int | None


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
    printed: Text
    n_municipalities: int | None


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table or figure of a report. ``cells`` by (row key, column key); a combination may be absent.

    ``row_heading`` heads the column of row labels; it may be empty.
    """

    report: str
    table_id: str
    kind: str
    label: Text
    title: Text
    source: Text
    note: Text
    row_heading: Text
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    cells: Mapping[tuple[str, str], Cell]

    @property
    def base(self) -> Text:
        """The municipalities behind the cells: one number, or the span of them."""
        counts = sorted({cell.n_municipalities for cell in self.cells.values() if cell.n_municipalities is not None})
        if not counts:
            return Text("", "")
        if len(counts) == 1:
            return Text(f"n = {counts[0]} gemeenten", f"n = {counts[0]} municipalities")
        return Text(
            f"n = {counts[0]} tot {counts[-1]} gemeenten, verschillend per cel",
            f"n = {counts[0]} to {counts[-1]} municipalities, differing by cell",
        )


@dataclass(frozen=True, slots=True)
class Content:
    """All that an edition shows. ``cell_rows`` is ``rpt_cells`` as it stands, in report order."""

    tables: tuple[ReportTable, ...]
    cell_columns: tuple[str, ...]
    cell_rows: tuple[tuple[Any, ...], ...]
    origin: Origin


def read_content(connection: duckdb.DuckDBPyConnection, schema: str) -> Content:
    """Read the report's tables from ``schema`` (columns of ``rpt_tables`` and ``rpt_cells`` as their contracts state).

    Raises BadInput where there is nothing to publish, where a table has no cells or cells have no table, where a table
    id cannot name a file, or where a cell stands twice.
    """
    tables = _records(connection, f"select * from {schema}.rpt_tables order by report, position, table_id")
    cells = _records(connection, f"select * from {schema}.rpt_cells order by row_no, column_no")
    _check(tables, cells)
    positions = {table["table_id"]: position for position, table in enumerate(tables)}
    cells.sort(key=lambda cell: positions[cell["table_id"]])
    by_table: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        by_table.setdefault(cell["table_id"], []).append(cell)
    return Content(
        tables=tuple(_table(table, by_table[table["table_id"]]) for table in tables),
        cell_columns=tuple(cells[0]),
        cell_rows=tuple(tuple(cell.values()) for cell in cells),
        origin=origin_of(cell["origin"] for cell in cells),
    )


def _records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _check(tables: list[dict[str, Any]], cells: list[dict[str, Any]]) -> None:
    remedy = "Mend the report catalogue in data/reports and run the warehouse again."
    if not tables or not cells:
        raise BadInput("There is nothing to publish.", "warehouse, rpt_tables and rpt_cells", remedy)
    ids = [table["table_id"] for table in tables]
    unusable = sorted({name for name in ids if not SLUG.fullmatch(name) or ids.count(name) > 1})
    if unusable:
        what = f"A table id must be unique and made of a-z, 0-9 and _ (it names a file): {', '.join(unusable)}."
        raise BadInput(what, "warehouse, rpt_tables, column table_id", remedy)
    loose = sorted(set(ids) ^ {cell["table_id"] for cell in cells})
    if loose:
        raise BadInput(f"Tables and cells do not belong together: {', '.join(loose)}.", "warehouse, rpt_cells", remedy)
    seen: set[tuple[str, str, str]] = set()
    for cell in cells:
        key = (cell["table_id"], cell["row_key"], cell["column_key"])
        if key in seen:
            raise BadInput(f"A cell stands twice: {' / '.join(key)}.", "warehouse, rpt_cells", remedy)
        seen.add(key)


def _table(table: dict[str, Any], cells: list[dict[str, Any]]) -> ReportTable:
    rows, columns = _headings(cells, "row"), _headings(cells, "column")
    label = _label(table["table_id"], table["kind"])
    return ReportTable(
        report=table["report"],
        table_id=table["table_id"],
        kind=table["kind"],
        label=label,
        title=Text(*(_without_label(table[f"title_{lang}"], getattr(label, lang)) for lang in Text._fields)),
        source=_text(table, "source"),
        note=_text(table, "note"),
        row_heading=_text(table, "row_heading"),
        rows=tuple(rows.values()),
        columns=tuple(columns.values()),
        cells={
            (cell["row_key"], cell["column_key"]): _cell(cell, rows[cell["row_key"]], columns[cell["column_key"]])
            for cell in cells
        },
    )


def _headings(cells: list[dict[str, Any]], axis: str) -> dict[str, Heading]:
    headings: dict[str, Heading] = {}
    for cell in sorted(cells, key=lambda cell: cell[f"{axis}_no"]):
        key, year = cell[f"{axis}_key"], cell["reference_year"]
        if key in headings and headings[key].reference_year != year:
            year = None
        headings[key] = Heading(key, _text(cell, f"{axis}_label"), year)
    return headings


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
        printed=_text(cell, "value_text"),
        n_municipalities=cell["n_municipalities"],
    )


def _in_unit(value: float | None, unit: str) -> float | None:
    """The warehouse keeps shares between 0 and 1; a reader of ``percent`` expects 0 to 100."""
    return round(value * 100, 10) if value is not None and unit == "percent" else value


def _text(record: dict[str, Any], name: str) -> Text:
    return Text(record[f"{name}_nl"] or "", record[f"{name}_en"] or "")


def _label(table_id: str, kind: str) -> Text:
    """``tabel_1_10`` → Tabel 1.10 / Table 1.10."""
    number = ".".join(table_id.split("_")[1:])
    kind_label = KIND_LABELS.get(kind, KIND_LABELS["table"])
    return Text(*(f"{word} {number}".strip() for word in kind_label))


def _without_label(title: str, label: str) -> str:
    return re.sub(rf"^{re.escape(label)}\s*[:.–-]?\s+", "", title or "", flags=re.IGNORECASE)
