"""Which edition this is, and which part of it: survey year, version, when it was made, compared with which, for whom.

Belongs here: the facts that differ between two editions with the same content. Does not belong here: the content.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import Text
from assets.editions.content.terms import Audience

if TYPE_CHECKING:
    from assets.editions.content.imprint import Imprint

EDITION_FILE = "edition.json"
_MONTHS = (
    Text("januari", "January"),
    Text("februari", "February"),
    Text("maart", "March"),
    Text("april", "April"),
    Text("mei", "May"),
    Text("juni", "June"),
    Text("juli", "July"),
    Text("augustus", "August"),
    Text("september", "September"),
    Text("oktober", "October"),
    Text("november", "November"),
    Text("december", "December"),
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """``created_at`` in UTC; ``compared_with`` such as ``2023/v1``, None for the first edition of all. ``audience``:
    for whom the part is, and on which ``terms`` where that is not the licence; ``imprint``: who
    publishes it, and how final it is."""

    survey_year: int
    version: int
    created_at: datetime
    compared_with: str | None
    changed_cells: int
    audience: Audience = "internal"
    terms: Text | None = None
    imprint: Imprint | None = None

    @property
    def date(self) -> Text:
        """The day on which the edition was made, in words."""
        at = self.created_at
        return Text(*(f"{at.day} {month} {at.year}" for month in _MONTHS[at.month - 1]))


def read_stamp(part: Path) -> Stamp:
    """The stamp in the ``edition.json`` of a part of an edition, without its terms."""
    facts = json.loads((part / EDITION_FILE).read_text(encoding="utf-8"))
    return Stamp(
        survey_year=facts["survey_year"],
        version=facts["version"],
        created_at=datetime.fromisoformat(facts["created_at"]),
        compared_with=facts["compared_with"],
        changed_cells=facts["changed_cells"],
        audience=facts["audience"],
    )
