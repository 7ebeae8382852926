"""Bounds on reach (definitions.md 5) and the parts of its change (docs/decisions.md: Griliches and Regev)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from tests.second_opinion.populations import World

COMPONENTS = ("within", "between", "entering", "leaving")
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Completed:
    """What a municipality of the register is taken to have. ``target`` is None when there is nothing to take it from."""

    ground: str
    source: str | None
    target: int | None
    given_target: int | None
    reached: int | None

    @property
    def lower(self) -> int:
        return (self.reached or 0) if self.target else 0

    @property
    def upper(self) -> int:
        if not self.target:
            return 0
        return self.target if self.reached is None else self.reached


def completed(world: World, year: int) -> dict[str, Completed]:
    """Every municipality of the register: its target toddlers, given, taken over or estimated."""
    codes = sorted(world.registered(year))
    given = {code: world.count(year, code, "target_toddlers") for code in codes}
    sums: dict[str, tuple[int, int]] = {}
    for code, target in given.items():
        row = world.registers.disadvantage(code, year)
        if row and target is not None:
            targets, pupils = sums.get(row["disadvantage_group"], (0, 0))
            sums[row["disadvantage_group"]] = targets + target, pupils + int(row["pupils"])
    found = {}
    for code in codes:
        target, reached = given[code], world.count(year, code, "reached_toddlers")
        source = None
        if target is None:
            target, source = _estimated(world, year, code, sums)
            target = None if target is None else max(target, reached or 0)
        found[code] = Completed(_ground(world, year, code), source, target, given[code], reached)
    return found


def _ground(world: World, year: int, code: str) -> str:
    if code not in world.replies[year]:
        return "no_questionnaire"
    has_target = world.count(year, code, "target_toddlers") is not None
    has_reached = world.count(year, code, "reached_toddlers") is not None
    if has_target:
        return "both_given" if has_reached else "reached_not_given"
    return "target_not_given" if has_reached else "neither_given"


def _estimated(world: World, year: int, code: str, sums: dict[str, tuple[int, int]]) -> tuple[int | None, str | None]:
    for back in sorted((one for one in world.years if one < year), reverse=True):
        target = world.count(back, code, "target_toddlers")
        if target is not None and world.registers.same_territory(code, world.date(back), world.date(year)):
            return target, "last_year_given"
    row = world.registers.disadvantage(code, year)
    targets, pupils = sums.get(row["disadvantage_group"], (0, 0)) if row else (0, 0)
    if row is None or pupils == 0:
        return None, None
    return half_up(Fraction(int(row["pupils"]) * targets, pupils)), "pupils"


def half_up(exact: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    rounded = int(abs(exact) + HALF)
    return rounded if exact >= 0 else -rounded


@dataclass(frozen=True)
class Pair:
    """Two successive years with a national reach. ``parts``: (code, component) → exact contribution; ``why``: why a
    municipality is in one of the years only; ``counts``: of either year, code → (target, reached)."""

    years: tuple[int, int]
    counts: tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]
    parts: dict[tuple[str, str], Fraction]
    why: dict[tuple[str, str], str]

    def national(self, which: int) -> Fraction:
        return national(self.counts[which])


def national(counts: dict[str, tuple[int, int]]) -> Fraction:
    return Fraction(sum(reached for _, reached in counts.values()), sum(target for target, _ in counts.values()))


def reaching(world: World, year: int) -> dict[str, tuple[int, int]]:
    """Who gave both counts and has target toddlers (definitions.md 5): code → (target, reached)."""
    found = {}
    for code in world.replies[year]:
        target, reached = (world.count(year, code, concept) for concept in ("target_toddlers", "reached_toddlers"))
        if target and reached is not None:
            found[code] = target, reached
    return found


def decomposition(world: World) -> Iterator[Pair]:
    have = [(year, counts) for year in world.years if (counts := reaching(world, year))]
    for (s, before), (t, after) in pairwise(have):
        days = world.date(s), world.date(t)
        both = {c for c in before if c in after and world.registers.same_territory(c, *days)}
        total_s, total_t = (sum(target for target, _ in counts.values()) for counts in (before, after))
        mean = (national(before) + national(after)) / 2
        parts: dict[tuple[str, str], Fraction] = {}
        for code in both:
            w_s, w_t = Fraction(before[code][0], total_s), Fraction(after[code][0], total_t)
            r_s, r_t = Fraction(before[code][1], before[code][0]), Fraction(after[code][1], after[code][0])
            parts[code, "within"] = (w_s + w_t) / 2 * (r_t - r_s)
            parts[code, "between"] = (w_t - w_s) * ((r_s + r_t) / 2 - mean)
        for code in after.keys() - both:
            target, reached = after[code]
            parts[code, "entering"] = Fraction(target, total_t) * (Fraction(reached, target) - mean)
        for code in before.keys() - both:
            target, reached = before[code]
            parts[code, "leaving"] = -Fraction(target, total_s) * (Fraction(reached, target) - mean)
        why = {
            (code, part): _why(world, code, days, t if part == "leaving" else s)
            for code, part in parts
            if part in ("entering", "leaving")
        }
        yield Pair((s, t), (before, after), parts, why)


def _why(world: World, code: str, days: tuple[date, date], other_year: int) -> str:
    """Why it is in the reach of one of the two years only."""
    if not world.registers.same_territory(code, *days):
        return "territory_changed"
    return "incomplete" if code in world.replies[other_year] else "not_a_respondent"


def shared_out(exact: list[Fraction], total: int) -> list[int]:
    """Whole numbers that add up to the total, by largest remainders; of equal remainders the first."""
    floors = [one.numerator // one.denominator for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at], at))
    for at in by_remainder[: total - sum(floors)]:
        floors[at] += 1
    return floors
