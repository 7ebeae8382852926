"""dbt's own unit tests: each rule of the warehouse on a few rows, as they stand in
``dbt_project/models/**/_unit_tests*.yml``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.conftest import PROJECT, Installation

pytestmark = pytest.mark.slow


def test_every_unit_test_of_the_warehouse_passes(ran: tuple[Installation, str], tmp_path: Path) -> None:
    warehouse = tmp_path / "lea_vve.duckdb"  # the columns of the tables are what the tests' rows are completed with
    shutil.copy(ran[0].warehouse, warehouse)
    project = str(PROJECT / "dbt_project")
    command = [str(Path(sys.executable).parent / "dbt"), "test", "--select", "test_type:unit"]
    command += ["--project-dir", project, "--profiles-dir", project]
    command += ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path)]
    environment = {**os.environ, "LEA_LAKE": str(ran[0].data / "lake"), "LEA_WAREHOUSE": str(warehouse)}
    message = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert message.returncode == 0, message.stdout
    files = (PROJECT / "dbt_project" / "models").rglob("_unit_tests*.yml")
    written = sum(file.read_text(encoding="utf-8").count("\n  - name: ") for file in files)
    assert f"PASS={written} " in message.stdout, message.stdout
