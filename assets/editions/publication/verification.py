"""Whether an edition is still what it was when it appeared: every file against the checksums of its part.

Belongs here: finding what is damaged, missing or foreign. Does not belong here: mending it (the next run makes a new
version), handing it out (``handing_out.py``).
"""

from __future__ import annotations

from pathlib import Path

from assets.base.files import sha256_of
from assets.editions.files.metadata import NOTICE_FILE, SUMS_FILE, files_in, read_checksums
from assets.editions.publication.folder import part_folder, parts_of


def faults_of_part(part: Path) -> list[str]:
    """What is wrong with a part, a file each: 'is damaged', 'is missing' or 'does not belong there'."""
    sums = read_checksums(part)
    if not sums:
        return [f"{SUMS_FILE} is missing"]
    found = {path: part / path for path in files_in(part) if path not in (SUMS_FILE, NOTICE_FILE)}
    return [
        *(f"{path} is missing" for path in sums if path not in found),
        *(f"{path} does not belong there" for path in found if path not in sums),
        *(f"{path} is damaged" for path, file in found.items() if path in sums and sha256_of(file) != sums[path]),
    ]


def faults_of(edition: Path) -> list[str]:
    """What is wrong with an edition; nothing where it is whole."""
    parts = parts_of(edition)
    missing = [
        f"{folder.name}/ is missing"
        for folder in (part_folder(edition, "public"), part_folder(edition, "internal"))
        if folder not in parts
    ]
    return missing + [f"{part.relative_to(edition)}/{fault}" for part in parts for fault in faults_of_part(part)]
