"""What a municipality that knows its own answer learns of the others of its signature: counted, not prevented.

Belongs here: that count. Does not belong here: what outsiders can work out (``protection.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from assets.disclosure.components import Component, Key

_SMALL = 1e-6


@dataclass(frozen=True)
class Insiders:
    """``answers``: how many pairs of an answer and a signature there are. ``known``: those in which the only
    municipality that gave it, or the only one that did not, knows what all others did."""

    answers: int
    known: int


def insiders(components: Iterable[Component], structural: Collection[Key]) -> Insiders:
    """Of the systems as they are once everything is withheld, a quantity in the first that has it; of ``structural``
    quantities everybody knows all."""
    answers = known = 0
    counted = {*structural}
    for component in components:
        for quantity in component.quantities:
            if quantity.key in counted:
                continue
            counted.add(quantity.key)
            for place in component.unknowns(quantity, np.ones(len(quantity.values), dtype=bool)):
                truth, most = component.truth[place], component.highest[place]
                answers += most > 0
                if most > 1 and truth in (1, most - 1):
                    known += _is_known(component, place, truth == 1, truth == most - 1)
    return Insiders(int(answers), int(known))


def _is_known(component: Component, place: np.int64, is_one: bool, is_all_but_one: bool) -> bool:
    """Whether there can be no more than the one, or no fewer than all but the one."""
    ends = [
        component.system.extreme(np.array([place]), highest=highest).unknowns[place] if sought else None
        for highest, sought in ((True, is_one), (False, is_all_but_one))
    ]
    highest, lowest = ends
    most = component.highest[place]
    return bool((highest is not None and highest < 2 - _SMALL) or (lowest is not None and lowest > most - 2 + _SMALL))
