"""Invents the vve counts of all years: who gave which count, the breadth of definitions, and the numbers themselves.

Three steps, each the likeliest outcome that meets the figures: who gives what (CP-SAT over all years at once, because the
panel ties them), how many indicators each definition has, and the numbers (2023 exactly; the years before follow each
municipality's own level, then are nudged to the national reach and to stable panel totals).

Belongs here: target toddlers, places, reached toddlers, number of indicators. Does not belong here: choices (``blocks.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, exp

from ortools.sat.python import cp_model

from synthetic.chance import normal, uniform
from synthetic.constraint import Constraint, Kind
from synthetic.municipalities import COMPLETE_MERGERS, SILENT_PREDECESSOR, SURVEY_YEARS, Registers

TARGET, PLACES, REACHED = CONCEPTS = ("target_toddlers", "places", "reached_toddlers")
LAST_YEAR = SURVEY_YEARS[-1]
AMSTERDAM = "GM0363"
# How far a figure that must print as p may lie from p, so that no rounding is ever close.
_MARGIN = Fraction(2, 5)
# Reach of the years before (percent) and panel totals against the last year's: free choices within what is printed.
_REACH_BEFORE = {2020: 82, 2021: 83, 2022: 81}
_PANEL_TOTALS = {
    2021: {TARGET: 0.995, REACHED: 0.996, PLACES: 0.994},
    2022: {TARGET: 1.003, REACHED: 1.001, PLACES: 0.998},
}
# How likely a count is given at all, apart from the municipality: log odds per year.
_GIVING = {2020: 1.2, 2021: 0.6, 2022: 0.2, 2023: 1.0}

Key = tuple[str, int, str]  # municipality code, survey year, concept


@dataclass
class Counts:
    """``numbers``: (code, survey year, concept) → count, where given. ``indicators``: code → number in its definition."""

    numbers: dict[Key, int]
    indicators: dict[str, int]


class Figures:
    """The printed figures that the counts must meet, looked up among the constraints."""

    def __init__(self, constraints: Iterable[Constraint], concept_of: dict[tuple[int, str], str]) -> None:
        self._constraints = list(constraints)
        self._concept_of = concept_of

    def concepts(self, c: Constraint) -> tuple[str, ...]:
        """The concepts of the counts that a constraint names."""
        return tuple(self._concept_of.get((c.survey_year, name), name) for name in c.counts)

    def of(self, kind: Kind, survey_year: int, *concepts: str) -> list[Constraint]:
        """The constraints of a kind and year; on these concepts only, when any are named."""
        return [
            c
            for c in self._constraints
            if c.kind == kind and c.survey_year == survey_year and (not concepts or self.concepts(c) == concepts)
        ]

    def value(self, kind: Kind, survey_year: int, *concepts: str) -> int:
        """The value of the only constraint of a kind, year and concepts."""
        (only,) = self.of(kind, survey_year, *concepts)
        assert only.value is not None
        return int(only.value)


def invent_counts(registers: Registers, figures: Figures, own_definition: set[str], no_definition: set[str]) -> Counts:
    """All counts. ``own_definition``: codes with a new definition in the last year; ``no_definition``: codes that need none."""
    given = _who_gives(registers, figures, no_definition)
    both = [c for c in registers.respondents(LAST_YEAR) if {(c, LAST_YEAR, TARGET), (c, LAST_YEAR, REACHED)} <= given]
    indicators = _indicators(registers, figures, both, own_definition, no_definition)
    numbers = _last_year(registers, figures, given, both, indicators)
    _years_before(registers, figures, given, numbers)
    return Counts(numbers, indicators)


def _habit(registers: Registers, code: str, survey_year: int) -> float:
    """The usual reach of a municipality, before any figure: lower in the cities, higher where little is needed."""
    municipality = registers.by_year[survey_year][code]
    return 0.80 - 0.03 * municipality.urbanity + 0.02 * municipality.activity + 0.13 * normal("reach", code)


def _latent(registers: Registers, code: str, survey_year: int) -> float:
    """The size of the target group, up to a common factor."""
    return max(registers.by_year[survey_year][code].size, 30.0) * exp(0.2 * normal("target", code))


def _solve(model: cp_model.CpModel, what: str) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 2023
    solver.parameters.linearization_level = 2
    solver.parameters.relative_gap_limit = 0.005
    solver.parameters.max_deterministic_time = 60.0
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise ValueError(f"no {what} meets all figures")
    return solver


def _who_gives(registers: Registers, figures: Figures, no_definition: set[str]) -> set[Key]:
    """The counts that are given: as many as printed in the last year, and exactly the panel complete in its years."""

    def liking(code: str, year: int, concept: str) -> float:
        municipality = registers.by_year[year][code]
        odds = _GIVING[year] + 0.7 * municipality.activity + normal("gives", code) + normal("gives", code, year)
        odds += 0.7 * normal("gives", code, year, concept) - 3 * (code in no_definition)
        return odds + (4 * (_habit(registers, code, year) - 0.8) if year != LAST_YEAR and concept == REACHED else 0.0)

    given = _who_gives_last_year(registers, figures, liking)
    ((panel_size),) = figures.of("panel_size", LAST_YEAR)
    years = panel_size.survey_years
    for year in SURVEY_YEARS[:-1]:
        given |= {
            (code, year, concept)
            for code in registers.respondents(year)
            for concept in CONCEPTS
            if liking(code, year, concept) > 0 and (code, year) != (SILENT_PREDECESSOR, 2021)
        }
        for old in COMPLETE_MERGERS.items():
            given |= {(c, year, k) for c in (old[0], *old[1]) if c in registers.respondents(year) for k in CONCEPTS}

    def is_complete(code: str, year: int) -> bool:
        return all((code, year, concept) in given for concept in CONCEPTS)

    # By liking the panel would be larger or smaller than it is: the likeliest stay in, of the others one year is incomplete.
    candidates = sorted(
        (c for c in _eligible_for_panel(registers, years) if is_complete(c, LAST_YEAR)),
        key=lambda c: (-min(liking(c, year, concept) for year in years[:-1] for concept in CONCEPTS), c),
    )
    panel = candidates[: int(panel_size.value or 0)]
    given |= {(code, year, concept) for code in panel for year in years for concept in CONCEPTS}
    for code in sorted(set.intersection(*(set(registers.respondents(year)) for year in years)) - set(panel)):
        if all(is_complete(code, year) for year in years):
            year, concept = min(((y, k) for y in years[:-1] for k in CONCEPTS), key=lambda at: liking(code, *at))
            given.remove((code, year, concept))
    return given


def _eligible_for_panel(registers: Registers, survey_years: tuple[int, ...]) -> list[str]:
    """Codes that answered in all years and whose territory did not change, also not on the first day of the first year."""
    codes = set.intersection(*(set(registers.respondents(year)) for year in survey_years))
    return sorted(c for c in codes if not any((c, year) in registers.changed_territory for year in survey_years))


def _who_gives_last_year(registers: Registers, figures: Figures, liking: Callable[[str, int, str], float]) -> set[Key]:
    """Who gives which of the three counts in the last year, as many of each and of each pair as printed.

    Those that give only one of target and reached toddlers are of a size with which the printed sums go with the printed
    reach: ΣR = reach · ΣT(both) + usual reach · ΣT(R only), with ΣT(both) near 94.5% of ΣT.
    """
    codes = registers.respondents(LAST_YEAR)
    model = cp_model.CpModel()
    subsets = [tuple(k for k, bit in zip(CONCEPTS, bits, strict=True) if bit) for bits in product((0, 1), repeat=3)]
    chosen = {(code, s): model.new_bool_var(f"{code} {s}") for code in codes for s in subsets}
    for code in codes:
        model.add_exactly_one(chosen[code, s] for s in subsets)

    def number(concepts: tuple[str, ...]) -> cp_model.LinearExprT:
        return sum(chosen[code, s] for code in codes for s in subsets if set(concepts) <= set(s))

    for c in figures.of("given_count", LAST_YEAR):
        model.add(number(figures.concepts(c)) == int(c.value or 0))
    for c in figures.of("incomparable_count", LAST_YEAR):
        model.add(number(figures.concepts(c)) == len(codes) - int(c.value or 0))
    for new in COMPLETE_MERGERS:
        model.add(chosen[new, CONCEPTS] == 1)
    model.add(chosen[AMSTERDAM, (TARGET, REACHED)] == 1)

    target, reached = (figures.value("sum", LAST_YEAR, concept) for concept in (TARGET, REACHED))
    reach = figures.value("ratio_percent", LAST_YEAR, REACHED, TARGET) / 100
    reached_only_share = (reached / target - reach * 0.945) / 0.80
    sizes = {code: round(_latent(registers, code, LAST_YEAR)) for code in codes}
    with_target = sum(sizes[code] * chosen[code, s] for code in codes for s in subsets if TARGET in s)
    penalties = []
    for share, one, other in ((0.055, TARGET, REACHED), (reached_only_share, REACHED, TARGET)):
        gap = model.new_int_var(0, 10**10, f"gap {share}")
        found = 1000 * sum(
            sizes[code] * chosen[code, s] for code in codes for s in subsets if one in s and other not in s
        )
        model.add(gap >= found - round(1000 * (share + 0.004)) * with_target)
        model.add(gap >= round(1000 * (share - 0.004)) * with_target - found)
        penalties.append(gap)
    likes = sum(
        round(100 * liking(code, LAST_YEAR, concept)) * chosen[code, s]
        for code in codes
        for s in subsets
        for concept in s
    )
    model.maximize(10_000 * likes - sum(penalties))
    solver = _solve(model, "set of given counts")
    return {(code, LAST_YEAR, concept) for (code, s), x in chosen.items() if solver.value(x) for concept in s}


def _indicators(
    registers: Registers, figures: Figures, both: list[str], own_definition: set[str], no_definition: set[str]
) -> dict[str, int]:
    """How many indicators each municipality's definition has: among those with a reach, as many of each breadth as printed."""
    answered_before = set(registers.respondents(LAST_YEAR - 1))
    model = cp_model.CpModel()
    groups = figures.of("breadth_count", LAST_YEAR)
    chosen = {(code, g): model.new_bool_var(f"{code} {g}") for code in both for g in range(len(groups))}
    weights = []
    for code in both:
        unknown = code not in own_definition and (code not in answered_before or code in no_definition)
        model.add(sum(chosen[code, g] for g in range(len(groups))) <= (0 if unknown else 1))
        for g in range(len(groups)):
            liking = normal("breadth", code, g)
            if g == len(groups) - 1:
                liking += 5 * (_habit(registers, code, LAST_YEAR) - 0.8) - 1.5 * (code == AMSTERDAM)
            weights.append(round(100 * (liking + (5 if code in own_definition else 2))) * chosen[code, g])
        if code in own_definition:
            model.add(sum(chosen[code, g] for g in range(len(groups))) == 1)
    for g, c in enumerate(groups):
        model.add(sum(chosen[code, g] for code in both) == int(c.value or 0))
    # A broad definition with its higher reach weighs little enough for the national reach to stay as printed.
    sizes = {code: round(_latent(registers, code, LAST_YEAR)) for code in both}
    model.add(100 * sum(sizes[code] * chosen[code, len(groups) - 1] for code in both) <= 11 * sum(sizes.values()))
    model.maximize(sum(weights))
    solver = _solve(model, "breadth of definitions")
    indicators = {}
    for code in registers.respondents(LAST_YEAR):
        group = next((g for g in range(len(groups)) if (code, g) in chosen and solver.value(chosen[code, g])), None)
        if group is not None:
            numbers = groups[group].number
            indicators[code] = numbers[int(uniform("indicators", code) * len(numbers))]
        elif code not in both and code not in no_definition:
            indicators[code] = 2 + int(uniform("indicators", code) * 6)
    return indicators


