"""What one line of ``constraints/*.yaml`` may say, and how the lines are read.

Belongs here: the fields and kinds of constraints. Does not belong here: how a constraint is evaluated (``verify.py``) or
met (``blocks.py`` for choices, ``counts.py`` for the vve counts).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assets.questionnaires.model import RoutingCondition

CONSTRAINTS_DIR = Path(__file__).parent / "constraints"

Kind = Literal[
    "respondents",  # value municipalities answered; with also_in: answered that year too; register: of so many
    "asked_count",  # value municipalities were asked the question
    "missing_count",  # value municipalities were asked the question and did not answer it
    "option_count",  # value municipalities chose one of the options
    "option_percent",  # the same as a percentage of the base
    "option_order",  # the options are chosen more often, or as often, in the order given
    "number_percent",  # the percentage of the base that chose 'number' of the items
    "number_mean",  # the mean number of items chosen
    "number_range",  # at least min and at most max items chosen, both of which occur (spread: both must)
    "direction",  # share, or mean number of items, rises from the first category to the last by at least 'difference'
    "mean_direction",  # the mean of a count rises from the first category to the last by at least 'difference'
    "given_count",  # value municipalities gave all the counts named in 'counts'
    "sum",  # the sum of a count over the municipalities that gave it
    "comparison_count",  # value municipalities gave both counts, the first 'relation' the second
    "comparison_percent",  # the same as a percentage of those that gave both
    "incomparable_count",  # value municipalities did not give both counts
    "ratio_percent",  # sum of the first count over sum of the second, over those that gave both
    "breadth_count",  # municipalities that gave both counts and whose definition has 'number' indicators
    "breadth_mean_percent",  # … the mean of their municipal percentages
    "breadth_ratio_percent",  # … the ratio of their sums
    "panel_size",  # municipalities that gave every count in every year, under the same code and territory
    "panel_stability",  # largest yearly total over the smallest, of each count, in percent above 100
    "risk_count",  # respondents with a possible 'risk' by the rules in data/risk
    "risk_most",  # more respondents have a possible risk on 'subject' than on any other of its domain
    "selected_count",  # municipalities that the criteria in data/risk select
    "case_count",  # cases of a 'domain' in which a conversation was held, or that led to 'outcome'
    "case_percent",  # the latter as a percentage of the former
]

CHOICE_KINDS = (
    "option_count",
    "option_percent",
    "option_order",
    "missing_count",
    "number_percent",
    "number_mean",
    "number_range",
    "direction",
)


class Item(BaseModel):
    """A thing that can be chosen: one of the options of a question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    options: tuple[str, ...]


class Constraint(BaseModel):
    """One figure that the answers must meet.

    ``value`` is the figure as printed, with ``decimals`` printed decimals; percentages round half up. Instead of a value,
    ``min`` and ``max`` hold what words as "ongeveer een vijfde tot een kwart" allow, bounds included.
    ``population``: ``all`` respondents or the ``analysis`` population of the questionnaire. ``among`` narrows it by a
    condition in the questionnaire's own form; ``category`` by a class of the municipality. ``base``: the denominator is
    those who were ``asked`` the question, those of them who ``answered``, or ``all`` of the population.
    ``selected``: in a domain, of those who answered; ``any``: in either, with those who did not answer; or only these.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_.]*$")
    source: str = Field(min_length=5)
    survey_year: int
    kind: Kind
    question: str | None = None
    options: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    counts: tuple[str, ...] = ()
    relation: Literal["at_least", "below"] | None = None
    number: tuple[int, ...] = ()
    value: float | None = None
    min: float | None = None
    max: float | None = None
    decimals: int = 0
    population: Literal["all", "analysis"] = "all"
    among: RoutingCondition | None = None
    category: dict[Literal["urbanisation_class", "disadvantage_group"], str] = Field(default_factory=dict)
    base: Literal["asked", "answered", "all"] = "asked"
    by: Literal["urbanisation_class", "disadvantage_group"] | None = None
    order: tuple[str, ...] = ()
    difference: float = 0.0
    also_in: int | None = None
    register_size: int | None = None
    survey_years: tuple[int, ...] = ()
    spread: bool = False
    risk: Literal["none", "lea", "vve", "lea_only", "vve_only", "both", "any"] | None = None
    subject: str | None = None
    selected: Literal["lea", "vve", "any", "without_questionnaire"] | None = None
    domain: Literal["lea", "vve"] | None = None
    outcome: Literal["no_risk", "improvement_agreement", "investigation"] | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if self.kind in ("direction", "mean_direction"):
            if self.by is None or len(self.order) < 2:
                raise ValueError(f"{self.id}: a direction needs 'by' and an 'order' of two or more categories")
        elif self.kind not in ("option_order", "risk_most") and (self.value is None) == (
            self.min is None and self.max is None
        ):
            raise ValueError(f"{self.id}: give either value, or min and/or max")
        needed = {"risk_count": "risk", "risk_most": "subject", "selected_count": "selected"}
        needed |= {"case_count": "domain", "case_percent": "domain"}
        if self.kind in needed and getattr(self, needed[self.kind]) is None:
            raise ValueError(f"{self.id}: name the {needed[self.kind]}")
        if self.question is not None and self.kind.startswith("option") and not self.options:
            raise ValueError(f"{self.id}: name the options")
        return self

    @property
    def chosen_items(self) -> tuple[Item, ...]:
        """What is counted: the items, or the options of the one question."""
        if self.items:
            return self.items
        return (Item(question=self.question, options=self.options),) if self.question and self.options else ()

    @property
    def questions(self) -> list[str]:
        """The questions whose answers the figure counts."""
        named = [item.question for item in self.chosen_items] + ([self.question] if self.question else [])
        return list(dict.fromkeys(named))


def load_constraints(folder: Path = CONSTRAINTS_DIR) -> list[Constraint]:
    """All constraints, file by file in the order of their names. A file's ``defaults`` hold for each line that is silent."""
    constraints: list[Constraint] = []
    for file in sorted(folder.glob("*.yaml")):
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        lists = content.get("lists", {})
        for line in content["constraints"]:
            constraints.append(Constraint.model_validate({**content.get("defaults", {}), **_unfold(line, lists)}))
    ids = [c.id for c in constraints]
    if double := sorted({i for i in ids if ids.count(i) > 1}):
        raise ValueError(f"constraint {', '.join(double)} stands more than once")
    return constraints


def _unfold(line: dict[str, Any], lists: dict[str, Any]) -> dict[str, Any]:
    """``option: "1"`` is short for ``options: ["1"]``; ``items: <name>`` for a list of the file's ``lists``."""
    line = dict(line)
    if "option" in line:
        line["options"] = [line.pop("option")]
    if isinstance(line.get("items"), str):
        line["items"] = lists[line["items"]]
    return line
