"""A typo never takes the code location down: it loads whatever is declared, and schedule, sensors and runs say what is
wrong, until it is mended."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dagster import (
    DagsterInstance,
    RepositoryDefinition,
    SkipReason,
    build_schedule_context,
    build_sensor_context,
)

from assets.base.installation import Installation
from assets.base.paths import PROJECT_DIR

pytestmark = pytest.mark.slow  # each loads the definitions, which takes seconds

EVERY_SECTION = """
annual_run: {cron: "0 6 31 2 *", timezone: Europe/Amsterdm}
deadlines: {answers: {2024: soon}}
delivery_sensor: {every_seconds: often}
edition: {survey_year: latest}
notices: {channel: pigeon}
owners: [{role: Data Engineers, groups: [raw]}]
retries: {limit: many}
storage: {versions: 0}
ui: {dagster_url: 1, port: 2}
writer: {wait_seconds: -1}
"""
AT_THE_BOUNDS = """
annual_run: {cron: "* * * * *", timezone: UTC}
delivery_sensor: {every_seconds: 86400}
notices: {every_seconds: 86400}
owners: [{role: a, groups: [raw, no_such_group]}, {role: b, groups: [raw]}]
"""


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the declarations, with what dbt parsed for an earlier test."""
    folder = tmp_path / "data"
    out = shutil.ignore_patterns("lake", "warehouse", "editions", "*.xlsx", "*.sav")
    shutil.copytree(PROJECT_DIR / "data", folder, ignore=out)
    parsed = tmp_path_factory.getbasetemp() / "parsed"
    parsed.mkdir(exist_ok=True)
    (folder / "warehouse").mkdir()
    (folder / "warehouse" / "dbt_target").symlink_to(parsed)
    monkeypatch.setenv("LEA_DATA_DIR", str(folder))
    return folder


def loaded() -> RepositoryDefinition:
    """All that the code location has."""
    from orchestration.definitions import defs

    return defs().get_repository_def()


def write(text: str) -> Callable[[Path], object]:
    return lambda data: (data / "settings.yaml").write_text(text, encoding="utf-8")


def break_every_declaration(data: Path) -> None:
    for file in (file for end in ("*.yaml", "*.csv") for file in data.rglob(end)):
        file.write_text("{ no: [ declaration", encoding="utf-8")


def name_no_folder(data: Path) -> None:
    """LEA_DATA_DIR with a typo, where nobody may make a folder."""
    shutil.rmtree(data)
    data.write_text("", encoding="utf-8")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        pytest.param(write(EVERY_SECTION), "settings.yaml, line 2", id="every section of the settings"),
        pytest.param(write("retries: [\n"), "settings.yaml, line 2", id="settings that are no YAML"),
        pytest.param(break_every_declaration, "not valid YAML", id="every declaration"),
        pytest.param(name_no_folder, "/data", id="a data folder that is not there"),
    ],
)
def test_the_code_location_loads_and_what_runs_by_itself_says_what_is_wrong(
    data: Path, instance: DagsterInstance, wrong: Callable[[Path], object], says: str
) -> None:
    wrong(data)
    location = loaded()
    resources = {"installation": Installation()}
    on = datetime(2027, 9, 1, 6, tzinfo=ZoneInfo("Europe/Amsterdam"))
    ticks: dict[str, object] = {}
    with build_schedule_context(instance, scheduled_execution_time=on, resources=resources) as context:
        ticks["annual"] = location.get_schedule_def("annual")(context)
    for name in ("new_delivery", "ask_again", "notices"):
        with build_sensor_context(instance, resources=resources) as context:
            ticks[name] = location.get_sensor_def(name)(context)
    for name, tick in ticks.items():
        assert isinstance(tick, SkipReason), name
        assert says in str(tick.skip_message), name


def test_what_the_settings_allow_loads(data: Path) -> None:
    write(AT_THE_BOUNDS)(data)
    assert loaded().get_schedule_def("annual").cron_schedule == "* * * * *"
