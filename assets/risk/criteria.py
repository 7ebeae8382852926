"""Reads ``data/risk/criteria.yaml``: which possible risks make a municipality one to contact.

Belongs here: the fields of a criterion, and unfolding criteria into rows that can be joined. Does not belong here:
evaluating a criterion (``dbt_project``, ``fct_supervision_selection``), the cases themselves (``events.py``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from assets.base.errors import BadInput
from assets.base.models import Filled, HeldUntilEnded, Slug, TextPair, ValidYears, in_columns, once_each
from assets.base.schemas import LakeTable, in_both_languages, name, one_of, place, text, whole, year
from assets.base.yaml_file import load_model
from assets.risk.rules import Domain, RiskRule

if TYPE_CHECKING:
    import pandas as pd

FILE_NAME = "criteria.yaml"
Counted = Literal["rules", "subjects"]
RISK_CRITERIA = LakeTable(
    "risk/criteria",
    "One row per selection criterion and rule, in order, from data/risk/criteria.yaml. rule is empty for a criterion "
    "that rests on no rule.",
    {
        "criterion_no": place("Place of the criterion in the list."),
        "criterion": name("The criterion."),
        "domain": one_of("What the municipality is contacted about.", get_args(Domain)),
        **in_both_languages("label", "The reason to contact it"),
        "rests_on": text("The place in a report that it rests on."),
        "valid_from": year("First survey year in which it holds."),
        "valid_to": year("Last survey year in which it holds; empty: until further notice.", nullable=True),
        "confirmed_until": year("Last survey year for which a person confirmed it; empty: not kept.", nullable=True),
        "rule": name("A rule that it counts; empty: it did not answer.", nullable=True),
        "at_least": whole("How many of its rules, or of their subjects, must be triggered.", 0, 1_000),
        "counts": one_of("subjects: several rules of one subject count once.", get_args(Counted)),
        "beside": one_of("The other domain in which it must be selected too.", get_args(Domain), nullable=True),
    },
    key=("criterion", "rule"),
)


class SelectionCriterion(ValidYears):
    """A reason to contact a municipality about ``domain``. One of three:

    - at least ``at_least`` of the ``rules`` named are triggered;
    - at least ``at_least`` of all rules of the domain ``rules_of`` are;
    - ``without_questionnaire``: it did not answer.

    ``counts``: ``subjects`` where several rules of one subject count once. ``beside``: and it is selected in that other
    domain, by a criterion without ``beside``.
    """

    id: Slug
    domain: Domain
    label: TextPair
    rules: tuple[Slug, ...] = ()
    rules_of: Domain | None = None
    at_least: int | None = Field(default=None, ge=1)
    counts: Counted = "rules"
    beside: Domain | None = None
    without_questionnaire: bool = False
    rests_on: Filled

    @model_validator(mode="after")
    def _is_one_of_three(self) -> Self:
        if [bool(self.rules), self.rules_of is not None, self.without_questionnaire].count(True) != 1:
            raise ValueError("a criterion has one of 'rules', 'rules_of' and 'without_questionnaire'")
        if self.without_questionnaire and (self.at_least is not None or self.beside is not None):
            raise ValueError("'at_least' and 'beside' go with 'rules' or 'rules_of'")
        if not self.without_questionnaire and self.at_least is None:
            raise ValueError("'at_least' is missing")
        if self.beside == self.domain:
            raise ValueError("'beside' names the other domain")
        return self


class SelectionCriteria(HeldUntilEnded):
    """All criteria, in the order in which they are shown."""

    criteria: Annotated[tuple[SelectionCriterion, ...], Field(min_length=1), once_each("criterion")]


def load_criteria(risk_dir: Path, rules: tuple[RiskRule, ...]) -> tuple[SelectionCriterion, ...]:
    """The criteria in ``risk_dir``. Raises BadInput, with file, criterion and remedy, for the first that cannot be
    used: also when it rests on a rule that does not exist, or not in all of its years, or on more rules than there
    are."""
    file = risk_dir / FILE_NAME
    remedy = "mend that place; assets/risk/criteria.py says what each field may hold"
    criteria = load_model(file, SelectionCriteria, "list of selection criteria", remedy).criteria
    for criterion in criteria:
        if problem := _unfounded(criterion, rules):
            raise BadInput(
                f"The criterion {criterion.id} {problem}",
                f"{file}, criteria › {criterion.id}",
                "name rules of data/risk/rules.yaml that are valid in the same survey years",
            )
    return criteria


def rules_behind(criterion: SelectionCriterion, rules: tuple[RiskRule, ...]) -> list[str]:
    """The ids of the rules that the criterion counts, in their own order."""
    return list(counted_by(criterion, rules))


def counted_by(criterion: SelectionCriterion, rules: tuple[RiskRule, ...]) -> dict[str, str]:
    """Rule behind the criterion → what it counts as: itself, or its subject."""
    behind = [rule for rule in rules if rule.id in criterion.rules or rule.domain == criterion.rules_of]
    return {rule.id: rule.subject if criterion.counts == "subjects" else rule.id for rule in behind}


def _unfounded(criterion: SelectionCriterion, rules: tuple[RiskRule, ...]) -> str | None:
    """What is wrong between the criterion and the rules, in words."""
    if criterion.without_questionnaire:
        return None
    by_id = {rule.id: rule for rule in rules}
    if unknown := sorted(set(criterion.rules) - set(by_id)):
        return f"names {', '.join(unknown)}, which is no rule"
    countable = set(counted_by(criterion, rules).values())
    if len(countable) < (criterion.at_least or 0):
        return f"asks for {criterion.at_least} {criterion.counts}, but rests on {len(countable)}"
    for rule in (by_id[i] for i in criterion.rules):
        ends_later = rule.valid_to is not None and (criterion.valid_to or 9999) > rule.valid_to
        if rule.valid_from > criterion.valid_from or ends_later:
            return f"holds in survey years in which the rule {rule.id} does not"
    return None


def criteria_table(
    criteria: tuple[SelectionCriterion, ...], rules: tuple[RiskRule, ...], until: int | None = None
) -> pd.DataFrame:
    """``RISK_CRITERIA``; ``until``: the last survey year for which they were confirmed."""
    return RISK_CRITERIA.frame(
        {
            **criterion.model_dump(include={"domain", "rests_on", "valid_from", "valid_to", "counts", "beside"}),
            "confirmed_until": until,
            "criterion_no": criterion_no,
            "criterion": criterion.id,
            **in_columns(label=criterion.label),
            "rule": rule,
            "at_least": criterion.at_least or 0,
        }
        for criterion_no, criterion in enumerate(criteria, 1)
        for rule in (rules_behind(criterion, rules) or (None,))
    )
