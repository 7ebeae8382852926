"""Reading from the warehouse what an edition shows, and refusing what cannot be published.

Belongs here: ``rpt_tables``, ``rpt_cells``, ``rpt_cell_breakdowns`` with ``dim_category``, and ``rpt_reconciliation`` into
the typed form of ``content.py``. Does not belong here: computing a figure (dbt does that).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

import duckdb

from assets.base.errors import BadInput
from assets.base.texts import Text, text_of
from assets.editions.content.mark import origin_of
from assets.editions.content.tables import (
    BREAKDOWNS_SUFFIX,
    Breakdown,
    Category,
    CategoryCell,
    Cell,
    Content,
    Heading,
    Report,
    ReportTable,
    Rows,
)

SLUG = re.compile(r"[a-z][a-z0-9_]*")
_REMEDY = "Mend the report catalogue in data/catalogue/reports and run the warehouse again."
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


def read_content(connection: duckdb.DuckDBPyConnection, schema: str) -> Content:
    """Read what is published from ``schema`` (columns as the contracts of the models state).

    Raises BadInput where there is nothing to publish, where a table has no cells, cells have no table or numbers by
    category have no cell or category, where a report or table id cannot name a file, or where a cell appears twice.
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
            raise BadInput(f"A cell appears twice: {' / '.join(key)}.", "warehouse, rpt_cells", _REMEDY)
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
            raise BadInput(f"A number by category appears twice: {' / '.join((*key, *category))}.", where, _REMEDY)
        seen.add((*key, *category))


def _cell_key(record: dict[str, Any]) -> tuple[str, ...]:
    return (record["report"], record["table_id"], record["row_key"], record["column_key"])


def _report(report: str, read: list[tuple[dict[str, Any], ReportTable]]) -> Report:
    return Report(
        key=report,
        title=text_of(read[0][0], "report_title"),
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
    label = text_of(table, "place")
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
        source=text_of(table, "source"),
        note=_joined(text_of(table, name) for name in ("note", "base_reason", "not_in_print")),
        comparability=text_of(table, "comparability"),
        row_heading=text_of(table, "row_heading"),
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


def _joined(texts: Iterable[Text]) -> Text:
    said = [text for text in texts if text.nl]
    return Text(" ".join(text.nl for text in said), " ".join(text.en for text in said))


def _headings(cells: list[dict[str, Any]], axis: str) -> dict[str, Heading]:
    by_key: dict[str, list[dict[str, Any]]] = {}
    for cell in sorted(cells, key=lambda cell: cell[f"{axis}_no"]):
        by_key.setdefault(cell[f"{axis}_key"], []).append(cell)
    return {
        key: Heading(key, text_of(own[0], f"{axis}_label"), _if_one(own, "reference_year"), _if_one(own, "printed_as"))
        for key, own in by_key.items()
    }


def _if_one(records: list[dict[str, Any]], name: str) -> Any:
    found = {record[name] for record in records}
    return found.pop() if len(found) == 1 else None


def _breakdowns(categories: list[dict[str, Any]], used: set[tuple[str, str]]) -> tuple[Breakdown, ...]:
    """The breakdowns with the categories that are used: one in which no cell has a municipality is left out."""
    shown = [category for category in categories if (category["breakdown"], category["category"]) in used]
    return tuple(
        Breakdown(breakdown, label, tuple(Category(record["category"], text_of(record, "label")) for record in own))
        for (breakdown, label), own in groupby(shown, lambda c: (c["breakdown"], text_of(c, "breakdown_label")))
    )


def _cell(cell: dict[str, Any], row: Heading, column: Heading) -> Cell:
    is_quotient = cell["statistic"] == "value" and cell["denominator"] is not None
    return Cell(
        row=replace(row, label=text_of(cell, "row_label")),
        column=replace(column, label=text_of(cell, "column_label")),
        printed_as=cell["printed_as"],
        measure=cell["measure"],
        survey_year=cell["survey_year"],
        reference_year=cell["reference_year"],
        numerator=cell["numerator"] if is_quotient else None,
        denominator=cell["denominator"] if is_quotient else None,
        value=_in_unit(cell["value"], cell["unit"]),
        unit=cell["unit"],
        decimals=cell["decimals"],
        printed=text_of(cell, "value_text"),
        n_municipalities=cell["n_municipalities"],
        n_unknown=cell["n_unknown"],
    )


def _category_cell(record: dict[str, Any], cell: Cell) -> CategoryCell:
    is_quotient = cell.denominator is not None
    return CategoryCell(
        numerator=record["numerator"] if is_quotient else None,
        denominator=record["denominator"] if is_quotient else None,
        value=_in_unit(record["value"], cell.unit),
        printed=text_of(record, "value_text"),
        n_municipalities=record["n_municipalities"],
        n_unknown=record["n_unknown"],
    )


def _in_unit(value: float | None, unit: str) -> float | None:
    """The warehouse keeps shares between 0 and 1; a reader of ``percent`` expects 0 to 100."""
    return round(value * 100, 10) if value is not None and unit == "percent" else value


def _without_label(title: str, label: str) -> str:
    return re.sub(rf"^{re.escape(label)}\s*[:.–-]?\s+", "", title or "", flags=re.IGNORECASE)
