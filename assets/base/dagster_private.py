"""What the monitor uses of Dagster that Dagster does not declare public: it is imported here and nowhere else, each
with its reason.

A new release may move or change any of it: ``tests/contracts/test_dagster_private.py`` says so before a run does.
Belongs here: names, and the one call that needs several of them. Does not belong here: anything that has a public way.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

# The tag of a materialization that holds its DataVersion: what a DataVersion wrote cannot be read otherwise.
from dagster._core.definitions.data_version import DATA_VERSION_TAG

# The outcome of a check in one partition: the public call gives the latest of all partitions only.
from dagster._core.event_api import PartitionKeyFilter
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
)

# The tag by which a run is of a partition: a run that the UI did not start has to carry it.
from dagster._core.storage.tags import PARTITION_NAME_TAG

if TYPE_CHECKING:
    from dagster import (
        AssetCheckEvaluation,
        AssetCheckExecutionContext,
        AssetCheckResult,
        DagsterInstance,
        DagsterRun,
        JobDefinition,
    )
    from dagster._core.remote_origin import RemoteJobOrigin

__all__ = [
    "DATA_VERSION_TAG",
    "PARTITION_NAME_TAG",
    "AssetCheckExecutionRecord",
    "AssetCheckExecutionRecordStatus",
    "PartitionKeyFilter",
    "evaluation_of",
    "execute_here",
    "has_moments",
    "last_moment",
    "next_moment",
    "origin_of",
    "shortest_interval",
]


def origin_of(job: str, workspace: Path) -> RemoteJobOrigin:
    """Where a job comes from, as ``workspace.yaml`` names it. ``execute_in_process`` does not say, and the UI shows
    such runs neither on the timeline nor on the page of their job."""
    from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
    from dagster._core.remote_origin import RemoteJobOrigin, RemoteRepositoryOrigin
    from dagster._core.workspace.load import location_origins_from_yaml_paths

    (location,) = location_origins_from_yaml_paths([str(workspace)])
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, SINGLETON_REPOSITORY_NAME), job)


def evaluation_of(result: AssetCheckResult, context: AssetCheckExecutionContext) -> AssetCheckEvaluation:
    """A check's result as the event that is stored. What a step yields as a result has an output as well, for steps
    that wait for it: an event more for each check, where no step does."""
    return result.to_asset_check_evaluation(context.get_step_execution_context())


def next_moment(cron: str, timezone: str, after: datetime) -> datetime:
    """The next moment of a cron schedule: as Dagster's daemon computes it, so that what is said is what happens."""
    from dagster._utils.schedules import get_next_cron_tick

    return get_next_cron_tick(cron, after, timezone)


def last_moment(cron: str, timezone: str, before: datetime) -> datetime:
    """The last moment of a cron schedule."""
    from dagster._utils.schedules import get_latest_completed_cron_tick

    return get_latest_completed_cron_tick(cron, before, timezone)


def has_moments(cron: str) -> bool:
    """Whether it is a cron schedule that a day comes for: not 31 February."""
    from dagster._utils.schedules import is_valid_cron_string

    return is_valid_cron_string(cron)


def shortest_interval(cron: str) -> timedelta:
    """The shortest time between two moments of a cron schedule."""
    from dagster._utils.schedules import get_smallest_cron_interval

    return get_smallest_cron_interval(cron)


def execute_here(job: JobDefinition, run: DagsterRun, instance: DagsterInstance) -> bool:
    """Runs in this process what ``create_run_for_job`` created; true when all of it succeeded."""
    from dagster._core.definitions.job_base import InMemoryJob
    from dagster._core.execution.api import execute_run

    return execute_run(InMemoryJob(job), run, instance).success
