"""Copying a folder whole: every file hashed before and after, databases as of one moment, links as links.

Does not belong here: what a backup is made of (``backup.py``).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.files import sha256_of

_OF_A_PROCESS = (".lock", "-wal", "-shm", "-journal")
_SQLITE = b"SQLite format 3\0"


def copy_whole(source: Path, target: Path, left_out: frozenset[str] = frozenset()) -> dict[str, str]:
    """Copies what is below a folder; relative path → SHA-256, or '-> target' of a link. ``left_out``: relative paths
    that stay behind, beside what belongs to a process. Raises BadInput for a file that changes meanwhile."""
    copied: dict[str, str] = {}
    of_one_inode: dict[int, Path] = {}
    for path in _below(source, left_out):
        name, copy = path.relative_to(source).as_posix(), target / path.relative_to(source)
        if path.is_symlink():
            copy.symlink_to(path.readlink())
            copied[name] = f"-> {path.readlink()}"
        elif path.is_dir():
            copy.mkdir()
        elif (linked := of_one_inode.get(path.stat().st_ino)) and path.stat().st_nlink > 1:
            os.link(linked, copy)
            copied[name] = copied[linked.relative_to(target).as_posix()]
        else:
            of_one_inode[path.stat().st_ino] = copy
            copied[name] = _copy_file(path, copy)
    for path in reversed(_below(source, left_out)):
        if path.is_dir() and not path.is_symlink():
            shutil.copystat(path, target / path.relative_to(source))
    return copied


def size_of(source: Path, left_out: frozenset[str] = frozenset()) -> int:
    """The bytes that a copy takes: a file that has several names is copied once."""
    files = (path.stat() for path in _below(source, left_out) if path.is_file() and not path.is_symlink())
    return sum({(file.st_dev, file.st_ino): file.st_size for file in files}.values())


def faults_of_copy(folder: Path, files: dict[str, str]) -> Iterator[str]:
    """What is missing or damaged of the files that ``copy_whole`` named."""
    for name, digest in files.items():
        path = folder / name
        if digest.startswith("-> "):
            is_whole = path.is_symlink() and f"-> {path.readlink()}" == digest
        else:
            is_whole = path.is_file() and sha256_of(path) == digest
        if not is_whole:
            yield f"{name} is {'damaged' if path.exists() else 'missing'}"


def _below(source: Path, left_out: frozenset[str]) -> list[Path]:
    """Parents before what is in them."""
    found = []
    for path in sorted(source.iterdir()):
        if path.name in left_out or path.name.startswith(".replaced-") or path.name.endswith(_OF_A_PROCESS):
            continue
        found.append(path)
        if path.is_dir() and not path.is_symlink():
            own = frozenset(name.removeprefix(f"{path.name}/") for name in left_out if name.startswith(f"{path.name}/"))
            found += _below(path, own)
    return found


def _copy_file(path: Path, copy: Path) -> str:
    with path.open("rb") as stream:
        is_database = stream.read(len(_SQLITE)) == _SQLITE
    if is_database:  # with what is still in its write-ahead log
        with (
            closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(copy)) as kept,
        ):
            live.backup(kept)
        return sha256_of(copy)
    before = sha256_of(path)
    shutil.copy2(path, copy)
    if sha256_of(copy) != before:
        raise BadInput("A file changed while it was copied", str(path), "stop what writes there, and try again")
    return before
