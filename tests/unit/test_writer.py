"""One writer at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.errors import BadInput
from orchestration.writer import only_writer


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path) -> None:
    lock = tmp_path / "warehouse" / "writer.lock"
    with only_writer(lock, 0), pytest.raises(BadInput, match="Another run is writing"), only_writer(lock, 0.1):
        pass


def test_the_lock_is_free_after_a_run_that_failed(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    with pytest.raises(ZeroDivisionError), only_writer(lock, 0):
        raise ZeroDivisionError
    with only_writer(lock, 0):
        pass
