"""The tables of the reports, cell by cell, and how a number is printed: data/catalogue/reports, definitions.md 2 and
7."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from tests.second_opinion import measures
from tests.second_opinion.measures import MISSING, Counted, Members, Part
from tests.second_opinion.populations import REGISTERED, Rows, World, shown_categories
from tests.second_opinion.reading import Question
from tests.second_opinion.reports import question_of, reports
from tests.second_opinion.rounding import half_up, printed

# What a cell prints of its measure, and in which unit (docstring of the catalogue).
FORMS = {
    "percent": ("value", "share"),
    "count": ("numerator", "municipalities"),
    "base": ("denominator", "municipalities"),
    "municipalities": ("n", "municipalities"),
    "total": ("value", "count"),
    "mean": ("value", "number"),
    "min": ("min", "number"),
    "max": ("max", "number"),
    "score": ("value", "score"),
    "lowest_score": ("min", "score"),
}
_OPTION = {"question", "concept", "option", "options", "base", "base_reason", "among"}
# Saying one of the left takes away, from further off, all of the right.
_INSTEAD = (
    ({"measure"}, _OPTION),
    (_OPTION, {"measure"}),
    ({"question"}, {"concept"}),
    ({"concept"}, {"question"}),
    ({"option"}, {"options"}),
    ({"options"}, {"option"}),
    ({"base"}, {"among"}),
    ({"among"}, {"base"}),
    ({"survey_year"}, {"reference_year"}),
    ({"reference_year"}, {"survey_year"}),
)
_FIELDS = {
    *_OPTION, "measure", "item", "as", "survey_year", "reference_year",
    "population", "breakdown", "category", "decimals",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """``key``: report, table, row, column. ``measure``: a name, or what is counted."""

    key: tuple[str, str, str, str]
    kind: str
    measure: str | Counted
    statistic: str
    unit: str
    decimals: int
    year: int
    population: str
    breakdown: str
    category: str
    breakdowns: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A measure over some municipalities. ``numerator`` and ``denominator`` are None where it is no quotient of
    sums."""

    numerator: int | None
    denominator: int | None
    value: Fraction | None
    lowest: Fraction | None
    highest: Fraction | None
    n: int
    unknown: int

    def of(self, statistic: str) -> Fraction | None:
        """What a cell prints of it."""
        if statistic == "min":
            return self.lowest
        if statistic == "max":
            return self.highest
        if statistic == "value":
            return self.value
        found = {"numerator": self.numerator, "denominator": self.denominator, "n": self.n}[statistic]
        return None if found is None else Fraction(found)


def catalogue(world: World) -> Iterator[Cell]:
    """Every cell of every report of the edition. The closest of report, table, and row or column counts. What the
    questionnaire does not ask has no cell."""
    for report in reports(world):
        for table in report["tables"]:
            is_flow = table.get("chart", {}).get("kind") == "flow"  # the course of one group is not broken down
            by = () if is_flow else tuple(report.get("breakdowns") or ())
            for row in table["rows"]:
                for column in table.get("columns") or [{"key": "value"}]:
                    key = (report["report"], table["id"], row["key"], column["key"])
                    layers = [report.get("cells", {}), table.get("cells", {}), row | column]
                    cell = _cell(world, key, table["kind"], layers, by)
                    if cell:
                        yield cell


def _cell(
    world: World, key: tuple[str, str, str, str], kind: str, layers: Iterable[Mapping[str, Any]], by: tuple[str, ...]
) -> Cell | None:
    output: dict[str, Any] = {}
    for layer in layers:
        own = {name: value for name, value in layer.items() if name in _FIELDS}
        for ones, others in _INSTEAD:
            if ones & own.keys():
                output = {name: value for name, value in output.items() if name not in others}
        output |= own
    year = int(output["survey_year"]) if "survey_year" in output else _year_of(world, int(output["reference_year"]))
    if "concept" in output:
        question = question_of(world, year, output["concept"], output.pop("item", None))
        if question is None or not {*output.get("options", [output.get("option")])} <= {MISSING, *_keys(question)}:
            return None
        output["question"] = question.id
    if "concept" in output.get("among", {}):
        other = question_of(world, year, output["among"]["concept"], None)
        output["among"] = {**output["among"], "question": other.id if other else ""}
    item = output.get("item", "")
    output = {
        name: value.replace("{item}", item) if isinstance(value, str) else value for name, value in output.items()
    }
    statistic, unit = FORMS[output["as"]]
    measure: str | Counted = output.get("measure", "")
    if "question" in output:
        options = output.get("options") or [output["option"]]
        measure = measures.of_options(output["question"], options, output.get("base", "asked"), output.get("among"))
    place = (output["population"], output["breakdown"], output["category"])
    return Cell(key, kind, measure, statistic, unit, int(output.get("decimals", 0)), year, *place, by)


def _keys(question: Question) -> set[str]:
    return {option.key for option in question.options}


def _year_of(world: World, reference_year: int) -> int:
    return next(year for year, one in world.years.items() if one.reference_year == reference_year)


