"""The asset graph as a contract: what exists, how it is named, and what rests on what."""

from __future__ import annotations

import pytest
from dagster import AssetKey

from orchestration.definitions import defs

GRAPH = defs.resolve_asset_graph()
STAGES = [
    "delivered",
    "registers",
    "questionnaires",
    "raw",
    "answers",
    "staging",
    "intermediate",
    "marts",
    "reports",
    "editions",
]


def key(name: str) -> AssetKey:
    return AssetKey(name.split("/"))


def test_every_asset_is_named_after_its_stage_and_grouped_by_it() -> None:
    for asset in GRAPH.get_all_asset_keys():
        assert len(asset.path) == 2, asset
        assert asset.path[0] in STAGES
        assert GRAPH.get(asset).group_name == asset.path[0]


def test_every_asset_says_what_it_is() -> None:
    assert [a.to_user_string() for a in GRAPH.get_all_asset_keys() if not GRAPH.get(a).description] == []


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
                "questionnaires/questions",
            },
        ),
        ("staging/stg_answers__answers", {"answers/answers"}),
        ("staging/stg_reports__catalogue", {"reports/catalogue"}),
    ],
)
def test_what_an_asset_rests_on(asset: str, parents: set[str]) -> None:
    assert {p.to_user_string() for p in GRAPH.get(key(asset)).parent_keys} == parents


def test_data_flows_one_way() -> None:
    for asset in GRAPH.get_all_asset_keys():
        for parent in GRAPH.get(asset).parent_keys:
            if parent == key("reports/catalogue"):  # what a report prints is data; the reports that rest on it are made last
                continue
            assert STAGES.index(parent.path[0]) <= STAGES.index(asset.path[0]), (parent, asset)


def test_the_edition_rests_on_marts_and_reports_only() -> None:
    stages = {p.path[0] for p in GRAPH.get(key("editions/edition")).parent_keys}
    assert stages == {"marts", "reports"}


def test_only_ingestion_is_partitioned() -> None:
    partitioned = {a.path[0] for a in GRAPH.get_all_asset_keys() if GRAPH.get(a).is_partitioned}
    assert partitioned == {"delivered", "raw", "answers"}


def test_partitions_are_the_years_that_have_a_questionnaire() -> None:
    partitions = GRAPH.get(key("raw/deliveries")).partitions_def
    assert partitions is not None
    assert partitions.get_partition_keys() == ["2020", "2021", "2022", "2023"]


def test_checks_are_named_in_words() -> None:
    checks = {c.name for c in GRAPH.asset_check_keys if c.asset_key.path[0] in ("registers", "questionnaires", "answers")}
    assert "every_municipality_answers_once" in checks
    assert all(name.islower() and "_" in name for name in checks)
