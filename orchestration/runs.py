"""A run of a job in this process, as if the UI had started it: it has a place on the timeline and on the page of its
job.

Dagster's own ``execute_in_process`` says nothing of where a run came from, so the UI shows it nowhere but in the list
of all runs. What it takes to say so is private to Dagster, and stands here alone: the origin of a job, as
``workspace.yaml`` names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dagster import AssetKey, DagsterEvent, DagsterInstance, EventLogEntry, JobDefinition
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.execution.api import execute_run
from dagster._core.remote_origin import RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.storage.tags import PARTITION_NAME_TAG
from dagster._core.utils import make_new_run_id
from dagster._core.workspace.load import location_origins_from_yaml_paths

from assets.base.paths import PROJECT_DIR

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


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
    run_id = make_new_run_id()

    def listen(entry: EventLogEntry) -> None:
        if entry.dagster_event is not None:
            note(entry.dagster_event)

    instance.add_event_listener(run_id, listen)
    run = instance.create_run_for_job(
        selected,
        run_id=run_id,
        run_config=_QUIET,
        tags={PARTITION_NAME_TAG: survey_year} if survey_year else {},
        asset_selection=frozenset(assets) or None,
        remote_job_origin=_origin(job.name),
    )
    return execute_run(InMemoryJob(selected), run, instance).success


def _origin(job: str) -> RemoteJobOrigin:
    (location,) = location_origins_from_yaml_paths([str(PROJECT_DIR / "workspace.yaml")])
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, SINGLETON_REPOSITORY_NAME), job)
