"""A change in the national reach, taken apart: the SQL of the warehouse against the formula in exact fractions.

The formula is written out here term by term, as Griliches and Regev (1995) and Foster, Haltiwanger and Krizan (2001) have
it, and shares nothing with the SQL, which adds up in whole numbers and rounds so that nothing is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.warehouse_sql import compiled_sql, create_tables

pytestmark = pytest.mark.slow

MODELS = ("fct_reach_pairs", "fct_reach_contributions", "fct_reach_decomposition", "rpt_reach_decomposition")
COMPONENTS = ("within", "between", "entering", "leaving")
UNIT, PRINTED_UNIT = Fraction(1, 10**12), Fraction(1, 100)
FIRST_YEAR = 2030

# What the models read of models that have no contract.
INTERNAL = """
create or replace table int_municipalities__linked (
    from_date date, from_code varchar, to_date date, is_unchanged boolean
);
create or replace table int_survey_years__registered (
    survey_year integer, reference_year integer, register_date date
);
"""


class Counts(NamedTuple):
    """What a municipality filled in: target toddlers and reached toddlers, either of them perhaps not."""

    target: int | None
    reached: int | None

    @property
    def is_complete(self) -> bool:
        return bool(self.target) and self.reached is not None


class Municipality(NamedTuple):
    """What it filled in per year, nothing where it has no questionnaire, and after which years its territory changed."""

    given: tuple[Counts | None, ...]
    changes_after: frozenset[int]

    def of(self, year: int) -> Counts:
        counts = self.given[year]
        return counts if counts is not None and counts.is_complete else Counts(0, 0)

    def is_the_same(self, first: int, second: int) -> bool:
        return not any(first <= year < second for year in self.changes_after)


Panel = list[Municipality]


@dataclass(frozen=True)
class Warehouse:
    """An empty database and the models' compiled SQL."""

    connection: duckdb.DuckDBPyConnection
    compiled: dict[str, str]

    def make(self, panel: Panel) -> dict[str, list[dict[str, Any]]]:
        """The models' rows, made from a panel."""
        years = range(len(panel[0].given))
        self.connection.execute(INTERNAL)
        create_tables(self.connection, "fct_reach", "dim_survey_year")
        for year in years:
            origin = "synthetic" if year == 0 else "real"
            self._insert("dim_survey_year", survey_year=FIRST_YEAR + year, origin=origin)
            self._insert(
                "int_survey_years__registered",
                survey_year=FIRST_YEAR + year,
                reference_year=FIRST_YEAR + year - 1,
                register_date=f"{FIRST_YEAR + year}-01-01",
            )
        for number, municipality in enumerate(panel):
            self._insert_municipality(f"GM{number:04}", municipality)
        for model, sql in self.compiled.items():
            self.connection.execute(f"create or replace table {model} as {sql}")
        return {model: self._rows(model) for model in self.compiled}

    def _insert_municipality(self, code: str, municipality: Municipality) -> None:
        for year, counts in enumerate(municipality.given):
            if counts is not None:
                self._insert(
                    "fct_reach",
                    survey_year=FIRST_YEAR + year,
                    municipality_code=code,
                    target_toddlers=counts.target,
                    reached_toddlers=counts.reached,
                    is_complete=counts.is_complete,
                )
            for later in range(year, len(municipality.given)):
                self._insert(
                    "int_municipalities__linked",
                    from_date=f"{FIRST_YEAR + year}-01-01",
                    from_code=code,
                    to_date=f"{FIRST_YEAR + later}-01-01",
                    is_unchanged=municipality.is_the_same(year, later),
                )

    def _insert(self, table: str, **row: object) -> None:
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        self.connection.execute(f"insert into {table} ({columns}) values ({marks})", list(row.values()))

    def _rows(self, model: str) -> list[dict[str, Any]]:
        result = self.connection.execute(f"from {model}")
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    """The models as they are, on tables of their contracts."""
    with duckdb.connect() as connection:
        yield Warehouse(connection, {model: compiled_sql(model) for model in MODELS})


