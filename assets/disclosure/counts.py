"""Facts that count municipalities, as quantities: who counts, who is in the base, of whom it is unknown.

Belongs here: what a fact states, and what everybody knows of the sets behind the facts, from routing and from what
options are. Does not belong here: what is added up over municipalities (``sums.py``).

What everybody knows is taken from the data: that all whom a question was asked are among those that gave a certain
answer to it, or to one that decides whether it is asked. That it may be so by chance only withholds a little more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np

from assets.disclosure.components import Quantity, Relation, Statements, Target
from assets.disclosure.facts import PANEL_PREFIX, Fact, Mask, Members

NATIONALLY = ()
_HARDLY_ANYBODY = 10
"""Whose answer to a question that they were asked the instrument lost."""


_SETS: WeakKeyDictionary[Members, dict[tuple[str, str], Quantity]] = WeakKeyDictionary()
"""The sets of members by space and name, each once, for as long as somebody has the members."""


def _set(fact: Fact, members: Members, name: Literal["base", "yes", "unknown"]) -> Quantity:
    of_members = _SETS.setdefault(members, {})
    if (fact.space, name) not in of_members:
        mask: Mask = getattr(members, name)
        of_members[fact.space, name] = Quantity(fact.space, mask.astype(float), members.highest)
    return of_members[fact.space, name]


def yes_of(fact: Fact) -> Quantity:
    """Who counts."""
    return _set(fact, fact.members, "yes")


def base_of(fact: Fact) -> Quantity:
    """Who it rests on."""
    return _set(fact, fact.members, "base")


def _unknown_of(fact: Fact) -> Quantity:
    return _set(fact, fact.members, "unknown")


def state(fact: Fact, number: int, statements: Statements) -> None:
    """What a fact says of sets: how many are in them. How many are unknown, only nationally."""
    statements.add(base_of(fact), fact.classes, fact.in_group, number)
    if fact.is_count:
        statements.add(yes_of(fact), fact.classes, fact.in_group, number)
        if fact.classes == NATIONALLY and fact.members.unknown.any():
            statements.add(_unknown_of(fact), fact.classes, fact.in_group, number)


def relations(facts: Sequence[Fact]) -> Iterator[Relation]:
    """What everybody knows of the sets."""
    seen: set[tuple[object, ...]] = set()
    counting = [fact for fact in facts if fact.is_count]
    for relation in (*_of_one_fact(counting), *_of_answers(facts), *_of_options(counting), *_of_routing(facts)):
        parts, wholes = ([one.key for one in side] for side in (relation.parts, relation.wholes))
        key = (*sorted(parts), "≤", *sorted(wholes), relation.is_exact)
        if key not in seen and parts != wholes:
            seen.add(key)
            yield relation


def _of_one_fact(facts: Iterable[Fact]) -> Iterator[Relation]:
    """Who counts is in the base, and is not unknown."""
    for fact in facts:
        unknown = (_unknown_of(fact),) if fact.members.unknown.any() else ()
        yield Relation((yes_of(fact), *unknown), (base_of(fact),))


def _of_answers(facts: Iterable[Fact]) -> Iterator[Relation]:
    """Facts about different answers to one question are parts of the fact over all."""
    parts: dict[tuple[object, ...], dict[object, Fact]] = defaultdict(dict)
    for fact in facts:
        if fact.part_of is not None:
            parts[(*fact.key[:3], fact.space)][base_of(fact).key] = fact
    for own in parts.values():
        one = next(iter(own.values()))
        assert one.part_of is not None
        yield Relation(tuple(base_of(fact) for fact in own.values()), (_set(one, one.part_of, "base"),))


def _of_options(facts: Iterable[Fact]) -> Iterator[Relation]:
    """Options that exclude each other are parts of who was asked, of who answered, and of who gave any of several; all
    of it, where none is left."""
    for of_question in _by_question(facts).values():
        for whole in of_question.values():
            parts = _apart(one for one in of_question.values() if one.is_part_of(whole))
            together = sum((one.values for one in parts), np.zeros(1))
            if parts:
                yield Relation(parts, (whole,), is_exact=bool((together == whole.values).all()))


def _by_question(facts: Iterable[Fact]) -> dict[tuple[str, frozenset[str], object], dict[object, Quantity]]:
    """Who was asked, and who chose what, by space, question and base."""
    found: dict[tuple[str, frozenset[str], object], dict[object, Quantity]] = defaultdict(dict)
    for fact in facts:
        if fact.questions:
            found[fact.space, fact.questions, base_of(fact).key] |= {
                one.key: one for one in (base_of(fact), yes_of(fact))
            }
    return found


def _apart(quantities: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """The smallest of some sets, when nobody is in two of them."""
    some = [one for one in quantities if one.values.any()]
    smallest = tuple(one for one in some if not any(other.is_part_of(one) for other in some))
    return smallest if sum((one.values for one in smallest), np.zeros(1)).max() <= 1 else ()


def _of_routing(facts: Sequence[Fact]) -> Iterator[Relation]:
    """Who was asked is among those that were asked, or gave, something before: the closest of such sets, and those
    that gave one of several answers which lead there. Where everybody is in the base, so is who counts, of options that
    exclude each other together."""
    about: dict[tuple[str, str], dict[object, Quantity]] = defaultdict(dict)
    options: dict[tuple[str, str], list[tuple[Quantity, ...]]] = defaultdict(list)
    before: dict[object, set[tuple[str, str]]] = defaultdict(set)
    for fact in facts:
        base = base_of(fact)
        own = (base, yes_of(fact)) if fact.is_count and not fact.is_structural else (base,)
        for question in fact.questions:
            about[fact.space, question] |= {one.key: one for one in own}
        space = str(fact.key[1]) if fact.space.startswith(PANEL_PREFIX) else fact.space
        for one in own:
            before[one.key].update((space, question) for question in fact.before)
    asked: dict[object, tuple[Quantity, ...]] = {base.key: (base,) for base in map(base_of, facts)}
    for (space, questions, base_key), sets in _by_question(f for f in facts if f.is_count).items():
        apart = _apart(sets.values())
        for question in questions:
            options[space, question].append(apart)
        if sets[base_key].is_known:
            asked |= {
                tuple(one.key for one in some): some for some in (apart, *((one,) for one in sets.values())) if some
            }
    for parts in asked.values():
        together = replace(parts[0], values=np.sum([one.values for one in parts], axis=0))
        if together.values.any() and not any(one.is_known for one in parts):
            places = sorted(set().union(*(before[one.key] for one in parts)))
            found = {key: one for place in places for key, one in about[place].items() if not one.is_known}
            if len(parts) > 1 and together.key in found:
                yield Relation(parts, (found[together.key],))
            wider = [one for one in found.values() if together.is_part_of(one)]
            yield from (Relation(parts, (one,)) for one in wider if not any(w.is_part_of(one) for w in wider))
            yield from _of_several_answers(parts, together, [own for place in places for own in options[place]])


def _of_several_answers(
    parts: tuple[Quantity, ...], base: Quantity, options: Iterable[tuple[Quantity, ...]]
) -> Iterator[Relation]:
    """Answers that lead to a question: some, but not all to another one, given by those that were asked and hardly
    anybody else."""
    for own in options:
        leading = tuple(one for one in own if (one.values * base.values).any())
        rest = sum((one.values for one in leading), np.zeros(1)) - base.values
        if 1 < len(leading) < len(own) and rest.min() >= 0 and rest.sum() < _HARDLY_ANYBODY:
            yield Relation(parts, leading)


def signatures_to_protect(quantities: Iterable[Quantity], masks: Sequence[Mask]) -> Iterator[Target]:
    """A signature of which nobody or everybody is in a set: nobody may know that of its municipalities."""
    for quantity in quantities:
        for mask in masks:
            inside, highest = quantity.values[mask].sum(), quantity.highest[mask].sum()
            if highest and inside in (0, highest):
                yield Target(quantity, mask, 1)
