"""The rows of each table of the warehouse as they ought to be: key → values by column."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.second_opinion import panels as panels_of
from tests.second_opinion import risk
from tests.second_opinion.answers import ANSWERED, INVALID, NO_ANSWER, NOT_AVAILABLE, NOT_COLLECTED, UNUSABLE, Reply
from tests.second_opinion.cells import Cell, Computed, Number, catalogue, printed
from tests.second_opinion.measures import PANEL_MEASURES
from tests.second_opinion.populations import COUNTS, REGISTERED, World, breadths
from tests.second_opinion.reach import (
    COMPONENTS,
    Completed,
    Pair,
    completed,
    decomposition,
    half_up,
    national,
    shared_out,
)
from tests.second_opinion.reading import Question

Rows = Iterator[tuple[tuple[Any, ...], dict[str, Any]]]
UNIT = Fraction(1, 10**12)
CELL = ("report", "table_id", "row_key", "column_key")


class Near:
    """A number that is stored rounded, and may be so far from the exact one."""

    def __init__(self, exact: Fraction, within: Fraction) -> None:
        self.exact, self.within = exact, within

    def __repr__(self) -> str:
        return f"{float(self.exact):.15f} ± {float(self.within):.0e}"


def _shown_categories(world: World, breakdown: str, present: set[str]) -> list[str]:
    """Every class, also one without anybody (definitions.md 7); 'unknown' only where somebody is."""
    if breakdown == "province":
        return sorted(present)
    return [c for c in world.categories(breakdown) if c != "unknown" or c in present]


def answers(world: World, _: Computed) -> Rows:
    for year, all_replies in world.replies.items():
        for code, replies in all_replies.items():
            for reply in replies.values():
                for option in reply.question.options or (None,):
                    own = option.code if option else None
                    status = reply.status(own) if own else reply.cells[None][0]
                    yield (
                        (year, code, reply.question.id, own),
                        {
                            "is_asked": reply.asked is True,
                            "status": status,
                            "is_selected": reply.chose(own) if own and status == ANSWERED else None,
                            "number": reply.number if reply.question.type == "count" else None,
                        },
                    )


def _options(question: Question) -> list[str | None]:
    return [option.code for option in question.options] or [None]


def frequencies(world: World, computed: Computed) -> Rows:
    """definitions.md 2, for every question and option."""
    for year in world.years:
        for population, codes in world.populations(year).items():
            for breakdown in world.breakdowns(population):
                if breakdown == "definition_breadth":
                    continue
                classes = {code: computed.category(year, code, breakdown) for code in codes}
                registered = {computed.category(year, code, breakdown) for code in world.registered(year)}
                present = registered if breakdown == "province" else set(classes.values())
                for category in _shown_categories(world, breakdown, present):
                    own = [world.replies[year][code] for code in codes if classes[code] == category]
                    for question in world.years[year].questions:
                        for option in _options(question):
                            key = (year, population, breakdown, category, question.id, option)
                            yield key, _frequency([replies[question.id] for replies in own], question, option)


def _frequency(replies: list[Reply], question: Question, option: str | None) -> dict[str, Any]:
    tally = Counter(
        reply.cells[option if question.type == "multiple" else None][0] for reply in replies if reply.asked is True
    )
    lost, base = tally[NOT_COLLECTED], sum(tally.values()) - tally[NOT_COLLECTED]
    answered = [reply for reply in replies if reply.asked is True and (option is None or reply.chose(option))]
    count = tally[ANSWERED] if option is None else len(answered)
    share = Fraction(count, base) if base and option is not None else None
    return {
        "option_key": question.keys()[option] if option else None,
        "concept": question.concept,
        "item": question.item,
        "answer_type": question.type,
        "count": count,
        "base": base,
        "unknown": sum(tally[status] for status in UNUSABLE),
        "share": share,
        "percent_0": None if share is None else half_up(share * 100),
        "percent_1": None if share is None else Fraction(half_up(share * 1000), 10),
        "answered": tally[ANSWERED],
        "not_asked": len(replies) - base - lost,
        "no_answer": tally[NO_ANSWER],
        "not_available": tally[NOT_AVAILABLE],
        "not_collected": lost,
        "invalid": tally[INVALID],
        "respondents": len(replies),
    }


def response(world: World, computed: Computed) -> Rows:
    for year in world.years:
        registered = world.registered(year)
        for breakdown in world.breakdowns(REGISTERED):
            classes = {code: computed.category(year, code, breakdown) for code in registered}
            for category in _shown_categories(world, breakdown, set(classes.values())):
                codes = [code for code, own in classes.items() if own == category]
                sent = [world.replies[year][code] for code in codes if code in world.replies[year]]
                for question in world.years[year].questions:
                    asked = [replies[question.id].overall() for replies in sent if replies[question.id].asked is True]
                    tally = Counter(asked)
                    base = len(asked) - tally[NOT_COLLECTED]
                    yield (
                        (year, question.id, breakdown, category),
                        {
                            "registered": len(codes),
                            "respondents": len(sent),
                            "asked": len(asked),
                            "base": base,
                            "response": Fraction(tally[ANSWERED], base) if base else None,
                        }
                        | {status: tally[status] for status in (ANSWERED, *UNUSABLE, NOT_COLLECTED)},
                    )


def _values(number: Number) -> dict[str, Any]:
    return {
        "numerator": number.numerator,
        "denominator": number.denominator,
        "n_municipalities": number.n,
        "n_unknown": number.unknown,
    }


def _printed(cell: Cell, number: Number) -> dict[str, Any]:
    shown = number.of(cell.statistic)
    texts = {f"value_text_{one}": printed(shown, cell.unit, cell.decimals, one) for one in ("nl", "en")}
    return _values(number) | {"value": shown} | texts


def cells(world: World, computed: Computed) -> Rows:
    for cell in catalogue(world):
        parts = computed.within(cell.year, cell.measure, cell.population, (cell.breakdown, cell.category))
        yield cell.key, _printed(cell, computed.number(cell.measure, parts.values()))


def cell_members(world: World, computed: Computed) -> Rows:
    for cell in catalogue(world):
        parts = computed.within(cell.year, cell.measure, cell.population, (cell.breakdown, cell.category))
        for code, part in parts.items():
            yield (*cell.key, code), part._asdict()


def cell_breakdowns(world: World, computed: Computed) -> Rows:
    for cell in catalogue(world):
        for breakdown in cell.breakdowns if cell.kind != "text" else ():
            parts = computed.within(cell.year, cell.measure, cell.population, (cell.breakdown, cell.category))
            present = {computed.category(cell.year, code, breakdown) for code in parts}
            for category in _shown_categories(world, breakdown, present):
                own = [
                    part for code, part in parts.items() if computed.category(cell.year, code, breakdown) == category
                ]
                yield (*cell.key, breakdown, category), _printed(cell, computed.number(cell.measure, own))


def measures(world: World, computed: Computed) -> Rows:
    """Every measure that has a name, wherever anybody is in its base; panels and the rest nationally and by class."""
    populations = [(year, name) for year in world.years for name in (*world.populations(year), REGISTERED)]
    for year, population in [*populations, *((year, name) for name, year in computed.panels)]:
        is_panel = population.startswith("panel_")
        names = PANEL_MEASURES if is_panel else [*computed.counted, *computed.others[year]]
        breakdowns = ["total"] if population.startswith("panel_harmonised") else world.breakdowns(population)
        for measure in names:
            parts = computed.within(year, measure, population)
            for breakdown in breakdowns:
                classes = {code: computed.category(year, code, breakdown) for code in parts}
                for category in sorted(set(classes.values())):
                    own = [part for code, part in parts.items() if classes[code] == category]
                    number = computed.number(measure, own)
                    yield (
                        (measure, year, population, breakdown, category),
                        _values(number) | {"value": number.value, "lowest": number.lowest, "highest": number.highest},
                    )


def definition_breadth(world: World, _: Computed) -> Rows:
    for year in world.years:
        for code, values in breadths(world, year):
            yield (year, code), values


def _spoken(world: World, years: Any) -> str:
    return ",".join(str(world.years[year].reference_year) for year in sorted(set(years)))


def panel(world: World, _: Computed) -> Rows:
    for one in panels_of.panels(world):
        for year in one.years if one.reason is None else ():
            parts = one.parts[year]
            values: dict[str, Any] = {c: sum(world.count(year, code, c) or 0 for code in parts) for c in COUNTS}
            key = (one.kind, _spoken(world, one.years), one.code, world.years[year].reference_year)
            yield key, values | {"predecessors": len(parts)}


def panel_exclusions(world: World, _: Computed) -> Rows:
    for one in panels_of.panels(world):
        if one.reason is None:
            continue
        values: dict[str, Any] = dict.fromkeys(
            ("incomplete_codes", "years_without_questionnaire", *(f"years_without_{concept}" for concept in COUNTS))
        )
        if one.reason in ("not_a_respondent", "incomplete"):
            lacking = {concept: panels_of.missing(world, one.parts, concept) for concept in COUNTS}
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
            (one.kind, _spoken(world, one.years), one.code),
            values
            | {
                "population": panels_of.name(world, one.kind, one.years),
                "exclusion_reason": one.reason,
                "territory_from": ",".join(sorted(one.came_from)),
            },
        )


def reach_bounds(world: World, computed: Computed) -> Rows:
    for year in world.counting_years():
        found = completed(world, year)
        reach = computed.others[year]["reach_national"]
        for breakdown in ("total", "urbanisation_class", "disadvantage_group"):
            classes = {code: computed.category(year, code, breakdown) for code in found}
            for category in _shown_categories(world, breakdown, set(classes.values())):
                own = {code: one for code, one in found.items() if classes[code] == category}
                published = computed.number("reach_national", [part for code, part in reach.items() if code in own])
                yield (year, breakdown, category), _bounds(list(own.values()), published)


def _bounds(own: list[Completed], published: Number) -> dict[str, Any]:
    kept = [one for one in own if one.target is not None]
    target = sum(one.target or 0 for one in kept) if kept else None
    low, high = (sum(one.lower for one in kept), sum(one.upper for one in kept)) if kept else (None, None)
    values: dict[str, Any] = {
        "municipalities": len(own),
        "n": published.n,
        "reach": published.value,
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


def contributions(world: World, _: Computed) -> Rows:
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
    """A pair of years as it is printed: levels half up to two decimals of a percent, parts that add up to their difference."""

    def __init__(self, pair: Pair) -> None:
        self.levels = [half_up(pair.national(which) * 10000) for which in (0, 1)]
        self.change = self.levels[1] - self.levels[0]
        self.exact = {
            part: sum((v for (_, p), v in pair.parts.items() if p == part), Fraction()) for part in COMPONENTS
        }
        self.points = shared_out([value * 10000 for value in self.exact.values()], self.change)
        self.codes = {part: [code for code, p in pair.parts if p == part] for part in COMPONENTS}


def reach_decomposition(world: World, _: Computed) -> Rows:
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
                    "points": Fraction(fall.points[at], 100),
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
                },
            )


def printed_decomposition(world: World, _: Computed) -> Rows:
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
            yield (
                (*pair.years, step),
                {
                    "step_no": number,
                    "value": Fraction(value, 100),
                    "value_text_nl": _signed(value, step, "nl"),
                    "value_text_en": _signed(value, step, "en"),
                    "starts_at": None if start is None else Fraction(start, 100),
                    "ends_at": None if end is None else Fraction(end, 100),
                    "n_municipalities": n,
                },
            )


def _signed(value: int, step: str, language: str) -> str:
    if step in ("reach_from", "reach_to"):
        return printed(Fraction(value, 10000), "percent", 2, language)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + printed(Fraction(abs(value), 100), "number", 2, language)


def risk_signals(world: World, _: Computed) -> Rows:
    for year in world.years:
        for code, own in risk.signals(world, year).items():
            for signal in own:
                yield (
                    (year, code, signal.rule["id"]),
                    {
                        "is_respondent": code in world.replies[year],
                        "domain": signal.rule["domain"],
                        "subject": signal.rule["subject"],
                        "signal": signal.outcome,
                        "evidence": signal.evidence,
                        "not_assessable_reason": signal.reason,
                    },
                )


def risk_assessment(world: World, _: Computed) -> Rows:
    for year in world.years:
        for code, own in risk.signals(world, year).items():
            yield (year, code), {"is_respondent": code in world.replies[year]} | risk.assessment(own)


def supervision_selection(world: World, _: Computed) -> Rows:
    for year in world.years:
        for code, domain, by in risk.selection(world, year, risk.signals(world, year)):
            yield (year, code, domain), {"selected_by": by}


# Table → its key, and our rows. Values of columns that are not named here are not compared.
TABLES: dict[str, tuple[tuple[str, ...], Callable[[World, Computed], Rows]]] = {
    "fct_answers": (("survey_year", "municipality_code", "question_id", "option_code"), answers),
    "fct_frequencies": (
        ("survey_year", "population", "breakdown", "category", "question_id", "option_code"),
        frequencies,
    ),
    "fct_response": (("survey_year", "question_id", "breakdown", "category"), response),
    "rpt_cells": (CELL, cells),
    "rpt_cell_members": ((*CELL, "municipality_code"), cell_members),
    "rpt_cell_breakdowns": ((*CELL, "breakdown", "category"), cell_breakdowns),
    "fct_measures": (("measure", "survey_year", "population", "breakdown", "category"), measures),
    "fct_definition_breadth": (("survey_year", "municipality_code"), definition_breadth),
    "fct_panel": (("panel", "reference_years", "municipality_code", "reference_year"), panel),
    "fct_panel_exclusions": (("panel", "reference_years", "municipality_code"), panel_exclusions),
    "fct_reach_bounds": (("survey_year", "breakdown", "category"), reach_bounds),
    "fct_reach_contributions": (
        ("from_survey_year", "to_survey_year", "municipality_code", "component"),
        contributions,
    ),
    "fct_reach_decomposition": (("from_survey_year", "to_survey_year", "component"), reach_decomposition),
    "rpt_reach_decomposition": (("from_survey_year", "to_survey_year", "component"), printed_decomposition),
    "fct_risk_signals": (("survey_year", "municipality_code", "rule"), risk_signals),
    "fct_risk_assessment": (("survey_year", "municipality_code"), risk_assessment),
    "fct_supervision_selection": (("survey_year", "municipality_code", "domain"), supervision_selection),
}


def equal(ours: Any, theirs: Any) -> bool:
    """Exactly; a quotient that is stored as a double, to its last digits."""
    if isinstance(ours, Near):
        return theirs is not None and bool(abs(Fraction(theirs) - ours.exact) <= ours.within)
    if isinstance(theirs, float) and ours is not None:
        return math.isclose(theirs, float(ours), rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(theirs, Decimal) and ours is not None:
        return bool(Fraction(theirs) == ours)
    return bool(ours == theirs)
