"""A server on this machine: PostgreSQL, and the services of ``deployment/systemd``, by their own commands and with the
environment of ``deployment/environment.example``, moved to a folder of the test's.

Whoever is root starts all of it as a user that owns nothing but that folder, so that the code is read-only as it is on
a server.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from string import Template
from typing import Any

import pytest

from tests.pipeline.conftest import PROJECT, ask_dagster

DEPLOYMENT = PROJECT / "deployment"
CODE = "/opt/lea-vve"  # where a server has what is in PROJECT
SERVICES = ("code", "daemon", "engineers", "stewards")
SECONDS_TO_END = 900  # of whatever is waited for; the longest takes two minutes on a quiet machine
_NOBODY = "nobody"
_PASSED_ON = ("PYTHONPATH",)


def postgresql() -> Path | None:
    """The programs of Debian's newest PostgreSQL; None where there is none."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def as_nobody() -> list[str]:
    """Before a command: the user of the services, where we are root. It may read what root may, and write its own."""
    reads = "+dac_read_search"
    user = ["setpriv", f"--reuid={_NOBODY}", "--regid=nogroup", "--clear-groups", "--no-new-privs"]
    return [*user, f"--inh-caps={reads}", f"--ambient-caps={reads}"] if os.getuid() == 0 else []


def command_of(service: str) -> str:
    """What the unit of a service starts."""
    unit = (DEPLOYMENT / "systemd" / f"lea-vve-{service}.service").read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    return str(command)


def environment_of(text: str) -> dict[str, str]:
    """The settings of an environment file."""
    pairs = (line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {name: shlex.split(value)[0] for name, value in pairs}


@dataclass
class Server:
    """``folder``: where it writes; short, as a socket's path is."""

    folder: Path
    changed: Mapping[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @cached_property
    def environment(self) -> dict[str, str]:
        """The settings of the example, moved."""
        own = environment_of((DEPLOYMENT / "environment.example").read_text(encoding="utf-8"))
        moved = {name: value.replace("/var/lib/lea-vve", str(self.folder)) for name, value in own.items()}
        socket = moved["LEA_POSTGRES_URL"].replace("/var/run/postgresql", str(self.folder / "postgres"))
        moved |= {"LEA_POSTGRES_URL": socket, "LEA_CODE_SOCKET": str(self.folder / "code.sock")}
        return moved | dict(self.changed)

    @property
    def of_the_machine(self) -> dict[str, str]:
        """What every process has, whoever it is of."""
        passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        programs = f"{Path(sys.executable).parent}:{postgresql()}:{os.environ['PATH']}"
        return {"HOME": str(self.folder), "PATH": programs, **passed_on}

    @property
    def data(self) -> Path:
        return Path(self.environment["LEA_DATA_DIR"])

    @property
    def dagster_home(self) -> Path:
        return Path(self.environment["DAGSTER_HOME"])

    def address(self, ui: str) -> str:
        """Of the UI for 'engineers' or 'stewards'."""
        port, prefix = (self.environment[f"LEA_{ui.upper()}_{what}"] for what in ("PORT", "PREFIX"))
        return f"http://127.0.0.1:{port}{prefix}"

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """What the UI for engineers answers."""
        return ask_dagster(self.address("engineers"), query, **variables)

    def until(self, what: str, holds: Callable[[], Any]) -> None:
        """Waits until it holds; while a UI does not answer, as when PostgreSQL was away, it does not."""
        end = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < end:
            for service, process in self.running.items():
                assert process.poll() is None, f"{service} has ended: {self.log(service).read_text()[-2000:]}"
            with suppress(OSError):
                if holds():
                    return
            time.sleep(0.2)
        pytest.fail(f"{what}: not after {SECONDS_TO_END} seconds")

    def start(self, *services: str) -> None:
        for service in services:
            command = Template(command_of(service).replace(CODE, str(PROJECT))).substitute(self.environment)
            self.running[service] = self._started(service, shlex.split(command))

    def start_postgres(self) -> None:
        cluster = str(self.folder / "postgres")
        if not Path(cluster).exists():
            self.run("initdb", "--auth-local=peer", "--auth-host=reject", "-D", cluster)
        own = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={cluster}"]
        self.running["postgres"] = self._started("postgres", ["postgres", "-D", cluster, *own])

    def has_postgres(self) -> bool:
        """Whether PostgreSQL answers."""
        ready = ["pg_isready", "--quiet", "-h", str(self.folder / "postgres")]
        return subprocess.run(ready, env=self.of_the_machine, check=False).returncode == 0

    def hand_over(self) -> None:
        """Gives what is in the folder to the user of the services."""
        if as_nobody():
            subprocess.run(["chown", "--recursive", f"{_NOBODY}:nogroup", str(self.folder)], check=True)

    def stop(self, service: str, by: signal.Signals) -> None:
        """As systemd does: every process of the service."""
        process = self.running.pop(service)
        os.killpg(process.pid, by)
        process.wait(timeout=60)

    def stop_all(self) -> None:
        for service in reversed(list(self.running)):
            self.stop(service, signal.SIGKILL)

    def log(self, service: str) -> Path:
        return self.folder / f"{service}.log"

    def lea(self, *arguments: str) -> str:
        """What ``deployment/lea`` says, which succeeds; with an environment of its own."""
        settings, script = self.folder / "environment", self.folder / "lea"
        lines = (f"{name}={shlex.quote(value)}\n" for name, value in self.environment.items())
        settings.write_text("".join(lines), encoding="utf-8")
        text = (DEPLOYMENT / "lea").read_text(encoding="utf-8").replace(CODE, str(PROJECT))
        script.write_text(text.replace("/etc/lea-vve/environment", str(settings)), encoding="utf-8")
        return self.run("sh", str(script), *arguments)

    def run(self, *command: str) -> str:
        """What a command says that succeeds, started as the services are."""
        done = subprocess.run(
            [*as_nobody(), *command],
            env=self.of_the_machine,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def _started(self, service: str, command: list[str]) -> subprocess.Popen[bytes]:
        with self.log(service).open("ab") as log:
            return subprocess.Popen(
                [*as_nobody(), *command],
                env=self.of_the_machine | self.environment,
                cwd=PROJECT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
