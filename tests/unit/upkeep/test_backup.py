"""A backup brings everything back, or changes nothing; and no version number is given twice."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.base.writer import writing
from assets.editions.publication.handing_out import hand_out, record
from assets.editions.publication.versions import next_version
from tests.conftest import Lea, bytes_of
from tests.unit.editions.test_handing_out import made

pytestmark = pytest.mark.slow


@pytest.fixture
def backup(paths: DataPaths, tmp_path: Path, lea: Lea) -> Path:
    """A backup of the installation."""
    assert paths.root.exists()
    assert lea("backup", tmp_path / "safe" / "backup").exit_code == 0
    return tmp_path / "safe" / "backup"


def state(*folders: Path) -> dict[str, bytes]:
    """All files but locks, what is set aside, and what SQLite keeps beside a database; of a database what it holds."""
    found = {name: content for folder in folders for name, content in bytes_of(folder).items()}
    for file in (file for folder in folders for file in folder.rglob("*.db")):
        with closing(sqlite3.connect(file)) as connection:
            held = "\n".join(connection.iterdump()).encode()
        found |= {str(file.relative_to(folder)): held for folder in folders if file.is_relative_to(folder)}
    return {name: one for name, one in found.items() if not name.endswith((".lock", "-wal", "-shm")) and name[0] != "."}


def lose(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder)


def test_everything_that_was_lost_comes_back(paths: DataPaths, dagster_home: Path, backup: Path, lea: Lea) -> None:
    before = state(paths.root, dagster_home)
    modes = {file: file.stat().st_mode for file in (paths.editions / "2023").rglob("*")}
    lose(paths.root, dagster_home)
    result = lea("restore", backup)
    assert result.exit_code == 0, result.output
    assert {name: one for name, one in state(paths.root, dagster_home).items() if name != "versions.json"} == before
    assert {file: file.stat().st_mode for file in (paths.editions / "2023").rglob("*")} == modes
    assert str((paths.editions / "latest").readlink()) == "2023/v2"
    assert lea("doctor").stdout == "nothing is wrong\n"
    assert [one.name for one in paths.root.iterdir() if one.name.startswith(".")] == []


def test_what_is_replaced_is_kept(paths: DataPaths, dagster_home: Path, backup: Path, lea: Lea) -> None:
    (paths.root / "settings.yaml").write_text("writer: {wait_seconds: 1}\n")
    before = state(paths.root, dagster_home)
    refused = lea("restore", backup)
    assert (refused.exit_code, state(paths.root, dagster_home)) == (1, before)
    assert "There is something already: editions, the newest is 2023/v2" in refused.stderr
    assert lea("restore", backup, "--force").exit_code == 0
    [replaced] = paths.root.glob(".replaced-*")
    assert (replaced / "editions" / "2023" / "v2").is_dir()
    assert (paths.root / "settings.yaml").exists()  # it is of no backup, and is left as it is


def test_what_a_database_has_not_folded_in_yet_is_in_it(
    paths: DataPaths, dagster_home: Path, tmp_path: Path, lea: Lea
) -> None:
    assert paths.root.exists()
    with closing(sqlite3.connect(dagster_home / "history" / "runs.db")) as live:
        live.execute("pragma journal_mode = wal")
        live.execute("create table told (what)")
        live.commit()
        assert lea("backup", tmp_path / "backup").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "backup" / "dagster_home" / "history" / "runs.db")) as kept:
        assert kept.execute("select count(*) from told").fetchall() == [(0,)]


@pytest.mark.parametrize("command", [("backup", "new"), ("restore", "safe/backup", "--force")], ids=lambda c: c[0])
def test_nothing_is_done_while_a_run_goes_on(
    paths: DataPaths, dagster_home: Path, backup: Path, tmp_path: Path, lea: Lea, command: tuple[str, ...]
) -> None:
    assert backup.exists()
    before = state(paths.root, dagster_home)
    with FileLock(paths.writer_lock):
        result = lea(command[0], tmp_path / command[1], *command[2:])
    assert (result.exit_code, "Another run is writing" in result.stderr) == (1, True)
    assert state(paths.root, dagster_home) == before
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("place", ["safe/backup", "data/backup", "dagster_home/backup"])
def test_a_backup_goes_into_a_new_folder_elsewhere(backup: Path, tmp_path: Path, lea: Lea, place: str) -> None:
    before = bytes_of(backup)
    result = lea("backup", tmp_path / place)
    assert (result.exit_code, "a new folder outside" in result.stderr) == (1, True)
    assert bytes_of(backup) == before


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no backup": lambda backup: (backup / "backup.json").unlink(),
    "half a list": lambda backup: (backup / "backup.json").write_text('{"made_at": "'),
    "data/plausibility.yaml is damaged": lambda backup: (backup / "data" / "plausibility.yaml").write_text("x"),
    "data/lake/answers/2023.parquet is missing": lambda backup: (backup / "data/lake/answers/2023.parquet").unlink(),
    "data/editions/latest is missing": lambda backup: (backup / "data/editions/latest").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_changes_nothing(
    paths: DataPaths, dagster_home: Path, backup: Path, lea: Lea, damage: str
) -> None:
    DAMAGES[damage](backup)
    before = state(paths.root, dagster_home)
    result = lea("restore", backup, "--force")
    assert result.exit_code == 1
    assert (damage if "data" in damage else "This is no backup") in result.stderr
    assert state(paths.root, dagster_home) == before


@pytest.mark.parametrize(
    ("there", "handed_out", "published", "version"),
    [
        ([], [], [], 3),  # the backup has v2
        (["v3", "v4"], [], [], 5),
        ([], ["v3"], [], 4),
        ([], [], ["2023/v7", "2022/v9"], 8),
        (["v3"], ["v4"], ["2023/v2"], 5),
    ],
)
def test_no_version_is_given_twice(
    paths: DataPaths,
    dagster_home: Path,
    tmp_path: Path,
    lea: Lea,
    there: list[str],
    handed_out: list[str],
    published: list[str],
    version: int,
) -> None:
    readers = tmp_path / "readers"
    hand_out(paths.editions / "2023" / "v2", "public", readers)
    record(paths.editions / "2023" / "v2", readers)
    assert lea("backup", tmp_path / "backup").exit_code == 0
    for name in handed_out:
        hand_out(made(paths.editions / "2023" / name, name), "public", readers)
        shutil.rmtree(paths.editions / "2023" / name)
    for name in there:
        made(paths.editions / "2023" / name, name)
    if not there:
        lose(paths.root, dagster_home)
    options = [option for one in published for option in ("--published", one)]
    assert lea("restore", tmp_path / "backup", "--force", *options).exit_code == 0
    assert next_version(paths.editions, 2023, dagster_home / "versions.json") == version


@pytest.mark.parametrize("moment", range(1, 12, 2))
def test_a_restore_that_died_is_finished_by_the_next(
    paths: DataPaths, dagster_home: Path, backup: Path, lea: Lea, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    before = state(backup / "data", backup / "dagster_home")
    made(paths.editions / "2023" / "v3")
    renames, rename = [], Path.rename

    def die(self: Path, target: Path) -> Path:
        renames.append(self)
        if len(renames) == moment:
            raise SystemExit(9)
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", die)
        lea("restore", backup, "--force")
    assert json.loads(paths.unfinished_restore.read_text())["from"] == str(backup)
    with pytest.raises(BadInput, match="A restore was not finished"), writing(paths):
        pass
    assert lea("restore", backup, "--force").exit_code == 0
    now = state(paths.root, dagster_home)
    assert {name: one for name, one in now.items() if name in before} == before
    assert next_version(paths.editions, 2023, dagster_home / "versions.json") == 4
    assert lea("doctor").stdout == "nothing is wrong\n"
