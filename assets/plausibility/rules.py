"""Reads ``data/plausibility.yaml``: which answers are possible but odd, and what the municipality is then asked.

Belongs here: the fields of a rule, by kind, and the rules as rows that SQL joins. Does not belong here: comparing
(``dbt_project``, ``fct_plausibility``), what a cell may hold at all (``assets/answers/cell_judgements.py``).

Kinds, each a comparison that ``fct_plausibility`` knows; the thresholds are data:

- ``beside_other_count``: a count, beside another count of the same year, within bounds;
- ``beside_last_year``: a count, beside the same count of the year before, within bounds;
- ``equal_to_last_year``: a count that equals last year's to the digit, from a size on;
- ``choice_changed``: other options are chosen than last year (of ``definition_indicators``), as many or not.

Bounds are ``at_least`` and ``at_most`` times what the count is compared with; a difference of up to ``margin`` is never
odd.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import Field, model_validator

from assets.base.models import HeldUntilEnded, Slug, TextPair, ValidYears, in_columns, once_each
from assets.base.schemas import LakeTable, decimal, in_both_languages, name, one_of, place, whole, year
from assets.base.yaml_file import load_model
from assets.questionnaires.confirmed import confirmed_check
from assets.questionnaires.model import MOST

if TYPE_CHECKING:
    import pandas as pd

CountConcept = Literal["target_toddlers", "places", "reached_toddlers"]
ChoiceConcept = Literal["definition_indicators"]
Kind = Literal["beside_other_count", "beside_last_year", "equal_to_last_year", "choice_changed"]
PLAUSIBILITY_RULES = LakeTable(
    "plausibility/rules",
    "One row per plausibility rule, with its thresholds and what a municipality is asked, in order, from "
    "data/plausibility.yaml. What a kind of rule does not use is empty.",
    {
        "rule_no": place("Place of the rule in the list."),
        "rule": name("The rule."),
        "kind": one_of("What is compared with what.", get_args(Kind)),
        "concept": one_of("What is compared.", (*get_args(CountConcept), *get_args(ChoiceConcept))),
        "other_concept": one_of("The count of the same year beside it.", get_args(CountConcept), nullable=True),
        "at_least": decimal("Lower bound, times what it is compared with.", 0, 1_000, nullable=True),
        "at_most": decimal("Upper bound, times what it is compared with.", 0, 1_000, nullable=True),
        "margin": whole("Difference that is never odd, in toddlers or places.", 0, MOST, bits=64, nullable=True),
        "smallest": whole("Count from which equality is odd, in toddlers or places.", 1, MOST, bits=64, nullable=True),
        **in_both_languages("label", "What is odd"),
        **in_both_languages("ask", "What the municipality is asked; what is in braces is filled in"),
        "valid_from": year("First survey year in which the rule holds."),
        "valid_to": year("Last survey year in which the rule holds; empty: until further notice.", nullable=True),
        "confirmed_until": year("Last survey year for which a person confirmed it; empty: not kept.", nullable=True),
    },
    key=("rule",),
)
Times = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=3)]
_OF_THIS_YEAR = frozenset({"value", "reference_year"})
_OF_LAST_YEAR = frozenset({"last_year_value", "last_reference_year"})
CONFIRMED_RULES = confirmed_check(PLAUSIBILITY_RULES.name, "plausibility.yaml")


class _Rule(ValidYears):
    """What every rule has. ``ask``: the question to the municipality, in which the words in braces are filled in."""

    words: ClassVar[frozenset[str]]

    id: Slug
    label: TextPair
    ask: TextPair

    @model_validator(mode="after")
    def _asks_with_known_words(self) -> Self:
        for text in self.ask.both:
            if unknown := sorted(set(re.findall(r"\{([^}]*)\}?", text)) - self.words):
                known = ", ".join(f"{{{word}}}" for word in sorted(self.words))
                raise ValueError(f"'ask' has {{{unknown[0]}}}, but what can be filled in is {known}")
        return self


class _Bounded(_Rule):
    count: CountConcept
    at_least: Times | None = None
    at_most: Times | None = None
    margin: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _has_bounds(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("a rule with bounds has 'at_least', 'at_most' or both")
        if self.at_least is not None and self.at_least > 1:
            raise ValueError(f"at_least is {self.at_least}: that a count is as large as the other would be odd")
        if self.at_most is not None and self.at_most < 1:
            raise ValueError(f"at_most is {self.at_most}: that a count is as large as the other would be odd")
        return self


class BesideOtherCount(_Bounded):
    """A count is compared with another of the same year."""

    words = _OF_THIS_YEAR | {"other_value"}

    kind: Literal["beside_other_count"]
    other: CountConcept

    @model_validator(mode="after")
    def _compares_two(self) -> Self:
        if self.other == self.count:
            raise ValueError(f"{self.count} is compared with itself")
        return self


class BesideLastYear(_Bounded):
    """A count is compared with that of the year before."""

    words = _OF_THIS_YEAR | _OF_LAST_YEAR

    kind: Literal["beside_last_year"]


class EqualToLastYear(_Rule):
    """A count is exactly that of the year before."""

    words = _OF_THIS_YEAR | _OF_LAST_YEAR

    kind: Literal["equal_to_last_year"]
    count: CountConcept
    smallest: int = Field(ge=1)


class ChoiceChanged(_Rule):
    """Other options are chosen than in the year before."""

    words = _OF_THIS_YEAR | _OF_LAST_YEAR

    kind: Literal["choice_changed"]
    choice_of: ChoiceConcept


PlausibilityRule = Annotated[
    BesideOtherCount | BesideLastYear | EqualToLastYear | ChoiceChanged, Field(discriminator="kind")
]


class PlausibilityRules(HeldUntilEnded):
    """All rules, in the order in which they are shown."""

    rules: Annotated[tuple[PlausibilityRule, ...], Field(min_length=1), once_each("rule")]


def load_rules(file: Path) -> tuple[PlausibilityRule, ...]:
    """The rules of the file. Raises BadInput, with file, rule and remedy, for the first that cannot be used."""
    remedy = "mend that place; assets/plausibility/rules.py says what each field may hold"
    return load_model(file, PlausibilityRules, "list of plausibility rules", remedy).rules


def rules_table(rules: tuple[PlausibilityRule, ...], until: int | None = None) -> pd.DataFrame:
    """``PLAUSIBILITY_RULES``; ``until``: the last survey year for which they were confirmed."""
    rows = (_row(number, rule) for number, rule in enumerate(rules, 1))
    return PLAUSIBILITY_RULES.frame({**row, "confirmed_until": until} for row in rows)


def _row(number: int, rule: PlausibilityRule) -> dict[str, Any]:
    return {
        **rule.model_dump(exclude={"id", "label", "ask", "count", "other", "choice_of"}),
        "rule_no": number,
        "rule": rule.id,
        "concept": rule.choice_of if isinstance(rule, ChoiceChanged) else rule.count,
        "other_concept": rule.other if isinstance(rule, BesideOtherCount) else None,
        **in_columns(label=rule.label, ask=rule.ask),
    }
