"""What an edition says of risk analysis and supervision: the models of one survey year, grouped as the page shows them.

Belongs here: which models, and which of their rows belong together. Does not belong here: counting steps or judging risks (dbt does
that), showing any of it (``page.py``, ``pictures/flow.py``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assets.base.texts import Text
from assets.editions.content.mark import Origin, origin_of
from assets.editions.content.tables import Rows
from assets.editions.pages.records import Record, has_tables, labels, records, stored_rows
from assets.editions.pictures.flow import Count, Step

if TYPE_CHECKING:
    import duckdb

_NEEDED = (
    "dim_label",
    "fct_supervision_selection",
    "rpt_cases",
    "rpt_municipalities",
    "rpt_open_cases",
    "rpt_risk_list",
    "rpt_risk_rules",
    "rpt_selection_criteria",
    "rpt_supervision_flow",
)


@dataclass(frozen=True, slots=True)
class Supervision:
    """Everything, of one survey year.

    ``municipalities``: code → name, of the register; ``risks``: code of a risk → respondents that have it; ``rules``, ``criteria`` and
    ``open_cases``: the rows of their models; ``contacts``: those of ``fct_supervision_selection``, each with its ``municipality_name``,
    the labels of its ``criteria``, and as ``reasons`` its rows of the risk list; ``risk_list`` and ``cases``: the two CSV files without
    their origin.
    """

    reference_year: int
    municipalities: Mapping[str, str]
    respondents: int
    labels: Mapping[str, Mapping[str, Text]]
    steps: Sequence[Step]
    risks: Mapping[str, int]
    rules: Sequence[Record]
    criteria: Sequence[Record]
    contacts: Sequence[Record]
    open_cases: Sequence[Record]
    risk_list: Rows
    cases: Rows
    origin: Origin

    @property
    def contacted(self) -> int:
        """The municipalities that the criteria select."""
        return len({contact["municipality_code"] for contact in self.contacts})

    @property
    def recorded_to(self) -> date | None:
        """The date to which the age of an open case is counted; None where no case is open."""
        return self.open_cases[0]["recorded_to"] if self.open_cases else None

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)


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
    municipalities, criteria = of_year("rpt_municipalities"), of_year("rpt_selection_criteria")
    names = {row["municipality_code"]: row["municipality_name"] for row in municipalities}
    respondents = [row for row in municipalities if row["is_respondent"]]
    return Supervision(
        reference_year=flow[0]["reference_year"],
        municipalities=names,
        respondents=len(respondents),
        labels=labels(connection, schema),
        steps=_steps(flow),
        risks=Counter(row["risk"] for row in respondents),
        rules=of_year("rpt_risk_rules"),
        criteria=criteria,
        contacts=_contacts(of_year("fct_supervision_selection"), of_year("rpt_risk_list"), criteria, names),
        open_cases=of_year("rpt_open_cases"),
        risk_list=stored_rows(connection, schema, "rpt_risk_list", survey_year=survey_year),
        cases=stored_rows(connection, schema, "rpt_cases", survey_year=survey_year),
        origin=origin_of([origin, *(row["origin"] for row in flow)]),
    )


def _steps(flow: Sequence[Record]) -> list[Step]:
    """The steps that the figure shows: what the analysis could not assess only where that happened."""
    steps: dict[str, Step] = {}
    for row in flow:
        step = steps.setdefault(row["step"], Step(row["step"], row["label"], row["after"], {}))
        step.counts[row["domain"]] = Count(row["municipalities"], row["base"], row["without_questionnaire"])
    return [step for step in steps.values() if step.key != "not_assessable" or not step.is_empty]


def _contacts(
    selected: Sequence[Record], risk_list: Sequence[Record], criteria: Sequence[Record], names: Mapping[str, str]
) -> list[Record]:
    """By the municipality's code, LEA before vve; reasons in the order of the rules."""
    label = {row["criterion"]: row["label"] for row in criteria}
    reasons = defaultdict(list)
    for row in risk_list:
        reasons[row["municipality_code"], row["domain"]].append(row)
    return [
        {
            **row,
            "municipality_name": names[row["municipality_code"]],
            "criteria": [label[criterion] for criterion in row["selected_by"]],
            "reasons": reasons[row["municipality_code"], row["domain"]],
        }
        for row in selected
    ]
