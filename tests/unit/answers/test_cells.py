"""What one delivered cell says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.answers.cell_judgements import (
    ANSWERED,
    INVALID,
    NO_ANSWER,
    NOT_AVAILABLE,
    STATUSES,
    QuestionCell,
    judge,
    judge_note,
    question_cells,
)
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.model import Question, Questionnaire
from assets.raw.readers import CellNote

BASE: dict[str, Any] = {
    "id": "Q",
    "concept": "c",
    "section": "s",
    "wording": {"nl": "?", "en": "?"},
    "evidence": "A",
    "source": "test",
    "comparability": {"status": "new"},
}
OPTIONS = [{"code": code, "key": f"k{code}", "label": {"nl": code, "en": code}} for code in ("01", "2", "10")]
MISSING = {"-9": "no_answer", "-8": "not_available", "geen antwoord": "no_answer"}

SINGLE = QuestionCell(
    Question.model_validate({**BASE, "answer_type": "single", "column": "q", "options": OPTIONS}), None, "q"
)
MULTIPLE = QuestionCell(
    Question.model_validate({**BASE, "answer_type": "multiple", "columns": "q{code}", "options": OPTIONS}), "2", "q2"
)
COUNT = QuestionCell(
    Question.model_validate({**BASE, "answer_type": "count", "column": "q", "range": {"min": 1, "max": 5000}}),
    None,
    "q",
)
TEXT = QuestionCell(Question.model_validate({**BASE, "answer_type": "text", "column": "q"}), None, "q")
PLAIN = Dialect()
LIMESURVEY = Dialect(chosen=("Y", "Ja"), not_chosen=("N", "Nee"), labels=True)
QUALTRICS = Dialect(chosen=("{code}", "{label}"), not_chosen=("0",))
CELLS = [SINGLE, MULTIPLE, COUNT, TEXT]


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (SINGLE, "01", "01"),
        (SINGLE, "2", "2"),
        (SINGLE, "2,0", "2"),
        (SINGLE, "2.00", "2"),
        (SINGLE, "10", "10"),
        (MULTIPLE, "1", "1"),
        (MULTIPLE, "0,0", "0"),
        (COUNT, "12", 12),
        (COUNT, "+12", 12),
        (COUNT, "012", 12),
        (COUNT, "12,00", 12),
        (COUNT, "12.0", 12),
        (COUNT, "282.0000000000", 282),
        (COUNT, "1234.000", 1234),
        (TEXT, "12", "12"),
        (TEXT, "- overleg (LEA) | 2 x per jaar", "- overleg (LEA) | 2 x per jaar"),
        (TEXT, "minder dan <10 kinderen, of > 5", "minder dan <10 kinderen, of > 5"),
        (TEXT, "nan", "nan"),
        (TEXT, "=> zie bijlage", "=> zie bijlage"),
        (TEXT, "- zie www.x.nl | tot ziens!", "- zie www.x.nl | tot ziens!"),
        (TEXT, "=1+1", "=1+1"),
        (TEXT, "regel 1\nregel 2", "regel 1\nregel 2"),
        (TEXT, "#N/A in de begroting", "#N/A in de begroting"),
        (TEXT, "#1", "#1"),
    ],
)
def test_an_answer(cell: QuestionCell, text: str, value: str | int) -> None:
    judgement = judge(cell, text, MISSING, PLAIN)

    assert judgement.status == ANSWERED
    assert [v for v in (judgement.code, judgement.number, judgement.text) if v is not None] == [value]


@pytest.mark.parametrize(
    ("cell", "text", "rule"),
    [
        (SINGLE, "1", "code_is_an_option"),
        (SINGLE, "3", "code_is_an_option"),
        (SINGLE, "2,5", "code_is_an_option"),
        (SINGLE, "٢", "code_is_an_option"),
        (SINGLE, "nan", "code_is_an_option"),
        (MULTIPLE, "2", "code_is_an_option"),
        (MULTIPLE, "x", "code_is_an_option"),
        (COUNT, "12,5", "count_is_a_whole_number"),
        (COUNT, "1234.567", "count_is_a_whole_number"),
        (COUNT, "100%", "count_is_a_whole_number"),
        (COUNT, "TRUE", "count_is_a_whole_number"),
        (MULTIPLE, "TRUE", "code_is_an_option"),
        (MULTIPLE, "Ja", "code_is_an_option"),
        (COUNT, "1,000", "count_is_a_whole_number"),
        (COUNT, "1.000", "count_is_a_whole_number"),
        (COUNT, "1e3", "count_is_a_whole_number"),
        (COUNT, "inf", "count_is_a_whole_number"),
        (COUNT, "١٢", "count_is_a_whole_number"),
        (COUNT, "twaalf", "count_is_a_whole_number"),
        (COUNT, "=6+6", "count_is_a_whole_number"),
        (COUNT, "-1", "count_is_not_negative"),
        (COUNT, "0", "count_is_in_range"),
        (COUNT, "5001", "count_is_in_range"),
        (COUNT, "9" * 400, "count_is_in_range"),
        (COUNT, "9" * 100_000, "count_is_a_whole_number"),
        (TEXT, "zie <b>hier</b>", "free_text_is_plain"),
        (TEXT, "<!-- x -->", "free_text_is_plain"),
        (TEXT, "<svg onload=alert(1)", "free_text_is_plain"),
        (TEXT, "JavaScript:alert(1)", "free_text_is_plain"),
        (TEXT, "#N/A", "free_text_is_plain"),
        (TEXT, "#DEEL/0!", "free_text_is_plain"),
        (TEXT, "#WAARDE!", "free_text_is_plain"),
        (TEXT, "#NAAM?", "free_text_is_plain"),
    ],
)
def test_not_an_answer(cell: QuestionCell, text: str, rule: str) -> None:
    judgement = judge(cell, text, MISSING, PLAIN)

    assert (judgement.status, judgement.rule) == (INVALID, rule)
    assert (judgement.code, judgement.number, judgement.text) == (None, None, None)


@pytest.mark.parametrize(
    ("cell", "text", "message"),
    [
        (SINGLE, "3", "'3' is not one of the options (01, 2, 10)"),
        (MULTIPLE, "2", "'2' is not 1 (chosen) or 0 (not chosen)"),
        (COUNT, "12,5", "'12,5' is not a whole number"),
        (COUNT, "=6+6", "'=6+6' is a formula, not a number"),
        (COUNT, "1.000", "'1.000' is a whole number or thousands: nobody can tell"),
        (COUNT, "-1", "'-1' is below zero"),
        (COUNT, "0", "'0' is not between 1 and 5000"),
        (TEXT, "#N/A", "'#N/A' is an error of a spreadsheet, not a text"),
        (TEXT, "zie <b>hier</b>", "'zie <b>hier</b>' holds markup (HTML)"),
    ],
)
def test_a_message_says_what_is_wrong(cell: QuestionCell, text: str, message: str) -> None:
    assert judge(cell, text, MISSING, PLAIN).message == message


@pytest.mark.parametrize(
    ("dialect", "message"),
    [
        (LIMESURVEY, "'x' is not Y or Ja (chosen) or N or Nee (not chosen)"),
        (Dialect(not_chosen=()), "'x' is not 1 (chosen)"),
    ],
)
def test_a_message_of_a_box_says_what_the_dialect_knows(dialect: Dialect, message: str) -> None:
    assert judge(MULTIPLE, "x", MISSING, dialect).message == message


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", NO_ANSWER),
        ("-9", NO_ANSWER),
        ("-9,0", NO_ANSWER),
        ("geen antwoord", NO_ANSWER),
        ("GEEN  antwoord", NO_ANSWER),
        ("-8", NOT_AVAILABLE),
    ],
)
def test_instead_of_an_answer(cell: QuestionCell, text: str, status: str) -> None:
    assert judge(cell, text, MISSING, PLAIN) == (status, None, None, None, None, None)


def test_a_message_shows_what_stands_there_but_not_all_of_it() -> None:
    message = judge(COUNT, "x" * 1000 + "\x1b[31m", MISSING, PLAIN).message

    assert message is not None
    assert len(message) < 120
    assert "\x1b" not in str(judge(COUNT, "\x1b[31m", MISSING, PLAIN).message)


@given(st.sampled_from(CELLS), st.text(), st.sampled_from([PLAIN, LIMESURVEY]))
def test_whatever_stands_in_a_cell_it_has_one_meaning(cell: QuestionCell, text: str, dialect: Dialect) -> None:
    judgement = judge(cell, text.strip(), MISSING, dialect)

    values = [v for v in (judgement.code, judgement.number, judgement.text) if v is not None]
    assert judgement.status in STATUSES
    assert len(values) == (judgement.status == ANSWERED)
    assert (judgement.rule is not None) == (judgement.message is not None) == (judgement.status == INVALID)


@given(st.integers(min_value=1, max_value=5000))
def test_every_possible_count_is_read_as_it_is(number: int) -> None:
    assert judge(COUNT, str(number), MISSING, PLAIN).number == number


TEN = QuestionCell(
    Question.model_validate(
        {
            **BASE,
            "answer_type": "multiple",
            "columns": "q{code}",
            "options": [{"code": "10", "key": "k10", "label": {"nl": "Andere  reden", "en": "Other reason"}}],
        }
    ),
    "10",
    "q10",
)
YES_NO = QuestionCell(
    Question.model_validate(
        {
            **BASE,
            "answer_type": "single",
            "column": "q",
            "options": [
                {"code": "1", "key": "yes", "label": {"nl": "Ja", "en": "Yes"}, "delivered_as": ["Jazeker"]},
                {"code": "2", "key": "no", "label": {"nl": "Nee", "en": "No"}},
            ],
        }
    ),
    None,
    "q",
)


@pytest.mark.parametrize(
    ("cell", "text", "dialect", "code"),
    [
        (TEN, "Y", LIMESURVEY, "1"),
        (TEN, "y", LIMESURVEY, "1"),
        (TEN, "nee", LIMESURVEY, "0"),
        (TEN, "10", QUALTRICS, "1"),
        (TEN, "10.0", QUALTRICS, "1"),
        (TEN, "andere reden", QUALTRICS, "1"),
        (TEN, "Other reason", QUALTRICS, "1"),
        (TEN, "0", QUALTRICS, "0"),
        (TEN, "1", QUALTRICS, None),
        (TEN, "1", LIMESURVEY, None),
        (YES_NO, "Ja", LIMESURVEY, "1"),
        (YES_NO, "no", LIMESURVEY, "2"),
        (YES_NO, "Misschien", LIMESURVEY, None),
        (YES_NO, "Ja", PLAIN, None),
        (YES_NO, "jazeker", PLAIN, "1"),
    ],
)
def test_what_a_dialect_says_instead_of_a_code(
    cell: QuestionCell, text: str, dialect: Dialect, code: str | None
) -> None:
    judgement = judge(cell, text, MISSING, dialect)
    assert (judgement.status, judgement.code) == (INVALID if code is None else ANSWERED, code)


def test_a_text_that_means_chosen_and_not_chosen_means_neither() -> None:
    dialect = Dialect(chosen=("{code}",), not_chosen=("10",))
    assert judge(TEN, "10", MISSING, dialect).rule == "code_is_an_option"


@pytest.mark.parametrize(
    ("cell", "text", "note", "rule", "message"),
    [
        (
            COUNT,
            "12",
            CellNote("merged", "B2:B4"),
            "cell_is_not_merged",
            "the cell is part of the merged cells B2:B4: nobody can tell whose answer it is",
        ),
        (
            TEXT,
            "",
            CellNote("merged", "B2:B4"),
            "cell_is_not_merged",
            "the cell is part of the merged cells B2:B4: nobody can tell whose answer it is",
        ),
        (
            COUNT,
            "12",
            CellNote("not_shown"),
            "cell_is_shown",
            "'12' is hidden by the number format of the cell: Excel shows nothing",
        ),
        (
            TEXT,
            "12",
            CellNote("not_shown"),
            "cell_is_shown",
            "'12' is hidden by the number format of the cell: Excel shows nothing",
        ),
        (TEXT, "=A1", CellNote("formula"), "free_text_is_plain", "'=A1' is a formula, not a text"),
        (COUNT, "=A1", CellNote("formula"), "count_is_a_whole_number", "'=A1' is a formula, not a number"),
        (
            SINGLE,
            "2",
            CellNote("missing_in_file"),
            "missing_code_is_declared",
            "'2' is declared as missing in the file, not in the questionnaire",
        ),
        (
            COUNT,
            "9999",
            CellNote("missing_in_file"),
            "missing_code_is_declared",
            "'9999' is declared as missing in the file, not in the questionnaire",
        ),
        (COUNT, "-9", CellNote("missing_in_file"), None, None),
    ],
)
def test_what_is_particular_about_a_cell(
    cell: QuestionCell, text: str, note: CellNote, rule: str | None, message: str | None
) -> None:
    noted = judge_note(cell, text, judge(cell, text, MISSING, PLAIN), note)
    assert (noted.rule, noted.message) == (rule, message)
    assert noted.status == (NO_ANSWER if rule is None else INVALID)


def test_every_cell_of_a_row_is_a_question_s_or_an_option_s(questionnaire: Questionnaire) -> None:
    cells = [(cell.question.id, cell.option_code, cell.column) for cell in question_cells(questionnaire)]
    assert cells[:6] == [
        ("Q1", None, "overleg"),
        ("Q2", "1", "partner_1"),
        ("Q2", "2", "partner_2"),
        ("Q2", "8", "partner_8"),
        ("Q2", "9", "partner_9"),
        ("Q2_open", None, "partner_anders"),
    ]
    assert [column for *_, column in cells] == questionnaire.columns[2:]
