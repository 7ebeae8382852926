"""The dbt project as Dagster sees it: every model an asset, every test a check on its model.

Belongs here: names, groups and descriptions, from dbt's manifest. Does not belong here: building (``dbt.py``), or what
comes of it (``assets.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from dagster import AssetCheckSpec, AssetKey, AssetSpec
from dagster_dbt import DagsterDbtTranslator, DbtProject
from dagster_dbt.asset_utils import build_dbt_specs

from assets.base.checks import CheckDefinition
from assets.base.dagster_checks import WHAT_TO_DO
from assets.base.lake_assets import asset_key
from assets.warehouse.contracts import Contract, contracts

READERS_SEE = ("marts", "reports")


class StageTranslator(DagsterDbtTranslator):
    """dbt's names as ours: a model is <folder>/<model>, a source <stage>/<table>; groups are the stages."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """<folder>/<model>, or <stage>/<table> of a source."""
        if dbt_resource_props["resource_type"] == "source":
            return asset_key(f"{dbt_resource_props['source_name']}/{dbt_resource_props['name']}")
        return asset_key(f"{_stage(dbt_resource_props)}/{dbt_resource_props['name']}")

    def get_asset_check_spec(
        self, asset_spec: AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> AssetCheckSpec | None:
        """A test as a check, described in words, with what to do when it fails: ``remedy`` in the meta of the test."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        test = manifest["nodes"][unique_id]
        holds = spec.description or _in_words(test)
        return AssetCheckSpec(
            spec.name,
            asset=spec.asset_key,
            description=holds,
            # Without the other tables that it reads: one build makes all, so that a check waits for that by its own.
            # Where no remedy is named, what has to hold is what to see to.
            metadata={**spec.metadata, WHAT_TO_DO: (test.get("meta") or {}).get("remedy") or holds},
            blocking=spec.blocking,
        )

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder of the model."""
        return _stage(dbt_resource_props)


@dataclass(frozen=True)
class WarehouseGraph:
    """Assets and checks of the dbt project; ``by_id`` has both by dbt's unique id."""

    assets: list[AssetSpec]
    checks: list[AssetCheckSpec]
    by_id: dict[str, AssetKey | AssetCheckSpec]
    contracts: list[Contract]
    waited_for: set[AssetKey]
    """The tables that a step after the build waits for, because a check is about them."""

    @property
    def sources(self) -> list[AssetKey]:
        """The tables of the lake that models read."""
        own = {spec.key for spec in self.assets}
        return sorted({dep.asset_key for spec in self.assets for dep in spec.deps} - own)

    @property
    def tests(self) -> dict[str, AssetCheckSpec]:
        """The checks by the dbt test that each is."""
        return {unique_id: spec for unique_id, spec in self.by_id.items() if isinstance(spec, AssetCheckSpec)}

    @property
    def read_by_others(self) -> list[AssetKey]:
        """Marts and reports: what analysts and editions read."""
        return [spec.key for spec in self.assets if spec.key.path[0] in READERS_SEE]


def definition_of(spec: AssetCheckSpec) -> CheckDefinition:
    """A check of the warehouse, defined as those of every other stage."""
    remedy, asset = str(spec.metadata[WHAT_TO_DO]), spec.asset_key.to_user_string()
    return CheckDefinition(spec.name, asset, spec.blocking, spec.description or "", remedy)


def warehouse_graph(manifest: Mapping[str, Any]) -> WarehouseGraph:
    """The graph of dbt's manifest."""
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
    models = {unique_id: node for unique_id, node in manifest["nodes"].items() if "model." in unique_id}
    by_id: dict[str, AssetKey | AssetCheckSpec] = {
        unique_id: translator.get_asset_key(node) for unique_id, node in models.items()
    }
    by_id |= {str(check.metadata["dagster_dbt/unique_id"]): check for check in checks}
    waited_for = {one.asset_key for one in checks}
    waited_for |= {translator.get_asset_key(node) for node in models.values() if "checked_by" in node["meta"]}
    return WarehouseGraph(list(specs), list(checks), by_id, contracts(manifest), waited_for)


def _stage(props: Mapping[str, Any]) -> str:
    return PurePosixPath(str(props["original_file_path"]).replace("\\", "/")).parts[1]


def _in_words(test: Mapping[str, Any]) -> str:
    """A dbt test as its author described it, else its kind with what it was given: 'exists_in: columns
    survey_year'."""
    if test.get("description"):
        return str(test["description"])
    given = {k: v for k, v in (test.get("test_metadata") or {}).get("kwargs", {}).items() if k != "model"}
    shown = "; ".join(f"{k} {', '.join(map(str, v)) if isinstance(v, list) else v}" for k, v in given.items())
    return f"dbt test {(test.get('test_metadata') or {}).get('name', test['name'])}: {shown}"
