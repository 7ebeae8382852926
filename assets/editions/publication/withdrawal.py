"""Withdrawing an edition: it stays where it is, says why it no longer holds, and is never the latest again.

The note ``withdrawn.json`` beside its parts is what makes it withdrawn; it is written in one move, so a process that
dies in between leaves nothing half done that the next call, or the next run, does not finish.

Belongs here: the note, and what readers who open a part see of it. Does not belong here: what ``latest`` is
(``folder.py``), what the next edition says of it (``changes.py``).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.files import written_aside
from assets.editions.files.metadata import NOTICE_FILE
from assets.editions.publication.folder import (
    WITHDRAWN_FILE,
    all_editions,
    edition_folder,
    is_withdrawn,
    newest_edition,
    parts_of,
    point_latest,
    standing_editions,
)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """``edition``: such as 2023/v2; ``on``: the day, as 2026-11-28."""

    edition: str
    on: str
    reason: str

    def __str__(self) -> str:
        return f"{self.edition} was withdrawn on {self.on}: {self.reason}"


def withdraw(editions_dir: Path, survey_year: int, version: int | None, reason: str, on: date) -> Withdrawal:
    """Withdraws a version of a survey year, the newest that holds where none is named, and moves ``latest``. Of one
    that is withdrawn already, the first note stays. Raises BadInput when there is no such edition."""
    edition = _found(editions_dir, survey_year, version)
    if not is_withdrawn(edition):
        note = Withdrawal(f"{survey_year}/{edition.name}", on.isoformat(), reason)
        write_note(edition, note)
    note = note_of(edition)
    point_latest(editions_dir)
    for part in parts_of(edition):
        with written_aside(part / NOTICE_FILE) as aside:
            aside.write_text(_notice(note, newest_edition(editions_dir)), encoding="utf-8")
    return note


def write_note(edition: Path, note: Withdrawal) -> None:
    """Makes an edition, or a copy of one of its parts, withdrawn."""
    with written_aside(edition / WITHDRAWN_FILE) as aside:
        aside.write_text(json.dumps(asdict(note), indent=1, ensure_ascii=False), encoding="utf-8")


def note_of(edition: Path) -> Withdrawal:
    """The note of an edition that is withdrawn. Raises BadInput when it cannot be read."""
    file = edition / WITHDRAWN_FILE
    try:
        return Withdrawal(**json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise BadInput("This note cannot be read", str(file), 'write {"edition", "on", "reason"}, as JSON') from None


def withdrawals(editions_dir: Path, survey_year: int, after: Path | None = None) -> list[Withdrawal]:
    """The versions of a survey year that are withdrawn, from the oldest; those after a version of it, where one is
    named."""
    of_year = [one for one in all_editions(editions_dir) if one.parent.name == str(survey_year)]
    first = of_year.index(after) if after in of_year else 0
    return [note_of(one) for one in of_year[first:] if is_withdrawn(one)]


def _found(editions_dir: Path, survey_year: int, version: int | None) -> Path:
    standing = [one for one in standing_editions(editions_dir) if one.parent.name == str(survey_year)]
    edition = edition_folder(editions_dir, survey_year, version) if version else next(reversed(standing), None)
    if edition is None or not edition.is_dir():
        known = ", ".join(one.name for one in standing)
        raise BadInput(
            f"There is no {f'version {version}' if version else 'edition'} of {survey_year} to withdraw",
            str(editions_dir / str(survey_year)),
            f"name one of these with --version: {known}" if known else "nothing: no edition of that year holds",
        )
    return edition


def _notice(note: Withdrawal, newest: Path | None) -> str:
    now = f"{newest.parent.name}/{newest.name}" if newest else ""
    return (
        f"INGETROKKEN. Editie {note.edition} is op {note.on} ingetrokken en geldt niet meer: {note.reason}\n"
        + (f"De nieuwste editie die geldt, was toen {now}.\n" if now else "")
        + f"\nWITHDRAWN. Edition {note.edition} was withdrawn on {note.on} and no longer holds: {note.reason}\n"
        + (f"The newest edition that holds was {now} then.\n" if now else "")
    )
