"""Runs in this process, as if the UI had started them; and the end of runs that died.

Belongs here: starting, and telling what goes on. Does not belong here: what a job makes (``jobs.py``), or who may write
(``assets/base/writer.py``).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from uuid import uuid4

from dagster import (
    AssetKey,
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    EventLogEntry,
    JobDefinition,
    RunsFilter,
)

from assets.base.dagster_private import PARTITION_NAME_TAG, execute_here, origin_of
from assets.base.installation import TRANSIENT
from assets.base.paths import INSTALLATION_DIR, data_paths
from assets.base.writer import is_alive

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
GOES_ON = [DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
_SECONDS_TO_SHOW_LIFE = 1.0  # between the first event of a run and its lock
_PROCESS = "lea/process"  # a tag: the process that a run from the command line is in


def run_job(
    job: JobDefinition,
    instance: DagsterInstance,
    note: Callable[[DagsterEvent], None],
    *,
    survey_year: str = "",
    assets: Sequence[AssetKey] = (),
) -> bool:
    """Runs a job to its end, for a survey year where it has them, or only some of its assets; ``note`` gets each event.
    True when all of it succeeded."""
    selected = job.get_subset(asset_selection=frozenset(assets)) if assets else job
    run_id = str(uuid4())

    def listen(entry: EventLogEntry) -> None:
        if entry.dagster_event is not None:
            note(entry.dagster_event)

    instance.add_event_listener(run_id, listen)
    run = instance.create_run_for_job(
        selected,
        run_id=run_id,
        run_config=_QUIET,
        tags={_PROCESS: str(os.getpid())} | ({PARTITION_NAME_TAG: survey_year} if survey_year else {}),
        asset_selection=frozenset(assets) or None,
        remote_job_origin=origin_of(job.name, INSTALLATION_DIR / "workspace.yaml"),
    )
    return execute_here(selected, run, instance)


def end_dead_runs(instance: DagsterInstance) -> list[str]:
    """Marks as failed every run that says that it goes on while no process holds its lock, so that the queue goes on.
    Returns their ids. A process that was killed cannot say that it ended, and Dagster does not ask it."""
    dead = dead_runs(instance)
    for run in dead:
        instance.report_run_failed(run, "Its process ended without a word: it was killed, or the machine stopped.")
    return [run.run_id for run in dead]


def dead_runs(instance: DagsterInstance) -> list[DagsterRun]:
    """The runs that say that they go on while no process holds their lock."""
    if not (silent := silent_runs(instance)):
        return []
    time.sleep(_SECONDS_TO_SHOW_LIFE)
    return [run for run in silent_runs(instance) if run.run_id in {one.run_id for one in silent}]


def was_refused(instance: DagsterInstance, run: DagsterRun) -> bool:
    """Whether a run that failed did so over what it was given, so that the same would fail again: a step said so with a
    message for people, or a check that blocks did. Not when it was killed, crashed, or could not begin."""
    for record in instance.get_records_for_run(run.run_id, of_type=DagsterEventType.STEP_FAILURE).records:
        event = record.event_log_entry.dagster_event
        failed = event.step_failure_data if event else None
        if failed and failed.user_failure_data:
            transient = failed.user_failure_data.metadata.get(TRANSIENT)
            return transient is None or not transient.value
        if failed and failed.error and failed.error.cls_name == "DagsterAssetCheckFailedError":
            return True
    return False


def cancel_own_runs(instance: DagsterInstance, why: str) -> None:
    """Marks as cancelled what this process was running, or about to run: it is about to end."""
    open_ones = [*GOES_ON, DagsterRunStatus.NOT_STARTED]
    for run in instance.get_runs(RunsFilter(statuses=open_ones, tags={_PROCESS: str(os.getpid())})):
        instance.report_run_canceled(run, why)


def silent_runs(instance: DagsterInstance) -> list[DagsterRun]:
    """The runs that say that they go on and show no life now: they are dead, or began this very second."""
    going_on = instance.get_runs(RunsFilter(statuses=GOES_ON))
    return [run for run in going_on if not is_alive(data_paths(), run.run_id)]
