"""The pages of an edition on one table or figure each: its classes, its years, and where each of its numbers comes from
(``explain/<report>/<table_id>.html``); the numbers in the running text of a report share one.

Belongs here: writing them. Does not belong here: what an explanation says (``reading.py``), the words and the looks
(``explain.html.j2``, ``explain.css``).
"""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assets.base.texts import Text, counted
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content, ReportTable
from assets.editions.files.marts import SOURCE
from assets.editions.pages.explain.reading import Explanation, read_explanations
from assets.editions.pages.reconciliation.page import figures_at_odds
from assets.editions.pages.records import labels
from assets.editions.pages.templating import write_page

if TYPE_CHECKING:
    import duckdb


def write_explanations(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    stamp: Stamp,
    folder: Path,
    schema: str = f"{SOURCE}.main",
) -> None:
    """The pages of the part of an edition in ``folder``, from ``schema``. Municipalities are named where ``schema`` has
    their names.

    Every cell has the anchor ``#<table_id>--<row_key>--<column_key>``. Every text from data is escaped.
    """
    explained = read_explanations(connection, schema)
    statuses = labels(connection, schema)["answer_status"]
    at_odds = figures_at_odds(content)
    for path, tables in groupby(sorted(content.tables, key=_page_of), key=_page_of):
        entries = [_Entry(table, explained.get((table.report, table.table_id), [])) for table in tables]
        report = next(report for report in content.reports if report.key == entries[0].table.report)
        write_page(
            folder,
            path,
            "pages/explain/explain.html.j2",
            content.origin,
            stamp,
            report=report,
            entries=entries,
            at_odds=at_odds,
            statuses=statuses,
            recon_statuses=content.labels.get("reconciliation", {}),
            counted=counted,
            signed=_signed,
            is_public=stamp.audience == "public",
        )


class _Entry(NamedTuple):
    """A table or figure with what is said of its cells."""

    table: ReportTable
    explanations: list[Explanation]

    @property
    def rows(self) -> list[list[Explanation]]:
        """Its explanations, row by row."""
        by_row = groupby(self.explanations, key=lambda one: one.first["row_key"])
        return [list(ones) for _, ones in by_row]


def _page_of(table: ReportTable) -> str:
    return table.page_path


def _signed(points: Decimal) -> Text:
    """A change with its sign: +1,0 and −1,0."""
    written = f"{points:+.1f}".replace("-", "−")
    return Text(written.replace(".", ","), written)
