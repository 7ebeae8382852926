"""The report of a part of an edition, ``index.html``, and what its terms mean, ``glossary.html``.

Belongs here: filling its template. Does not belong here: the words and the looks (its template), the numbers (dbt),
what there is to say of a table beside it (``pages/explain``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assets.base.texts import Text
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Cell, Content
from assets.editions.files.lists import LISTS
from assets.editions.files.marts import SOURCE
from assets.editions.files.workbooks import workbook_path
from assets.editions.pages.reconciliation.page import figures_at_odds
from assets.editions.pages.records import has_tables, records
from assets.editions.pages.templating import write_page
from assets.editions.pictures.figures import figure_of

if TYPE_CHECKING:
    import duckdb

PAGE, GLOSSARY = "index.html", "glossary.html"
# What a reader wants to know first: a measure, in the newest year that a table gives, and what its share is of.
_KEY_MEASURES = {
    "reach_national": Text("van de doelgroeppeuters bereikt", "of the target toddlers reached"),
    "panel_reach": Text("bereikt in het panel", "reached in the panel"),
    "places_sufficient": Text(
        "van de gemeenten heeft voldoende kindplaatsen", "of the municipalities have enough places"
    ),
}


class KeyFigure(NamedTuple):
    """A number that the page begins with, and where it is from."""

    what: Text
    cell: Cell
    page_path: str


def write_report(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    stamp: Stamp,
    marts: Sequence[str],
    folder: Path,
    schema: str = f"{SOURCE}.main",
) -> None:
    """``index.html`` of the part of an edition in ``folder``, where its other pages already are, from ``schema``."""
    is_known = has_tables(connection, schema, ["dim_survey_year"])
    years = records(connection, schema, "dim_survey_year", survey_year=stamp.survey_year) if is_known else []
    if terms := content.labels.get("term"):
        write_page(
            folder,
            GLOSSARY,
            "pages/report/glossary.html.j2",
            content.origin,
            stamp,
            terms=terms,
            meanings=content.labels["term_meaning"],
        )
    files = [file.relative_to(folder).as_posix() for file in (*folder.glob("*.html"), *folder.glob("*/*.html"))]
    write_page(
        folder,
        PAGE,
        "pages/report/report.html.j2",
        content.origin,
        stamp,
        content=content,
        marts=marts,
        pages=set(files),
        quality_lists=LISTS,
        codebook=sorted(file.relative_to(folder).as_posix() for file in folder.glob("codebook/*")),
        prints=sorted(file.relative_to(folder).as_posix() for file in folder.glob("print/*.pdf")),
        year=next(iter(years), None),
        key_figures=list(_key_figures(content)),
        at_odds=figures_at_odds(content),
        figure_of=figure_of,
        workbook_path=workbook_path,
    )


def _key_figures(content: Content) -> Iterator[KeyFigure]:
    for measure, what in _KEY_MEASURES.items():
        found = [
            (cell, table)
            for table in content.tables
            for cell in table.cells.values()
            if cell.measure == measure and cell.unit == "share" and cell.n_municipalities
        ]
        newest = max(found, key=lambda one: one[0].reference_year or 0, default=None)
        if newest:
            yield KeyFigure(what, newest[0], newest[1].page_path)
