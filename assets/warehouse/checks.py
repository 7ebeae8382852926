"""What is asked of a warehouse: whether it is the file that was built, whether its tables keep their contracts, and the
rules that are dbt tests.

Belongs here: the outcomes, of the warehouse that is in place and of a build that failed. Does not belong here: any rule
(``dbt_project``), how a contract is asked (``contracts.py``), Dagster (``assets.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from dagster import AssetCheckKey, AssetKey

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.files import sha256_of
from assets.warehouse.contracts import Contract, check_contracts, check_rows
from assets.warehouse.dbt import Build, DbtPaths, NodeResult, row_counts, run_tests
from assets.warehouse.graph import WarehouseGraph, definition_of
from assets.warehouse.made_of import WarehouseMadeOf

DATABASE = "warehouse/database"
# On the database, so that the edition, which rests on it, waits for the step that has all checks of the warehouse.
AS_BUILT = CheckDefinition(
    "it_is_the_file_that_was_built",
    DATABASE,
    blocking=True,
    description="Nobody has changed the database since dbt built it, or put another in its place.",
    remedy="build it again: 'lea run', or materialize it whole in the UI",
)
KEEPS_CONTRACTS = CheckDefinition(
    "every_table_keeps_its_contract",
    DATABASE,
    blocking=True,
    description=(
        "Every table has the columns and types that its contract declares; its key names one row; every value is one "
        "that its column allows."
    ),
    remedy="look at the failing rows: mend the data or the model, or what its yml declares, and run again",
)


def outcomes_in_place(
    paths: DbtPaths, graph: WarehouseGraph, made: WarehouseMadeOf, asked: AbstractSet[AssetCheckKey]
) -> Iterator[CheckOutcome]:
    """The outcomes of the checks that were asked for, on the warehouse that is in place."""
    import pandas as pd

    if _key(AS_BUILT) in asked:
        found = sha256_of(paths.warehouse)
        yield AS_BUILT.outcome(
            pd.DataFrame([{"built": made.sha256, "found": found}] if found != made.sha256 else []), 1
        )
    if _key(KEEPS_CONTRACTS) in asked:
        yield _of_contracts(paths, graph.contracts)
    counts = row_counts(paths.warehouse)
    tests = {unique_id: spec for unique_id, spec in graph.tests.items() if spec.key in asked}
    for node in run_tests(paths, tests):
        yield _of_test(node, graph, counts)


def outcomes_of_failed_build(built: Build, graph: WarehouseGraph, paths: DbtPaths) -> list[CheckOutcome]:
    """What a build failed on: the rows of the models that break their contracts, and the tests."""
    import duckdb

    contracts = {contract.table: contract for contract in graph.contracts}
    broken = [node for node in built.nodes if node.status == "error" and node.kind == "model" and node.sql]
    with duckdb.connect(str(paths.failed), read_only=True) as connection:
        found = [
            check_rows(connection, contracts[node.name], f"({node.sql})") for node in broken if node.name in contracts
        ]
    tests = [_of_test(node, graph, built.row_counts) for node in built.nodes if node.failing is not None]
    failed = [one for one in tests if one.blocking and not one.passed]
    return [_together(found), *failed] if any(not one.passed for one in found) else failed


def _of_contracts(paths: DbtPaths, contracts: Iterable[Contract]) -> CheckOutcome:
    import duckdb

    with duckdb.connect(str(paths.warehouse), read_only=True) as connection:
        paths.database.hold(connection, paths.warehouse)
        return _together(check_contracts(connection, contracts))


def _together(outcomes: Iterable[CheckOutcome]) -> CheckOutcome:
    """The outcomes of all contracts as one: each failing row with its table."""
    import pandas as pd

    outcomes = list(outcomes)
    failing = [one.failing.assign(table=one.asset) for one in outcomes if not one.passed]
    rows = pd.concat(failing, ignore_index=True) if failing else pd.DataFrame()
    if not rows.empty:
        rows.insert(0, "table", rows.pop("table"))
    return KEEPS_CONTRACTS.outcome(rows, sum(one.checked for one in outcomes))


def _of_test(node: NodeResult, graph: WarehouseGraph, counts: Mapping[str, int]) -> CheckOutcome:
    """What a dbt test found in the rows of the model that it guards."""
    import pandas as pd

    spec = graph.tests[node.unique_id]
    failing = pd.DataFrame() if node.failing is None else node.failing
    return definition_of(spec).outcome(failing, counts.get(spec.asset_key.path[-1], 0))


def _key(check: CheckDefinition) -> AssetCheckKey:
    return AssetCheckKey(AssetKey.from_user_string(check.asset), check.name)
