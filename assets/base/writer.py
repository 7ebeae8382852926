"""One writer at a time: the lock under which everything that comes out is written, from the lake to an edition.

``lea run`` holds it from its first step to its last; a run from the UI, the schedule or the sensor holds it step by
step. A file lock, because it dies with its process: a killed run leaves nothing to repair, where a pool keeps its slot.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.base.settings import load_settings


@contextmanager
def writing(paths: DataPaths) -> Iterator[None]:
    """Holds the writer's lock of this data folder, waiting as long as its settings say."""
    with only_writer(paths.writer_lock, load_settings(paths.settings).writer.wait_seconds):
        yield


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
