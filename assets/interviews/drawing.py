"""Draws municipalities that vary in urbanisation class and disadvantage group (``thema2022`` §2.3.2: "22 gemeenten
geselecteerd die variëren in stedelijkheidsgraad en achterstandsscore").

Belongs here: how many of each stratum, and which. Does not belong here: who can be drawn, and the record
(``record.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

Stratum = tuple[str, str]
"""An urbanisation class and a disadvantage group."""


def draw(strata: Mapping[str, Stratum], number: int, seed: int) -> list[str]:
    """So many of the municipalities, by code; all of them where there are no more.

    ``strata``: code → its stratum. The same seed gives the same municipalities on every machine: the order within a
    stratum is that of the SHA-256 of seed and code.
    """
    members: dict[Stratum, list[str]] = {}
    for code in sorted(strata, key=lambda code: (sha256(f"{seed}:{code}".encode()).hexdigest(), code)):
        members.setdefault(strata[code], []).append(code)
    places = allot({stratum: len(codes) for stratum, codes in members.items()}, number)
    return sorted(code for stratum, codes in members.items() for code in codes[: places[stratum]])


def allot(sizes: Mapping[Stratum, int], number: int) -> dict[Stratum, int]:
    """Places per stratum: one for each as far as they go, the largest first; the rest goes, place by place, where the
    fewest are drawn for its size (Webster's method), so that no kind of municipality is left out and large ones weigh
    more."""
    places = dict.fromkeys(sizes, 0)
    for _ in range(min(number, sum(sizes.values()))):
        waiting = [stratum for stratum in sizes if places[stratum] < sizes[stratum]]
        places[min(waiting, key=lambda one: (places[one] > 0, -sizes[one] / (2 * places[one] + 1), one))] += 1
    return places
