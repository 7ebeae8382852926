"""The page on risk analysis and supervision, its figure and its two lists: ``supervision.html``, ``supervision/``.

Belongs here: writing them. Does not belong here: reading what they say (``reading.py``), counting (dbt does that),
the rules, criteria and steps (``data/risk``), the words of the page (``supervision.html.j2``).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import Text
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.content.terms import sources_of
from assets.editions.files.csv_files import write_csv
from assets.editions.files.marts import SOURCE
from assets.editions.pages.dossiers.page import dossier_path, has_dossiers
from assets.editions.pages.records import stored_rows
from assets.editions.pages.supervision.reading import Supervision, read_supervision
from assets.editions.pages.templating import write_page
from assets.editions.pictures.flow import flow, steps_in_words
from assets.editions.pictures.picture import Picture

if TYPE_CHECKING:
    import duckdb

SUPERVISION_PAGE, SUPERVISION = "supervision.html", "supervision"
CASES_FILE = f"{SUPERVISION}/cases.csv"
# A CSV file → the model that it is, of the edition's survey year.
LISTS = {f"{SUPERVISION}/risk_list.csv": "rpt_risk_list", CASES_FILE: "rpt_cases"}


def write_supervision(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    stamp: Stamp,
    folder: Path,
    schema: str = f"{SOURCE}.main",
    before: Path | None = None,
) -> None:
    """``supervision.html``, its figure (``supervision/flow…``) and the files of LISTS, each with its origin.

    Of the edition's survey year. Nothing at all where ``schema`` has no risk analysis of it. What is synthetic is
    said so, also where only the records of the cases are. Every text from data is escaped.
    """
    found = read_supervision(connection, schema, stamp.survey_year, content.origin)
    if found is None:
        return
    (folder / SUPERVISION).mkdir(exist_ok=True)
    lists = {
        path: stored_rows(connection, schema, model, survey_year=stamp.survey_year) for path, model in LISTS.items()
    }
    for path, table in lists.items():
        write_csv(folder / path, [*table.columns, "origin"], ((*row, found.origin) for row in table.rows))
    picture = picture_of_supervision(found, stamp)
    picture.save(folder, found.origin, before)
    with_dossiers = has_dossiers(connection, schema)
    write_page(
        folder,
        SUPERVISION_PAGE,
        "pages/supervision/supervision.html.j2",
        found.origin,
        stamp,
        found=found,
        labels=found.labels,
        picture=picture,
        dossiers={code: dossier_path(code) for code in found.municipalities if with_dossiers},
        lists=list(lists),
        cases=len(lists[CASES_FILE].rows),
    )


def picture_of_supervision(found: Supervision, stamp: Stamp) -> Picture:
    """Figuur 1.5 with the counts on it."""
    year, reference = stamp.survey_year, found.reference_year
    title = Text(
        f"Figuur 1.5. Werkwijze van het toezicht, vragenlijst {year} over {reference}, met de aantallen gemeenten",
        f"Figure 1.5. How supervision works, survey year {year} about {reference}, with the numbers",
    )
    source = sources_of(found.origin)[0].title
    values, draw = partial(steps_in_words, found.steps), partial(flow, [step.box for step in found.steps])
    return Picture(f"{SUPERVISION}/flow", title, Text("Stroomschema", "Flow chart"), values, source, draw)
