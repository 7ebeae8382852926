"""Installed from its wheel, without a checkout and without a network, the monitor makes the same edition."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.pipeline.conftest import PROJECT, Installation
from tests.pipeline.test_annual_run import digests

pytestmark = pytest.mark.slow
NOT_IN_IT = ("tests/", "docs/", "synthetic/", "benchmarks/", "requirements/", ".")
AT_THE_TOP = ("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "pyproject.toml")
NO_NETWORK = ("unshare", "--map-root-user", "--net")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "-w", str(folder)]
    subprocess.run([*build, str(PROJECT)], check=True)
    return next(folder.glob("*.whl"))


def test_it_has_all_that_is_committed_and_nothing_else(wheel: Path) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    code = ("assets/", "orchestration/")
    committed = {
        name if name.startswith(code) else f"orchestration/bundled/{name}"
        for name in listed
        if not name.startswith(NOT_IN_IT) and name not in AT_THE_TOP
    }
    with zipfile.ZipFile(wheel) as archive:
        assert {name for name in archive.namelist() if ".dist-info/" not in name} == committed


@pytest.mark.long
@pytest.mark.sample
def test_it_runs_in_an_empty_folder_without_a_network(
    wheel: Path, ran: tuple[Installation, str], tmp_path: Path
) -> None:
    site, folder = tmp_path / "site", tmp_path / "work"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, wheel], check=True)
    _read_only(site)

    assert "'lea init' a folder to work in" in _lea(site, folder, "run").stderr
    assert _lea(site, folder, "init").returncode == 0
    assert "There is data and dagster_home and workspace.yaml already" in _lea(site, folder, "init").stderr
    result = _lea(site, folder, "run")

    assert result.returncode == 0, result.stdout + result.stderr
    assert digests(folder / "data" / "editions" / "latest") == digests(ran[0].editions / "latest")


def _lea(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "orchestration.cli", *arguments]
    return subprocess.run(
        [*_without_network(), *command], cwd=folder, env=_environment(site), capture_output=True, text=True, check=False
    )


def _environment(site: Path) -> Mapping[str, str]:
    """Only the wheel's code: neither the checkout's data folder nor its instance."""
    own = {name: value for name, value in os.environ.items() if name not in ("LEA_DATA_DIR", "DAGSTER_HOME")}
    return own | {"PYTHONPATH": str(site), "NO_COLOR": "1"}


def _without_network() -> tuple[str, ...]:
    """In a namespace of its own, where the machine allows one."""
    allowed = shutil.which("unshare") and not subprocess.run([*NO_NETWORK, "true"], check=False).returncode
    return NO_NETWORK if allowed else ()


def _read_only(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
