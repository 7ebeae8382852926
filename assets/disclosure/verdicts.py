"""One verdict per fact: shown, withheld, withheld to protect another, or printed.

Belongs here: the rules about one fact, and the order in which facts are judged. Does not belong here: what can be
worked out (``components.py``), or how that is prevented (``protection.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from assets.disclosure import counts, sums
from assets.disclosure.components import Component, Relation, Statement, Statements, Target, components
from assets.disclosure.facts import KEY, Fact, MembersOfYear, Municipalities, read_facts
from assets.disclosure.insiders import Insiders, insiders
from assets.disclosure.protection import Protection

SHOWN, WITHHELD, TO_PROTECT, PRINTED = "shown", "withheld", "withheld_to_protect", "printed"
DERIVABLE = "derivable"


def judge(
    facts: pd.DataFrame,
    members: MembersOfYear,
    questions: pd.DataFrame,
    groups: pd.DataFrame,
    answers: Iterable[str],
    limits: Mapping[str, int],
) -> pd.DataFrame:
    """The facts' keys (``KEY``) with verdict, is_public and rule (the one that withholds it, else none), in order.

    ``members``: survey year → its rows of fct_measure_members. ``groups``: the classes of all municipalities
    (``Municipalities``). ``answers``: the breakdowns that are answers. ``limits`` by rule, as data/disclosure.yaml has
    them.
    """
    verdicts = reach(facts, members, questions, groups, answers, limits)
    judged = pd.DataFrame(verdicts.rows(), columns=[*KEY, "verdict", "rule"])
    judged.insert(len(KEY) + 1, "is_public", judged["verdict"].isin((SHOWN, PRINTED)))
    return judged.astype({"survey_year": "int32", "rule": "str"})


def reach(
    facts: pd.DataFrame,
    members: MembersOfYear,
    questions: pd.DataFrame,
    groups: pd.DataFrame,
    answers: Iterable[str],
    limits: Mapping[str, int],
) -> Verdicts:
    """The same with the systems that they rest on."""
    municipalities = Municipalities(groups)
    read = read_facts(facts.sort_values([*KEY]), members, questions, [*answers], municipalities)
    verdicts = Verdicts(read, municipalities, limits)
    verdicts.protect()
    return verdicts


def rule_broken(fact: Fact, limits: Mapping[str, int]) -> str | None:
    """The rule that a fact breaks by itself, as a key of data/disclosure.yaml; None when it breaks none."""
    if fact.is_inside:
        return "inside_only"
    if fact.is_exempt or not (fact.members.may_be & fact.in_group).any():
        return None
    if fact.classes and fact.members.base.sum() < limits["too_few_to_divide"]:
        return "too_few_to_divide"
    n = int(fact.base.sum())
    if n < limits["too_few"]:
        return "too_few"
    added = [amounts[fact.base] for amounts in fact.sums]
    if fact.is_count:
        return "unanimous" if added[0].sum() in (0, n) and not fact.is_structural else None
    if not added[0].any():
        return "unanimous"
    found = (sums.dominance(amounts, limits) for amounts in added if fact.kind in ("total", "ratio"))
    return next((rule for rule in found if rule), None)


class Verdicts:
    """The facts, and which of them are withheld by which rule."""

    def __init__(self, facts: Sequence[Fact], municipalities: Municipalities, limits: Mapping[str, int]) -> None:
        self._facts, self._municipalities, self._limits = facts, municipalities, limits
        broken = ((number, rule_broken(fact, limits)) for number, fact in enumerate(facts) if not fact.is_printed)
        self._withheld: dict[int, str] = {number: rule for number, rule in broken if rule}
        self._by_rule = frozenset(self._withheld)
        self._public = {n: f for n, f in enumerate(facts) if not f.is_exempt and not f.is_inside}
        self._structural = {counts.yes_of(f).key for f in self._public.values() if f.is_structural}
        self._counted: list[Component] = []

    def rows(self) -> list[tuple[Any, ...]]:
        """The key of each fact, its verdict, and the rule that withholds it."""
        return [(*fact.key, *self._of(number)) for number, fact in enumerate(self._facts)]

    def insiders(self) -> Insiders:
        """What a municipality that knows its own answer learns of others."""
        return insiders(self._counted, self._structural)

    def _of(self, number: int) -> tuple[str, str | None]:
        rule = self._withheld.get(number)
        if rule is None:
            return (PRINTED if self._facts[number].is_printed else SHOWN), None
        return (TO_PROTECT if rule == DERIVABLE else WITHHELD), rule

    def protect(self) -> None:
        """Withhold what gives away another fact, survey year after survey year: the verdicts on a year do not depend on
        later ones, and what was public before is withheld last."""
        for year in sorted({fact.judged_with for fact in self._public.values()}):
            until = {number: fact for number, fact in self._public.items() if fact.judged_with <= year}
            self._protect_sums(until, year)
            self._protect_counts(until, year)

    def _protect_sums(self, until: Mapping[int, Fact], year: int) -> None:
        """Withhold what gives away a sum."""
        adding = {n: f for n, f in until.items() if not f.is_count and f.kind != "ratio_median"}
        statements = Statements()
        for number, fact in adding.items():
            sums.state(fact, number, statements)
        targets = [
            Target(quantity, self._facts[n].in_group, distance)
            for n in self._by_rule & adding.keys()
            for quantity in sums.sums_of(self._facts[n])
            if (distance := quantity.values[self._facts[n].in_group].sum() * self._limits["p_percent"] / 100) > 0
        ]
        for component in self._components(statements, sums.relations([*adding.values()]), until, year):
            masks = [*component.members_of_signatures()]
            own = [*_of(component, targets), *sums.signatures_to_protect(component.quantities, masks, self._limits)]
            self._protection(component, year).protect(own)

    def _protect_counts(self, until: Mapping[int, Fact], year: int) -> None:
        """Withhold what gives away what a municipality answered; then show again what follows from the rest anyway."""
        statements = Statements()
        for number, fact in until.items():
            counts.state(fact, number, statements)
        targets = [*self._too_few(until), *self._too_few_together(until)]
        protections = []
        for component in self._components(statements, counts.relations([*until.values()]), until, year):
            answers = [one for one in component.quantities if one.key not in self._structural]
            masks = [*component.members_of_signatures()]
            protection = self._protection(component, year)
            protection.protect([*_of(component, targets), *counts.signatures_to_protect(answers, masks)])
            protections.append((component, protection))
        self._show_again(protections, year)
        self._counted[:0] = [component for component, _ in protections]  # what is newer has more

    def _components(
        self, statements: Statements, relations: Iterable[Relation], until: Mapping[int, Fact], year: int
    ) -> list[Component]:
        """Those in which a fact of the year is new; the others are protected already."""
        new = {number for number, fact in until.items() if fact.judged_with == year}
        return components([*statements], [*relations], self._municipalities, new)

    def _too_few(self, until: Mapping[int, Fact]) -> Iterable[Target]:
        for number in sorted(self._by_rule & until.keys()):
            fact = self._facts[number]
            if fact.is_count:
                yield Target(counts.yes_of(fact), fact.in_group, 1)

    def _too_few_together(self, until: Mapping[int, Fact]) -> Iterable[Target]:
        """What is withheld of one breakdown, as one group: the rest and the total give it."""
        withheld: dict[tuple[Any, ...], list[Fact]] = defaultdict(list)
        for number in sorted(self._by_rule & until.keys()):
            fact = self._facts[number]
            if fact.is_count:
                withheld[(*fact.key[:4], fact.key[5])].append(fact)
        for facts in withheld.values():
            in_group = np.logical_or.reduce([fact.in_group for fact in facts])
            n = int((facts[0].members.base & in_group).sum())
            if len(facts) > 1 and (n < self._limits["too_few"] or (facts[0].members.yes & in_group).sum() in (0, n)):
                yield Target(counts.yes_of(facts[0]), in_group, 1)

    def _protection(self, component: Component, year: int) -> Protection:
        return Protection(component, self._withheld, self._withhold, partial(self._cost, year=year))

    def _withhold(self, number: int) -> None:
        self._withheld[number] = DERIVABLE

    def _cost(self, statement: Statement, *, year: int) -> Any:
        """What was public before last, then national numbers; else few facts before many, about few municipalities
        before many, in order."""
        shown = [self._facts[number] for number in sorted(statement.facts - self._withheld.keys())]
        if any(fact.is_printed for fact in shown):
            return None
        was_public = any(fact.judged_with < year for fact in shown)
        n = sum(int(fact.base.sum()) for fact in shown)
        return was_public, not statement.classes, len(shown), n, shown[0].key

    def _show_again(self, protections: Sequence[tuple[Component, Protection]], year: int) -> None:
        """A fact that follows from the rest to the digit, and is withheld for nothing."""
        for number in [n for n, rule in self._withheld.items() if rule == DERIVABLE]:
            fact = self._facts[number]
            own = [
                (protection, statement)
                for component, protection in protections
                for statement in component.statements
                if number in statement.facts
            ]
            if (
                fact.is_count
                and fact.judged_with == year
                and all(protection.is_determined(statement) for protection, statement in own)
            ):
                del self._withheld[number]


def _of(component: Component, targets: Iterable[Target]) -> list[Target]:
    keys = {one.key for one in component.quantities}
    return [target for target in targets if target.quantity.key in keys]
