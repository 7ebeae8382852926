"""Who was asked what: conditions over answers of which some are unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.answers.routing import Given, evaluate
from assets.questionnaires.model import RoutingCondition

TRUE, FALSE, UNKNOWN = "true", "false", "unknown"
BOTH_TRUE = {(TRUE, TRUE): TRUE, (TRUE, FALSE): FALSE, (TRUE, UNKNOWN): UNKNOWN, (FALSE, UNKNOWN): FALSE}
ONE_TRUE = {(TRUE, FALSE): TRUE, (FALSE, FALSE): FALSE, (TRUE, UNKNOWN): TRUE, (FALSE, UNKNOWN): UNKNOWN}

# A, B and C are single choices whose option 1 is what conditions ask for.
WORLDS = st.fixed_dictionaries({name: st.sampled_from([TRUE, FALSE, UNKNOWN]) for name in "ABC"})
CONDITIONS = st.recursive(
    st.sampled_from("ABC").map(lambda name: {"question": name, "is": ["1"]}),
    lambda parts: st.tuples(st.sampled_from(["all", "any"]), st.lists(parts, min_size=1, max_size=3)).map(
        lambda kind: {kind[0]: kind[1]}
    ),
    max_leaves=6,
)


def choice(truth: str) -> Given:
    return choices({"1": truth})


def choices(truths: dict[str, str]) -> Given:
    chosen, not_chosen = ({code: np.array([own == truth]) for code, own in truths.items()} for truth in (TRUE, FALSE))
    return Given(chosen, not_chosen, np.array([np.nan]), np.array([UNKNOWN not in truths.values()]))


def count(number: float | None, known: bool = True) -> Given:
    return Given({}, {}, np.array([np.nan if number is None else number]), np.array([known]))


def outcome(condition: dict[str, Any], **answers: Given) -> str:
    truth = evaluate(RoutingCondition.model_validate(condition), answers)
    assert not (truth.true & truth.false).any()
    return TRUE if truth.true[0] else FALSE if truth.false[0] else UNKNOWN


def reference(condition: dict[str, Any], world: dict[str, str]) -> str:
    """Kleene's logic as a minimum (all) or a maximum (any) of false < unknown < true."""
    order = [FALSE, UNKNOWN, TRUE]
    if "question" in condition:
        return world[condition["question"]]
    (kind, parts), *_ = condition.items()
    ranks = [order.index(reference(part, world)) for part in parts]
    return order[min(ranks) if kind == "all" else max(ranks)]


@pytest.mark.parametrize(("kind", "table"), [("all", BOTH_TRUE), ("any", ONE_TRUE)])
def test_conditions_over_an_unknown_answer(kind: str, table: dict[tuple[str, str], str]) -> None:
    for (left, right), expected in table.items():
        parts = [{"question": "A", "is": ["1"]}, {"question": "B", "is": ["1"]}]
        assert outcome({kind: parts}, A=choice(left), B=choice(right)) == expected
        assert outcome({kind: parts[::-1]}, A=choice(left), B=choice(right)) == expected


@given(CONDITIONS, WORLDS)
def test_conditions_of_any_depth_follow_three_valued_logic(condition: dict[str, Any], world: dict[str, str]) -> None:
    assert outcome(condition, **{name: choice(truth) for name, truth in world.items()}) == reference(condition, world)


@given(CONDITIONS, WORLDS, st.sampled_from("ABC"), st.sampled_from([TRUE, FALSE]))
def test_what_was_certain_stays_so_when_more_is_known(
    condition: dict[str, Any], world: dict[str, str], name: str, learnt: str
) -> None:
    before = outcome(condition, **{n: choice(truth) for n, truth in world.items()})
    if world[name] == UNKNOWN and before != UNKNOWN:
        assert outcome(condition, **{n: choice(t) for n, t in {**world, name: learnt}.items()}) == before


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (count(3), count(5), TRUE),
        (count(5), count(5), FALSE),
        (count(6), count(5), FALSE),
        (count(None), count(5), FALSE),
        (count(3), count(None), FALSE),
        (count(None, known=False), count(5), UNKNOWN),
        (count(3), count(None, known=False), UNKNOWN),
    ],
)
def test_a_count_below_another_needs_both(left: Given, right: Given, expected: str) -> None:
    assert outcome({"question": "R2", "below": "R1"}, R2=left, R1=right) == expected


def test_a_multiple_choice_with_an_unknown_option_can_still_be_certain() -> None:
    """One option is surely chosen, a second box could not be read, a third surely is not chosen."""
    partners = choices({"1": TRUE, "2": UNKNOWN, "3": FALSE})

    assert outcome({"question": "Q", "is": ["1"]}, Q=partners) == TRUE
    assert outcome({"question": "Q", "is": ["2"]}, Q=partners) == UNKNOWN
    assert outcome({"question": "Q", "is": ["1", "2"]}, Q=partners) == TRUE
    assert outcome({"question": "Q", "is": ["3"]}, Q=partners) == FALSE
    assert outcome({"question": "Q", "is": ["2", "3"]}, Q=partners) == UNKNOWN
