"""An edition appears whole or not at all, and is never touched again (DESIGN §6, §8 invariants 3 and 5)."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.base.errors import BadInput
from assets.editions.publication import folder, parts, verification
from assets.editions.publication import publish as publishing
from assets.editions.publication.publish import EditionResult
from tests.unit.editions.edition_warehouse import FIGURES, Warehouse, publish

pytestmark = pytest.mark.whole  # editions again and again
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLAIN = Warehouse(left_out=FIGURES)  # a picture takes longer than all else, and is not at issue here
STAGES = (
    "attach_warehouse",
    "read_content",
    "write_tables",
    "write_changes",
    "write_parquet",
    "draw_figures",
    "write_database",
    "write_explanations",
    "write_workbooks",
    "write_reconciliation",
    "write_report",
    "write_municipalities",
    "write_readme",
    "write_edition_facts",
    "write_data_package",
    "write_checksums",
    "make_appear",
)


class InjectedError(RuntimeError):
    pass


def published(tmp_path: Path, warehouse: Warehouse | None = None, year: int = 2023, **options: Any) -> EditionResult:
    path = (warehouse or PLAIN).write(tmp_path / "warehouse.duckdb")
    return publish(path, tmp_path / "editions", year, inputs={}, **{"now": NOW, **options})


def contents(edition: Path) -> dict[str, bytes]:
    return {str(path.relative_to(edition)): path.read_bytes() for path in edition.rglob("*") if path.is_file()}


def latest(tmp_path: Path) -> str:
    return str((tmp_path / "editions/latest").readlink())


def building_folders(editions: Path) -> list[Path]:
    return list(editions.glob(".building-*"))


def test_first_edition_is_version_1_and_latest(tmp_path: Path) -> None:
    made = published(tmp_path)

    assert (made.version, made.is_new, made.cells, made.changed_cells, made.origin) == (1, True, 24, 0, "synthetic")
    assert made.folder == tmp_path / "editions/2023/v1"
    assert latest(tmp_path) == "2023/v1"
    assert building_folders(tmp_path / "editions") == []
    assert set(made.files) == set(contents(made.folder))


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_failure_at_any_stage_leaves_the_last_edition_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    first = published(tmp_path)
    before = contents(first.folder)

    def fail(*_: Any, **__: Any) -> None:
        raise InjectedError(stage)

    with monkeypatch.context() as patched:
        patched.setattr(parts if hasattr(parts, stage) else publishing, stage, fail)
        with pytest.raises(InjectedError):
            published(tmp_path, PLAIN.but(places=71563))

    editions = tmp_path / "editions"
    assert [path.name for path in (editions / "2023").iterdir()] == ["v1"]
    assert latest(tmp_path) == "2023/v1"
    assert contents(first.folder) == before
    assert building_folders(editions) == []
    assert published(tmp_path, PLAIN.but(places=71563)).version == 2


def test_a_failure_of_the_rename_itself_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail)
        with pytest.raises(OSError, match="no space left"):
            published(tmp_path)

    assert list((tmp_path / "editions/2023").iterdir()) == []
    assert published(tmp_path).version == 1


def die_while_drawing(warehouse: Path, editions: Path) -> None:
    setattr(parts, "draw_figures", lambda *_: os._exit(9))  # noqa: B010 not exported by name
    publish(warehouse, editions)


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    first = published(tmp_path)
    changed = PLAIN.but(places=1).write(tmp_path / "changed.duckdb")
    killed = multiprocessing.get_context("fork").Process(
        target=die_while_drawing, args=(changed, tmp_path / "editions")
    )
    killed.start()
    killed.join()

    assert killed.exitcode == 9
    assert len(building_folders(tmp_path / "editions")) == 1
    assert latest(tmp_path) == "2023/v1"
    second = published(tmp_path)
    assert (second.folder, second.is_new) == (first.folder, False)
    assert building_folders(tmp_path / "editions") == []


def test_a_run_that_died_before_it_moved_latest_is_mended_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "point_latest", lambda _: None)
        published(tmp_path, PLAIN.but(places=2))
    assert latest(tmp_path) == "2023/v1"

    again = published(tmp_path, PLAIN.but(places=2))

    assert (again.version, again.is_new) == (2, False)
    assert latest(tmp_path) == "2023/v2"


def test_latest_is_the_latest_survey_year_whatever_was_published_last(tmp_path: Path) -> None:
    published(tmp_path, year=2023)
    published(tmp_path, year=2022)

    assert latest(tmp_path) == "2023/v1"
    assert (tmp_path / "editions/2022/v1/public/index.html").is_file()


def test_nothing_in_an_edition_can_be_written(tmp_path: Path) -> None:
    made = published(tmp_path)

    writable = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    assert [name for name in made.files if (made.folder / name).stat().st_mode & writable] == []


def test_versions_are_counted_as_numbers(tmp_path: Path) -> None:
    for version in ("v1", "v9", "v10", "v010", "notes"):
        (tmp_path / "2023" / version).mkdir(parents=True)

    assert folder.newest_version(tmp_path, 2023) == 10
    assert folder.newest_version(tmp_path, 2022) == 0


def test_a_reader_of_the_old_edition_is_undisturbed(tmp_path: Path) -> None:
    first = published(tmp_path)
    with duckdb.connect(first.internal / "lea_vve.duckdb", read_only=True) as reader:
        value = "select value from rpt_cells where report = 'landelijk2023' and column_key = 'places' and row_no = 1"
        page = (first.internal / "index.html").open(encoding="utf-8")
        assert reader.execute(value).fetchall() == [(71562.0,)]

        second = published(tmp_path, PLAIN.but(places=70000))

        assert reader.execute(value).fetchall() == [(71562.0,)]
        with page:
            assert "71.562" in page.read()
    with duckdb.connect(second.internal / "lea_vve.duckdb", read_only=True) as reader:
        assert reader.execute(value).fetchall() == [(70000.0,)]


def checksums_checked(part: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=part, capture_output=True, text=True, check=False
    )


def test_checksums_are_those_of_all_files(tmp_path: Path) -> None:
    made = published(tmp_path)

    for part in folder.parts_of(made.folder):
        checked = checksums_checked(part)
        assert checked.returncode == 0, checked.stdout
        assert checked.stdout.count(": OK") == len(contents(part)) - 1

        page = part / "index.html"
        page.chmod(0o644)
        page.write_text("tampered", encoding="utf-8")
        assert checksums_checked(part).returncode == 1


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("changed", "public/cells.csv is damaged"),
        ("missing", "public/cells.csv is missing"),
        ("foreign", "public/extra.csv does not belong there"),
        ("no checksums", "public/SHA256SUMS is missing"),
        ("no part", "public/ is missing"),
    ],
)
def test_a_damaged_edition_is_named_and_the_next_run_makes_a_whole_one(tmp_path: Path, damage: str, fault: str) -> None:
    first = published(tmp_path)
    assert verification.faults_of(first.folder) == []
    file = first.public / "cells.csv"
    match damage:
        case "changed":
            file.chmod(0o644)
            file.write_text("tampered", encoding="utf-8")
        case "missing":
            file.unlink()
        case "foreign":
            file.with_name("extra.csv").write_text("GM0001", encoding="utf-8")
        case "no checksums":
            file.with_name("SHA256SUMS").unlink()
        case _:
            shutil.rmtree(first.public)

    assert verification.faults_of(first.folder) == [fault]
    second = published(tmp_path)
    assert (second.version, second.is_new, verification.faults_of(second.folder)) == (2, True, [])


def test_the_warehouse_is_only_read(tmp_path: Path) -> None:
    warehouse = PLAIN.write(tmp_path / "warehouse.duckdb")
    before = warehouse.read_bytes()
    publish(warehouse, tmp_path / "editions")

    assert warehouse.read_bytes() == before
    with duckdb.connect(warehouse) as writer:
        writer.execute("create table still_writable as select 1")


@pytest.mark.parametrize("damage", ["missing", "not a database"])
def test_a_warehouse_that_cannot_be_read_is_named(tmp_path: Path, damage: str) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    if damage != "missing":
        warehouse.write_bytes(b"x" * 5000)

    with pytest.raises(BadInput) as refused:
        publish(warehouse, tmp_path / "editions")

    assert refused.value.where == str(warehouse)
    assert not (tmp_path / "editions/2023").exists()
