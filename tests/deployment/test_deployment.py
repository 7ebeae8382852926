"""A year on a server: taken in and published by its services, though each of them is killed on the way."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import duckdb
import pytest
import yaml
from filelock import FileLock

from tests.deployment.server import DEPLOYMENT, SERVICES, Server, postgresql
from tests.pipeline.conftest import ask_dagster, install
from tests.pipeline.test_by_itself import STARTS, SWITCH_ON, Daemon
from tests.ui.test_dagster_ui import free_port

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.skipif(postgresql() is None, reason="there is no PostgreSQL: 'apt-get install postgresql' as root"),
]
SETTINGS = {
    "annual_run": {"cron": "* * * * *", "timezone": "UTC"},
    "delivery_sensor": {"every_seconds": 30},
    "retries": {"pause_seconds": 0},
}
AMSTERDAM = "GM0363"
LOCATION = {"repositoryName": "__repository__", "repositoryLocationName": "orchestration.definitions"}
SCHEDULE_ON = """mutation($annual: ScheduleSelector!) { startSchedule(scheduleSelector: $annual) {
  ... on ScheduleStateResult { scheduleState { id } } } }"""
SCHEDULE_OFF = "mutation($id: String!) { stopRunningSchedule(id: $id) { __typename } }"
GOING_ON = """query { runsOrError(filter: {statuses: [QUEUED, NOT_STARTED, STARTING, STARTED]}) {
  ... on Runs { results { id } } } }"""
TICKS = """query($sensor: SensorSelector!) { sensorOrError(sensorSelector: $sensor) {
  ... on Sensor { sensorState { ticks(limit: 1) { skipReason } } } } }"""
LOCATIONS = """query { workspaceOrError { ... on Workspace { locationEntries {
  locationOrLoadError { __typename } } } } }"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """With all services started at once on an empty database, and the first edition."""
    folder = Path(tempfile.mkdtemp(prefix="lea-"))
    ports = {"LEA_ENGINEERS_PORT": str(free_port()), "LEA_STEWARDS_PORT": str(free_port())}
    started = Server(folder, ports)
    try:
        install_on(started)
        start_postgres(started)
        started.run("createdb", "-h", str(folder / "postgres"), "lea_vve")
        started.start(*SERVICES)
        started.lea("run")
        yield started
    finally:
        started.stop_all()
        shutil.rmtree(folder)


def install_on(server: Server) -> None:
    """As the README of the deployment says."""
    install(server.folder)
    settings = server.data / "settings.yaml"
    given = yaml.safe_load(settings.read_text(encoding="utf-8"))
    settings.write_text(yaml.safe_dump(given | SETTINGS), encoding="utf-8")
    server.dagster_home.mkdir()
    (server.dagster_home / "dagster.yaml").symlink_to(DEPLOYMENT / "dagster.yaml")
    server.hand_over()


def start_postgres(server: Server) -> None:
    server.start_postgres()
    server.until("PostgreSQL", server.has_postgres)


def restart(server: Server, *services: str) -> None:
    """After a kill, as systemd would."""
    for service in services:
        server.stop(service, signal.SIGKILL)
    server.start(*services)
    server.until("the UI, and in it the code location", lambda: has_loaded(server))


def has_loaded(server: Server) -> bool:
    (entry,) = server.ask(LOCATIONS)["workspaceOrError"]["locationEntries"]
    return (entry["locationOrLoadError"] or {}).get("__typename") == "RepositoryLocation"


def switch_on(server: Server, sensor: str) -> None:
    server.until(
        f"the switch of {sensor}",
        lambda: server.ask(SWITCH_ON, sensor=sensor)["startSensor"]["__typename"] == "Sensor",
    )


def correct(server: Server, year: int) -> tuple[str, int]:
    """A steward corrects a count of Amsterdam; the question, and what it is from now on."""
    with duckdb.connect(str(server.data / "editions/latest/internal/lea_vve.duckdb"), read_only=True) as edition:
        ((question, number),) = edition.sql(
            f"select question_id, number from fct_answers where municipality_code = '{AMSTERDAM}' "
            f"and survey_year = {year} and answer_type = 'count' and number > 10 order by question_position limit 1"
        ).fetchall()
    one = {"municipality": AMSTERDAM, "question": question, "expected": str(int(number)), "value": str(int(number) - 1)}
    by_whom = {"reason": "one too many", "who": "a steward", "when": "2024-01-10"}
    corrections = server.data / "corrections" / f"{year}.yaml"
    corrections.write_text(yaml.safe_dump({"corrections": [one | by_whom]}), encoding="utf-8")
    return question, int(number) - 1


def published(server: Server, year: int, question: str) -> int:
    with duckdb.connect(str(server.data / "editions/latest/internal/lea_vve.duckdb"), read_only=True) as edition:
        ((number,),) = edition.sql(
            f"select number from fct_answers where municipality_code = '{AMSTERDAM}' "
            f"and survey_year = {year} and question_id = '{question}'"
        ).fetchall()
    return int(number)


def versions(server: Server) -> list[str]:
    return sorted(folder.name for folder in (server.data / "editions" / "2023").glob("v*"))


def test_a_year_is_published_though_each_part_is_killed(server: Server) -> None:
    daemon = Daemon(server.address("engineers"))
    server.until("the code location", lambda: has_loaded(server))
    switch_on(server, "publish_when_good")
    server.until("the end of what the first runs asked for", lambda: not server.ask(GOING_ON)["runsOrError"]["results"])
    question, number = correct(server, 2023)
    schedule = server.ask(SCHEDULE_ON, annual={**LOCATION, "scheduleName": "annual"})["startSchedule"]["scheduleState"]
    server.until("the tick of the schedule", lambda: [one for one in daemon.runs("2023") if one[1] in STARTS])
    server.ask(SCHEDULE_OFF, id=schedule["id"])
    with FileLock(server.data / "warehouse" / "writer.lock"):  # it would be over too soon: so it waits
        server.until("the run of 2023", lambda: [one for one in daemon.runs("2023") if one[1] == "STARTED"])
        restart(server, "code")
    server.until("the run of 2023 again", lambda: daemon.succeeded("2023", attempt="2"))

    server.until("the launch of the publication", lambda: [one for one in daemon.runs("publish") if one[1] in STARTS])
    server.stop("postgres", signal.SIGKILL)
    start_postgres(server)
    server.until("the publication", lambda: any(one[1] == "SUCCESS" for one in daemon.runs("publish")))
    assert versions(server) == ["v1", "v2"]
    assert published(server, 2023, question) == number

    question, number = correct(server, 2022)
    switch_on(server, "new_delivery")
    server.until("what the sensor asks for", lambda: daemon.runs("2022"))
    restart(server, "daemon", "engineers", "stewards")
    server.until("the run of 2022", lambda: any(one[1] == "SUCCESS" for one in daemon.runs("2022")))
    server.until("its publication", lambda: versions(server) == ["v1", "v2", "v3"])
    server.until("its end", lambda: daemon.runs("publish")[0][1] == "SUCCESS")
    assert published(server, 2022, question) == number
    assert "nothing is wrong" in server.lea("doctor")
    assert re.search("the last, .+, succeeded on", server.lea("status"))


def test_both_uis_are_behind_their_prefix_and_stewards_change_nothing(server: Server) -> None:
    for ui in ("engineers", "stewards"):
        address = server.address(ui)
        assert urlopen(f"{address}/server_info", timeout=60).status == 200
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"http://127.0.0.1:{server.environment[f'LEA_{ui.upper()}_PORT']}/server_info", timeout=60)
    refused = ask_dagster(server.address("stewards"), SWITCH_ON, sensor="new_delivery")
    assert refused["startSensor"]["__typename"] == "UnauthorizedError"


def test_the_services_cannot_write_to_the_code(server: Server) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can start the services as somebody else than who owns the code")
    folder = "import os, assets; print(os.access(os.path.dirname(assets.__file__), os.W_OK))"
    assert server.run("python", "-c", folder).strip() == "False"


def test_a_typo_in_the_settings_is_named_where_engineers_look(server: Server) -> None:
    server.until("the code location", lambda: has_loaded(server))
    settings = server.data / "settings.yaml"
    given = settings.read_text(encoding="utf-8")
    try:
        settings.write_text(f"{given}\nwriters: {{}}\n", encoding="utf-8")
        restart(server, "code")  # which loads
        server.until("what the sensor says", lambda: "'writers' is not a field" in last_tick(server, "ask_again"))
    finally:
        settings.write_text(given, encoding="utf-8")
    server.until("that it looks again", lambda: "No run was killed" in last_tick(server, "ask_again"))


def last_tick(server: Server, sensor: str) -> str:
    """Why a sensor asked for nothing, the last time."""
    found = server.ask(TICKS, sensor={**LOCATION, "sensorName": sensor})["sensorOrError"]
    ticks = found["sensorState"]["ticks"] if found else []  # none while the code location is being loaded
    return str(ticks[0]["skipReason"]) if ticks else ""


def test_the_history_comes_back_with_the_rest(server: Server) -> None:
    for service in SERVICES:
        server.stop(service, signal.SIGTERM)
    server.lea("backup", str(server.folder / "backup"))
    for lost in (server.data, server.dagster_home):
        shutil.rmtree(lost)
    socket = str(server.folder / "postgres")
    server.run("dropdb", "-h", socket, "lea_vve")
    server.run("createdb", "-h", socket, "lea_vve")
    server.lea("restore", str(server.folder / "backup"))
    assert "Nothing has changed since the last edition" in server.lea("run")
    assert "nothing is wrong" in server.lea("doctor")
    assert re.search("the last, .+, succeeded on", server.lea("status"))


def test_a_database_that_does_not_answer_is_one_message(server: Server) -> None:
    server.stop("postgres", signal.SIGINT)
    assert "remedy: start PostgreSQL, or mend LEA_POSTGRES_URL" in server.lea("status")
