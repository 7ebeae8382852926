"""What was published can be withdrawn, what was lost comes back, what goes on can be stopped: on whole runs."""

from __future__ import annotations

import shutil
import signal
import time

import pytest

from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow

RUNS = """
import os
from dagster import DagsterInstance
with DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
    print(*sorted({run.status.value for run in instance.get_runs()}))
"""


def change(installation: Installation) -> None:
    """Another state of a file, so that there is something to do."""
    with (installation.data / "plausibility.yaml").open("a", encoding="utf-8") as rules:
        rules.write("# another state of it\n")


def test_everything_that_was_lost_comes_back_and_a_withdrawn_edition_does_not(installation: Installation) -> None:
    backup = installation.folder.with_name("backup")
    shutil.rmtree(backup, ignore_errors=True)
    assert installation.lea("backup", str(backup)).returncode == 0
    shutil.rmtree(installation.data)
    shutil.rmtree(installation.dagster_home)
    assert installation.lea("restore", str(backup)).returncode == 0
    shutil.rmtree(backup)
    assert installation.lea("doctor").stdout == "nothing is wrong\n"
    assert "Nothing has changed since the last edition" in installation.lea("run").stdout

    withdrawn = installation.lea("withdraw", "2023", "--reason", "two municipalities were swapped")
    assert "latest:  nothing: no edition holds" in withdrawn.stdout
    assert not (installation.editions / "latest").is_symlink()
    again = installation.lea("run")
    assert again.returncode == 1
    assert "was withdrawn on" in again.stdout
    assert "two municipalities were swapped" in again.stdout
    assert "Traceback" not in again.stdout + again.stderr
    status = installation.lea("status")
    assert "! none yet: 'lea run' publishes the first one" in status.stdout
    assert "! the last, publish, failed on" in status.stdout


@pytest.mark.long
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_run_is_stopped_at_any_moment(installation: Installation, by: signal.Signals) -> None:
    for seconds in (1, 4, 8, 14, 22, 30):
        change(installation)
        run = installation.start("run")
        time.sleep(seconds)  # whatever it does then
        sent = time.monotonic()
        run.send_signal(by)
        output, _ = run.communicate(timeout=60)
        assert run.returncode == 128 + by
        assert time.monotonic() - sent < 2
        last = output.strip().splitlines()[-1]
        assert last == f"Stopped by {by.name}: nothing needs repair, 'lea run' goes on where this one was"
        assert "Traceback" not in output
    assert "STARTED" not in installation.python(RUNS).stdout.split()
    assert installation.lea("run").returncode == 0
    assert installation.lea("doctor").stdout == "nothing is wrong\n"
