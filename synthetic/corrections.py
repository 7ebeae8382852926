"""Invents what a few municipalities delivered first, before they sent a correction.

Belongs here: the mistakes of first deliveries. Does not belong here: the answers that count.
"""

from __future__ import annotations

from collections.abc import Callable

from assets.questionnaires.model import Questionnaire
from synthetic.chance import uniform
from synthetic.responses import Missing, Responses, Row, is_asked

TARGET, PLACES, REACHED = "R1", "R2", "R3"


def first_deliveries(questionnaire: Questionnaire, responses: Responses) -> dict[str, Row | None]:
    """Code → the row as first delivered; None for the municipality that only answered when reminded."""
    complete = [
        code
        for code, row in sorted(responses.items())
        if all(isinstance(row[q], int) for q in (TARGET, PLACES, REACHED)) and 40 <= _count(row, TARGET) <= 400
    ]
    drawn = sorted(complete, key=lambda code: uniform("corrected", code))
    first: dict[str, Row | None] = {}
    for code, mistake in zip(drawn, _MISTAKES, strict=False):
        row = dict(responses[code])
        mistake(row)
        first[code] = _rerouted(questionnaire, row)
    first[drawn[len(_MISTAKES)]] = None
    return dict(sorted(first.items()))


def _count(row: Row, question: str) -> int:
    given = row[question]
    assert isinstance(given, int)
    return given


def _one_digit_too_many(row: Row) -> None:
    row[TARGET] = _count(row, TARGET) * 10 + 5


def _target_and_places_swapped(row: Row) -> None:
    row[TARGET], row[PLACES] = row[PLACES], row[TARGET]


def _children_of_one_location_only(row: Row) -> None:
    row[REACHED] = _count(row, REACHED) // 4


def _places_of_all_toddlers(row: Row) -> None:
    row[PLACES] = _count(row, PLACES) * 3 + 7


def _counts_not_there_yet(row: Row) -> None:
    row[TARGET] = row[REACHED] = Missing.NOT_AVAILABLE


def _took_two_questions_the_wrong_way(row: Row) -> None:
    row["S1"] = "2" if row["S1"] == "1" else "1"
    row["L1d"] = "2" if row["L1d"] == "1" else "1"


def _figures_of_the_year_before(row: Row) -> None:
    for question in (TARGET, PLACES, REACHED):
        row[question] = max(1, round(_count(row, question) * 0.93) - 1)


_MISTAKES: tuple[Callable[[Row], None], ...] = (
    _one_digit_too_many,
    _target_and_places_swapped,
    _children_of_one_location_only,
    _places_of_all_toddlers,
    _counts_not_there_yet,
    _took_two_questions_the_wrong_way,
    _figures_of_the_year_before,
)


def _rerouted(questionnaire: Questionnaire, row: Row) -> Row:
    """The row with its routing in order again: what is no longer asked goes, what is newly asked gets its first
    option."""
    rerouted: Row = {}
    for question in questionnaire.questions:
        if not is_asked(question.routing, rerouted):
            continue
        if question.id in row:
            rerouted[question.id] = row[question.id]
        elif question.answer_type == "single":
            rerouted[question.id] = question.option_codes[0]
        elif question.answer_type == "multiple":
            rerouted[question.id] = (question.option_codes[0],)
        else:
            rerouted[question.id] = Missing.NO_ANSWER
    return rerouted
