"""What runs by itself: the annual schedule and the sensor for deliveries."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

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

from assets.base.errors import BadInput
from assets.base.installation import Installation
from assets.base.paths import PROJECT_DIR
from assets.base.settings import AnnualRun, DeliverySensor
from assets.questionnaires.partitions import register_survey_years
from orchestration.lake import Lake
from orchestration.schedules import annual_schedule
from orchestration.sensors import delivery_sensor
from orchestration.stages import stages_of_lake

Look = Callable[[str | None], SensorResult | SkipReason]

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
    """What the sensor answers at a cursor."""

    def ask(cursor: str | None) -> SensorResult | SkipReason:
        with build_sensor_context(instance, cursor=cursor, resources={"installation": Installation()}) as context:
            result = delivery_sensor(DeliverySensor(), lake())(context)
        assert isinstance(result, SensorResult | SkipReason)
        return result

    return ask


def lake() -> Lake:
    """The stages without their assets: what the runs would make is a matter of the graph."""
    stages = stages_of_lake()
    return Lake(tuple(stages), {stage.name: [AssetKey([stage.name, "table"])] for stage in stages})


def years(requests: list[RunRequest]) -> list[str]:
    return [one.partition_key for one in requests if one.partition_key]


def requested(result: SensorResult | SkipReason) -> list[RunRequest]:
    assert isinstance(result, SensorResult), result
    return list(result.run_requests or [])


@pytest.mark.usefixtures("data")
def test_the_first_look_asks_for_every_year_that_has_a_delivery_and_the_next_for_none(look: Look) -> None:
    first = look(None)
    assert years(requested(first)) == ["2020", "2021", "2022", "2023"]
    assert isinstance(first, SensorResult)
    assert isinstance(look(first.cursor), SkipReason)


def test_a_changed_file_asks_for_its_year_only(data: Path, look: Look) -> None:
    first = look(None)
    assert isinstance(first, SensorResult)
    file = next((data / "questionnaires" / "2021").glob("*.xlsx"))
    file.write_bytes(file.read_bytes() + b" ")
    (request,) = requested(look(first.cursor))
    assert request.partition_key == "2021"
    assert {key.path[0] for key in request.asset_selection or ()} == {"raw", "answers"}


def test_a_correction_asks_for_its_year(data: Path, look: Look) -> None:
    first = look(None)
    assert isinstance(first, SensorResult)
    (data / "corrections" / "2022.yaml").write_text("corrections: []\n", encoding="utf-8")
    assert years(requested(look(first.cursor))) == ["2022"]


def test_a_correction_that_is_withdrawn_and_put_back_asks_each_time(data: Path, look: Look) -> None:
    file = data / "corrections" / "2022.yaml"
    message = look(None)
    keys = []
    for present in (True, False, True):
        assert isinstance(message, SensorResult)
        if present:
            file.write_text("corrections: []\n", encoding="utf-8")
        else:
            file.unlink()
        message = look(message.cursor)
        (request,) = [one for one in requested(message) if one.partition_key]
        assert request.partition_key == "2022"
        keys.append(request.run_key)
    assert keys == [None, None, None]  # Dagster launches a run key only once, also when the state has come back


def test_a_file_that_is_not_registered_is_named(data: Path, look: Look) -> None:
    first = look(None)
    assert isinstance(first, SensorResult)
    (data / "questionnaires" / "2023" / "late.xlsx").write_bytes(b"")
    message = look(first.cursor)
    assert isinstance(message, SkipReason)
    assert "2023/late.xlsx" in str(message.skip_message)
    assert "lea accept" in str(message.skip_message)


def test_a_questionnaire_with_a_mistake_is_told_and_asks_for_nothing(data: Path, look: Look) -> None:
    (data / "questionnaires" / "2023" / "questionnaire.yaml").write_text("survey_year: [", encoding="utf-8")
    message = look(None)
    assert isinstance(message, SkipReason)
    assert "not valid YAML" in str(message.skip_message)


@pytest.mark.usefixtures("data")
def test_the_schedule_is_the_setting_and_asks_for_every_year_that_changed(instance: DagsterInstance) -> None:
    annual = annual_schedule(Installation().settings.annual_run, lake())
    assert annual.cron_schedule == "0 6 1 9 *"
    assert annual.execution_timezone == "Europe/Amsterdam"
    on = datetime(2027, 9, 1, 6, tzinfo=ZoneInfo("Europe/Amsterdam"))
    resources = {"installation": Installation()}
    with build_schedule_context(instance, scheduled_execution_time=on, resources=resources) as context:
        requests = annual(context)
    assert isinstance(requests, list)
    assert years(requests) == ["2020", "2021", "2022", "2023"]
    assert instance.get_dynamic_partitions("survey_year") == ["2020", "2021", "2022", "2023"]


def test_a_moment_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="There is no such moment as '0 6 40 9 \\*'"):
        annual_schedule(AnnualRun(cron="0 6 40 9 *"), lake())


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
