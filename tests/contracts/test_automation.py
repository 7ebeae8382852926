"""What runs by itself: the annual schedule and the sensor for deliveries."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dagster import (
    DagsterInstance,
    RunRequest,
    SensorResult,
    SkipReason,
    build_schedule_context,
    build_sensor_context,
    validate_run_config,
)

from assets.base.errors import BadInput
from assets.base.installation import Installation
from assets.base.partitions import register_survey_years
from assets.base.paths import PROJECT_DIR
from assets.base.settings import AnnualRun, DeliverySensor
from orchestration.jobs import year_tags
from orchestration.schedules import annual_schedule
from orchestration.sensors import delivery_sensor

Look = Callable[[str | None], SensorResult | SkipReason]

# Loading the definitions takes seconds, which the fast tests spend once, in test_definitions.
pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what goes in."""
    folder = tmp_path / "data"
    for name in ("questionnaires", "corrections", "registers"):
        shutil.copytree(PROJECT_DIR / "data" / name, folder / name)
    monkeypatch.setenv("LEA_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def look(instance: DagsterInstance) -> Look:
    """What the sensor answers at a cursor."""

    def ask(cursor: str | None) -> SensorResult | SkipReason:
        context = build_sensor_context(instance, cursor=cursor, resources={"installation": Installation()})
        result = delivery_sensor(DeliverySensor())(context)
        assert isinstance(result, SensorResult | SkipReason)
        return result

    return ask


def requested(result: SensorResult | SkipReason) -> list[RunRequest]:
    assert isinstance(result, SensorResult), result
    return list(result.run_requests or [])


@pytest.mark.usefixtures("data")
def test_the_first_look_asks_for_every_year_that_has_a_delivery_and_the_next_for_none(look: Look) -> None:
    first = look(None)
    assert [r.tags for r in requested(first)] == [year_tags(["2020", "2023"])]
    assert isinstance(first, SensorResult)
    assert isinstance(look(first.cursor), SkipReason)


def test_a_changed_file_asks_for_its_year_only(data: Path, look: Look) -> None:
    first = look(None)
    assert isinstance(first, SensorResult)
    file = next((data / "questionnaires" / "2021").glob("*.xlsx"))
    file.write_bytes(file.read_bytes() + b" ")
    changed = look(first.cursor)
    assert [r.tags for r in requested(changed)] == [year_tags(["2021", "2021"])]


def test_a_correction_asks_for_its_year(data: Path, look: Look) -> None:
    first = look(None)
    assert isinstance(first, SensorResult)
    (data / "corrections" / "2022.yaml").write_text("corrections: []\n", encoding="utf-8")
    assert [r.tags for r in requested(look(first.cursor))] == [year_tags(["2022", "2022"])]


def test_a_correction_that_is_withdrawn_and_put_back_asks_each_time(data: Path, look: Look) -> None:
    file = data / "corrections" / "2022.yaml"
    told = look(None)
    keys = []
    for present in (True, False, True):
        assert isinstance(told, SensorResult)
        if present:
            file.write_text("corrections: []\n", encoding="utf-8")
        else:
            file.unlink()
        told = look(told.cursor)
        (request,) = requested(told)
        assert request.tags == year_tags(["2022", "2022"])
        keys.append(request.run_key)
    assert keys == [None, None, None]  # Dagster launches a run key only once, also when the state has come back


def test_a_file_that_is_not_registered_is_named(data: Path, look: Look) -> None:
    first = look(None)
    assert isinstance(first, SensorResult)
    (data / "questionnaires" / "2023" / "late.xlsx").write_bytes(b"")
    told = look(first.cursor)
    assert isinstance(told, SkipReason)
    assert "2023/late.xlsx" in str(told.skip_message)
    assert "lea accept" in str(told.skip_message)


def test_a_questionnaire_with_a_mistake_is_told_and_asks_for_nothing(data: Path, look: Look) -> None:
    (data / "questionnaires" / "2023" / "questionnaire.yaml").write_text("survey_year: [", encoding="utf-8")
    told = look(None)
    assert isinstance(told, SkipReason)
    assert "not valid YAML" in str(told.skip_message)


def test_the_schedule_is_the_setting_and_asks_for_every_year(instance: DagsterInstance) -> None:
    annual = annual_schedule(Installation().settings.annual_run)
    assert annual.cron_schedule == "0 6 1 9 *"
    assert annual.execution_timezone == "Europe/Amsterdam"
    on = datetime(2027, 9, 1, 6, tzinfo=ZoneInfo("Europe/Amsterdam"))
    resources = {"installation": Installation()}
    request = annual(build_schedule_context(instance, scheduled_execution_time=on, resources=resources))
    assert isinstance(request, RunRequest)
    assert request.tags.items() >= year_tags(["2020", "2023"]).items()
    assert instance.get_dynamic_partitions("survey_year") == ["2020", "2021", "2022", "2023"]


def test_a_moment_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="There is no such moment as '0 6 40 9 \\*'"):
        annual_schedule(AnnualRun(cron="0 6 40 9 *"))


def test_survey_years_are_registered_in_their_order_and_go_with_their_questionnaire(instance: DagsterInstance) -> None:
    for years in ([2021, 2022], [2022, 2020, 2021], [2020, 2022]):
        expected = [str(year) for year in sorted(years)]
        assert register_survey_years(instance, years) == expected
        assert instance.get_dynamic_partitions("survey_year") == expected


@pytest.mark.parametrize("job", ["annual_run", "publication"])
def test_the_jobs_run_without_configuration(job: str) -> None:
    from orchestration.definitions import defs  # takes seconds to load

    assert validate_run_config(defs().resolve_job_def(job), {}) is not None
