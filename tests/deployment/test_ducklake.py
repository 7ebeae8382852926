"""The same dbt project on another engine: DuckLake, with its catalogue in PostgreSQL. Every table is the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from tests.deployment.server import Server, postgresql
from tests.pipeline.conftest import PROJECT, Installation
from tests.reliability import note

ENVIRONMENT = PROJECT / ".venv" / "ducklake"
TABLES = "select schema_name, table_name from duckdb_tables()"
EXPORT = """
import sys, duckdb
catalogue, extensions, folder = sys.argv[1:]
lake = duckdb.connect(config={"extension_directory": extensions, "autoload_known_extensions": True})
lake.execute(f"attach 'ducklake:postgres:{catalogue}' as lea_vve (read_only)")
for schema, table in lake.execute("select schema, name from (show all tables) where database = 'lea_vve'").fetchall():
    lake.execute(f"copy lea_vve.{schema}.{table} to '{folder}/{schema}.{table}.parquet'")
"""

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.skipif(postgresql() is None, reason="there is no PostgreSQL: 'apt-get install postgresql' as root"),
    pytest.mark.skipif(not ENVIRONMENT.exists(), reason="DuckLake is not installed: 'make test-deployment' does"),
]


class Refused(NamedTuple):
    """In a file of the dbt project ``was`` is once; with ``becomes`` in its place the model is refused."""

    file: str
    was: str
    becomes: str
    message: str


REFUSED = {
    "a domain": Refused(
        "stg_questionnaires__survey_years.yml",
        "origin in {{ var('origin') }}",
        "origin in ['oral']",
        "stg_questionnaires__survey_years has 4 rows that are not: origin in ['oral']",
    ),
    "a null": Refused(
        "stg_questionnaires__survey_years.sql",
        "cast(survey_year as integer) as survey_year",
        "cast(null as integer) as survey_year",
        "NOT NULL constraint failed: stg_questionnaires__survey_years.survey_year",
    ),
    "a key that appears twice": Refused(
        "stg_questionnaires__survey_years.sql",
        "cast(survey_year as integer) as survey_year",
        "cast(2020 as integer) as survey_year",
        "stg_questionnaires__survey_years has 1 keys (survey_year) that appear more than once: (2020) 4 times",
    ),
}


@pytest.fixture(scope="module")
def server(ran: tuple[Installation, str]) -> Iterator[Server]:
    """PostgreSQL with an empty database, and the lake of a whole run."""
    folder = Path(tempfile.mkdtemp(prefix="lea-"))
    started = Server(folder)
    try:
        shutil.copytree(ran[0].data / "lake", folder / "lake")
        started.hand_over()
        started.start_postgres()
        started.until("PostgreSQL", started.has_postgres)
        started.run("createdb", "-h", f"{folder}/postgres", "ducklake")
        yield started
    finally:
        started.stop_all()
        shutil.rmtree(folder)


def test_every_table_is_the_same(server: Server, ran: tuple[Installation, str]) -> None:
    _build(server, PROJECT / "dbt_project")
    exported = server.folder / "exported"
    server.run("mkdir", str(exported))
    python, extensions = str(ENVIRONMENT / "bin" / "python"), str(ENVIRONMENT / "extensions")
    server.run(python, "-c", EXPORT, _catalogue(server), extensions, str(exported))
    values = 0
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as warehouse:
        tables = [f"{schema}.{name}" for schema, name in warehouse.execute(TABLES).fetchall()]
        for table in tables:
            theirs = f"'{exported}/{table}.parquet'"
            for one, other in ((table, theirs), (theirs, table)):
                lost = warehouse.execute(f"select count(*) from (from {one} except all from {other})").fetchall()
                assert lost == [(0,)], f"rows of {one} that {other} has not"
            values += len(warehouse.table(table)) * len(warehouse.table(table).columns)
    assert {file.stem for file in exported.iterdir()} == set(tables)
    note("the warehouse on DuckLake (`make test-deployment`)", f"{len(tables)} tables, {values:,} values: 0 differ")


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
def test_what_breaks_a_contract_is_refused(refused: Refused, server: Server) -> None:
    shutil.rmtree(server.folder / "dbt_project", ignore_errors=True)
    project = shutil.copytree(PROJECT / "dbt_project", server.folder / "dbt_project")
    file = project / "models" / "staging" / refused.file
    text = file.read_text(encoding="utf-8")
    assert text.count(refused.was) == 1
    file.write_text(text.replace(refused.was, refused.becomes), encoding="utf-8")
    with pytest.raises(AssertionError) as failed:
        _build(server, project, "--select", file.stem)
    assert refused.message in str(failed.value)


def _catalogue(server: Server) -> str:
    user = server.run("id", "-un").strip()
    return f"dbname=ducklake host={server.folder}/postgres user={user}"


def _build(server: Server, project: Path, *selection: str) -> None:
    """One dbt build, by the user of the services. Raises AssertionError with what dbt said where it failed."""
    environment = {
        "LEA_LAKE": server.folder / "lake",
        "LEA_DUCKLAKE_CATALOGUE": _catalogue(server),
        "LEA_DUCKLAKE_DATA": server.folder / "tables",
        "LEA_DUCKLAKE_EXTENSIONS": ENVIRONMENT / "extensions",
        "PYTHONPATH": PROJECT,
    }
    target = str(server.folder / "dbt")
    server.run(
        *("env", *(f"{name}={value}" for name, value in environment.items())),
        *(
            str(ENVIRONMENT / "bin" / "dbt"),
            "--no-use-colors",
            "--no-partial-parse",
            "build",
            "--target",
            "ducklake",
            *selection,
        ),
        *("--exclude-resource-type", "unit_test", "exposure", "--target-path", target, "--log-path", target),
        *("--project-dir", str(project), "--profiles-dir", str(project)),
    )
