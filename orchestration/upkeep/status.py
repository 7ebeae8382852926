"""One screen: what is there, what is open, and what comes next. It reads what is written and computes nothing, so it is
quick, and works before the first run and after one that failed.

Belongs here: finding it. Does not belong here: printing (``orchestration/cli/upkeep.py``), looking for damage
(``doctor.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from assets.base.dagster_private import PARTITION_NAME_TAG, next_moment
from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.base.settings import load_settings
from assets.base.writer import is_writing, require_room
from assets.editions.publication.folder import all_editions, is_withdrawn, newest_edition
from assets.editions.publication.receipt import changed_since
from assets.editions.publication.withdrawal import note_of
from assets.questionnaires.loader import load_questionnaire, survey_years
from orchestration.runs import GOES_ON, silent_runs
from orchestration.stages import stages_of_lake
from orchestration.upkeep.instance import is_begun, opened

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun

DESK = ["quality", "desk"]
_SHOWN = 6


@dataclass(frozen=True)
class Line:
    """Something that is so, under a heading; ``is_open``: somebody has to do something about it."""

    heading: str
    text: str
    is_open: bool = False


def status(paths: DataPaths, home: Path) -> list[Line]:
    """All lines, in the order in which data flows. What cannot be read is a line that says so."""
    lines: list[Line] = []
    for look in (_years, _editions, _of_dagster, _next):
        try:
            lines += look(paths, home)
        except BadInput as error:
            lines.append(Line("damaged", f"{error}\n  'lea doctor' says all that is wrong", is_open=True))
    return lines


def _years(paths: DataPaths, _home: Path) -> Iterator[Line]:
    for year in survey_years(paths.questionnaires):
        questionnaire = load_questionnaire(paths.questionnaires / str(year))
        deliveries, withdrawn = questionnaire.deliveries, questionnaire.withdrawn_deliveries
        if deliveries:
            n = len(deliveries)
            text = f"{n} {'delivery' if n == 1 else 'deliveries'}, the newest received on {deliveries[-1].received_on}"
        else:
            text = f"no delivery yet: 'lea accept FILE --year {year}'"
        text += f"; {len(withdrawn)} withdrawn" if withdrawn else ""
        yield Line("years", f"{year}  {questionnaire.status}, {questionnaire.origin}: {text}", is_open=not deliveries)


def _editions(paths: DataPaths, _home: Path) -> Iterator[Line]:
    newest = newest_edition(paths.editions)
    if newest is None:
        yield Line("editions", "none yet: 'lea run' publishes the first one", is_open=True)
        return
    versions = all_editions(paths.editions)
    many = f"{len(versions)} {'version is' if len(versions) == 1 else 'versions are'} there"
    yield Line("editions", f"latest is {newest.parent.name}/{newest.name}; {many}")
    yield from (Line("editions", str(note_of(one))) for one in versions if is_withdrawn(one))


def _of_dagster(paths: DataPaths, home: Path) -> Iterator[Line]:
    if not is_begun(home):
        yield Line("runs", "none yet")
        return
    with opened(home) as instance:
        yield from _runs(instance)
        yield from _desk(instance)
    if is_writing(paths):
        yield Line("runs", "somebody is writing now: another run or command waits for it")


def _runs(instance: DagsterInstance) -> Iterator[Line]:
    from dagster import DagsterRunStatus, RunsFilter

    dead = {run.run_id for run in silent_runs(instance)}
    for run in instance.get_runs(RunsFilter(statuses=[*GOES_ON, DagsterRunStatus.QUEUED]), limit=_SHOWN):
        if run.run_id in dead:
            yield Line("runs", f"{_named(run)} is stuck: 'lea doctor --mend' or 'lea run' ends it", is_open=True)
        else:
            yield Line("runs", f"{_named(run)} {'waits in the queue' if run.status.value == 'QUEUED' else 'goes on'}")
    ended = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
    records = instance.get_run_records(RunsFilter(statuses=ended), limit=_SHOWN)
    if last := next((one for one in records if one.dagster_run.job_name != "desk"), None):
        has_failed = last.dagster_run.status is not DagsterRunStatus.SUCCESS
        how = {"SUCCESS": "succeeded", "FAILURE": "failed", "CANCELED": "was stopped"}[last.dagster_run.status.value]
        when = datetime.fromtimestamp(last.end_time or 0, UTC)
        yield Line("runs", f"the last, {_named(last.dagster_run)}, {how} on {when:%Y-%m-%d %H:%M} UTC", has_failed)


def _named(run: DagsterRun) -> str:
    return f"{run.job_name.replace('_', ' ')} {run.tags.get(PARTITION_NAME_TAG, '')}".strip()


def _desk(instance: DagsterInstance) -> Iterator[Line]:
    from dagster import AssetKey

    event = instance.get_latest_materialization_event(AssetKey(DESK))
    made = event.asset_materialization if event else None
    if event is None or made is None:
        yield Line("checks", "never evaluated: 'lea run' does it", is_open=True)
        return
    counts: dict[str, Any] = {name: value.value for name, value in made.metadata.items()}
    blocking, warnings = counts.get("n_blocking", 0), counts.get("n_warnings", 0)
    when = datetime.fromtimestamp(event.timestamp, UTC)
    yield Line("checks", f"{blocking} block, {warnings} warn (the desk, {when:%Y-%m-%d %H:%M} UTC)", bool(blocking))
    for line in str(counts.get("blocks", "")).splitlines()[:_SHOWN] if blocking else ():
        yield Line("checks", line.removeprefix("- "), is_open=True)
    yield Line("checks", f"{counts.get('n_not_used', 0)} cells are not used, {counts.get('n_calls', 0)} calls to make")


def _next(paths: DataPaths, _home: Path) -> Iterator[Line]:
    settings = load_settings(paths.settings)
    changed = changed_since(paths, stages_of_lake())
    if changed == []:
        yield Line("next", "nothing has changed since the last edition: 'lea run' has nothing to do")
    else:
        named = ", ".join((changed or ["all"])[:_SHOWN]) + (" and more" if len(changed or ()) > _SHOWN else "")
        yield Line("next", f"'lea run': new or changed since the last edition: {named}", is_open=True)
    timezone = ZoneInfo(settings.annual_run.timezone)
    moment = next_moment(settings.annual_run.cron, settings.annual_run.timezone, datetime.now(timezone))
    yield Line("next", f"the annual run is due on {moment:%Y-%m-%d %H:%M} ({settings.annual_run.timezone})")
    require_room(paths)
