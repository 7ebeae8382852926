"""What one delivered cell says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.answers.cells import ANSWERED, INVALID, NO_ANSWER, NOT_AVAILABLE, STATUSES, Cell, judge
from assets.questionnaires.model import Question

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

SINGLE = Cell(Question.model_validate({**BASE, "answer_type": "single", "column": "q", "options": OPTIONS}), None, "q")
MULTIPLE = Cell(
    Question.model_validate({**BASE, "answer_type": "multiple", "columns": "q{code}", "options": OPTIONS}), "2", "q2"
)
COUNT = Cell(
    Question.model_validate({**BASE, "answer_type": "count", "column": "q", "range": {"min": 1, "max": 5000}}),
    None,
    "q",
)
TEXT = Cell(Question.model_validate({**BASE, "answer_type": "text", "column": "q"}), None, "q")
CELLS = [SINGLE, MULTIPLE, COUNT, TEXT]


@pytest.mark.parametrize(
    ("cell", "text", "decimal", "value"),
    [
        (SINGLE, "01", ",", "01"),
        (SINGLE, "2", ",", "2"),
        (SINGLE, "2,0", ",", "2"),
        (SINGLE, "2.00", ".", "2"),
        (SINGLE, "10", ",", "10"),
        (MULTIPLE, "1", ",", "1"),
        (MULTIPLE, "0,0", ",", "0"),
        (COUNT, "12", ",", 12),
        (COUNT, "+12", ",", 12),
        (COUNT, "012", ",", 12),
        (COUNT, "12,00", ",", 12),
        (COUNT, "12.0", ".", 12),
        (TEXT, "12", ",", "12"),
        (TEXT, "- overleg (LEA) | 2 x per jaar", ",", "- overleg (LEA) | 2 x per jaar"),
        (TEXT, "minder dan <10 kinderen, of > 5", ",", "minder dan <10 kinderen, of > 5"),
        (TEXT, "nan", ",", "nan"),
        (TEXT, "regel 1\nregel 2", ",", "regel 1\nregel 2"),
    ],
)
def test_an_answer(cell: Cell, text: str, decimal: str, value: str | int) -> None:
    judgement = judge(cell, text, MISSING, decimal)

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
        (COUNT, "12.0", "count_is_a_whole_number"),
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
        (TEXT, "=1+1", "free_text_is_plain"),
        (TEXT, " =SUM(A1)", "free_text_is_plain"),
        (TEXT, "@SUM(A1)", "free_text_is_plain"),
        (TEXT, "-SUM(A1)", "free_text_is_plain"),
        (TEXT, "+cmd|' /C calc'!A0", "free_text_is_plain"),
        (TEXT, "zie <b>hier</b>", "free_text_is_plain"),
        (TEXT, "<!-- x -->", "free_text_is_plain"),
        (TEXT, "<svg onload=alert(1)", "free_text_is_plain"),
        (TEXT, "JavaScript:alert(1)", "free_text_is_plain"),
    ],
)
def test_not_an_answer(cell: Cell, text: str, rule: str) -> None:
    judgement = judge(cell, text, MISSING, ",")

    assert (judgement.status, judgement.rule) == (INVALID, rule)
    assert (judgement.code, judgement.number, judgement.text) == (None, None, None)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    ("text", "status"),
    [("", NO_ANSWER), ("-9", NO_ANSWER), ("-9,0", NO_ANSWER), ("geen antwoord", NO_ANSWER), ("-8", NOT_AVAILABLE)],
)
def test_instead_of_an_answer(cell: Cell, text: str, status: str) -> None:
    assert judge(cell, text, MISSING, ",") == (status, None, None, None, None, None)


def test_a_message_shows_what_stands_there_but_not_all_of_it() -> None:
    message = judge(COUNT, "x" * 1000 + "\x1b[31m", MISSING, ",").message

    assert message is not None
    assert len(message) < 120
    assert "\x1b" not in str(judge(COUNT, "\x1b[31m", MISSING, ",").message)


@given(st.sampled_from(CELLS), st.text(), st.sampled_from(",."))
def test_whatever_stands_in_a_cell_it_has_one_meaning(cell: Cell, text: str, decimal: str) -> None:
    judgement = judge(cell, text.strip(), MISSING, decimal)

    values = [v for v in (judgement.code, judgement.number, judgement.text) if v is not None]
    assert judgement.status in STATUSES
    assert len(values) == (judgement.status == ANSWERED)
    assert (judgement.rule is not None) == (judgement.message is not None) == (judgement.status == INVALID)


@given(st.integers(min_value=1, max_value=5000))
def test_every_possible_count_is_read_as_it_is(number: int) -> None:
    assert judge(COUNT, str(number), MISSING, ",").number == number