Pair = tuple[int, int]
Part = tuple[Pair, str, str]
"""Pair of years, municipality, component."""


def pairs_of(panel: Panel) -> list[Pair]:
    years = [y for y in range(len(panel[0].given)) if any(m.of(y).target for m in panel)]
    return list(pairwise(years))


def reach(panel: Panel, year: int) -> Fraction:
    return Fraction(sum(m.of(year).reached or 0 for m in panel), sum(m.of(year).target or 0 for m in panel))


def decomposed(panel: Panel, pair: Pair) -> dict[tuple[str, str], Fraction]:
    """Municipality and component → contribution, by the formula."""
    s, t = pair
    total = {year: sum(m.of(year).target or 0 for m in panel) for year in pair}
    mean_reach = (reach(panel, s) + reach(panel, t)) / 2
    parts = {}
    for number, municipality in enumerate(panel):
        code = f"GM{number:04}"
        w, r = {}, {}
        for year in pair:
            target, reached = municipality.of(year)
            if target:
                w[year], r[year] = Fraction(target, total[year]), Fraction(reached or 0, target)
        if len(w) == 2 and municipality.is_the_same(s, t):
            parts[code, "within"] = (w[s] + w[t]) / 2 * (r[t] - r[s])
            parts[code, "between"] = (w[t] - w[s]) * ((r[s] + r[t]) / 2 - mean_reach)
            continue
        if t in w:
            parts[code, "entering"] = w[t] * (r[t] - mean_reach)
        if s in w:
            parts[code, "leaving"] = -w[s] * (r[s] - mean_reach)
    return parts


def half_up(value: Fraction, unit: Fraction) -> Fraction:
    return int(value / unit + Fraction(1, 2)) * unit


def pair_of(row: dict[str, Any]) -> Pair:
    return row["from_survey_year"] - FIRST_YEAR, row["to_survey_year"] - FIRST_YEAR


count = st.integers(0, 60) | st.integers(0, 5_000) | st.integers(0, 100_000)
counts = st.none() | st.builds(Counts, st.none() | count, st.none() | count)
complete = st.builds(Counts, st.integers(1, 60) | st.integers(1, 100_000), count)


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    years = draw(st.integers(2, 4))
    one = st.builds(
        Municipality,
        st.tuples(*[complete | counts] * years),
        st.frozensets(st.integers(0, years - 2), max_size=1),
    )
    return draw(st.lists(one, min_size=1, max_size=12))


