"""The attack: everything that follows from what is public, and was not public already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.questionnaires.model import Questionnaire
from tests.attacker.knowledge import Block, Counts, Sums, blocks
from tests.attacker.published import CELL, GROUP, NUMBERS, WHAT, Published
from tests.attacker.system import MARGIN, Name, Solver, forced

NUMBER = [*CELL, *GROUP]
CLOSE = 0.1
"""Within this part of it, a sum is as good as known."""

Questionnaires = Mapping[int, Questionnaire]


@dataclass(frozen=True)
class Findings:
    """``facts``: how many combinations of an answer and a signature were attacked. ``determined``: those whose
    municipalities all gave the answer, or none. ``recovered``: withheld numbers (by NUMBER) that can be computed, sums
    to within a tenth."""

    facts: int = 0
    determined: frozenset[tuple[Name, int]] = frozenset()
    recovered: frozenset[tuple[str, ...]] = frozenset()

    def and_(self, other: Findings) -> Findings:
        """Both together."""
        return Findings(self.facts + other.facts, self.determined | other.determined, self.recovered | other.recovered)

    def beyond(self, known: Findings) -> Findings:
        """What was not known already."""
        return Findings(self.facts, self.determined - known.determined, self.recovered - known.recovered)


def attack(published: Published, questionnaires: Questionnaires, *, whole_numbers: bool = False) -> Findings:
    """What follows from everything that is public beyond what follows from print."""
    findings = Findings()
    for numbers in blocks(published.numbers):
        for kind, method in ((Counts, _counts), (Sums, _sums)):

            def found(*, only_printed: bool, kind: type[Block] = kind, method: _Method = method) -> Findings:
                block = kind(numbers, published.groups, questionnaires, only_printed=only_printed)  # noqa: B023
                return method(block, whole_numbers and not only_printed)

            now = found(only_printed=False)
            if now.determined or now.recovered:
                now = now.beyond(found(only_printed=True))
            findings = findings.and_(now)
    return findings


_Method = Callable[[Block, bool], Findings]


def _counts(block: Block, whole_numbers: bool) -> Findings:
    findings = Findings()
    for system in block.system.parts():
        answers = block.answers & {*system.most}
        facts = sum(int((system.most[name] > 0).sum()) for name in answers)
        determined = forced(system, answers, whole_numbers=whole_numbers)
        recovered = _recovered(block, Solver(system), lambda lowest, highest: highest - lowest >= 1 - MARGIN)
        findings = findings.and_(Findings(facts, frozenset(determined), recovered))
    return findings


def _sums(block: Block, _: bool) -> Findings:
    findings = Findings()
    for system in block.system.parts():
        solver = Solver(system, is_bounded=False)
        recovered = _recovered(block, solver, lambda lowest, highest: highest - lowest >= CLOSE * highest)
        findings = findings.and_(Findings(recovered=recovered))
    return findings


def _recovered(block: Block, solver: Solver, is_wide: Callable[[float, float], bool]) -> frozenset[tuple[str, ...]]:
    """The withheld numbers that lie between a lowest and a highest that are not wide apart."""
    keys, sums = [], []
    for number in block.numbers:
        for name in block.names_of(number)[: block.protected] if number["n_municipalities"] is None else ():
            if name in solver.place and name in block.answers:
                columns = np.array([solver.place[name] + s for s in block.signatures_of(number)], dtype=int)
                if len(columns):
                    keys.append(tuple(number[column] for column in NUMBER))
                    sums.append(columns)
    return frozenset(keys[number] for number in solver.narrow(sums, is_wide))


def unanimous(published: Published, exempt: tuple[str, ...]) -> pd.DataFrame:
    """Numbers that say outright that all or none of a group's municipalities gave an answer, other than in print.

    ``exempt``: with what the measures begin of which that may be said.
    """
    numbers = published.numbers[~published.numbers["is_printed"]]
    numbers = numbers[~numbers["measure"].str.startswith(exempt) & numbers["denominator"].notna()]
    is_count = numbers["denominator"] == numbers["n_municipalities"]
    return numbers[is_count & (numbers["numerator"].isin([0]) | (numbers["numerator"] == numbers["denominator"]))]


def difference(before: Published, now: Published) -> Published:
    """What two editions together say of the municipalities that responded in between. A number that is carried from the
    one to the other, under its own date, is not in ``now``."""
    key = [*CELL, *GROUP]
    both = now.numbers.merge(before.numbers[[*key, *NUMBERS]], on=key, suffixes=("", "_before"))
    for name in NUMBERS:
        both[name] = both[name] - both[f"{name}_before"]
    who = ["survey_year", "municipality_code"]
    was, responds = (one.groups[one.groups["population"] == "respondents"] for one in (before, now))
    late = responds[~pd.MultiIndex.from_frame(responds[who]).isin(pd.MultiIndex.from_frame(was[who]))]
    is_of_late = both["survey_year"].isin(late["survey_year"]) & (both["population"] == "respondents")
    is_of_late &= both["own_breakdown"] == "total"
    both, groups = both[is_of_late], late
    return Published(both[[*key, *WHAT, *NUMBERS, "is_printed"]], groups)
