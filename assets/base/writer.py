"""One writer at a time: the lock under which everything that comes out is written, from the lake to an edition; and the
sign of life of each run.

Whoever starts a run (command line, UI, schedule, sensor), it holds the writer's lock from its first step to its last.
File locks, because they die with their process: a killed run leaves nothing to repair, where a pool keeps its slot.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.base.settings import load_settings


@contextmanager
def writing(paths: DataPaths) -> Iterator[None]:
    """Holds the writer's lock of this data folder, waiting as long as its settings say. Raises BadInput where what is
    there is of two times."""
    with only_writer(paths.writer_lock, load_settings(paths.settings).writer.wait_seconds):
        if paths.unfinished_restore.exists():
            raise BadInput(
                "A restore was not finished, so nothing is written",
                str(paths.unfinished_restore),
                "'lea restore --force' of the backup that it names finishes it",
            )
        yield


def is_writing(paths: DataPaths) -> bool:
    """Whether another process holds the writer's lock."""
    if not paths.writer_lock.exists():
        return False
    try:
        with FileLock(paths.writer_lock, is_singleton=True).acquire(timeout=0):
            return False
    except Timeout:
        return True


class NoRoom(BadInput):
    """Too little of the disk is free to begin a run."""


def has_room(paths: DataPaths) -> bool:
    """Whether as much of the disk is free as the settings ask for."""
    return load_settings(paths.settings).storage.min_free_mb <= _free_mb(paths)


def require_room(paths: DataPaths) -> None:
    """Raises NoRoom where too little of the disk is free to begin a run."""
    if not has_room(paths):
        needed = load_settings(paths.settings).storage.min_free_mb
        raise NoRoom(
            f"The disk is nearly full: {_free_mb(paths):,} MB are free, and a run begins with {needed:,} MB",
            str(paths.root),
            "make room ('lea doctor' says what can go), or lower storage.min_free_mb in data/settings.yaml",
        )


def _free_mb(paths: DataPaths) -> int:
    return shutil.disk_usage(paths.root).free // 10**6


@contextmanager
def only_writer(lock_file: Path, wait_seconds: float) -> Iterator[None]:
    """Holds a lock. A process that holds it already may take it again. Raises BadInput when another process still holds
    it after ``wait_seconds``."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(lock_file, is_singleton=True)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise BadInput(
            f"Another run is writing, and was not done after {wait_seconds:.0f} seconds",
            str(lock_file),
            "wait until it is done, or stop it; the lock is released with its process",
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def showing_life(paths: DataPaths, run_id: str) -> Iterator[None]:
    """Shows that a run lives, also while it waits for the writer's lock."""
    file = _sign_of_life(paths, run_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file):
        yield
    file.unlink(missing_ok=True)


def is_alive(paths: DataPaths, run_id: str) -> bool:
    """Whether the process of a run shows life."""
    file = _sign_of_life(paths, run_id)
    if not file.exists():
        return False
    try:
        with FileLock(file, timeout=0):
            file.unlink(missing_ok=True)
    except Timeout:
        return True
    return False


def _sign_of_life(paths: DataPaths, run_id: str) -> Path:
    return paths.writer_lock.with_name("runs") / f"{run_id}.lock"