class Computed:
    """Members of every measure, worked out once; and who is in which population and class."""

    def __init__(self, world: World) -> None:
        self.world = world
        counted, _ = measures.defined(world)
        self.counted = {measure.id: measure for measure in counted}
        self.others = {year: measures.other_members(world, year) for year in world.years}
        self.panels = measures.panel_members(world)
        self._found: dict[tuple[int, Counted], Members | None] = {}

    def members(self, year: int, measure: str | Counted, population: str) -> Members | None:
        """Of all municipalities; None in a year without what is measured."""
        if isinstance(measure, str) and measure in measures.PANEL_MEASURES:
            return self.panels.get((population, year), {}).get(measure)
        if isinstance(measure, str) and measure not in self.counted:
            return self.others[year].get(measure)
        own = self.counted[measure] if isinstance(measure, str) else measure
        if (year, own) not in self._found:
            self._found[year, own] = measures.counted_members(self.world, year, own)
        return self._found[year, own]

    def within(self, year: int, measure: str | Counted, population: str, *groups: tuple[str, str]) -> Members:
        """The members in a population, and in each of these classes (breakdown, category)."""
        if population == REGISTERED and isinstance(measure, str) and "=" in measure:
            return {}  # the share that is in a class is of those that filled in the questionnaire (dim_measure)
        found = self.members(year, measure, population) or {}
        if not population.startswith("panel_"):
            codes = (
                self.world.registered(year) if population == REGISTERED else self.world.populations(year)[population]
            )
            kept = set(codes)
            found = {code: part for code, part in found.items() if code in kept}
        return {
            code: part
            for code, part in found.items()
            if all(self.world.category(year, code, breakdown) == category for breakdown, category in groups)
        }

    def number(self, measure: str | Counted, parts: Iterable[Part]) -> Number:
        """Adds up (definitions.md 2, 5): a ratio of sums, a total, or the mean or median of municipal shares."""
        own = list(parts)
        is_total = bool(own) and own[0].denominator is None
        if isinstance(measure, str) and measure.endswith("_total"):
            is_total = True
        each = [Fraction(part.numerator, 1 if is_total else part.denominator or 1) for part in own]
        above = sum(part.numerator for part in own) if own or not is_total else None
        below = None if is_total else sum(part.denominator or 0 for part in own)
        value: Fraction | None = None
        if isinstance(measure, str) and measure in ("reach_mean", "reach_median"):
            if each:
                # definitions.md 5: the mean adds quotients of 12 decimals
                rounded = [Fraction(half_up(one * 10**12), 10**12) for one in each]
                value = sum(rounded, Fraction(0)) / len(each) if measure == "reach_mean" else median(each)
            numerator = denominator = None
        else:
            numerator, denominator = above, below
            if above is not None:  # a total over nobody is no number
                value = Fraction(above) if below is None else Fraction(above, below) if below else None
        lowest, highest = (min(each), max(each)) if each else (None, None)
        return Number(numerator, denominator, value, lowest, highest, len(own), sum(part.unknown for part in own))


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


def cells_rows(computed: Computed) -> Rows:
    for cell in catalogue(computed.world):
        parts = computed.within(cell.year, cell.measure, cell.population, (cell.breakdown, cell.category))
        yield cell.key, _printed(cell, computed.number(cell.measure, parts.values()))


def cell_members_rows(computed: Computed) -> Rows:
    for cell in catalogue(computed.world):
        parts = computed.within(cell.year, cell.measure, cell.population, (cell.breakdown, cell.category))
        for code, part in parts.items():
            yield (*cell.key, code), part._asdict()


def cell_breakdowns_rows(computed: Computed) -> Rows:
    for cell in catalogue(computed.world):
        for breakdown in cell.breakdowns if cell.kind != "text" else ():
            parts = computed.within(cell.year, cell.measure, cell.population, (cell.breakdown, cell.category))
            present = {computed.world.category(cell.year, code, breakdown) for code in parts}
            for category in shown_categories(computed.world, breakdown, present):
                own = [
                    part
                    for code, part in parts.items()
                    if computed.world.category(cell.year, code, breakdown) == category
                ]
                yield (*cell.key, breakdown, category), _printed(cell, computed.number(cell.measure, own))


def measures_rows(computed: Computed) -> Rows:
    """Every measure that has a name, wherever anybody is in its base; panels and the rest nationally and by class."""
    world = computed.world
    populations = [(year, name) for year in world.years for name in (*world.populations(year), REGISTERED)]
    for year, population in [*populations, *((year, name) for name, year in computed.panels)]:
        is_panel = population.startswith("panel_")
        names = measures.PANEL_MEASURES if is_panel else [*computed.counted, *computed.others[year]]
        breakdowns = ["total"] if population.startswith("panel_harmonised") else world.breakdowns(population)
        for measure in names:
            parts = computed.within(year, measure, population)
            for breakdown in breakdowns:
                classes = {code: world.category(year, code, breakdown) for code in parts}
                for category in sorted(set(classes.values())):
                    own = [part for code, part in parts.items() if classes[code] == category]
                    number = computed.number(measure, own)
                    yield (
                        (measure, year, population, breakdown, category),
                        _values(number) | {"value": number.value, "lowest": number.lowest, "highest": number.highest},
                    )
