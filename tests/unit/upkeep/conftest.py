"""An installation as a run leaves it, made without one: what looks after it reads only files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from dagster import DagsterInstance

from assets.base.lake import write_table
from assets.base.paths import DataPaths, instance_settings
from assets.editions.publication.folder import point_latest
from assets.warehouse.made_of import write_made_of
from tests.conftest import SCENARIOS, Lea
from tests.unit.editions.test_handing_out import made


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Dagster instance with its databases: to make one takes half a second."""
    folder = tmp_path_factory.mktemp("fresh") / "dagster_home"
    folder.mkdir()
    shutil.copy(instance_settings(), folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DAGSTER_HOME", str(folder))
        with DagsterInstance.from_config(str(folder)) as instance:
            instance.get_runs_count()
            instance.all_instigator_state()
            instance.get_asset_keys()
    return folder


@pytest.fixture
def dagster_home(tmp_path: Path, fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which DAGSTER_HOME names."""
    folder = tmp_path / "dagster_home"
    shutil.copytree(fresh_home, folder)
    monkeypatch.setenv("DAGSTER_HOME", str(folder))
    return folder


@pytest.fixture
def paths(data_dir: Path, lea: Lea, dagster_home: Path) -> DataPaths:
    """A data folder with a delivery, a lake, a warehouse and two editions."""
    assert dagster_home.exists()
    paths = DataPaths(data_dir)
    assert lea("accept", SCENARIOS / "accepted" / "levering.csv", "--year", 2023).exit_code == 0
    for table in ("answers/2023", "registers/municipalities"):
        write_table(pd.DataFrame({"a": range(1000)}), paths.lake / f"{table}.parquet")
    paths.warehouse.parent.mkdir(exist_ok=True)
    paths.warehouse.write_bytes(b"a warehouse")
    write_made_of(paths.warehouse, {}, "a run")
    for version in ("v1", "v2"):
        made(paths.editions / "2023" / version, version)
    point_latest(paths.editions)
    return paths
