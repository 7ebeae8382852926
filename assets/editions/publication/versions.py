"""Version numbers never repeat: not after an edition was withdrawn, removed or lost, and not after a restore.

The newest number of each survey year is also kept apart from the editions (``versions_file``). Belongs here: giving and
keeping numbers. Does not belong here: folders (``folder.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.files import written_aside
from assets.editions.publication.folder import all_editions, newest_version


def next_version(editions_dir: Path, survey_year: int, kept: Path | None) -> int:
    """The version that an edition of a survey year gets; ``kept``: the file of the newest numbers, where there is
    one."""
    return max(newest_version(editions_dir, survey_year), kept_versions(kept).get(survey_year, 0)) + 1


def note_version(kept: Path | None, survey_year: int, version: int) -> None:
    """Keeps the newest version of a survey year; an older one changes nothing."""
    if kept is not None:
        note_versions(kept, {survey_year: version})


def note_versions(kept: Path, newest: Mapping[int, int]) -> None:
    """Keeps the newest versions, each unless a newer one is kept."""
    before = kept_versions(kept)
    after = {str(year): max(of[year] for of in (before, newest) if year in of) for year in sorted({*before, *newest})}
    with written_aside(kept) as aside:
        aside.write_bytes(json.dumps(after, indent=1).encode())


def kept_versions(kept: Path | None) -> dict[int, int]:
    """Survey year → the newest version that is kept. Raises BadInput when the file cannot be read."""
    if kept is None or not kept.exists():
        return {}
    try:
        return {int(year): int(version) for year, version in json.loads(kept.read_bytes()).items()}
    except (ValueError, AttributeError, TypeError):
        raise BadInput(
            "The versions that were ever given cannot be read",
            str(kept),
            'write the newest of each survey year, withdrawn ones too: {"2023": 4}',
        ) from None


def versions_below(folder: Path) -> dict[int, int]:
    """Survey year → the newest version in a folder of editions, or of parts that were handed out."""
    found: dict[int, int] = {}
    for edition in all_editions(folder):
        found[int(edition.parent.name)] = int(edition.name[1:])
    return found
