"""Reads ``data/risk/rules.yaml``: which answers are a possible risk, as conditions that SQL matches.

Belongs here: the fields of a rule, and unfolding rules into rows that can be joined. Does not belong here: evaluating a
rule (``dbt_project``, ``fct_risk_signals``), whom to contact (``criteria.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from assets.base.errors import BadInput
from assets.base.models import Filled, HeldUntilEnded, Slug, StrictModel, TextPair, ValidYears, in_columns, once_each
from assets.base.schemas import LakeTable, in_both_languages, name, one_of, place, text, whole, year
from assets.base.yaml_file import load_model
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    import pandas as pd

Domain = Literal["lea", "vve"]
# What is worked out of several answers and can be in a condition beside them: the options of fct_places.sufficiency.
DERIVED: dict[str, tuple[str, ...]] = {"places_sufficiency": ("sufficient", "insufficient", "unknown")}
FILE_NAME = "rules.yaml"
RISK_RULES = LakeTable(
    "risk/rules",
    "One row per rule, condition and option of the risk analysis, in order, from data/risk/rules.yaml.",
    {
        "rule_no": place("Place of the rule in the list."),
        "rule": name("The rule."),
        "domain": one_of("What it is a possible risk for.", get_args(Domain)),
        "subject": name("The part of the task that it is about."),
        **in_both_languages("label", "The possible risk"),
        "at_least": whole("How many conditions must hold.", 1, 1_000),
        "rests_on": text("The law, or the place in a report, that it rests on."),
        "valid_from": year("First survey year in which it holds."),
        "valid_to": year("Last survey year in which it holds; empty: until further notice.", nullable=True),
        "confirmed_until": year("Last survey year for which a person confirmed it; empty: not kept.", nullable=True),
        "condition_no": place("Place of the condition in its rule."),
        "concept": name("The concept of the question that is looked at, or what is derived."),
        "item": name("The theme or topic of the question; empty where it has none.", nullable=True),
        "option_key": name("An option that makes the condition hold."),
        "settled_concept": name("The concept after whose answer it is not asked; empty: none.", nullable=True),
        "settled_option": name("The option with which that question settles it.", nullable=True),
    },
    key=("rule", "condition_no", "option_key"),
)


class SettlingAnswer(StrictModel):
    """The answer after which a question is not asked. Its item is that of the question."""

    concept: Slug
    option: Slug


class RiskCondition(StrictModel):
    """One of the ``options`` (keys) of a question was chosen, or is what was ``derived``. ``item``: the theme or topic
    of the question. ``settled_by``: with that answer the question is not asked and the condition does not hold."""

    concept: Slug | None = None
    item: Slug | None = None
    derived: Literal["places_sufficiency"] | None = None
    options: tuple[Slug, ...] = Field(min_length=1)
    settled_by: SettlingAnswer | None = None

    @model_validator(mode="after")
    def _rests_on_one_thing(self) -> Self:
        if (self.concept is None) == (self.derived is None):
            raise ValueError("a condition has either 'concept' or 'derived'")
        if self.derived is not None:
            if self.item is not None or self.settled_by is not None:
                raise ValueError("'item' and 'settled_by' go with 'concept', not with 'derived'")
            if unknown := sorted(set(self.options) - set(DERIVED[self.derived])):
                raise ValueError(f"{self.derived} has no option {', '.join(unknown)}")
        if len(set(self.options)) < len(self.options):
            raise ValueError("an option appears twice")
        return self

    @property
    def source(self) -> str:
        """The concept, or what is derived."""
        return self.concept or str(self.derived)


class RiskRule(ValidYears):
    """A possible risk: at least ``at_least`` of the conditions hold. ``subject``: the part of the task that it is
    about. ``rests_on``: the law or the place in a report."""

    id: Slug
    domain: Domain
    subject: Slug
    label: TextPair
    when: tuple[RiskCondition, ...] = Field(min_length=1)
    at_least: int = Field(default=1, ge=1)
    rests_on: Filled

    @model_validator(mode="after")
    def _can_be_triggered(self) -> Self:
        if self.at_least > len(self.when):
            raise ValueError(f"at_least is {self.at_least}, but there are {len(self.when)} conditions")
        return self


class RiskRules(HeldUntilEnded):
    """All rules, in the order in which they are shown."""

    rules: Annotated[tuple[RiskRule, ...], Field(min_length=1), once_each("rule")]


def load_rules(risk_dir: Path, questionnaires: Mapping[int, Questionnaire]) -> tuple[RiskRule, ...]:
    """The rules in ``risk_dir``. Raises BadInput, with file, rule and remedy, for the first that cannot be used: also
    when a questionnaire of a year in which it is valid does not ask what it rests on."""
    file = risk_dir / FILE_NAME
    remedy = "mend that place; assets/risk/rules.py says what each field may hold"
    rules = load_model(file, RiskRules, "list of risk rules", remedy).rules
    for rule in rules:
        for survey_year, questionnaire in questionnaires.items():
            if rule.holds_in(survey_year) and (problem := not_asked(rule, questionnaire)):
                raise BadInput(
                    f"The rule {rule.id} rests on {problem}, which the questionnaire of {survey_year} does not have",
                    f"{file}, rules › {rule.id}",
                    "name a concept, item and option key of that questionnaire, or end the rule with valid_to",
                )
    return rules


def not_asked(rule: RiskRule, questionnaire: Questionnaire) -> str | None:
    """What the rule names and the questionnaire lacks, in words; None where it has all."""
    asked = {(q.concept, q.item): {option.key for option in q.options} for q in questionnaire.questions}
    for condition in rule.when:
        if condition.concept is None:
            continue
        named = [(condition.concept, condition.options)]
        if condition.settled_by is not None:
            named.append((condition.settled_by.concept, (condition.settled_by.option,)))
        for concept, options in named:
            name = f"{concept} ({condition.item})" if condition.item else concept
            if (concept, condition.item) not in asked:
                return name
            if unknown := sorted(set(options) - asked[concept, condition.item]):
                return f"{name} option {', '.join(unknown)}"
    return None


def rules_table(rules: tuple[RiskRule, ...], until: int | None = None) -> pd.DataFrame:
    """``RISK_RULES``; ``until``: the last survey year for which they were confirmed."""
    return RISK_RULES.frame({**row, "confirmed_until": until} for row in _rows(rules))


def _rows(rules: tuple[RiskRule, ...]) -> Iterator[dict[str, Any]]:
    for rule_no, rule in enumerate(rules, 1):
        shared = rule.model_dump(include={"domain", "subject", "at_least", "rests_on", "valid_from", "valid_to"})
        for condition_no, condition in enumerate(rule.when, 1):
            for option in condition.options:
                yield {
                    **shared,
                    "rule_no": rule_no,
                    "rule": rule.id,
                    **in_columns(label=rule.label),
                    "condition_no": condition_no,
                    "concept": condition.source,
                    "item": condition.item,
                    "option_key": option,
                    "settled_concept": condition.settled_by.concept if condition.settled_by else None,
                    "settled_option": condition.settled_by.option if condition.settled_by else None,
                }
