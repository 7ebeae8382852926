"""From delivered tables to answers and quarantine, for one survey year.

Belongs here: which delivery counts, and the two tables that come out. Does not belong here: reading files
(``assets/raw``), whose a row is (``row_owners.py``), what cells say (``cell_judgements.py``, ``row_judgements.py``),
checks on the result (``checks.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.answers.cell_judgements import ANSWERED, INVALID, STATUSES, Judgement, QuestionCell, question_cells
from assets.answers.corrections import Corrections, apply_corrections, check_set_aside
from assets.answers.municipalities import Municipalities
from assets.answers.quarantine import quarantined_cells, quarantined_rows
from assets.answers.row_judgements import DENIED, Delivered, Judged, judge_rows
from assets.answers.row_owners import MunicipalityRow, RefusedRow, once_each, whose_rows, without_answer
from assets.answers.tables import ANSWERS, QUARANTINE
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import RawDelivery
from assets.raw.readers import CellNote


@dataclass(frozen=True)
class Answers:
    """What a survey year's deliveries say: ``answers`` (``ANSWERS``), ``quarantine`` (``QUARANTINE``), and how many
    question cells came in (``delivered_cells``)."""

    answers: pd.DataFrame
    quarantine: pd.DataFrame
    delivered_cells: int


def build_answers(
    questionnaire: Questionnaire,
    raw: Sequence[RawDelivery],
    municipalities: Municipalities,
    corrections: Corrections | None = None,
) -> Answers:
    """Judges every delivered cell of a survey year. Raises BadInput when a correction does not fit."""
    corrections = corrections or Corrections()
    cells = question_cells(questionnaire)
    rows, refused = _accepted_rows(questionnaire, raw, municipalities, cells)
    check_set_aside(corrections, [(raw[r.delivery].delivery.number, r.source_row) for r in refused])
    delivered = _delivered(questionnaire, raw, rows, cells)
    texts = delivered.texts
    current = {row.municipality: at for at, row in enumerate(rows)}
    marks = apply_corrections(
        corrections, current, texts, {(c.question.id, c.option_code): at for at, c in enumerate(cells)}
    )
    judged = judge_rows(questionnaire, cells, delivered.without_notes(marks))
    is_current = np.array([current[row.municipality] == at for at, row in enumerate(rows)], dtype=bool)
    newest = {row.municipality: raw[row.delivery].delivery.number for row in rows}
    return Answers(
        _answers_frame(questionnaire, raw, rows, cells, judged, is_current, marks, list(municipalities.names)),
        QUARANTINE.frame(
            [
                *quarantined_rows(raw, refused, cells, newest, corrections),
                *quarantined_cells(raw, rows, cells, texts, judged, is_current),
            ]
        ),
        sum(len(d.cells) for d in raw) * len(cells),
    )


def _accepted_rows(
    questionnaire: Questionnaire,
    raw: Sequence[RawDelivery],
    municipalities: Municipalities,
    cells: Sequence[QuestionCell],
) -> tuple[list[MunicipalityRow], list[RefusedRow]]:
    """Every delivery's rows, in order, that belong to one municipality and hold an answer; and those that do not.

    A row without an answer goes first: beside it the municipality's other row still counts.
    """
    rows, refused = whose_rows(questionnaire, raw, municipalities)
    answers = _hold_an_answer(judge_rows(questionnaire, cells, _delivered(questionnaire, raw, rows, cells)))
    blank = [row for row, has_one in zip(rows, answers, strict=True) if not has_one]
    accepted, double = once_each([row for row, has_one in zip(rows, answers, strict=True) if has_one], municipalities)
    refused = [*refused, *without_answer(blank, municipalities), *double]
    return accepted, sorted(refused, key=lambda r: (r.delivery, r.source_row))


def _hold_an_answer(judged: Judged) -> NDArray[np.bool_]:
    """The rows with a cell that says something, be it something that cannot be used; a missing code says nothing."""
    has_content = np.isin(judged.status, [STATUSES.index(ANSWERED), STATUSES.index(INVALID)])
    return np.asarray((has_content & (judged.cells != judged.number_of(DENIED))).any(axis=1))


def _delivered(
    questionnaire: Questionnaire,
    raw: Sequence[RawDelivery],
    rows: Sequence[MunicipalityRow],
    cells: Sequence[QuestionCell],
) -> Delivered:
    """The delivered cells of these rows. A column that its file need not have is empty."""
    parts = [np.empty((0, len(cells)), dtype=object)]
    lost: list[list[int]] = []
    place = {(row.delivery, row.source_row): at for at, row in enumerate(rows)}
    columns: dict[str, int] = {cell.column: at for at, cell in enumerate(cells)}
    notes: dict[tuple[int, int], CellNote] = {}
    for at, delivery in enumerate(raw):
        given = delivery.cells.reindex(columns=list(columns), fill_value="")
        own = given.index.get_indexer(pd.Index([row.source_row for row in rows if row.delivery == at]))
        parts.append(given.to_numpy(dtype=object)[own])
        lost.append(_not_collected(delivery, cells))
        notes |= {
            (place[at, row], columns[column]): note
            for (row, column), note in delivery.cell_notes.items()
            if (at, row) in place and column in columns
        }
    dialects = [questionnaire.dialect_of(delivery.delivery) for delivery in raw]
    file_of = np.array([row.delivery for row in rows], dtype=np.int_)
    return Delivered(np.concatenate(parts), file_of, dialects, notes, lost)


def _not_collected(delivery: RawDelivery, cells: Sequence[QuestionCell]) -> list[int]:
    """The cells of questions that were asked from a later delivery, and that this one does not have."""
    has = {cell.question.id for cell in cells if cell.column in delivery.cells}
    return [
        at
        for at, cell in enumerate(cells)
        if cell.question.asked_from_delivery > delivery.delivery.number and cell.question.id not in has
    ]


class _Spread:
    """The columns of the long table: one value per row, cell or judgement, spread over the cells of all rows.

    A text is stored once however many cells hold it (as a category).
    """

    def __init__(self, judged: Judged) -> None:
        self._judged = judged
        self._rows, self._cells = judged.cells.shape

    def of_judgements(
        self, value: Callable[[Judgement], str | None], categories: Sequence[str] | None = None
    ) -> pd.Categorical[str]:
        codes, found = _coded([value(one) for one in self._judged.judgements], categories)
        return pd.Categorical.from_codes(codes[self._judged.cells.ravel()], categories=found)

    def of_rows(self, values: Sequence[str], categories: Sequence[str]) -> pd.Categorical[str]:
        codes, found = _coded(values, categories)
        return pd.Categorical.from_codes(np.repeat(codes, self._cells), categories=found)

    def of_cells(self, values: Sequence[str | None]) -> pd.Categorical[str]:
        codes, found = _coded(values)
        return pd.Categorical.from_codes(np.tile(codes, self._rows), categories=found)

    def numbers(self) -> pd.arrays.IntegerArray:
        at, judgements = self._judged.cells.ravel(), self._judged.judgements
        numbers = np.array([one.number or 0 for one in judgements], dtype=np.int64)
        return pd.arrays.IntegerArray(numbers[at], np.array([one.number is None for one in judgements], dtype=bool)[at])

    def of_places(self, texts: Mapping[tuple[int, int], str]) -> pd.Categorical[str]:
        """Texts by row and cell."""
        codes, found = _coded(list(texts.values()))
        placed = np.full(self._judged.cells.shape, -1, dtype=np.intp)
        for (row, column), code in zip(texts, codes, strict=True):
            placed[row, column] = code
        return pd.Categorical.from_codes(placed.ravel(), categories=found)


def _answers_frame(
    questionnaire: Questionnaire,
    raw: Sequence[RawDelivery],
    rows: Sequence[MunicipalityRow],
    cells: Sequence[QuestionCell],
    judged: Judged,
    is_current: NDArray[np.bool_],
    marks: Mapping[tuple[int, int], str],
    municipalities: list[str],
) -> pd.DataFrame:
    spread = _Spread(judged)
    delivery = np.array([raw[row.delivery].delivery.number for row in rows], dtype=np.int32)
    return pd.DataFrame(
        {
            "survey_year": np.full(judged.cells.size, questionnaire.survey_year, dtype=np.int32),
            "municipality_code": spread.of_rows([row.municipality for row in rows], municipalities),
            "question_id": spread.of_cells([cell.question.id for cell in cells]),
            "option_code": spread.of_cells([cell.option_code for cell in cells]),
            "is_asked": judged.asked.ravel(),
            "status": spread.of_judgements(lambda one: one.status, STATUSES),
            "code": spread.of_judgements(lambda one: one.code),
            "number": spread.numbers(),
            "text": spread.of_judgements(lambda one: one.text),
            "delivery": np.repeat(delivery, len(cells)),
            "source_row": np.repeat(np.array([row.source_row for row in rows], dtype=np.int32), len(cells)),
            "source_column": spread.of_cells([cell.column for cell in cells]),
            "is_current": np.repeat(is_current, len(cells)),
            "correction": spread.of_places(marks),
        },
        columns=list(ANSWERS.columns),
    )


def _coded(
    values: Sequence[str | None], categories: Sequence[str] | None = None
) -> tuple[NDArray[np.intp], pd.Index[str]]:
    """Values as numbers of their categories (-1 for None), so that a text is stored once however many cells hold it."""
    found = list(dict.fromkeys(v for v in values if v is not None)) if categories is None else categories
    number = {category: at for at, category in enumerate(found)}
    codes = np.array([-1 if v is None else number[v] for v in values], dtype=np.intp)
    return codes, pd.Index(list(found), dtype="str")
