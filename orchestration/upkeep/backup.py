"""Backup and restore: the data folder and the Dagster instance together, whole, hashed, and in one move.

A backup is a folder: ``data/``, ``dagster_home/``, ``history.dump`` where the history of runs is in PostgreSQL, and
``backup.json``, which has the SHA-256 of every file. What a run makes anew by itself is left out. Belongs here: both
ways, and that no version number is given twice. Does not belong here: how a folder is copied (``copies.py``), or a
database (``postgres.py``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from assets.base.errors import BadInput
from assets.base.files import sha256_of
from assets.base.paths import DataPaths
from assets.base.writer import only_writer
from assets.editions.publication.folder import newest_edition
from assets.editions.publication.handing_out import handed_out
from assets.editions.publication.versions import kept_versions, note_versions, versions_below
from orchestration.upkeep.copies import copy_whole, faults_of_copy, size_of
from orchestration.upkeep.instance import is_on_postgres
from orchestration.upkeep.postgres import dump, load, require_database

MANIFEST = "backup.json"
VERSIONS = "versions.json"
_HISTORY = "history.dump"
_LEFT_OUT = frozenset(f"warehouse/{name}" for name in ("building", "failed", "dbt_target", "runs"))


@dataclass(frozen=True)
class Restored:
    """``replaced``: where what was there before is now; ``versions``: the newest that were ever given, as far as
    anything says."""

    files: int
    made_at: str
    replaced: tuple[Path, ...]
    versions: Mapping[int, int]


def back_up(paths: DataPaths, home: Path, to: Path) -> int:
    """Makes a backup in the folder ``to``, which is not there yet; how many files it has. Raises BadInput while a run
    goes on, where ``to`` cannot be used, or where it does not fit."""
    to = to.resolve()
    if to.exists() or any(to.is_relative_to(own) for own in (paths.root, home)):
        raise BadInput("A backup goes into a new folder outside of the installation", str(to), "name another folder")
    with only_writer(paths.writer_lock, 0):
        size = size_of(paths.root, _LEFT_OUT) + (size_of(home) if home.exists() else 0)
        to.parent.mkdir(parents=True, exist_ok=True)
        _require_space(to.parent, size)
        with _aside(to) as aside:
            files = _copy_both(paths.root, home, aside, _LEFT_OUT)
            if is_on_postgres(home):
                dump(aside / _HISTORY)
                files[_HISTORY] = sha256_of(aside / _HISTORY)
            made = _Manifest(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", files)
            (aside / MANIFEST).write_text(json.dumps(made._asdict(), indent=1), encoding="utf-8")
            aside.rename(to)
    return len(files)


def restore(paths: DataPaths, home: Path, source: Path, *, force: bool, published: Mapping[int, int]) -> Restored:
    """Puts a backup in the place of what is there, which is kept aside. ``published``: the newest versions that readers
    have, where nothing on this machine knows of them any more.

    Until it is done, whoever wants to write is refused; done again, it is finished. Raises BadInput while a run goes
    on, when the backup is damaged, and without ``force`` when anything is there already.
    """
    source = source.resolve()
    made = _manifest(source)
    with only_writer(paths.writer_lock, 0):
        if not force and (there := _what_is_there(paths)):
            remedy = "--force puts the backup in its place; what is there now is kept aside"
            raise BadInput(f"There is something already: {there}", str(paths.root), remedy)
        if faults := list(faults_of_copy(source, made.files)):
            what = f"The backup is damaged, so nothing was changed: {'; '.join(faults[:3])}"
            raise BadInput(what, str(source), "restore another backup")
        _require_space(paths.root, size_of(source))
        if _HISTORY in made.files:
            require_database()
        versions = _versions_ever(paths, home, source, published)
        paths.unfinished_restore.write_text(json.dumps({"from": str(source), "versions": versions}), encoding="utf-8")
        replaced = [_put_in_place(source / "data", paths.root), _put_in_place(source / "dagster_home", home, versions)]
        if _HISTORY in made.files:
            load(source / _HISTORY)
        paths.unfinished_restore.unlink()
    return Restored(len(made.files), made.made_at, tuple(one for one in replaced if one), versions)


class _Manifest(NamedTuple):
    made_at: str
    files: dict[str, str]


def _manifest(source: Path) -> _Manifest:
    try:
        return _Manifest(**json.loads((source / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise BadInput(
            "This is no backup", str(source), f"name a folder with {MANIFEST}: 'lea backup' makes it"
        ) from None


def _what_is_there(paths: DataPaths) -> str:
    if newest := newest_edition(paths.editions):
        return f"editions, the newest is {newest.parent.name}/{newest.name}"
    there = [one.name for one in sorted(paths.root.iterdir()) if one.name != "warehouse"] if paths.root.exists() else []
    return ", ".join(there[:5])


def _versions_ever(paths: DataPaths, home: Path, source: Path, published: Mapping[int, int]) -> dict[int, int]:
    """The newest versions that anything knows of: what is there, what was handed out, the backup, an earlier try."""
    earlier = json.loads(paths.unfinished_restore.read_text("utf-8")) if paths.unfinished_restore.exists() else {}
    readers = {to for editions in (paths.editions, source / "data" / "editions") for _, to in handed_out(editions)}
    known = [
        {int(year): version for year, version in earlier.get("versions", {}).items()},
        published,
        *(kept_versions(one / VERSIONS) for one in (home, source / "dagster_home")),
        *(versions_below(one) for one in (paths.editions, source / "data" / "editions", *readers)),
    ]
    return {year: max(one.get(year, 0) for one in known) for year in sorted({year for one in known for year in one})}


def _put_in_place(source: Path, root: Path, versions: Mapping[int, int] | None = None) -> Path | None:
    """Copies beside, then swaps entry by entry; where what was there is now."""
    if not source.is_dir():
        return None
    root.mkdir(parents=True, exist_ok=True)
    replaced = Path(mkdtemp(prefix=f".replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}-", dir=root))
    with _aside(root / "restored") as aside:
        copy_whole(source, aside)
        if versions:
            note_versions(aside / VERSIONS, versions)
        for new in sorted(aside.iterdir()):
            old = root / new.name
            if old.exists() or old.is_symlink():
                old.rename(replaced / new.name)
            new.rename(old)
    if not any(file.is_file() and not file.name.endswith(".lock") for file in replaced.rglob("*")):
        shutil.rmtree(replaced, ignore_errors=True)  # our own lock, in a folder where nothing was
    return replaced if replaced.exists() else None


def _copy_both(data: Path, home: Path, to: Path, left_out: frozenset[str]) -> dict[str, str]:
    files: dict[str, str] = {}
    for name, folder in (("data", data), ("dagster_home", home)):
        (to / name).mkdir()
        if folder.exists():
            files |= {f"{name}/{file}": digest for file, digest in copy_whole(folder, to / name, left_out).items()}
    return files


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """An empty folder beside ``target``, that is gone afterwards; what a process that died left there too."""
    aside = target.with_name(f".aside-{target.name}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _require_space(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size:
        free = shutil.disk_usage(folder).free // 10**6
        what = f"It does not fit: {size // 10**6:,} MB are needed, {free:,} MB are free"
        raise BadInput(what, str(folder), "make room there, or name a folder on another disk")