def _last_year(
    registers: Registers, figures: Figures, given: set[Key], both: list[str], indicators: dict[str, int]
) -> dict[Key, int]:
    """The counts of the last year, each sum exactly as printed."""
    codes = registers.respondents(LAST_YEAR)
    gave = {concept: [c for c in codes if (c, LAST_YEAR, concept) in given] for concept in CONCEPTS}
    latent = {code: _latent(registers, code, LAST_YEAR) for code in codes}
    factor = figures.value("sum", LAST_YEAR, TARGET) / sum(latent[code] for code in gave[TARGET])
    level = {code: max(2.0, latent[code] * factor) for code in codes}
    target = _with_sum({c: level[c] for c in gave[TARGET]}, figures.value("sum", LAST_YEAR, TARGET))
    reached = _reached(registers, figures, target, level, gave[REACHED], both, indicators)
    places = _places(figures, target, reached, level, gave[PLACES])
    return {
        (code, LAST_YEAR, concept): number
        for concept, numbers in ((TARGET, target), (PLACES, places), (REACHED, reached))
        for code, number in numbers.items()
    }


def _with_sum(
    wanted: dict[str, float], total: int, at_least: dict[str, int] | None = None, at_most: dict[str, int] | None = None
) -> dict[str, int]:
    """Whole numbers close to what is wanted, with exactly this sum: the rest is laid on the largest, in turn."""
    lowest, highest = at_least or {}, at_most or {}
    numbers = {key: max(round(value), lowest.get(key, 1)) for key, value in wanted.items()}
    largest = sorted(numbers, key=lambda key: (-numbers[key], key))
    while (rest := total - sum(numbers.values())) != 0:
        for key in largest:
            step = rest // 50 if rest > 50 else -(-rest // 50) if rest < -50 else (1 if rest > 0 else -1)
            step = max(min(step, ceil(numbers[key] * 0.02)), -ceil(numbers[key] * 0.02))
            if not lowest.get(key, 1) <= numbers[key] + step <= highest.get(key, total):
                continue
            numbers[key] += step
            rest -= step
            if rest == 0:
                break
    return numbers


