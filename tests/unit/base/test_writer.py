"""One writer at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from assets.base.errors import BadInput
from assets.base.writer import only_writer


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path) -> None:
    lock = tmp_path / "warehouse" / "writer.lock"
    lock.parent.mkdir()
    with FileLock(lock), pytest.raises(BadInput, match="Another run is writing"), only_writer(lock, 0.1):
        pass


def test_the_steps_of_a_run_hold_what_the_run_holds(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    with only_writer(lock, 0):
        with only_writer(lock, 0):
            pass
        with pytest.raises(Timeout), FileLock(lock, timeout=0):
            pass


def test_the_lock_is_free_after_a_run_that_failed(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    with pytest.raises(ZeroDivisionError), only_writer(lock, 0):
        raise ZeroDivisionError
    with only_writer(lock, 0):
        pass
