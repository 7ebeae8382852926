"""Bounds on reach (definitions.md 5) and the parts of its change (docs/decisions/0029: Griliches and Regev)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.second_opinion.populations import Rows, World, shown_categories
from tests.second_opinion.rounding import Near, half_up, is_tied, printed, shared_out

COMPONENTS = ("within", "between", "entering", "leaving")
UNIT = Fraction(1, 10**12)  # the last digit of a stored contribution


@dataclass(frozen=True)
class Completed:
    """What a municipality of the register is taken to have. ``target`` is None when there is nothing to take it
    from."""

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


def reach_bounds(world: World) -> Rows:
    for year in world.counting_years():
        found = completed(world, year)
        reach = reaching(world, year)
        for breakdown in ("total", "urbanisation_class", "disadvantage_group"):
            classes = {code: world.category(year, code, breakdown) for code in found}
            for category in shown_categories(world, breakdown, set(classes.values())):
                own = {code: one for code, one in found.items() if classes[code] == category}
                published = {code: counts for code, counts in reach.items() if code in own}
                yield (year, breakdown, category), _bounds(list(own.values()), published)


def _bounds(own: list[Completed], published: dict[str, tuple[int, int]]) -> dict[str, Any]:
    kept = [one for one in own if one.target is not None]
    target = sum(one.target or 0 for one in kept) if kept else None
    low, high = (sum(one.lower for one in kept), sum(one.upper for one in kept)) if kept else (None, None)
    values: dict[str, Any] = {
        "municipalities": len(own),
        "n": len(published),
        "reach": national(published) if published else None,
        "reached_at_least": low,
        "reached_at_most": high,
        "target_toddlers": target,
        "lower": Fraction(low, target) if target and low is not None else None,
        "upper": Fraction(high, target) if target and high is not None else None,
        "n_left_out": len(own) - len(kept),
        "n_above_target": sum(bool(one.given_target) and (one.reached or 0) > (one.given_target or 0) for one in own),
    }
    for ground in ("both_given", "reached_not_given", "target_not_given", "neither_given", "no_questionnaire"):
        values[f"n_{ground}"] = sum(one.ground == ground for one in own)
        values[f"target_{ground}"] = sum(one.target or 0 for one in kept if one.ground == ground)
    for source in ("last_year_given", "pupils"):
        values[f"n_from_{source}"] = sum(one.source == source for one in own)
        values[f"target_from_{source}"] = sum(one.target or 0 for one in kept if one.source == source)
    return values


def contributions(world: World) -> Rows:
    for pair in decomposition(world):
        for (code, part), exact in pair.parts.items():
            yield (
                (*pair.years, code, part),
                {
                    "contribution": Near(exact, 2 * UNIT),
                    "reason": pair.why.get((code, part)),
                    "target_toddlers_from": pair.counts[0].get(code, (0, 0))[0] if part != "entering" else 0,
                    "reached_toddlers_from": pair.counts[0].get(code, (0, 0))[1] if part != "entering" else 0,
                    "target_toddlers_to": pair.counts[1].get(code, (0, 0))[0] if part != "leaving" else 0,
                    "reached_toddlers_to": pair.counts[1].get(code, (0, 0))[1] if part != "leaving" else 0,
                },
            )


class Waterfall:
    """A pair of years as it is printed: levels half up to two decimals of a percent, parts that add up to their
    difference.

    Where two parts have a remainder in common, no rule says which is rounded up: then they are not compared.
    """

    def __init__(self, pair: Pair) -> None:
        self.levels = [half_up(pair.national(which) * 10000) for which in (0, 1)]
        self.change = self.levels[1] - self.levels[0]
        self.exact = {
            part: sum((v for (_, p), v in pair.parts.items() if p == part), Fraction()) for part in COMPONENTS
        }
        exact = [value * 10000 for value in self.exact.values()]
        self.points, self.is_tied = shared_out(exact, self.change), is_tied(exact, self.change)
        self.codes = {part: [code for code, p in pair.parts if p == part] for part in COMPONENTS}


def reach_decomposition(world: World) -> Rows:
    for pair in decomposition(world):
        fall = Waterfall(pair)
        for at, part in enumerate(COMPONENTS):
            codes = fall.codes[part]
            groups: list[dict[str, tuple[int, int]]] = [
                {code: counts[code] for code in codes if code in counts and part != other}
                for counts, other in zip(pair.counts, ("entering", "leaving"), strict=True)
            ]
            percents = [Fraction(half_up(national(group) * 10000), 100) if group else None for group in groups]
            targets = [sum(target for target, _ in group.values()) for group in groups]
            yield (
                (*pair.years, part),
                {
                    "component_no": at + 1,
                    "contribution": Near(fall.exact[part], 2 * UNIT * (len(codes) + 1)),
                    "n_municipalities": len(codes),
                    "n_territory_changed": sum(pair.why.get((code, part)) == "territory_changed" for code in codes),
                    "target_toddlers_from": targets[0],
                    "target_toddlers_to": targets[1],
                    "group_percent_from": percents[0],
                    "group_percent_to": percents[1],
                    "reach_from": Near(pair.national(0), UNIT),
                    "reach_to": Near(pair.national(1), UNIT),
                    "change": Near(pair.national(1) - pair.national(0), 2 * UNIT),
                    "percent_from": Fraction(fall.levels[0], 100),
                    "percent_to": Fraction(fall.levels[1], 100),
                    "change_points": Fraction(fall.change, 100),
                }
                | ({} if fall.is_tied else {"points": Fraction(fall.points[at], 100)}),
            )


def printed_decomposition(world: World) -> Rows:
    for pair in decomposition(world):
        fall = Waterfall(pair)
        steps: list[tuple[str, int, int | None, int | None, int | None]] = []
        steps.append(("reach_from", fall.levels[0], 0, fall.levels[0], len(pair.counts[0])))
        at = fall.levels[0]
        for part, points in zip(COMPONENTS, fall.points, strict=True):
            steps.append((part, points, at, at + points, len(fall.codes[part])))
            at += points
        steps.append(("reach_to", fall.levels[1], 0, fall.levels[1], len(pair.counts[1])))
        steps.append(("change", fall.change, None, None, None))
        for number, (step, value, start, end, n) in enumerate(steps, 1):
            values: dict[str, Any] = {
                "value": Fraction(value, 100),
                "value_text_nl": _signed(value, step, "nl"),
                "value_text_en": _signed(value, step, "en"),
                "starts_at": None if start is None else Fraction(start, 100),
                "ends_at": None if end is None else Fraction(end, 100),
            }
            is_left_open = fall.is_tied and step in COMPONENTS
            yield (*pair.years, step), {"step_no": number, "n_municipalities": n} | ({} if is_left_open else values)


def _signed(value: int, step: str, language: str) -> str:
    if step in ("reach_from", "reach_to"):
        return printed(Fraction(value, 10000), "share", 2, language)
    symbol = "+" if value > 0 else "−" if value < 0 else ""
    return symbol + printed(Fraction(abs(value), 100), "number", 2, language)
