"""The page on risk analysis and supervision, its figure, and its two lists as CSV: ``supervision.html``,
``supervision/``.

Belongs here: writing them. Does not belong here: reading what they say (``supervision_reading.py``), counting (dbt does
that), the rules, criteria and steps (``data/risk``), the words of the page (``templates/supervision.html.j2``).
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
from assets.editions.pages.records import has_tables
from assets.editions.pages.report.page import drawing_in, rendered
from assets.editions.pages.supervision.reading import read_supervision
from assets.editions.pictures.flow import WIDTH, lay_out

if TYPE_CHECKING:
    import duckdb

LANGUAGES: tuple[Language, ...] = ("nl", "en")
SUPERVISION_PAGE, SUPERVISION = "supervision.html", "supervision"
RISK_LIST_FILE, CASES_FILE = f"{SUPERVISION}/risk_list.csv", f"{SUPERVISION}/cases.csv"
_ORIGIN = {"origin": "string", "origin_note": "string"}
RISK_LIST_COLUMNS: dict[str, str] = {
    "survey_year": "integer",
    "reference_year": "integer",
    "municipality_code": "string",
    "municipality_name": "string",
    "province": "string",
    "risk": "string",
    "domain": "string",
    "subject": "string",
    "rule": "string",
    "rule_label_nl": "string",
    "rule_label_en": "string",
    "evidence": "string",
    "rests_on": "string",
    "is_selected": "boolean",
    "selected_by": "string",
    **_ORIGIN,
}
CASE_COLUMNS: dict[str, str] = {
    "survey_year": "integer",
    "reference_year": "integer",
    "municipality_code": "string",
    "municipality_name": "string",
    "province": "string",
    "domain": "string",
    "is_respondent": "boolean",
    "selected_by": "string",
    "selected_on": "date",
    "conversation_on": "date",
    "outcome": "string",
    "was_investigated": "boolean",
    "last_event": "string",
    "closed_on": "date",
    "is_closed": "boolean",
    "age_days": "integer",
    **_ORIGIN,
}


def write_supervision(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    stamp: Stamp,
    folder: Path,
    schema: str = f"{SOURCE}.main",
) -> None:
    """``supervision.html``, ``supervision/flow.svg`` (``flow.en.svg``), ``supervision/risk_list.csv`` (see
    RISK_LIST_COLUMNS: a row a municipality and rule that is triggered) and ``supervision/cases.csv`` (see CASE_COLUMNS:
    a row a case).

    Of the edition's survey year. Nothing at all where ``schema`` has no risk analysis of it. What is synthetic is said
    so, also where only the records of the cases are. Every text from data is escaped.
    """
    said = read_supervision(connection, schema, stamp.survey_year, content.origin)
    if said is None:
        return
    marked = replace(content, origin=said.origin)
    (folder / SUPERVISION).mkdir(exist_ok=True)
    note = mark_in_both_languages(said.origin)
    for path, columns, rows in (
        (RISK_LIST_FILE, RISK_LIST_COLUMNS, said.risk_list),
        (CASES_FILE, CASE_COLUMNS, said.cases),
    ):
        write_csv(folder / path, list(columns), ((*row, said.origin, note) for row in rows))
    for language in LANGUAGES:
        drawing = rendered(
            "pictures/flow.svg.j2",
            marked,
            stamp,
            flow=lay_out(said.steps, language),
            width=WIDTH,
            language=language,
            note=getattr(mark_of(said.origin), language, ""),
        )
        (folder / flow_path(language)).write_text(drawing, encoding="utf-8")
    page = rendered(
        "pages/supervision/supervision.html.j2",
        marked,
        stamp,
        said=said,
        drawings={language: drawing_in(folder / flow_path(language)) for language in LANGUAGES},
        flow_path=flow_path,
        municipality_pages=_municipality_pages(connection, schema, stamp.survey_year),
        files=(RISK_LIST_FILE, CASES_FILE),
    )
    (folder / SUPERVISION_PAGE).write_text(page, encoding="utf-8")


def _municipality_pages(connection: duckdb.DuckDBPyConnection, schema: str, survey_year: int) -> dict[str, str]:
    """Municipality code → its page in the same edition; empty where municipalities have none."""
    if not has_tables(connection, schema, NEEDED):
        return {}
    register = connection.execute(
        f"select municipality_code from {schema}.dim_municipality_year where survey_year = ?", [survey_year]
    ).fetchall()
    return {code: municipality_path(code) for (code,) in register}


def flow_path(language: Language) -> str:
    """Where the figure lies: ``supervision/flow.svg`` in Dutch, ``supervision/flow.en.svg`` in English."""
    return f"{SUPERVISION}/flow{'' if language == 'nl' else '.en'}.svg"
