"""``lea status``, ``lea doctor``, ``lea backup`` and ``lea restore``: looking after an installation.

Each imports its own module only when it runs: ``lea status`` is to be quick.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Sequence
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.paths import dagster_home, data_paths
from assets.base.writer import writing
from orchestration.cli.console import console


def show_status() -> None:
    """Prints what is there, what is open and what comes next, a heading each."""
    gc.disable()  # a process of two seconds, most of it imports: looking for cycles would take a fifth of it
    from orchestration.upkeep.status import status

    heading = ""
    for line in status(data_paths(), dagster_home()):
        if line.heading != heading:
            heading = line.heading
            console.print(heading, style="bold")
        console.print(f"{'!' if line.is_open else ' '} {line.text}", style="yellow" if line.is_open else None)


def show_damage(*, mend: bool) -> bool:
    """Says all that is wrong, and with ``mend`` mends what is safe to mend; whether all is well."""
    from orchestration.upkeep.doctor import examine

    paths, home = data_paths(), dagster_home()
    found = examine(paths, home)
    for number, damage in enumerate(found, 1):
        console.print(f"{number}. {damage}", style="red")
    if mend and any(damage.mend for damage in found):
        with writing(paths):
            for damage in found:
                if damage.mend:
                    damage.mend()
                    console.print(f"mended: {damage.where}")
        found = [damage for damage in found if not damage.mend]
    left = sum(damage.mend is not None for damage in found)
    if found:
        how_many = f"{len(found)} {'thing is' if len(found) == 1 else 'things are'} wrong"
        console.print(f"{how_many}; --mend mends {left} of them" if left else how_many)
    else:
        console.print("nothing is wrong")
    return not found


def make_backup(to: Path) -> None:
    """Makes a backup, and says what to do with it."""
    from orchestration.upkeep.backup import back_up

    files = back_up(data_paths(), dagster_home(), to)
    console.print(f"{files:,} files are in {to.resolve()}, each with its SHA-256\nkeep it on another machine")


def restore_backup(source: Path, *, force: bool, published: Sequence[str]) -> None:
    """Restores a backup, and says what is kept aside and which version comes next."""
    from orchestration.upkeep.backup import restore

    done = restore(data_paths(), dagster_home(), source, force=force, published=_versions(published))
    console.print(f"{done.files:,} files of {done.made_at} are in place again")
    for folder in done.replaced:
        console.print(f"what was there is in {folder}: remove it once nothing of it is missed")
    for year, version in done.versions.items():
        console.print(f"the next edition of {year} is v{version + 1} or newer")
    console.print("a newer version that readers have is named with --published, such as 2023/v5: do it again with that")


def _versions(published: Sequence[str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for text in published:
        match = re.fullmatch(r"(\d{4})/v(\d+)", text)
        if match is None:
            raise BadInput(f"{text!r} is no edition", "--published", "write it as 2023/v5")
        found[int(match[1])] = max(int(match[2]), found.get(int(match[1]), 0))
    return found
