"""What the 2022 report (thema2022, Bijlage 2) prints about its classification, and what we know about who is in it.

Does not belong here: how a classification is found (``solver.py``).
"""

from __future__ import annotations

CROSS_TABLE: dict[str, tuple[int, int, int, int, int]] = {
    "low": (1, 6, 21, 44, 16),
    "middle": (4, 31, 38, 67, 34),
    "high": (16, 36, 16, 15, 4),
}
"""Tabel 3: municipalities by disadvantage group and urbanisation class 1 to 5.

The table prints percentages within a group; with the margins of Tabel 1 (21/73/75/126/54) and Tabel 2 (88/174/87) these
are the only whole numbers that give them.
"""

MEAN_SCORES: dict[str, float] = {"low": 0.37, "middle": 0.62, "high": 1.06}
"""Tabel 2: the mean disadvantage score of the municipalities of a group, in two decimals."""

NON_RESPONDENTS = 2
"""Codes in the registers of both 2020 and 2021: 351. The report classifies 349."""

ALWAYS_RESPOND = ("GM0344", "GM0363", "GM0518", "GM0599")
"""Utrecht, Amsterdam, 's-Gravenhage and Rotterdam. Assumption: the report would have said that one of them was
absent."""
