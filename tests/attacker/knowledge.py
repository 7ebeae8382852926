"""What everybody knows of the numbers: what a measure counts, who was asked what, and that options exclude each other.

From the published catalogue and questionnaires, by name: nothing is taken from answers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.questionnaires.model import Question, Questionnaire, RoutingCondition
from tests.attacker.published import UNKNOWN, number_rows
from tests.attacker.system import Name, System

OPTION_MEASURE = re.compile(r"(?P<question>[A-Z]\w*)=(?P<options>[\w|]+)(/(?P<base>.+))?")
REGISTERS = ("urbanisation_class", "disadvantage_group", "disadvantage_score", "response", "non_response")
"""Measures of which everybody knows everything."""
COUNTED = ("share", "municipalities")
SAME_BASE = {"reach_mean": "reach_national", "reach_median": "reach_national", "reach_below_target": "reach_national"}
OF_EVERYBODY = ("places_sufficient", "places_insufficient", "places_unknown")
"""Measures of which every respondent is in the base, whatever it answered."""
WITHIN = {"reach_national": ("target_toddlers_total", "reached_toddlers_total")}
"""Who gave both counts gave each."""
SUM_WITHIN = {
    ("above", "reach_national"): "reached_toddlers_total",
    ("below", "reach_national"): "target_toddlers_total",
}

Where = tuple[int, str]
About = tuple[str, str] | None
Questionnaires = Mapping[int, Questionnaire]


def blocks(numbers: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The numbers that have to do with each other: those of a survey year, and those of a panel over its years."""
    of_registers = numbers["measure"].str.split("=").str[0].str.startswith(REGISTERS)
    is_panel = numbers["population"].str.startswith("panel_")
    block = numbers["population"].where(is_panel, numbers["survey_year"].astype(int).astype(str))
    return (rows for _, rows in numbers[~of_registers].groupby(block[~of_registers]))


class Block:
    """The numbers of a block, and the system of what everybody knows of them.

    ``answers``: the names of numbers that say what municipalities answered. ``protected``: how many of the names of a
    number that is withheld nobody may be able to compute. ``only_printed``: knows the numbers that
    the Inspectorate printed, and of the others only that there are any.
    """

    protected = 0

    def __init__(
        self, numbers: pd.DataFrame, groups: pd.DataFrame, questionnaires: Questionnaires, *, only_printed: bool
    ) -> None:
        self.numbers, self._groups, self._questionnaires = number_rows(numbers), groups, questionnaires
        self.codes = np.array(sorted(groups["municipality_code"].unique()), dtype=str)
        self._classes = {key: self._class_of(rows) for key, rows in groups.groupby(["survey_year", "breakdown"])}
        used = {(n["survey_year"], n[column]) for n in self.numbers for column in ("breakdown", "own_breakdown")}
        columns = [self._classes[one] for one in sorted(used & {*self._classes})]
        joined = ["|".join(row) for row in zip(*columns, strict=True)] if columns else [""] * len(self.codes)
        self.signature = np.unique(joined, return_inverse=True)[1]
        self.system = System(int(self.signature.max()) + 1)
        self._populations = {
            key: np.bincount(
                self.signature[np.isin(self.codes, rows.unique().astype(str))], minlength=self.system.signatures
            )
            for key, rows in groups.groupby(["survey_year", "population"])["municipality_code"]
        }
        self.answers: set[Name] = set()
        adding = {n["measure"] for n in self.numbers if _adds(n)}
        self._adding = {measure for measure in adding if not OPTION_MEASURE.fullmatch(measure)}
        self._known: dict[Name, tuple[Name | None, ...]] = {}
        self._parts: dict[Name, list[Name]] = defaultdict(list)
        for number in self.numbers:
            names = self.names_of(number)
            if number["is_printed"] or not only_printed:
                self._state(number, names)
        for whole, parts in self._parts.items():
            self.system.everywhere({whole: -1.0, **dict.fromkeys(parts, 1.0)}, -np.inf, 0)

    def names_of(self, number: Mapping[str, Any]) -> tuple[Name | None, ...]:
        """The names of what a number is made of; None where it is no such number."""
        where = (int(number["survey_year"]), number["population"])
        own = number["own_breakdown"]
        about = None if own == "total" or (where[0], own) in self._classes else (own, number["own_category"])
        key = (*where, number["measure"], about)
        if key not in self._known:
            self._known[key] = self._name(where, number["measure"], about)
        return self._known[key]

    def signatures_of(self, number: Mapping[str, Any]) -> list[int]:
        """The signatures of the group that a number is about."""
        mask = np.ones(len(self.codes), dtype=bool)
        for breakdown, category in (("own_breakdown", "own_category"), ("breakdown", "category")):
            if (classes := self._classes.get((number["survey_year"], number[breakdown]))) is not None:
                mask &= classes == number[category]
        return sorted({*self.signature[mask].tolist()})

    def _name(self, where: Where, measure: str, about: About) -> tuple[Name | None, ...]:
        raise NotImplementedError

    def _state(self, number: Mapping[str, Any], names: tuple[Name | None, ...]) -> None:
        raise NotImplementedError

    def _class_of(self, rows: pd.DataFrame) -> np.ndarray:
        known = dict(zip(rows["municipality_code"], rows["category"], strict=True))
        return np.array([known.get(code, "unknown") for code in self.codes])

    def _most(self, where: Where) -> np.ndarray:
        """How many of each signature a number can count: those of the population, or of a panel the respondents."""
        year, population = where
        key = (year, "respondents" if population.startswith("panel_") else population)
        return self._populations.get(key, np.zeros(self.system.signatures))

    def _add(self, where: Where, name: Name, *, is_answer: bool = True) -> Name:
        named = self.system.add((*where, name), self._most(where))
        if is_answer:
            self.answers.add(named)
        return named

    def _part_of(self, whole: Name, part: Name) -> None:
        if part not in self._parts[whole]:
            self._parts[whole].append(part)