def _reached(
    registers: Registers,
    figures: Figures,
    target: dict[str, int],
    level: dict[str, float],
    gave: list[str],
    both: list[str],
    indicators: dict[str, int],
) -> dict[str, int]:
    """Reached toddlers: exact sum, national reach, reach by breadth (as a mean and as a ratio), and how many are below 100%."""
    (below,) = figures.of("comparison_percent", LAST_YEAR, REACHED, TARGET)
    number_below = round(((below.min or 0) + (below.max or 100)) / 200 * len(both))
    ratios = figures.of("breadth_ratio_percent", LAST_YEAR)
    means = figures.of("breadth_mean_percent", LAST_YEAR)

    def fullness(code: str) -> float:
        broad = indicators.get(code, 0) in ratios[-1].number
        return normal("full", code) + 4 * (_habit(registers, code, LAST_YEAR) - 0.8) + broad - (target[code] / 150)

    by_fullness = sorted((c for c in both if target[c] >= 2), key=lambda code: (fullness(code), code))
    not_full = set(by_fullness[:number_below])
    full = [code for code in both if code not in not_full]
    over = set(sorted((c for c in full if target[c] >= 10), key=lambda code: uniform("over", code))[:9])
    model = cp_model.CpModel()
    reached: dict[str, cp_model.IntVar] = {}
    cost = []
    for code in gave:
        usual = _habit(registers, code, LAST_YEAR)
        if code in over:
            wish = target[code] * (1.02 + 0.15 * uniform("far over", code))
            low, high = max(target[code] + 1, round(0.98 * wish)), ceil(1.25 * target[code])
        elif code in not_full:
            low, high, wish = ceil(0.2 * target[code]), target[code] - 1, target[code] * min(0.98, usual - 0.07)
        elif code in target:
            low = high = target[code]
            wish = float(target[code])
        else:
            low, high, wish = ceil(0.55 * level[code]), ceil(level[code]), level[code] * min(1.0, max(usual, 0.6))
        x = reached[code] = model.new_int_var(low, max(low, high), code)
        gap = model.new_int_var(0, max(high, round(wish)) + 1, f"{code} gap")
        model.add(gap >= x - round(wish))
        model.add(gap >= round(wish) - x)
        cost.append(max(1, round(3000 / level[code])) * gap)
    model.add(sum(reached.values()) == figures.value("sum", LAST_YEAR, REACHED))
    _print_as_ratio(model, figures.value("ratio_percent", LAST_YEAR, REACHED, TARGET), both, reached, target)
    for ratio, mean in zip(ratios, means, strict=True):
        members = [code for code in both if indicators.get(code) in ratio.number]
        _print_as_ratio(model, int(ratio.value or 0), members, reached, target)
        assert mean.value is not None
        each = [round(10**7 / target[code]) * reached[code] for code in members]
        model.add(sum(each) >= int((Fraction(mean.value) - _MARGIN) * 10**5) * len(members))
        model.add(sum(each) <= int((Fraction(mean.value) + _MARGIN) * 10**5) * len(members))
    model.minimize(sum(cost))
    solver = _solve(model, "reach")
    return {code: solver.value(x) for code, x in reached.items()}


