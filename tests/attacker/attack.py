"""The attack: everything that follows from what is public, and was not public already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.questionnaires.model import Questionnaire
from tests.attacker.knowledge import Block, blocks
from tests.attacker.published import CELL, GROUP, Published
from tests.attacker.system import MARGIN, Name, Solver, System, forced

NUMBER = [*CELL, *GROUP]


@dataclass(frozen=True)
class Findings:
    """``facts``: how many combinations of an answer and a signature were attacked. ``determined``: those whose
    municipalities all gave the answer, or none. ``recovered``: withheld numbers of municipalities that can be computed.
    """

    facts: int
    determined: frozenset[tuple[Name, int]]
    recovered: frozenset[tuple[str, ...]]


def attack(
    published: Published, questionnaires: Mapping[int, Questionnaire], *, whole_numbers: bool = False
) -> Findings:
    """What follows from everything that is public beyond what follows from print."""
    facts, determined, recovered = 0, set[tuple[Name, int]](), set[tuple[str, ...]]()
    for numbers in blocks(published.numbers):
        found = []
        for only_printed in (True, False):
            block = Block(numbers, published.groups, questionnaires, only_printed=only_printed)
            found.append(_of_block(block, whole_numbers=whole_numbers and not only_printed))
        known, now = found
        facts += now.facts
        determined |= now.determined - known.determined
        recovered |= now.recovered - known.recovered
    return Findings(facts, frozenset(determined), frozenset(recovered))


def _of_block(block: Block, *, whole_numbers: bool) -> Findings:
    facts, determined, recovered = 0, set[tuple[Name, int]](), set[tuple[str, ...]]()
    for system in block.system.parts():
        answers = block.answers & {*system.most}
        facts += sum(int((system.most[name] > 0).sum()) for name in answers)
        inside = forced(system, answers, whole_numbers=whole_numbers)
        determined |= inside
        recovered |= {*_recovered(block, system)}
    return Findings(facts, frozenset(determined), frozenset(recovered))


def _recovered(block: Block, system: System) -> Iterator[tuple[str, ...]]:
    """The withheld numbers above the line that can be only one."""
    solver = Solver(system)
    for number in block.numbers:
        yes, _ = block.names_of(number)
        if number["n_municipalities"] is None and yes in system.most:
            columns = np.array([solver.place[yes] + signature for signature in block.signatures_of(number)], dtype=int)
            if len(columns):
                lowest, highest = solver.interval(columns)
                if highest - lowest < 1 - MARGIN:
                    yield tuple(number[name] for name in NUMBER)


def unanimous(published: Published) -> pd.DataFrame:
    """Numbers that say outright that all or none of a group's municipalities gave an answer, other than in print."""
    numbers = published.numbers[~published.numbers["is_printed"]]
    is_count = numbers["denominator"].notna() & (numbers["denominator"] == numbers["n_municipalities"])
    return numbers[is_count & numbers["numerator"].isin([0]) | is_count & (numbers["numerator"] == numbers["denominator"])]