def _adds(number: Mapping[str, Any]) -> bool:
    """Whether it adds up what municipalities have; otherwise it counts municipalities."""
    is_withheld = number["n_municipalities"] is None
    return number["unit"] not in COUNTED or (not is_withheld and number["denominator"] != number["n_municipalities"])


class Sums(Block):
    """Numbers that add up what municipalities have: above the line, below it, or what they are the mean of."""

    protected = 3

    def _name(self, where: Where, measure: str, about: About) -> tuple[Name | None, ...]:
        if measure not in self._adding:
            return (None, None, None)
        names = tuple(self._add(where, (part, measure, about)) for part in ("above", "below", "mean"))
        for name, part in zip(names, ("above", "below", "mean"), strict=True):
            if about:
                self._part_of(self._add(where, (part, measure, None)), name)
            wider = SUM_WITHIN.get((part, measure))
            if wider:
                self.system.everywhere({name: 1, self._add(where, ("above", wider, None)): -1}, -np.inf, 0)
        return names

    def _state(self, number: Mapping[str, Any], names: tuple[Name | None, ...]) -> None:
        above, below, mean = names
        n, signatures = number["n_municipalities"], self.signatures_of(number)
        if above is None or n is None:
            return
        if number["numerator"] is not None:
            self.system.over(above, signatures, number["numerator"])
            if number["denominator"] is not None:
                self.system.over(below, signatures, number["denominator"])
        elif number["value"] is not None and number["unit"] == "share":
            self.system.over(mean, signatures, number["value"] * n)


