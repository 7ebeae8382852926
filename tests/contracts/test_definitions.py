"""The asset graph as a contract: what exists, how it is named, and what rests on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytestmark = pytest.mark.slow

if TYPE_CHECKING:  # loading the definitions takes seconds: only the process that runs these tests pays
    from dagster import AssetKey
    from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

STAGES = [
    "delivered",
    "registers",
    "questionnaires",
    "catalogue",
    "published_figures",
    "raw",
    "answers",
    "plausibility",
    "risk",
    "supervision",
    "signals",
    "coding",
    "interviews",
    "disclosure",
    "staging",
    "intermediate",
    "marts",
    "reports",
    "warehouse",
    "editions",
    "quality",
]


def key(name: str) -> AssetKey:
    from assets.base.lake_assets import asset_key

    return asset_key(name)


def test_every_asset_is_named_after_its_stage_and_grouped_by_it(graph: AssetGraph) -> None:
    for asset in graph.get_all_asset_keys():
        assert len(asset.path) == 2, asset
        assert asset.path[0] in STAGES
        assert graph.get(asset).group_name == asset.path[0]


def test_every_asset_says_what_it_is(graph: AssetGraph) -> None:
    assert [a.to_user_string() for a in graph.get_all_asset_keys() if not graph.get(a).description] == []


@pytest.mark.parametrize(
    ("asset", "parents"),
    [
        ("raw/deliveries", {"delivered/files"}),
        (
            "answers/answers",
            {
                "raw/deliveries",
                "registers/municipalities",
                "registers/municipality_changes",
                "registers/name_variants",
                "questionnaires/questions",
            },
        ),
        (
            "supervision/events",
            {"registers/municipalities", "registers/municipality_changes", "questionnaires/survey_years"},
        ),
        ("plausibility/rules", set()),
        (
            "plausibility/confirmations",
            {"registers/municipalities", "registers/municipality_changes", "questionnaires/survey_years"},
        ),
        ("risk/rules", {"questionnaires/questions", "questionnaires/options"}),
        ("supervision/moves", set()),
        ("staging/stg_answers__answers", {"answers/answers"}),
        ("staging/stg_catalogue__cells", {"catalogue/cells"}),
    ],
)
def test_what_an_asset_rests_on(graph: AssetGraph, asset: str, parents: set[str]) -> None:
    assert {p.to_user_string() for p in graph.get(key(asset)).parent_keys} == parents


def test_data_flows_one_way(graph: AssetGraph) -> None:
    for asset in graph.get_all_asset_keys():
        for parent in graph.get(asset).parent_keys:
            assert STAGES.index(parent.path[0]) <= STAGES.index(asset.path[0]), (parent, asset)


def test_the_edition_rests_on_the_warehouse_which_shows_marts_and_reports(graph: AssetGraph) -> None:
    assert graph.get(key("editions/edition")).parent_keys == {key("warehouse/database")}
    assert {p.path[0] for p in graph.get(key("warehouse/database")).parent_keys} >= {"marts", "reports", "answers"}


def test_only_ingestion_is_partitioned(graph: AssetGraph) -> None:
    partitioned = {a.path[0] for a in graph.get_all_asset_keys() if graph.get(a).is_partitioned}
    assert partitioned == {"delivered", "raw", "answers"}


def test_the_warehouse_is_one_unit(graph: AssetGraph) -> None:
    """Whoever makes one of its tables makes all; its checks are a step of their own, on the warehouse in place."""
    unit = graph.get(key("warehouse/database")).execution_set_entity_keys
    own = {
        a
        for a in graph.materializable_asset_keys
        if a.path[0] in STAGES[STAGES.index("staging") : STAGES.index("editions")]
    }
    assert unit == own


def test_every_check_says_what_it_holds(graph: AssetGraph) -> None:
    assert [key.to_user_string() for key in graph.asset_check_keys if not graph.get_check_spec(key).description] == []


def test_every_check_says_what_to_do_when_it_fails(graph: AssetGraph) -> None:
    from assets.base.dagster_checks import WHAT_TO_DO

    specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    assert [spec.name for spec in specs if not spec.metadata.get(WHAT_TO_DO)] == []


def test_every_check_in_python_is_seen_failing(graph: AssetGraph) -> None:
    """By a test of its stage; the faults of tables are those of ``test_lake_tables.py``."""
    from assets.base.schemas import AS_DECLARED
    from tests.unit.answers.test_answers_checks import DELIVERED
    from tests.unit.registers.test_registers import RULES

    seen = {*DELIVERED, *(check for _, check, _, _ in RULES), AS_DECLARED}
    seen |= {"every_delivered_cell_is_accounted_for", "comparable_questions_are_alike", "published_figures_reconcile"}
    seen |= {"every_year_has_confirmed_rules"}
    seen |= {"it_is_the_file_that_was_built", "every_table_keeps_its_contract"}
    specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    assert {spec.name for spec in specs if "dagster_dbt/unique_id" not in spec.metadata} == seen


def test_every_dbt_test_is_a_check_that_a_steward_sees(graph: AssetGraph) -> None:
    """One that rests on several models is none, without a word, unless its 'ref' says at which it is shown."""
    from assets.base.paths import data_paths
    from assets.warehouse.dbt import dbt_paths, load_manifest

    nodes = load_manifest(dbt_paths(data_paths()))["nodes"].values()
    checks = {c.name for c in graph.asset_check_keys}
    assert [node["name"] for node in nodes if node["resource_type"] == "test" and node["name"] not in checks] == []


def test_checks_are_named_in_words(graph: AssetGraph) -> None:
    checks = {
        c.name for c in graph.asset_check_keys if c.asset_key.path[0] in ("registers", "questionnaires", "answers")
    }
    assert "every_municipality_answers_once" in checks
    assert all(name.islower() and "_" in name for name in checks)


def test_every_step_holds_the_writers_lock(graph: AssetGraph) -> None:
    """By the resource that holds it as long as a run lasts: for a run of any asset, whoever starts it."""
    steps = {definition for key in graph.materializable_asset_keys for definition in [graph.get(key).assets_def]}
    assert steps
    assert [str(one.key) for one in steps if "installation" not in one.required_resource_keys] == []
