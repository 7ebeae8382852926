"""Holds what was computed here against a warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from tests.second_opinion.cells import Computed
from tests.second_opinion.populations import load_world
from tests.second_opinion.tables import TABLES, equal

ABSENT = "(no such row)"


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
    """Every table of ``TABLES``, computed from the files of ``data_dir``, against the warehouse that was made from them."""
    world = load_world(data_dir)
    computed = Computed(world)
    found = Comparison()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for table, (key, rows) in TABLES.items():
            ours = dict(rows(world, computed))
            columns = list(next(iter(ours.values()), {}))
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
    return {row[: len(key)]: dict(zip(columns, row[len(key) :], strict=True)) for row in found}


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
            if not equal(value, theirs[key][column]):
                found.differences.append(Difference(table, key, column, value, theirs[key][column]))
    for key in theirs.keys() - ours.keys():
        found.differences.append(Difference(table, key, "", ABSENT, _short(theirs[key])))


def _short(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in list(values.items())[:6])
