"""Whole runs, as a user starts them: the command line in a process of its own, on a copy of the data folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from filelock import FileLock

PROJECT = Path(__file__).resolve().parents[2]
COMES_OUT = ("lake", "warehouse", "editions")


@dataclass(frozen=True)
class Installation:
    """A data folder and a Dagster instance of their own."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def dagster_home(self) -> Path:
        return self.folder / "dagster_home"

    @property
    def inside(self) -> Path:
        """The part of the newest edition that stays inside."""
        return self.editions / "latest" / "internal"

    @property
    def public(self) -> Path:
        """The part of the newest edition that anybody may have."""
        return self.editions / "latest" / "public"

    @property
    def editions(self) -> Path:
        return self.data / "editions"

    @property
    def warehouse(self) -> Path:
        return self.data / "warehouse" / "lea_vve.duckdb"

    @property
    def dbt_target(self) -> Path:
        return self.data / "warehouse" / "dbt_target"

    @property
    def parsed_before(self) -> Path:
        """What dbt parsed in this place for an installation that has been removed."""
        return self.folder.with_name(f"{self.folder.name}_dbt_target")

    @property
    def environment(self) -> Mapping[str, str]:
        own = {"LEA_DATA_DIR": str(self.data), "DAGSTER_HOME": str(self.dagster_home), "NO_COLOR": "1"}
        return {**os.environ, **own}

    def lea(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs ``lea`` to its end."""
        return subprocess.run(
            self.command(*arguments), env=self.environment, capture_output=True, text=True, check=False
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts ``lea`` and does not wait."""
        return subprocess.Popen(
            self.command(*arguments), env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def python(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a piece of Python in this installation: for what is asked of the Dagster instance."""
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=self.environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )

    @staticmethod
    def command(*arguments: str) -> list[str]:
        return [str(Path(sys.executable).parent / "lea"), *arguments]


def install(folder: Path, *, like: Installation | None = None) -> Installation:
    """A new installation: the bundled inputs only, or all of another installation with its history."""
    installation = Installation(folder)
    if like is not None:
        shutil.copytree(like.folder, folder, symlinks=True)
        bring_parsed(installation)
        return installation
    installation.data.mkdir(parents=True)
    for source in (PROJECT / "data").iterdir():
        if source.name in COMES_OUT:
            continue
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, installation.data / source.name)
    bring_parsed(installation)
    return installation


def ask_dagster(address: str, query: str, **variables: Any) -> dict[str, Any]:
    """What the UI's own interface (GraphQL) at this address answers."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = Request(f"{address}/graphql", body, {"content-type": "application/json"})
    with urlopen(request, timeout=60) as answer:
        found = json.load(answer)
    assert "errors" not in found, found
    data: dict[str, Any] = found["data"]
    return data


def bring_parsed(installation: Installation) -> None:
    """Gives a new installation what dbt parsed in the same place before, which rests on the dbt project and the paths
    alone."""
    if installation.parsed_before.exists():
        shutil.rmtree(installation.dbt_target, ignore_errors=True)
        installation.dbt_target.parent.mkdir(exist_ok=True)
        installation.parsed_before.rename(installation.dbt_target)


def remove(installation: Installation) -> None:
    """Removes an installation, and keeps what dbt parsed for the next one in the same place."""
    if installation.dbt_target.exists():
        installation.dbt_target.rename(installation.parsed_before)
    shutil.rmtree(installation.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, str]:
    """An installation after its first whole run, and what that run said; made once for all test processes.

    Read only: a test that changes something copies it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "ran"
    installation, output = Installation(shared / "installation"), shared / "said.txt"
    with FileLock(f"{shared}.lock"):
        if not output.exists():
            install(installation.folder)
            result = installation.lea("run")
            output.write_text(f"{result.stdout}{result.stderr}\nexit code {result.returncode}", encoding="utf-8")
    return installation, output.read_text(encoding="utf-8")


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Where a test makes an installation; there is none yet. The same place for all tests of a process, one after the
    other: dbt parses its project anew, which takes a quarter of a run, when the paths change.
    """
    installation = Installation(tmp_path_factory.getbasetemp() / "installation")
    yield installation
    remove(installation)


@pytest.fixture
def installation(ran: tuple[Installation, object], place: Installation) -> Installation:
    """A copy of the installation after its first run, to do with as a test likes."""
    return install(place.folder, like=ran[0])
