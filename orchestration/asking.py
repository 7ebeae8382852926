"""What the daemon asks for, and what it asks for again: by what was done, never by what was seen or asked for.

A part of the lake is asked for while it is not made of what is there now, or a check has not been evaluated on it. Not
while a run of it waits or goes on; and not when a run of the same state, asked for before, did not succeed: what was
refused would be refused again. What was killed or crashed is asked for again, some times, after a pause (the settings
``retries``). A run's tags say what it was asked for; only what the daemon asks for has them: what a person started, a
person starts again. Belongs here: that choice. Does not belong here: when it is made (``sensors.py``,
``schedules.py``), or what is out of date (``assets/warehouse/gate.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunRequest, RunsFilter

from assets.base.dagster_private import PARTITION_NAME_TAG
from assets.base.paths import DataPaths
from assets.base.settings import Retries, load_settings
from assets.editions.publication.receipt import current_edition
from assets.warehouse.gate import Gate
from orchestration.jobs import publish, take_in
from orchestration.lake import Lake
from orchestration.runs import was_refused

if TYPE_CHECKING:
    from dagster import RunRecord

PART = "lea/part"  # of the lake; or PUBLISH
STATE = "lea/state"  # what that part would have been made of when it was asked for
ATTEMPT = "lea/attempt"  # which time it is that this is asked for
PUBLISH = publish.name
FIRST_ATTEMPT = {PART: PUBLISH, ATTEMPT: "1"}  # of a run that publishes
_WAIT_OR_GO_ON = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
_RUNS_LOOKED_AT = 100


@dataclass(frozen=True)
class Asking:
    """What is to be asked for now, in an installation."""

    instance: DagsterInstance
    paths: DataPaths
    lake: Lake
    gate: Gate

    def new(self) -> tuple[list[RunRequest], list[str]]:
        """The runs to ask for; and the parts that are to be taken in and were asked for as they are, without success.
        Raises BadInput when the settings or a questionnaire cannot be read, as every run would."""
        load_settings(self.paths.settings)
        requests, in_vain = [], []
        for part in self._to_take_in:
            mark = self.lake.mark(self.paths, part)
            before = self.instance.get_runs(RunsFilter(tags={PART: part, STATE: mark}), limit=1)
            if self._goes_on(part):
                continue
            if before and before[0].status is not DagsterRunStatus.SUCCESS:
                in_vain.append(part)
            else:
                requests.append(self.lake.request(part, {PART: part, STATE: mark, ATTEMPT: "1"}))
        return requests, in_vain

    def again(self, retries: Retries, now: float) -> tuple[list[RunRequest], list[str]]:
        """The runs to ask for again at a moment (seconds since 1970); and of those that are not yet, or no more, why.
        Raises BadInput when the settings or a questionnaire cannot be read, as every run would."""
        load_settings(self.paths.settings)
        requests, reasons = [], []
        for part, record in self._crashed():
            attempt = int(record.dagster_run.tags[ATTEMPT])
            if not self._is_needed(part) or self._goes_on(part):
                continue
            if attempt > retries.limit:
                reasons.append(f"{part} failed {attempt} times: a person has to look, and start it again")
            elif (record.end_time or 0) + retries.pause_seconds > now:
                reasons.append(f"{part} is asked for again {retries.pause_seconds} seconds after it failed")
            else:
                requests.append(self._repeated(part, record.dagster_run, attempt + 1))
        return requests, reasons

    @cached_property
    def _to_take_in(self) -> list[str]:
        tables = self.gate.to_take_in(self.instance, self.paths, failed=False)
        parts = {table.survey_year or table.key.path[0] for table in tables}
        return [part for part in self.lake.parts(self.paths) if part in parts]

    def _is_needed(self, part: str) -> bool:
        if part != PUBLISH:
            return part in self._to_take_in
        refusals = self.gate.before_warehouse(self.instance, self.paths)
        return not refusals and current_edition(self.paths, self.lake.stages) is None

    def _goes_on(self, part: str) -> bool:
        """Whether a run of it waits or goes on, whoever started it."""
        return any(self._is_of(run, part) for run in self._unfinished)

    @cached_property
    def _unfinished(self) -> list[DagsterRun]:
        return list(self.instance.get_runs(RunsFilter(statuses=_WAIT_OR_GO_ON)))

    def _is_of(self, run: DagsterRun, part: str) -> bool:
        if part == PUBLISH:
            return run.job_name == publish.name or run.tags.get(PART) == PUBLISH
        if run.tags.get(PARTITION_NAME_TAG, part) != part:
            return False
        if run.asset_selection is None:
            return run.job_name == take_in.name
        return not run.asset_selection.isdisjoint(self.lake.asset_keys(part))

    def _crashed(self) -> Iterator[tuple[str, RunRecord]]:
        """Each part whose last run, of those that the daemon asked for, was killed or crashed."""
        of_daemon = RunsFilter(tags={PART: [*self.lake.parts(self.paths), PUBLISH]})
        last: dict[str, RunRecord] = {}
        for record in self.instance.get_run_records(of_daemon, limit=_RUNS_LOOKED_AT):
            last.setdefault(record.dagster_run.tags[PART], record)
        for part, record in last.items():
            run = record.dagster_run
            if run.status is DagsterRunStatus.FAILURE and not was_refused(self.instance, run):
                yield part, record

    def _repeated(self, part: str, run: DagsterRun, attempt: int) -> RunRequest:
        key = run.run_id  # Dagster starts one run for it, however often it is asked
        tags = {PART: part, ATTEMPT: str(attempt)}
        if part == PUBLISH:
            assets = sorted(run.asset_selection) if run.asset_selection else None
            return RunRequest(key, job_name=publish.name, asset_selection=assets, tags=tags)
        request = self.lake.request(part, tags | {STATE: self.lake.mark(self.paths, part)})
        return request.with_replaced_attrs(run_key=key, job_name=take_in.name)
