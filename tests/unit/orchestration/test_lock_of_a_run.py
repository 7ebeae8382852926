"""A run holds the writer's lock from its first step to its last, whoever started it: each of its steps needs the
installation (``test_definitions.py``), which holds it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dagster import AssetKey, DagsterInstance, asset, materialize

from assets.base.installation import Installation
from assets.base.paths import PROJECT_DIR

pytestmark = pytest.mark.slow

ASK = """
from assets.base.paths import data_paths
from assets.base.writer import is_writing
print(is_writing(data_paths()))
"""


def somebody_is_writing() -> str:
    """What another process sees."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_DIR)}
    return subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize("fails", [False, True])
def test_from_the_first_step_to_the_last(
    instance: DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    monkeypatch.setenv("LEA_DATA_DIR", str(tmp_path))
    seen = [somebody_is_writing()]

    @asset(required_resource_keys={"installation"})
    def first() -> None:
        seen.append(somebody_is_writing())

    @asset(deps=[AssetKey("first")], required_resource_keys={"installation"})
    def last() -> None:
        seen.append(somebody_is_writing())
        if fails:
            raise RuntimeError

    materialize([first, last], instance=instance, resources={"installation": Installation()}, raise_on_error=False)
    assert [*seen, somebody_is_writing()] == ["False", "True", "True", "False"]
