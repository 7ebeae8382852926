"""An installation whose history is in PostgreSQL, as far as that can be held without one: it is recognised, and nobody
begins another history beside it. Backup and restore are held by ``tests/deployment``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assets.base.errors import BadInput
from assets.base.paths import POSTGRES_URL, PROJECT_DIR, DataPaths, instance_settings
from orchestration.upkeep import postgres
from orchestration.upkeep.backup import back_up
from orchestration.upkeep.instance import is_begun, is_on_postgres
from tests.conftest import Lea, bytes_of

OF_SERVER = PROJECT_DIR / "deployment" / "dagster.yaml"
OF_CHECKOUT = PROJECT_DIR / "dagster_home" / "dagster.yaml"
URL = "postgresql+psycopg2://lea:a%40secret@db.example.org:5433/lea_vve"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A DAGSTER_HOME that is on PostgreSQL; nobody said on which."""
    folder = tmp_path / "dagster_home"
    folder.mkdir()
    shutil.copy(OF_SERVER, folder)
    monkeypatch.setenv("DAGSTER_HOME", str(folder))
    monkeypatch.delenv(POSTGRES_URL, raising=False)
    return folder


@pytest.mark.parametrize(
    ("settings", "on_postgres"),
    [
        (OF_SERVER.read_text(encoding="utf-8"), True),
        (OF_CHECKOUT.read_text(encoding="utf-8"), False),
        ("storage:\n", False),
        ("storage: [\n", False),
        ("", False),
        (None, False),
    ],
)
def test_dagster_yaml_says_where_the_history_is(tmp_path: Path, settings: str | None, on_postgres: bool) -> None:
    if settings is not None:
        (tmp_path / "dagster.yaml").write_text(settings, encoding="utf-8")
    assert (is_on_postgres(tmp_path), is_begun(tmp_path)) == (on_postgres, on_postgres)


@pytest.mark.parametrize(("url", "settings"), [("", OF_CHECKOUT), (URL, OF_SERVER)])
def test_an_instance_begins_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, url: str, settings: Path
) -> None:
    monkeypatch.setenv(POSTGRES_URL, url)
    assert instance_settings() == settings


def test_a_database_that_is_not_named_is_said_and_no_other_history_is_begun(
    home: Path, data_dir: Path, lea: Lea
) -> None:
    assert data_dir.exists()
    before = bytes_of(home)
    for command in (["doctor"], ["doctor", "--mend"], ["status"]):
        output = lea(*command).output
        assert POSTGRES_URL in output, command
        assert "sets it aside" not in output
    assert bytes_of(home) == before


def test_a_server_has_its_ui_already(home: Path, data_dir: Path, lea: Lea) -> None:
    assert home.exists()
    assert data_dir.exists()
    assert "The services of this server have the UI" in lea("ui").output


def test_a_password_is_no_argument_of_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\nenv > {tmp_path}/environment\n', encoding="utf-8")
    program.chmod(0o755)
    shutil.copy(program, tmp_path / "pg_restore")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv(POSTGRES_URL, URL)
    postgres.dump(tmp_path / "history.dump")
    assert "secret" not in (tmp_path / "arguments").read_text(encoding="utf-8")
    given = (tmp_path / "environment").read_text(encoding="utf-8").splitlines()
    expected = {"PGHOST=db.example.org", "PGPORT=5433", "PGUSER=lea", "PGPASSWORD=a@secret", "PGDATABASE=lea_vve"}
    assert expected <= set(given)


def test_without_the_programs_of_postgresql_nothing_is_backed_up(
    home: Path, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(POSTGRES_URL, URL)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match="pg_dump is not there"):
        back_up(DataPaths(data_dir), home, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
