"""The page on risk analysis and supervision, its figure and its two lists: ``supervision.html``, ``supervision/``.

Belongs here: writing them. Does not belong here: reading what they say (``reading.py``), counting (dbt does that),
the rules, criteria and steps (``data/risk``), the words of the page (``supervision.html.j2``).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import Language
from assets.editions.content.mark import mark_in_both_languages, mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.files.csv_files import write_csv
from assets.editions.files.marts import SOURCE
from assets.editions.pages.municipalities.page import municipality_path
from assets.editions.pages.municipalities.reading import NEEDED
from assets.editions.pages.records import has_tables, stored_rows
from assets.editions.pages.report.page import drawing_in, rendered
from assets.editions.pages.supervision.reading import Supervision, read_supervision
from assets.editions.pictures.flow import WIDTH, lay_out

if TYPE_CHECKING:
    import duckdb

LANGUAGES: tuple[Language, ...] = ("nl", "en")
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
) -> None:
    """``supervision.html``, ``supervision/flow.svg`` (``flow.en.svg``), and the files of LISTS, each with its origin.

    Of the edition's survey year. Nothing at all where ``schema`` has no risk analysis of it. What is synthetic is
    said so, also where only the records of the cases are. Every text from data is escaped.
    """
    found = read_supervision(connection, schema, stamp.survey_year, content.origin)
    if found is None:
        return
    marked = replace(content, origin=found.origin)
    (folder / SUPERVISION).mkdir(exist_ok=True)
    origin = (found.origin, mark_in_both_languages(found.origin))
    lists = {
        path: stored_rows(connection, schema, model, survey_year=stamp.survey_year) for path, model in LISTS.items()
    }
    for path, table in lists.items():
        write_csv(folder / path, [*table.columns, "origin", "origin_note"], ((*row, *origin) for row in table.rows))
    for language in LANGUAGES:
        (folder / flow_path(language)).write_text(_drawn(found, marked, stamp, language), encoding="utf-8")
    has_pages = has_tables(connection, schema, NEEDED)
    page = rendered(
        "pages/supervision/supervision.html.j2",
        marked,
        stamp,
        found=found,
        labels=found.labels,
        drawings={language: drawing_in(folder / flow_path(language)) for language in LANGUAGES},
        flow_path=flow_path,
        municipality_pages={code: municipality_path(code) for code in found.municipalities if has_pages},
        lists=list(lists),
        cases=len(lists[CASES_FILE].rows),
    )
    (folder / SUPERVISION_PAGE).write_text(page, encoding="utf-8")


def _drawn(found: Supervision, marked: Content, stamp: Stamp, language: Language) -> str:
    return rendered(
        "pictures/flow.svg.j2",
        marked,
        stamp,
        flow=lay_out(found.steps, language),
        width=WIDTH,
        language=language,
        note=getattr(mark_of(found.origin), language, ""),
    )


def flow_path(language: Language) -> str:
    """Where the figure lies: ``supervision/flow.svg`` in Dutch, ``supervision/flow.en.svg`` in English."""
    return f"{SUPERVISION}/flow{'' if language == 'nl' else '.en'}.svg"
