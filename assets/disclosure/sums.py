"""Facts that add up what municipalities have (toddlers, places), as quantities.

Belongs here: what a fact states, what everybody knows of the sums, and when one municipality is too much of a sum.
Does not belong here: how many municipalities a sum rests on (``counts.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from assets.disclosure.components import Quantity, Relation, Statements, Target
from assets.disclosure.facts import Amounts, Fact, Mask, Members

_MANY_TIMES = 10
"""How many times the whole sum a part of it could be, as far as outsiders know."""


def _quantity(fact: Fact, amounts: Amounts, members: Members) -> Quantity:
    values = np.where(members.base, amounts, 0.0)
    return Quantity(fact.space, values, np.where(members.may_be, values.sum() * _MANY_TIMES + 1, 0.0))


def sums_of(fact: Fact) -> tuple[Quantity, ...]:
    """What a fact adds up."""
    return tuple(_quantity(fact, amounts, fact.members) for amounts in fact.sums)


def state(fact: Fact, number: int, statements: Statements) -> None:
    """What a fact says of sums."""
    for quantity in sums_of(fact):
        statements.add(quantity, fact.classes, fact.in_group, number)


def relations(facts: Sequence[Fact]) -> Iterator[Relation]:
    """Everybody knows that a sum over fewer municipalities is no more, and that those about different answers add up to
    no more than the sum over all."""
    by_space: dict[str, dict[object, Quantity]] = defaultdict(dict)
    about: dict[tuple[object, ...], dict[object, Quantity]] = defaultdict(dict)
    wholes: dict[tuple[object, ...], Quantity] = {}
    for fact in facts:
        for number, quantity in enumerate(sums_of(fact)):
            by_space[fact.space][quantity.key] = quantity
            if fact.part_of is not None:
                place = (*fact.key[:3], number)
                about[place][quantity.key] = quantity
                wholes[place] = _quantity(fact, fact.sums[number], fact.part_of)
    for place, parts in about.items():
        yield Relation(tuple(parts.values()), (wholes[place],))
        by_space[wholes[place].space][wholes[place].key] = wholes[place]
    for quantities in by_space.values():
        yield from _of_fewer([*quantities.values()])


def _of_fewer(quantities: Sequence[Quantity]) -> Iterator[Relation]:
    for one in quantities:
        wider = [other for other in quantities if one.is_part_of(other)]
        for other in wider:
            if not any(between.is_part_of(other) for between in wider):
                yield Relation((one,), (other,))


def dominance(amounts: Amounts, limits: Mapping[str, int]) -> str | None:
    """The rule that a sum breaks because one or two municipalities make up too much of it; None when none does."""
    largest = np.sort(amounts)[::-1]
    total, first, second = largest.sum(), *(*largest[:2], 0.0, 0.0)[:2]
    if first * 100 > limits["largest"] * total:
        return "largest"
    if (first + second) * 100 > limits["two_largest"] * total:
        return "two_largest"
    if (total - first - second) * 100 < limits["p_percent"] * first:
        return "p_percent"
    return None


def signatures_to_protect(
    quantities: Iterable[Quantity], masks: Sequence[Mask], limits: Mapping[str, int]
) -> Iterator[Target]:
    """A signature of which too few, or one of them too much, are in a sum: nobody may come close to its part."""
    for quantity in quantities:
        for mask in masks:
            own = quantity.values[mask]
            too_few = np.count_nonzero(own) < limits["too_few"]
            if own.sum() > 0 and (too_few or dominance(own, limits)):
                yield Target(quantity, mask, own.sum() * limits["p_percent"] / 100)
