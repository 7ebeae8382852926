"""Small worlds of a few classes: what is withheld by a rule, and what has to be withheld with it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
import pytest

from assets.disclosure.facts import KEY
from assets.disclosure.verdicts import judge

LIMITS = {"too_few": 10, "too_few_to_divide": 30, "largest": 50, "two_largest": 75, "p_percent": 10}
QUESTIONS = ["measure", "survey_year", "question_id", "routed_on"]
YEAR, POPULATION, BREAKDOWN = 2030, "respondents", "urbanisation_class"


@dataclass(frozen=True)
class World:
    """By class, one entry per municipality: what it adds to the measure, None when it is not in its base."""

    values: dict[str, list[int | None]]
    kind: str = "ratio"
    is_printed: frozenset[str] = field(default_factory=frozenset)

    def verdicts(self) -> dict[str, str]:
        """The verdict per class, and of all together ('all')."""
        rows = [(f"GM{number:04}", category, value) for number, (category, value) in enumerate(self._listed())]
        of_measure = {"measure": "m", "survey_year": YEAR, "population": POPULATION}
        members = pd.DataFrame(
            [
                {**of_measure, "municipality_code": code, "numerator": value, "unknown": 0}
                | {"denominator": 1 if self.kind == "ratio" else None}
                for code, _, value in rows
                if value is not None
            ]
        )
        groups = pd.DataFrame(
            [
                {"survey_year": YEAR, "population": POPULATION, "municipality_code": code}
                | {"breakdown": breakdown, "category": category if breakdown == BREAKDOWN else "all"}
                for code, category, _ in rows
                for breakdown in ("total", BREAKDOWN)
            ]
        )
        judged = judge(self._facts(), members, pd.DataFrame(columns=QUESTIONS), groups, [], LIMITS)
        return dict(zip(judged["category"], judged["verdict"], strict=True))

    def _listed(self) -> list[tuple[str, int | None]]:
        return [(category, value) for category, values in self.values.items() for value in values]

    def _facts(self) -> pd.DataFrame:
        flags = {"is_exempt": False, "is_structural": False, "is_inside": False, "kind": self.kind}
        groups = [("total", "all"), *((BREAKDOWN, category) for category in self.values)]
        return pd.DataFrame(
            [
                dict(zip(KEY, ("m", YEAR, POPULATION, *group, "total", "all"), strict=True))
                | flags
                | {"is_printed": group[1] in {"all", *self.is_printed}}
                for group in groups
            ]
        )


def yes(count: int, of: int) -> list[int | None]:
    return [int(number < count) for number in range(of)]


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        pytest.param(
            World({"1": yes(5, 12), "2": yes(6, 20), "3": yes(9, 30)}),
            {"1": "shown", "2": "shown", "3": "shown"},
            id="nothing is wrong",
        ),
        pytest.param(
            World({"1": yes(5, 9), "2": yes(6, 20), "3": yes(9, 30)}),
            {"1": "withheld", "2": "withheld_to_protect", "3": "shown"},
            id="nine are too few, and the total minus the others would give them",
        ),
        pytest.param(
            World({"1": yes(0, 12), "2": yes(6, 20), "3": yes(9, 30)}),
            {"1": "withheld", "2": "withheld_to_protect", "3": "shown"},
            id="nobody said yes",
        ),
        pytest.param(
            World({"1": yes(5, 12), "2": yes(6, 20), "3": yes(30, 30)}),
            {"1": "withheld_to_protect", "2": "shown", "3": "withheld"},
            id="everybody said yes",
        ),
        pytest.param(
            World({"1": yes(5, 14), "2": yes(6, 15)}),
            {"1": "withheld", "2": "withheld"},
            id="twenty-nine are too few to be broken down",
        ),
        pytest.param(
            World({"1": yes(2, 4), "2": yes(1, 3), "3": yes(9, 30), "4": yes(9, 40)}),
            {"1": "withheld", "2": "withheld", "3": "withheld_to_protect", "4": "shown"},
            id="two that are too few together as well",
        ),
        pytest.param(
            World({"1": yes(2, 6), "2": yes(1, 7), "3": yes(9, 30), "4": yes(9, 40)}),
            {"1": "withheld", "2": "withheld", "3": "shown", "4": "shown"},
            id="two that hide each other",
        ),
        pytest.param(
            World({"1": yes(5, 9), "2": yes(6, 20), "3": yes(9, 30)}, is_printed=frozenset({"1"})),
            {"1": "printed", "2": "shown", "3": "shown"},
            id="what is printed is public",
        ),
        pytest.param(
            World({"1": [100, *[5] * 11], "2": [9] * 20, "3": [7] * 30}, kind="total"),
            {"1": "withheld", "2": "withheld_to_protect", "3": "shown"},
            id="one municipality is most of a sum",
        ),
        pytest.param(
            World({"1": [5] * 12, "2": [9] * 20, "3": [7] * 30}, kind="total"),
            {"1": "shown", "2": "shown", "3": "shown"},
            id="a sum of equals",
        ),
    ],
)
def test_verdicts(world: World, expected: dict[str, str]) -> None:
    assert world.verdicts() == {"all": "printed", **expected}


def test_the_order_of_rows_decides_nothing() -> None:
    forwards = World({"1": yes(5, 9), "2": yes(6, 20), "3": yes(9, 30)})
    backwards = World(dict(reversed(forwards.values.items())))
    assert forwards.verdicts() == backwards.verdicts()
