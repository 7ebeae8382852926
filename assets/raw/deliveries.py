"""Takes delivered files in: checks that each is the file that was registered and has the questionnaire's columns.

Belongs here: the file as a whole (hash, columns). Does not belong here: how a format is read (``readers.py``), what a
cell means (``assets/answers``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from assets.errors import BadInput, shown
from assets.questionnaires.model import Delivery, Questionnaire
from assets.raw.readers import place, read_cells

SHOWN = 10


@dataclass(frozen=True)
class RawDelivery:
    """One accepted file: where it came from, and its cells as text (as ``read_cells`` gives them)."""

    survey_year: int
    delivery: Delivery
    file: Path
    cells: pd.DataFrame


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def take_in(questionnaire: Questionnaire, folder: Path) -> list[RawDelivery]:
    """Every registered delivery of a questionnaire, in order. Raises BadInput for the first that cannot be used."""
    taken = []
    for delivery in questionnaire.deliveries:
        file = folder / delivery.path
        if file.is_file() and (found := sha256_of(file)) != delivery.sha256:
            raise BadInput(
                f"Delivery {delivery.number} of {questionnaire.survey_year} is not the file that was accepted: "
                f"its SHA-256 is {found[:12]}…, the questionnaire says {delivery.sha256[:12]}…",
                str(file),
                "put the accepted file back; a changed file is a new delivery: 'lea accept FILE --year "
                f"{questionnaire.survey_year}'",
            )
        taken.append(take_in_one(questionnaire, delivery, file))
    return taken


def take_in_one(questionnaire: Questionnaire, delivery: Delivery, file: Path) -> RawDelivery:
    """One delivered file. Raises BadInput when it cannot be read, or when a column is missing or unmapped."""
    cells = read_cells(file, delivery)
    expected = questionnaire.columns
    missing = [column for column in expected if column not in set(cells.columns)]
    unmapped = [column for column in cells.columns if column not in set(expected)]
    if missing or unmapped:
        parts = [f"{_named(missing, unmapped)} missing"] if missing else []
        parts += [f"{_named(unmapped, [])} not in the questionnaire"] if unmapped else []
        raise BadInput(
            f"The columns are not those of the {questionnaire.survey_year} questionnaire: {'; '.join(parts)}",
            place(file, delivery),
            "give every column the name that it has in the questionnaire, and send no other columns",
        )
    return RawDelivery(questionnaire.survey_year, delivery, file, cells)


def _named(columns: list[str], candidates: list[str]) -> str:
    """'A', 'B' (is it 'b'?) and 3 more are."""
    named = []
    for column in columns[:SHOWN]:
        close = get_close_matches(column, candidates, 1)
        named.append(shown(column) + (f" (is it {shown(close[0])}?)" if close else ""))
    more = f" and {len(columns) - SHOWN} more" if len(columns) > SHOWN else ""
    return ", ".join(named) + more + (" is" if len(columns) == 1 else " are")
