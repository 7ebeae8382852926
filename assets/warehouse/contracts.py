"""The contract of every table of the warehouse, asked of the file that is there: what dbt holds while it builds. One
check has the outcomes of all (``checks.py``).

Belongs here: a model's contract as dbt's manifest has it, and the query that finds what breaks it. Does not belong
here: any rule (a model's yml declares it), rules of several tables (dbt tests), building (``dbt.py``).

One or two queries per table, evaluated by DuckDB: all tables together take half a second of processor time. Pandera's
own backend for databases takes six times as long, for less
(docs/decisions/0068-contracts-hold-grain-nulls-and-domains.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.lake import identifier, literal

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FOUND = ("column", "found", "breaks")
"""The columns of a failing row beside its key: where, what is there, and what it breaks."""


@dataclass(frozen=True)
class RowRule:
    """What holds of every row: in ``words``, and as a ``condition`` on its ``columns``. As in SQL, what cannot be told
    breaks nothing."""

    words: str
    condition: str
    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Contract:
    """What a model's yml says of its table. ``columns``: name → type, in order; ``keys``: the first names a row."""

    asset: str
    schema: str
    table: str
    columns: Mapping[str, str]
    keys: tuple[tuple[str, ...], ...]
    rules: tuple[RowRule, ...]

    @property
    def check(self) -> CheckDefinition:
        """The check of this contract."""
        return CheckDefinition(
            f"{self.table}_keeps_its_contract",
            self.asset,
            blocking=True,
            description=(
                f"{self.table} has the columns and types that its contract declares; its key names one row; every "
                "value is one that its column allows."
            ),
            remedy=(
                f"look at the failing rows: mend the data or the model, or what {self.table}.yml declares, and run "
                "again; never change the file by hand"
            ),
        )

    @property
    def relation(self) -> str:
        """The table, as a query names it."""
        return f"{identifier(self.schema)}.{identifier(self.table)}"


def contracts(manifest: Mapping[str, Any]) -> list[Contract]:
    """The contracts of all models, as dbt's manifest has them. dbt enforces one of SQL only; our materialization holds
    that of a Python model as well."""
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return [_contract(one) for one in models if one["contract"]["enforced"] or one["language"] == "python"]


def check_contracts(connection: duckdb.DuckDBPyConnection, declared: Iterable[Contract]) -> Iterator[CheckOutcome]:
    """Holds the tables of an open database to their contracts, one outcome each.

    A failing row has the table's key, and ``column``, ``found``, ``breaks``. Where columns are missing or of another
    type, these are the failing rows (without a key): the values cannot be judged then.
    """
    declared = list(declared)
    names = _names_of_types(connection, declared)
    present = _columns_there(connection)
    for contract in declared:
        there = present.get((contract.schema, contract.table), {})
        wrong = _wrong_columns({c: names[t] for c, t in contract.columns.items()}, there)
        if len(wrong):
            yield contract.check.outcome(wrong, 0)
        else:
            yield check_rows(connection, contract, contract.relation)


def check_rows(connection: duckdb.DuckDBPyConnection, contract: Contract, relation: str) -> CheckOutcome:
    """Holds rows to a contract: those of its table, or of a query in parentheses that gives its columns, such as the
    compiled SQL of a model that could not be built. A row that breaks two rules fails twice."""
    import pandas as pd

    # Asked at once whether any rule is broken, and only then which: it is planning that costs, not looking.
    all_hold = " and ".join([f"({rule.condition})" for rule in contract.rules] or ["true"])
    ((rows, broken),) = connection.execute(
        f"select count(*), count(*) filter (where not ({all_hold})) from {relation}"
    ).fetchall()
    query = _query(contract, relation, contract.rules if broken else ())
    failing = connection.execute(query).fetch_df() if query else pd.DataFrame(columns=list(FOUND))
    return contract.check.outcome(failing, int(rows))


