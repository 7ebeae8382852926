"""A blank, a zero, a missing code and a value out of range in each question of each survey year: nothing stops.

Each odd cell has a municipality of its own, so one run holds as many as there are questions. When a run stops, its
cases are halved until the question that stops it has a name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from synthetic.rough.single_cells import KINDS, Case, Kind, cases_of, make_single_cells
from tests.pipeline.conftest import Installation, remove
from tests.rough.soundness import message, run


@pytest.mark.rough
@pytest.mark.sample
def test_an_odd_cell_in_each_question_stops_nothing(place: Installation) -> None:
    nothing_stops(cases_of(one_each=True), place)


@pytest.mark.rough
@pytest.mark.parametrize("kind", KINDS)
def test_each_odd_cell_in_each_question_stops_nothing(kind: Kind, place: Installation) -> None:
    nothing_stops(cases_of((kind,)), place)


def test_what_stops_a_run_is_named() -> None:
    cases = cases_of(("blank",))
    culprits = [cases[7], cases[90]]
    assert narrowed(cases, lambda some: [c for c in culprits if c in some][:1]) in [[c] for c in culprits]


def test_what_stops_a_run_only_together_is_named_together() -> None:
    cases = cases_of(("blank",))
    pair = [cases[3], cases[200]]
    found = narrowed(cases, lambda some: ["stops"] if set(pair) <= set(some) else [])
    assert set(pair) <= set(found)


def nothing_stops(cases: Sequence[Case], place: Installation) -> None:
    def problems(some: Sequence[Case]) -> list[str]:
        make_single_cells(place.data, some)
        found = run(place)
        remove(place)
        return found

    found = problems(cases)
    assert not found, f"{message(found)}\n\nit comes of {', '.join(map(str, narrowed(cases, problems)))}"


def narrowed(cases: Sequence[Case], problems: Callable[[Sequence[Case]], Sequence[object]]) -> list[Case]:
    """Fewer of the cases that still have problems: one where a single one has, more where only several together
    have."""
    left = list(cases)
    while len(left) > 1:
        halves = (left[: len(left) // 2], left[len(left) // 2 :])
        found = next((half for half in halves if problems(half)), None)
        if found is None:
            break
        left = found
    return left
