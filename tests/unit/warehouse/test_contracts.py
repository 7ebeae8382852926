"""Contracts held to tables of a few rows: each kind of fault is found and named, and nothing else is."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from assets.base.checks import CheckOutcome
from assets.warehouse.contracts import Contract, check_contracts, check_rows, contracts

GOOD = "(2030, 'GM0001', 'lea', 3, 5, ['a'], 1.5), (2030, 'GM0002', null, null, 5, ['a', 'b'], 2.5)"
COLUMNS = {
    "survey_year": "integer",
    "municipality_code": "varchar",
    "domain": "varchar",
    "count": "bigint",
    "base": "bigint",
    "rules": "varchar[]",
    "score": "decimal(4, 1)",
}


def a_column(name: str, data_type: str, *constraints: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "data_type": data_type, "constraints": list(constraints)}


def not_null() -> dict[str, Any]:
    return {"type": "not_null", "expression": None}


def check(expression: str, name: str | None = None) -> dict[str, Any]:
    return {"type": "check", "expression": expression, "name": name}


def the_contract() -> Contract:
    """What dbt's manifest says of a model, in short."""
    ruled = {
        "survey_year": [not_null()],
        "municipality_code": [not_null()],
        "domain": [check("domain in ['lea', 'vve']")],
        "count": [check("count >= 0")],
        "base": [not_null()],
    }
    model = {
        "resource_type": "model",
        "name": "fct_example",
        "schema": "main",
        "path": "marts/examples/fct_example.sql",
        "contract": {"enforced": True},
        "columns": {name: a_column(name, kind, *ruled.get(name, ())) for name, kind in COLUMNS.items()},
        "constraints": [
            {"type": "primary_key", "columns": ["survey_year", "municipality_code"]},
            check("count <= base", "no_count_is_above_its_base"),
        ],
    }
    (found,) = contracts({"nodes": {"model.example": model, "test.other": {"resource_type": "test"}}})
    return found


def outcome_of(table: str) -> CheckOutcome:
    connection = duckdb.connect()
    connection.execute(table)
    (outcome,) = check_contracts(connection, [the_contract()])
    return outcome


def table_of(rows: str, columns: dict[str, str] = COLUMNS) -> str:
    declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"create table fct_example ({declared}); insert into fct_example values {rows}"


def test_a_table_that_keeps_its_contract_passes() -> None:
    outcome = outcome_of(table_of(GOOD))
    assert outcome.passed
    assert (outcome.checked, outcome.asset, outcome.blocking) == (2, "marts/fct_example", True)
    assert outcome.check == "fct_example_keeps_its_contract"


def altered(**changes: str | None) -> dict[str, str]:
    return {name: kind for name, kind in (COLUMNS | changes).items() if kind is not None}


@pytest.mark.parametrize(
    ("table", "failing"),
    [
        (
            f"{table_of(GOOD)}; alter table fct_example drop column score",
            [("score", "not there", "is a column of type DECIMAL(4,1)")],
        ),
        (
            f"{table_of(GOOD)}; alter table fct_example add column extra varchar",
            [("extra", "VARCHAR", "is not in the contract")],
        ),
        (table_of(GOOD, altered(score="double")), [("score", "DOUBLE", "is a column of type DECIMAL(4,1)")]),
        (
            f"{table_of(GOOD)}; create or replace table fct_example as "
            "select score, * exclude (score) from fct_example",
            [("", ", ".join(["score", *list(COLUMNS)[:-1]]), f"the order of the columns is {', '.join(COLUMNS)}")],
        ),
        (
            "create table other (a integer)",
            [(name, "not there") for name in COLUMNS],
        ),
    ],
    ids=["missing column", "extra column", "wrong type", "wrong order", "missing table"],
)
def test_other_columns_are_found(table: str, failing: list[tuple[str, ...]]) -> None:
    found = outcome_of(table).failing
    assert list(found.columns) == ["column", "found", "breaks"]
    assert [
        row[: len(one)] for row, one in zip(found.itertuples(index=False, name=None), failing, strict=True)
    ] == failing


@pytest.mark.parametrize(
    ("row", "failing"),
    [
        ("(2030, null, 'lea', 3, 5, [], 0)", [("municipality_code", "", "is never empty")]),
        ("(2030, 'GM0003', 'lea', 3, null, [], 0)", [("base", "", "is never empty")]),
        ("(2030, 'GM0003', 'other', 3, 5, [], 0)", [("domain", "other", "domain in ['lea', 'vve']")]),
        ("(2030, 'GM0003', 'lea', -1, 5, [], 0)", [("count", "-1", "count >= 0")]),
        ("(2030, 'GM0003', 'lea', 6, 5, [], 0)", [("count, base", "count 6; base 5", "no count is above its base")]),
        (
            "(2030, 'GM0003', 'x', 6, 5, [], 0)",
            [
                ("domain", "x", "domain in ['lea', 'vve']"),
                ("count, base", "count 6; base 5", "no count is above its base"),
            ],
        ),
        (
            "(2030, 'GM0002', 'lea', 3, 5, [], 0)",
            [
                (
                    "survey_year, municipality_code",
                    "survey_year 2030; municipality_code GM0002: 2 rows",
                    "appears once",
                )
            ],
        ),
        (
            "(2030, null, 'lea', 3, 5, [], 0), (2030, null, 'lea', 3, 5, [], 0)",
            [
                ("municipality_code", "", "is never empty"),
                ("municipality_code", "", "is never empty"),
                ("survey_year, municipality_code", "survey_year 2030; municipality_code –: 2 rows", "appears once"),
            ],
        ),
    ],
    ids=["null key", "null", "outside the domain", "range", "rule of a row", "two rules", "doubled key", "empty keys"],
)
def test_a_row_that_breaks_the_contract_is_found_and_only_that(row: str, failing: list[tuple[str, ...]]) -> None:
    outcome = outcome_of(table_of(f"{GOOD}, {row}"))
    found = outcome.failing
    assert list(found.columns) == ["survey_year", "municipality_code", "column", "found", "breaks"]
    assert list(found.iloc[:, 2:].itertuples(index=False, name=None)) == failing
    assert set(found["survey_year"]) == {2030}


@pytest.mark.parametrize(
    ("enforced", "language", "has_one"), [(True, "sql", 1), (False, "python", 1), (False, "sql", 0)]
)
def test_a_python_model_has_a_contract_though_dbt_enforces_none(enforced: bool, language: str, has_one: int) -> None:
    model: dict[str, Any] = {"resource_type": "model", "name": "fct_example", "schema": "main", "path": "marts/x"}
    model |= {"contract": {"enforced": enforced}, "language": language, "columns": {}, "constraints": []}
    assert len(contracts({"nodes": {"model.example": model}})) == has_one


def test_rows_of_a_query_are_held_to_a_contract() -> None:
    """Those of a model whose table could not be built."""
    query = f"(select * from (values {GOOD}, (2030, 'GM0003', 'other', 3, 5, [], 0)) as t ({', '.join(COLUMNS)}))"
    outcome = check_rows(duckdb.connect(), the_contract(), query)
    assert list(outcome.failing["found"]) == ["other"]
    assert outcome.checked == 3
