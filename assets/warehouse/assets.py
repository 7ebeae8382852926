"""The warehouse as Dagster assets: every dbt model an asset, every dbt test a check on its model.

One step builds all of it: 340 rows a year are built faster anew than tracked, and a warehouse is good as a whole or not.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import pandas as pd
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    Failure,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)
from dagster_dbt import DagsterDbtTranslator, DbtProject
from dagster_dbt.asset_utils import build_dbt_specs

from assets.warehouse.dbt import Build, DbtPaths, NodeResult, build, load_manifest
from orchestration.checks import as_markdown, asset_key
from orchestration.failures import told_plainly
from orchestration.paths import DBT_PROJECT_DIR, data_paths
from orchestration.writer import writing

SHOWN = 3  # failing rows of a test in the message on a terminal; the UI has more


class StageTranslator(DagsterDbtTranslator):
    """dbt's names as ours: a model is <folder>/<model>, a source <stage>/<table>; groups are the stages."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return asset_key(f"{dbt_resource_props['source_name']}/{dbt_resource_props['name']}")
        return asset_key(f"{_stage(dbt_resource_props)}/{dbt_resource_props['name']}")

    def get_asset_check_spec(
        self, asset_spec: AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        return AssetCheckSpec(
            spec.name,
            asset=spec.asset_key,
            description=spec.description or _in_words(manifest["nodes"][unique_id]),
            additional_deps=spec.additional_deps,
            metadata=spec.metadata,
            blocking=spec.blocking,
        )

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return _stage(dbt_resource_props)


def _stage(props: Mapping[str, Any]) -> str:
    return PurePosixPath(str(props["original_file_path"]).replace("\\", "/")).parts[1]


def _in_words(test: Mapping[str, Any]) -> str:
    """A dbt test as its author described it, else its kind with what it was given: 'unique_combination: columns survey_year'."""
    if test.get("description"):
        return str(test["description"])
    given = {k: v for k, v in (test.get("test_metadata") or {}).get("kwargs", {}).items() if k != "model"}
    shown = "; ".join(f"{k} {', '.join(map(str, v)) if isinstance(v, list) else v}" for k, v in given.items())
    return f"dbt test {(test.get('test_metadata') or {}).get('name', test['name'])}: {shown}"


def dbt_paths() -> DbtPaths:
    """The dbt project and the data folder in force."""
    paths = data_paths()
    return DbtPaths(DBT_PROJECT_DIR, paths.lake, paths.warehouse)


_MANIFEST = load_manifest(dbt_paths())


def _specs(
    manifest: Mapping[str, Any],
) -> tuple[list[AssetSpec], list[AssetCheckSpec], dict[str, AssetKey | AssetCheckSpec]]:
    """Assets and checks of the dbt project, and both by dbt's unique id."""
    translator = StageTranslator()
    specs, checks = build_dbt_specs(
        translator=translator,
        manifest=manifest,
        select="fqn:*",
        exclude="",
        selector="",
        io_manager_key=None,
        project=None,
    )
    keys = {
        unique_id: translator.get_asset_key(node)
        for unique_id, node in manifest["nodes"].items()
        if "model." in unique_id
    }
    by_id: dict[str, AssetKey | AssetCheckSpec] = dict(keys)
    by_id |= {str(check.metadata["dagster_dbt/unique_id"]): check for check in checks}
    return list(specs), list(checks), by_id


_ASSETS, _CHECKS, _BY_ID = _specs(_MANIFEST)


@multi_asset(name="warehouse", specs=_ASSETS, check_specs=_CHECKS, can_subset=True, allow_arbitrary_check_specs=True)
def warehouse(context: AssetExecutionContext) -> Iterator[MaterializeResult | AssetCheckResult]:
    """One dbt build of the whole warehouse, whatever part of it was asked for."""
    with told_plainly(), writing():
        made = build(dbt_paths())
    if made.is_in_place:
        for node in made.nodes:  # in the order in which dbt made them: parents first
            key = _BY_ID.get(node.unique_id)
            if isinstance(key, AssetKey) and key in context.selected_asset_keys:
                yield MaterializeResult(asset_key=key, metadata=_table_metadata(made, key, node.seconds))
    for node in made.nodes:
        spec = _BY_ID.get(node.unique_id)
        if (
            isinstance(spec, AssetCheckSpec)
            and spec.key in context.selected_asset_check_keys
            and node.status != "skipped"
        ):
            yield _check_result(spec, node)
    if not made.is_in_place:
        raise Failure(description=_what_failed(made), allow_retries=False)


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


def _what_failed(made: Build) -> str:
    failed = [n for n in made.nodes if not n.is_good and n.status not in ("warn", "skipped")]
    lines = [_told(n) for n in failed[:10]]
    more = f"\nand {len(failed) - 10} more" if len(failed) > 10 else ""
    return (
        f"{len(failed)} of {len(made.nodes)} dbt nodes failed; the warehouse stays as it was\n"
        + "\n".join(lines)
        + more
        + f"\n  where:  {dbt_paths().failed}, the failed build, kept for you to query"
        + "\n  remedy: look at the failing checks and their rows; mend the data or the model, and run again"
    )


def _told(node: NodeResult) -> str:
    """What failed, on a terminal: a test by what it says and its first rows, a model by what dbt says."""
    spec = _BY_ID.get(node.unique_id)
    name = f"{node.kind} {node.unique_id.split('.')[2]}"
    if node.failing is None or not isinstance(spec, AssetCheckSpec):
        return f"{name}: {(node.message or node.status).strip()}"
    rows = node.failing.head(SHOWN).astype(object).to_dict("records")
    lines = ["; ".join(f"{column} {value}" for column, value in row.items() if not pd.isna(value)) for row in rows]
    if node.failures > len(rows):
        lines.append(f"and {node.failures - len(rows)} more rows")
    return "\n    ".join([f"{name}, {node.failures} failing: {spec.description}", *lines])
