"""The warehouse as Dagster assets: every dbt model, and the database that holds them.

One step builds all of it: 340 rows a year are built faster anew than tracked, and a warehouse is good as a whole or
not.
"""

from collections.abc import Iterator

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    Definitions,
    Failure,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)

from assets.base.dagster_checks import as_markdown
from assets.base.installation import Installation
from assets.base.lake_assets import asset_key
from assets.base.paths import DBT_PROJECT_DIR, DataPaths, data_paths
from assets.warehouse.dbt import Build, DbtPaths, NodeResult, build, load_manifest
from assets.warehouse.graph import WarehouseGraph, warehouse_graph

DATABASE = asset_key("warehouse/database")
SHOWN = 3  # failing rows of a test in the message on a terminal; the UI has more


def dbt_paths(paths: DataPaths) -> DbtPaths:
    """The dbt project, on this data folder."""
    return DbtPaths(DBT_PROJECT_DIR, paths.lake, paths.warehouse)


def definitions() -> Definitions:
    """The assets of the dbt project as it is now: they are known once it is parsed."""
    graph = warehouse_graph(load_manifest(dbt_paths(data_paths())))
    database = AssetSpec(
        DATABASE,
        deps=graph.read_by_others,
        group_name="warehouse",
        description=(
            "The DuckDB file with all marts and reports: built aside, and in place only when nothing blocking failed."
        ),
        kinds={"duckdb"},
    )

    @multi_asset(
        name="warehouse",
        specs=[*graph.assets, database],
        check_specs=graph.checks,
        can_subset=True,
        allow_arbitrary_check_specs=True,
    )
    def warehouse(
        context: AssetExecutionContext, installation: Installation
    ) -> Iterator[MaterializeResult | AssetCheckResult]:
        """One dbt build of the whole warehouse, whatever part of it was asked for."""
        with installation.writing() as paths:
            made = build(dbt_paths(paths))
        yield from _results(made, graph, context.selected_asset_keys, context.selected_asset_check_keys)
        if not made.is_in_place:
            raise Failure(_what_failed(made, graph, dbt_paths(paths)), allow_retries=False)

    return Definitions(assets=[warehouse])


def _results(
    made: Build, graph: WarehouseGraph, assets: set[AssetKey], checks: set[object]
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """What came of the build, as far as it was asked for, in the order in which dbt made it: parents first."""
    if made.is_in_place:
        for node in made.nodes:
            key = graph.by_id.get(node.unique_id)
            if isinstance(key, AssetKey) and key in assets:
                yield MaterializeResult(asset_key=key, metadata=_table_metadata(made, key, node.seconds))
        if DATABASE in assets:
            tables = {"tables": MetadataValue.int(len(made.row_counts))}
            yield MaterializeResult(asset_key=DATABASE, metadata=tables)
    for node in made.nodes:
        spec = graph.by_id.get(node.unique_id)
        if isinstance(spec, AssetCheckSpec) and spec.key in checks and node.status != "skipped":
            yield _check_result(spec, node)


def _table_metadata(made: Build, key: AssetKey, seconds: float) -> dict[str, MetadataValue]:
    return {
        "dagster/row_count": MetadataValue.int(made.row_counts.get(key.path[-1], 0)),
        "build_seconds": MetadataValue.float(round(seconds, 3)),
    }


def _check_result(spec: AssetCheckSpec, node: NodeResult) -> AssetCheckResult:
    metadata: dict[str, MetadataValue] = {"failing": MetadataValue.int(node.failures)}
    if node.failing is not None:
        metadata["failing_rows"] = MetadataValue.md(as_markdown(node.failing))
    if node.message and not node.is_good:
        metadata["message"] = MetadataValue.text(node.message)
    return AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=node.is_good,
        severity=AssetCheckSeverity.ERROR if spec.blocking else AssetCheckSeverity.WARN,
        metadata=metadata,
    )


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
    import pandas as pd

    name = f"{node.kind} {node.unique_id.split('.')[2]}"
    if node.failing is None or not isinstance(spec, AssetCheckSpec):
        return f"{name}: {(node.message or node.status).strip()}"
    rows = node.failing.head(SHOWN).astype(object).to_dict("records")
    lines = ["; ".join(f"{column} {value}" for column, value in row.items() if not pd.isna(value)) for row in rows]
    if node.failures > len(rows):
        lines.append(f"and {node.failures - len(rows)} more rows")
    return "\n    ".join([f"{name}, {node.failures} failing: {spec.description}", *lines])
