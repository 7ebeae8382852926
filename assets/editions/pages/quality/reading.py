"""What the page on quality shows: rows of the models that are made for it, grouped as its tables are.

Belongs here: which models, and what is grouped by what. Does not belong here: a number, a rounding or a label
(``dbt_project/models/reports/quality``), a sentence (``quality.html.j2``).
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from assets.base.texts import Text
from assets.editions.pages.quality.pictures import Waterfall, waterfalls_of
from assets.editions.pages.records import Record, has_tables, labels, records, rules_to_confirm

if TYPE_CHECKING:
    import duckdb

TABLES = (
    "dim_label",
    "rpt_call_list",
    "rpt_counts_not_given",
    "rpt_panels",
    "rpt_plausibility",
    "rpt_province_reach",
    "rpt_reach_ranges",
    "rpt_reach_waterfall",
    "rpt_response",
    "rpt_rule_confirmations",
)


class Quality(NamedTuple):
    """All that the page says, as records.

    ``newest``: the newest survey year with answers, which ``questions`` and ``calls`` are of. ``panels``: a group per
    kind. ``statuses``: those that ``questions`` counts; ``not_given_statuses``: those that occur in ``not_given``.
    ``to_confirm``: as ``rules_to_confirm``.
    """

    newest: int
    waterfalls: list[Waterfall]
    panels: list[list[Record]]
    exclusions: dict[str, Text]
    years: list[Record]
    questions: list[Record]
    statuses: dict[str, Text]
    not_given: list[Record]
    not_given_statuses: dict[str, Text]
    ranges: list[Record]
    provinces: list[Record]
    rules: list[Record]
    calls: list[Record]
    to_confirm: dict[str, Record]


def read_quality(connection: duckdb.DuckDBPyConnection, schema: str) -> Quality | None:
    """Read the page's content from ``schema``; None where one of TABLES is absent, or nobody was asked anything."""

    def read(model: str, **where: object) -> list[Record]:
        return records(connection, schema, model, **where)

    if not has_tables(connection, schema, TABLES):
        return None
    years = read("rpt_response", level="questionnaire", breakdown="total")
    if not years:
        return None
    newest: int = years[-1]["survey_year"]
    questions = read("rpt_response", level="question", breakdown="total", survey_year=newest)
    names, not_given = labels(connection, schema), read("rpt_counts_not_given")
    statuses = names["answer_status"].items()
    return Quality(
        newest=newest,
        waterfalls=waterfalls_of(read("rpt_reach_waterfall")),
        panels=[list(own) for _, own in groupby(read("rpt_panels"), itemgetter("panel"))],
        exclusions=names["exclusion"],
        years=years,
        questions=questions,
        statuses={code: label for code, label in statuses if any(code in question for question in questions[:1])},
        not_given=not_given,
        not_given_statuses={code: label for code, label in statuses if any(row.get(f"n_{code}") for row in not_given)},
        ranges=read("rpt_reach_ranges"),
        provinces=read("rpt_province_reach", survey_year=newest),
        rules=read("rpt_plausibility"),
        calls=read("rpt_call_list"),
        to_confirm=rules_to_confirm(connection, schema, newest),
    )
