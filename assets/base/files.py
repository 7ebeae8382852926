"""Files as a whole: their SHA-256, the text of a declaration, and writing one so that a reader sees the old file or the
new one, never a part."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.limits import MAX_DECLARATION


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_declaration(file: Path, subject: str, remedy: str) -> str:
    """The text of a file that is kept by hand. ``subject`` is what it is called in a message, ``remedy`` what to do
    when it is not there. Raises BadInput when it cannot be read, is no file, is bigger than such a file is, or is not
    UTF-8."""
    try:
        if not file.is_file() and file.exists():
            raise BadInput(f"The {subject} is no file", str(file), "put a text file there")
        with file.open("rb") as stream:
            content = stream.read(MAX_DECLARATION + 1)
    except FileNotFoundError:
        raise BadInput(f"There is no {subject}", str(file), remedy) from None
    except OSError as error:
        raise BadInput(f"The {subject} cannot be read: {error.strerror}", str(file), remedy) from None
    if len(content) > MAX_DECLARATION:
        what = f"The {subject} is bigger than {MAX_DECLARATION / 1e6:.0f} MB"
        raise BadInput(what, str(file), "is it another file? What is kept by hand is smaller")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"The {subject} is not UTF-8"
        raise BadInput(what, f"{file}, line {line}", "save it again with encoding UTF-8") from None


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
