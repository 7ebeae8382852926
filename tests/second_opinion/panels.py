"""Panels of every set of at least two years: definitions.md 6."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from tests.second_opinion.populations import COUNTS, Rows, World


@dataclass(frozen=True)
class Panel:
    """``parts``: survey year → the codes of that year whose counts are added up. ``reason``: why it is not in it, if
    so."""

    kind: str
    years: tuple[int, ...]
    code: str
    parts: dict[int, frozenset[str]]
    came_from: frozenset[str]
    reason: str | None


def panels(world: World) -> Iterator[Panel]:
    """Every municipality of every panel, in or out."""
    counting = world.counting_years()
    for years in chain.from_iterable(combinations(counting, size) for size in range(2, len(counting) + 1)):
        yield from _strict(world, years)
        yield from _harmonised(world, years)


def name(world: World, kind: str, years: tuple[int, ...]) -> str:
    """The population that a panel is."""
    spoken = [world.years[year].reference_year for year in years]
    if spoken == list(range(spoken[0], spoken[-1] + 1)):
        return f"panel_{kind}_{spoken[0]}_{spoken[-1]}"
    return f"panel_{kind}_" + (f"{spoken[0]}_and_{spoken[1]}" if len(spoken) == 2 else "_".join(map(str, spoken)))


def _strict(world: World, years: tuple[int, ...]) -> Iterator[Panel]:
    first, last = world.date(years[0]), world.date(years[-1])
    for code in sorted(world.registered(years[-1])):
        parts = {year: frozenset({code}) for year in years}
        moved = not world.registers.same_territory(code, first, last)
        reason = "territory_changed" if moved else _reason(world, parts)
        yield Panel("strict", years, code, parts, world.registers.predecessors(code, first, last), reason)


def _harmonised(world: World, years: tuple[int, ...]) -> Iterator[Panel]:
    today = world.date(world.edition)
    for code in sorted(world.registered(world.edition)):
        parts = {year: world.registers.predecessors(code, world.date(year), today) for year in years}
        split = any(
            world.registers.successors(part, world.date(year), today) != {code}
            for year, own in parts.items()
            for part in own
        )
        reason = "split_not_harmonisable" if split else _reason(world, parts)
        yield Panel("harmonised", years, code, parts, parts[years[0]], reason)


def _reason(world: World, parts: dict[int, frozenset[str]]) -> str | None:
    if any(code not in world.replies[year] for year, codes in parts.items() for code in codes):
        return "not_a_respondent"
    return "incomplete" if any(missing(world, parts, concept) for concept in COUNTS) else None


def missing(world: World, parts: dict[int, frozenset[str]], concept: str) -> set[tuple[int, str]]:
    """Year and code where a count is not given; where there is no questionnaire, too."""
    return {(y, code) for y, codes in parts.items() for code in codes if world.count(y, code, concept) is None}


def _spoken(world: World, years: Iterable[int]) -> str:
    return ",".join(str(world.years[year].reference_year) for year in sorted(set(years)))


def panel(world: World) -> Rows:
    for one in panels(world):
        for year in one.years if one.reason is None else ():
            parts = one.parts[year]
            values: dict[str, Any] = {c: sum(world.count(year, code, c) or 0 for code in parts) for c in COUNTS}
            key = (name(world, one.kind, one.years), one.code, world.years[year].reference_year)
            yield key, values | {"panel": one.kind, "predecessors": len(parts)}


def panel_exclusions(world: World) -> Rows:
    for one in panels(world):
        if one.reason is None:
            continue
        values: dict[str, Any] = dict.fromkeys(
            ("incomplete_codes", "years_without_questionnaire", *(f"years_without_{concept}" for concept in COUNTS))
        )
        if one.reason in ("not_a_respondent", "incomplete"):
            lacking = {concept: missing(world, one.parts, concept) for concept in COUNTS}
            silent = {
                year for year, codes in one.parts.items() if any(code not in world.replies[year] for code in codes)
            }
            values = {
                f"years_without_{c}": _spoken(world, (year for year, _ in pairs)) or None
                for c, pairs in lacking.items()
            }
            values["years_without_questionnaire"] = _spoken(world, silent) or None
            values["incomplete_codes"] = (
                ",".join(sorted({code for pairs in lacking.values() for _, code in pairs})) or None
            )
        yield (
            (name(world, one.kind, one.years), one.code),
            values
            | {
                "panel": one.kind,
                "exclusion_reason": one.reason,
                "territory_from": ",".join(sorted(one.came_from)),
            },
        )
