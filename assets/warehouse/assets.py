"""The warehouse as Dagster assets: every dbt model, and the database that holds them.

One step builds all of it: 340 rows a year are built faster anew than tracked, and a warehouse is good as a whole or
not.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dagster import (
    AssetCheckEvaluation,
    AssetCheckExecutionContext,
    AssetCheckKey,
    AssetCheckResult,
    AssetExecutionContext,
    AssetKey,
    AssetMaterialization,
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

from assets.base.checks import CheckOutcome
from assets.base.dagster_checks import check_result, check_specs
from assets.base.dagster_private import DATA_VERSION_TAG, evaluation_of
from assets.base.errors import BadInput
from assets.base.files import sha256_of
from assets.base.installation import Installation, plain_failures
from assets.base.lake_assets import asset_key, first_rows
from assets.base.paths import DataPaths, data_paths
from assets.base.writer import has_room
from assets.warehouse.checks import AS_BUILT, DATABASE, KEEPS_CONTRACTS, outcomes_in_place, outcomes_of_failed_build
from assets.warehouse.dbt import Build, DbtPaths, build, dbt_paths, discard_failed, load_manifest
from assets.warehouse.gate import Gate, refuse
from assets.warehouse.graph import WarehouseGraph, warehouse_graph
from assets.warehouse.made_of import WarehouseMadeOf, read_made_of, write_made_of

DATABASE_KEY = asset_key(DATABASE)
NOT_IN_PLACE = "a warehouse that is not in place"


def definitions() -> Definitions:
    """The assets of the dbt project as it is now: they are known once it is parsed."""
    graph = warehouse_graph(_manifest(data_paths()))
    # A table that no step waits for is reported without an output: that is an event less, of three.
    tables = [spec.replace_attributes(skippable=spec.key not in graph.waited_for) for spec in graph.assets]

    @multi_asset(name="warehouse", specs=[*tables, _database(graph)], can_subset=False)
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
                failed = outcomes_of_failed_build(built, graph, dbt_paths(paths))
                _report_failed(context, failed, paths.lake)
                if not has_room(paths):
                    discard_failed(dbt_paths(paths))
                raise Failure(_what_failed(built, failed, dbt_paths(paths)), allow_retries=False)
            made = write_made_of(paths.warehouse, lake, context.run_id)
        yield from _materialized(context, built, graph, made)

    @multi_asset_check(
        name="warehouse_checks", specs=[*check_specs([AS_BUILT, KEEPS_CONTRACTS]), *graph.checks], can_subset=True
    )
    def warehouse_checks(
        context: AssetCheckExecutionContext, installation: Installation
    ) -> Iterator[AssetCheckResult | AssetCheckEvaluation]:
        """Runs the tests that were asked for on the warehouse that is in place. The edition waits for those of the
        database only: where any other fails, this step does."""
        with plain_failures():
            for result in _checked(installation.paths, graph, context.selected_asset_check_keys):
                yield result if result.asset_key == DATABASE_KEY else evaluation_of(result, context)

    return Definitions(assets=[warehouse], asset_checks=[warehouse_checks])


def _manifest(paths: DataPaths) -> dict[str, Any]:
    """dbt's manifest; made elsewhere where there is no data folder, so that the code location loads and can say so."""
    if paths.root.is_dir():
        return load_manifest(dbt_paths(paths))
    with TemporaryDirectory() as folder:
        return load_manifest(dbt_paths(DataPaths(Path(folder))))


def _database(graph: WarehouseGraph) -> AssetSpec:
    """The file that holds all tables."""
    return AssetSpec(
        DATABASE_KEY,
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


def when_sources_are_good(sources: Sequence[AssetKey]) -> AutomationCondition:
    """Whenever a source was made again, all are there, and none has a blocking check that is not passed, in any survey
    year."""
    of_sources = AssetSelection.assets(*sources)
    not_good = AutomationCondition.any_deps_match(
        AutomationCondition.any_checks_match(~AutomationCondition.check_passed(), blocking_only=True)
    )
    return AutomationCondition.eager().allow(of_sources) & ~not_good.allow(of_sources)


def _materialized(
    context: AssetExecutionContext, built: Build, graph: WarehouseGraph, made: WarehouseMadeOf
) -> Iterator[MaterializeResult]:
    """Every table in the order in which dbt made it, parents first, and the database that holds them."""
    version, waited_for = DataVersion(made.fingerprint), graph.waited_for
    for node in built.nodes:
        key = graph.by_id.get(node.unique_id)
        if isinstance(key, AssetKey):
            metadata = _table_metadata(built, key, node.seconds)
            if key in waited_for:
                yield MaterializeResult(asset_key=key, metadata=metadata, data_version=version)
            else:
                tags = {DATA_VERSION_TAG: made.fingerprint}
                context.log_event(AssetMaterialization(key, metadata=metadata, tags=tags))
    tables = {"tables": MetadataValue.int(len(built.row_counts)), "sha256": MetadataValue.text(made.sha256)}
    yield MaterializeResult(asset_key=DATABASE_KEY, metadata=tables, data_version=version)


def _checked(paths: DataPaths, graph: WarehouseGraph, asked: AbstractSet[AssetCheckKey]) -> Iterator[AssetCheckResult]:
    made = read_made_of(paths.warehouse)
    if made is None:
        raise BadInput("There is no warehouse to check", str(paths.warehouse), "'lea run' builds it")
    # Of another file than was built, the results belong to nothing that may be published.
    mark = made.fingerprint if sha256_of(paths.warehouse) == made.sha256 else NOT_IN_PLACE
    for outcome in outcomes_in_place(dbt_paths(paths), graph, made, asked):
        yield check_result(outcome, mark, paths.lake)


def _report_failed(context: AssetExecutionContext, failed: Sequence[CheckOutcome], lake: Path) -> None:
    """Reports the checks that the build failed on, though none of its tables is in place: they are what is wrong."""
    for outcome in failed:
        result = check_result(outcome, NOT_IN_PLACE, lake)
        context.log_event(
            AssetCheckEvaluation(
                asset_key=result.asset_key or DATABASE_KEY,
                check_name=outcome.check,
                passed=False,
                metadata=result.metadata,
                severity=result.severity,
                description=result.description,
                blocking=True,
            )
        )


def _table_metadata(made: Build, key: AssetKey, seconds: float) -> dict[str, MetadataValue]:
    return {
        "dagster/row_count": MetadataValue.int(made.row_counts.get(key.path[-1], 0)),
        "build_seconds": MetadataValue.float(round(seconds, 3)),
    }


def _what_failed(made: Build, failed: Sequence[CheckOutcome], paths: DbtPaths) -> str:
    """What stopped a build, on a terminal: checks by what they hold and their first rows, other models by what dbt
    says."""
    lines = [f"{one.in_words}{first_rows(one)}" for one in failed]
    if not lines:
        lines = [f"{n.kind} {n.name}: {(n.message or n.status).strip()}" for n in made.nodes if n.status == "error"]
    more = f"\nand {len(lines) - 10} more" if len(lines) > 10 else ""
    kept = "kept for you to query" if paths.failed.exists() else "which was not kept: the disk is nearly full"
    return (
        "The warehouse could not be built, and stays as it was\n"
        + "\n".join(lines[:10])
        + more
        + f"\n  where:  {paths.failed}, the failed build, {kept}"
        + "\n  remedy: look at the failing checks and their rows; mend the data or the model, and run again"
    )
