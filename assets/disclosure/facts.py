"""The facts as numbers per municipality: who is in the base of each, with what, and in which group.

Belongs here: from frames to arrays over all municipalities. Does not belong here: rules, and what can be worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

KEY = ("measure", "survey_year", "population", "breakdown", "category", "within_breakdown", "within_category")
KEY_OF_MEASURE = [*KEY[:3]]
TOTAL = "total"
UNKNOWN = "unknown"
PANEL_PREFIX = "panel_"

Mask = NDArray[np.bool_]
Amounts = NDArray[np.float64]
Class = tuple[int, str, str]
"""Survey year, breakdown and category."""
MembersOfYear = Callable[[int], pd.DataFrame]
"""The rows of fct_measure_members of a survey year."""


@dataclass(frozen=True, eq=False)
class Members:
    """Per municipality: whether it is in the base, what it adds above and below the line, whether that is unknown.

    ``highest``: 1 where it could be in the base, as everybody knows, otherwise 0.
    """

    base: Mask
    numerators: Amounts
    denominators: Amounts
    unknown: Mask
    highest: Amounts

    @property
    def may_be(self) -> Mask:
        """Who could be in the base."""
        return self.highest > 0

    @cached_property
    def is_count(self) -> bool:
        """Whether a municipality counts or does not: the number above the line is one of municipalities."""
        ones = self.denominators[self.base] == 1
        return bool(ones.all() and np.isin(self.numerators[self.base], (0, 1)).all())

    @cached_property
    def yes(self) -> Mask:
        """Who counts."""
        return self.base & (self.numerators > 0)

    def among(self, mask: Mask) -> Members:
        """Of these municipalities only."""
        return Members(self.base & mask, self.numerators, self.denominators, self.unknown & mask, self.highest)


@dataclass(frozen=True, eq=False)
class Fact:
    """A measure over a group: the municipalities in all of ``classes`` (nationally none), which everybody knows.

    ``members`` are those of all groups; of a fact about an answer, those that gave it, ``part_of`` everybody's.
    ``questions``: those that it rests on; ``before``: with those that decide whether they are asked. ``judged_with``:
    the survey year that it becomes public with, of a panel its last.
    """

    key: tuple[Any, ...]
    kind: str
    classes: tuple[Class, ...]
    in_group: Mask
    members: Members
    part_of: Members | None
    questions: frozenset[str]
    before: frozenset[str]
    judged_with: int
    is_printed: bool
    is_exempt: bool
    is_structural: bool
    is_inside: bool

    @cached_property
    def space(self) -> str:
        """Where a set of municipalities is one and the same: in a survey year, or in a panel over its years."""
        _, year, population, *_ = self.key
        return str(population if population.startswith(PANEL_PREFIX) else year)

    @property
    def base(self) -> Mask:
        """Who it rests on."""
        return self.members.base & self.in_group

    @property
    def is_count(self) -> bool:
        """Whether it counts municipalities; otherwise it adds up what they have."""
        return self.kind == "ratio" and self.members.is_count

    @property
    def sums(self) -> tuple[Amounts, ...]:
        """What it adds up, per municipality: above and below the line, or the quotients that it is the mean of."""
        above, below = self.members.numerators, self.members.denominators
        if self.kind == "ratio":
            return (above, below)
        return (above,) if self.kind == "total" else (above / np.where(below == 0, 1, below),)


class Municipalities:
    """All municipalities of any survey year, in which class each is, and who responded.

    Columns of ``groups``: survey_year, population, municipality_code, breakdown, category.
    """

    def __init__(self, groups: pd.DataFrame) -> None:
        self.codes = sorted(groups["municipality_code"].unique())
        self._index = pd.Index(self.codes)
        self._class: dict[Hashable, NDArray[Any]] = {}
        self._population: dict[Hashable, Mask] = {}
        self._may_belong: dict[Hashable, Amounts] = {}
        self._within: dict[tuple[Class, ...], Mask] = {}
        for key, rows in groups[groups["category"] != UNKNOWN].groupby(["survey_year", "breakdown"]):
            self._class[key] = self.spread(self.places(rows["municipality_code"]), rows["category"], UNKNOWN)
        for key, rows in groups.groupby(["survey_year", "population"]):
            self._population[key] = self.spread(self.places(rows["municipality_code"]), True, False)

    def places(self, codes: pd.Series) -> NDArray[np.integer[Any]]:
        """Where municipalities are in an array over all; -1 for one that is in no class of any year."""
        places: NDArray[np.integer[Any]] = self._index.get_indexer(codes)
        return places

    def spread(self, places: NDArray[np.integer[Any]], values: Any, otherwise: Any) -> NDArray[Any]:
        """Values of some municipalities as an array over all."""
        kind = object if isinstance(otherwise, str) else type(otherwise)
        of_all = np.full(len(self.codes), otherwise, dtype=kind)
        of_all[places] = values
        return of_all

    def within(self, classes: tuple[Class, ...]) -> Mask:
        """Who is in all these classes; one array for all that ask."""
        if classes not in self._within:
            mask = np.ones(len(self.codes), dtype=bool)
            for year, breakdown, category in classes:
                mask &= self.class_of(year, breakdown) == category
            self._within[classes] = mask
        return self._within[classes]

    def class_of(self, year: int, breakdown: str) -> NDArray[Any]:
        """Everybody's category."""
        return self._class.get((year, breakdown), np.full(len(self.codes), UNKNOWN, dtype=object))

    def may_belong(self, year: Hashable, population: str) -> Amounts:
        """1 for who could be in it, otherwise 0; one array for all that ask. In a panel could be whoever responded:
        being in it is an answer."""
        if (year, population) not in self._may_belong:
            public = "respondents" if population.startswith(PANEL_PREFIX) else population
            could = self.belong(year, population) | self.belong(year, public)
            self._may_belong[year, population] = could.astype(float)
        return self._may_belong[year, population]

    def belong(self, year: Hashable, population: str) -> Mask:
        """Who is in it."""
        found = self._population.get((year, population))
        return np.zeros(len(self.codes), dtype=bool) if found is None else found

    def signatures(self, breakdowns: Iterable[tuple[int, str]]) -> NDArray[np.int64]:
        """Per municipality the number of its combination of classes: nobody outside can tell those of one apart."""
        joined = np.full(len(self.codes), "", dtype=object)
        for year, breakdown in breakdowns:
            joined = joined + "|" + self.class_of(year, breakdown)
        return np.unique(joined.astype(str), return_inverse=True)[1]


