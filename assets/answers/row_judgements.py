"""What the cells of all accepted rows say: first each by itself, then together.

Belongs here: the order (a cell's own domain, then routing, then multiple choices) and what routing and exclusive
options do to a cell. Does not belong here: the domain of one cell (``cell_judgements.py``), the logic of conditions
(``routing.py``).

Cells hold few distinct things. So each distinct text of a column is judged once, and a cell holds the number of its
judgement in the list of all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.answers.cell_judgements import (
    ANSWERED,
    EMPTY,
    INVALID,
    NO_ANSWER,
    NOT_ASKED,
    NOT_AVAILABLE,
    NOT_COLLECTED,
    STATUSES,
    Judgement,
    QuestionCell,
    judge,
    judge_note,
)
from assets.answers.routing import Given, Mask, Truth, evaluate
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.model import Question, Questionnaire
from assets.raw.readers import CellNote

Texts = NDArray[np.object_]
Columns = Mapping[str | None, int]
"""Of one question: its option (None but for a multiple choice) → the place of its cell."""

#: A missing code that says of an asked question that it was not.
DENIED = Judgement(
    INVALID, rule="answers_follow_routing", message="this question was asked, but the file says that it was not"
)


class Judged:
    """The judgement of every cell: one row per accepted row, one column per cell of the questionnaire.

    ``asked``: whether the routing surely asked the cell's question; not where that rests on an invalid or lost answer.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.judgements: list[Judgement] = []
        self.cells = np.zeros(shape, dtype=np.int32)
        self.status = np.zeros(shape, dtype=np.int8)
        self.asked = np.zeros(shape, dtype=bool)
        self._numbers: dict[Judgement, int] = {}

    def number_of(self, judgement: Judgement) -> int:
        """The place of a judgement in ``judgements``."""
        if judgement not in self._numbers:
            self._numbers[judgement] = len(self.judgements)
            self.judgements.append(judgement)
        return self._numbers[judgement]

    def settle(self, where: Mask | int, at: int, judgement: Judgement) -> None:
        """Gives the cells of column ``at`` another judgement."""
        self.cells[where, at] = self.number_of(judgement)
        self.status[where, at] = STATUSES.index(judgement.status)

    def has(self, status: str, at: int | list[int]) -> Mask:
        """Where the cells of one or more columns have a status."""
        return np.asarray(self.status[:, at] == STATUSES.index(status))

    def chose(self, code: str, at: int) -> Mask:
        """Where the cells of column ``at`` were answered with a code."""
        return np.asarray(self.cells[:, at] == self.number_of(Judgement(ANSWERED, code=code)))


@dataclass(frozen=True)
class Delivered:
    """The cells of the accepted rows, and how they came.

    ``texts``: rows × cells, stripped. ``file_of``: per row, the place of its file in ``dialects``. ``notes``: (row,
    cell) → what is particular about it. ``not_collected``: per file, the cells of questions that were asked from a
    later one.
    """

    texts: Texts
    file_of: NDArray[np.int_]
    dialects: Sequence[Dialect]
    notes: Mapping[tuple[int, int], CellNote] = field(default_factory=dict)
    not_collected: Sequence[Sequence[int]] = ()

    def without_notes(self, places: Collection[tuple[int, int]]) -> Delivered:
        """The same, without what is particular about these cells: a steward has corrected them."""
        return replace(self, notes={place: note for place, note in self.notes.items() if place not in places})

    def rows_of(self, dialect: Dialect) -> Mask:
        """The rows of files in this dialect."""
        return np.isin(self.file_of, [at for at, own in enumerate(self.dialects) if own == dialect])


def judge_rows(questionnaire: Questionnaire, cells: Sequence[QuestionCell], delivered: Delivered) -> Judged:
    """The judgement of every cell."""
    texts = delivered.texts
    judged = Judged((len(texts), len(cells)))
    missing = [questionnaire.missing_codes_of(cell.question) for cell in cells]
    for dialect in dict.fromkeys(delivered.dialects):
        _judge_texts(judged, cells, texts, delivered.rows_of(dialect), missing, dialect)
    for (row, at), note in delivered.notes.items():
        before = judged.judgements[judged.cells[row, at]]
        judged.settle(row, at, judge_note(cells[at], str(texts[row, at]), before, note))
    for file, lost in enumerate(delivered.not_collected):
        for at in lost:
            judged.settle(delivered.file_of == file, at, Judgement(NOT_COLLECTED))
    nothing = np.array([dialect.nothing_chosen == "no_answer" for dialect in delivered.dialects], dtype=bool)
    is_nothing = nothing[delivered.file_of]
    blank = texts == ""
    columns: dict[str, dict[str | None, int]] = {question.id: {} for question in questionnaire.questions}
    for at, cell in enumerate(cells):
        columns[cell.question.id][cell.option_code] = at
    everyone = Truth(np.ones(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool))
    given: dict[str, Given] = {}
    for question in questionnaire.questions:
        own = columns[question.id]
        asked = evaluate(question.routing, given) if question.routing else everyone
        judged.asked[:, list(own.values())] = asked.true[:, np.newaxis]
        if question.answer_type == "multiple":
            _settle_none_chosen(judged, own, question, asked, is_nothing)
        _settle_routing(judged, own, question, asked)
        if question.answer_type == "multiple":
            _settle_multiple(judged, own, question, blank)
        given[question.id] = _given(judged, own, question)
    return judged


