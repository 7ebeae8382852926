"""Of whom a number can be, and in which groups: definitions.md 6 and 7, data/catalogue/breakdowns.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.second_opinion.answers import Replies, Reply, read_answers
from tests.second_opinion.reading import Question, Year, load_yaml, read_years
from tests.second_opinion.registers import UNKNOWN, Registers

COUNTS = ("target_toddlers", "places", "reached_toddlers")
Rows = Iterator[
    tuple[tuple[Any, ...], dict[str, Any]]
]  # a row of a table as it ought to be: its key, and values by column
RESPONDENTS, REGISTERED = "respondents", "municipalities"


@dataclass
class World:
    """All that is known. ``groups``: breakdown → its categories in order. ``edition``: survey year of the edition."""

    data_dir: Path
    years: dict[int, Year]
    registers: Registers
    replies: dict[int, dict[str, Replies]]
    groups: dict[str, list[str]]
    edition: int
    breadth: dict[int, dict[str, str]] = field(default_factory=dict)
    classes: dict[tuple[int, str, str], str] = field(default_factory=dict)

    def registered(self, year: int) -> frozenset[str]:
        return self.registers.on(self.date(year))

    def date(self, year: int) -> date:
        return self.years[year].register_date

    def questions(self, year: int, concept: str, items: frozenset[str] | None = None) -> list[Question]:
        """The year's questions of a concept, of these items only where any are named."""
        found = [q for q in self.years[year].questions if q.concept == concept]
        return found if items is None else [q for q in found if q.item in items]

    def reply(self, year: int, code: str, concept: str) -> Reply | None:
        """To the only question of a concept; None when there is none, or no questionnaire."""
        asked = self.questions(year, concept)
        replies = self.replies[year].get(code)
        return replies[asked[0].id] if asked and replies else None

    def count(self, year: int, code: str, concept: str) -> int | None:
        """A count that was given (definitions.md 5)."""
        reply = self.reply(year, code, concept)
        return reply.number if reply else None

    def counting_years(self) -> list[int]:
        """The years that ask all three counts."""
        return [year for year in self.years if all(self.questions(year, concept) for concept in COUNTS)]

    def category(self, year: int, code: str, breakdown: str) -> str:
        """Its class in a breakdown; a municipality without one is unknown, one that a report does not class is in the
        register's (definitions.md 7)."""
        key = year, code, breakdown
        if key not in self.classes:
            self.classes[key] = self._category(year, code, breakdown)
        return self.classes[key]

    def _category(self, year: int, code: str, breakdown: str) -> str:
        if breakdown == "total":
            return "all"
        if breakdown == "province":
            return self.registers.province(code, self.date(year))
        if breakdown == "urbanisation_class":
            return self.registers.urbanisation(code, year)
        if breakdown == "disadvantage_group":
            row = self.registers.disadvantage(code, year)
            return row["disadvantage_group"] if row else UNKNOWN
        if breakdown == "definition_breadth":
            return self.breadth[year].get(code, UNKNOWN)
        column, classification = _report_class(breakdown, self.registers)
        found = self.registers.in_report(classification, code, column)
        return self.category(year, code, column) if found == UNKNOWN else found

    def categories(self, breakdown: str) -> list[str]:
        """Those of data/catalogue/breakdowns.yaml; a report's class has those of the class that it is like."""
        name = breakdown
        if breakdown not in self.groups:
            name = _report_class(breakdown, self.registers)[0]
        return self.groups[name]

    def populations(self, year: int) -> dict[str, list[str]]:
        """Respondents, and those of them that an analysis population of the year keeps."""
        found = {RESPONDENTS: sorted(self.replies[year])}
        if analysis := self.years[year].analysis:
            others = [self.replies.get(int(one), {}) for one in analysis["answered_in"]]
            found[analysis["key"]] = [c for c in found[RESPONDENTS] if all(c in other for other in others)]
        return found

    def breakdowns(self, population: str) -> list[str]:
        own = ["total", "urbanisation_class", "disadvantage_group", "province"]
        if population == REGISTERED:
            return own
        of_reports = [
            f"{column}_{classification}"
            for classification in self.registers.classifications()
            for column in ("urbanisation_class", "disadvantage_group")
        ]
        return own + of_reports + ([] if population.startswith("panel_") else ["definition_breadth"])


def _report_class(breakdown: str, registers: Registers) -> tuple[str, str]:
    for classification in registers.classifications():
        if breakdown.endswith(f"_{classification}"):
            return breakdown.removesuffix(f"_{classification}"), classification
    raise KeyError(breakdown)


def load_world(data_dir: Path) -> World:
    years = read_years(data_dir)
    registers = Registers(data_dir / "registers")
    output = load_yaml(data_dir / "settings.yaml")["edition"]["survey_year"]
    groups = {
        group["id"]: [category["key"] for category in group["categories"]]
        for group in load_yaml(data_dir / "catalogue" / "breakdowns.yaml")["breakdowns"]
    }
    world = World(
        data_dir=data_dir,
        years=years,
        registers=registers,
        replies={year: read_answers(said_year, registers) for year, said_year in years.items()},
        groups=groups,
        edition=max(year for year in years if years[year].status != "planned") if output == "newest" else int(output),
    )
    world.breadth = {year: {code: row["definition_breadth"] for code, row in breadths(world, year)} for year in years}
    return world


def breadths(world: World, year: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Definition breadth of every respondent (definitions.md 5)."""
    for code in world.replies[year]:
        keys, since = _indicators(world, year, code)
        number = None if keys is None else len(keys)
        breadth = UNKNOWN
        if number is not None:
            breadth = "none" if number == 0 else "narrow" if number <= 3 else "middle" if number <= 6 else "broad"
        yield (
            code,
            {
                "indicators": number,
                "indicators_chosen": None if keys is None else ",".join(sorted(keys)),
                "definition_breadth": breadth,
                "indicators_survey_year": since,
                "is_carried": since is not None and since < year,
            },
        )


def _indicators(world: World, year: int, code: str) -> tuple[list[str] | None, int | None]:
    """The indicators of the newest answer in which all are known, unless a later year ends that definition.

    Assumed: only where they were surely asked; a municipality keeps its definition when its territory grows.
    """
    at, day = code, world.date(year)
    for back in sorted((one for one in world.years if one <= year), reverse=True):
        before = at if at in world.registered(back) else world.registers.only_predecessor(at, world.date(back), day)
        if before is None:
            return None, None
        at, day = before, world.date(back)
        reply = world.reply(back, at, "definition_indicators")
        if reply and reply.asked and all(status == "answered" for status, _ in reply.cells.values()):
            kept = [option for option in reply.question.options if not option.exclusive]
            return [option.key for option in kept if reply.chose(option.code)], back
        if any(_says(world, back, at, *ends) for ends in ENDS):
            return None, None
    return None, None


ENDS = (("definition_new", "yes"), ("definition_present", "no"), ("definition_unchanged_reason", "not_needed"))


def _says(world: World, year: int, code: str, concept: str, key: str) -> bool:
    """Whether a municipality, surely asked, chose an option."""
    reply = world.reply(year, code, concept)
    if reply is None or not reply.asked:
        return False
    return any(reply.chose(option.code) for option in reply.question.options if option.key == key)


def shown_categories(world: World, breakdown: str, present: set[str]) -> list[str]:
    """Every class, also one without anybody (definitions.md 7); 'unknown' only where somebody is."""
    return [c for c in world.categories(breakdown) if c != "unknown" or c in present]


def definition_breadth(world: World) -> Rows:
    for year in world.years:
        for code, values in breadths(world, year):
            yield (year, code), values
