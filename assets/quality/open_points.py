"""What is open now: checks that fail, steps that stopped, and what waits to be taken in, as Dagster's instance has it.

Belongs here: finding them. Does not belong here: how they are shown (``desk.py``), or what a check holds (its stage).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dagster import (
    AssetCheckEvaluation,
    AssetCheckSpec,
    AssetKey,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    RunsFilter,
)

from assets.base.dagster_private import (
    PARTITION_NAME_TAG,
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
    PartitionKeyFilter,
)

_ENDED = {AssetCheckExecutionRecordStatus.SUCCEEDED, AssetCheckExecutionRecordStatus.FAILED}
_FINISHED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE]
_RUNS_LOOKED_AT = 60
_BEFORE = 2  # the last evaluation and the one before it


@dataclass(frozen=True)
class OpenPoint:
    """Something to mend. ``survey_year``: '' where it is of all years. ``failing``: rows, and ``change`` against the
    evaluation before, if any. ``link``: the page of the UI that has the rows."""

    survey_year: str
    is_blocking: bool
    what: str
    asset: str
    failing: int
    change: int | None
    to_do: str
    link: str


def failing_checks(
    instance: DagsterInstance, checks: Iterable[AssetCheckSpec], survey_years: Sequence[str]
) -> Iterator[OpenPoint]:
    """The checks whose last evaluation failed, each in the survey years in which it did."""
    for spec in checks:
        for year in survey_years if spec.partitions_def else [""]:
            history = instance.event_log_storage.get_asset_check_execution_history(
                spec.key,
                limit=_BEFORE,
                status=_ENDED,
                partition_filter=PartitionKeyFilter(key=year) if year else None,
            )
            if history and history[0].status == AssetCheckExecutionRecordStatus.FAILED:
                yield from _of_check(spec, year, history)


def _of_check(spec: AssetCheckSpec, year: str, history: Sequence[AssetCheckExecutionRecord]) -> Iterator[OpenPoint]:
    now, *before = [_metadata(record) for record in history]
    earlier = _failing_by_year(before[0], year) if before else {}
    for of_year, failing in sorted(_failing_by_year(now, year).items(), reverse=True):
        yield OpenPoint(
            of_year,
            spec.blocking,
            spec.name,
            spec.asset_key.to_user_string(),
            failing,
            failing - earlier.get(of_year, 0) if before else None,
            str(now.get("what_to_do") or spec.description or ""),
            _link_to(spec.asset_key, spec.name),
        )


def _failing_by_year(metadata: dict[str, Any], year: str) -> dict[str, int]:
    """Survey year → rows that fail; all under ``year`` where the result does not tell the years apart."""
    of_years = {name: n for name, n in metadata.items() if re.fullmatch(r"failing_\d{4}", name)}
    if year or not of_years:
        return {year: int(metadata.get("failing") or 0)}
    return {name.removeprefix("failing_"): int(n) for name, n in of_years.items()}


def _metadata(record: AssetCheckExecutionRecord) -> dict[str, Any]:
    event = record.event.dagster_event if record.event else None
    evaluation = event.event_specific_data if event else None
    if not isinstance(evaluation, AssetCheckEvaluation):
        return {}
    return {name: value.value for name, value in evaluation.metadata.items()}


def stopped_steps(instance: DagsterInstance) -> Iterator[OpenPoint]:
    """Every step that stopped the last time that it was tried, with its message."""
    tried: set[tuple[str, str]] = set()
    for run in instance.get_runs(RunsFilter(statuses=_FINISHED), limit=_RUNS_LOOKED_AT):
        year = run.tags.get(PARTITION_NAME_TAG, "")
        messages = _failures(instance, run)
        for stats in instance.get_run_step_stats(run.run_id):
            step = stats.step_key
            if step in messages and (step, year) not in tried:
                name = step.replace("__", "/")
                yield OpenPoint(year, True, "stopped", name, 0, None, messages[step], f"/runs/{run.run_id}")
            tried.add((step, year))


def stopped_otherwise(instance: DagsterInstance, points: Iterable[OpenPoint]) -> Iterator[OpenPoint]:
    """The steps that stopped for another reason than a check that blocks, of which there is a point already."""
    failed = {point.what for point in points if point.is_blocking}
    yield from (one for one in stopped_steps(instance) if not any(check in one.to_do for check in failed))


def _failures(instance: DagsterInstance, run: DagsterRun) -> dict[str, str]:
    found = {}
    for record in instance.get_records_for_run(run.run_id, of_type=DagsterEventType.STEP_FAILURE).records:
        event = record.event_log_entry.dagster_event
        if event is not None and event.step_key:
            failed = event.step_failure_data
            message = failed.user_failure_data.description if failed.user_failure_data else None
            found[event.step_key] = message or (failed.error.message if failed.error else "it stopped")
    return found


def _link_to(asset: AssetKey, check: str) -> str:
    """The page of a check in the UI."""
    return f"/assets/{'/'.join(asset.path)}?view=checks&checkDetail={check}"
