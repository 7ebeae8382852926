"""Who was asked what: a question's routing, evaluated over all respondents at once.

Belongs here: the three-valued logic of conditions. Does not belong here: what follows for an answer (``cell_judgements.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.questionnaires.model import RoutingCondition

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Given:
    """What every respondent gave to one question, one entry per row of the delivery.

    ``chosen``, ``not_chosen``: per option code, whether it surely was, or surely was not; neither where the answer (of a multiple
    choice: this box) is invalid or lost. ``number``: the count, NaN where none was given; ``known``: that is certain.
    """

    chosen: Mapping[str, Mask]
    not_chosen: Mapping[str, Mask]
    number: NDArray[np.float64]
    known: Mask


@dataclass(frozen=True)
class Truth:
    """A condition's outcome per row: surely true, surely false, or neither (``unknown``)."""

    true: Mask
    false: Mask


def evaluate(condition: RoutingCondition, given: Mapping[str, Given]) -> Truth:
    """Evaluates a routing condition (Kleene's three-valued logic) on what was given to the questions before it."""
    if condition.all_ is not None or condition.any_ is not None:
        parts = [evaluate(part, given) for part in (condition.all_ or condition.any_ or ())]
        true, false = [p.true for p in parts], [p.false for p in parts]
        if condition.all_ is not None:
            return Truth(np.logical_and.reduce(true), np.logical_or.reduce(false))
        return Truth(np.logical_or.reduce(true), np.logical_and.reduce(false))
    assert condition.question is not None
    left = given[condition.question]
    if condition.below is not None:
        right = given[condition.below]
        below = left.number < right.number
        return Truth(below, ~below & left.known & right.known)
    codes = condition.is_ or ()
    return Truth(
        np.logical_or.reduce([left.chosen[code] for code in codes]),
        np.logical_and.reduce([left.not_chosen[code] for code in codes]),
    )
