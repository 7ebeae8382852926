"""Dagster's own state: opening it with a message for people when it cannot be used, and looking for damage.

Belongs here: ``dagster.yaml``, and the history of runs, in SQLite databases below ``DAGSTER_HOME`` or in PostgreSQL.
Does not belong here: what runs (``orchestration/runs.py``), or any other damage (``doctor.py``).
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.errors import BadInput, no_room
from assets.base.paths import POSTGRES_URL

if TYPE_CHECKING:
    from dagster import DagsterInstance

MEND = "'lea doctor --mend' sets it aside and begins a new one: the next run then makes everything anew"
_FULL = 10**6
HISTORY = ("history/runs.db", "history/runs/index.db")


def is_on_postgres(home: Path) -> bool:
    """Whether the history is in PostgreSQL, as ``dagster.yaml`` says."""
    import yaml

    try:
        settings = yaml.safe_load((home / "dagster.yaml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return False
    return isinstance(settings, dict) and "postgres" in (settings.get("storage") or {})


def is_begun(home: Path) -> bool:
    """Whether there is a history that can be asked."""
    return (home / "history").exists() or is_on_postgres(home)


@contextmanager
def opened(home: Path) -> Iterator[DagsterInstance]:
    """The instance. Raises BadInput when its configuration or one of its databases cannot be used, now or meanwhile."""
    try:
        instance = _from_config(home)
    except Exception as error:
        raise _plainly(error, home) or _of_configuration(error, home) from None
    try:
        with instance:
            yield instance
    except Exception as error:
        if plain := _plainly(error, home):
            raise plain from None
        raise


def fault_of_configuration(home: Path) -> str:
    """What is wrong with ``dagster.yaml``, on one line; '' when nothing is."""
    import yaml

    try:
        if not isinstance(yaml.safe_load((home / "dagster.yaml").read_text(encoding="utf-8")), dict):
            return "holds no settings"
        if is_begun(home):  # else it would be made
            with _from_config(home):
                pass
    except FileNotFoundError:
        return "is not there"
    except Exception as error:  # of yaml, of Dagster's configuration, or not a text
        return "" if _plainly(error, home) else " ".join(str(error).split())[:200]
    return ""


def _from_config(home: Path) -> DagsterInstance:
    from dagster import DagsterInstance

    os.environ["DAGSTER_HOME"] = str(home)  # where the event log finds its folder
    return DagsterInstance.from_config(str(home))


def damaged_databases(home: Path) -> Iterator[tuple[Path, str]]:
    """Each database that SQLite finds damaged, and what it says."""
    for file in sorted(file for file in home.rglob("*.db") if not _is_aside(file.relative_to(home))):
        try:
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
                ((found, *_), *_) = connection.execute("pragma quick_check(1)").fetchall()
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                continue  # somebody writes to it right now
            found = str(error)
        if found != "ok":
            yield file, found


def _is_aside(file: Path) -> bool:
    return any(".damaged-" in part or part.startswith(".") for part in file.parts)


def _plainly(error: BaseException, home: Path) -> BadInput | None:
    """A message for what a database or a disk does not do; None where it is something else."""
    from sqlalchemy.exc import DBAPIError

    if (full := no_room(error)) is not None:
        return full
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, DBAPIError | sqlite3.DatabaseError):
            if shutil.disk_usage(home).free < _FULL:  # of which SQLite may say 'disk I/O error'
                return no_room(OSError(errno.ENOSPC, "", str(home)))
            what = " ".join(str(getattr(seen, "orig", seen)).split())
            remedy = f"start PostgreSQL, or mend {POSTGRES_URL}" if is_on_postgres(home) else f"'lea doctor'; {MEND}"
            return BadInput(f"Dagster's databases cannot be used: {what}", str(home), remedy)
        seen = seen.__cause__ or seen.__context__
    return None


def _of_configuration(error: BaseException, home: Path) -> BadInput:
    what = " ".join(str(error).split())[:200]
    remedy = "mend it; 'lea doctor --mend' sets it aside and puts the project's own in its place"
    if is_on_postgres(home):
        remedy = f"mend it, or the variable {POSTGRES_URL}"
    return BadInput(f"Dagster's instance cannot be used: {what}", str(home / "dagster.yaml"), remedy)
