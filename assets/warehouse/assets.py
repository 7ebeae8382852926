"""The warehouse as Dagster assets: every dbt model, and the database that holds them.

One step builds all of it: 340 rows a year are built faster anew than tracked, and a warehouse is good as a whole or
not.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import pandas as pd
from dagster import (
    AssetCheckEvaluation,
    AssetCheckExecutionContext,
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSelection,
    AssetSpec,
    AutomationCondition,
    DataVersion,
    Definitions,
    Failure,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    multi_asset,
    multi_asset_check,
)

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.dagster_checks import as_lines, check_result, check_specs
from assets.base.errors import BadInput
from assets.base.files import sha256_of
from assets.base.installation import Installation, plain_failures
from assets.base.lake_assets import asset_key
from assets.base.paths import DBT_PROJECT_DIR, DataPaths, data_paths
from assets.warehouse.dbt import Build, DbtPaths, NodeResult, build, load_manifest, row_counts, run_tests
from assets.warehouse.gate import Gate, refuse
from assets.warehouse.graph import WarehouseGraph, definition_of, warehouse_graph
from assets.warehouse.made_of import WarehouseMadeOf, read_made_of, write_made_of

DATABASE = asset_key("warehouse/database")
# On the database, so that the edition, which rests on it, waits for the step that has all checks of the warehouse.
AS_BUILT = CheckDefinition(
    "it_is_the_file_that_was_built",
    "warehouse/database",
    True,
    "Nobody has changed the database since dbt built it, or put another in its place.",
    "build it again: 'lea run', or materialize it whole in the UI",
)
NOT_IN_PLACE = "a warehouse that is not in place"


def dbt_paths(paths: DataPaths) -> DbtPaths:
    """The dbt project, on this data folder."""
    return DbtPaths(DBT_PROJECT_DIR, paths.lake, paths.warehouse)


def definitions() -> Definitions:
    """The assets of the dbt project as it is now: they are known once it is parsed."""
    graph = warehouse_graph(load_manifest(dbt_paths(data_paths())))
    database = AssetSpec(
        DATABASE,
        deps=[*graph.sources, *graph.read_by_others],
        # Here and not at each table: the others come along, and a table of registers alone would not wait for the
        # answers.
        automation_condition=when_sources_are_good(graph.sources),
        group_name="warehouse",
        description=(
            "The DuckDB file with all marts and reports: built aside, and in place only when nothing blocking failed."
        ),
        kinds={"duckdb"},
    )

    @multi_asset(name="warehouse", specs=[*graph.assets, database], can_subset=False)
    def warehouse(
        context: AssetExecutionContext, installation: Installation, gate: ResourceParam[Gate]
    ) -> Iterator[MaterializeResult]:
        """One dbt build of the whole warehouse, from a lake of which every blocking check has passed."""
        with installation.writing() as paths:
            refuse(
                gate.before_warehouse(context.instance, paths), "The warehouse is not built", "the last good one stays"
            )
            lake = gate.lake(paths)
            built = build(dbt_paths(paths))
            if not built.is_in_place:
                _report_failed(context, built, graph, paths.lake)
                raise Failure(_what_failed(built, graph, dbt_paths(paths)), allow_retries=False)
            made = write_made_of(paths.warehouse, lake, context.run_id)
        yield from _materialized(built, graph, made)

    @multi_asset_check(name="warehouse_checks", specs=[*check_specs([AS_BUILT]), *graph.checks], can_subset=True)
    def warehouse_checks(context: AssetCheckExecutionContext, installation: Installation) -> Iterator[AssetCheckResult]:
        """Runs the tests that were asked for on the warehouse that is in place."""
        with plain_failures():
            yield from _checked(installation.paths, graph, context.selected_asset_check_keys)

    return Definitions(assets=[warehouse], asset_checks=[warehouse_checks])


def when_sources_are_good(sources: Sequence[AssetKey]) -> AutomationCondition:
    """Whenever a source was made again, all are there, and none has a blocking check that is not passed, in any survey
    year."""
    of_sources = AssetSelection.assets(*sources)
    not_good = AutomationCondition.any_deps_match(
        AutomationCondition.any_checks_match(~AutomationCondition.check_passed(), blocking_only=True)
    )
    return AutomationCondition.eager().allow(of_sources) & ~not_good.allow(of_sources)


def _materialized(built: Build, graph: WarehouseGraph, made: WarehouseMadeOf) -> Iterator[MaterializeResult]:
    """Every table in the order in which dbt made it, parents first, and the database that holds them."""
    version = DataVersion(made.fingerprint)
    for node in built.nodes:
        key = graph.by_id.get(node.unique_id)
        if isinstance(key, AssetKey):
            metadata = _table_metadata(built, key, node.seconds)
            yield MaterializeResult(asset_key=key, metadata=metadata, data_version=version)
    tables = {"tables": MetadataValue.int(len(built.row_counts)), "sha256": MetadataValue.text(made.sha256)}
    yield MaterializeResult(asset_key=DATABASE, metadata=tables, data_version=version)


def _checked(paths: DataPaths, graph: WarehouseGraph, asked: AbstractSet[AssetCheckKey]) -> Iterator[AssetCheckResult]:
    made = read_made_of(paths.warehouse)
    if made is None:
        raise BadInput("There is no warehouse to check", str(paths.warehouse), "'lea run' builds it")
    found = sha256_of(paths.warehouse)
    is_as_built = found == made.sha256
    if AssetCheckKey(DATABASE, AS_BUILT.name) in asked:
        other = pd.DataFrame([] if is_as_built else [{"built": made.sha256, "found": found}])
        yield check_result(AS_BUILT.outcome(other, 1), made.fingerprint, paths.lake)
    specs = {unique_id: spec for unique_id, spec in graph.tests.items() if spec.key in asked}
    # Of another file than was built, the results belong to nothing that may be published.
    mark = made.fingerprint if is_as_built else NOT_IN_PLACE
    counts = row_counts(paths.warehouse)
    for node in run_tests(dbt_paths(paths), specs):
        yield check_result(_outcome(specs[node.unique_id], node, counts), mark, paths.lake)


def _report_failed(context: AssetExecutionContext, built: Build, graph: WarehouseGraph, lake: Path) -> None:
    """Tells which checks the build failed on, though none of its tables is in place: they are what is wrong."""
    for node in built.nodes:
        spec = graph.tests.get(node.unique_id)
        if spec is not None and spec.blocking and node.failing is not None:
            result = check_result(_outcome(spec, node, built.row_counts), NOT_IN_PLACE, lake)
            context.log_event(
                AssetCheckEvaluation(
                    asset_key=spec.asset_key,
                    check_name=spec.name,
                    passed=False,
                    metadata=result.metadata,
                    severity=result.severity,
                    description=result.description,
                    blocking=True,
                )
            )


def _outcome(spec: AssetCheckSpec, node: NodeResult, counts: Mapping[str, int]) -> CheckOutcome:
    """What a dbt test found in the rows of the model that it guards."""
    failing = pd.DataFrame() if node.failing is None else node.failing
    return definition_of(spec).outcome(failing, counts.get(spec.asset_key.path[-1], 0))


def _table_metadata(made: Build, key: AssetKey, seconds: float) -> dict[str, MetadataValue]:
    return {
        "dagster/row_count": MetadataValue.int(made.row_counts.get(key.path[-1], 0)),
        "build_seconds": MetadataValue.float(round(seconds, 3)),
    }


def _what_failed(made: Build, graph: WarehouseGraph, paths: DbtPaths) -> str:
    failed = [n for n in made.nodes if not n.is_good and n.status not in ("warn", "skipped")]
    lines = [_in_words(n, graph.by_id.get(n.unique_id)) for n in failed[:10]]
    more = f"\nand {len(failed) - 10} more" if len(failed) > 10 else ""
    return (
        f"{len(failed)} of {len(made.nodes)} dbt nodes failed; the warehouse stays as it was\n"
        + "\n".join(lines)
        + more
        + f"\n  where:  {paths.failed}, the failed build, kept for you to query"
        + "\n  remedy: look at the failing checks and their rows; mend the data or the model, and run again"
    )


def _in_words(node: NodeResult, spec: AssetKey | AssetCheckSpec | None) -> str:
    """What failed, on a terminal: a test by what it says and its first rows, a model by what dbt says."""
    name = f"{node.kind} {node.unique_id.split('.')[2]}"
    if node.failing is None or not isinstance(spec, AssetCheckSpec):
        return f"{name}: {(node.message or node.status).strip()}"
    return "\n    ".join([f"{name}, {node.failures} failing: {spec.description}", *as_lines(node.failing)])
