"""How far coders agree: Krippendorff's alpha for categories (Krippendorff, Content Analysis, 2004, chapter 11).

Belongs here: the measure, by survey year and frame. Does not belong here: settling what they differ on (``tasks.py``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from assets.coding.coded import SETTLED
from assets.coding.coding import Coding


class Agreement(NamedTuple):
    """``answers``: how many two coders or more have coded; ``differing``: of these, those with different codes.
    ``alpha``: 1 is full agreement, 0 what chance gives; None where the coders used a single code, of which nothing
    follows."""

    survey_year: int
    frame: str
    answers: int
    differing: int
    alpha: float | None


def agreement(coding: Coding) -> list[Agreement]:
    """By survey year and frame, of answers that several coders have coded with the same words before them."""
    units: dict[tuple[int, str], dict[tuple[str, str, str], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for (survey_year, coder), rows in coding.coded.items():
        for answer in (row.content for row in rows if coder != SETTLED):
            frame = coding.frame_of(survey_year, answer.question_id).id
            unit = (answer.municipality_code, answer.question_id, answer.text)
            units[survey_year, frame][unit][answer.code] += 1
    found = []
    for (survey_year, frame), of_frame in sorted(units.items()):
        twice = [codes for codes in of_frame.values() if codes.total() > 1]
        if twice:
            differing = sum(len(codes) > 1 for codes in twice)
            found.append(Agreement(survey_year, frame, len(twice), differing, _alpha(twice)))
    return found


def _alpha(units: list[Counter[str]]) -> float | None:
    used = sorted({code for codes in units for code in codes})
    if len(used) < 2:
        return None
    import krippendorff

    counts = [[codes[code] for code in used] for codes in units]
    return float(krippendorff.alpha(value_counts=counts, value_domain=used, level_of_measurement="nominal"))
