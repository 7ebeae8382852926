"""Where editions live: built aside, made to appear by one rename, never touched again.

Belongs here: versions, the building folder, the ``latest`` link, permissions and flushing to disk. Does not belong
here: what is in an edition.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LATEST = "latest"
_BUILDING = ".building-"
_VERSION = re.compile(r"v([1-9]\d*)")
_YEAR = re.compile(r"\d{4}")


@contextmanager
def building_folder(editions_dir: Path) -> Iterator[Path]:
    """An empty folder in ``editions_dir`` to build an edition in; it is gone afterwards unless it was made to appear.

    Only one may publish at a time (whoever publishes holds the writer's lock), so any other building folder is what a
    dead run left, and is removed.
    """
    editions_dir.mkdir(parents=True, exist_ok=True)
    for left_behind in editions_dir.glob(f"{_BUILDING}*"):
        shutil.rmtree(left_behind)
    building = editions_dir / f"{_BUILDING}{os.getpid()}"
    building.mkdir()
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def newest_version(editions_dir: Path, survey_year: int) -> int:
    """The newest version of a survey year, 0 where there is none."""
    folder = editions_dir / str(survey_year)
    found = (_VERSION.fullmatch(path.name) for path in folder.iterdir()) if folder.is_dir() else ()
    return max((int(match[1]) for match in found if match), default=0)


def newest_edition(editions_dir: Path, up_to: int | None = None) -> Path | None:
    """The newest version of the latest survey year (at most ``up_to``) that has one."""
    years = sorted(int(path.name) for path in editions_dir.iterdir() if path.is_dir() and _YEAR.fullmatch(path.name))
    for year in reversed(years):
        if (up_to is None or year <= up_to) and (version := newest_version(editions_dir, year)):
            return edition_folder(editions_dir, year, version)
    return None


def edition_folder(editions_dir: Path, survey_year: int, version: int) -> Path:
    """The folder of a version."""
    return editions_dir / str(survey_year) / f"v{version}"


def make_appear(building: Path, edition: Path) -> None:
    """Flush everything to disk, take away write permission, and give the folder its final name in one step."""
    for path in sorted(building.rglob("*")):
        if path.is_file():
            path.chmod(path.stat().st_mode & ~0o222)
        _flush(path)
    _flush(building)
    edition.parent.mkdir(exist_ok=True)
    building.rename(edition)
    _flush(edition.parent)
    _flush(edition.parent.parent)


def point_latest(editions_dir: Path) -> None:
    """Let ``latest`` be the newest edition of the latest survey year, also where a run died before it could say so."""
    newest = newest_edition(editions_dir)
    link = editions_dir / LATEST
    if newest is None or (link.is_symlink() and link.resolve() == newest.resolve()):
        return
    aside = editions_dir / f".{LATEST}-next"
    aside.unlink(missing_ok=True)
    aside.symlink_to(newest.relative_to(editions_dir), target_is_directory=True)
    aside.replace(link)
    _flush(editions_dir)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
