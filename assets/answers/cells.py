"""What one delivered cell says: its status, its value, or the rule that it breaks.

Belongs here: the domain of a single cell, by its question's type. Does not belong here: whether the question was asked
(``routing.py``), what cells say together (``judging.py``), rows and files (``build.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from assets.errors import shown
from assets.questionnaires.model import Question, Questionnaire

ANSWERED, NOT_ASKED, NO_ANSWER = "answered", "not_asked", "no_answer"
NOT_AVAILABLE, NOT_COLLECTED, INVALID = "not_available", "not_collected", "invalid"
STATUSES = (ANSWERED, NOT_ASKED, NO_ANSWER, NOT_AVAILABLE, NOT_COLLECTED, INVALID)

# With a sign in front only what a spreadsheet would run: a call, or a call of another program (DDE). '- overleg (LEA)' is text.
_FORMULA = re.compile(r"\s*(=|[@+-]\s*[A-Za-z][\w.]*\(|[@+-][^|]*\|[^!]*!)")
_MARKUP = re.compile(r"<\s*/?\s*[A-Za-z!][^<>]*>|<[A-Za-z][^<>]*=[^<>]*$|javascript:", re.IGNORECASE)
# '12', '-3', '12,0' and '12,00'. Three zeros could be thousands: '1,000'.
_WHOLE = {sign: re.compile(rf"([+-]?[0-9]{{1,4000}})(?:{re.escape(sign)}0{{1,2}})?") for sign in ",."}


class Judgement(NamedTuple):
    """A cell's reading. ``rule`` and ``message`` are set for an invalid cell only."""

    status: str
    code: str | None = None
    number: int | None = None
    text: str | None = None
    rule: str | None = None
    message: str | None = None


EMPTY = Judgement(NO_ANSWER)


@dataclass(frozen=True)
class Cell:
    """A column of the delivery: the question that it belongs to and, in a multiple choice, the option."""

    question: Question
    option_code: str | None
    column: str


def question_cells(questionnaire: Questionnaire) -> list[Cell]:
    """Every cell that a municipality's row has, in the questionnaire's order."""
    return [Cell(question, option, column) for question in questionnaire.questions for column, option in question.cells]


def judge(cell: Cell, text: str, missing: Mapping[str, str], decimal: str) -> Judgement:
    """Reads one cell.

    ``text`` is the stripped text; ``missing`` the missing codes of the year (code → status); ``decimal`` the decimal sign.
    """
    if not text:
        return EMPTY
    whole = _whole(text, decimal)
    status = missing.get(text) or missing.get(whole or text)
    if status is not None:
        return Judgement(status)
    question = cell.question
    if question.answer_type == "count":
        return _judge_count(question, text, whole)
    if question.answer_type == "text":
        return _judge_text(text)
    options = ["0", "1"] if cell.option_code is not None else question.option_codes
    for form in (text, whole):
        if form in options:
            return Judgement(ANSWERED, code=form)
    if cell.option_code is not None:
        return _invalid("code_is_an_option", f"{shown(text)} is not 1 (chosen) or 0 (not chosen)")
    return _invalid("code_is_an_option", f"{shown(text)} is not one of the options ({', '.join(options)})")


def _judge_count(question: Question, text: str, whole: str | None) -> Judgement:
    if whole is None:
        kind = "a formula, not a number" if text.startswith("=") else "not a whole number"
        return _invalid("count_is_a_whole_number", f"{shown(text)} is {kind}")
    number, possible = int(whole), question.range
    if number < 0:
        return _invalid("count_is_not_negative", f"{shown(text)} is below zero")
    if possible is not None and not possible.min <= number <= possible.max:
        return _invalid("count_is_in_range", f"{shown(text)} is not between {possible.min} and {possible.max}")
    return Judgement(ANSWERED, number=number)


def _judge_text(text: str) -> Judgement:
    if _FORMULA.match(text):
        return _invalid("free_text_is_plain", f"{shown(text)} is a formula, not a text")
    if _MARKUP.search(text):
        return _invalid("free_text_is_plain", f"{shown(text)} holds markup (HTML)")
    return Judgement(ANSWERED, text=text)


def _whole(text: str, decimal: str) -> str | None:
    """The whole number that a text is, without plus sign or leading zeros; None when it is none."""
    found = _WHOLE[decimal].fullmatch(text)
    return str(int(found.group(1))) if found else None


def _invalid(rule: str, message: str) -> Judgement:
    return Judgement(INVALID, rule=rule, message=message)
