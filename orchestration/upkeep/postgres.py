"""Dagster's history where it is in PostgreSQL: into a backup, and back.

Belongs here: calling PostgreSQL's own programs. Does not belong here: what else a backup is made of (``backup.py``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.paths import POSTGRES_URL

_INTO_A_FILE = ("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
_BACK = ("pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges")


def dump(to: Path) -> None:
    """Writes all of the database to a file. Raises BadInput when that cannot be done."""
    _run([*_INTO_A_FILE, f"--file={to}", f"--dbname={require_database()}"])


def load(dumped: Path) -> None:
    """Puts what was dumped in the place of what is in the database: all of it, or nothing. Raises BadInput when that
    cannot be done."""
    _run([*_BACK, f"--dbname={require_database()}", str(dumped)])


def require_database() -> str:
    """The name of the database. Raises BadInput where none is named, or PostgreSQL's programs are not there."""
    for program in (_INTO_A_FILE[0], _BACK[0]):
        if not shutil.which(program):
            remedy = "install PostgreSQL's programs ('apt-get install postgresql-client'), not older than the server"
            raise BadInput(f"Dagster's history is in PostgreSQL, and {program} is not there", "PATH", remedy)
    if not (name := _address().get("PGDATABASE")):
        remedy = "name it as deployment/README.md does"
        raise BadInput("The database of Dagster's history is not named", f"the variable {POSTGRES_URL}", remedy)
    return name


def _address() -> dict[str, str]:
    """Where the database is, as PostgreSQL's programs read it from their environment: a password stays out of the list
    of processes."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(os.environ.get(POSTGRES_URL, ""))
    except ArgumentError:
        return {}
    parts = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: str(part) for name, part in parts.items() if part}


def _run(command: list[str]) -> None:
    done = subprocess.run(command, env={**os.environ, **_address()}, capture_output=True, text=True, check=False)
    if done.returncode:
        what = f"{command[0]} could not do it: {' '.join(done.stderr.split())[:300]}"
        raise BadInput(what, f"the database of {POSTGRES_URL}", "start PostgreSQL, or mend what it names")
