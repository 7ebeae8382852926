"""What runs by itself, with a real daemon: a correction is taken in and published while nobody looks, also when the
process of a run is killed on the way; and people hear of it.

Long: the daemon looks every half minute.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from filelock import FileLock

from tests.pipeline.conftest import Installation, ask_dagster
from tests.reliability import note
from tests.ui.test_dagster_ui import started_ui
from tests.unit.orchestration.receivers import WebAddress, web_address

pytestmark = pytest.mark.long

SECONDS_TO_END = 300
STARTS = ("STARTING", "STARTED")
SWITCH_ON = """
mutation($sensor: String!) { startSensor(sensorSelector: {repositoryName: "__repository__",
  repositoryLocationName: "orchestration.definitions", sensorName: $sensor}) { __typename } }
"""
RUNS = "query { runsOrError { ... on Runs { results { id jobName status tags { key value } } } } }"
EVENTS = """
query($run: ID!) { logsForRun(runId: $run) { ... on EventConnection { events { ... on MessageEvent { message } } } } }
"""
LAUNCH = """
mutation($job: String!) { launchRun(executionParams: {selector: {repositoryName: "__repository__",
  repositoryLocationName: "orchestration.definitions", jobName: $job}}) { ... on LaunchRunSuccess { run { id } } } }
"""
ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
SETTINGS = {
    "delivery_sensor": {"every_seconds": 30},
    "retries": {"pause_seconds": 0},
    "notices": {"channel": "webhook", "every_seconds": 30},
}


class Daemon:
    """The daemon of an installation, asked through the UI's own interface."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        return ask_dagster(self.address, query, **variables)

    def runs(self, part: str) -> list[tuple[str, str, str]]:
        """Id, status and attempt of each run of a part that the daemon asked for, the newest first."""
        runs = self.ask(RUNS)["runsOrError"]["results"]
        tags = [{tag["key"]: tag["value"] for tag in run["tags"]} for run in runs]
        return [
            (run["id"], run["status"], of_run["lea/attempt"])
            for run, of_run in zip(runs, tags, strict=True)
            if of_run.get("lea/part") == part
        ]

    def statuses(self) -> dict[str, str]:
        """Of every run, whoever asked for it."""
        return {run["id"]: run["status"] for run in self.ask(RUNS)["runsOrError"]["results"]}

    def process_of(self, run_id: str) -> int | None:
        events = self.ask(EVENTS, run=run_id)["logsForRun"]["events"]
        found = [re.search(r"\(pid: (\d+)\)", event.get("message", "")) for event in events]
        return next((int(one[1]) for one in found if one), None)

    def succeeded(self, part: str, attempt: str) -> bool:
        return any(one[1:] == ("SUCCESS", attempt) for one in self.runs(part))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebAddress]:
    with web_address() as address:
        monkeypatch.setenv("LEA_NOTICES_URL", address.url)
        yield address


@pytest.fixture
def daemon(installation: Installation, web: WebAddress, tmp_path: Path) -> Iterator[Daemon]:
    """With everything switched on."""
    assert web.url
    settings = installation.data / "settings.yaml"
    given = yaml.safe_load(settings.read_text(encoding="utf-8"))
    settings.write_text(yaml.safe_dump(given | SETTINGS), encoding="utf-8")
    with started_ui(installation, tmp_path / "output.txt") as address:
        started = Daemon(address)
        for sensor in ("new_delivery", "publish_when_good"):
            assert started.ask(SWITCH_ON, sensor=sensor)["startSensor"]["__typename"] == "Sensor"
        yield started


def until(what: str, holds: Callable[[], Any]) -> Any:
    """What it gives once it gives something."""
    end = time.monotonic() + SECONDS_TO_END
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.2)
    pytest.fail(f"{what}: not after {SECONDS_TO_END} seconds")


def kill_once_started(daemon: Daemon, part: str) -> str:
    """Kills the first run of a part while it goes on; its id."""
    run_id = until(f"a run of {part}", lambda: [run for run, status, _ in daemon.runs(part) if status == "STARTED"])[0]
    process = until("its process", partial(daemon.process_of, run_id))
    os.kill(process, signal.SIGKILL)
    return str(run_id)


def test_a_correction_is_published_though_two_runs_are_killed(
    daemon: Daemon, installation: Installation, web: WebAddress
) -> None:
    until("the first look of the sensor for notices", lambda: web.posts)
    assert (daemon.runs("2023"), daemon.runs("publish")) == ([], [])  # nothing has changed
    (installation.data / "corrections" / "2023.yaml").write_text("corrections: []\n", encoding="utf-8")
    until("the launch of a run of 2023", lambda: [run for run in daemon.runs("2023") if run[1] in STARTS])
    with FileLock(installation.data / "warehouse" / "writer.lock"):  # it would be over too soon: so it waits
        killed = {"2023": kill_once_started(daemon, "2023")}
    killed["publish"] = kill_once_started(daemon, "publish")
    for part, run_id in killed.items():
        until(f"{part} again", partial(daemon.succeeded, part, attempt="2"))
        assert (run_id, "FAILURE", "1") in daemon.runs(part)
    heard = [notice["what"] for post in web.posts for notice in post["notices"] if notice["survey_year"] != "2022"]
    assert heard.count("a run of take_in was killed, or could not begin") <= 1  # once; or it was over by then


CORRECTION = """
corrections:
  - {municipality: GM0363, question: R3, expected: '3678', value: '3677', reason: a typo, who: a, when: 2024-01-10}
"""
CORRECTED = """
select number from fct_answers where municipality_code = 'GM0363' and question_id = 'R3' and survey_year = 2023
"""


def test_three_runs_at_once_are_one_edition(daemon: Daemon, installation: Installation) -> None:
    """The sensor's, that of a button and that of the command line: each waits for the others, none is left behind."""
    (installation.data / "corrections" / "2023.yaml").write_text(CORRECTION, encoding="utf-8")
    until("the run that the sensor asks for", lambda: [run for run in daemon.runs("2023") if run[1] in STARTS])
    with FileLock(installation.data / "warehouse" / "writer.lock"):  # it would be over too soon: so they wait
        pressed = daemon.ask(LAUNCH, job="publish")["launchRun"]["run"]["id"]
        command = installation.start("run")
        with pytest.raises(subprocess.TimeoutExpired):
            command.wait(timeout=5)
    said, _ = command.communicate(timeout=SECONDS_TO_END)
    until("the end of all runs", lambda: set(daemon.statuses().values()) <= ENDED)
    assert (command.returncode, daemon.statuses()[pressed]) == (0, "SUCCESS"), said
    assert [run[1:] for run in daemon.runs("2023")] == [("SUCCESS", "1")]
    assert sorted(folder.name for folder in (installation.editions / "2023").glob("v*")) == ["v1", "v2"]
    with duckdb.connect(str(installation.inside / "lea_vve.duckdb"), read_only=True) as edition:
        assert edition.execute(CORRECTED).fetchall() == [(3677,)]
    assert "nothing is wrong" in installation.lea("doctor").stdout
    note("three runs at once: sensor, button and command line (`test_by_itself`)", "1 edition, 0 lost, 0 stuck")
