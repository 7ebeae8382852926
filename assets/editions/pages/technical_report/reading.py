"""What the technical report says: the rows of the models behind it, grouped as its sections are.

Belongs here: which models, and what is grouped by what; another form of the report (print) has the same content. Does
not belong here: a number, or what an audience may not see (``dbt_project/models/reports/technical_report``), a sentence
(``technical_report.html.j2``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from assets.base.texts import Text
from assets.editions.content.tables import Content, Report
from assets.editions.pages.records import Record, has_tables, labels, records, rules_to_confirm

if TYPE_CHECKING:
    import duckdb

TABLES = (
    "dim_disclosure_rule",
    "dim_label",
    "dim_measure",
    "dim_question",
    "dim_survey_year",
    "rpt_panels",
    "rpt_plausibility",
    "rpt_response",
    "rpt_rule_confirmations",
)


class TechnicalReport(NamedTuple):
    """All that the report says of a survey year, as records.

    ``sections``: the questions by the part of the questionnaire that they are in. ``by_class``: the response to the
    questionnaire, a list per breakdown; ``by_question``: id → its national response. ``compared``: survey year →
    comparability → number of questions; ``changed``: the questions that changed, of all years. ``to_confirm``: as
    ``rules_to_confirm``. ``disclosure``: kind → rows of ``dim_disclosure_rule``. ``broken_down``:
    the reports with tables that are broken down.
    """

    sections: list[tuple[Text, list[Record]]]
    years: list[Record]
    by_class: list[list[Record]]
    by_question: Mapping[str, Record]
    definitions: list[Record]
    processing: list[Record]
    plausibility: list[Record]
    panels: list[list[Record]]
    compared: Mapping[int, Counter[str]]
    changed: list[Record]
    to_confirm: Mapping[str, Record]
    disclosure: Mapping[str, list[Record]]
    broken_down: list[Report]
    labels: Mapping[str, Mapping[str, Text]]


def read_technical_report(
    connection: duckdb.DuckDBPyConnection, content: Content, schema: str, survey_year: int
) -> TechnicalReport | None:
    """Read the content from ``schema``, which has what the readers may see; None where one of TABLES is absent, or
    nobody was asked anything in the survey year."""

    def read(model: str, **where: object) -> list[Record]:
        return records(connection, schema, model, **where)

    if not has_tables(connection, schema, TABLES):
        return None
    response = read("rpt_response", level="questionnaire")
    if not any(row["survey_year"] == survey_year for row in response):
        return None
    words, questions, shown = labels(connection, schema), read("dim_question"), _measures(content)
    own = sorted(_of(survey_year, questions), key=itemgetter("question_position"))
    by_question = read("rpt_response", level="question", breakdown="total", survey_year=survey_year)
    by_class = [row for row in _of(survey_year, response) if row["breakdown"] != "total"]
    years = sorted({row["survey_year"] for row in questions if row["survey_year"] <= survey_year})
    return TechnicalReport(
        sections=[(words["section"][code], list(rows)) for code, rows in groupby(own, itemgetter("section"))],
        years=[row for row in response if row["breakdown"] == "total"],
        by_class=[list(rows) for _, rows in groupby(by_class, itemgetter("breakdown"))],
        by_question={row["question_id"]: row for row in by_question},
        # What an option counts is said once for all; a measure with a name has a definition of its own.
        definitions=[row for row in read("dim_measure") if row["measure"] in shown and "=" not in row["measure"]],
        processing=[row for row in read("dim_survey_year") if row["respondents"]],
        plausibility=read("rpt_plausibility", survey_year=survey_year),
        panels=[list(rows) for _, rows in groupby(read("rpt_panels"), itemgetter("panel"))],
        compared={year: Counter(row["comparability"] for row in _of(year, questions)) for year in years},
        changed=[row for year in years for row in _of(year, questions) if row["comparability"] == "changed"],
        to_confirm=rules_to_confirm(connection, schema, survey_year),
        disclosure={kind: list(rows) for kind, rows in groupby(read("dim_disclosure_rule"), itemgetter("kind"))},
        broken_down=[one for one in content.reports if any(table.breakdowns for table in one.tables)],
        labels=words,
    )


def _measures(content: Content) -> set[str]:
    return {cell.measure for table in content.tables for cell in table.cells.values()}


def _of(survey_year: int, rows: list[Record]) -> list[Record]:
    return [row for row in rows if row["survey_year"] == survey_year]