SAME = frozenset[int]()
THIRDS = [Municipality((Counts(1, 0), Counts(1, 1)), SAME)] * 3
UNCHANGED = [Municipality((Counts(100, 80), Counts(100, 80)), SAME), Municipality((Counts(50, 60),) * 2, SAME)]
REVERSED = [Municipality((Counts(7, 3), Counts(11, 2)), SAME), Municipality((None, Counts(3, 3)), SAME)]
LARGE = [
    Municipality((Counts(1_000_000, 999_999), Counts(999_983, 1)), SAME),
    Municipality((Counts(999_979, 3), Counts(1_000_003, 999_961)), SAME),
]
NEVER = [Municipality((None, Counts(0, 0)), SAME)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(panel=panels())
@example(panel=THIRDS)
@example(panel=UNCHANGED)
@example(panel=REVERSED)
@example(panel=LARGE)
@example(panel=NEVER)
def test_the_parts_are_the_change_to_the_last_digit(warehouse: Warehouse, panel: Panel) -> None:
    made = warehouse.make(panel)
    expected = {(pair, *key): part for pair in pairs_of(panel) for key, part in decomposed(panel, pair).items()}
    stored = {
        (pair_of(row), row["municipality_code"], row["component"]): Fraction(row["contribution"])
        for row in made["fct_reach_contributions"]
    }
    components: dict[Pair, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in made["fct_reach_decomposition"]:
        components[pair_of(row)][row["component"]] = row

    assert set(stored) == set(expected)
    for key, part in expected.items():
        assert abs(stored[key] - part) <= 2 * UNIT
        assert part or not stored[key], "what contributes nothing is 0"
    assert list(components) == pairs_of(panel)
    for pair, rows in components.items():
        assert tuple(rows) == COMPONENTS
        exact = {c: sum((v for (p, _, k), v in expected.items() if (p, k) == (pair, c)), Fraction()) for c in rows}
        assert sum(exact.values()) == reach(panel, pair[1]) - reach(panel, pair[0]), "the formula has no cross term"
        for component, row in rows.items():
            members = [v for (p, _, c), v in stored.items() if (p, c) == (pair, component)]
            assert row["contribution"] == sum(members)
            assert row["n_municipalities"] == len(members)
            assert [Fraction(row["reach_from"]), Fraction(row["reach_to"])] == [
                half_up(reach(panel, y), UNIT) for y in pair
            ]
            assert [Fraction(row["percent_from"]), Fraction(row["percent_to"])] == [
                half_up(100 * reach(panel, y), PRINTED_UNIT) for y in pair
            ]
            assert abs(Fraction(row["points"]) - 100 * exact[component]) < PRINTED_UNIT + 10**4 * UNIT
            assert members or row["points"] == 0
            assert row["change"] == sum(r["contribution"] for r in rows.values()) == row["reach_to"] - row["reach_from"]
            assert (
                row["change_points"]
                == sum(r["points"] for r in rows.values())
                == row["percent_to"] - row["percent_from"]
            )


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(panel=panels())
def test_the_bars_lead_from_one_year_to_the_next(warehouse: Warehouse, panel: Panel) -> None:
    made = warehouse.make(panel)["rpt_reach_decomposition"]

    for pair in pairs_of(panel):
        first, *parts, last, change = [row for row in made if pair_of(row) == pair]
        assert [row["component"] for row in parts] == list(COMPONENTS)
        bars = [(first["starts_at"], first["ends_at"]), (last["starts_at"], last["ends_at"])]
        assert bars == [(0, first["value"]), (0, last["value"])]
        at = first["value"]
        for row in parts:
            assert (row["starts_at"], row["ends_at"]) == (at, at + row["value"])
            at = row["ends_at"]
        assert at == last["value"] == first["value"] + change["value"]
        assert [first["n_municipalities"], last["n_municipalities"]] == [
            sum(1 for m in panel if m.of(y).target) for y in pair
        ]
        assert {row["origin"] for row in (first, *parts, last, change)} == {"synthetic" if pair[0] == 0 else "real"}
        for row in (*parts, change):
            text = row["value_text_en"].replace(",", "").replace("−", "-")
            assert Decimal(text) == row["value"]
            assert row["value_text_en"][0].isdigit() == (row["value"] == 0)


def test_the_first_code_gets_the_unit_that_is_left_over(warehouse: Warehouse) -> None:
    """Of equal remainders, so that every machine gives it to the same municipality."""
    rows = warehouse.make(THIRDS)["fct_reach_contributions"]

    within = {r["municipality_code"]: r["contribution"] for r in rows if r["component"] == "within"}
    third = (Decimal(1) / 3).quantize(Decimal(10) ** -12, ROUND_HALF_UP)
    assert within == {"GM0000": third + Decimal(10) ** -12, "GM0001": third, "GM0002": third}


def test_numbers_too_large_to_be_exact_are_refused(warehouse: Warehouse) -> None:
    """Ten million target toddlers, sixty times what the country has, do not fit; they are never rounded in silence."""
    panel = [Municipality((Counts(9_999_991, 9_999_973), Counts(9_999_971, 1)), SAME)] * 4

    with pytest.raises(duckdb.OutOfRangeException, match="Overflow"):
        warehouse.make(panel)
