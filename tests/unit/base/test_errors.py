"""A full disk is a full disk, and too little memory is too little memory, whoever says so."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import duckdb
import pytest
from dagster import Failure

from assets.base.errors import no_room
from assets.base.installation import plain_failures
from assets.base.settings import Database


def inside(error: BaseException, around: BaseException) -> BaseException:
    around.__cause__ = error
    return around


FULL = OSError(errno.ENOSPC, "No space left on device", "/data/lake/x.parquet")


@pytest.mark.parametrize(
    ("error", "where"),
    [
        (FULL, "/data/lake/x.parquet"),
        (OSError(errno.ENOSPC, "Kein Speicherplatz", "/data"), "/data"),  # in another language
        (inside(FULL, RuntimeError("a step failed")), "/data/lake/x.parquet"),
        (sqlite3.OperationalError("database or disk is full"), "the disk of the data folder"),
        (RuntimeError('IO Error: Could not write file "a.duckdb": No space left on device'), "the disk of the data"),
        (OSError(errno.EACCES, "Permission denied", "/data"), None),
        (ValueError("full"), None),
    ],
)
def test_a_full_disk_is_recognised(error: BaseException, where: str | None) -> None:
    found = no_room(error)
    assert (found is not None) == (where is not None)
    if found is not None and where is not None:
        assert found.what == "The disk is full"
        assert found.where.startswith(where)


def test_a_step_says_that_the_disk_is_full() -> None:
    with pytest.raises(Failure, match="The disk is full"), plain_failures():
        Path("/dev/full").write_text("x", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), plain_failures():
        raise ZeroDivisionError


def test_a_step_says_that_duckdb_has_too_little_memory(tmp_path: Path) -> None:
    message = r"DuckDB needs more memory.*\n.*database\.memory_limit"
    with duckdb.connect() as connection:
        Database(memory_limit="10MB").hold(connection, tmp_path)
        with pytest.raises(Failure, match=message), plain_failures():
            connection.execute("select list(range) from range(10_000_000)")
