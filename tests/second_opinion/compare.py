"""Holds what was computed here against a warehouse."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from tests.second_opinion import cells, frequencies, panels, populations, reach, risk
from tests.second_opinion.cells import Computed
from tests.second_opinion.populations import Rows, World
from tests.second_opinion.rounding import Near

CELL = ("report", "table_id", "row_key", "column_key")
PAIR = ("from_survey_year", "to_survey_year")
# Table → its key, and our rows. Columns that a row of ours does not name are not compared.
TABLES: dict[str, tuple[tuple[str, ...], Callable[[World], Rows]]] = {
    "fct_answers": (("survey_year", "municipality_code", "question_id", "option_code"), frequencies.answers),
    "fct_frequencies": (
        ("survey_year", "population", "breakdown", "category", "question_id", "option_code"),
        frequencies.frequencies,
    ),
    "fct_response": (("survey_year", "question_id", "breakdown", "category"), frequencies.response),
    "fct_definition_breadth": (("survey_year", "municipality_code"), populations.definition_breadth),
    "fct_panel": (("population", "municipality_code", "reference_year"), panels.panel),
    "fct_panel_exclusions": (("population", "municipality_code"), panels.panel_exclusions),
    "fct_reach_bounds": (("survey_year", "breakdown", "category"), reach.reach_bounds),
    "fct_reach_contributions": ((*PAIR, "municipality_code", "component"), reach.contributions),
    "fct_reach_decomposition": ((*PAIR, "component"), reach.reach_decomposition),
    "rpt_reach_decomposition": ((*PAIR, "component"), reach.printed_decomposition),
    "fct_risk_signals": (("survey_year", "municipality_code", "rule"), risk.risk_signals),
    "fct_risk_assessment": (("survey_year", "municipality_code"), risk.risk_assessment),
    "fct_supervision_selection": (("survey_year", "municipality_code", "domain"), risk.supervision_selection),
}
# The same, of what rests on measures.
CELL_TABLES: dict[str, tuple[tuple[str, ...], Callable[[Computed], Rows]]] = {
    "rpt_cells": (CELL, cells.cells_rows),
    "rpt_cell_members": ((*CELL, "municipality_code"), cells.cell_members_rows),
    "rpt_cell_breakdowns": ((*CELL, "breakdown", "category"), cells.cell_breakdowns_rows),
    "fct_measures": (("measure", "survey_year", "population", "breakdown", "category"), cells.measures_rows),
}
ABSENT = "(no such row)"

Computation = Mapping[str, tuple[tuple[str, ...], Mapping[tuple[Any, ...], Mapping[str, Any]]]]
"""Table → its key, and our rows."""


class Difference(NamedTuple):
    table: str
    key: tuple[Any, ...]
    column: str
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        key = " ".join(str(part) for part in self.key)
        return f"{self.table} [{key}] {self.column}: {self.ours} here, {self.theirs} in the warehouse"


@dataclass
class Comparison:
    """``compared``: table → number of values. A row that only one side has is one difference."""

    compared: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.compared.values())


def compare(data_dir: Path, warehouse: Path) -> Comparison:
    """Every table that we compute, computed from the files of ``data_dir``, against the warehouse that was made from
    them."""
    return hold(compute(data_dir), warehouse)


def compute(data_dir: Path) -> Computation:
    """Every table that we compute, from the files of ``data_dir``."""
    world = populations.load_world(data_dir)
    computed = Computed(world)
    return {
        **{table: (key, dict(made(world))) for table, (key, made) in TABLES.items()},
        **{table: (key, dict(made(computed))) for table, (key, made) in CELL_TABLES.items()},
    }


def hold(computation: Computation, warehouse: Path) -> Comparison:
    """What was computed against a warehouse."""
    found = Comparison()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for table, (key, ours) in computation.items():
            columns = list(dict.fromkeys(column for values in ours.values() for column in values))
            theirs = _stored(connection, table, key, columns)
            if table == "fct_measures":  # in which class a municipality of another year's borders is, no rule says
                theirs = {k: v for k, v in theirs.items() if k[3] == "total" or not k[2].startswith("panel_harmonised")}
            _hold(found, table, ours, theirs)
    return found


def _stored(
    connection: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...], columns: list[str]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    names = ", ".join((*key, *columns))
    found = connection.execute(f"select {names} from {table}").fetchall()
    return {row[: len(key)]: dict(zip(columns, map(_read, row[len(key) :]), strict=True)) for row in found}


def _read(stored: Any) -> Any:
    """A list of the warehouse as one text; evidence as question=option, or as a count and its number or status."""
    if isinstance(stored, list):
        return ", ".join(_read(one) for one in stored)
    if isinstance(stored, dict):
        if stored["question_id"] is not None:
            return f"{stored['question_id']}={stored['option_key']}"
        return f"{stored['concept']} {stored['status'] if stored['number'] is None else stored['number']}"
    return stored


def _hold(
    found: Comparison, table: str, ours: Mapping[tuple[Any, ...], Any], theirs: Mapping[tuple[Any, ...], Any]
) -> None:
    found.compared[table] = 0
    for key, values in ours.items():
        if key not in theirs:
            found.differences.append(Difference(table, key, "", _short(values), ABSENT))
            continue
        for column, value in values.items():
            found.compared[table] += 1
            if not _equal(value, theirs[key][column]):
                found.differences.append(Difference(table, key, column, value, theirs[key][column]))
    for key in theirs.keys() - ours.keys():
        found.differences.append(Difference(table, key, "", ABSENT, _short(theirs[key])))


def _short(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in list(values.items())[:6])


def _equal(ours: Any, theirs: Any) -> bool:
    """Exactly; a quotient that is stored as a double, to its last digits."""
    if isinstance(ours, Near):
        return theirs is not None and bool(abs(Fraction(theirs) - ours.exact) <= ours.within)
    if isinstance(theirs, float) and ours is not None:
        return math.isclose(theirs, float(ours), rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(theirs, Decimal) and ours is not None:
        return bool(Fraction(theirs) == ours)
    return bool(ours == theirs)
