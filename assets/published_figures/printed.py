"""What a printed number says: which computed numbers it agrees with.

Belongs here: the grammar of the column ``value`` (data/published_figures/README.md) and how far a word in front of a
number reaches. Does not belong here: which numbers were printed, or the comparison itself.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

PERCENT_TOLERANCE = Decimal(7)
"""Percentage points that a vague word ("ongeveer", "bijna", "ruim") reaches. Where the reports print words beside the
number
itself they are up to 5 points apart ("iets minder dan de helft (45%)"); 7 leaves some room where print has the words
only."""

SHARE_TOLERANCE = Decimal("0.15")
"""The same for every other kind of number, as a share of it: 7 points of the 50% that the reports round to most
often."""

WHOLE_MEASURES = ("count", "base")
"""What counts municipalities, children, places or topics, so that a fraction is a slip of the key."""

EMPTY_VALUES = ("", "-")

_NUMBER = r"(?:0|[1-9]\d*)(?:\.\d+)?"
_WORDED = re.compile(rf"(?:(about|almost|over|more than|less than|at least) )?({_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER}) to ({_NUMBER})")
_REACH = {"about": (True, True), "almost": (True, False), "over": (False, True)}


@dataclass(frozen=True)
class Printed:
    """The numbers that a printed one agrees with: from ``lower`` to ``upper``, an end excluded where it is open.

    In the unit of the print (48 is 48%), of a number that is not rounded: ``48`` is 47.5 up to but not including 48.5,
    which is rounding half up. Without an end: infinite. All of an empty cell ('' or '-') is None. ``decimals``: as
    printed.
    """

    lower: float | None
    upper: float | None
    lower_open: bool | None
    upper_open: bool | None
    decimals: int | None

    @property
    def is_empty(self) -> bool:
        """Whether print has no number there."""
        return self.lower is None

    def agrees(self, number: float) -> bool:
        """Whether a computed number, in the unit of the print and not rounded, is what was printed."""
        if self.lower is None or self.upper is None:
            return False
        above = number > self.lower if self.lower_open else number >= self.lower
        below = number < self.upper if self.upper_open else number <= self.upper
        return above and below


def read_printed(value: str, measure: str) -> Printed:
    """What a keyed ``value`` of a ``measure`` says. Raises ValueError, worded to follow the value, when it says
    nothing."""
    if value in EMPTY_VALUES:
        return Printed(None, None, None, None, None)
    if worded := _WORDED.fullmatch(value):
        word, numbers = worded[1], [Decimal(worded[2])]
    elif ends := _RANGE.fullmatch(value):
        word, numbers = "to", [Decimal(ends[1]), Decimal(ends[2])]
        if numbers[0] >= numbers[1]:
            raise ValueError("is a range that does not go up")
    else:
        raise ValueError(
            "is not a number, 'about', 'almost', 'over', 'more than', 'less than' or 'at least' a number, 'a to b', - "
            "or empty"
        )
    decimals = max(_decimals(number) for number in numbers)
    if measure == "percent" and max(numbers) > 100:
        raise ValueError("is a percentage above 100")
    if measure in WHOLE_MEASURES and decimals:
        raise ValueError(f"is not whole, as a {measure} is")
    if measure == "base" and (word or len(numbers) > 1):
        raise ValueError("is not a plain number, as a base is")
    lower, upper, lower_open, upper_open = _ends(word, numbers, decimals, measure)
    return Printed(float(lower), float(upper), lower_open, upper_open, decimals)


def _ends(
    word: str | None, numbers: list[Decimal], decimals: int, measure: str
) -> tuple[Decimal | float, Decimal | float, bool, bool]:
    first, last = numbers[0], numbers[-1]
    if word in (None, "to"):
        half = Decimal(5).scaleb(-decimals - 1)
        return first - half, last + half, False, True
    if word == "less than":
        return -math.inf, first, True, True
    if word in ("more than", "at least"):
        return first, math.inf, word == "more than", True
    down, up = _REACH[str(word)]
    tolerance = PERCENT_TOLERANCE if measure == "percent" else first * SHARE_TOLERANCE
    return first - tolerance * down, first + tolerance * up, False, word == "almost"


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
