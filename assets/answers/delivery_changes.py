"""What a new delivery changes in the answers that count.

Belongs here: comparing the answers that count without it with those that count with it. Does not belong here: what a
cell says (``row_judgements.py``), whether a number is odd (``assets/plausibility``), how the changes are shown
(``orchestration/cli``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from assets.answers.cell_judgements import ANSWERED, INVALID, NO_ANSWER, NOT_AVAILABLE, NOT_COLLECTED

EMPTIED, LARGE, OTHER = "emptied", "large", "other"
MOST_OF_THEM = (
    0.5  # a file with fewer of the municipalities that counted is a supplement: who is not in it is not missing
)
# What an answer that counts can become so that it no longer does. (Not asked follows from another answer.)
_GONE = [NO_ANSWER, NOT_AVAILABLE, NOT_COLLECTED, INVALID]
_CELL = ["municipality_code", "question_id", "option_code"]
_CHANGED = [*_CELL, "before", "after", "kind"]


@dataclass(frozen=True)
class CountBounds:
    """A count changes much when it leaves ``at_least`` to ``at_most`` times what it was, by more than ``margin``."""

    at_least: Decimal = Decimal("0.5")
    at_most: Decimal = Decimal(2)
    margin: int = 20

    def leaves(self, before: int, after: int) -> bool:
        """Whether a count goes from ``before`` to ``after`` farther than these bounds allow."""
        return abs(after - before) > self.margin and not self.at_least * before <= after <= self.at_most * before


@dataclass(frozen=True)
class DeliveryChanges:
    """What one delivery changes. Municipalities are codes, in order.

    ``counted``: who counted without it; ``new``: who did not; ``again``: who did, and has a newer row in it;
    ``absent``: who counted and is not in it, when it holds most of those who counted. ``cells``: one row per answer of
    ``again`` that differs: municipality_code, question_id, option_code, before and after (the value, or the status in
    brackets), kind (one of emptied, large, other).
    """

    counted: list[str]
    new: list[str]
    again: list[str]
    absent: list[str]
    cells: pd.DataFrame

    @property
    def questions(self) -> int:
        """How many answers differ: a multiple choice is one."""
        return len(self.cells.drop_duplicates(["municipality_code", "question_id"]))

    def of(self, kind: str) -> pd.DataFrame:
        """The changes of a kind, one row per municipality and question."""
        return self.cells[self.cells["kind"] == kind].drop_duplicates(["municipality_code", "question_id"])


def changes_by(
    delivery: int,
    in_file: Collection[str],
    before: pd.DataFrame,
    after: pd.DataFrame,
    bounds: Mapping[str, CountBounds],
) -> DeliveryChanges:
    """What a delivery (its number) changes.

    ``in_file``: the municipalities with a row in it, usable or not; ``before`` and ``after``: the table of answers
    without and with it; ``bounds``: question id → from where a changed count is large, where it is not
    ``CountBounds()``.
    """
    old, new = before[before["is_current"]], after[after["is_current"]]
    counted = set(old["municipality_code"])
    delivered = set(new.loc[new["delivery"] == delivery, "municipality_code"])
    again = counted & delivered
    is_complete = len(counted & set(in_file)) > MOST_OF_THEM * len(counted)
    return DeliveryChanges(
        sorted(counted),
        sorted(delivered - counted),
        sorted(again),
        sorted(counted - set(in_file)) if is_complete else [],
        _changed_cells(_shown(old, again), _shown(new, again), bounds) if again else pd.DataFrame(columns=_CHANGED),
    )


def _shown(answers: pd.DataFrame, municipalities: set[str]) -> pd.DataFrame:
    """The cells of these municipalities: their status, number, and what a reader is shown."""
    own = answers[answers["municipality_code"].isin(municipalities)]
    value = own["code"].astype("object").fillna(own["text"].astype("object")).fillna(own["number"].astype("object"))
    shown = value.where(own["status"] == ANSWERED, "(" + own["status"].astype("str") + ")").astype("str")
    cells = own[_CELL].astype("object").fillna({"option_code": ""})
    return cells.assign(status=own["status"].astype("object"), number=own["number"].astype("object"), shown=shown)


def _changed_cells(old: pd.DataFrame, new: pd.DataFrame, bounds: Mapping[str, CountBounds]) -> pd.DataFrame:
    both = old.merge(new, on=_CELL, suffixes=("_old", "_new"))
    question = [both["municipality_code"], both["question_id"]]
    had_answer = (both["status_old"] == ANSWERED).groupby(question).transform("any")
    has_answer = (both["status_new"] == ANSWERED).groupby(question).transform("any")
    is_lost = both["status_new"].isin(_GONE).groupby(question).transform("any")
    emptied = (both["status_old"] == ANSWERED) & had_answer & ~has_answer & is_lost
    large = [
        pd.notna(was) and pd.notna(now) and bounds.get(str(asked), CountBounds()).leaves(int(was), int(now))
        for asked, was, now in zip(both["question_id"], both["number_old"], both["number_new"], strict=True)
    ]
    both["kind"] = np.select([emptied, np.array(large, dtype=bool)], [EMPTIED, LARGE], default=OTHER)
    changed = both[both["shown_old"] != both["shown_new"]]
    return changed.rename(columns={"shown_old": "before", "shown_new": "after"})[_CHANGED]
