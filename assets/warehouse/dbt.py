"""Runs dbt inside this process, and builds the warehouse aside so that its readers never see a half-written one.

Belongs here: how dbt is called and what came of it. Does not belong here: SQL (``dbt_project``), Dagster
(``assets.py``).

In this process because starting another Python that imports dbt again costs seconds (docs/performance.md).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from assets.base.errors import BadInput, no_room
from assets.base.paths import DBT_PROJECT_DIR, DataPaths
from assets.base.settings import Database, usable_settings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class DbtPaths:
    """``project``: the dbt project; ``lake``: what it reads; ``warehouse``: the file that readers open; ``database``:
    what DuckDB may use."""

    project: Path
    lake: Path
    warehouse: Path
    database: Database = field(default_factory=Database)

    @property
    def building(self) -> Path:
        """Where the next warehouse is built. Always the same place: dbt parses everything anew when its path
        changes."""
        return self.warehouse.parent / "building" / self.warehouse.name

    @property
    def failed(self) -> Path:
        """The last build that failed, kept for whoever looks for the cause."""
        return self.warehouse.parent / "failed" / self.warehouse.name

    @property
    def tests(self) -> Path:
        """The SQL of each test that the warehouse was built with."""
        return self.warehouse.parent / "tests.json"

    @property
    def target(self) -> Path:
        """What dbt writes besides the database: manifest, compiled SQL, parse cache."""
        return self.warehouse.parent / "dbt_target"

    @property
    def manifest(self) -> Path:
        """dbt's description of the project."""
        return self.target / "manifest.json"


@dataclass(frozen=True)
class NodeResult:
    """What came of one dbt node. ``kind``: model or test. ``failing``: all rows of a failing test, where somebody asks
    for them. ``sql``: as compiled; of a Python model the query of what it returned, where a failed build has it."""

    unique_id: str
    kind: str
    status: str
    seconds: float
    message: str | None
    failures: int
    failing: pd.DataFrame | None = None
    sql: str = ""

    @property
    def name(self) -> str:
        """Its name in the dbt project."""
        return self.unique_id.split(".")[2]

    @property
    def is_good(self) -> bool:
        """Whether the node did what it should."""
        return self.status in ("success", "pass")


@dataclass(frozen=True)
class Build:
    """A whole ``dbt build``. ``is_in_place``: it became the warehouse. ``row_counts``: rows by table, of those that
    were built."""

    nodes: Sequence[NodeResult]
    is_in_place: bool
    row_counts: Mapping[str, int]


def dbt_paths(paths: DataPaths) -> DbtPaths:
    """The dbt project, on this data folder."""
    return DbtPaths(DBT_PROJECT_DIR, paths.lake, paths.warehouse, usable_settings(paths.settings)[0].database)


def load_manifest(paths: DbtPaths) -> dict[str, Any]:
    """dbt's manifest, made anew when anything in the dbt project is newer. Raises BadInput when it does not parse."""
    paths.target.mkdir(parents=True, exist_ok=True)
    with FileLock(paths.target / "manifest.lock"):  # two processes that load the definitions at once
        manifest = _fresh_manifest(paths)
        if manifest is None:
            # Whole: a partial parse loses what _tests.yml says of a test whose file was changed, its severity too.
            _invoke(paths, ["--no-partial-parse", "parse"])
            os.utime(paths.manifest)
            manifest = json.loads(paths.manifest.read_text(encoding="utf-8"))
    return manifest


def _fresh_manifest(paths: DbtPaths) -> dict[str, Any] | None:
    """The manifest, when it is whole and newer than the project, deleted files (their folder changes) and dbt
    included."""
    parts = [p for p in paths.project.rglob("*") if p.suffix in (".sql", ".py", ".yml", ".md") or p.is_dir()]
    own = [p for p in parts if not {"target", "logs"} & set(p.relative_to(paths.project).parts)]
    newest = max(p.stat().st_mtime for p in own)
    if not paths.manifest.exists() or paths.manifest.stat().st_mtime < newest:
        return None
    try:
        manifest: dict[str, Any] = json.loads(paths.manifest.read_text(encoding="utf-8"))
    except json.JSONDecodeError:  # a process that was killed while it wrote
        return None
    return manifest if manifest["metadata"]["dbt_version"] == version("dbt-core") else None


def build(paths: DbtPaths) -> Build:
    """One ``dbt build``, data tests included, into a new database that takes the warehouse's place when nothing failed.

    A test with severity warn does not count as failed. Whatever happens, the warehouse that is there stays whole. Unit
    tests are of the SQL and not of the data: ``make test`` runs them. Raises BadInput when the disk is full.
    """
    shutil.rmtree(paths.building.parent, ignore_errors=True)
    paths.building.parent.mkdir(parents=True)
    load_manifest(paths)
    results = _invoke(paths, ["--no-write-json", "build", "--exclude-resource-type", "unit_test", "exposure"])
    nodes = [_node_result(r) for r in results]
    if any(not n.is_good and n.status != "warn" for n in nodes):
        _refuse_no_room(paths, nodes)
        _move(paths.building.parent, paths.failed.parent)
        counts = row_counts(paths.failed)
        return Build([*_with_rows(results, paths.failed, counts)], False, counts)
    counts = row_counts(paths.building)
    compiled = {node.unique_id: node.sql for node in nodes if node.kind == "test"}
    paths.tests.write_text(json.dumps(compiled, indent=1), encoding="utf-8")
    os.replace(paths.building, paths.warehouse)
    shutil.rmtree(paths.building.parent)
    return Build(nodes, True, counts)


