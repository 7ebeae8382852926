"""``lea publish``: a part of an edition for its readers, in a folder of theirs."""

from __future__ import annotations

from pathlib import Path

from assets.base.errors import BadInput
from assets.base.paths import data_paths
from assets.base.writer import writing
from assets.editions.content.terms import Audience
from assets.editions.publication.folder import LATEST
from assets.editions.publication.handing_out import hand_out, record
from orchestration.cli.console import console


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
