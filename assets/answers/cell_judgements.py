"""What one delivered cell says: its status, its value, or the rule that it breaks.

Belongs here: the domain of a single cell, by its question's type. Does not belong here: whether the question was asked
(``routing.py``), what cells say together (``row_judgements.py``), rows and files (``answer_tables.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from assets.base.errors import shown
from assets.questionnaires.dialect import Dialect, plain_text, same_text
from assets.questionnaires.model import Question, Questionnaire
from assets.raw.readers import CellNote

ANSWERED, NOT_ASKED, NO_ANSWER = "answered", "not_asked", "no_answer"
NOT_AVAILABLE, NOT_COLLECTED, INVALID = "not_available", "not_collected", "invalid"
STATUSES = (ANSWERED, NOT_ASKED, NO_ANSWER, NOT_AVAILABLE, NOT_COLLECTED, INVALID)

_MARKUP = re.compile(r"<\s*/?\s*[A-Za-z!][^<>]*>|<[A-Za-z][^<>]*=[^<>]*$|javascript:", re.IGNORECASE)
# In English and in Dutch: '#N/A', '#DIV/0!', '#WAARDE!', '#NAAM?'.
_SHEET_ERROR = re.compile(r"#(?:N/[AB]|[A-Z_]+(?:/0)?[!?])")
# '12', '-3', '12,0' and '12.0000000000'. Three zeros behind one to three digits could be thousands: '1,000'.
_WHOLE = re.compile(r"([+-]?[0-9]{1,4000})(?:[.,](0+))?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}[.,]000", re.ASCII)


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
class QuestionCell:
    """A column of the delivery: the question that it belongs to and, in a multiple choice, the option."""

    question: Question
    option_code: str | None
    column: str


def question_cells(questionnaire: Questionnaire) -> list[QuestionCell]:
    """Every cell that a municipality's row has, in the questionnaire's order."""
    return [
        QuestionCell(question, option, column)
        for question in questionnaire.questions
        for column, option in question.cells
    ]


def judge(cell: QuestionCell, text: str, missing: Mapping[str, str], dialect: Dialect) -> Judgement:
    """Reads one cell.

    ``text`` is the stripped text; ``missing`` the missing codes of its question (plain text → status); ``dialect`` its file's.
    """
    if not text:
        return EMPTY
    whole = _whole(text)
    status = missing.get(plain_text(text)) or missing.get(whole or text)
    if status is not None:
        return Judgement(status)
    question = cell.question
    if question.answer_type == "count":
        return _judge_count(question, text, whole)
    if question.answer_type == "text":
        return _judge_text(text)
    if cell.option_code is not None:
        return _judge_box(cell, text, whole or text, dialect)
    for form in (text, whole):
        if form in question.option_codes:
            return Judgement(ANSWERED, code=form)
    labels = [(o.code, (*o.delivered_as, *(o.label.both if dialect.labels else ()))) for o in question.options]
    by_text = [code for code, texts in labels if any(same_text(text, own) for own in texts)]
    if len(by_text) == 1:
        return Judgement(ANSWERED, code=by_text[0])
    return _invalid(
        "code_is_an_option", f"{shown(text)} is not one of the options ({', '.join(question.option_codes)})"
    )


def _judge_box(cell: QuestionCell, text: str, whole: str, dialect: Dialect) -> Judgement:
    """A box of a multiple choice: code 1 when it is chosen, 0 when it is not, however the dialect says so."""
    (option,) = (o for o in cell.question.options if o.code == cell.option_code)
    chosen = dialect.box((text, whole), option.code, option.label.both)
    if chosen is not None:
        return Judgement(ANSWERED, code="1" if chosen else "0")
    yes, no = " or ".join(dialect.chosen), " or ".join(dialect.not_chosen)
    return _invalid(
        "code_is_an_option", f"{shown(text)} is not {yes} (chosen)" + (f" or {no} (not chosen)" if no else "")
    )


def judge_note(cell: QuestionCell, text: str, judgement: Judgement, note: CellNote) -> Judgement:
    """The judgement of a cell of which something is particular.

    A formula in a count or a code is no number and no code already; a text that only looks like one is text.
    """
    if note.kind == "merged":
        message = f"the cell is part of the merged cells {note.detail}: nobody can tell whose answer it is"
        return _invalid("cell_is_not_merged", message)
    if note.kind == "not_shown":
        message = f"{shown(text)} is hidden by the number format of the cell: Excel shows nothing"
        return _invalid("cell_is_shown", message)
    if note.kind == "formula" and cell.question.answer_type == "text":
        return _invalid("free_text_is_plain", f"{shown(text)} is a formula, not a text")
    if note.kind == "missing_in_file" and judgement.status in (ANSWERED, INVALID):
        message = f"{shown(text)} is declared as missing in the file, not in the questionnaire"
        return _invalid("missing_code_is_declared", message)
    return judgement


def _judge_count(question: Question, text: str, whole: str | None) -> Judgement:
    if whole is None:
        kind = "a formula, not a number" if text.startswith("=") else "not a whole number"
        if _THOUSANDS.fullmatch(text):
            kind = "a whole number or thousands: nobody can tell"
        return _invalid("count_is_a_whole_number", f"{shown(text)} is {kind}")
    number, possible = int(whole), question.range
    if number < 0:
        return _invalid("count_is_not_negative", f"{shown(text)} is below zero")
    if possible is not None and not possible.min <= number <= possible.max:
        return _invalid("count_is_in_range", f"{shown(text)} is not between {possible.min} and {possible.max}")
    return Judgement(ANSWERED, number=number)


def _judge_text(text: str) -> Judgement:
    if _SHEET_ERROR.fullmatch(text):
        return _invalid("free_text_is_plain", f"{shown(text)} is an error of a spreadsheet, not a text")
    if _MARKUP.search(text):
        return _invalid("free_text_is_plain", f"{shown(text)} holds markup (HTML)")
    return Judgement(ANSWERED, text=text)


def _whole(text: str) -> str | None:
    """The whole number that a text is, without plus sign, leading zeros or zero decimals; None when it is none."""
    found = _WHOLE.fullmatch(text)
    return str(int(found[1])) if found and not _THOUSANDS.fullmatch(text) else None


def _invalid(rule: str, message: str) -> Judgement:
    return Judgement(INVALID, rule=rule, message=message)
