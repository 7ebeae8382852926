"""A signal ends what goes on within two seconds, with one line, whatever it is doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STUCK = {
    "in Python": "while True: pass",
    "asleep": "import time; time.sleep(60)",
    "in a query": "import duckdb; duckdb.sql('select max(sin(a.range + b.range)) from range(9999999) a, "
    "range(9999999) b').fetchall()",
    "in dbt's pool": "import multiprocessing, time; a = multiprocessing.get_context('spawn').RLock(); time.sleep(60)",
    "deaf": """
while True:
    try:
        while True: pass
    except BaseException: pass""",
}
WORK = """
import sys
from orchestration.stopping import until_stopped
def work():
    print("begun", flush=True)
    exec(sys.argv[1])
def last_words(by):
    print(f"stopped by {by}", flush=True)
    if len(sys.argv) > 2:
        work()  # never ends
until_stopped(work, last_words)
"""


def start(code: str, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORK, code, *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("doing", STUCK)
def test_work_is_stopped(doing: str, by: signal.Signals) -> None:
    process = start(STUCK[doing])
    sent = time.monotonic()
    process.send_signal(by)
    output, _ = process.communicate(timeout=20)
    assert (output, process.returncode) == (f"stopped by {by.name}\n", 128 + by)
    assert time.monotonic() - sent < 2


@pytest.mark.slow
def test_ctrl_c_is_heard_by_this_process_only() -> None:
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(2)'])"
    command = [sys.executable, "-c", WORK, child]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert (output, process.returncode) == ("begun\nstopped by SIGINT\n", 130)


@pytest.mark.slow
def test_last_words_have_an_end() -> None:
    process = start("import time; time.sleep(60)", "and last words that never end")
    sent = time.monotonic()
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGTERM
    assert time.monotonic() - sent < 4


@pytest.mark.parametrize(("code", "output"), [("pass", ""), ("raise ZeroDivisionError", "ZeroDivisionError")])
def test_work_that_ends_by_itself_ends_as_ever(code: str, output: str) -> None:
    process = start(code)
    rest, _ = process.communicate(timeout=20)
    assert output in rest
    assert process.returncode == (1 if output else 0)


def test_ctrl_c_while_the_command_still_loads_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import time; print('loading', flush=True); time.sleep(60)", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    process = subprocess.Popen(
        [sys.executable, "-c", "from orchestration.lea import main; main()"],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert (output, process.returncode) == ("", -signal.SIGINT)
