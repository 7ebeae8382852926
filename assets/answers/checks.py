"""The checks on answers and quarantine, named as a steward would say them; each looks at every survey year in the lake.

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
from assets.answers.row_owners import NAMED
from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.schemas import OUR_FAULT
from assets.questionnaires.model import Questionnaire

_ANSWERS, _QUARANTINE = "answers/answers", "answers/quarantine"
_ASK = "ask the sender for a corrected delivery, or write a correction in data/corrections/<survey_year>.yaml"
RESPONSE_THAT_IS_LOW = 0.9
PLACE = ["delivery", "source_row"]
_UNACCOUNTED = ["survey_year", *PLACE, "cells_expected", "cells_found", "cells_wrong"]

ACCOUNTED = CheckDefinition(
    "every_delivered_cell_is_accounted_for",
    _ANSWERS,
    True,
    "Every delivered cell is in answers or in quarantine, exactly once; failing rows are delivered rows that do not "
    "add up.",
    OUR_FAULT,
)
LOW_RESPONSE = CheckDefinition(
    "most_municipalities_answered",
    _ANSWERS,
    False,
    f"At least {RESPONSE_THAT_IS_LOW:.0%} of the municipalities of the register answered.",
    "ask the municipalities that did not answer, or publish with the status 'provisional'",
)

KNOWN_NAMES = CheckDefinition(
    "every_municipality_is_named_as_in_the_register",
    _ANSWERS,
    False,
    "The name beside the code of each row that counts is a known spelling of the municipality's name.",
    "when the name is indeed the municipality's, add it to data/registers/name_variants.csv; else ask the sender "
    "whose row it is",
)

#: The rules that quarantine a row or a cell, by the check that shows them.
QUARANTINE_CHECKS: dict[CheckDefinition, tuple[str, ...]] = {
    CheckDefinition(
        "every_municipality_is_known",
        _ANSWERS,
        True,
        "Every delivered row belongs to a municipality of the register on the questionnaire's register date.",
        f"mend the code: {_ASK} (set_aside for a row that rightly stays out)",
    ): ("municipality_is_known",),
    CheckDefinition(
        "every_municipality_answers_once",
        _ANSWERS,
        True,
        "No municipality is in a delivery more than once.",
        "accept a new delivery with the row that counts, or set the rows aside in data/corrections/<survey_year>.yaml",
    ): ("municipality_answers_once",),
    CheckDefinition(
        "every_name_is_of_its_code",
        _ANSWERS,
        True,
        "No delivered row has the code of one municipality and the name of another, or the names of several.",
        f"ask the sender whose answers these are: {_ASK} (set_aside for a row that rightly stays out); another "
        "spelling of a municipality's own name is a line in data/registers/name_variants.csv",
    ): ("name_is_of_the_code",),
    CheckDefinition(
        "every_row_has_an_answer",
        _QUARANTINE,
        False,
        "Every delivered row answers at least one question; a row without an answer is no response, and replaces no "
        "older row.",
        "ask the municipality for its answers, or set the row aside in data/corrections/<survey_year>.yaml",
    ): ("row_has_an_answer",),
    CheckDefinition(
        "every_row_was_submitted",
        _QUARANTINE,
        False,
        "Every delivered row was submitted, as the dialect of its file tells that; a row that was not does not count.",
        "remind the municipality, or set the row aside in data/corrections/<survey_year>.yaml",
    ): ("row_was_submitted",),
    CheckDefinition(
        "every_code_is_an_option", _QUARANTINE, False, "Every delivered code is an option of its question.", _ASK
    ): ("code_is_an_option",),
    CheckDefinition(
        "every_count_is_possible",
        _QUARANTINE,
        False,
        "Every count is a whole number, not negative, within the range of its question.",
        _ASK,
    ): ("count_is_a_whole_number", "count_is_not_negative", "count_is_in_range"),
    CheckDefinition(
        "answers_follow_the_routing", _QUARANTINE, False, "Nobody answered a question that was not asked.", _ASK
    ): ("answers_follow_routing",),
    CheckDefinition(
        "exclusive_options_stand_alone",
        _QUARANTINE,
        False,
        "An option that rules out the others was chosen alone.",
        _ASK,
    ): ("exclusive_option_stands_alone",),
    CheckDefinition(
        "no_cell_is_merged",
        _QUARANTINE,
        False,
        "No answer is in cells that the workbook merges: nobody can tell whose it is.",
        _ASK,
    ): ("cell_is_not_merged",),
    CheckDefinition(
        "every_cell_is_shown",
        _QUARANTINE,
        False,
        "No answer is hidden by the number format of its cell: its sender may not know of it.",
        _ASK,
    ): ("cell_is_shown",),
    CheckDefinition(
        "every_missing_code_is_declared",
        _QUARANTINE,
        False,
        "What an SPSS file declares as missing has a meaning in the questionnaire.",
        "name the value under 'missing' of the question, or of the year, in the questionnaire",
    ): ("missing_code_is_declared",),
    CheckDefinition(
        "free_text_is_plain",
        _QUARANTINE,
        False,
        "Free text holds no formula, no error of a spreadsheet and no markup.",
        _ASK,
    ): ("free_text_is_plain",),
}
ANSWERS_CHECKS: list[CheckDefinition] = [ACCOUNTED, LOW_RESPONSE, KNOWN_NAMES, *QUARANTINE_CHECKS]


#: The rules that quarantine a whole row.
ROW_RULES = frozenset(
    {
        "row_was_submitted",
        "municipality_is_known",
        "name_is_of_the_code",
        "row_has_an_answer",
        "municipality_answers_once",
    }
)


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
    shape = (len(rows) + 1, len(columns) + 1)
    times = np.zeros(shape[0] * shape[1], dtype=np.int64)
    for frame in frames:
        place_codes, places = pd.factorize(
            frame["delivery"].to_numpy(np.int64) << 32 | frame["source_row"].to_numpy(np.int64)
        )
        column_codes, found_columns = pd.factorize(frame["source_column"])
        row_at = rows.get_indexer(pd.MultiIndex.from_arrays([places >> 32, places & 0xFFFFFFFF]))[place_codes]
        column_at = columns.get_indexer(pd.Index(found_columns))[column_codes]
        times += np.bincount((row_at % shape[0]) * shape[1] + column_at % shape[1], minlength=times.size)
    return times.reshape(shape)


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