def _print_as_ratio(
    model: cp_model.CpModel, printed: int, codes: list[str], reached: dict[str, cp_model.IntVar], target: dict[str, int]
) -> None:
    whole = sum(target[code] for code in codes)
    model.add(100 * sum(reached[code] for code in codes) >= ceil((printed - _MARGIN) * whole))
    model.add(100 * sum(reached[code] for code in codes) <= int((printed + _MARGIN) * whole))


def _places(
    figures: Figures, target: dict[str, int], reached: dict[str, int], level: dict[str, float], gave: list[str]
) -> dict[str, int]:
    """Places: exact sum, too few in as many municipalities as printed; never fewer than were reached, if it can be."""
    (too_few,) = [c for c in figures.of("comparison_count", LAST_YEAR, PLACES, TARGET) if c.relation == "below"]
    candidates = [c for c in gave if c in target and target[c] >= 8 and reached.get(c, 0) < target[c]]
    short = sorted(candidates, key=lambda code: uniform("short", code))[: int(too_few.value or 0)]
    fixed, wanted, at_least = {}, {}, {}
    for code in gave:
        if code in short:
            low, high = max(reached.get(code, 0), ceil(0.6 * target[code])), target[code] - 1
            fixed[code] = min(high, low + round(uniform("places", code) * (high - low)))
        else:
            at_least[code] = max(target.get(code, 1), reached.get(code, 1))
            wanted[code] = max(at_least[code], level[code] * (1.05 + 0.6 * uniform("places", code)))
    total = figures.value("sum", LAST_YEAR, PLACES) - sum(fixed.values())
    factor = (total - sum(at_least.values())) / (sum(wanted.values()) - sum(at_least.values()))
    wanted = {code: at_least[code] + (value - at_least[code]) * factor for code, value in wanted.items()}
    return {**fixed, **_with_sum(wanted, total, at_least)}


