"""What became of a municipality: mergers and splits between two dates, and whether the bookkeeping closes.

A change takes effect at the start of its ``effective_date``: on that date the new situation holds. Rows of kind
``continues_enlarged`` carry a code into itself, so that predecessors are complete when a territory grew under an old
code.

``municipalities`` and ``changes`` are the frames of ``loader.py``. Does not belong here: adding up anybody's answers
over borders (the warehouse does).
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SPLIT_KINDS = ("split_into_new", "split_into_existing")
CHANGE_KINDS = ("merged_into_new", "absorbed_into_existing", "continues_enlarged", *SPLIT_KINDS)


def codes_on(municipalities: pd.DataFrame, changes: pd.DataFrame, on: date) -> set[str]:
    """The codes that exist on a date: the newest register of on or before it, and the changes since.

    Raises ValueError when the date lies before the first register.
    """
    registers = _registers(municipalities)
    start = max((reference_date for reference_date in registers if reference_date <= on), default=None)
    if start is None:
        raise ValueError(f"there is no register of on or before {on}; the first is of {min(registers)}")
    return _apply(registers[start], _moves(changes, start, on))


def successors(changes: pd.DataFrame, code: str, since: date, until: date) -> set[str]:
    """The codes that on ``until`` hold (part of) the territory that ``code`` had on ``since``. More than one: a
    split."""
    codes = {code}
    for moves in _moves(changes, since, until):
        touched = [(old, new) for old, new in moves if old in codes]
        codes = (codes - {old for old, _ in touched}) | {new for _, new in touched}
    return codes


def predecessors(changes: pd.DataFrame, code: str, since: date, until: date) -> set[str]:
    """The codes that on ``since`` held (part of) the territory that ``code`` has on ``until``."""
    codes = {code}
    for moves in reversed(_moves(changes, since, until)):
        touched = [(old, new) for old, new in moves if new in codes]
        codes = (codes - {new for _, new in touched}) | {old for old, _ in touched}
    return codes


def continued(changes: pd.DataFrame, code: str, since: date, until: date) -> str | None:
    """The code that on ``since`` was the whole of the territory that ``code`` has on ``until``; None when none was."""
    if not any(code in move for moves in _moves(changes, since, until) for move in moves):
        return code
    before = predecessors(changes, code, since, until)
    return min(before) if len(before) == 1 and successors(changes, min(before), since, until) == {code} else None


def bookkeeping_gaps(municipalities: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Where a register plus the changes until the next register is not that next register. No rows: it closes.

    Columns: reference_date (of the register that disagrees), municipality_code, problem.
    """
    import pandas as pd

    registers = _registers(municipalities)
    dates = sorted(registers)
    gaps: list[tuple[date, str, str]] = []
    for before, after in pairwise(dates):
        due = _moves(changes, before, after)
        expected = _apply(registers[before], due)
        ended = {old for moves in due for old, _ in moves}
        known = registers[before] | {new for moves in due for _, new in moves}
        gaps += [(before, c, "changes afterwards, but is not in the register") for c in ended - known]
        gaps += [(after, c, "is in the register, but no change brought it") for c in registers[after] - expected]
        gaps += [(after, c, "is not in the register, but no change ended it") for c in expected - registers[after]]
    return pd.DataFrame(sorted(gaps), columns=["reference_date", "municipality_code", "problem"])


def _registers(municipalities: pd.DataFrame) -> dict[date, set[str]]:
    dates, codes = municipalities["reference_date"], municipalities["municipality_code"]
    return {reference_date: set(codes[dates == reference_date]) for reference_date in dates.unique()}


def _moves(changes: pd.DataFrame, after: date, until: date) -> list[list[tuple[str, str]]]:
    """The changes that took effect after the first date, up to and including the second: for each day, in order, the
    old code and the new code of every change."""
    days: dict[date, list[tuple[str, str]]] = {}
    # Plain values: this is asked for each municipality, and selecting from a data frame takes far longer.
    for day, old, new in zip(changes["effective_date"], changes["old_code"], changes["new_code"], strict=True):
        if after < day <= until:
            days.setdefault(day, []).append((old, new))
    return [days[day] for day in sorted(days)]


def _apply(codes: set[str], days: list[list[tuple[str, str]]]) -> set[str]:
    for moves in days:
        codes = (codes - {old for old, _ in moves}) | {new for _, new in moves}
    return codes
