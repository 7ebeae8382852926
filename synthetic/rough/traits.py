"""What is peculiar about the folder of one seed.

Belongs here: which seed has which peculiarity. Does not belong here: how it is made (``answers.py``, ``registers.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

Reach = Literal["target_toddlers", "places", "reached_toddlers"]

# Numbers of respondents with which many shares end in exactly one half: 3 of 8 is 37.5%, 1 of 200 is 0.5%.
HALVES = (8, 16, 40, 200)


@dataclass(frozen=True)
class Traits:
    """``lone_year``: a single municipality answers. ``no_reach_year``: nobody gives the counts of ``no_reach``.
    ``empty_class``: the urbanisation class that no municipality has. ``respondents``: how many answer in a year, where
    that is fixed. ``slips``: some cells hold a value outside their question's domain. ``has_cases``: the supervision's
    records are kept, whatever they rest on now."""

    seed: int
    lone_year: int | None
    no_reach_year: int | None
    no_reach: tuple[Reach, ...]
    empty_class: int | None
    respondents: Mapping[int, int]
    slips: bool
    has_cases: bool


def traits_of(seed: int, years: Sequence[int], *, largest: int) -> Traits:
    """The peculiarities of a seed. Every four seeds in a row have a lone year, every three a year without reach."""
    chance = Random(f"traits {seed}")
    newest_first = sorted(years, reverse=True)
    bases = [base for base in HALVES if base <= largest]
    return Traits(
        seed=seed,
        lone_year=newest_first[seed // 4 % len(years)] if seed % 4 == 0 else None,
        no_reach_year=newest_first[seed // 3 % len(years)] if seed % 3 == 0 else None,
        no_reach=chance.choice((("reached_toddlers",), ("target_toddlers", "places", "reached_toddlers"))),
        empty_class=chance.randint(1, 5) if seed % 2 == 1 else None,
        respondents={year: chance.choice(bases) for year in years if chance.random() < 0.4},
        slips=seed % 5 in (1, 2),
        has_cases=seed % 2 == 0,
    )
