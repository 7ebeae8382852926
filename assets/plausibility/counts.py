"""The plausibility questions about counts, asked of answers that are not in the warehouse yet.

Belongs here: the three kinds of ``rules.py`` that compare two counts, so that ``lea check`` asks them before a file is
accepted. ``fct_plausibility`` is where they are asked for good; a test of the whole run holds that both ask the same.
``choice_changed`` needs definitions carried over the years, and is asked there only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.answers.cell_judgements import ANSWERED
from assets.plausibility.rules import BesideLastYear, BesideOtherCount, ChoiceChanged, EqualToLastYear, PlausibilityRule
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    import pandas as pd

#: Municipality and count (a concept of ``rules.CountConcept``) → the number that counts.
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Odd:
    """A count that a rule finds odd, and what it was compared with."""

    municipality: str
    rule: PlausibilityRule
    value: int
    compared: int


def counts_of(questionnaire: Questionnaire, answers: pd.DataFrame) -> dict[tuple[str, str], int]:
    """The counts that were answered in rows that count."""
    concepts = {q.id: q.concept for q in questionnaire.questions if q.answer_type == "count"}
    own = answers[answers["is_current"] & (answers["status"] == ANSWERED) & answers["question_id"].isin(concepts)]
    concept = own["question_id"].astype("str").map(concepts)
    return dict(
        zip(zip(own["municipality_code"].astype("str"), concept, strict=True), map(int, own["number"]), strict=True)
    )


def odd_counts(
    rules: Collection[PlausibilityRule],
    survey_year: int,
    municipalities: Collection[str],
    counts: Counts,
    last_year: Counts,
) -> list[Odd]:
    """The counts of these municipalities that the rules of a survey year find odd, by rule.

    ``last_year``: the counts of the survey year before, under the code that the same territory has now.
    """
    in_force = [rule for rule in rules if rule.holds_in(survey_year)]
    return [odd for rule in in_force for odd in _odd_by(rule, municipalities, counts, last_year)]


def _odd_by(
    rule: PlausibilityRule, municipalities: Collection[str], counts: Counts, last_year: Counts
) -> Iterator[Odd]:
    if isinstance(rule, ChoiceChanged):
        return
    for code in municipalities:
        value = counts.get((code, rule.count))
        beside = (
            counts.get((code, rule.other)) if isinstance(rule, BesideOtherCount) else last_year.get((code, rule.count))
        )
        if value is not None and beside is not None and _is_odd(rule, value, beside):
            yield Odd(code, rule, value, beside)


def _is_odd(rule: BesideOtherCount | BesideLastYear | EqualToLastYear, value: int, compared: int) -> bool:
    if isinstance(rule, EqualToLastYear):
        return value == compared and value >= rule.smallest
    if abs(value - compared) <= rule.margin:
        return False
    too_low = rule.at_least is not None and value < rule.at_least * compared
    return too_low or (rule.at_most is not None and value > rule.at_most * compared)
