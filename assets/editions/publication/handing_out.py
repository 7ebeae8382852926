"""Handing out a part of an edition: a copy elsewhere, whole or not at all, such as for a web server or a municipality.

Below a folder of its own each version is ``<survey_year>/v<n>``, and ``latest`` is the newest handed out there.

Belongs here: copying a part, and holding it to its checksums. Does not belong here: making an edition (``publish.py``).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.files import written_aside
from assets.editions.content.stamp import EDITION_FILE
from assets.editions.content.terms import Audience
from assets.editions.files.metadata import SUMS_FILE, read_checksums
from assets.editions.publication.folder import (
    LATEST,
    all_editions,
    appear,
    building_folder,
    is_withdrawn,
    part_folder,
    point_latest,
)
from assets.editions.publication.verification import faults_of_part
from assets.editions.publication.withdrawal import note_of, write_note

_RECORD = "handed_out.txt"  # a line each: the edition, a space, the folder


def hand_out(edition: Path, audience: Audience, to: Path, municipality: str | None = None) -> tuple[Path, bool]:
    """Copies the part of an audience below ``to``, of municipalities all or one; the copy, and whether it was made now.

    What was withdrawn since it was handed out there is withdrawn there too. Raises BadInput where the edition is
    withdrawn or has no such part, a file is not what its checksum says, or ``to`` is for other readers.
    """
    if is_withdrawn(edition):
        raise BadInput(f"Edition {note_of(edition)}", str(edition), "hand out one that holds")
    source = _source(edition, audience, municipality)
    to = to.resolve()
    if to.is_relative_to(edition.parents[1]):
        raise BadInput("This folder is the project's own", str(to), "name a folder elsewhere")
    _refuse_other_readers(to, audience, municipality)
    _pass_on_withdrawals(edition.parents[1], to)
    copy = to / edition.parent.name / edition.name
    parts = _parts(source)
    if copy.is_dir():
        if [read_checksums(copy / part) for part in parts] != [read_checksums(source / part) for part in parts]:
            raise BadInput("Another edition is there already", str(copy), "move it away, and hand out again")
        point_latest(to)
        return copy, False
    with building_folder(to) as building:
        shutil.copytree(source, building, dirs_exist_ok=True)
        for part in parts:
            _hold_to_checksums(building / part, source / part)
        appear(building, copy)
    point_latest(to)
    return copy, True


def handed_out(editions_dir: Path) -> list[tuple[str, Path]]:
    """What was handed out, as far as it is recorded: such as 2023/v1, and the folder for its readers."""
    file = editions_dir / _RECORD
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    return [(edition, Path(to)) for edition, _, to in (line.partition(" ") for line in lines) if to]


def record(edition: Path, to: Path) -> None:
    """Keeps where an edition was handed out: what is withdrawn has to be taken down there."""
    own = (f"{edition.parent.name}/{edition.name}", to.resolve())
    known = handed_out(edition.parents[1])
    if own not in known:
        with written_aside(edition.parents[1] / _RECORD) as aside:
            aside.write_text("".join(f"{name} {folder}\n" for name, folder in [*known, own]), encoding="utf-8")


def _pass_on_withdrawals(editions_dir: Path, to: Path) -> None:
    for own in filter(is_withdrawn, all_editions(editions_dir)):
        if (copy := to / own.relative_to(editions_dir)).is_dir() and not is_withdrawn(copy):
            write_note(copy, note_of(own))


def _source(edition: Path, audience: Audience, municipality: str | None) -> Path:
    folder = part_folder(edition, audience)
    if municipality and audience != "municipality":
        raise BadInput(
            f"The {audience} part is not of one municipality", municipality, "name it with --audience municipality"
        )
    source = folder / municipality if municipality else folder
    if not source.is_dir():
        raise BadInput("There is no such part", str(source), "'lea run' publishes an edition; 'lea publish --help'")
    return source


def _parts(source: Path) -> list[Path]:
    """The folders in it that are complete in themselves, relative to it: itself, or one per municipality."""
    return [file.parent.relative_to(source) for file in sorted(source.glob(f"*/{SUMS_FILE}"))] or [Path()]


def _hold_to_checksums(copy: Path, source: Path) -> None:
    if faults := faults_of_part(copy):
        raise BadInput(
            "A file is not what the edition's checksums say, so nothing was handed out",
            f"{source}: {'; '.join(faults[:3])}",
            "'lea run' publishes a whole version; hand that one out",
        )


def _refuse_other_readers(to: Path, audience: Audience, municipality: str | None) -> None:
    """One folder has one kind of readers: its web server or its permissions are made for these."""
    latest = to / LATEST
    for facts in sorted({*latest.glob(EDITION_FILE), *latest.glob(f"*/{EDITION_FILE}")})[:1]:
        held = json.loads(facts.read_text(encoding="utf-8"))
        of = held.get("municipality_code") if facts.parent == latest else None
        if (held["audience"], of) != (audience, municipality):
            raise BadInput(
                f"This folder already has the {held['audience']} part{f' of {of}' if of else ''}",
                str(to),
                "name another folder",
            )