class Counts(Block):
    """Numbers of municipalities: who counts, and who is in the base; the latter is another number of who counts."""

    protected = 1

    def _name(self, where: Where, measure: str, about: About) -> tuple[Name | None, ...]:
        if measure.endswith(UNKNOWN):  # that somebody gave no answer is no answer
            question = measure.removesuffix(UNKNOWN)
            asked = self._asked(where, question)
            return (*where, ("missing", question)), asked
        match = OPTION_MEASURE.fullmatch(measure)
        if match:
            return self._of_options(where, match["question"], match["options"].split("|"), match["base"])
        return self._of_measure(where, measure, about)

    def _state(self, number: Mapping[str, Any], names: tuple[Name | None, ...]) -> None:
        yes, base = names
        signatures = self.signatures_of(number)
        for name, total in ((yes, number["numerator"]), (base, number["n_municipalities"])):
            if name is not None and total is not None:
                self.system.over(name, signatures, total)
        match = OPTION_MEASURE.fullmatch(number["measure"])
        if match and not match["base"] and number["n_unknown"] is not None and "missing" not in match["options"]:
            where = (int(number["survey_year"]), number["population"])
            if self._question(where, match["question"]).answer_type == "single":
                self.system.over((*where, ("missing", match["question"])), signatures, number["n_unknown"])

    def _question(self, where: Where, question: str) -> Question:
        return self._questionnaires[where[0]].question(question)

    def _of_options(self, where: Where, question: str, options: list[str], base: str | None) -> tuple[Name, Name]:
        asked = self._asked(where, question)
        chosen = self._chosen(where, question, options)
        if base is None:
            return chosen, asked
        if base == "respondents":
            everybody = self._add(where, "everybody", is_answer=False)
            self.system.are_all(everybody)
            return chosen, everybody
        if base == "answered":
            answered = self._add(where, ("answered", question), is_answer=False)
            missing = (*where, ("missing", question))
            if missing in self.system.most:
                self.system.everywhere({answered: 1.0, missing: 1.0, asked: -1.0}, 0, 0)
            self.system.everywhere({answered: 1.0, asked: -1.0}, -np.inf, 0)
            self.system.everywhere({chosen: 1, answered: -1}, -np.inf, 0)
            return chosen, answered
        other, keys = base.split("=")
        among = self._add(where, ("among", question, base))
        yes = self._add(where, ("chosen among", question, *options, base))
        self.system.everywhere({among: 1, self._chosen(where, other, keys.split("|")): -1}, -np.inf, 0)
        self.system.everywhere({yes: 1, among: -1}, -np.inf, 0)
        self.system.everywhere({yes: 1, chosen: -1}, -np.inf, 0)
        return yes, among

    def _of_measure(self, where: Where, measure: str, about: About) -> tuple[Name | None, Name]:
        of_whom = SAME_BASE.get(measure, measure)
        if where[1].startswith("panel_"):
            base = self._panel(where)
        else:
            base = self._add(where, ("base", of_whom, about), is_answer=measure not in OF_EVERYBODY)
        if about:
            self._part_of(self._add(where, ("base", of_whom, None)), base)
        for wider in WITHIN.get(of_whom, ()):
            self.system.everywhere({base: 1, self._add(where, ("base", wider, None)): -1}, -np.inf, 0)
        if measure in self._adding:
            return None, base
        yes = self._add(where, ("yes", measure, about))
        self.system.everywhere({yes: 1, base: -1}, -np.inf, 0)
        return yes, base

    def _panel(self, where: Where) -> Name:
        """Who is in a panel: the same in all its years, and a respondent in each."""
        members = ("panel", where[1])
        self.answers.add(members)
        return self.system.add(members, self._most(where))

    def _chosen(self, where: Where, question: str, options: list[str]) -> Name:
        """Who chose any of these options."""
        self._asked(where, question)
        names = [
            (*where, ("missing" if o == "missing" else "option", question, *([o] * (o != "missing")))) for o in options
        ]
        self.answers |= {*names}
        if len(names) == 1:
            return names[0]
        any_of = (*where, ("any", question, *options))
        if any_of not in self.system.most:
            own = self._question(where, question)
            # That any answer was given is no answer.
            self._add(where, any_of[2], is_answer=len(options) < len(own.options))
            is_single = own.answer_type == "single"
            self.system.everywhere({any_of: -1.0, **dict.fromkeys(names, 1.0)}, 0, 0 if is_single else np.inf)
            for name in names:
                self.system.everywhere({name: 1, any_of: -1}, -np.inf, 0)
        return any_of

    def _asked(self, where: Where, question: str) -> Name:
        """Who was asked a question, with what they may have answered."""
        own = self._question(where, question)
        asked = (*where, ("asked", question))
        if asked in self.system.most:
            return asked
        self._add(where, asked[2], is_answer=own.routing is not None)
        options = [self._add(where, ("option", question, option.key)) for option in own.options]
        for option in options:
            self.system.everywhere({option: 1, asked: -1}, -np.inf, 0)
        missing, is_single = self._add(where, ("missing", question), is_answer=False), own.answer_type == "single"
        parts = dict.fromkeys(options, 1.0) if is_single else {}
        self.system.everywhere({asked: -1.0, missing: 1.0, **parts}, 0 if is_single else -np.inf, 0)
        if own.routing is not None:
            self._routed(where, asked, own.routing)
        return asked

    def _routed(self, where: Where, asked: Name, routing: RoutingCondition) -> None:
        """Who was surely asked gave the answers that lead to it, be it aside of the question that leads there."""
        for condition in routing.all_ or (routing,):
            if condition.question and condition.is_:
                led, aside = self._led(where, condition.question, condition.is_), self._aside(where, condition.question)
                self.system.everywhere({asked: 1, led: -1, aside: -1}, -np.inf, 0)

    def _led(self, where: Where, question: str, codes: Sequence[str]) -> Name:
        by_code = {option.code: option.key for option in self._question(where, question).options}
        return self._chosen(where, question, [by_code[code] for code in codes])

    def _aside(self, where: Where, question: str) -> Name:
        """Who may have answered a question, but is not in its base: the instrument lost the answer, or nobody knows
        whether it was asked, for the answer that leads to it is unclear or lost. Who was surely not asked is not."""
        own, asked = self._question(where, question), self._asked(where, question)
        aside = (*where, ("aside", question))
        if aside in self.system.most:
            return aside
        self._add(where, aside[2], is_answer=False)
        if own.routing is None:
            self.system.are_all(asked, aside)
            return aside
        for condition in own.routing.all_ or (own.routing,):
            before = condition.question and self._question(where, condition.question)
            # An answer to a routed question that was surely not asked is unclear, too: of those nothing is known.
            if before and condition.is_ and before.routing is None:
                led, unclear = self._led(where, before.id, condition.is_), self._unclear(where, before, condition.is_)
                sides = {led: -1.0, unclear: -1.0, self._aside(where, before.id): -1.0}
                self.system.everywhere({asked: 1, aside: 1, **sides}, -np.inf, 0)
        return aside

    def _unclear(self, where: Where, question: Question, codes: Sequence[str]) -> Name:
        """Who was asked a question, and neither surely chose any of these options, nor surely none."""
        if question.answer_type == "single":
            return (*where, ("missing", question.id))
        unclear = self._add(where, ("unclear", question.id, *codes), is_answer=False)
        parts = {unclear: 1.0, self._led(where, question.id, codes): 1.0}
        self.system.everywhere({**parts, self._asked(where, question.id): -1.0}, -np.inf, 0)
        return unclear
