"""Evaluates every constraint on answers, however they were made, and names those that do not hold.

Belongs here: comparing what ``figures.py`` finds with what is printed. Does not belong here: making answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from synthetic.constraint import Constraint
from synthetic.figures import (
    Survey,
    base,
    counts_by_concept,
    half_up,
    indicators,
    items_chosen,
    missing_in,
    number_given,
    panel,
    percent,
    population,
)
from synthetic.responses import Row
from synthetic.supervision import risks, selected


@dataclass(frozen=True)
class Outcome:
    """One constraint, what the answers give, and whether that is what it asks."""

    constraint: Constraint
    found: str
    holds: bool

    def __str__(self) -> str:
        c = self.constraint
        asked = (
            c.value
            if c.value is not None
            else f"{c.min if c.min is not None else ''}–{c.max if c.max is not None else ''}"
        )
        return f"{c.id} ({c.kind}, {c.source}): asked {asked}, found {self.found}"


class ConstraintsBroken(AssertionError):
    """The answers do not meet every constraint."""

    def __init__(self, broken: list[Outcome]) -> None:
        self.broken = broken
        super().__init__("\n".join([f"{len(broken)} constraints do not hold:", *map(str, broken)]))


def verify(constraints: Iterable[Constraint], survey: Survey) -> list[Outcome]:
    """Every constraint with its outcome, in order."""
    return [_EVALUATE[c.kind](c, survey) for c in constraints]


def assert_all_hold(outcomes: Iterable[Outcome]) -> None:
    """Raises ConstraintsBroken, listing every constraint that does not hold."""
    if broken := [o for o in outcomes if not o.holds]:
        raise ConstraintsBroken(broken)


def count_by_kind(outcomes: Iterable[Outcome]) -> dict[str, tuple[int, int]]:
    """Kind → (constraints that hold, constraints)."""
    outcomes = list(outcomes)
    total = Counter(o.constraint.kind for o in outcomes)
    holding = Counter(o.constraint.kind for o in outcomes if o.holds)
    return {kind: (holding[kind], total[kind]) for kind in sorted(total)}


def _exact(value: float) -> Fraction:
    return Fraction(Decimal(str(value)))


def _compare(c: Constraint, found: Fraction, decimals: int = 0, shown: str = "") -> Outcome:
    """Equal to the value at its printed digits, or within min and max before rounding."""
    text = shown or f"{float(found):.4g}"
    if c.value is not None:
        return Outcome(c, text, half_up(found, decimals) == _exact(c.value))
    low = c.min is None or found >= _exact(c.min)
    high = c.max is None or found <= _exact(c.max)
    return Outcome(c, text, low and high)


def _compare_percent(c: Constraint, part: int, whole: int) -> Outcome:
    return _compare(c, percent(part, whole), c.decimals, f"{part}/{whole} = {float(percent(part, whole)):.2f}%")


def _whole(c: Constraint, number: int) -> Outcome:
    return _compare(c, Fraction(number), 0, str(number))


def _respondents(c: Constraint, survey: Survey) -> Outcome:
    codes = set(survey.responses[c.survey_year])
    if c.also_in is not None:
        codes &= set(survey.responses[c.also_in])
    return _whole(c, len(codes))


def _asked_count(c: Constraint, survey: Survey) -> Outcome:
    return _whole(c, len(base(c, survey)))


def _missing_count(c: Constraint, survey: Survey) -> Outcome:
    assert c.question is not None
    return _whole(c, missing_in(population(c, survey), c.question))


def _chosen(c: Constraint, rows: dict[str, Row]) -> int:
    return sum(items_chosen(c.chosen_items, row) > 0 for row in rows.values())


def _option_count(c: Constraint, survey: Survey) -> Outcome:
    return _whole(c, _chosen(c, base(c, survey)))


def _option_percent(c: Constraint, survey: Survey) -> Outcome:
    rows = base(c, survey)
    return _compare_percent(c, _chosen(c, rows), len(rows))


def _option_order(c: Constraint, survey: Survey) -> Outcome:
    rows = base(c, survey)
    numbers = [sum(items_chosen((item,), row) for row in rows.values()) for item in c.chosen_items]
    return Outcome(c, " ≥ ".join(map(str, numbers)), all(a >= b for a, b in pairwise(numbers)))


def _number_percent(c: Constraint, survey: Survey) -> Outcome:
    rows = base(c, survey)
    return _compare_percent(c, sum(items_chosen(c.items, row) in c.number for row in rows.values()), len(rows))


def _number_mean(c: Constraint, survey: Survey) -> Outcome:
    rows = base(c, survey)
    total = sum(items_chosen(c.items, row) for row in rows.values())
    return _compare(c, Fraction(total, len(rows)), c.decimals)


def _number_range(c: Constraint, survey: Survey) -> Outcome:
    numbers = [items_chosen(c.items, row) for row in base(c, survey).values()]
    low, high = min(numbers), max(numbers)
    within = (c.min is None or low >= c.min) and (c.max is None or high <= c.max)
    return Outcome(c, f"{low}–{high}", within and (not c.spread or (low == c.min and high == c.max)))


def _rising(c: Constraint, found: list[Fraction]) -> Outcome:
    rising = all(a <= b for a, b in pairwise(found))
    return Outcome(
        c, " ≤ ".join(f"{float(f):.3f}" for f in found), rising and found[-1] - found[0] >= _exact(c.difference)
    )


def _by_category(c: Constraint, rows: dict[str, Row], survey: Survey) -> list[list[Row]]:
    classes = survey.categories[c.by or ""]
    return [[row for code, row in rows.items() if classes.get(code) == category] for category in c.order]


def _direction(c: Constraint, survey: Survey) -> Outcome:
    groups = _by_category(c, base(c, survey), survey)
    return _rising(c, [Fraction(sum(items_chosen(c.chosen_items, r) for r in g), max(len(g), 1)) for g in groups])


def _mean_direction(c: Constraint, survey: Survey) -> Outcome:
    found = []
    for group in _by_category(c, base(c, survey), survey):
        numbers = [n for row in group if (n := number_given(row, c.question or "")) is not None]
        found.append(Fraction(sum(numbers), max(len(numbers), 1)))
    return _rising(c, found)


def _given(c: Constraint, survey: Survey) -> list[tuple[str, list[int]]]:
    """Code and counts of the municipalities that gave all the counts."""
    given = []
    for code, row in population(c, survey).items():
        numbers = [n for q in c.counts if (n := number_given(row, q)) is not None]
        if len(numbers) == len(c.counts):
            given.append((code, numbers))
    return given


def _given_count(c: Constraint, survey: Survey) -> Outcome:
    return _whole(c, len(_given(c, survey)))


def _sum(c: Constraint, survey: Survey) -> Outcome:
    return _whole(c, sum(n for _, (n,) in _given(c, survey)))


def _compared(c: Constraint, survey: Survey) -> tuple[int, int]:
    pairs = [numbers for _, numbers in _given(c, survey)]
    return sum((a >= b) == (c.relation == "at_least") for a, b in pairs), len(pairs)


def _comparison_count(c: Constraint, survey: Survey) -> Outcome:
    return _whole(c, _compared(c, survey)[0])


def _comparison_percent(c: Constraint, survey: Survey) -> Outcome:
    return _compare_percent(c, *_compared(c, survey))


def _incomparable_count(c: Constraint, survey: Survey) -> Outcome:
    return _whole(c, len(population(c, survey)) - len(_given(c, survey)))


def _ratio_percent(c: Constraint, survey: Survey) -> Outcome:
    pairs = [numbers for _, numbers in _given(c, survey)]
    return _compare_percent(c, sum(a for a, _ in pairs), sum(b for _, b in pairs))


def _of_breadth(c: Constraint, survey: Survey) -> list[list[int]]:
    return [n for code, n in _given(c, survey) if indicators(survey, c.survey_year, code) in c.number]


def _breadth_count(c: Constraint, survey: Survey) -> Outcome:
    return _whole(c, len(_of_breadth(c, survey)))


def _breadth_mean_percent(c: Constraint, survey: Survey) -> Outcome:
    pairs = _of_breadth(c, survey)
    mean = sum((percent(a, b) for a, b in pairs), Fraction(0)) / max(len(pairs), 1)
    return _compare(c, mean, c.decimals, f"{float(mean):.2f}%")


def _breadth_ratio_percent(c: Constraint, survey: Survey) -> Outcome:
    pairs = _of_breadth(c, survey)
    return _compare_percent(c, sum(a for a, _ in pairs), sum(b for _, b in pairs))


def _panel_size(c: Constraint, survey: Survey) -> Outcome:
    return _whole(c, len(panel(survey, c.survey_years, c.counts)))


def _panel_stability(c: Constraint, survey: Survey) -> Outcome:
    codes = panel(survey, c.survey_years, c.counts)
    worst = Fraction(0)
    for concept in c.counts:
        totals = []
        for year in c.survey_years:
            question = counts_by_concept(survey.questionnaires[year])[concept]
            totals.append(sum(number_given(survey.responses[year][code], question) or 0 for code in codes))
        worst = max(worst, percent(max(totals) - min(totals), min(totals)))
    return _compare(c, worst, c.decimals, f"{float(worst):.3f}%")


def _risk_domains(c: Constraint, survey: Survey) -> list[set[str]]:
    """The domains in which each respondent has a possible risk."""
    found = risks(survey.supervision, survey.questionnaires[c.survey_year], survey.responses[c.survey_year])
    return [{rule.domain for rule in rules} for rules in found.values()]


def _risk_count(c: Constraint, survey: Survey) -> Outcome:
    either = {"lea", "vve"}
    counts: dict[str, Callable[[set[str]], bool]] = {
        "none": lambda domains: not domains,
        "any": bool,
        "both": lambda domains: domains == either,
        "lea_only": lambda domains: domains == {"lea"},
        "vve_only": lambda domains: domains == {"vve"},
        "lea": lambda domains: "lea" in domains,
        "vve": lambda domains: "vve" in domains,
    }
    return _whole(c, sum(map(counts[c.risk or ""], _risk_domains(c, survey))))


def _risk_most(c: Constraint, survey: Survey) -> Outcome:
    found = risks(survey.supervision, survey.questionnaires[c.survey_year], survey.responses[c.survey_year])
    domain = next(rule.domain for rule in survey.supervision.rules if rule.subject == c.subject)
    number = Counter(s for rules in found.values() for s in {r.subject for r in rules if r.domain == domain})
    others = [n for subject, n in number.items() if subject != c.subject]
    return Outcome(c, ", ".join(f"{s} {n}" for s, n in number.most_common()), number[c.subject or ""] > max(others))


def _selected_count(c: Constraint, survey: Survey) -> Outcome:
    answered = survey.responses[c.survey_year]
    chosen = selected(survey.supervision, survey.questionnaires[c.survey_year], answered)
    if c.selected == "any":
        return _whole(c, len({code for code, _ in chosen}))
    if c.selected == "without_questionnaire":
        return _whole(c, len({code for code, _ in chosen if code not in answered}))
    return _whole(c, sum(domain == c.selected and code in answered for code, domain in chosen))


def _conversations(c: Constraint, survey: Survey) -> tuple[int, int]:
    """Cases of the domain that led to the outcome, and cases in which a conversation was held."""
    cases = [
        [event for event, _ in events]
        for (_, domain), events in survey.supervision.cases[c.survey_year].items()
        if domain == c.domain
    ]
    held = [events for events in cases if "conversation" in events]
    return sum(c.outcome in events for events in held), len(held)


def _case_count(c: Constraint, survey: Survey) -> Outcome:
    number, whole = _conversations(c, survey)
    return _whole(c, whole if c.outcome is None else number)


def _case_percent(c: Constraint, survey: Survey) -> Outcome:
    return _compare_percent(c, *_conversations(c, survey))


_EVALUATE: dict[str, Callable[[Constraint, Survey], Outcome]] = {
    "respondents": _respondents,
    "asked_count": _asked_count,
    "missing_count": _missing_count,
    "option_count": _option_count,
    "option_percent": _option_percent,
    "option_order": _option_order,
    "number_percent": _number_percent,
    "number_mean": _number_mean,
    "number_range": _number_range,
    "direction": _direction,
    "mean_direction": _mean_direction,
    "given_count": _given_count,
    "sum": _sum,
    "comparison_count": _comparison_count,
    "comparison_percent": _comparison_percent,
    "incomparable_count": _incomparable_count,
    "ratio_percent": _ratio_percent,
    "breadth_count": _breadth_count,
    "breadth_mean_percent": _breadth_mean_percent,
    "breadth_ratio_percent": _breadth_ratio_percent,
    "panel_size": _panel_size,
    "panel_stability": _panel_stability,
    "risk_count": _risk_count,
    "risk_most": _risk_most,
    "selected_count": _selected_count,
    "case_count": _case_count,
    "case_percent": _case_percent,
}
