"""What the settings no longer keep goes, and nothing that anything rests on."""

from __future__ import annotations

import json
import os
import time
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from dagster import (
    AssetCheckResult,
    AssetKey,
    AssetsDefinition,
    DagsterInstance,
    Definitions,
    DynamicPartitionsDefinition,
    asset,
    asset_check,
    build_sensor_context,
    materialize,
)
from filelock import FileLock

from assets.base.installation import Installation
from assets.base.paths import DataPaths
from assets.base.settings import Storage
from assets.editions.publication.folder import all_editions
from assets.editions.publication.renewal import RESTS_ON
from assets.editions.publication.withdrawal import withdraw
from orchestration.sensors import make_room
from orchestration.upkeep import retention
from orchestration.upkeep.retention import tidy_files, tidy_runs
from tests.unit.editions.test_handing_out import made


def with_breakdowns(edition: Path, day: int) -> None:
    """Numbers by class that later editions are compared with, published on a day."""
    part = edition / "internal"
    (part / RESTS_ON).parent.mkdir()
    (part / RESTS_ON).touch()
    stamp = {
        "survey_year": 2023,
        "version": 1,
        "created_at": f"2026-11-{day:02d}T12:00:00+00:00",
        "compared_with": None,
    }
    (part / "edition.json").write_text(json.dumps({**stamp, "changed_cells": 0, "audience": "internal"}))


@pytest.mark.parametrize(
    ("published", "versions", "withdrawn", "damaged", "by_class", "left"),
    [
        ("2023/v1 2023/v2 2023/v3", "all", "", "", "", "2023/v1 2023/v2 2023/v3"),
        ("2023/v1 2023/v2 2023/v3", 2, "", "", "", "2023/v2 2023/v3"),
        ("2023/v1 2023/v2 2023/v3", 5, "", "", "", "2023/v1 2023/v2 2023/v3"),
        ("2022/v1 2022/v2 2023/v1 2023/v2", 1, "", "", "", "2022/v2 2023/v2"),
        ("2023/v9 2023/v10 2023/v11", 1, "", "", "", "2023/v11"),
        ("2023/v1 2023/v2 2023/v3", 1, "2023/v3", "", "", "2023/v2 2023/v3"),  # the note stays
        ("2023/v1 2023/v2 2023/v3", 1, "2023/v1", "", "", "2023/v1 2023/v3"),
        ("2023/v1 2023/v2 2023/v3", 1, "", "2023/v3", "", "2023/v2 2023/v3"),  # the next is compared with v2
        ("2022/v1 2022/v2 2023/v1", 1, "", "", "2022/v1", "2022/v1 2022/v2 2023/v1"),  # numbers by class rest on it
    ],
)
def test_versions(
    tmp_path: Path, published: str, versions: int | str, withdrawn: str, damaged: str, by_class: str, left: str
) -> None:
    paths = DataPaths(tmp_path)
    for name in published.split():
        edition = made(paths.editions / name)
        if name in damaged:
            (edition / "public" / "index.html").write_text("damaged")
    if by_class:
        with_breakdowns(paths.editions / by_class, day=1)
    if withdrawn:
        withdraw(paths.editions, int(withdrawn[:4]), int(withdrawn[6:]), "a reason", date(2026, 11, 28))
    gone = tidy_files(paths, Storage.model_validate({"versions": versions}))
    assert [f"{one.parent.name}/{one.name}" for one in all_editions(paths.editions)] == left.split()
    assert list(paths.editions.glob("*/.*")) == []
    assert len(gone) == len(published.split()) - len(left.split())


@pytest.mark.parametrize(
    ("days", "age", "is_left"), [("all", 999, True), (30, 29, True), (30, 31, False), (0, 0, False)]
)
def test_failed_builds(tmp_path: Path, days: int | str, age: int, is_left: bool) -> None:
    failed = DataPaths(tmp_path).warehouse.parent / "failed"
    failed.mkdir(parents=True)
    then = time.time() - age * 24 * 60 * 60
    os.utime(failed, (then, then))
    tidy_files(DataPaths(tmp_path), Storage.model_validate({"failed_build_days": days}))
    assert failed.exists() == is_left


