"""What runs by itself: the annual schedule and the sensor for deliveries."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetKey,
    DagsterInstance,
    Definitions,
    Failure,
    MaterializeResult,
    RunRequest,
    SensorResult,
    SkipReason,
    asset,
    build_schedule_context,
    build_sensor_context,
    evaluate_automation_conditions,
    materialize,
    validate_run_config,
)

from assets.base.files import sha256_of
from assets.base.installation import Installation
from assets.base.lake import write_table
from assets.base.made_of import as_metadata, table_file
from assets.base.paths import PROJECT_DIR, DataPaths
from assets.base.settings import DeliverySensor
from assets.questionnaires.loader import delivered_years
from assets.questionnaires.partitions import register_survey_years
from assets.warehouse.gate import Gate
from orchestration.lake import Lake
from orchestration.sensors import delivery_sensor
from orchestration.stages import stages_of_lake

Look = Callable[[], SensorResult | SkipReason]

# Loading the definitions takes seconds, which the fast tests spend once, in test_definitions.
pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what goes in."""
    folder = tmp_path / "data"
    folder.mkdir()
    inputs = (one for one in (PROJECT_DIR / "data").iterdir() if one.name not in ("lake", "warehouse", "editions"))
    for one in inputs:
        (shutil.copytree if one.is_dir() else shutil.copy)(one, folder / one.name)
    monkeypatch.setenv("LEA_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def look(instance: DagsterInstance) -> Look:
    """What the sensor answers now, on a history without runs."""
    for run in instance.get_runs():
        instance.delete_run(run.run_id)

    def ask() -> SensorResult | SkipReason:
        with build_sensor_context(instance, resources={"installation": Installation()}) as context:
            result = delivery_sensor(DeliverySensor(), lake(), gate())(context)
        assert isinstance(result, SensorResult | SkipReason)
        return result

    return ask


def lake() -> Lake:
    """The stages without their assets: what the runs would make is a matter of the graph."""
    stages = stages_of_lake()
    return Lake(tuple(stages), {stage.name: [AssetKey([stage.name, stage.name])] for stage in stages})


def gate() -> Gate:
    """The gate around them, without checks."""
    tables = {AssetKey([stage.name, stage.name]): stage.by_year for stage in stages_of_lake()}
    return Gate(AssetKey("warehouse"), tables, (), (), {stage.name: stage for stage in stages_of_lake()})


def take_in(data: Path) -> None:
    """Writes all tables of the lake, as the runs would that the sensor asks for."""
    paths = DataPaths(data)
    for stage in stages_of_lake():
        for year in map(str, delivered_years(paths.questionnaires)) if stage.by_year else [""]:
            made = as_metadata(stage.made_of(paths, year))
            write_table(pd.DataFrame({"a": [1]}), table_file(paths.lake, f"{stage.name}/{stage.name}", year), made)


def years(requests: Sequence[RunRequest]) -> list[str]:
    return [one.partition_key for one in requests if one.partition_key]


def requested(result: SensorResult | SkipReason) -> list[RunRequest]:
    assert isinstance(result, SensorResult), result
    return list(result.run_requests or [])


def skipped(result: SensorResult | SkipReason) -> str:
    assert isinstance(result, SkipReason), result
    return str(result.skip_message)


def deliver_again(data: Path) -> None:
    file = next((data / "questionnaires" / "2021").glob("*.xlsx"))
    file.write_bytes(file.read_bytes() + b" ")


def correct(data: Path) -> None:
    (data / "corrections" / "2022.yaml").write_text("corrections: []\n", encoding="utf-8")


def plan(data: Path) -> None:
    """A questionnaire of 2024 that is planned."""
    folder = data / "questionnaires" / "2024"
    folder.mkdir()
    text = (data / "questionnaires" / "2023" / "questionnaire.yaml").read_text(encoding="utf-8")
    head, rest = text.split("# The second delivery")
    for then, now in (("survey_year: 2023", "survey_year: 2024"), ("year: 2022", "year: 2023"), ("final", "planned")):
        head = head.replace(then, now)
    (folder / "questionnaire.yaml").write_text(head + rest[rest.index("\nlists:") :], encoding="utf-8")


def open_it(data: Path) -> None:
    file = data / "questionnaires" / "2024" / "questionnaire.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("status: planned", "status: open"), encoding="utf-8")


def deliver_first(data: Path) -> None:
    folder = data / "questionnaires" / "2024"
    delivered = next((folder.parent / "2023").glob("*v01.xlsx"))
    shutil.copy(delivered, folder / "first.xlsx")
    sha256 = f"sha256: '{sha256_of(delivered)}'"
    entry = f"  - {{number: 1, path: first.xlsx, format: xlsx, sheet: Antwoorden, received_on: 2024-05-01, {sha256}}}"
    with (folder / "questionnaire.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\ndeliveries:\n{entry}\n")


def test_the_first_look_asks_for_every_year_that_has_a_delivery(data: Path, look: Look) -> None:
    assert years(requested(look())) == ["2020", "2021", "2022", "2023"]
    assert years(requested(look())) == ["2020", "2021", "2022", "2023"]  # nothing was done since
    take_in(data)
    assert skipped(look()) == "There is nothing to ask for."


@pytest.mark.parametrize(
    ("steps", "asked"),
    [
        ([deliver_again], ["2021"]),
        ([correct], ["2022"]),
        ([plan], []),
        ([plan, open_it], []),
        ([plan, open_it, deliver_first], ["2024"]),
    ],
)
def test_what_is_new_or_changed_is_asked_for(
    data: Path, look: Look, steps: list[Callable[[Path], None]], asked: list[str]
) -> None:
    for step in steps:
        take_in(data)
        assert skipped(look())
        step(data)
    requests = requested(look())
    assert years(requests) == asked
    taken_in = {key.path[0] for one in requests if one.partition_key for key in one.asset_selection or ()}
    assert taken_in == ({"raw", "answers"} if asked else set())
    declared = {key.path[0] for one in requests if not one.partition_key for key in one.asset_selection or ()}
    assert ("questionnaires" in declared) == (plan in steps)


def test_a_correction_that_is_withdrawn_and_put_back_asks_each_time(data: Path, look: Look) -> None:
    take_in(data)
    for change in (correct, lambda data: (data / "corrections" / "2022.yaml").unlink(), correct):
        change(data)
        (request,) = [one for one in requested(look()) if one.partition_key]
        assert request.partition_key == "2022"
        assert request.run_key is None  # Dagster launches a run key only once, also when the state has come back
        take_in(data)


def test_a_file_that_is_not_registered_is_named(data: Path, look: Look) -> None:
    take_in(data)
    (data / "questionnaires" / "2023" / "late.xlsx").write_bytes(b"")
    assert "2023/late.xlsx ('lea accept' registers" in skipped(look())


def test_a_questionnaire_with_a_mistake_is_told_and_asks_for_nothing(data: Path, look: Look) -> None:
    (data / "questionnaires" / "2023" / "questionnaire.yaml").write_text("survey_year: [", encoding="utf-8")
    assert "not valid YAML" in skipped(look())


@pytest.mark.usefixtures("data")
def test_the_schedule_is_the_setting_and_asks_for_every_year_that_changed(instance: DagsterInstance) -> None:
    from orchestration.definitions import defs  # takes seconds to load

    location = defs().get_repository_def()
    annual = location.get_schedule_def("annual")
    assert annual.cron_schedule == "0 6 1 9 *"
    assert annual.execution_timezone == "Europe/Amsterdam"

    def tick(year: int) -> Sequence[RunRequest]:
        on = datetime(year, 9, 1, 6, tzinfo=ZoneInfo("Europe/Amsterdam"))
        with build_schedule_context(instance, on, location.get_top_level_resources(), location) as context:
            return annual.evaluate_tick(context).run_requests or []

    requests = tick(2027)
    assert years(requests) == ["2020", "2021", "2022", "2023"]
    keys = [one.run_key for one in [*requests, *tick(2028)]]
    assert len(keys) == len(set(keys)) > len(requests)  # Dagster starts a key once
    assert instance.get_dynamic_partitions("survey_year") == ["2020", "2021", "2022", "2023"]


def test_survey_years_are_registered_in_their_order_and_go_with_their_questionnaire(instance: DagsterInstance) -> None:
    for years in ([2021, 2022], [2022, 2020, 2021], [2020, 2022]):
        expected = [str(year) for year in sorted(years)]
        assert register_survey_years(instance, years) == expected
        assert instance.get_dynamic_partitions("survey_year") == expected


@pytest.mark.parametrize("job", ["take_in", "publish"])
def test_the_jobs_run_without_configuration(job: str) -> None:
    from orchestration.definitions import defs  # takes seconds to load

    assert validate_run_config(defs().resolve_job_def(job), {}) is not None


def test_a_good_year_is_carried_on_once_every_year_is_good(instance: DagsterInstance) -> None:
    """The condition of ``warehouse/database``, on a small graph: no run over a blocking check that failed in any
    year."""
    from assets.questionnaires.partitions import survey_year_partitions
    from assets.warehouse.assets import when_sources_are_good

    bad: set[str] = set()

    @asset(
        partitions_def=survey_year_partitions,
        check_specs=[AssetCheckSpec("good", asset="taken", blocking=True, partitions_def=survey_year_partitions)],
    )
    def taken(context):  # type: ignore[no-untyped-def]  # Dagster cannot read an annotation that is a text
        if context.partition_key in bad:
            yield AssetCheckResult(check_name="good", passed=False)
            raise Failure("not good", allow_retries=False)
        yield MaterializeResult()
        yield AssetCheckResult(check_name="good", passed=True)

    @asset(deps=[taken], automation_condition=when_sources_are_good([taken.key]))
    def built() -> None: ...

    definitions = Definitions(assets=[taken, built])
    register_survey_years(instance, [2022, 2023])
    cursor = None

    def asked_for() -> int:
        nonlocal cursor
        # In a thread of its own: Dagster starts a loop of events, and a browser of other tests may have one going on.
        with ThreadPoolExecutor(max_workers=1) as thread:
            result = thread.submit(evaluate_automation_conditions, definitions, instance, cursor=cursor).result()
        cursor = result.cursor
        return result.total_requested

    def take_in(year: str) -> None:
        materialize([taken], instance=instance, partition_key=year, raise_on_error=False)

    assert asked_for() == 0
    take_in("2022")
    assert asked_for() == 0  # 2023 is missing
    take_in("2023")
    assert asked_for() == 1
    materialize([built], instance=instance, selection=[built])
    assert asked_for() == 0
    bad.add("2023")
    take_in("2023")
    assert asked_for() == 0
    take_in("2022")
    assert asked_for() == 0
    bad.clear()
    take_in("2023")
    assert asked_for() == 1