def _years_before(registers: Registers, figures: Figures, given: set[Key], numbers: dict[Key, int]) -> None:
    """Adds the counts of the years before the last: each municipality near its own level and habit."""
    factor = figures.value("sum", LAST_YEAR, TARGET) / sum(
        _latent(registers, code, LAST_YEAR)
        for code in registers.respondents(LAST_YEAR)
        if (code, LAST_YEAR, TARGET) in given
    )
    ((panel_size),) = figures.of("panel_size", LAST_YEAR)
    panel = [
        code
        for code in _eligible_for_panel(registers, panel_size.survey_years)
        if all((code, year, concept) in given for year in panel_size.survey_years for concept in CONCEPTS)
    ]
    for year in SURVEY_YEARS[:-1]:
        wanted = _wanted(registers, year, factor, numbers)
        for code in registers.respondents(year):
            for concept in CONCEPTS:
                if (code, year, concept) in given:
                    numbers[code, year, concept] = wanted[code][concept]
        for concept, share in _PANEL_TOTALS.get(year, {}).items():
            total = round(share * sum(numbers[code, LAST_YEAR, concept] for code in panel))
            now = {code: numbers[code, year, concept] for code in panel}
            low, high = None, None
            if concept == REACHED:
                high = {code: numbers[code, year, TARGET] for code in panel}
                now = {code: min(number, high[code]) for code, number in now.items()}
            elif concept == PLACES:
                low = {code: numbers[code, year, REACHED] for code in panel}
            nudged = _with_sum({code: float(number) for code, number in now.items()}, total, low, high)
            numbers.update({(code, year, concept): number for code, number in nudged.items()})
        movable = [c for c in registers.respondents(year) if c not in panel or year not in panel_size.survey_years]
        _nudge_reach(year, movable, panel, numbers)
        for code in movable:
            if {(code, year, PLACES), (code, year, REACHED)} <= given:
                numbers[code, year, PLACES] = max(numbers[code, year, PLACES], numbers[code, year, REACHED])