def _contract(model: Mapping[str, Any]) -> Contract:
    columns = {str(column["name"]): column for column in model["columns"].values()}
    of_columns = [_column_rule(name, one) for name, column in columns.items() for one in column["constraints"]]
    of_rows = [
        RowRule(one["name"].replace("_", " "), one["expression"], _mentioned(one["expression"], columns))
        for one in model["constraints"]
        if one["type"] == "check"
    ]
    return Contract(
        asset=f"{model['path'].replace(chr(92), '/').split('/')[0]}/{model['name']}",
        schema=model["schema"],
        table=model["name"],
        columns={name: column["data_type"] for name, column in columns.items()},
        keys=tuple(tuple(one["columns"]) for one in model["constraints"] if one["type"] in ("primary_key", "unique")),
        rules=tuple(of_columns + of_rows),
    )


def _column_rule(column: str, constraint: Mapping[str, Any]) -> RowRule:
    if constraint["type"] == "not_null":
        return RowRule("is never empty", f"{identifier(column)} is not null", (column,))
    return RowRule(constraint["expression"], constraint["expression"], (column,))


def _mentioned(expression: str, columns: Iterable[str]) -> tuple[str, ...]:
    words = set(re.findall(r"\w+", re.sub(r"'[^']*'", "", expression)))
    return tuple(column for column in columns if column in words)


def _query(contract: Contract, relation: str, rules: Iterable[RowRule]) -> str:
    """The rows that break one of these rules, and the keys that several rows have."""
    key = contract.keys[0] if contract.keys else ()
    parts = [
        f"select {_listed(key, _found(rule.columns, _shown(rule.columns), rule.words))} "
        f"from {relation} where not ({rule.condition})"
        for rule in rules
    ]
    for columns in contract.keys:
        of_key = [column for column in columns if column in key]  # of a second key, what both name
        found = _found(columns, f"{_shown(columns)} || ': ' || count(*) || ' rows'", "appears once")
        by = ", ".join(map(identifier, columns))
        parts.append(f"select {_listed(of_key, found)} from {relation} group by {by} having count(*) > 1")
    return " union all by name ".join(parts)


def _listed(columns: Iterable[str], found: str) -> str:
    return ", ".join([*map(identifier, columns), found])


def _found(columns: Sequence[str], found: str, words: str) -> str:
    values = (literal(", ".join(columns)), found, literal(words))
    return ", ".join(f"{value} as {identifier(name)}" for name, value in zip(FOUND, values, strict=True))


def _shown(columns: Sequence[str]) -> str:
    if len(columns) == 1:
        return f"coalesce({identifier(columns[0])}::varchar, '')"
    return " || '; ' || ".join(
        f"{literal(column + ' ')} || coalesce({identifier(column)}::varchar, '–')" for column in columns
    )


def _wrong_columns(declared: Mapping[str, str], there: Mapping[str, str]) -> pd.DataFrame:
    """What is missing, too much, of another type or in another place."""
    import pandas as pd

    wrong = [
        (c, there.get(c, "not there"), f"is a column of type {t}") for c, t in declared.items() if there.get(c) != t
    ]
    wrong += [(c, t, "is not in the contract") for c, t in there.items() if c not in declared]
    if not wrong and list(declared) != list(there):
        wrong.append(("", ", ".join(there), f"the order of the columns is {', '.join(declared)}"))
    return pd.DataFrame(wrong, columns=list(FOUND))


def _names_of_types(connection: duckdb.DuckDBPyConnection, declared: Iterable[Contract]) -> dict[str, str]:
    """Each type as a contract writes it → as DuckDB names it."""
    written = sorted({data_type for contract in declared for data_type in contract.columns.values()})
    listed = ", ".join(f"typeof(null::{data_type})" for data_type in written)
    found = connection.execute(f"select {listed}").fetchall() if written else [()]
    return dict(zip(written, map(str, found[0]), strict=True))


def _columns_there(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str]]:
    found = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and not internal order by schema_name, table_name, column_index"
    ).fetchall()
    tables: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, data_type in found:
        tables.setdefault((schema, table), {})[column] = data_type
    return tables
