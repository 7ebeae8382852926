"""What is public about quantities of municipalities, as linear systems that have nothing to do with each other.

Belongs here: quantities, what is stated of them, how they hang together, and the system of each connected component.
Does not belong here: which quantities a fact states (``counts.py``, ``sums.py``), what is withheld (``protection.py``).

The unknowns are a quantity's parts per signature: the municipalities with the same classes, which nobody outside can
tell apart. So an answer is known exactly when its signature's part is known to be nobody or everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from assets.disclosure.facts import Amounts, Class, Mask, Municipalities
from assets.disclosure.linear_system import LinearSystem, Row, Vector

Key = tuple[str, bytes]


@dataclass(frozen=True, eq=False)
class Quantity:
    """What each municipality adds (1 where it is counted), and at most could. Equal ones are one."""

    space: str
    values: Amounts
    highest: Amounts

    @cached_property
    def key(self) -> Key:
        """By what it is known: which municipalities it is of, with what."""
        return self.space, self.values.tobytes()

    @property
    def is_known(self) -> bool:
        """Whether everybody knows it: it is all that it could be."""
        return bool((self.values == self.highest).all())

    def is_part_of(self, other: Quantity) -> bool:
        """Whether it is ``other`` without some of its municipalities."""
        return bool(((self.values == other.values) | (self.values == 0)).all()) and self.key != other.key


@dataclass(frozen=True, eq=False)
class Relation:
    """Everybody knows that ``parts`` together are no more than ``wholes`` together; or exactly as much."""

    parts: tuple[Quantity, ...]
    wholes: tuple[Quantity, ...]
    is_exact: bool = False


@dataclass(eq=False)
class Statement:
    """The sum of a quantity over a group, public while any of its ``facts`` (their numbers) is shown."""

    quantity: Quantity
    classes: tuple[Class, ...]
    in_group: Mask
    facts: set[int] = field(default_factory=set)


@dataclass(frozen=True, eq=False)
class Target:
    """A sum that nobody may come closer to than ``distance``: of a quantity, over ``in_group``; or of a signature."""

    quantity: Quantity
    in_group: Mask
    distance: float


class Statements:
    """All that is stated, each sum once."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[Key, bytes], Statement] = {}

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._by_key.values())

    def add(self, quantity: Quantity, classes: tuple[Class, ...], in_group: Mask, fact: int) -> None:
        """A fact states the sum of a quantity over a group."""
        key = (quantity.key, in_group.tobytes())
        self._by_key.setdefault(key, Statement(quantity, classes, in_group)).facts.add(fact)


class Component:
    """Quantities that hang together, with what is stated of them and the system that follows."""

    def __init__(
        self, statements: Sequence[Statement], relations: Sequence[Relation], municipalities: Municipalities
    ) -> None:
        self.statements = statements
        breakdowns = sorted({one[:2] for statement in statements for one in statement.classes})
        self._signature = municipalities.signatures(breakdowns)
        self.signatures = int(self._signature.max()) + 1
        self.quantities = _unknown(relations, statements)
        self._place = {one.key: number * self.signatures for number, one in enumerate(self.quantities)}
        self.truth = np.concatenate([self.per_signature(one.values) for one in self.quantities])
        self.highest = np.concatenate([self.per_signature(one.highest) for one in self.quantities])
        stated = [self._row_of(one) for one in statements]
        self.system = LinearSystem(self.highest, [*stated, *(r for one in relations for r in self._rows_of(one))])

    def per_signature(self, values: Amounts) -> Vector:
        """The sum of values in each signature."""
        return np.bincount(self._signature, weights=values, minlength=self.signatures)

    def weights(self, quantity: Quantity, in_group: Mask) -> Vector:
        """1 for the unknowns that make up a quantity within a group of whole signatures."""
        weights = np.zeros(len(self.truth))
        weights[self._place[quantity.key] + np.unique(self._signature[in_group])] = 1
        return weights

    def members_of_signatures(self) -> Iterator[Mask]:
        """The municipalities of each signature."""
        return (self._signature == number for number in range(self.signatures))

    def _row_of(self, statement: Statement) -> Row:
        weights = self.weights(statement.quantity, statement.in_group)
        total = float(weights @ self.truth)
        return Row(np.flatnonzero(weights).tolist(), [1.0] * int(weights.sum()), total, total)

    def _rows_of(self, relation: Relation) -> Iterator[Row]:
        """Σ parts − Σ wholes ≤ 0, in every signature; what everybody knows is a number."""
        known = [one for one in (*relation.parts, *relation.wholes) if one.key not in self._place]
        terms = [(one, 1.0) for one in relation.parts] + [(one, -1.0) for one in relation.wholes]
        bound = sum((-sign * self.per_signature(one.values) for one, sign in terms if one in known), np.zeros(1))
        unknown = [(self._place[one.key], sign) for one, sign in terms if one not in known]
        for number, highest in enumerate(np.broadcast_to(bound, self.signatures)):
            lowest = highest if relation.is_exact else -np.inf
            yield Row([p + number for p, _ in unknown], [sign for _, sign in unknown], lowest, highest)


def _unknown(relations: Iterable[Relation], statements: Iterable[Statement]) -> list[Quantity]:
    named = [one for relation in relations for one in (*relation.parts, *relation.wholes)]
    named += [statement.quantity for statement in statements]
    found: dict[Key, Quantity] = {}
    for one in named:
        known = found.get(one.key, one)
        found[one.key] = one if known is one else replace(one, highest=np.minimum(one.highest, known.highest))
    return [one for one in found.values() if not one.is_known]


def components(
    statements: Iterable[Statement], relations: Iterable[Relation], municipalities: Municipalities
) -> list[Component]:
    """The components of what is stated and known; quantities that everybody knows hold nothing together."""
    leader: dict[Key, Key] = {}

    def find(key: Key) -> Key:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    relations = [one for one in relations if _unknown([one], [])]
    for relation in relations:
        first, *others = (find(one.key) for one in _unknown([relation], []))
        leader.update(dict.fromkeys(others, first))
    found: dict[Key, tuple[list[Statement], list[Relation]]] = {}
    for statement in statements:
        if not statement.quantity.is_known:
            found.setdefault(find(statement.quantity.key), ([], []))[0].append(statement)
    for relation in relations:
        key = find(_unknown([relation], [])[0].key)
        if key in found:
            found[key][1].append(relation)
    return [Component(*parts, municipalities) for parts in found.values()]
