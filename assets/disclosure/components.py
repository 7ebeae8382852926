"""What is public about quantities of municipalities, as linear systems that have nothing to do with each other.

Belongs here: quantities, what is stated of them, how they hang together, and the system of each connected component.
Does not belong here: which quantities a fact states (``counts.py``, ``sums.py``), what is withheld (``protection.py``).

The unknowns are a quantity's parts per signature: the municipalities with the same classes, which nobody outside can
tell apart. So an answer is known exactly when its signature's part is known to be nobody or everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assets.disclosure.facts import Amounts, Class, Mask, Municipalities
from assets.disclosure.linear_system import LinearSystem, Row, Vector

Key = tuple[str, bytes]
"""A space, and a digest of values."""


@dataclass(frozen=True, eq=False)
class Quantity:
    """What each municipality adds (1 where it is counted), and at most could. Equal ones are one."""

    space: str
    values: Amounts
    highest: Amounts

    @cached_property
    def key(self) -> Key:
        """By what it is known: which municipalities it is of, with what."""
        return self.space, blake2b(self.values.data, digest_size=16).digest()

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

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """All that it relates."""
        return (*self.parts, *self.wholes)


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
        self,
        quantities: Sequence[Quantity],
        statements: Sequence[Statement],
        relations: Sequence[Relation],
        municipalities: Municipalities,
    ) -> None:
        self.quantities, self.statements = quantities, statements
        breakdowns = sorted({one[:2] for statement in statements for one in statement.classes})
        self._signature = municipalities.signatures(breakdowns)
        self.signatures = int(self._signature.max()) + 1
        self._place = {one.key: number * self.signatures for number, one in enumerate(self.quantities)}
        self.truth = np.concatenate([self.per_signature(one.values) for one in self.quantities])
        self.highest = np.concatenate([self.per_signature(one.highest) for one in self.quantities])
        stated = [self._row_of(one) for one in statements]
        self.system = LinearSystem(self.highest, [*stated, *(r for one in relations for r in self._rows_of(one))])

    def per_signature(self, values: Amounts) -> Vector:
        """The sum of values in each signature."""
        return np.bincount(self._signature, weights=values, minlength=self.signatures).astype(float)

    def unknowns(self, quantity: Quantity, in_group: Mask) -> NDArray[np.int64]:
        """The places of the unknowns that make up a quantity within a group of whole signatures."""
        places: NDArray[np.int64] = self._place[quantity.key] + np.unique(self._signature[in_group])
        return places

    def members_of_signatures(self) -> Iterator[Mask]:
        """The municipalities of each signature."""
        return (self._signature == number for number in range(self.signatures))

    def _row_of(self, statement: Statement) -> Row:
        unknowns = self.unknowns(statement.quantity, statement.in_group)
        total = float(self.truth[unknowns].sum())
        return Row(unknowns.tolist(), [1.0] * len(unknowns), total, total)

    def _rows_of(self, relation: Relation) -> Iterator[Row]:
        """Σ parts − Σ wholes ≤ 0, in every signature; what everybody knows is a number."""
        coefficients: dict[Key, float] = defaultdict(float)
        bound = np.zeros(self.signatures)
        for sign, quantities in ((1.0, relation.parts), (-1.0, relation.wholes)):
            for one in quantities:
                if one.key in self._place:
                    coefficients[one.key] += sign
                else:
                    bound -= sign * self.per_signature(one.values)
        for number, highest in enumerate(bound.tolist()):
            lowest = highest if relation.is_exact else -np.inf
            yield Row([self._place[key] + number for key in coefficients], [*coefficients.values()], lowest, highest)


def components(
    statements: Sequence[Statement],
    relations: Sequence[Relation],
    municipalities: Municipalities,
    new: Collection[int],
) -> list[Component]:
    """The components of what is stated and known in which a ``new`` fact states something; quantities that everybody
    knows hold nothing together."""
    unknown = _unknown([*(one.quantity for one in statements), *(q for one in relations for q in one.quantities)])
    leader = {key: key for key in unknown}

    def find(key: Key) -> Key:
        while leader[key] != key:
            key = leader[key]
        return key

    def of_relation(relation: Relation) -> list[Key]:
        return [one.key for one in relation.quantities if one.key in unknown]

    for relation in relations:
        for one, other in pairwise(of_relation(relation)):
            leader[find(other)] = find(one)
    found: dict[Key, tuple[list[Quantity], list[Statement], list[Relation]]] = {}
    for key, quantity in unknown.items():
        found.setdefault(find(key), ([], [], []))[0].append(quantity)
    for statement in statements:
        if statement.quantity.key in unknown:
            found[find(statement.quantity.key)][1].append(statement)
    for relation in relations:
        if own := of_relation(relation):
            found[find(own[0])][2].append(relation)
    has_new = (any(not one.facts.isdisjoint(new) for one in parts[1]) for parts in found.values())
    return [Component(*parts, municipalities) for parts, is_new in zip(found.values(), has_new, strict=True) if is_new]


def _unknown(quantities: Iterable[Quantity]) -> dict[Key, Quantity]:
    """Each quantity once, at most as high as is known anywhere, without those that everybody knows."""
    found: dict[Key, Quantity] = {}
    for one in quantities:
        other = found.setdefault(one.key, one)
        if other.highest is not one.highest:
            found[one.key] = replace(other, highest=np.minimum(one.highest, other.highest))
    return {key: one for key, one in found.items() if not one.is_known}
