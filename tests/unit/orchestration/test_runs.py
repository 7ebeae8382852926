"""Runs that died are ended, and no other: the sign of life is a lock that dies with its process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dagster import (
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    RunRequest,
    build_run_status_sensor_context,
)

from assets.base.paths import DataPaths
from assets.base.writer import is_alive, showing_life
from orchestration import runs, sensors
from orchestration.runs import cancel_own_runs, end_dead_runs

pytestmark = pytest.mark.slow

HOLD = """
import sys
from pathlib import Path
from assets.base.paths import DataPaths
from assets.base.writer import showing_life
with showing_life(DataPaths(Path(sys.argv[1])), sys.argv[2]):
    print("alive", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataPaths:
    monkeypatch.setenv("LEA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(runs, "_SECONDS_TO_SHOW_LIFE", 0)
    return DataPaths(tmp_path / "data")


def started(instance: DagsterInstance, run_id: str, status: DagsterRunStatus = DagsterRunStatus.STARTED) -> None:
    instance.add_run(DagsterRun("publish", run_id=run_id, status=status))


def statuses(instance: DagsterInstance) -> dict[str, DagsterRunStatus]:
    return {run.run_id: run.status for run in instance.get_runs()}


def test_a_run_whose_process_was_killed_is_ended_and_one_that_lives_goes_on(
    data: DataPaths, instance: DagsterInstance
) -> None:
    holders = {}
    for run_id in ("killed", "alive"):
        started(instance, run_id)
        holders[run_id] = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(data.root), run_id], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        stdout = holders[run_id].stdout
        assert stdout is not None
        assert stdout.readline() == b"alive\n"
    assert end_dead_runs(instance) == []
    holders["killed"].kill()
    holders["killed"].wait()
    assert end_dead_runs(instance) == ["killed"]
    assert statuses(instance) == {"killed": DagsterRunStatus.FAILURE, "alive": DagsterRunStatus.STARTED}
    holders["alive"].communicate()


@pytest.mark.parametrize(
    ("status", "ended"),
    [
        (DagsterRunStatus.STARTED, True),
        (DagsterRunStatus.CANCELING, True),
        (DagsterRunStatus.NOT_STARTED, False),
        (DagsterRunStatus.STARTING, False),  # its process is on its way: Dagster's own monitoring has a limit for that
        (DagsterRunStatus.SUCCESS, False),
    ],
)
@pytest.mark.usefixtures("data")
def test_only_what_says_that_it_goes_on(instance: DagsterInstance, status: DagsterRunStatus, ended: bool) -> None:
    started(instance, "one", status)
    assert end_dead_runs(instance) == (["one"] if ended else [])


def test_a_process_that_ends_cancels_its_own_runs_only(instance: DagsterInstance) -> None:
    for run_id, pid, status in (
        ("going on", os.getpid(), DagsterRunStatus.STARTED),
        ("about to", os.getpid(), DagsterRunStatus.NOT_STARTED),
        ("done", os.getpid(), DagsterRunStatus.SUCCESS),
        ("another's", 1, DagsterRunStatus.STARTED),
    ):
        instance.add_run(DagsterRun("publish", run_id=run_id, status=status, tags={"lea/process": str(pid)}))
    cancel_own_runs(instance, "Stopped.")
    assert statuses(instance) == {
        "going on": DagsterRunStatus.CANCELED,
        "about to": DagsterRunStatus.CANCELED,
        "done": DagsterRunStatus.SUCCESS,
        "another's": DagsterRunStatus.STARTED,
    }


def test_a_run_that_ended_leaves_nothing_behind(data: DataPaths) -> None:
    with showing_life(data, "one"):
        assert is_alive(data, "one")
    assert not is_alive(data, "one")
    assert list((data.writer_lock.parent / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("job", "other", "is_asked"),
    [
        ("publish", None, True),
        ("desk", None, False),  # it would ask for itself without end
        ("publish", DagsterRunStatus.QUEUED, False),  # it will say what this one came to
        ("publish", DagsterRunStatus.STARTED, True),  # it may have looked before this one ended
    ],
)
def test_the_desk_is_made_anew_once(
    instance: DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
    job: str,
    other: DagsterRunStatus | None,
    is_asked: bool,
) -> None:
    """``other``: how another run of the desk is (a queued one cannot be kept without the code location it is of)."""
    run = DagsterRun(job, run_id="ended", status=DagsterRunStatus.SUCCESS)
    instance.add_run(run)
    monkeypatch.setattr(
        instance, "get_runs_count", lambda of: int(of.job_name == "desk" and other in (of.statuses or ()))
    )
    event = DagsterEvent(DagsterEventType.RUN_SUCCESS.value, job, message="It succeeded.")
    with build_run_status_sensor_context("desk_after_success", event, instance, run) as context:
        assert isinstance(sensors.asks_for_the_desk(context), RunRequest) == is_asked
