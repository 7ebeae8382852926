"""What an edition says of risk analysis and supervision: the models of one survey year, grouped as the page shows them.

Belongs here: which models, and which of their rows belong together. Does not belong here: counting steps or judging
risks (dbt does that), showing any of it (``page.py``, ``pictures/flow.py``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.base.texts import Text
from assets.editions.content.mark import Origin, origin_of
from assets.editions.pages.records import Record, has_tables, labels, records, rules_to_confirm
from assets.editions.pictures.flow import Step, steps_of

if TYPE_CHECKING:
    import duckdb

# The models without which there is no risk analysis to speak of.
_NEEDED = ("rpt_supervision_flow", "rpt_risk_list", "rpt_municipalities", "rpt_rule_confirmations")


@dataclass(frozen=True, slots=True)
class Supervision:
    """Everything, of one survey year.

    ``municipalities``: code → name, of the register; ``risks``: a risk → respondents that have it; ``rules`` and
    ``open_cases``: the rows of their models; ``criteria``: those of theirs by criterion; ``contacts``: those of
    ``fct_supervision_selection`` with their ``municipality_name``; ``reasons``: municipality and domain → its rows of
    the risk list; ``to_confirm``: as ``rules_to_confirm``.
    """

    reference_year: int
    municipalities: Mapping[str, str]
    respondents: int
    labels: Mapping[str, Mapping[str, Text]]
    steps: Sequence[Step]
    risks: Mapping[str, int]
    rules: Sequence[Record]
    criteria: Mapping[str, Record]
    contacts: Sequence[Record]
    reasons: Mapping[tuple[str, str], Sequence[Record]]
    open_cases: Sequence[Record]
    to_confirm: Mapping[str, Record]
    origin: Origin


def read_supervision(
    connection: duckdb.DuckDBPyConnection, schema: str, survey_year: int, origin: Origin
) -> Supervision | None:
    """The survey year's risk analysis and what followed, from ``schema``; None where it has none, or lacks a table.

    ``origin`` is that of the answers; records of cases that were generated make all of it synthetic.
    """

    def of_year(model: str) -> list[Record]:
        return records(connection, schema, model, survey_year=survey_year)

    if not has_tables(connection, schema, _NEEDED):
        return None
    flow = of_year("rpt_supervision_flow")
    if not flow:
        return None
    municipalities = of_year("rpt_municipalities")
    names = {row["municipality_code"]: row["municipality_name"] for row in municipalities}
    respondents = [row for row in municipalities if row["is_respondent"]]
    reasons = defaultdict(list)
    for row in of_year("rpt_risk_list"):
        reasons[row["municipality_code"], row["domain"]].append(row)
    return Supervision(
        reference_year=flow[0]["reference_year"],
        municipalities=names,
        respondents=len(respondents),
        labels=labels(connection, schema),
        steps=steps_of(flow),
        risks=Counter(row["risk"] for row in respondents),
        rules=of_year("rpt_risk_rules"),
        criteria={row["criterion"]: row for row in of_year("rpt_selection_criteria")},
        contacts=[
            {**row, "municipality_name": names[row["municipality_code"]]}
            for row in of_year("fct_supervision_selection")
        ],
        reasons=reasons,
        open_cases=of_year("rpt_open_cases"),
        to_confirm=rules_to_confirm(connection, schema, survey_year),
        origin=origin_of([origin, *(row["origin"] for row in flow)]),
    )
