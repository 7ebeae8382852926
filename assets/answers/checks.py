"""What the checks on answers and quarantine find (``check_definitions.py``), over the finished tables of every year.

Belongs here: definitions and rules over the finished tables. Does not belong here: the domain of one cell
(``cell_judgements.py``), what a
row can be (``schemas.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.answers.cell_judgements import INVALID, question_cells
from assets.answers.check_definitions import (
    ACCOUNTED,
    KNOWN_NAMES,
    LOW_RESPONSE,
    QUARANTINE_CHECKS,
    RESPONSE_THAT_IS_LOW,
    ROW_RULES,
)
from assets.answers.row_owners import NAMED
from assets.base.checks import CheckOutcome
from assets.questionnaires.model import Questionnaire

PLACE = ["delivery", "source_row"]
_UNACCOUNTED = ["survey_year", *PLACE, "cells_expected", "cells_found", "cells_wrong"]


@dataclass(frozen=True)
class YearInLake:
    """One survey year as it lies in the lake: what came in, what was made of it, and how many should have answered."""

    questionnaire: Questionnaire
    delivered: pd.DataFrame  # delivery, source_row: one row per delivered row
    answers: pd.DataFrame
    quarantine: pd.DataFrame
    municipalities: int
    unknown_names: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=NAMED)
    )  # of ``rows.unknown_names``

    @property
    def respondents(self) -> int:
        """How many municipalities have answers that count."""
        return int(self.answers.loc[self.answers["is_current"], "municipality_code"].nunique())


def check_answers(years: Mapping[int, YearInLake]) -> list[CheckOutcome]:
    """The outcome of every check of ``ANSWERS_CHECKS``, in that order."""
    lake = list(years.values())
    cells = sum(len(y.answers) for y in lake)
    quarantine = _below([y.quarantine for y in lake])
    open_lines = quarantine[~quarantine["is_resolved"].astype(bool)]
    outcomes = [
        ACCOUNTED.outcome(_below([_unaccounted(y) for y in lake]), sum(len(y.delivered) for y in lake)),
        LOW_RESPONSE.outcome(_low_response(lake), len(lake)),
        KNOWN_NAMES.outcome(_below([_unknown_names(y) for y in lake]), sum(y.respondents for y in lake)),
    ]
    for definition, rules in QUARANTINE_CHECKS.items():
        failing = open_lines[open_lines["rule"].isin(rules)]
        is_of_rows = not ROW_RULES.isdisjoint(rules)
        if is_of_rows:
            failing = failing.drop_duplicates(["survey_year", "delivery", "source_row"])
        outcomes.append(definition.outcome(failing, sum(len(y.delivered) for y in lake) if is_of_rows else cells))
    return outcomes


def _unaccounted(year: YearInLake) -> pd.DataFrame:
    """Delivered rows whose question cells are not all in answers or quarantine exactly once, with how many were
    found."""
    columns = pd.Index([cell.column for cell in question_cells(year.questionnaire)])
    delivered = pd.MultiIndex.from_frame(year.delivered[PLACE])
    invalid, of_row = year.answers["status"] == INVALID, year.quarantine["scope"] == "row"
    found = _times_found([year.answers, year.quarantine[of_row]], delivered, columns)
    # An invalid answer keeps its original text in quarantine, and no other answer has a line there.
    kept = _times_found([year.answers[invalid]], delivered, columns)
    lines = _times_found([year.quarantine[~of_row]], delivered, columns)
    wrong = (found != 1) | (kept != lines)
    # The last row and column count what is at a place that was not delivered.
    wrong[-1, :], wrong[:, -1] = found[-1, :] + lines[-1, :] > 0, found[:, -1] + lines[:, -1] > 0
    rows = [*delivered, (None, None)]
    failing = [
        {
            "survey_year": year.questionnaire.survey_year,
            "delivery": rows[at][0],
            "source_row": rows[at][1],
            "cells_expected": len(columns) if at < len(delivered) else 0,
            "cells_found": int(found[at].sum()),
            "cells_wrong": int(wrong[at].sum()),
        }
        for at in np.flatnonzero(wrong.any(axis=1))
    ]
    return pd.DataFrame(failing, columns=_UNACCOUNTED)


def _times_found(frames: list[pd.DataFrame], rows: pd.MultiIndex, columns: pd.Index) -> NDArray[np.int64]:
    """How often each delivered cell is in these frames; one more row and column for what was not delivered."""
    times = np.zeros((len(rows) + 1, len(columns) + 1), dtype=np.int64)
    for frame in frames:
        row_at = rows.get_indexer(pd.MultiIndex.from_frame(frame[PLACE]))
        column_at = columns.get_indexer(pd.Index(frame["source_column"]))
        np.add.at(times, (row_at, column_at), 1)  # what is nowhere is at -1: the last
    return times


def _low_response(years: list[YearInLake]) -> pd.DataFrame:
    rows = [
        {
            "survey_year": y.questionnaire.survey_year,
            "respondents": y.respondents,
            "municipalities": y.municipalities,
            "response_rate": round(y.respondents / y.municipalities, 3) if y.municipalities else 0.0,
        }
        for y in years
        if y.questionnaire.deliveries
    ]
    frame = pd.DataFrame(rows, columns=["survey_year", "respondents", "municipalities", "response_rate"])
    return frame[frame["response_rate"] < RESPONSE_THAT_IS_LOW]


def _unknown_names(year: YearInLake) -> pd.DataFrame:
    """Only of rows that count: an older row that was replaced needs no name any more."""
    current = year.answers.loc[year.answers["is_current"], PLACE].drop_duplicates()
    return year.unknown_names.merge(current.astype("int64"), on=PLACE)


def _below(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [f for f in frames if not f.empty]
    return pd.concat(filled, ignore_index=True) if filled else frames[0] if frames else pd.DataFrame()
