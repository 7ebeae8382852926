"""Files as a whole: their SHA-256, and writing one so that a reader sees the old file or the new one, never a part."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_over(texts: Iterable[str]) -> str:
    """One SHA-256, in hex, over several texts in their order."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


@contextmanager
def written_aside(file: Path) -> Iterator[Path]:
    """A path beside ``file`` to write to; it takes the file's place when all went well, and is gone when it did not."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield aside
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)
