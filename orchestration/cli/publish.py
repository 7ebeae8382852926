"""``lea publish``: a part of an edition for its readers, in a folder of theirs; ``lea verify``: whether every edition
is still what it was when it appeared."""

from __future__ import annotations

from pathlib import Path

from assets.base.errors import BadInput
from assets.base.paths import data_paths
from assets.base.writer import writing
from assets.editions.content.terms import Audience
from assets.editions.publication.folder import LATEST, all_editions, is_withdrawn
from assets.editions.publication.handing_out import hand_out, record
from assets.editions.publication.verification import faults_of
from orchestration.cli.console import console

_SHOWN = 5


def publish_part(audience: Audience, to: Path, municipality: str | None, edition: Path | None) -> None:
    """Copies the part, and says where it is. Raises BadInput where there is no edition, or it cannot be handed out."""
    paths = data_paths()
    folder = (edition or paths.editions / LATEST).resolve()
    if not folder.is_dir():
        raise BadInput("There is no edition yet", str(folder), "'lea run' publishes the first one")
    with writing(paths):
        copy, is_new = hand_out(folder, audience, to, municipality)
        if folder.is_relative_to(paths.editions.resolve()):
            record(folder, to)
    console.print(f"{copy}{'' if is_new else ' was there already'}")
    console.print(f"readers: {to.resolve() / LATEST}")


def verify_editions(edition: Path | None) -> bool:
    """Says of each edition, or of the one in this folder, what is wrong with it; whether all are whole."""
    editions = [edition] if edition else all_editions(data_paths().editions)
    are_whole = True
    for one in editions:
        faults = faults_of(one)
        name = f"{one.parent.name}/{one.name}{' (withdrawn)' if is_withdrawn(one) else ''}"
        console.print(f"{name}: {f'{len(faults)} faults' if faults else 'whole'}", style="red" if faults else None)
        for fault in faults[:_SHOWN]:
            console.print(f"  {fault}")
        are_whole = are_whole and not faults
    if not are_whole:
        console.print("remedy: 'lea run' publishes a whole version beside a damaged newest one")
    return are_whole
