"""Where editions live: built aside, made to appear by one rename, never touched again.

An edition has three parts: ``public``, ``municipalities/<code>`` and ``internal``.

Belongs here: versions and parts, the building folder, the ``latest`` link, permissions and flushing to disk. Does not
belong here: what is in an edition.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.editions.content.terms import Audience

LATEST = "latest"
WITHDRAWN_FILE = "withdrawn.json"
_BUILDING = ".building-"
_VERSION = re.compile(r"v([1-9]\d*)")
_YEAR = re.compile(r"\d{4}")
_PARTS: dict[Audience, str] = {"public": "public", "municipality": "municipalities", "internal": "internal"}


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
    """The newest version of a survey year, withdrawn or not; 0 where there is none."""
    folder = editions_dir / str(survey_year)
    found = (_VERSION.fullmatch(path.name) for path in folder.iterdir()) if folder.is_dir() else ()
    return max((int(match[1]) for match in found if match), default=0)


def all_editions(editions_dir: Path) -> list[Path]:
    """Every version of every survey year, from the oldest to the newest."""
    found = [
        path
        for path in editions_dir.glob("*/v*")
        if _YEAR.fullmatch(path.parent.name) and _VERSION.fullmatch(path.name) and path.is_dir()
    ]
    return sorted(found, key=lambda path: (int(path.parent.name), int(path.name[1:])))


def is_withdrawn(edition: Path) -> bool:
    """Whether an edition no longer holds."""
    return (edition / WITHDRAWN_FILE).exists()


def standing_editions(editions_dir: Path) -> list[Path]:
    """The editions that are not withdrawn, in the same order."""
    return [one for one in all_editions(editions_dir) if not is_withdrawn(one)]


def newest_edition(editions_dir: Path) -> Path | None:
    """What ``latest`` is: the newest version that is not withdrawn, of the latest survey year that has one; whatever
    was published last."""
    return next(reversed(standing_editions(editions_dir)), None)


def edition_folder(editions_dir: Path, survey_year: int, version: int) -> Path:
    """The folder of a version."""
    return editions_dir / str(survey_year) / f"v{version}"


def part_folder(edition: Path, audience: Audience) -> Path:
    """Where the part of an audience lies in an edition; of municipalities, the folder that has a folder for each."""
    return edition / _PARTS[audience]


def parts_of(edition: Path) -> list[Path]:
    """The folders of an edition that are complete in themselves, those that there are."""
    municipal = part_folder(edition, "municipality")
    folders = [part_folder(edition, "public"), part_folder(edition, "internal")]
    return [*filter(Path.is_dir, folders), *(sorted(municipal.iterdir()) if municipal.is_dir() else [])]


def make_appear(building: Path, edition: Path) -> None:
    """Take away write permission, and let the folder ``appear``.

    What is not public can be read by its owner and group only, whatever the umask; nobody else gets into its folder.
    """
    for path in sorted(building.rglob("*")):  # the public part last: a picture that both have is one file
        is_public = path.relative_to(building).parts[0] == _PARTS["public"]
        path.chmod((0o755 if is_public else 0o750) if path.is_dir() else (0o444 if is_public else 0o440))
    building.chmod(0o755)
    appear(building, edition)


def appear(building: Path, edition: Path) -> None:
    """Flush everything to disk, and give the folder its final name in one step."""
    for path in (*sorted(building.rglob("*")), building):
        _flush(path)
    edition.parent.mkdir(parents=True, exist_ok=True)
    building.rename(edition)
    _flush(edition.parent)
    _flush(edition.parent.parent)


def point_latest(editions_dir: Path) -> None:
    """Let ``latest`` be the newest edition (where none holds, there is no ``latest``), also where a run died before it
    could say so."""
    newest = newest_edition(editions_dir)
    link = editions_dir / LATEST
    if newest is None:
        link.unlink(missing_ok=True)
        return
    if link.is_symlink() and link.resolve() == newest.resolve():
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