def _judge_texts(
    judged: Judged,
    cells: Sequence[QuestionCell],
    texts: Texts,
    rows: Mask,
    missing: Sequence[Mapping[str, str]],
    dialect: Dialect,
) -> None:
    own = texts[rows]
    found = np.empty(own.shape, dtype=np.int32)
    for at, cell in enumerate(cells):
        codes, distinct = pd.factorize(own[:, at])
        numbers = np.array([judged.number_of(judge(cell, text, missing[at], dialect)) for text in distinct])
        found[:, at] = numbers[codes]
    judged.cells[rows] = found
    statuses = np.array([STATUSES.index(judgement.status) for judgement in judged.judgements])
    judged.status[rows] = statuses[found]


def _settle_routing(judged: Judged, columns: Columns, question: Question, asked: Truth) -> None:
    """Empty where it was not asked is not asked; answered there, or not asked where it was asked, is invalid."""
    rests_on = " and ".join(dict.fromkeys(question.routing.questions() if question.routing else ()))
    was_not_asked = f"this question was not asked, given the answer to {rests_on}"
    for at in columns.values():
        empty = asked.false & judged.has(NO_ANSWER, at)
        answered = asked.false & (judged.has(ANSWERED, at) | judged.has(NOT_AVAILABLE, at))
        denied = asked.true & judged.has(NOT_ASKED, at)
        judged.settle(empty, at, Judgement(NOT_ASKED))
        judged.settle(answered, at, Judgement(INVALID, rule="answers_follow_routing", message=was_not_asked))
        judged.settle(denied, at, DENIED)


def _settle_none_chosen(judged: Judged, columns: Columns, question: Question, asked: Truth, is_nothing: Mask) -> None:
    """Where every box says 'not chosen': not asked where it was not asked; else no answer, for nobody can tell 'none'
    from a question that was skipped, unless the question or the dialect says that it is an answer (``is_nothing``: per
    row)."""
    boxes = list(columns.values())
    none = np.all([judged.chose("0", at) | judged.has(NO_ANSWER, at) for at in boxes], axis=0)
    if question.nothing_chosen is not None:
        is_nothing = np.full(len(none), question.nothing_chosen == "no_answer")
    for at in boxes:
        # What was not asked becomes so with the routing.
        judged.settle(none & (is_nothing | asked.false), at, EMPTY)


def _settle_multiple(judged: Judged, columns: Columns, question: Question, blank: Mask) -> None:
    """A blank cell beside an answered option is an option not chosen; an exclusive option stands alone.

    Where it does not, the whole question is invalid: nobody knows which of its cells were meant, and every option keeps
    the same base.
    """
    boxes = list(columns.values())
    some = judged.has(ANSWERED, boxes).any(axis=1)
    for at in boxes:
        judged.settle(some & blank[:, at] & judged.has(NO_ANSWER, at), at, Judgement(ANSWERED, code="0"))
    chosen = {code: judged.chose("1", at) for code, at in columns.items()}
    several = np.sum(list(chosen.values()), axis=0) > 1
    for option in question.options:
        if option.exclusive:
            message = f"{option.label.nl!r} rules out every other option of {question.id}"
            conflict = Judgement(INVALID, rule="exclusive_option_stands_alone", message=message)
            for at in boxes:
                judged.settle(several & chosen[option.code] & judged.has(ANSWERED, at), at, conflict)


def _given(judged: Judged, columns: Columns, question: Question) -> Given:
    known = {at: ~(judged.has(INVALID, at) | judged.has(NOT_COLLECTED, at)) for at in columns.values()}
    first = next(iter(known))
    is_multiple = question.answer_type == "multiple"
    place = {code: columns[code] if is_multiple else first for code in question.option_codes}
    chosen = {code: judged.chose("1" if is_multiple else code, at) for code, at in place.items()}
    not_chosen = {code: known[at] & ~chosen[code] for code, at in place.items()}
    number = np.full(len(judged.cells), np.nan)
    if question.answer_type == "count":
        answered = judged.has(ANSWERED, first)
        number[answered] = [judged.judgements[i].number for i in judged.cells[answered, first]]
    return Given(chosen, not_chosen, number, known[first])
