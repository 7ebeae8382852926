"""``lea doctor`` says all that is wrong at once, each with what mends it, and mends what loses nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus

from assets.base.paths import DataPaths
from assets.base.writer import showing_life, writing
from orchestration import runs
from orchestration.upkeep.instance import fault_of_configuration, is_begun, opened
from tests.conftest import Lea


def half(file: Path) -> None:
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwritten(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[60:-20] = b"\xff" * (len(content) - 80)
    file.write_bytes(content)


def a_dead_run(dagster_home: Path) -> None:
    with DagsterInstance.from_config(str(dagster_home)) as instance:
        instance.add_run(DagsterRun("publish", run_id="dead", status=DagsterRunStatus.STARTED))


class Case(NamedTuple):
    breaks: Callable[[DataPaths, Path], object]
    says: str
    remedy: str
    is_mended: bool


CASES = {
    "dagster.yaml is not there": Case(
        lambda _, dagster_home: (dagster_home / "dagster.yaml").unlink(),
        "dagster.yaml is not there",
        "the project's own",
        True,
    ),
    "dagster.yaml is no YAML": Case(
        lambda _, dagster_home: (dagster_home / "dagster.yaml").write_text("a: [1"),
        "dagster.yaml while parsing",
        "keeps this",
        True,
    ),
    "dagster.yaml has an unknown setting": Case(
        lambda _, dagster_home: (dagster_home / "dagster.yaml").write_text("retentoin: {}"),
        "dagster.yaml",
        "the project's own",
        True,
    ),
    "dagster.yaml is empty": Case(
        lambda _, dagster_home: (dagster_home / "dagster.yaml").write_text(""),
        "dagster.yaml holds no settings",
        "its place",
        True,
    ),
    "the database of runs is damaged": Case(
        lambda _, dagster_home: overwritten(dagster_home / "history" / "runs.db"),
        "A database of Dagster's is damaged",
        "history",
        True,
    ),
    "the index of events is cut off": Case(
        lambda _, dagster_home: half(dagster_home / "history" / "runs" / "index.db"),
        "is damaged",
        "makes everything anew",
        True,
    ),
    "the database of schedules is damaged": Case(
        lambda _, dagster_home: overwritten(dagster_home / "schedules" / "schedules.db"),
        "is damaged",
        "switch them on again",
        True,
    ),
    "a run is dead": Case(
        lambda _, dagster_home: a_dead_run(dagster_home),
        "A run of publish says that it goes on",
        "or 'lea run', ends it",
        True,
    ),
    "half a table of the lake": Case(
        lambda paths, _: half(paths.lake / "answers" / "2023.parquet"), "A table of the lake", "'lea run'", True
    ),
    "a table of the lake with other bytes": Case(
        lambda paths, _: overwritten(paths.lake / "answers" / "2023.parquet"), "A table of the lake", "'lea run'", True
    ),
    "a year in the lake that has no delivery": Case(
        lambda paths, _: shutil.copy(paths.lake / "answers" / "2023.parquet", paths.lake / "answers" / "2019.parquet"),
        "has no delivery any more",
        "removes it",
        True,
    ),
    "half a warehouse": Case(
        lambda paths, _: half(paths.warehouse), "is not the file that was built", "'lea run'", False
    ),
    "no warehouse": Case(lambda paths, _: paths.warehouse.unlink(), "is not the file", "'lea run' builds it", False),
    "a warehouse of which nothing is said": Case(
        lambda paths, _: (paths.warehouse.parent / "made_of.json").unlink(), "is not the file", "'lea run'", False
    ),
    "a build that died": Case(
        lambda paths, _: (paths.warehouse.parent / "building").mkdir(), "left this behind", "removes it", True
    ),
    "an edition that died": Case(
        lambda paths, _: (paths.editions / ".building-17").mkdir(), "left this behind", "removes it", True
    ),
    "half a copy of a delivery": Case(
        lambda paths, _: (paths.questionnaires / "2023" / ".levering_v02.csv.4711").touch(),
        "left this behind",
        "removes it",
        True,
    ),
    "half a receipt": Case(
        lambda paths, _: (paths.warehouse.parent / ".published.json.4711").touch(),
        "left this behind",
        "removes it",
        True,
    ),
    "the newest edition is damaged": Case(
        lambda paths, _: half(paths.editions / "2023/v2/public/index.html"),
        "An edition is damaged: public/index.html is damaged",
        "'lea run' publishes a whole version beside it",
        False,
    ),
    "an older edition is damaged": Case(
        lambda paths, _: shutil.rmtree(paths.editions / "2023/v1/public"), "public/ is missing", "'lea restore'", False
    ),
    "latest leads nowhere": Case(
        lambda paths, _: (paths.editions / "latest").unlink(), "'latest' is not the newest", "points it there", True
    ),
    "the versions cannot be read": Case(
        lambda _, dagster_home: (dagster_home / "versions.json").write_text("{"),
        "versions that were ever given",
        "2023",
        False,
    ),
    "the settings cannot be read": Case(
        lambda paths, _: paths.settings.write_text("storage: {free: 1}"), "free", "see the comments", False
    ),
    "the disk is nearly full": Case(
        lambda paths, _: paths.settings.write_text("storage: {min_free_mb: 999999999}"),
        "The disk is nearly full",
        "make room: editions",
        False,
    ),
    "a delivery is another file": Case(
        lambda paths, _: half(paths.questionnaires / "2023" / "levering_v01.csv"),
        "Delivery 1 of 2023 is not the file that was accepted",
        "'lea withdraw-delivery 2023 1",
        False,
    ),
    "a restore was not finished": Case(
        lambda paths, _: paths.unfinished_restore.write_text(json.dumps({"from": "/backup", "versions": {}})),
        "A restore was not finished",
        "'lea restore --force'",
        False,
    ),
}


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_SECONDS_TO_SHOW_LIFE", 0)


def test_nothing_is_wrong_with_a_whole_installation(paths: DataPaths, lea: Lea) -> None:
    assert paths.root.exists()
    result = lea("doctor")
    assert (result.exit_code, result.stdout) == (0, "nothing is wrong\n")


@pytest.mark.usefixtures("dagster_home")
def test_nothing_is_wrong_before_the_first_run(data_dir: Path, lea: Lea) -> None:
    assert data_dir.exists()
    assert lea("doctor").stdout == "nothing is wrong\n"


def test_a_database_that_is_written_to_is_not_damaged(
    paths: DataPaths, dagster_home: Path, lea: Lea, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paths.root.exists()
    connect = sqlite3.connect
    monkeypatch.setattr(
        "orchestration.upkeep.instance.sqlite3.connect", lambda file, **how: connect(file, **{**how, "timeout": 0})
    )
    with closing(connect(dagster_home / "history" / "runs" / "a-run.db", isolation_level=None)) as busy:
        busy.execute("create table told (what)")
        busy.execute("begin exclusive")
        assert lea("doctor").stdout == "nothing is wrong\n"


@pytest.mark.usefixtures("dagster_home")
def test_nothing_is_wrong_where_nothing_is(data_dir: Path, lea: Lea) -> None:
    shutil.rmtree(data_dir)
    data_dir.mkdir()
    assert lea("doctor").stdout == "nothing is wrong\n"
    data_dir.rmdir()
    assert "There is no data folder" in lea("doctor").stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_has_one_message(paths: DataPaths, dagster_home: Path, lea: Lea, name: str) -> None:
    case = CASES[name]
    case.breaks(paths, dagster_home)
    result = lea("doctor")
    assert result.exit_code == 1, result.output
    assert result.stdout.count("remedy:") == 1, result.stdout
    assert case.says in result.stdout
    assert case.remedy in result.stdout
    mended = lea("doctor", "--mend")
    assert (mended.exit_code == 0) == case.is_mended, mended.output
    assert (lea("doctor").stdout == "nothing is wrong\n") == case.is_mended


def test_all_of_it_is_said_at_once(paths: DataPaths, dagster_home: Path, lea: Lea) -> None:
    for name in (
        "half a warehouse",
        "the database of runs is damaged",
        "the index of events is cut off",
        "latest leads nowhere",
        "an edition that died",
    ):
        CASES[name].breaks(paths, dagster_home)
    result = lea("doctor")
    assert result.stdout.count("remedy:") == 5
    assert "5 things are wrong; --mend mends 4 of them" in result.stdout
    assert "1 thing is wrong\n" in lea("doctor", "--mend").stdout


def test_what_a_run_that_goes_on_has_aside_is_left_alone(paths: DataPaths, lea: Lea) -> None:
    (paths.warehouse.parent / "building").mkdir()
    with writing(paths), showing_life(paths, "a run"):  # of this process, which may take its own lock again
        from orchestration.upkeep import doctor

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(doctor, "is_writing", lambda _: True)
            assert lea("doctor").stdout == "nothing is wrong\n"


def test_what_is_set_aside_is_kept(dagster_home: Path, paths: DataPaths, lea: Lea) -> None:
    assert paths.root.exists()
    (dagster_home / "dagster.yaml").write_text("mine: [1")
    overwritten(dagster_home / "history" / "runs.db")
    lea("doctor", "--mend")
    [configuration] = dagster_home.glob("dagster.yaml.damaged-*")
    assert configuration.read_text() == "mine: [1"
    [history] = dagster_home.glob("history.damaged-*")
    with closing(sqlite3.connect(history / "runs.db")) as connection, pytest.raises(sqlite3.DatabaseError):
        connection.execute("select * from runs")


def test_the_environment_need_not_name_the_instance(dagster_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a shell it does not: make and the services do."""
    assert is_begun(dagster_home)
    monkeypatch.delenv("DAGSTER_HOME")
    assert fault_of_configuration(dagster_home) == ""
    monkeypatch.delenv("DAGSTER_HOME")
    with opened(dagster_home) as instance:
        assert instance.get_runs() == []
