"""What the daemon asks for, and asks for again, by what became of the run before."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dagster import AssetKey, DagsterInstance, DagsterRun, DagsterRunStatus, Failure, asset, materialize

from assets.base.dagster_private import origin_of
from assets.base.errors import BadInput
from assets.base.installation import Installation, plain_failures
from assets.base.lake import write_table
from assets.base.made_of import Stage, as_metadata, table_file
from assets.base.paths import PROJECT_DIR, DataPaths
from assets.base.settings import Retries
from assets.warehouse.gate import Gate
from orchestration.asking import ATTEMPT, PART, STATE, Asking
from orchestration.lake import Lake

pytestmark = pytest.mark.slow

TABLE = AssetKey(["declared", "table"])
STAGE = Stage("declared", lambda paths, _: [paths.root / "declared.yaml"])
RETRIES = Retries(limit=2, pause_seconds=60)
LONG_AFTER = 1e11


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataPaths:
    """A data folder of which one declaration is all that there is."""
    monkeypatch.setenv("LEA_DATA_DIR", str(tmp_path))
    (tmp_path / "declared.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "questionnaires").mkdir()
    return DataPaths(tmp_path)


def asking(instance: DagsterInstance, paths: DataPaths) -> Asking:
    gate = Gate(AssetKey(["warehouse", "database"]), {TABLE: False}, (), (), {"declared": STAGE})
    return Asking(instance, paths, Lake((STAGE,), {"declared": [TABLE]}), gate)


def tags(instance: DagsterInstance, paths: DataPaths, attempt: int = 1) -> dict[str, str]:
    """Of the run that is asked for now."""
    return {PART: "declared", STATE: asking(instance, paths).lake.mark(paths, "declared"), ATTEMPT: str(attempt)}


def add_run(instance: DagsterInstance, job: str = "take_in", **of_run: Any) -> None:
    origin = origin_of(job, PROJECT_DIR / "workspace.yaml")
    instance.add_run(DagsterRun(job, remote_job_origin=origin, **of_run))


def run_that(error: Exception | None, resources: Any = None) -> Callable[[DagsterInstance, DataPaths, int], None]:
    """A run of the part, as asked for the nth time, in which this happens."""

    def happen(instance: DagsterInstance, paths: DataPaths, attempt: int) -> None:
        @asset(key=TABLE, required_resource_keys=set(resources or ()))
        def table() -> None:
            if error is None:
                made = as_metadata(STAGE.made_of(paths))
                write_table(pd.DataFrame({"a": [1]}), table_file(paths.lake, "declared/table"), made)
                return
            with plain_failures():
                raise error

        of_run = tags(instance, paths, attempt)
        materialize([table], instance=instance, tags=of_run, resources=resources, raise_on_error=False)

    return happen


def run_in_state(status: DagsterRunStatus) -> Callable[[DagsterInstance, DataPaths, int], None]:
    """A run that was killed (and ended by somebody else), waits, or goes on."""

    def happen(instance: DagsterInstance, paths: DataPaths, attempt: int) -> None:
        add_run(instance, status=status, tags=tags(instance, paths, attempt), asset_selection=frozenset({TABLE}))

    return happen


SUCCEEDED = run_that(None)
REFUSED = run_that(BadInput("a cell is wrong", "a.xlsx, row 2", "write a number"))
CHECK_BLOCKED = run_that(Failure("Not taken in: answers 2023", allow_retries=False))
CRASHED = run_that(RuntimeError("a mistake in the code, or out of memory"))
DISK_WAS_FULL = run_that(OSError(errno.ENOSPC, "No space left on device"))
COULD_NOT_BEGIN = run_that(None, {"installation": Installation()})  # with a disk that is nearly full
KILLED = run_in_state(DagsterRunStatus.FAILURE)
QUEUED = run_in_state(DagsterRunStatus.QUEUED)
GOES_ON = run_in_state(DagsterRunStatus.STARTED)
STOPPED_BY_A_PERSON = run_in_state(DagsterRunStatus.CANCELED)


def changed(_instance: DagsterInstance, paths: DataPaths, _attempt: int) -> None:
    """The declaration is written anew."""
    file = paths.root / "declared.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")


def removed(_instance: DagsterInstance, paths: DataPaths, _attempt: int) -> None:
    """A table is gone, as 'lea doctor --mend' removes a damaged one."""
    table_file(paths.lake, "declared/table").unlink()


@pytest.mark.parametrize(
    ("happened", "new", "again"),
    [
        ([], True, False),
        ([SUCCEEDED], False, False),
        ([SUCCEEDED, changed], True, False),
        ([SUCCEEDED, removed], True, False),
        ([REFUSED], False, False),
        ([REFUSED, changed], True, False),
        ([CHECK_BLOCKED], False, False),
        ([CRASHED], False, True),
        ([DISK_WAS_FULL], False, True),
        ([COULD_NOT_BEGIN], False, True),
        ([KILLED], False, True),
        ([KILLED, KILLED], False, True),
        ([KILLED, KILLED, KILLED], False, False),
        ([KILLED, REFUSED], False, False),
        ([KILLED, SUCCEEDED], False, False),
        ([KILLED, QUEUED], False, False),
        ([QUEUED], False, False),
        ([GOES_ON], False, False),
        ([GOES_ON, changed], False, False),
        ([STOPPED_BY_A_PERSON], False, False),
        ([STOPPED_BY_A_PERSON, changed], True, False),
    ],
)
def test_by_what_happened(
    instance: DagsterInstance,
    paths: DataPaths,
    monkeypatch: pytest.MonkeyPatch,
    happened: list[Callable[[DagsterInstance, DataPaths, int], None]],
    new: bool,
    again: bool,
) -> None:
    for attempt, happen in enumerate(happened, start=1):
        monkeypatch.setattr("assets.base.writer._free_mb", lambda _, n=happen is COULD_NOT_BEGIN: 1 if n else 10**6)
        happen(instance, paths, attempt)
    asked, in_vain = asking(instance, paths).new()
    assert [one.tags for one in asked] == ([tags(instance, paths)] if new else [])
    assert not (asked and in_vain)
    repeated, _ = asking(instance, paths).again(RETRIES, LONG_AFTER)
    assert [one.tags[ATTEMPT] for one in repeated] == ([str(len(happened) + 1)] if again else [])
    assert [one.asset_selection for one in repeated] == ([[TABLE]] if again else [])


def test_it_waits_a_while_and_says_when_it_gives_up(instance: DagsterInstance, paths: DataPaths) -> None:
    CRASHED(instance, paths, 1)
    ended = instance.get_run_records()[0].end_time or 0
    asked = {pause: asking(instance, paths).again(RETRIES, ended + pause) for pause in (59, 61)}
    assert asked[59] == ([], ["declared is asked for again 60 seconds after it failed"])
    ((request,), reasons) = asked[61]
    assert (request.job_name, request.run_key, reasons) == ("take_in", instance.get_runs()[0].run_id, [])
    CRASHED(instance, paths, 3)
    reason = "declared failed 3 times: a person has to look, and start it again"
    assert asking(instance, paths).again(RETRIES, LONG_AFTER) == ([], [reason])


def test_what_a_person_started_a_person_starts_again(instance: DagsterInstance, paths: DataPaths) -> None:
    add_run(instance, status=DagsterRunStatus.FAILURE, asset_selection=frozenset({TABLE}))
    assert asking(instance, paths).again(RETRIES, LONG_AFTER) == ([], [])
    assert len(asking(instance, paths).new()[0]) == 1  # it is still to be taken in


@pytest.mark.parametrize(
    ("job", "selection", "partition", "waits"),
    [
        ("take_in", None, None, True),
        ("__ASSET_JOB", {TABLE}, None, True),
        ("__ASSET_JOB", {AssetKey(["raw", "deliveries"])}, "2023", False),
        ("publish", None, None, False),
        ("desk", None, None, False),
    ],
)
def test_a_run_of_anybody_is_waited_for_where_it_makes_the_same(
    instance: DagsterInstance,
    paths: DataPaths,
    job: str,
    selection: set[AssetKey] | None,
    partition: str | None,
    waits: bool,
) -> None:
    of_year = {"dagster/partition": partition} if partition else {}
    chosen = frozenset(selection) if selection else None
    add_run(instance, job, status=DagsterRunStatus.QUEUED, tags=of_year, asset_selection=chosen)
    assert (asking(instance, paths).new() == ([], [])) == waits


def test_a_publication_that_was_killed_is_asked_for_again_once_it_may_be_made(
    instance: DagsterInstance, paths: DataPaths
) -> None:
    edition = AssetKey(["editions", "edition"])
    of_run = {PART: "publish", ATTEMPT: "1"}
    failed = DagsterRunStatus.FAILURE
    add_run(instance, "__ASSET_JOB", status=failed, tags=of_run, asset_selection=frozenset({edition}))
    assert asking(instance, paths).again(RETRIES, LONG_AFTER) == ([], [])  # the lake is not taken in
    SUCCEEDED(instance, paths, 1)
    (request,), _ = asking(instance, paths).again(RETRIES, LONG_AFTER)
    assert (request.job_name, request.asset_selection, request.tags[ATTEMPT]) == ("publish", [edition], "2")