@pytest.mark.parametrize(
    ("path", "is_left"),
    [
        ("lake/answers/.2023.parquet.688", False),  # what a killed process was writing
        ("lake/answers/2023.parquet", True),
        ("corrections/.2023.yaml.12", False),
        ("editions/.building-12/public/index.html", False),
        ("warehouse/building/lea_vve.duckdb", False),
        ("questionnaires/2023/.hidden", True),
        ("questionnaires/2023/levering.v01", True),
    ],
)
def test_what_a_killed_process_was_writing(tmp_path: Path, path: str, is_left: bool) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.touch()
    gone = tidy_files(DataPaths(tmp_path), Storage())
    assert (file.exists(), bool(gone)) == (is_left, not is_left)


YEARS = DynamicPartitionsDefinition(name="years_of_a_test")


@asset
def whole() -> None:
    pass


@asset(partitions_def=YEARS)
def by_year() -> None:
    pass


@asset_check(asset=whole)
def is_checked() -> AssetCheckResult:
    return AssetCheckResult(passed=True)


@pytest.mark.slow
def test_runs(instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each asset and year, and of each check, the run that made it last stays."""
    instance.add_dynamic_partitions("years_of_a_test", ["2022", "2023"])
    names: dict[str, str] = {}

    def run(name: str, *made_by_it: AssetsDefinition, year: str | None = None, selection: str | None = None) -> None:
        done = materialize(made_by_it, instance=instance, partition_key=year, selection=selection)
        names[done.run_id] = name

    run("checked", whole, is_checked)
    run("of 2022, old", by_year, year="2022")
    run("of 2022", by_year, year="2022")
    run("of 2023", by_year, year="2023")
    run("made, old", whole)
    run("made", whole)
    keys, checks = [AssetKey("whole"), AssetKey("by_year")], [one.key for one in is_checked.check_specs]

    def tidied(**settings: object) -> int:
        return tidy_runs(instance, Storage.model_validate(settings), keys, checks, ["2022", "2023"])

    assert (tidied(), tidied(run_days=1)) == (0, 0)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            assert tz is UTC
            return datetime.now(UTC) + timedelta(days=2)

    monkeypatch.setattr(retention, "datetime", Later)
    assert tidied() == 0
    assert tidied(run_days=1) == 2
    assert sorted(names[run.run_id] for run in instance.get_runs()) == ["checked", "made", "of 2022", "of 2023"]
    assert instance.get_latest_materialization_event(AssetKey("whole")) is not None


@pytest.mark.parametrize(
    ("settings", "is_writing", "answer", "left"),
    [
        ("storage: {versions: 1}\n", False, "Removed: 1 versions", ["v2"]),
        ("", False, "nothing to remove", ["v1", "v2"]),
        ("storage: {versions: 1}\n", True, "Somebody is writing", ["v1", "v2"]),
        ("storage: {versions: none}\n", False, "storage", ["v1", "v2"]),
    ],
)
def test_a_server_makes_room_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, is_writing: bool, answer: str, left: list[str]
) -> None:
    paths = DataPaths(tmp_path)
    for version in ("v1", "v2"):
        made(paths.editions / "2023" / version)
    paths.questionnaires.mkdir()
    paths.settings.write_text(settings, encoding="utf-8")
    paths.writer_lock.parent.mkdir()
    monkeypatch.setenv("LEA_DATA_DIR", str(tmp_path))
    repository = Definitions(assets=[whole]).get_repository_def()
    somebody = FileLock(paths.writer_lock) if is_writing else nullcontext()
    with DagsterInstance.ephemeral() as instance, somebody:
        resources = {"installation": Installation()}
        with build_sensor_context(instance, repository_def=repository, resources=resources) as context:
            assert answer in str(make_room(context))
    assert [one.name for one in all_editions(paths.editions)] == left


def test_what_an_unfinished_restore_set_aside_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = DataPaths(tmp_path)
    (tmp_path / ".aside-editions").mkdir()
    paths.unfinished_restore.write_text("{}", encoding="utf-8")
    monkeypatch.setenv("LEA_DATA_DIR", str(tmp_path))
    with DagsterInstance.ephemeral() as instance:
        repository = Definitions(assets=[whole]).get_repository_def()
        resources = {"installation": Installation()}
        with build_sensor_context(instance, repository_def=repository, resources=resources) as context:
            assert "A restore was not finished" in str(make_room(context))
    assert (tmp_path / ".aside-editions").exists()