def members_of_facts(facts: pd.DataFrame, members: MembersOfYear, of: Municipalities) -> dict[tuple[Any, ...], Members]:
    """Measure, survey year and population of the facts → who is in it, whatever the group. A row of ``members`` without
    a population is of all. Year after year, so that a large survey needs no more memory than one of its years."""
    found = {}
    for year, wanted in facts[KEY_OF_MEASURE].drop_duplicates().groupby("survey_year"):
        rows = members(int(str(year)))
        places, populations = of.places(rows["municipality_code"]), rows["population"].astype("category")
        at = rows.groupby("measure", observed=True).indices
        for measure, _, population in wanted.itertuples(index=False):
            own = at.get(measure, np.array([], dtype=np.intp))
            is_of = (populations.iloc[own].isna() | (populations.iloc[own] == population)).to_numpy(dtype=bool)
            own = own[is_of & (places[own] >= 0) & of.belong(year, population)[places[own]]]
            found[measure, year, population] = _members(
                rows.iloc[own], places[own], of, of.may_belong(year, population)
            )
    return found


def read_facts(
    facts: pd.DataFrame, members: MembersOfYear, questions: pd.DataFrame, answers: Iterable[str], of: Municipalities
) -> list[Fact]:
    """Rows of fct_facts with those of fct_measure_members and int_measures__questions. ``answers``: the breakdowns that
    are answers themselves."""
    wholes = members_of_facts(facts, members, of)
    asked = {key: _questions(rows) for key, rows in questions.groupby(["measure", "survey_year"])}
    of_panels = facts[facts["population"].str.startswith(PANEL_PREFIX)].groupby("population")["survey_year"].max()
    read = []
    for row in facts.to_dict("records"):
        key = tuple(row[name] for name in KEY)
        measure, year, population, *groups = key
        classes = tuple((year, *one) for one in (groups[:2], groups[2:]) if one[0] != TOTAL)
        about = tuple(one for one in classes if one[1] in answers)
        public = tuple(one for one in classes if one not in about)
        whole = wholes[key[:3]]
        own, before = asked.get((measure, year), (frozenset(), frozenset()))
        read.append(
            Fact(
                key=key,
                kind=row["kind"],
                classes=public,
                in_group=of.within(public),
                members=whole.among(of.within(about)) if about else whole,
                part_of=whole if about else None,
                questions=own,
                before=own | before,
                judged_with=int(of_panels.get(population, year)),
                **{name: bool(row[name]) for name in ("is_printed", "is_exempt", "is_structural", "is_inside")},
            )
        )
    return read


def _questions(rows: pd.DataFrame) -> tuple[frozenset[str], frozenset[str]]:
    """The questions of a measure, and those that decide whether they are asked."""
    routed_on = rows["routed_on"].dropna()
    return frozenset(rows["question_id"]), frozenset(one for some in routed_on for one in some.split(","))


def _members(rows: pd.DataFrame, places: NDArray[np.integer[Any]], of: Municipalities, highest: Amounts) -> Members:
    return Members(
        base=of.spread(places, True, False),
        numerators=of.spread(places, rows["numerator"], 0.0),
        denominators=of.spread(places, rows["denominator"].fillna(0), 0.0),
        unknown=of.spread(places, rows["unknown"] > 0, False),
        highest=highest,
    )
