"""The plausibility questions about counts, before there is a warehouse."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assets.plausibility.counts import odd_counts
from assets.plausibility.rules import load_rules
from assets.registers.lineage import continued
from assets.registers.loader import load_register

DATA = Path(__file__).parents[3] / "data"


@pytest.mark.parametrize(
    ("concept", "value", "other", "last_year", "odd"),
    [
        ("reached_toddlers", 101, {"target_toddlers": 100}, None, {"reached_above_target"}),
        ("reached_toddlers", 100, {"target_toddlers": 100}, None, set()),
        ("places", 29, {"reached_toddlers": 60}, None, {"places_far_below_reached"}),
        ("places", 4, {"reached_toddlers": 14}, None, set()),
        ("target_toddlers", 126, {}, 100, {"target_toddlers_jump"}),
        ("target_toddlers", 125, {}, 100, set()),
        ("target_toddlers", 30, {}, 10, set()),
        ("target_toddlers", 31, {}, 10, {"target_toddlers_jump"}),
        ("places", 0, {}, 0, set()),
        ("places", 100, {}, 100, {"places_equal_to_last_year"}),
        ("places", 99, {}, 99, set()),
        ("places", 50, {}, None, set()),
    ],
)
def test_which_counts_are_odd(
    concept: str, value: int, other: dict[str, int], last_year: int | None, odd: set[str]
) -> None:
    counts = {("GM0363", c): n for c, n in {concept: value, **other}.items()}
    before = {("GM0363", concept): last_year} if last_year is not None else {}

    found = odd_counts(load_rules(DATA / "plausibility.yaml"), 2023, ["GM0363"], counts, before)

    assert {o.rule.id for o in found} == odd


def test_only_rules_of_the_year_ask() -> None:
    rules = load_rules(DATA / "plausibility.yaml")
    counts = {("GM0363", "target_toddlers"): 900}
    assert odd_counts(rules, 2020, ["GM0363"], counts, {("GM0363", "target_toddlers"): 100}) == []


@pytest.mark.parametrize(
    ("code", "since", "until", "was"),
    [
        ("GM0014", date(2020, 1, 1), date(2023, 1, 1), "GM0014"),
        ("GM0363", date(2022, 1, 1), date(2022, 3, 24), None),
        ("GM1979", date(2020, 1, 1), date(2021, 1, 1), None),
        ("GM0757", date(2020, 1, 1), date(2021, 1, 1), None),
    ],
)
def test_whether_a_territory_stayed_the_same(code: str, since: date, until: date, was: str | None) -> None:
    changes: pd.DataFrame = load_register(DATA / "registers", "municipality_changes")
    assert continued(changes, code, since, until) == was
