"""What the warehouse was made of: a file beside it, written with it, and anchored in Dagster by its fingerprint.

Belongs here: the file and its comparison with what is there now. Does not belong here: what follows from a difference
(``gate.py``).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from assets.base.files import sha256_of, written_aside
from assets.base.made_of import CODE, code_version, fingerprint, made_of, table_file
from assets.base.paths import DBT_PROJECT_DIR

_IN_PROJECT = (".sql", ".py", ".yml", ".md")


@dataclass(frozen=True)
class WarehouseMadeOf:
    """``sha256``: of the database file. ``lake``: table, or table and survey year → the fingerprint of what it was made
    of. ``code``: of the dbt project and of what runs it. ``run_id``: the run that built it."""

    sha256: str
    lake: dict[str, str]
    code: str
    run_id: str

    @property
    def fingerprint(self) -> str:
        """One SHA-256 over all of it: the data version of ``warehouse/database``, and what its checks belong to."""
        return fingerprint(asdict(self))


def write_made_of(warehouse: Path, lake: dict[str, str], run_id: str) -> WarehouseMadeOf:
    """Says what the warehouse that was just put in place was made of."""
    made = WarehouseMadeOf(sha256_of(warehouse), lake, warehouse_code(), run_id)
    with written_aside(_file(warehouse)) as aside:
        aside.write_bytes(json.dumps(asdict(made), indent=1, sort_keys=True).encode())
    return made


def read_made_of(warehouse: Path) -> WarehouseMadeOf | None:
    """What the warehouse was made of; None where that is not said."""
    try:
        return WarehouseMadeOf(**json.loads(_file(warehouse).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def files_behind(lake: Path, made: WarehouseMadeOf) -> dict[str, str]:
    """What the lake tables of a warehouse were made of: file below the data folder → SHA-256, and all code as one."""
    found: dict[str, str] = {}
    codes = {"warehouse": made.code}
    for name in sorted(made.lake):
        table, _, year = name.partition(" of ")
        of_table = dict(made_of(table_file(lake, table, year)) or {})
        codes[name] = of_table.pop(CODE, "")
        found |= of_table
    return {**found, CODE: fingerprint(codes)}


@cache
def warehouse_code() -> str:
    """The SHA-256 over the dbt project, the code that runs it, and the code that its Python models call."""
    files = sorted(f for f in DBT_PROJECT_DIR.rglob("*") if f.suffix in _IN_PROJECT and _is_source(f))
    project = {file.relative_to(DBT_PROJECT_DIR).as_posix(): sha256_of(file) for file in files}
    return fingerprint({"project": project, **{stage: code_version(stage) for stage in ("warehouse", "disclosure")}})


def _is_source(file: Path) -> bool:
    return not {"target", "logs", "dbt_packages"} & set(file.relative_to(DBT_PROJECT_DIR).parts)


def _file(warehouse: Path) -> Path:
    return warehouse.with_name("made_of.json")
