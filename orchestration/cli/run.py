"""``lea run``: the annual run in this process, with its progress, and a summary at the end."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from filelock import FileLock
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from assets.base.errors import BadInput
from assets.base.paths import DataPaths, dagster_home, data_paths, instance_settings
from assets.base.settings import load_settings
from assets.base.writer import require_room, writing
from assets.editions.publication.receipt import current_edition
from assets.questionnaires.loader import delivered_years, survey_years
from orchestration.cli.console import console, errors
from orchestration.stages import stages_of_lake
from orchestration.stopping import until_stopped
from orchestration.upkeep.instance import is_begun, opened

if TYPE_CHECKING:  # a run that has nothing to do does without Dagster
    from dagster import AssetKey, DagsterInstance, Definitions

    from assets.warehouse.gate import Gate
    from orchestration.lake import Lake


_ROWS = 2  # of each check that does not pass


@dataclass
class Outcome:
    """What a run did, as its events told it."""

    made: list[str] = field(default_factory=list)
    passed: int = 0
    warned: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    edition: dict[str, object] = field(default_factory=dict)
    years: list[str] = field(default_factory=list)
    success: bool = True


def run_monitor(year: int | None) -> None:
    """Takes in what has changed (and ``year``, changed or not), publishes, and prints the summary; exits with 1 when
    anything failed. Where nothing has changed since the last edition, it says so and does nothing. A signal ends it at
    once."""
    until_stopped(partial(_run_monitor, year), _say_stopped)


def _say_stopped(by: str) -> None:
    errors.print(f"Stopped by {by}: nothing needs repair, 'lea run' goes on where this one was", style="red")
    console.show_cursor()
    if (dagster := sys.modules.get("dagster")) and is_begun(dagster_home()):
        from orchestration.runs import cancel_own_runs

        with dagster.DagsterInstance.from_config(str(dagster_home())) as instance:
            cancel_own_runs(instance, f"Stopped by {by} on the command line.")


def _run_monitor(year: int | None) -> None:
    # A process that lives for seconds: looking for cycles among a million objects of dbt's would take a fifth of it.
    gc.disable()
    started = time.monotonic()
    paths = data_paths()
    _refuse_unknown(paths, year)
    # One run at a time, from the first step to the last: the edition of one must not be judged by the checks of
    # another.
    with writing(paths):
        if year is None and (edition := current_edition(paths, stages_of_lake())):
            _print_unchanged(edition)
            _send_without_a_run(paths)
            return
        require_room(paths)
        outcome = _execute(paths, year)
    _print_summary(outcome, time.monotonic() - started)
    if not outcome.success:
        raise typer.Exit(1)


def _refuse_unknown(paths: DataPaths, year: int | None) -> None:
    known = survey_years(paths.questionnaires)
    if not known:
        remedy = "'lea new-year' starts one, 'lea init' a folder to work in"
        raise BadInput("There is no questionnaire", str(paths.questionnaires), remedy)
    if year is None:
        return
    if year not in known:
        raise BadInput(
            f"There is no questionnaire for {year}",
            str(paths.questionnaires),
            f"choose one of {', '.join(map(str, known))}, or start it with 'lea new-year {year}'",
        )
    if year not in delivered_years(paths.questionnaires):
        raise BadInput(
            f"No delivery of {year} was accepted yet",
            str(paths.questionnaires / str(year)),
            f"'lea accept FILE --year {year}' registers one",
        )


def _execute(paths: DataPaths, year: int | None) -> Outcome:
    home = prepare_dagster_home()
    with console.status("loading the definitions") if console.is_terminal else nullcontext():
        from assets.questionnaires.partitions import register_survey_years
        from orchestration.definitions import defs
        from orchestration.runs import end_dead_runs
        from orchestration.upkeep.retention import tidy

        definitions = defs()
    outcome = Outcome()
    with opened(home) as instance:
        end_dead_runs(instance)
        register_survey_years(instance, delivered_years(paths.questionnaires))
        _take_in(outcome, definitions, instance, paths, year)
        if outcome.success:
            _run(outcome, definitions, instance, "publish", assets=_to_publish(definitions, instance, paths))
        _run(outcome, definitions, instance, "desk")
        graph = definitions.resolve_asset_graph()
        tidy(instance, paths, graph.get_all_asset_keys(), graph.asset_check_keys)
        _send_notices(definitions, instance, paths)
    return outcome


def _send_without_a_run(paths: DataPaths) -> None:
    """A deadline is missed while nothing changes; only to send that is Dagster worth its seconds."""
    if load_settings(paths.settings).notices.channel == "log":
        return
    from orchestration.definitions import defs

    with opened(prepare_dagster_home()) as instance:
        _send_notices(defs(), instance, paths)


def _send_notices(definitions: Definitions, instance: DagsterInstance, paths: DataPaths) -> None:
    """Informs the roles of what is open, by another channel than the log: whoever typed the command reads its
    summary."""
    if load_settings(paths.settings).notices.channel == "log":
        return
    from orchestration.notices.sensor import look_and_send

    resources = definitions.resources or {}
    try:
        look_and_send(instance, paths, resources["gate"], resources["checks"])
    except Exception as error:  # whatever it is: the run is what counts
        errors.print(
            f"People were not informed of what is open: {type(error).__name__}: {error}", style="yellow", markup=False
        )


def _take_in(
    outcome: Outcome, definitions: Definitions, instance: DagsterInstance, paths: DataPaths, year: int | None
) -> None:
    """A run for the declarations that changed, and one for each survey year that did: a bad one does not keep the
    others."""
    resources = definitions.resources or {}
    gate: Gate = resources["gate"]
    lake: Lake = resources["lake"]
    tables = gate.to_take_in(instance, paths)
    parts = {table.survey_year or table.key.path[0] for table in tables}
    outcome.years = sorted({part for part in parts if part.isdigit()} | ({str(year)} if year else set()))
    declared = [key for part in sorted(parts - set(outcome.years)) for key in lake.asset_keys(part)]
    if declared:
        _run(outcome, definitions, instance, "take_in", assets=declared)
    if outcome.success:
        for one in outcome.years:
            _run(outcome, definitions, instance, "take_in", survey_year=one, assets=lake.asset_keys(one))


def _to_publish(definitions: Definitions, instance: DagsterInstance, paths: DataPaths) -> list[AssetKey]:
    """Only the edition, where the warehouse is the one that would be built; else all (none are named)."""
    from assets.editions.assets import EDITION

    gate: Gate = (definitions.resources or {})["gate"]
    return [] if gate.before_edition(instance, paths) else [EDITION]


def _run(
    outcome: Outcome,
    definitions: Definitions,
    instance: DagsterInstance,
    job: str,
    *,
    survey_year: str = "",
    assets: Sequence[AssetKey] = (),
) -> None:
    from orchestration.runs import run_job

    resolved = definitions.resolve_job_def(job)
    with _progress(f"{job.replace('_', ' ')} {survey_year}".strip()) as advance:
        note = partial(_note, outcome, advance)
        succeeded = run_job(resolved, instance, note, survey_year=survey_year, assets=assets)
    outcome.success = outcome.success and succeeded


def prepare_dagster_home() -> Path:
    """The instance's folder, made once even when two first runs start together, and named in the environment: for what
    this process starts, too."""
    home = dagster_home()
    home.mkdir(parents=True, exist_ok=True)
    os.environ["DAGSTER_HOME"] = str(home)
    with FileLock(home / ".initialise.lock", timeout=60):
        config = home / "dagster.yaml"
        if not config.exists():
            config.write_bytes(instance_settings().read_bytes())
        if not is_begun(home):
            from dagster import AssetKey

            with opened(home) as instance:
                instance.get_runs_count()
                instance.get_latest_materialization_event(AssetKey("none"))
    return home


def _note(outcome: Outcome, advance: Advance, event: Any) -> None:
    step = event.step_key or ""
    if event.is_step_start:
        advance.start(step)
    elif event.is_step_success or event.is_step_failure or event.is_step_skipped:
        advance.done(step)
    if event.is_step_materialization:
        outcome.made.append(event.asset_key.to_user_string())
        if event.asset_key.path[0] == "editions":
            outcome.edition = {k: v.value for k, v in event.materialization.metadata.items()}
    elif event.event_type_value == "ASSET_CHECK_EVALUATION":
        _note_check(outcome, event.event_specific_data)
    elif event.is_step_failure:
        _note_failure(outcome, stage_of(step), event.step_failure_data)


def _note_check(outcome: Outcome, evaluation: Any) -> None:
    line = f"{evaluation.check_name} on {evaluation.asset_key.to_user_string()}: {_why(evaluation)}"
    line += "".join(f"\n          {row}" for row in _first_rows(evaluation))
    if evaluation.passed:
        outcome.passed += 1
    elif evaluation.severity.value == "WARN":
        outcome.warned.append(line)
    else:
        outcome.failed.append(line)


def _note_failure(outcome: Outcome, stage: str, data: Any) -> None:
    """A step that failed over a check needs no line: the check has one."""
    message = data.user_failure_data.description if data.user_failure_data else None
    if message or not (data.error and data.error.cls_name == "DagsterAssetCheckFailedError"):
        outcome.failures.append((stage, message or _unexpected(data)))


def _why(evaluation: object) -> str:
    metadata = getattr(evaluation, "metadata", {})
    failing = metadata.get("failing")
    what = metadata.get("what_to_do")
    return f"{failing.value if failing else '?'} failing" + (f"; {what.value}" if what else "")


def _first_rows(evaluation: object) -> list[str]:
    """The first failing rows, a line each, and how many there are besides."""
    table = getattr(evaluation, "metadata", {}).get("failing_rows")
    _, _, *rows = table.value.splitlines() if table else ("", "")
    shown = [" · ".join(filter(None, (cell.strip() for cell in row.strip("|").split("|")))) for row in rows[:_ROWS]]
    return [*shown, f"and {len(rows) - _ROWS} more, of those in the UI"] if len(rows) > _ROWS else shown


def _unexpected(data: object) -> str:
    error = getattr(data, "error", None)
    while error is not None and error.cause is not None:
        error = error.cause
    return f"{error.message.strip() if error else 'unknown error'} (the whole trace is in the Dagster UI)"


def stage_of(step: str) -> str:
    """A step in words: 'supervision__events' is 'supervision events'."""
    return step.replace("__", " ").replace("_", " ")


class Advance:
    """Progress by step: what runs now on a terminal, one line per step elsewhere."""

    def __init__(self, run: str, bar: Progress | None) -> None:
        self._run, self._bar = run, bar
        self._task = bar.add_task(run, total=None) if bar else None
        self._started: dict[str, float] = {}

    def start(self, step: str) -> None:
        """This step begins."""
        self._started[step] = time.monotonic()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=f"{self._run}: {stage_of(step)}")

    def done(self, step: str) -> None:
        """This step has ended, whatever came of it."""
        if self._bar is None and step in self._started:
            console.print(
                f"{self._run}: {stage_of(step)}: {time.monotonic() - self._started[step]:.1f} s", markup=False
            )


@contextmanager
def _progress(run: str) -> Iterator[Advance]:
    if not console.is_terminal:
        yield Advance(run, None)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description:<40}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield Advance(run, bar)


def _print_unchanged(edition: Path) -> None:
    console.print("Nothing has changed since the last edition: nothing was made anew")
    console.print(f"look at: {edition}/public/index.html")


def _print_summary(outcome: Outcome, seconds: float) -> None:
    def say(text: str, style: str | None = None) -> None:
        console.print(text, style=style, markup=False)

    say("")
    say(f"{'Done' if outcome.success else 'Failed'} in {seconds:.1f} s, {_in_words(outcome.years)}", "bold")
    say(f"made:    {len(set(outcome.made))} assets")
    say(f"checks:  {outcome.passed} passed, {len(outcome.warned)} warned, {len(outcome.failed)} failed")
    for line in outcome.warned:
        say(f"  warned  {line}", "yellow")
    for line in outcome.failed:
        say(f"  failed  {line}", "red")
    for stage, message in outcome.failures:
        say(f"\n{stage}: {message}", "red")
    if outcome.edition:
        version = f"v{outcome.edition['version']} of {outcome.edition['survey_year']}"
        new = "new" if outcome.edition["is_new"] else "unchanged"
        say(f"edition: {version} ({new}), {outcome.edition['cells']} cells, {outcome.edition['origin']} answers")
        if outcome.edition["is_new"]:
            changed = outcome.edition["changed_municipalities"]
            say(f"new for: {changed} {'municipality' if changed == 1 else 'municipalities'}")
        if outcome.edition["lacks"]:
            say(f"lacks:   {outcome.edition['lacks']}", "yellow")
        say(f"public:  {outcome.edition['folder']}/public/index.html")
        say(f"inside:  {outcome.edition['folder']}/internal/index.html")
        say(f"query:   {outcome.edition['folder']}/internal/lea_vve.duckdb")
    elif not outcome.success:
        say("\nnothing was published; the last edition and the last good warehouse are as they were")
    say(f"{'' if outcome.edition else chr(10)}history: 'make ui' (instance in {dagster_home()})")


def _in_words(years: list[str]) -> str:
    if not years:
        return "no survey year taken in anew"
    return f"survey year {years[0]}" if len(years) == 1 else f"survey years {', '.join(years)}"
