"""One writer at a time, with room to write, and the sign of life of each run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout

from assets.base import writer
from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.base.writer import (
    NoRoom,
    has_room,
    is_alive,
    is_writing,
    only_writer,
    require_room,
    showing_life,
    writing,
)


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    return DataPaths(tmp_path)


@contextmanager
def held_by_another(lock: Path) -> Iterator[None]:
    """As another process would hold it: no lock of this process is the same."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(lock):
        yield


def test_a_second_writer_waits_and_then_says_so(paths: DataPaths) -> None:
    began = time.monotonic()
    with held_by_another(paths.writer_lock), pytest.raises(BadInput) as refused, only_writer(paths.writer_lock, 0.6):
        pass
    assert time.monotonic() - began >= 0.5
    assert refused.value.args == (
        "Another run is writing, and was not done after 1 seconds",
        str(paths.writer_lock),
        "wait until it is done, or stop it; the lock is released with its process",
    )


def test_whoever_writes_waits_as_long_as_the_settings_say(paths: DataPaths) -> None:
    paths.settings.write_text("writer:\n  wait_seconds: 0\n")
    with held_by_another(paths.writer_lock), pytest.raises(BadInput, match="after 0 seconds"), writing(paths):
        pass
    with writing(paths), pytest.raises(Timeout), FileLock(paths.writer_lock, timeout=0):
        pass


def test_nothing_is_written_over_what_is_of_two_times(paths: DataPaths) -> None:
    paths.unfinished_restore.touch()
    with pytest.raises(BadInput) as refused, writing(paths):
        pass
    assert refused.value.args == (
        "A restore was not finished, so nothing is written",
        str(paths.unfinished_restore),
        "'lea restore --force' of the backup that it names finishes it",
    )


def test_the_steps_of_a_run_hold_what_the_run_holds(tmp_path: Path) -> None:
    lock = tmp_path / "new" / "folder" / "writer.lock"
    with only_writer(lock, 0):
        with only_writer(lock, 0):
            pass
        with pytest.raises(Timeout), FileLock(lock, timeout=0):
            pass


def test_the_lock_is_free_after_a_run_that_failed(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    with pytest.raises(ZeroDivisionError), only_writer(lock, 0):
        raise ZeroDivisionError
    with FileLock(lock, timeout=0):
        pass


def test_whether_another_writes_is_known_at_once(paths: DataPaths) -> None:
    assert not is_writing(paths), "nobody ever wrote"
    with held_by_another(paths.writer_lock):
        began = time.monotonic()
        assert is_writing(paths)
        assert time.monotonic() - began < 0.9
    assert not is_writing(paths)
    with only_writer(paths.writer_lock, 0):
        assert not is_writing(paths), "it writes itself"


@pytest.mark.parametrize(
    ("free", "needed", "enough"), [(2_500_000_000, 2500, True), (2_499_999_999, 2500, False), (0, 0, True)]
)
def test_a_run_begins_with_as_much_room_as_the_settings_ask_for(
    paths: DataPaths, monkeypatch: pytest.MonkeyPatch, free: int, needed: int, enough: bool
) -> None:
    class Disk:
        def __init__(self, folder: Path) -> None:
            assert folder == paths.root
            self.free = free

    monkeypatch.setattr("assets.base.writer.shutil.disk_usage", Disk)
    paths.settings.write_text(f"storage:\n  min_free_mb: {needed}\n")
    assert has_room(paths) == enough
    if enough:
        require_room(paths)
        return
    with pytest.raises(NoRoom) as refused:
        require_room(paths)
    assert refused.value.args == (
        "The disk is nearly full: 2,499 MB are free, and a run begins with 2,500 MB",
        str(paths.root),
        "make room ('lea doctor' says what can go), or lower storage.min_free_mb in data/settings.yaml",
    )


def test_a_run_shows_life_until_it_ends(paths: DataPaths) -> None:
    sign = paths.root / "warehouse" / "runs" / "one.lock"
    for _ in range(2):
        with showing_life(paths, "one"), showing_life(paths, "other"):
            began = time.monotonic()
            assert (is_alive(paths, "one"), is_alive(paths, "never began")) == (True, False)
            assert time.monotonic() - began < 0.9
        assert not is_alive(paths, "one")
        assert list(sign.parent.iterdir()) == []
    sign.touch()  # its process was killed
    assert not is_alive(paths, "one")
    assert not sign.exists()


def test_a_sign_of_life_that_others_took_away_is_no_fault(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    with showing_life(paths, "one"):
        (paths.root / "warehouse" / "runs" / "one.lock").unlink()

    @contextmanager
    def taken_away_meanwhile(file: Path, **_: Any) -> Iterator[None]:
        file.unlink()
        yield

    (paths.root / "warehouse" / "runs" / "one.lock").touch()
    monkeypatch.setattr(writer, "FileLock", taken_away_meanwhile)
    assert not is_alive(paths, "one")