def discard_failed(paths: DbtPaths) -> None:
    """Removes the last build that failed, where there is one."""
    shutil.rmtree(paths.failed.parent, ignore_errors=True)


def _refuse_no_room(paths: DbtPaths, nodes: Iterable[NodeResult]) -> None:
    for node in nodes:
        if found := no_room(RuntimeError(node.message or "")):
            shutil.rmtree(paths.building.parent)
            raise BadInput(found.what, f"{node.name}; {found.where}", found.remedy)


def _invoke(paths: DbtPaths, command: list[str]) -> list[Any]:
    from dbt.cli.main import dbtRunner

    # The dbt project reads these, here as when it is run by hand.
    os.environ["LEA_LAKE"] = str(paths.lake)
    os.environ["LEA_WAREHOUSE"] = str(paths.building)
    os.environ["LEA_MEMORY_LIMIT"] = paths.database.memory_limit
    os.environ["LEA_MODELS_AT_ONCE"] = str(paths.database.models_at_once)
    os.environ["LEA_TEMP_DIRECTORY"] = str(paths.database.scratch(paths.warehouse))
    paths.target.mkdir(parents=True, exist_ok=True)
    arguments = ["--log-level", "none", "--log-level-file", "none", *command]
    arguments += ["--project-dir", str(paths.project), "--profiles-dir", str(paths.project)]
    arguments += ["--target-path", str(paths.target), "--log-path", str(paths.target)]
    outcome = dbtRunner().invoke(arguments)
    _let_go_of_the_database()
    if outcome.exception is not None:
        verb = next(word for word in command if not word.startswith("-"))
        raise BadInput(
            f"dbt could not {verb} the project: {str(outcome.exception).strip()}",
            str(paths.project),
            "mend what it names; 'dbt parse' in the dbt project says the same",
        ) from None
    return list(getattr(outcome.result, "results", []))


def _let_go_of_the_database() -> None:
    """dbt keeps the file open for as long as its process lives; a reader in this process would find it locked."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections

    cleanup_connections()
    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
    DuckDBConnectionManager.close_all_connections()


def _node_result(result: Any) -> NodeResult:
    node = result.node
    is_python = getattr(node, "language", "sql") == "python"
    return NodeResult(
        node.unique_id,
        str(node.resource_type),
        str(result.status),
        float(result.execution_time or 0),
        result.message,
        int(result.failures or 0),
        sql="" if is_python else node.compiled_code or "",
    )


def _with_rows(results: Iterable[Any], failed: Path, tables: Container[str]) -> Iterator[NodeResult]:
    """The nodes of a failed build: a failing test with its rows, a Python model with the query of what it returned,
    which our materialization keeps until it is held to its contract. Of a good build nobody asks: its tests are run in
    place."""
    import duckdb

    with duckdb.connect(str(failed), read_only=True) as connection:
        for result in results:
            node = _node_result(result)
            returned = f"{node.name}__returned"
            if node.kind == "test" and node.status in ("fail", "warn") and node.sql:
                yield replace(node, failing=connection.execute(node.sql).fetch_df())
            elif returned in tables:
                yield replace(node, sql=f"select * from {result.node.schema}.{returned}")
            else:
                yield node


def run_tests(paths: DbtPaths, unique_ids: Iterable[str]) -> Iterator[NodeResult]:
    """Runs dbt tests on the warehouse that is in place, by the SQL that dbt compiled when it built it: 3 ms a test,
    where dbt itself takes seconds to start. Raises BadInput for a test that the warehouse was not built with."""
    import duckdb

    compiled = _compiled_tests(paths)
    with duckdb.connect(str(paths.warehouse), read_only=True) as connection:
        paths.database.hold(connection, paths.warehouse)
        for unique_id in unique_ids:
            if unique_id not in compiled:
                raise BadInput(
                    f"The warehouse was not built with the test {unique_id.split('.')[2]}",
                    str(paths.tests),
                    "build the warehouse: 'lea run', or materialize it whole in the UI",
                )
            sql = compiled[unique_id]
            (failures,) = connection.execute(f"select count(*) from ({sql})").fetchall()[0]
            failing = connection.execute(sql).fetch_df() if failures else None
            yield NodeResult(unique_id, "test", "fail" if failures else "pass", 0.0, None, failures, failing, sql)


def _compiled_tests(paths: DbtPaths) -> dict[str, str]:
    if not (paths.tests.exists() and paths.warehouse.exists()):
        raise BadInput("There is no warehouse to check", str(paths.warehouse), "'lea run' builds it")
    return dict(json.loads(paths.tests.read_text(encoding="utf-8")))


def deliveries_behind(warehouse: Path) -> dict[int, int]:
    """Survey year → the number of deliveries that the warehouse was made from. Empty when there is no warehouse."""
    if not warehouse.exists():
        return {}
    years = _query(
        warehouse, "select survey_year, max(delivery) as deliveries from fct_answers group by all order by all"
    )
    return {int(y): int(n) for y, n in zip(years["survey_year"], years["deliveries"], strict=True)}


def row_counts(database: Path) -> dict[str, int]:
    """Rows by table of a database; none where there is no file."""
    if not database.exists():
        return {}
    tables = _query(database, "select table_name, estimated_size from duckdb_tables() order by table_name")
    return {str(name): int(size) for name, size in zip(tables["table_name"], tables["estimated_size"], strict=True)}


def _query(database: Path, sql: str) -> pd.DataFrame:
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetch_df()


def _move(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    os.replace(source, target)