def _wanted(registers: Registers, year: int, factor: float, numbers: dict[Key, int]) -> dict[str, dict[str, int]]:
    """What each municipality would report in a year before."""
    wanted = {}
    for code in registers.respondents(year):
        later = {concept: numbers.get((code, LAST_YEAR, concept)) for concept in CONCEPTS}
        grew = any((code, y) in registers.changed_territory for y in SURVEY_YEARS if y > year)
        level = max(2.0, _latent(registers, code, year) * factor)
        now = None if grew else later[TARGET]
        target = (level if now is None else now) * (1 + 0.04 * normal("target", code, year))
        usual = _habit(registers, code, year)
        if now is not None and (reached_now := later[REACHED]) is not None:
            usual = reached_now / now
        share = (
            usual if usual >= 1 and uniform("full", code, year) < 0.7 else usual + 0.03 * normal("reach", code, year)
        )
        whole = max(1, round(target))
        reached = min(max(0, round(whole * max(share, 0.25))), whole if usual <= 1 else ceil(1.2 * whole))
        ratio = 1.05 + 0.6 * uniform("places", code)
        if now is not None and (places_now := later[PLACES]) is not None:
            ratio = places_now / now
        places = max(reached, round(whole * ratio * (1 + 0.03 * normal("places", code, year))))
        wanted[code] = {TARGET: whole, PLACES: places, REACHED: reached}
    return wanted


def _nudge_reach(year: int, movable: list[str], panel: list[str], numbers: dict[Key, int]) -> None:
    """Moves the reached toddlers of those outside the panel until the national reach of a year before is what is chosen."""

    def pairs(codes: list[str]) -> list[str]:
        return [c for c in codes if (c, year, TARGET) in numbers and (c, year, REACHED) in numbers]

    everyone = pairs(sorted({*movable, *panel}))
    goal = round(_REACH_BEFORE[year] / 100 * sum(numbers[c, year, TARGET] for c in everyone))
    rest = goal - sum(numbers[c, year, REACHED] for c in everyone)
    codes = pairs(movable)
    for _ in range(50):
        room = {
            c: numbers[c, year, TARGET] - numbers[c, year, REACHED] if rest > 0 else numbers[c, year, REACHED] // 2
            for c in codes
            if numbers[c, year, REACHED] < numbers[c, year, TARGET]
        }
        if rest == 0 or not any(v > 0 for v in room.values()):
            break
        share = min(1.0, abs(rest) / sum(v for v in room.values() if v > 0))
        for code in sorted(room, key=lambda c: (-room[c], c)):
            step = min(ceil(room[code] * share), abs(rest), max(room[code], 0))
            numbers[code, year, REACHED] += step if rest > 0 else -step
            rest += -step if rest > 0 else step
            if rest == 0:
                break
