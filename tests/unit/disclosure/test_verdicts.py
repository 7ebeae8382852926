"""Small worlds of a few classes: what is withheld by a rule, and what has to be withheld with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pytest

from assets.disclosure.facts import KEY
from assets.disclosure.verdicts import judge

LIMITS = {"too_few": 10, "too_few_to_divide": 30, "largest": 50, "two_largest": 75, "p_percent": 10}
YEAR, POPULATION, BREAKDOWN, PANEL = 2030, "respondents", "urbanisation_class", "panel_2029_2030"


@dataclass(frozen=True)
class World:
    """A measure by class, one entry per municipality: what it adds, None when it is not in the base. The worlds that
    are judged together are of the same municipalities."""

    values: dict[str, list[int | None]]
    kind: str = "ratio"
    is_printed: frozenset[str] = field(default_factory=frozenset)
    measure: str = "m"
    year: int = YEAR
    population: str = POPULATION
    question: str = "m"
    routed_on: str | None = None

    def verdicts(self) -> dict[str, str]:
        """The verdict per class, and of all together ('all')."""
        return {category: verdict for (*_, category), verdict in judged(self).items()}

    def members(self) -> list[dict[str, Any]]:
        """As fct_measure_members has them."""
        return [
            self._about(code) | {"numerator": value, "denominator": 1 if self.kind == "ratio" else None, "unknown": 0}
            for code, _, value in self._listed()
            if value is not None
        ]

    def questions(self) -> dict[str, Any]:
        """As int_measures__questions has it."""
        own = {"measure": self.measure, "survey_year": self.year}
        return own | {"question_id": self.question, "routed_on": self.routed_on}

    def groups(self) -> list[dict[str, Any]]:
        """As dim_municipality_group has them: everybody responded, and is in the panels."""
        return [
            self._about(code) | {"population": population, "breakdown": breakdown, "category": own}
            for code, category, _ in self._listed()
            for population in {POPULATION, self.population}
            for breakdown, own in (("total", "all"), (BREAKDOWN, category))
        ]

    def facts(self) -> list[dict[str, Any]]:
        """As fct_facts has them; the total is printed, where print is of this year."""
        flags = {"is_exempt": False, "is_structural": False, "is_inside": False, "kind": self.kind}
        groups = [("total", "all"), *((BREAKDOWN, category) for category in self.values)]
        return [
            dict(zip(KEY, (self.measure, self.year, self.population, *group, "total", "all"), strict=True))
            | flags
            | {"is_printed": group[1] in {"all", *self.is_printed}}
            for group in groups
        ]

    def _about(self, code: str) -> dict[str, Any]:
        return {
            "measure": self.measure,
            "survey_year": self.year,
            "population": self.population,
            "municipality_code": code,
        }

    def _listed(self) -> list[tuple[str, str, int | None]]:
        listed = [(category, value) for category, values in self.values.items() for value in values]
        return [(f"GM{number:04}", *one) for number, one in enumerate(listed)]


def judged(*worlds: World) -> dict[tuple[str, int, str], str]:
    """The verdict by measure, survey year and class."""
    facts = pd.DataFrame([fact for world in worlds for fact in world.facts()])
    members = pd.DataFrame([member for world in worlds for member in world.members()])
    groups = pd.DataFrame([group for world in worlds for group in world.groups()]).drop(columns="measure")
    questions = pd.DataFrame([world.questions() for world in worlds])
    found = judge(
        facts, lambda year: members[members["survey_year"] == year], questions, groups.drop_duplicates(), [], LIMITS
    )
    return dict(
        zip(
            zip(*(found[n] for n in ("measure", "survey_year", "category")), strict=True), found["verdict"], strict=True
        )
    )


def yes(count: int, of: int) -> list[int | None]:
    return [int(number < count) for number in range(of)]


def not_asked(count: int) -> list[int | None]:
    return [None] * count


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


def test_who_counts_among_everybody_was_asked_all_the_same() -> None:
    """Two options that exclude each other, asked only after a yes, together give everybody of class 1: all said yes."""
    before = World({"1": yes(12, 12), "2": yes(12, 20), "3": yes(12, 30)}, measure="before", question="before")
    nobody = yes(0, 7)
    own = {
        "one": {"1": yes(7, 12), "2": yes(5, 20), "3": yes(5, 30)},
        "other": {"1": nobody + yes(5, 5), "2": nobody + yes(4, 13), "3": nobody + yes(4, 23)},
    }
    after = [World(own[name], measure=name, question="after", routed_on="before") for name in own]

    apart, together = judged(before), judged(before, *after)

    assert {key: together[key] for key in apart} == apart
    assert [together[name, YEAR, "1"] for name in own].count("withheld_to_protect") == 1


def test_a_later_year_changes_no_verdict() -> None:
    """Whom a panel was asked something, after a yes, gives away that nobody of class 1 said yes the year before: the
    panel's numbers, which are new, are withheld for it, though they are more than those of that year."""
    then = World({"1": yes(0, 12), "2": yes(15, 20), "3": yes(20, 30), "4": yes(10, 40)}, year=YEAR - 1)
    asked = {"1": not_asked(12), "2": yes(5, 15) + not_asked(5), "3": yes(5, 20) + not_asked(10)}
    asked |= {"4": yes(4, 10) + not_asked(30)}
    in_panel = [
        World(asked, year=YEAR - 1, population=PANEL, measure=name, question=name, routed_on="m")
        for name in ("one", "other")
    ]
    now = World(asked, population=PANEL, measure="one", question="one")

    before, after = judged(then), judged(then, *in_panel, now)

    assert {key: after[key] for key in before} == before
    assert [after[name, YEAR - 1, "2"] for name in ("one", "other")] == ["withheld_to_protect"] * 2
