"""From delivered tables to answers and quarantine, for one survey year.

Belongs here: which delivery counts, and the two tables that come out. Does not belong here: reading files (``assets/raw``), whose
a row is (``rows.py``), what cells say (``cells.py``, ``judging.py``), checks on the result (``checks.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.answers.cells import ANSWERED, INVALID, STATUSES, Cell, Judgement, question_cells
from assets.answers.corrections import Corrections, apply_corrections, check_set_aside
from assets.answers.judging import DENIED, Delivered, Judged, Texts, judge_rows
from assets.answers.municipalities import Municipalities
from assets.answers.rows import NOT_SUBMITTED, Refused, Row, once_each, whose_rows, without_answer
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import RawDelivery
from assets.raw.readers import CellNote

QUARANTINE_COLUMNS = [
    "survey_year",
    "delivery",
    "file",
    "sheet",
    "source_row",
    "source_column",
    "municipality_code",
    "question_id",
    "scope",
    "original_text",
    "rule",
    "message",
    "is_resolved",
]


@dataclass(frozen=True)
class Answers:
    """What a survey year's deliveries say.

    ``answers``: one row per delivered question cell: survey_year, municipality_code, question_id, option_code (multiple
    choice only), is_asked (the routing surely asked the question), status, code, number, text, delivery, source_row,
    source_column, is_current, correction.
    ``quarantine``: one row per cell that could not be used, with its original text and the rule that it broke (columns
    QUARANTINE_COLUMNS). ``delivered_cells``: how many question cells came in.
    """

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
        _quarantine_frame(
            [
                *_quarantined_rows(raw, refused, cells, newest, corrections),
                *_quarantined_cells(raw, rows, cells, texts, judged, is_current),
            ]
        ),
        sum(len(d.cells) for d in raw) * len(cells),
    )


def _accepted_rows(
    questionnaire: Questionnaire, raw: Sequence[RawDelivery], municipalities: Municipalities, cells: Sequence[Cell]
) -> tuple[list[Row], list[Refused]]:
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
    said = np.isin(judged.status, [STATUSES.index(ANSWERED), STATUSES.index(INVALID)])
    return np.asarray((said & (judged.cells != judged.number_of(DENIED))).any(axis=1))


def _delivered(
    questionnaire: Questionnaire, raw: Sequence[RawDelivery], rows: Sequence[Row], cells: Sequence[Cell]
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


def _not_collected(delivery: RawDelivery, cells: Sequence[Cell]) -> list[int]:
    """The cells of questions that were asked from a later delivery, and that this one does not have."""
    has = {cell.question.id for cell in cells if cell.column in delivery.cells}
    return [
        at
        for at, cell in enumerate(cells)
        if cell.question.asked_from_delivery > delivery.delivery.number and cell.question.id not in has
    ]


def _answers_frame(
    questionnaire: Questionnaire,
    raw: Sequence[RawDelivery],
    rows: Sequence[Row],
    cells: Sequence[Cell],
    judged: Judged,
    is_current: NDArray[np.bool_],
    marks: Mapping[tuple[int, int], str],
    municipalities: list[str],
) -> pd.DataFrame:
    per_row, per_column = len(cells), len(rows)
    at = judged.cells.ravel()

    def of_judgement(
        value: Callable[[Judgement], str | None], categories: Sequence[str] | None = None
    ) -> pd.Categorical[str]:
        codes, found = _coded([value(j) for j in judged.judgements], categories)
        return pd.Categorical.from_codes(codes[at], categories=found)

    def of_row(values: Sequence[str], categories: Sequence[str]) -> pd.Categorical[str]:
        codes, found = _coded(values, categories)
        return pd.Categorical.from_codes(np.repeat(codes, per_row), categories=found)

    def of_cell(values: Sequence[str | None]) -> pd.Categorical[str]:
        codes, found = _coded(values)
        return pd.Categorical.from_codes(np.tile(codes, per_column), categories=found)

    numbers = np.array([j.number or 0 for j in judged.judgements], dtype=np.int64)
    no_number = np.array([j.number is None for j in judged.judgements], dtype=bool)
    mark_codes, distinct_marks = _coded(list(marks.values()))
    corrected = np.full(judged.cells.shape, -1, dtype=np.intp)
    for (row, column), code in zip(marks, mark_codes, strict=True):
        corrected[row, column] = code
    return pd.DataFrame(
        {
            "survey_year": np.full(at.size, questionnaire.survey_year, dtype=np.int32),
            "municipality_code": of_row([row.municipality for row in rows], municipalities),
            "question_id": of_cell([c.question.id for c in cells]),
            "option_code": of_cell([c.option_code for c in cells]),
            "is_asked": judged.asked.ravel(),
            "status": of_judgement(lambda j: j.status, STATUSES),
            "code": of_judgement(lambda j: j.code),
            "number": pd.arrays.IntegerArray(numbers[at], no_number[at]),
            "text": of_judgement(lambda j: j.text),
            "delivery": np.repeat(np.array([raw[r.delivery].delivery.number for r in rows], dtype=np.int32), per_row),
            "source_row": np.repeat(np.array([r.source_row for r in rows], dtype=np.int32), per_row),
            "source_column": of_cell([c.column for c in cells]),
            "is_current": np.repeat(is_current, per_row),
            "correction": pd.Categorical.from_codes(corrected.ravel(), categories=distinct_marks),
        }
    )


def _coded(
    values: Sequence[str | None], categories: Sequence[str] | None = None
) -> tuple[NDArray[np.intp], pd.Index[str]]:
    """Values as numbers of their categories (-1 for None), so that a text is stored once however many cells hold it."""
    found = list(dict.fromkeys(v for v in values if v is not None)) if categories is None else categories
    number = {category: at for at, category in enumerate(found)}
    codes = np.array([-1 if v is None else number[v] for v in values], dtype=np.intp)
    return codes, pd.Index(list(found), dtype="str")


def _quarantined_rows(
    raw: Sequence[RawDelivery],
    refused: Sequence[Refused],
    cells: Sequence[Cell],
    newest: Mapping[str, int],
    corrections: Corrections,
) -> list[dict[str, Any]]:
    """Every cell of the refused rows; resolved by a newer accepted row of the municipality, or set aside by a steward."""
    set_aside = {(line.delivery, line.row) for line in corrections.set_aside}
    entries = []
    for row in refused:
        delivery = raw[row.delivery]
        number = delivery.delivery.number
        is_newer = all(newest.get(code, 0) > number for code in (row.municipality or "", *row.perhaps_of))
        is_resolved = is_newer or (number, row.source_row) in set_aside
        is_resolved |= row.rule == NOT_SUBMITTED and newest.get(row.municipality or "", 0) == number
        texts = delivery.cells.loc[row.source_row].to_dict()
        why = {"scope": "row", "rule": row.rule, "message": row.message, "is_resolved": is_resolved}
        entries += [
            _entry(delivery, row.source_row, row.municipality, cell, str(texts.get(cell.column, ""))) | why
            for cell in cells
        ]
    return entries


def _quarantined_cells(
    raw: Sequence[RawDelivery],
    rows: Sequence[Row],
    cells: Sequence[Cell],
    texts: Texts,
    judged: Judged,
    is_current: NDArray[np.bool_],
) -> list[dict[str, Any]]:
    """Every invalid cell; resolved when a newer row of its municipality counts instead."""
    entries = []
    for at_row, at in np.argwhere(judged.status == STATUSES.index(INVALID)).tolist():
        row, judgement = rows[at_row], judged.judgements[judged.cells[at_row, at]]
        entry = _entry(raw[row.delivery], row.source_row, row.municipality, cells[at], texts[at_row, at])
        why = {"scope": "cell", "rule": judgement.rule, "message": judgement.message}
        entries.append(entry | why | {"is_resolved": not is_current[at_row]})
    return entries


def _entry(delivery: RawDelivery, source_row: int, municipality: str | None, cell: Cell, text: str) -> dict[str, Any]:
    return {
        "survey_year": delivery.survey_year,
        "delivery": delivery.delivery.number,
        "file": delivery.file.name,
        "sheet": delivery.delivery.sheet,
        "source_row": source_row,
        "source_column": cell.column,
        "municipality_code": municipality,
        "question_id": cell.question.id,
        "original_text": text,
    }


def _quarantine_frame(entries: list[dict[str, Any]]) -> pd.DataFrame:
    types = {"survey_year": "int32", "delivery": "int32", "source_row": "int32", "is_resolved": "bool"}
    return pd.DataFrame(
        {name: pd.Series([e[name] for e in entries], dtype=types.get(name, "str")) for name in QUARANTINE_COLUMNS}
    )
