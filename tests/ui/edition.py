"""The types of page that an edition has, an example of each, and where it is.

Belongs here: which pages stand for all others. Does not belong here: what is asked of them (the tests).
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import duckdb

from assets.base.texts import Text

_REPORT = Text("Lokale Educatieve Agenda en vve: tabellen", "Local Educational Agenda and early childhood")
_TECHNICAL = Text("Technisch rapport", "Technical report")
_RESTS_ON = Text("waarop elk cijfer rust", "what each number rests on")
_ANSWERS = Text("Antwoorden op de vragenlijst van 2023", "Answers to the questionnaire of 2023")
ANSWERED, SILENT = "municipality that answered", "municipality that did not"
CONTACTED = "dossier of a municipality that is contacted"
# A page, or which municipality's, and a heading of it.
HEADINGS = {
    "public/index.html": _REPORT,
    "internal/index.html": _REPORT,
    "public/technical_report.html": _TECHNICAL,
    "internal/technical_report.html": _TECHNICAL,
    "internal/supervision.html": Text("Risicoanalyse en toezicht", "Risk analysis and supervision"),
    "internal/quality.html": Text("Hoe goed de cijfers zijn", "How good the numbers are"),
    "public/reconciliation.html": Text(
        "Elk gedrukt cijfer naast het berekende", "Every printed figure beside the computed one"
    ),
    "public/changes.html": Text("Wat veranderde tegenover de vorige editie", "What changed against the edition before"),
    "internal/dossiers/index.html": Text("Dossiers van alle gemeenten", "Dossiers of all municipalities"),
    CONTACTED: Text("Verloop over alle jaren", "Course over all years"),
    ANSWERED: _ANSWERS,
    SILENT: _ANSWERS,
    "public/explain/landelijk2023/tabel_1_2.html": _RESTS_ON,
    "internal/explain/landelijk2023/tabel_1_2.html": _RESTS_ON,
    "internal/explain/jaarrapport2023/places_and_reach.html": Text("Over de jaren", "Over the years"),
    "public/explain/thema2022/in-text.html": Text("Cijfers in de tekst", "Numbers in the text"),
    "public/codebook/codebook_2023.html": Text("Codeboek", "Codebook"),
    "public/glossary.html": Text("Begrippen", "Glossary"),
}


OPEN_ALL = "() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"


def addresses_of(edition: Path, marts: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The address of each page of HEADINGS."""
    answered, silent = (
        code
        for (code,) in marts.execute(
            "select min(municipality_code) from dim_municipality_year where survey_year = 2023"
            " group by is_respondent order by is_respondent desc"
        ).fetchall()
    )
    files = {
        ANSWERED: f"municipalities/{answered}/index.html",
        SILENT: f"municipalities/{silent}/index.html",
        CONTACTED: f"internal/dossiers/{contact_of(marts).code}.html",
    }
    return {name: (edition / files.get(name, name)).as_uri() for name in HEADINGS}


class Contact(NamedTuple):
    """A municipality that is contacted."""

    code: str
    name: str


def contact_of(marts: duckdb.DuckDBPyConnection) -> Contact:
    """The first one that has a signal, and gave its reach."""
    [found] = marts.execute(
        "select municipality_code, municipality_name from dim_municipality_year"
        " semi join fct_supervision_selection using (municipality_code, survey_year)"
        " semi join (from fct_risk_signals where signal = 'triggered') using (municipality_code, survey_year)"
        " semi join (from fct_reach where is_complete) using (municipality_code, survey_year)"
        " where survey_year = 2023 order by municipality_code limit 1"
    ).fetchall()
    return Contact(*found)


def in_language(address: str, language: str) -> str:
    """The address of the same page in a language."""
    return address if language == "nl" else address.replace(".html", ".en.html")
