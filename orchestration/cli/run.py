"""``lea run``: the annual run in this process, with its progress, and a summary at the end."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer
from filelock import FileLock
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from assets.answers.fingerprint import fingerprint, fingerprint_of
from assets.base.errors import BadInput
from assets.base.paths import DEFAULT_DAGSTER_HOME, DataPaths, dagster_home, data_paths
from assets.base.writer import writing
from assets.questionnaires.loader import survey_years
from orchestration.cli.console import console


@dataclass
class Outcome:
    """What a run did, as its events told it."""

    made: list[str] = field(default_factory=list)
    passed: int = 0
    warned: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    edition: dict[str, object] = field(default_factory=dict)
    success: bool = False


def run_monitor(year: int | None) -> None:
    """Runs the annual job on the instance and prints the summary; exits with 1 when anything failed."""
    # A process that lives for seconds: looking for cycles among a million objects of dbt's would take a fifth of it.
    gc.disable()
    started = time.monotonic()
    paths = data_paths()
    # One run at a time, from the first step to the last: the edition of one must not be judged by the checks of another.
    with writing(paths):
        years = _years_to_take_in(paths, year)
        outcome = _execute(years)
    _print_summary(outcome, years, time.monotonic() - started)
    if not outcome.success:
        raise typer.Exit(1)


def _years_to_take_in(paths: DataPaths, year: int | None) -> list[str]:
    known = survey_years(paths.questionnaires)
    if not known:
        raise BadInput("There is no questionnaire", str(paths.questionnaires), "'lea new-year' starts one")
    if year is None:
        return [str(y) for y in known]
    if year not in known:
        raise BadInput(
            f"There is no questionnaire for {year}",
            str(paths.questionnaires),
            f"choose one of {', '.join(map(str, known))}, or start it with 'lea new-year {year}'",
        )
    # Years whose answers rest on something else by now, or were never taken in, come along: the warehouse reads all years.
    inputs = (paths.questionnaires, paths.corrections, paths.registers)
    stale = [y for y in known if fingerprint(*inputs, y) != fingerprint_of(paths.lake / "answers" / f"{y}.parquet")]
    return sorted(str(y) for y in {year, *stale})


def _execute(years: list[str]) -> Outcome:
    home = prepare_dagster_home()
    with console.status("loading the definitions") if console.is_terminal else nullcontext():
        from dagster import DagsterInstance

        from assets.base.partitions import register_survey_years
        from orchestration.definitions import defs
        from orchestration.jobs import annual_run, year_tags

        job = defs().resolve_job_def(annual_run.name)
    outcome = Outcome()
    steps = len(job.graph.node_defs)
    with DagsterInstance.from_config(str(home)) as instance, _progress(steps) as advance:
        from dagster._core.utils import make_new_run_id

        register_survey_years(instance, survey_years(data_paths().questionnaires))

        run_id = make_new_run_id()
        instance.add_event_listener(run_id, lambda event: _note(outcome, advance, event))
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            tags=year_tags(years),
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
    outcome.success = result.success
    return outcome


def prepare_dagster_home() -> Path:
    """The instance's folder, made once even when two first runs start together, and named in the environment."""
    home = dagster_home()
    home.mkdir(parents=True, exist_ok=True)
    os.environ["DAGSTER_HOME"] = str(home)
    with FileLock(home / ".initialise.lock", timeout=60):
        config = home / "dagster.yaml"
        if not config.exists():
            config.write_bytes((DEFAULT_DAGSTER_HOME / "dagster.yaml").read_bytes())
        if not (home / "history").exists():
            from dagster import AssetKey, DagsterInstance

            with DagsterInstance.from_config(str(home)) as instance:
                instance.get_runs_count()
                instance.get_latest_materialization_event(AssetKey("none"))
    return home


def _note(outcome: Outcome, advance: Advance, entry: object) -> None:
    event = getattr(entry, "dagster_event", None)
    if event is None:
        return
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


def _unexpected(data: object) -> str:
    error = getattr(data, "error", None)
    while error is not None and error.cause is not None:
        error = error.cause
    return f"{error.message.strip() if error else 'unknown error'} (the whole trace is in the Dagster UI)"


def stage_of(step: str) -> str:
    """A step in words: 'supervision__events' is 'supervision events'."""
    return step.replace("__", " ").replace("_", " ")


class Advance:
    """Progress by step: a bar on a terminal, one line per step elsewhere."""

    def __init__(self, bar: Progress | None, steps: int) -> None:
        self._bar = bar
        self._task = bar.add_task("starting", total=steps) if bar else None
        self._started: dict[str, float] = {}

    def start(self, step: str) -> None:
        """This step begins."""
        self._started[step] = time.monotonic()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=stage_of(step))

    def done(self, step: str) -> None:
        """This step has ended, whatever came of it."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task)
        elif step in self._started:
            console.print(f"{stage_of(step)}: {time.monotonic() - self._started[step]:.1f} s", markup=False)


@contextmanager
def _progress(steps: int) -> Iterator[Advance]:
    if not console.is_terminal:
        yield Advance(None, steps)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<26}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield Advance(bar, steps)


def _print_summary(outcome: Outcome, years: list[str], seconds: float) -> None:
    def say(text: str, style: str | None = None) -> None:
        console.print(text, style=style, markup=False)

    say("")
    say(f"{'Done' if outcome.success else 'Failed'} in {seconds:.1f} s, survey years {years[0]}–{years[-1]}", "bold")
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
        say(f"look at: {outcome.edition['folder']}/index.html")
        say(f"query:   {outcome.edition['folder']}/lea_vve.duckdb")
    elif not outcome.success:
        say("\nnothing was published; the last edition and the last good warehouse are as they were")
    say(f"{'' if outcome.edition else chr(10)}history: 'make ui' (instance in {dagster_home()})")
