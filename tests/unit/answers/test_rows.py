"""What the cells of a row say together: routing, multiple choices, and how the file came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from assets.answers.cell_judgements import question_cells
from assets.answers.row_judgements import Delivered, Judged, judge_rows
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.model import Questionnaire, RoutingCondition
from assets.raw.readers import CellNote

Row = dict[str, str]
PLAIN, LIMESURVEY = Dialect(), Dialect(chosen=("Y",), not_chosen=("N",))
NONE_IS_AN_ANSWER = Dialect(nothing_chosen="answered")
BOXES = ("partner_1", "partner_2", "partner_8", "partner_9")
NO_BOX: Row = dict.fromkeys(BOXES, "0")
NOT_ASKED = "this question was not asked, given the answer to "
DENIED = "this question was asked, but the file says that it was not"
NOBODY = "'Niemand' rules out every other option of Q2"


def delivered(questionnaire: Questionnaire, rows: Sequence[Row], dialects: Sequence[Dialect] = ()) -> Delivered:
    """Rows of one file, or of as many files as there are dialects, a row each."""
    texts = [[row.get(cell.column, "") for cell in question_cells(questionnaire)] for row in rows]
    file_of = np.arange(len(rows)) if dialects else np.zeros(len(rows), dtype=np.int_)
    return Delivered(np.array(texts, dtype=object), file_of, dialects or [PLAIN])


def judge_all(questionnaire: Questionnaire, given: Delivered) -> tuple[Judged, list[dict[str, Any]]]:
    """The judgements, and of each row by column: the value of an answer, the message of what is invalid, or else the
    status."""
    cells = question_cells(questionnaire)
    judged = judge_rows(questionnaire, cells, given)
    found = []
    for numbers in judged.cells.tolist():
        row = [judged.judgements[number] for number in numbers]
        values = [
            next((value for value in (j.code, j.number, j.text, j.message) if value is not None), None) for j in row
        ]
        found.append({cell.column: j.status if v is None else v for cell, j, v in zip(cells, row, values, strict=True)})
    return judged, found


def at(questionnaire: Questionnaire, column: str) -> int:
    return [cell.column for cell in question_cells(questionnaire)].index(column)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({}, {"overleg": "no_answer", **dict.fromkeys(BOXES, "not_asked"), "reden": "not_asked"}),
        # A blank box beside an answered one is not chosen; one that says that it has no answer has none.
        ({"partner_1": "1"}, {"partner_1": "1", "partner_2": "0", "partner_8": "0", "partner_9": "0"}),
        ({"partner_1": "1", "partner_2": "1"}, {"partner_1": "1", "partner_2": "1", "partner_9": "0"}),
        ({"partner_1": "1", "partner_2": "-9"}, {"partner_2": "no_answer", "partner_8": "0"}),
        ({"partner_1": "0", "partner_2": "-9"}, dict.fromkeys(BOXES, "no_answer")),
        ({"partner_1": "0", "partner_2": "-8"}, {"partner_1": "0", "partner_2": "not_available", "partner_8": "0"}),
        (NO_BOX, dict.fromkeys(BOXES, "no_answer")),
        ({"overleg": "2", **NO_BOX}, dict.fromkeys(BOXES, "not_asked")),
        # An option that rules out all others.
        ({"partner_9": "1"}, {"partner_1": "0", "partner_2": "0", "partner_8": "0", "partner_9": "1"}),
        ({"partner_9": "1", "partner_1": "1"}, {**dict.fromkeys(BOXES, NOBODY), "partner_anders": "no_answer"}),
        ({"partner_9": "1", "partner_1": "1", "partner_2": "-8"}, {"partner_2": "not_available", "partner_8": NOBODY}),
        # What was not asked, given an answer.
        ({"overleg": "2", "partner_1": "1"}, {"partner_1": NOT_ASKED + "Q1", "partner_2": "not_asked"}),
        ({"overleg": "2", "partner_1": "-8"}, {"partner_1": NOT_ASKED + "Q1"}),
        ({"overleg": "2", "partner_1": "-7"}, {"partner_1": "not_collected"}),
        ({"overleg": "2", "partner_1": "-6"}, {"partner_1": "not_asked"}),
        ({"partner_8": "1", "partner_anders": "Bibliotheek"}, {"partner_anders": "Bibliotheek"}),
        ({"partner_1": "1", "partner_anders": "Bibliotheek"}, {"partner_anders": NOT_ASKED + "Q2"}),
        ({"peuters": "12", "plaatsen": "10", "reden": "1"}, {"reden": "1"}),
        ({"peuters": "12", "plaatsen": "10"}, {"reden": "no_answer"}),
        ({"peuters": "12", "plaatsen": "12", "reden": "1"}, {"peuters": 12, "reden": NOT_ASKED + "R2 and R1"}),
        ({"peuters": "12", "reden": "1"}, {"reden": NOT_ASKED + "R2 and R1"}),
        # The file says that it was not asked, and it was.
        ({"overleg": "-6"}, {"overleg": DENIED}),
        ({"partner_1": "-6", "partner_2": "1"}, {"partner_1": DENIED, "partner_2": "1", "partner_8": "0"}),
        # Whether it was asked rests on what could not be used, or was lost.
        ({"overleg": "x", "partner_1": "1"}, {"overleg": "'x' is not one of the options (1, 2)", "partner_1": "1"}),
        ({"overleg": "x"}, dict.fromkeys(BOXES, "no_answer")),
        ({"overleg": "-7"}, dict.fromkeys(BOXES, "no_answer")),
        ({"partner_8": "x", "partner_1": "1", "partner_anders": "Bibliotheek"}, {"partner_anders": "Bibliotheek"}),
        ({"partner_2": "x", "partner_1": "1", "partner_anders": "Bibliotheek"}, {"partner_anders": NOT_ASKED + "Q2"}),
        ({"peuters": "x", "plaatsen": "10", "reden": "1"}, {"reden": "1"}),
        ({"peuters": "10", "plaatsen": "-7", "reden": "1"}, {"reden": "1"}),
        ({"peuters": "x", "plaatsen": "10", "reden": "-6"}, {"reden": "not_asked"}),
    ],
)
def test_cells_of_a_row(questionnaire: Questionnaire, row: Row, says: dict[str, Any]) -> None:
    answered = {} if not row else {"overleg": "1", **row}
    _, (found,) = judge_all(questionnaire, delivered(questionnaire, [answered]))
    assert {column: found[column] for column in says} == says


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ({"overleg": "2", "partner_1": "1"}, "partner_1", "answers_follow_routing"),
        ({"overleg": "-6"}, "overleg", "answers_follow_routing"),
        ({"overleg": "1", "partner_9": "1", "partner_1": "1"}, "partner_2", "exclusive_option_stands_alone"),
        ({"overleg": "x"}, "overleg", "code_is_an_option"),
        ({"overleg": "1"}, "overleg", None),
    ],
)
def test_the_rule_that_a_cell_breaks(questionnaire: Questionnaire, row: Row, column: str, rule: str | None) -> None:
    judged, _ = judge_all(questionnaire, delivered(questionnaire, [row]))
    assert judged.judgements[judged.cells[0, at(questionnaire, column)]].rule == rule


def test_a_row_says_nothing_about_another(questionnaire: Questionnaire) -> None:
    boxes: list[Row] = [{"partner_9": "1"}, {"partner_1": "1"}, {}]
    _, found = judge_all(questionnaire, delivered(questionnaire, [{"overleg": "1", **row} for row in boxes]))
    assert [tuple(row[box] for box in BOXES) for row in found] == [
        ("0", "0", "0", "1"),
        ("1", "0", "0", "0"),
        ("no_answer",) * 4,
    ]


@pytest.mark.parametrize(("overleg", "box"), [("1", "not_asked"), ("2", "1"), ("-9", "not_asked")])
def test_any_option_of_a_question_can_lead_to_another(questionnaire: Questionnaire, overleg: str, box: str) -> None:
    if_not = RoutingCondition.model_validate({"question": "Q1", "is": ["2"]})
    questions = [
        question.model_copy(update={"routing": if_not}) if question.id == "Q2" else question
        for question in questionnaire.questions
    ]
    of_year = questionnaire.model_copy(update={"questions": tuple(questions)})
    _, (found,) = judge_all(of_year, delivered(of_year, [{"overleg": overleg, "partner_1": "1" if box == "1" else ""}]))
    assert found["partner_1"] == box


@pytest.mark.parametrize(
    ("of_question", "dialect", "box"),
    [
        (None, PLAIN, "no_answer"),
        (None, NONE_IS_AN_ANSWER, "0"),
        ("answered", PLAIN, "0"),
        ("no_answer", NONE_IS_AN_ANSWER, "no_answer"),
    ],
)
def test_no_box_at_all_is_an_answer_where_question_or_dialect_says_so(
    questionnaire: Questionnaire, of_question: str | None, dialect: Dialect, box: str
) -> None:
    questions = [
        question.model_copy(update={"nothing_chosen": of_question}) if question.id == "Q2" else question
        for question in questionnaire.questions
    ]
    of_year = questionnaire.model_copy(update={"questions": tuple(questions)})
    rows = [{"overleg": "1", **NO_BOX}, {"overleg": "2", **NO_BOX}]
    _, found = judge_all(of_year, delivered(of_year, rows, [dialect, dialect]))
    assert [{row[column] for column in BOXES} for row in found] == [{box}, {"not_asked"}]


def test_each_file_is_read_in_its_own_dialect(questionnaire: Questionnaire) -> None:
    rows = [{"overleg": "1", "partner_1": "1"}, {"overleg": "1", "partner_1": "Y"}, {"overleg": "1", **NO_BOX}]
    given = delivered(questionnaire, rows, [PLAIN, LIMESURVEY, NONE_IS_AN_ANSWER])
    _, found = judge_all(questionnaire, given)
    assert [row["partner_1"] for row in found] == ["1", "1", "0"]
    _, found = judge_all(questionnaire, replace(given, dialects=[LIMESURVEY, PLAIN, PLAIN]))
    assert [row["partner_1"] for row in found] == [
        "'1' is not Y (chosen) or N (not chosen)",
        "'Y' is not 1 (chosen) or 0 (not chosen)",
        "no_answer",
    ]


def test_what_a_file_could_not_collect_is_lost_in_its_rows_alone(questionnaire: Questionnaire) -> None:
    rows = [{"overleg": "1", "peuters": "5"}, {"overleg": "1", "peuters": "5"}]
    lost = [[], [at(questionnaire, "overleg"), at(questionnaire, "peuters")]]
    given = replace(delivered(questionnaire, rows, [PLAIN, PLAIN]), not_collected=lost)
    judged, found = judge_all(questionnaire, given)
    assert [(row["overleg"], row["peuters"], row["partner_1"]) for row in found] == [
        ("1", 5, "no_answer"),
        ("not_collected", "not_collected", "no_answer"),
    ]
    assert judged.asked[:, at(questionnaire, "partner_1")].tolist() == [True, False]


def test_what_is_particular_about_a_cell_counts_until_a_steward_has_corrected_it(questionnaire: Questionnaire) -> None:
    row = {"overleg": "1", "toelichting": "=A1", "peuters": "-9", "plaatsen": "12"}
    places = {column: (0, at(questionnaire, column)) for column in row}
    notes = {
        places["toelichting"]: CellNote("formula"),
        places["peuters"]: CellNote("missing_in_file"),
        places["plaatsen"]: CellNote("not_shown"),
    }
    given = replace(delivered(questionnaire, [row]), notes=notes)
    formula, hidden = (
        "'=A1' is a formula, not a text",
        "'12' is hidden by the number format of the cell: Excel shows nothing",
    )
    for corrected, texts in (
        ((), {"toelichting": formula, "peuters": "no_answer", "plaatsen": hidden}),
        ((places["plaatsen"],), {"toelichting": formula, "peuters": "no_answer", "plaatsen": 12}),
    ):
        _, (found,) = judge_all(questionnaire, given.without_notes(corrected))
        assert {column: found[column] for column in texts} == texts


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        ({"overleg": "1"}, {"overleg", *BOXES}),
        ({"overleg": "1", "partner_8": "1"}, {"overleg", *BOXES, "partner_anders"}),
        ({"overleg": "2"}, {"overleg"}),
        ({"overleg": "x", "peuters": "2", "plaatsen": "1"}, {"overleg", "reden"}),
        ({"overleg": "2", "peuters": "2", "plaatsen": "x"}, {"overleg"}),
    ],
)
def test_who_was_surely_asked(questionnaire: Questionnaire, row: Row, asked: set[str]) -> None:
    judged, _ = judge_all(questionnaire, delivered(questionnaire, [row]))
    columns = [cell.column for cell in question_cells(questionnaire)]
    everyone = {"evaluatie", "peuters", "plaatsen", "toelichting"}
    assert {column for column, is_so in zip(columns, judged.asked[0], strict=True) if is_so} == asked | everyone


def test_a_judgement_is_kept_once_and_a_status_takes_a_byte(questionnaire: Questionnaire) -> None:
    """A delivery of the whole country has a hundred thousand cells."""
    judged, _ = judge_all(questionnaire, delivered(questionnaire, [{"overleg": "1", "partner_1": "1"}] * 3))
    assert len(set(judged.judgements)) == len(judged.judgements)
    assert [kept.itemsize for kept in (judged.cells, judged.status, judged.asked)] == [4, 1, 1]


def test_no_file_has_no_judgement(questionnaire: Questionnaire) -> None:
    cells = question_cells(questionnaire)
    nothing = Delivered(np.empty((0, len(cells)), dtype=object), np.array([], dtype=np.int_), [])
    assert judge_rows(questionnaire, cells, nothing).cells.shape == (0, len(cells))
