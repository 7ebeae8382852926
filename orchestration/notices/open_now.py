"""What people have to know now: checks that fail, steps that stopped, runs that were killed, missed deadlines.

It is found anew at every look, from the history of runs and the files, so that nothing is lost while nobody looks. What
a run or a check says of its rows is left out: a message may quote an answer. Does not belong here: whether it was sent
already (``sending.py``), or its words around it (``notice.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dagster import (
    AssetCheckSpec,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    RunsFilter,
)

from assets.base.dagster_checks import WHAT_TO_DO
from assets.base.dagster_private import PARTITION_NAME_TAG, last_moment
from assets.base.files import sha256_over
from assets.base.paths import DataPaths
from assets.base.settings import AnnualRun, Settings
from assets.editions.publication.folder import standing_editions
from assets.editions.publication.receipt import current_edition
from assets.quality.open_points import OpenPoint, failing_checks, stopped_otherwise
from assets.questionnaires.loader import delivered_years, load_questionnaires, survey_years
from assets.warehouse.gate import Gate
from orchestration.notices.notice import Notice
from orchestration.runs import was_refused

_ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
_RUNS_LOOKED_AT = 60
_MADE_BY = {"take_in": "raw/deliveries", "publish": "warehouse/database", "desk": "quality/desk"}
_DESK = "/assets/quality/desk"
_NOTHING_TO_MEND = "nothing needs repair; the daemon asks again for what it had asked for, 'lea run' does the rest"
_READ_IT = "read its message, which says what, where and how to mend it; then 'lea run'"


UNREADABLE = Notice(
    "a declaration cannot be read, so nothing can be made",
    "questionnaires/questions",
    survey_year="",
    to_do="'lea check' says what, where and how to mend it",
    link=_DESK,
)

WRONG_SETTINGS = Notice(
    "the settings cannot be used, so nothing can be made",
    "warehouse/database",
    survey_year="",
    to_do="'lea doctor' says what, where and how to mend it; then reload the code location",
    link=_DESK,
)


@dataclass(frozen=True)
class Looking:
    """Where is looked, and at which moment (with its time zone)."""

    instance: DagsterInstance
    paths: DataPaths
    settings: Settings
    gate: Gate
    checks: Sequence[AssetCheckSpec]
    now: datetime

    def open_now(self) -> list[Notice]:
        """All of it, whether it was sent already or not. Raises BadInput when a declaration cannot be read."""
        return [*self._of_checks_and_runs(), *answers_overdue(self), *edition_overdue(self)]

    def _of_checks_and_runs(self) -> Iterator[Notice]:
        years = [str(year) for year in delivered_years(self.paths.questionnaires)]
        points = list(failing_checks(self.instance, self.checks, years))
        remedies = {(spec.name, spec.asset_key.to_user_string()): _remedy(spec) for spec in self.checks}
        for point in points:
            yield _of_check(point, remedies[point.what, point.asset])
        held = self.gate.before_edition(self.instance, self.paths)
        if held or current_edition(self.paths, self.gate.stages.values()) is None:  # else what stopped is done since
            yield from (_of_step(self.instance, point) for point in stopped_otherwise(self.instance, points))
            yield from _crashed_runs(self.instance)


def _remedy(spec: AssetCheckSpec) -> str:
    """As it was declared: before anything was read."""
    remedy = (spec.metadata or {}).get(WHAT_TO_DO, "")
    return str(getattr(remedy, "value", remedy) or "see the check")


def _of_check(point: OpenPoint, remedy: str) -> Notice:
    rows = f"{point.failing:,} {'row' if point.failing == 1 else 'rows'}"
    effect = "fails, so nothing is published" if point.is_blocking else "warns"
    what = f"{point.what.replace('_', ' ')}: {effect}"
    return Notice(what, point.asset, point.survey_year, remedy, point.link, how_much=rows)


def _of_step(instance: DagsterInstance, point: OpenPoint) -> Notice:
    run = instance.get_run_by_id(point.link.removeprefix("/runs/"))
    refused = run is not None and was_refused(instance, run)
    what = "was refused" if refused else "failed for a reason that nobody foresaw"
    return Notice(what, point.asset, point.survey_year, _READ_IT, point.link, state=sha256_over([point.to_do]))


def _crashed_runs(instance: DagsterInstance) -> Iterator[Notice]:
    """The last run of each job and survey year, where it ended without any step that says why."""
    seen: set[tuple[str, str]] = set()
    for run in instance.get_runs(RunsFilter(statuses=_ENDED), limit=_RUNS_LOOKED_AT):
        of = (run.job_name, run.tags.get(PARTITION_NAME_TAG, ""))
        if of not in seen and run.status is DagsterRunStatus.FAILURE and not _says_why(instance, run):
            job = run.job_name if run.job_name in _MADE_BY else "publish"  # as 'publish_when_good' starts it
            what, link = f"a run of {job} was killed, or could not begin", f"/runs/{run.run_id}"
            yield Notice(what, _MADE_BY[job], of[1], _NOTHING_TO_MEND, link)
        seen.add(of)


def _says_why(instance: DagsterInstance, run: DagsterRun) -> bool:
    return bool(instance.get_records_for_run(run.run_id, of_type=DagsterEventType.STEP_FAILURE, limit=1).records)


def answers_overdue(looking: Looking) -> Iterator[Notice]:
    """The survey years of which answers were expected by now (``deadlines.answers``), and none were accepted."""
    today = looking.now.astimezone(ZoneInfo(looking.settings.annual_run.timezone)).date()
    delivered = delivered_years(looking.paths.questionnaires)
    for year, day in sorted(looking.settings.deadlines.answers.items()):
        if day < today and year not in delivered:
            what = f"answers of {year} were expected by {day}, and none were accepted"
            yield Notice(
                what, "delivered/files", str(year), f"ask the survey bureau; 'lea accept FILE --year {year}'", _DESK
            )


def edition_overdue(looking: Looking) -> Iterator[Notice]:
    """The survey year that the last annual run should have published, where there is no edition of it."""
    due = _last_due(looking.settings.annual_run, looking.now)
    questionnaires = (
        load_questionnaires(looking.paths.questionnaires) if survey_years(looking.paths.questionnaires) else {}
    )
    expected = [year for year, one in questionnaires.items() if one.status != "planned" and year <= due.year]
    chosen = looking.settings.edition.survey_year
    year = max(expected, default=None) if chosen == "newest" else chosen
    published = {folder.parent.name for folder in standing_editions(looking.paths.editions)}
    if year is not None and str(year) not in published:
        what = f"the edition of {year} was due by {due:%Y-%m-%d}, and is not there"
        yield Notice(what, "editions/edition", str(year), "'lea status' says what is open", _DESK)


def _last_due(annual: AnnualRun, now: datetime) -> datetime:
    zone = ZoneInfo(annual.timezone)
    return last_moment(annual.cron, annual.timezone, now.astimezone(zone)).astimezone(zone)
