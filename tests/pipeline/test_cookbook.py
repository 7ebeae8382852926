"""The questions of docs/cookbook.md, and its notebook, on the edition of a whole run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.pipeline.conftest import PROJECT, Installation

pytestmark = pytest.mark.slow
TEXT = (PROJECT / "docs" / "cookbook.md").read_text(encoding="utf-8")
QUESTIONS = dict(re.findall(r"^## (\d+\. .+?)\n.*?^```sql\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))
# What must come out of some of them: the question's number → columns, and the rows or how many there are.
KNOWN: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "2": ("survey_year, round(reach, 3)", [(2020, 0.82), (2021, 0.83), (2022, 0.81), (2023, 0.774)]),
    "3": ("count(*), count(distinct urbanisation)", [(15, 5)]),
    "6": ("count(*) > 10, min(short) > 0", [(True, True)]),
    "7": ("count(distinct today) > 0, max(predecessors) > 1", [(True, True)]),
    "12": ("bool_and(lower <= reach and reach <= upper)", [(True,)]),
}


@pytest.fixture(scope="module")
def inside(ran: tuple[Installation, str]) -> Path:
    return ran[0].inside


def test_there_are_fifteen_questions_with_an_answer_each() -> None:
    assert [int(title.split(".")[0]) for title in QUESTIONS] == list(range(1, 16))
    assert {*KNOWN} <= {title.split(".")[0] for title in QUESTIONS}


@pytest.mark.parametrize("title", QUESTIONS)
def test_a_question_is_answered(inside: Path, title: str) -> None:
    with duckdb.connect(inside / "lea_vve.duckdb", read_only=True) as connection:
        assert connection.execute(QUESTIONS[title]).fetchall()
        columns, rows = KNOWN.get(title.split(".")[0], ("count(*) > 0", [(True,)]))
        assert connection.execute(f"select {columns} from ({QUESTIONS[title]})").fetchall() == rows


def test_the_notebook_opens_an_edition(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEA_EDITION", str(inside.parent))
    notebook = json.loads((PROJECT / "docs" / "cookbook.ipynb").read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)  # no result of another edition is kept
            exec("".join(cell["source"]), names)
    assert list(names["reach"]["survey_year"]) == [2020, 2021, 2022, 2023]
    assert len(names["panel"]) == 3
