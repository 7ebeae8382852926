"""Unknown numbers of municipalities per signature, what is known of them, and how low and how high each can be.

A signature is a combination of public classes: an outsider cannot tell its municipalities apart, so that an answer is
known exactly when its number in the signature is known to be 0, or all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

Name = Hashable
MARGIN = 1e-6
OPTIONS: dict[str, bool | int | str] = {"output_flag": False, "presolve": "off", "simplex_strategy": 4, "threads": 1}
ANY_SUM = 1e7
"""More than any sum over municipalities."""


@dataclass
class System:
    """``most``: by name, how many of each signature there can be. ``rows``: coefficients by name and signature, lowest
    and highest."""

    signatures: int
    most: dict[Name, np.ndarray] = field(default_factory=dict)
    rows: list[tuple[dict[tuple[Name, int], float], float, float]] = field(default_factory=list)

    def add(self, name: Name, most: np.ndarray) -> Name:
        """A number that is not known."""
        self.most[name] = np.minimum(self.most.get(name, most), most)
        return name

    def everywhere(self, coefficients: Mapping[Name, float], lowest: float, highest: float) -> None:
        """lowest ≤ Σ coefficient × number ≤ highest, in every signature."""
        for signature in range(self.signatures):
            self.rows.append(({(name, signature): c for name, c in coefficients.items()}, lowest, highest))

    def are_all(self, *names: Name) -> None:
        """Together they are as many as there can be, in every signature."""
        for signature, most in enumerate(self.most[names[0]].tolist()):
            self.rows.append(({(name, signature): 1.0 for name in names}, most, most))

    def over(self, name: Name, signatures: Iterable[int], total: float) -> None:
        """The number over some signatures together is published; over none it says nothing."""
        if coefficients := {(name, signature): 1.0 for signature in signatures}:
            self.rows.append((coefficients, total, total))

    def parts(self) -> list[System]:
        """The systems that it falls apart into."""
        leader: dict[Name, Name] = {name: name for name in self.most}

        def find(name: Name) -> Name:
            while leader[name] != name:
                leader[name] = leader[leader[name]]
                name = leader[name]
            return name

        for coefficients, _, _ in self.rows:
            first, *others = {name for name, _ in coefficients}
            for other in others:
                leader[find(other)] = find(first)
        found: dict[Name, System] = {}
        for name, most in self.most.items():
            found.setdefault(find(name), System(self.signatures)).most[name] = most
        for row in self.rows:
            found[find(next(iter(row[0]))[0])].rows.append(row)
        return [*found.values()]


class Solver:
    """A system, solved for one extreme after another."""

    def __init__(self, system: System, *, whole_numbers: bool = False, is_bounded: bool = True) -> None:
        self.place = {name: number * system.signatures for number, name in enumerate(system.most)}
        most = np.concatenate([*system.most.values()])
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in OPTIONS.items():
            self._solver.setOptionValue(option, value)
        bounds = most if is_bounded else np.where(most > 0, ANY_SUM, 0)
        self._solver.addVars(len(most), np.zeros(len(most)), bounds)
        for coefficients, lowest, highest in system.rows:
            columns = np.array([self.place[name] + signature for name, signature in coefficients], dtype=np.int32)
            values = np.array([*coefficients.values()])
            self._solver.addRow(lowest, highest, len(columns), columns, values)
        if whole_numbers:
            every = np.arange(len(most), dtype=np.int32)
            kinds = np.full(len(most), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
            self._solver.changeColsIntegrality(len(most), every, kinds)
        self.most, self._every = most, np.arange(len(most), dtype=np.int32)

    def extreme(self, columns: np.ndarray, *, highest: bool) -> np.ndarray:
        """All numbers, where the sum of those in ``columns`` is highest or lowest."""
        costs = np.zeros(len(self.most))
        costs[columns] = -1.0 if highest else 1.0
        self._solver.changeColsCost(len(costs), self._every, costs)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # Primal simplex lost its way from the last solution: dual simplex begins anew.
            self._solver.clearSolver()
            self._solver.setOptionValue("simplex_strategy", 1)
            self._solver.run()
            self._solver.setOptionValue("simplex_strategy", OPTIONS["simplex_strategy"])
        status = self._solver.getModelStatus()
        assert status == highspy.HighsModelStatus.kOptimal, f"what is published contradicts itself: {status}"
        return np.array(self._solver.getSolution().col_value)

    def narrow(self, sums: Sequence[np.ndarray], is_wide: Callable[[float, float], bool]) -> list[int]:
        """Which of some sums of numbers lie between a lowest and a highest that are not wide apart. Every solution is
        one for all sums, so that most need none of their own."""
        if not sums:
            return []
        every, starts = np.concatenate(sums), np.cumsum([0, *(len(columns) for columns in sums[:-1])])
        lowest, highest = np.full(len(sums), np.inf), np.full(len(sums), -np.inf)
        found = []
        for number, columns in enumerate(sums):
            for end in (True, False):
                if not is_wide(lowest[number], highest[number]):
                    totals = np.add.reduceat(self.extreme(columns, highest=end)[every], starts)
                    lowest, highest = np.minimum(lowest, totals), np.maximum(highest, totals)
            if not is_wide(lowest[number], highest[number]):
                found.append(number)
        return found


def forced(system: System, names: Collection[Name], *, whole_numbers: bool = False) -> set[tuple[Name, int]]:
    """The numbers of these names, by signature, that can only be 0, or only be all."""
    solver = Solver(system, whole_numbers=whole_numbers)
    places = [(name, s) for name in solver.place if name in names for s in range(system.signatures)]
    columns = np.array([solver.place[name] + signature for name, signature in places], dtype=int)
    found: set[int] = set()
    for highest in (True, False):
        left = columns[solver.most[columns] > 0]
        is_together = not whole_numbers
        while len(left):
            sought = left if is_together else left[:1]
            differs = _differ(solver.extreme(sought, highest=highest), solver.most, highest=highest)[left]
            if not is_together and not differs[0]:
                found.add(int(left[0]))
                differs[0] = True
            # All together first: one solution speaks for many. Then those that it leaves, one by one.
            is_together = is_together and bool(differs.any())
            left = left[~differs]
    return {place for place, column in zip(places, columns.tolist(), strict=True) if column in found}


def _differ(solution: np.ndarray, most: np.ndarray, *, highest: bool) -> np.ndarray:
    """Where a whole municipality more than none, or fewer than all, is possible."""
    return solution >= 1 - MARGIN if highest else solution <= most - 1 + MARGIN
