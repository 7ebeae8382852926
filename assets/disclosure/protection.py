"""Withholds until nothing that is to be protected can be worked out: the proof that it can names what to withhold.

While a target is determined, the extreme that shows so rests on certain statements; those with a dual that is not 0 are
the proof. The cheapest of them is withheld, and the extreme sought again. Withholding only widens what is possible, so
that every target is dealt with once (Fischetti and Salazar, 2001, let linear programming find what to withhold).

Belongs here: that search. Does not belong here: what is to be protected (``verdicts.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from assets.disclosure.components import Component, Statement, Target
from assets.disclosure.linear_system import Vector

_SMALL = 1e-6


class Protection:
    """The statements of one component as they are withheld.

    ``withheld``: the facts that are, for all components together. ``cost``: what withholding a statement costs, None
    where it cannot be withheld.
    """

    def __init__(
        self,
        component: Component,
        withheld: dict[int, str],
        withhold: Callable[[int], None],
        cost: Callable[[Statement], Any],
    ) -> None:
        self._component, self._withheld, self._withhold, self._cost = component, withheld, withhold, cost
        self._open: set[int] = set()
        self._forget_what_is_withheld()

    def protect(self, targets: Sequence[Target]) -> list[Target]:
        """Withhold until no target is determined. Gives those that are, whatever is withheld."""
        if not targets:
            return []
        component = self._component
        unknowns = [component.unknowns(one.quantity, one.in_group) for one in targets]
        every, starts = np.concatenate(unknowns), np.cumsum([0, *(len(own) for own in unknowns[:-1])])
        truths = np.add.reduceat(component.truth[every], starts)
        distances = np.array([one.distance for one in targets]) - _SMALL
        is_safe = np.zeros(len(targets), dtype=bool)
        lost = []
        for number, target in enumerate(targets):
            while not is_safe[number]:
                proof: list[Vector] = []
                for highest in (True, False):
                    solution = component.system.extreme(unknowns[number], highest=highest)
                    sums = np.add.reduceat(solution.unknowns[every], starts)
                    is_safe |= np.abs(sums - truths) >= distances
                    proof.append(solution.duals)
                    if is_safe[number]:
                        break
                if not is_safe[number] and not self._withhold_from(proof):
                    lost.append(target)
                    break
        return lost

    def is_determined(self, statement: Statement) -> bool:
        """Whether a statement follows from what is public, to the digit."""
        own = self._component.unknowns(statement.quantity, statement.in_group)
        ends = [self._component.system.extreme(own, highest=highest).unknowns[own].sum() for highest in (True, False)]
        return bool(ends[0] - ends[1] < _SMALL)

    def _withhold_from(self, proof: Sequence[Vector]) -> bool:
        rests_on = np.abs(np.array(proof)).max(axis=0)[: len(self._component.statements)] > _SMALL
        costs = [
            (cost, number)
            for number in np.flatnonzero(rests_on).tolist()
            if number not in self._open and (cost := self._cost(self._component.statements[number])) is not None
        ]
        if not costs:
            return False
        for fact in sorted(self._component.statements[min(costs)[1]].facts - self._withheld.keys()):
            self._withhold(fact)
        self._forget_what_is_withheld()
        return True

    def _forget_what_is_withheld(self) -> None:
        for number, statement in enumerate(self._component.statements):
            if number not in self._open and statement.facts <= self._withheld.keys():
                self._component.system.forget(number)
                self._open.add(number)
