"""The pages of an edition that say where each number comes from: ``explain/<report>/<table_id>.html``.

Belongs here: writing them. Does not belong here: what an explanation says (``reading.py``), the words and the looks
(``explain.html.j2``, ``explain.css``).
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import counted
from assets.editions.content.mark import Origin, mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.terms import terms_in_words
from assets.editions.files.marts import SOURCE
from assets.editions.pages.explain.reading import read_explanations, read_tables
from assets.editions.pages.records import labels
from assets.editions.pages.templating import environment

if TYPE_CHECKING:
    import duckdb

EXPLAIN = "explain"


def write_explanations(
    connection: duckdb.DuckDBPyConnection,
    origin: Origin,
    stamp: Stamp,
    folder: Path,
    schema: str = f"{SOURCE}.main",
) -> None:
    """``explain/<report>/<table_id>.html`` in the part of an edition in ``folder``, a page for each table, from
    ``schema``. Municipalities are named where ``schema`` has their names.

    Every cell has the anchor ``#<row_key>--<column_key>``. Every text from data is escaped.
    """
    explained = read_explanations(connection, schema)
    statuses = labels(connection, schema)["answer_status"]
    template = environment().get_template("pages/explain/explain.html.j2")
    for table in read_tables(connection, schema):
        page = folder / explanation_path(table["report"], table["table_id"])
        page.parent.mkdir(parents=True, exist_ok=True)
        rows = groupby(explained.get((table["report"], table["table_id"]), ()), key=lambda one: one.first["row_key"])
        html = template.render(
            table=table,
            rows=[list(ones) for _, ones in rows],
            statuses=statuses,
            counted=counted,
            mark=mark_of(origin),
            is_public=stamp.audience == "public",
            terms=terms_in_words(stamp.terms),
        )
        page.write_text(html, encoding="utf-8")


def explanation_path(report: str, table_id: str) -> str:
    """Where a table's explanation lies in its edition."""
    return f"{EXPLAIN}/{report}/{table_id}.html"
