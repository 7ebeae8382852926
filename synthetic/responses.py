"""The answers of one survey year, and who was asked what.

Belongs here: the in-memory form that generator, readers, writers and verifier share. Does not belong here: files
(``files_in.py``, ``files_out.py``), figures (``constraint.py``, ``verify.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from assets.questionnaires.model import Questionnaire, RoutingCondition


class Missing(StrEnum):
    """Why a question that was asked has no answer."""

    NO_ANSWER = "no_answer"
    NOT_AVAILABLE = "not_available"
    NOT_COLLECTED = "not_collected"


# single: option code · multiple: chosen codes in the questionnaire's order · count: int · text: str
Chosen = tuple[str, ...]
Response = str | int | Chosen | Missing
# question id → response; a question that was not asked is not in it
Row = dict[str, Response]
# municipality code → row
Responses = dict[str, Row]


def is_asked(condition: RoutingCondition | None, row: Mapping[str, Response]) -> bool:
    """Whether the routing puts the question to this municipality; a condition on a missing answer does not hold."""
    if condition is None:
        return True
    if condition.all_ is not None:
        return all(is_asked(part, row) for part in condition.all_)
    if condition.any_ is not None:
        return any(is_asked(part, row) for part in condition.any_)
    assert condition.question is not None
    given = row.get(condition.question)
    if condition.below is not None:
        other = row.get(condition.below)
        return isinstance(given, int) and isinstance(other, int) and given < other
    return has_option(given, condition.is_ or ())


def has_option(given: Response | None, codes: tuple[str, ...]) -> bool:
    """Whether the answer is, or has chosen, one of the codes."""
    if given is None or isinstance(given, Missing | int):
        return False
    if isinstance(given, tuple):
        return any(code in given for code in codes)
    return given in codes


def routing_errors(questionnaire: Questionnaire, responses: Responses) -> list[str]:
    """Every answer to a question that was not asked, and every asked question without even a missing code."""
    errors = []
    for code, row in responses.items():
        for question in questionnaire.questions:
            asked = is_asked(question.routing, row)
            if asked != (question.id in row) and row.get(question.id) is not Missing.NOT_COLLECTED:
                errors.append(f"{questionnaire.survey_year} {code} {question.id}: asked={asked}, present={not asked}")
    return errors
