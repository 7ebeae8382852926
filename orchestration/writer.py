"""One writer at a time: the lock that every run holds while it writes the warehouse or an edition, and that ``lea run``
holds for the whole of a run.

A file lock, because it dies with its process: a killed run leaves nothing to repair, where a pool keeps its slot.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assets.errors import BadInput


@contextmanager
def only_writer(lock_file: Path, wait_seconds: float) -> Iterator[None]:
    """Holds the writer's lock. Raises BadInput when another run still holds it after ``wait_seconds``."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lock_file, timeout=wait_seconds):
            yield
    except Timeout:
        raise BadInput(
            f"Another run is writing, and was not done after {wait_seconds:.0f} seconds",
            str(lock_file),
            "wait until it is done, or stop it; the lock goes with its process",
        ) from None
