"""Whole runs, as a user starts them: the command line in a process of its own, on a copy of the data folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
    def editions(self) -> Path:
        return self.data / "editions"

    @property
    def warehouse(self) -> Path:
        return self.data / "warehouse" / "lea_vve.duckdb"

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
        return installation
    installation.data.mkdir(parents=True)
    for source in (PROJECT / "data").iterdir():
        if source.name in COMES_OUT:
            continue
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, installation.data / source.name)
    return installation


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, str]:
    """An installation after its first whole run, and what that run said; made once for all test processes.

    Read only: a test that changes something copies it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "ran"
    installation, said = Installation(shared / "installation"), shared / "said.txt"
    with FileLock(f"{shared}.lock"):
        if not said.exists():
            install(installation.folder)
            result = installation.lea("run")
            said.write_text(f"{result.stdout}{result.stderr}\nexit code {result.returncode}", encoding="utf-8")
    return installation, said.read_text(encoding="utf-8")


@pytest.fixture
def installation(ran: tuple[Installation, object], tmp_path: Path) -> Installation:
    """A copy of the installation after its first run, to do with as a test likes."""
    return install(tmp_path / "installation", like=ran[0])
