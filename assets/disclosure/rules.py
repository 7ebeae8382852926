"""Reads ``data/disclosure.yaml``: what is not published about groups of municipalities, and the words for readers.

Belongs here: the fields of the file and its tables. Does not belong here: judging a fact (``verdicts.py``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from assets.base.models import Filled, Slug, StrictModel, TextPair, in_columns, once_each, refuse_double
from assets.base.schemas import LakeTable, in_both_languages, one_of, text, whole
from assets.base.yaml_file import load_model

if TYPE_CHECKING:
    import pandas as pd

RULES = LakeTable(
    "disclosure/rules",
    "One row per entry of data/disclosure.yaml: what is not published about groups of municipalities.",
    {
        "kind": one_of("What the row is; a sign has its footnote in words.", ("rule", "exempt", "breakdown", "sign")),
        "name": text("The rule, the exempt measure, the breakdown that may be public, or the sign itself."),
        "limit": whole("Of a rule with a limit, municipalities or percent.", 1, 1_000, nullable=True),
        **in_both_languages(
            "words", "The rule, the reason of the exemption, or the footnote of the sign", nullable=True
        ),
    },
    key=("kind", "name"),
)

_LIMITED = ("too_few", "too_few_to_divide", "largest", "two_largest", "p_percent")
_UNLIMITED = ("unanimous", "inside_only", "derivable")


class DisclosureRule(StrictModel):
    """A rule, in words. ``limit``: the fewest municipalities, or a percentage of a sum."""

    id: Literal[
        "too_few", "too_few_to_divide", "unanimous", "largest", "two_largest", "p_percent", "inside_only", "derivable"
    ]
    limit: Annotated[int, Field(gt=0)] | None = None
    words: TextPair

    @model_validator(mode="after")
    def _has_a_limit_where_it_needs_one(self) -> Self:
        if (self.limit is None) == (self.id in _LIMITED):
            raise ValueError(f"rule {self.id} {'needs a' if self.id in _LIMITED else 'has no'} limit")
        return self


class Exemption(StrictModel):
    """Measures that are public already, and why."""

    measures: tuple[Slug, ...] = Field(min_length=1)
    because: TextPair


class DisclosureRules(StrictModel):
    """The file. Every rule is in it, once: a rule that is missing would be a rule that nobody holds."""

    sign: Filled
    footnote: TextPair
    breakdowns: tuple[Slug, ...]
    rules: Annotated[tuple[DisclosureRule, ...], once_each("rule")]
    exempt: tuple[Exemption, ...] = ()

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if absent := {*_LIMITED, *_UNLIMITED} - {rule.id for rule in self.rules}:
            raise ValueError(f"there is no rule {', '.join(sorted(absent))}")
        refuse_double("exempt measure", (measure for one in self.exempt for measure in one.measures))
        return self


def load_rules(file: Path) -> DisclosureRules:
    """The rules. Raises BadInput when the file cannot be used."""
    remedy = "mend that place; assets/disclosure/rules.py says what each field may hold"
    return load_model(file, DisclosureRules, "file of disclosure rules", remedy)


def rule_rows(rules: DisclosureRules) -> pd.DataFrame:
    """The file as ``RULES``."""
    return RULES.frame(
        [
            {"kind": "sign", "name": rules.sign, **in_columns(words=rules.footnote)},
            *({"kind": "breakdown", "name": name} for name in rules.breakdowns),
            *({"kind": "rule", "name": r.id, "limit": r.limit, **in_columns(words=r.words)} for r in rules.rules),
            *(
                {"kind": "exempt", "name": measure, **in_columns(words=one.because)}
                for one in rules.exempt
                for measure in one.measures
            ),
        ]
    )
