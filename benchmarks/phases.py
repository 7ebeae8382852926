"""Where the seconds of one ``lea run`` go: ``python -m benchmarks.phases``, on the project's own data, after a first
run.

The same steps as ``lea run``, timed from inside one process: imports, definitions, and each step of the job.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

Lap = tuple[str, float, float]


def main() -> None:
    """Prints a Markdown table: phase, wall and processor seconds."""
    gc.disable()  # as lea run does
    laps: list[Lap] = []

    @contextmanager
    def phase(name: str) -> Iterator[None]:
        wall, cpu = time.monotonic(), time.process_time()
        yield
        laps.append((name, time.monotonic() - wall, time.process_time() - cpu))

    with phase("import dagster, dagster_dbt"):
        import dagster
        import dagster_dbt  # noqa: F401
    with phase("import pandas and the assets; load the definitions"):
        from assets.base.paths import data_paths
        from assets.questionnaires.loader import delivered_years
        from assets.questionnaires.partitions import register_survey_years
        from orchestration.cli.run import prepare_dagster_home, stage_of
        from orchestration.definitions import defs
        from orchestration.runs import run_job

        definitions = defs()
    with phase("open the instance"):
        instance = dagster.DagsterInstance.from_config(str(prepare_dagster_home()))
    started: dict[str, tuple[float, float]] = {}
    steps: list[Lap] = []

    def note(event: dagster.DagsterEvent) -> None:
        if event.step_key is None:
            return
        if event.is_step_start:
            started[event.step_key] = (time.monotonic(), time.process_time())
        elif event.is_step_success:
            wall, cpu = started[event.step_key]
            name = f"step {stage_of(event.step_key)}"
            steps.append((name, time.monotonic() - wall, time.process_time() - cpu))

    with phase("the runs"):
        lake = (definitions.resources or {})["lake"]
        years = register_survey_years(instance, delivered_years(data_paths().questionnaires))
        take_in, publish = (definitions.resolve_job_def(name) for name in ("take_in", "publish"))
        declared = [key for stage in lake.stages if not stage.by_year for key in lake.asset_keys(stage.name)]
        run_job(take_in, instance, note, assets=declared)
        for year in years:
            run_job(take_in, instance, note, survey_year=year, assets=lake.asset_keys(year))
        run_job(publish, instance, note)
    name, wall, cpu = laps.pop()
    rest = (name + ", besides its steps", wall - sum(s[1] for s in steps), cpu - sum(s[2] for s in steps))
    print("| phase | wall s | processor s |\n|---|---|---|")
    for name, wall, cpu in [*laps, *steps, rest]:
        print(f"| {name} | {wall:.2f} | {cpu:.2f} |")


if __name__ == "__main__":
    main()
