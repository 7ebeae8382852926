"""Reading from the warehouse what an edition shows, and refusing what cannot be published.

Belongs here: ``rpt_tables``, ``rpt_cells``, ``rpt_cell_breakdowns`` with ``dim_category``, ``rpt_tables_not_made``,
``dim_report`` and ``rpt_reconciliation`` into the typed form of ``tables.py``. Does not belong here: computing a
figure, or what its rows must be like (dbt does and tests that).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from assets.base.errors import BadInput
from assets.base.texts import Text
from assets.editions.content.mark import origin_of
from assets.editions.content.symbols import Symbol
from assets.editions.content.tables import (
    Breakdown,
    Category,
    Cell,
    Content,
    Heading,
    Labels,
    Number,
    Record,
    Report,
    ReportTable,
    Rows,
)
from assets.editions.content.terms import Audience
from assets.editions.pages.records import has_tables, labels, records, stored_rows

if TYPE_CHECKING:
    import duckdb

SLUG = re.compile(r"[a-z][a-z0-9_]*")
_REMEDY = "Mend the report catalogue in data/catalogue/reports and run the warehouse again."
_EMPTY = Text("", "")
_REGISTERS = "data/registers"  # the source of a measure that no answer is in
_OURS = ("base_reason", "not_in_print")
_table_of = itemgetter("report", "table_id")


def read_content(connection: duckdb.DuckDBPyConnection, schema: str, audience: Audience = "internal") -> Content:
    """Read what is published from ``schema`` (columns as the contracts of the models state): what this audience may
    have.

    Raises BadInput where there is nothing to publish, or where a report or table id cannot name a file.
    """
    tables, cells = records(connection, schema, "rpt_tables"), records(connection, schema, "rpt_cells")
    _check(tables, cells)
    words = labels(connection, schema)
    of_table = _by_table(cells)
    by_category = _by_table(records(connection, schema, "rpt_cell_breakdowns"))
    categories = records(connection, schema, "dim_category")
    series = _by_table(records(connection, schema, "rpt_series"))
    of_registers = _measures_of_registers(connection, schema)
    read = [
        replace(
            _table(table, of_table[_table_of(table)], by_category.get(_table_of(table), []), categories, words),
            series=tuple(series.get(_table_of(table), ())),
            is_of_registers={cell["measure"] for cell in of_table[_table_of(table)]} <= of_registers,
        )
        for table in tables
    ]
    titles = {table["report"]: table["report_title"] for table in tables}
    not_made = records(connection, schema, "rpt_tables_not_made")
    is_reconciled = has_tables(connection, schema, ["rpt_reconciliation"])
    return Content(
        reports=tuple(
            _report(key, title, [t for t in read if t.report == key], [one for one in not_made if one["report"] == key])
            for key, title in titles.items()
        ),
        cells=stored_rows(connection, schema, "rpt_cells"),
        category_cells=stored_rows(connection, schema, "rpt_cell_breakdowns"),
        reconciliation=stored_rows(connection, schema, "rpt_reconciliation") if is_reconciled else Rows((), ()),
        origin=origin_of(cell["origin"] for cell in cells),
        labels=words,
        sign=_sign(connection, schema) if audience == "public" else None,
        series=stored_rows(connection, schema, "rpt_series"),
        elsewhere=tuple(records(connection, schema, "dim_report", is_in_edition=False)),
    )


def _measures_of_registers(connection: duckdb.DuckDBPyConnection, schema: str) -> set[str]:
    known = records(connection, schema, "dim_measure") if has_tables(connection, schema, ["dim_measure"]) else ()
    return {measure["measure"] for measure in known if measure["source"].startswith(_REGISTERS)}


def _sign(connection: duckdb.DuckDBPyConnection, schema: str) -> Symbol:
    """What is shown in place of a number that is withheld."""
    [sign] = records(connection, schema, "dim_disclosure_rule", kind="sign")
    return Symbol(Text(sign["name"], sign["name"]), sign["words"])


def _check(tables: list[Record], cells: list[Record]) -> None:
    if not tables or not cells:
        raise BadInput("There is nothing to publish.", "warehouse, rpt_tables and rpt_cells", _REMEDY)
    keys = [_table_of(table) for table in tables]
    unusable = sorted({"/".join(key) for key in keys if not _names_files(*key) or keys.count(key) > 1})
    if unusable:
        raise BadInput(
            "A report and a table id must be unique and made of a-z, 0-9 and _ (they name a folder and a file):"
            f" {', '.join(unusable)}.",
            "warehouse, rpt_tables, columns report and table_id",
            _REMEDY,
        )


def _names_files(report: str, table_id: str) -> bool:
    names = (report, table_id)
    return all(SLUG.fullmatch(name) for name in names)


def _by_table(rows: Iterable[Record]) -> dict[tuple[str, str], list[Record]]:
    by_table: dict[tuple[str, str], list[Record]] = {}
    for record in rows:
        by_table.setdefault(_table_of(record), []).append(record)
    return by_table


def _report(key: str, title: Text, tables: list[ReportTable], not_made: list[Record]) -> Report:
    texts = tuple(table for table in tables if table.kind == "text")
    return Report(key, title, tuple(table for table in tables if table.kind != "text"), texts, tuple(not_made))


def _table(
    table: Record, cells: list[Record], by_category: list[Record], categories: list[Record], words: Labels
) -> ReportTable:
    read = {(cell["row_key"], cell["column_key"]): _cell(cell, words) for cell in cells}
    return ReportTable(
        **{name: table[name] for name in ("report", "table_id", "kind", "source", "comparability", "row_heading")},
        label=table["place"],
        title=Text(
            *(_without_label(title, label) for title, label in zip(table["title"], table["place"], strict=True))
        ),
        chart=json.loads(table["chart"] or "null"),
        # Print has notes below tables only: what is noted of a figure or of text is ours.
        note=table["note"] if table["kind"] == "table" else _EMPTY,
        remark=_joined(table[name] for name in (*(["note"] if table["kind"] != "table" else []), *_OURS)),
        rows=_headings(cells, "row", words),
        columns=_headings(cells, "column", words),
        cells=read,
        breakdowns=_breakdowns(categories, {(one["breakdown"], one["category"]) for one in by_category}),
        by_category={
            (one["row_key"], one["column_key"], one["breakdown"], one["category"]): _part(
                one, read[one["row_key"], one["column_key"]]
            )
            for one in by_category
        },
    )


def _joined(texts: Iterable[Text]) -> Text:
    given = [text for text in texts if text.nl]
    return Text(" ".join(text.nl for text in given), " ".join(text.en for text in given))


def _headings(cells: list[Record], axis: str, words: Labels) -> tuple[Heading, ...]:
    by_key: dict[str, list[Record]] = {}
    for cell in sorted(cells, key=itemgetter(f"{axis}_no")):
        by_key.setdefault(cell[f"{axis}_key"], []).append(cell)
    return tuple(_heading(own, axis, words) for own in by_key.values())


def _heading(cells: list[Record], axis: str, words: Labels) -> Heading:
    kind, year = (_if_one(cells, name) for name in ("printed_as", "reference_year"))
    return Heading(cells[0][f"{axis}_key"], cells[0][f"{axis}_label"], year, words["kind_of_number"].get(kind, _EMPTY))


def _if_one(rows: list[Record], name: str) -> Any:
    found = {record[name] for record in rows}
    return found.pop() if len(found) == 1 else None


def _breakdowns(categories: list[Record], used: set[tuple[str, str]]) -> tuple[Breakdown, ...]:
    """The breakdowns with the categories that are used: one in which no cell has a municipality is left out."""
    shown = [category for category in categories if (category["breakdown"], category["category"]) in used]
    return tuple(
        Breakdown(breakdown, label, tuple(Category(one["category"], one["label"]) for one in own))
        for (breakdown, label), own in groupby(shown, key=itemgetter("breakdown", "breakdown_label"))
    )


def _cell(cell: Record, words: Labels) -> Cell:
    def heading(axis: str) -> Heading:
        return _heading([cell], axis, words)

    is_quotient = cell["statistic"] == "value" and cell["denominator"] is not None
    return Cell(
        **_number(cell, cell["unit"], cell["decimals"], is_quotient=is_quotient),
        **{name: cell[name] for name in ("printed_as", "measure", "survey_year", "reference_year")},
        row=heading("row"),
        column=heading("column"),
    )


def _part(record: Record, cell: Cell) -> Number:
    """The number of a cell within one category."""
    return Number(**_number(record, cell.unit, cell.decimals, is_quotient=cell.denominator is not None))


def _number(record: Record, unit: str, decimals: int, *, is_quotient: bool) -> Record:
    """The fields of a Number."""
    return {
        "numerator": record["numerator"] if is_quotient else None,
        "denominator": record["denominator"] if is_quotient else None,
        "value": record["value"],
        "rounded": record["value_rounded"],
        "unit": unit,
        "decimals": decimals,
        "printed": record["value_text"],
        "n_municipalities": record["n_municipalities"],
        "n_unknown": record.get("n_unknown"),
    }


def _without_label(title: str, label: str) -> str:
    return re.sub(rf"^{re.escape(label)}\s*[:.–-]?\s+", "", title, flags=re.IGNORECASE)
