"""``lea select``: a varied selection of municipalities for interviews, drawn once and recorded.

Belongs here: printing. Does not belong here: the draw and its record (``assets/interviews``).
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from assets.base.paths import data_paths
from assets.base.writer import writing
from assets.interviews.record import select
from orchestration.cli.console import console


def select_for_interviews(year: int, number: int, seed: int) -> None:
    """Draws, records, and prints how many of each class and group. Raises BadInput where that year has a selection."""
    paths = data_paths()
    with writing(paths):
        drawn = select(paths, year, number, seed, datetime.now(UTC).date())
    for (urbanisation, group), count in sorted(
        Counter((d.urbanisation_class, d.disadvantage_group) for d in drawn).items()
    ):
        console.print(f"urbanisation class {urbanisation}, disadvantage group {group}: {count}")
    console.print(
        f"{len(drawn)} municipalities selected: {paths.interviews / f'{year}.csv'}\n"
        "next: 'lea run' shows it on their dossiers"
    )
