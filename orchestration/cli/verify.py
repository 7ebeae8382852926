"""``lea verify``: whether every edition is still what it was when it appeared."""

from __future__ import annotations

from pathlib import Path

from assets.base.paths import data_paths
from assets.editions.publication.folder import all_editions, is_withdrawn
from assets.editions.publication.verification import faults_of
from orchestration.cli.console import console

_SHOWN = 5


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
