"""The lines of quarantine: what could not be used, where it was, and whether it is settled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assets.answers.cell_judgements import question_cells
from assets.answers.corrections import Corrections
from assets.answers.quarantine import quarantined_cells, quarantined_rows
from assets.answers.row_judgements import Delivered, judge_rows
from assets.answers.row_owners import NOT_SUBMITTED, MunicipalityRow, RefusedRow
from assets.questionnaires.model import Questionnaire
from tests.conftest import raw_delivery

SIGNED = {"reason": "r", "who": "w", "when": "2023-06-01"}


def refused(
    municipality: str | None = "GM0363", rule: str = "a_rule", perhaps_of: tuple[str, ...] = (), delivery: int = 0
) -> RefusedRow:
    return RefusedRow(delivery, 3, municipality, rule, "a message", perhaps_of)


def test_every_cell_of_a_refused_row_is_a_line(questionnaire: Questionnaire) -> None:
    rows = [{}, {"gemeentecode": "GM0363", "overleg": "1", "peuters": "12"}]
    raw = raw_delivery(questionnaire, rows, number=2)
    raw = replace(raw, cells=raw.cells.drop(columns="reden"))  # a column that its file need not have
    raw = replace(raw, delivery=raw.delivery.model_copy(update={"sheet": "Blad1"}))
    cells = question_cells(questionnaire)
    lines = quarantined_rows([raw], [refused(), refused(None)], cells, {}, Corrections())
    assert [line["municipality_code"] for line in lines] == ["GM0363"] * len(cells) + [None] * len(cells)
    texts = {line["source_column"]: line["original_text"] for line in lines}
    assert texts == dict.fromkeys(questionnaire.columns[2:], "") | {"overleg": "1", "peuters": "12"}
    assert lines[1] == {
        "survey_year": 2023,
        "delivery": 2,
        "file": "levering_v02.csv",
        "sheet": "Blad1",
        "source_row": 3,
        "source_column": "partner_1",
        "municipality_code": "GM0363",
        "question_id": "Q2",
        "original_text": "",
        "scope": "row",
        "rule": "a_rule",
        "message": "a message",
        "is_resolved": False,
    }


@pytest.mark.parametrize(
    ("row", "newest", "set_aside", "is_resolved"),
    [
        (refused(), {"GM0363": 1}, [], False),
        (refused(), {"GM0363": 2}, [], True),
        (refused(), {"GM1900": 2}, [], False),
        (refused(None), {"GM0363": 2}, [], False),
        (refused(perhaps_of=("GM1900",)), {"GM0363": 2}, [], False),
        (refused(perhaps_of=("GM1900",)), {"GM0363": 2, "GM1900": 2}, [], True),
        # Another row of the same file settles a row that was not submitted.
        (refused(rule=NOT_SUBMITTED), {"GM0363": 1}, [], True),
        (refused(rule=NOT_SUBMITTED), {"GM0363": 2}, [], True),
        (refused(rule=NOT_SUBMITTED), {"GM1900": 1}, [], False),
        (refused(rule=NOT_SUBMITTED, delivery=1), {"GM0363": 1}, [], False),
        (refused(), {}, [(1, 3)], True),
        (refused(), {}, [(2, 3), (1, 2)], False),
    ],
)
def test_a_row_is_settled_by_a_newer_one_of_all_that_it_may_be_of_or_set_aside(
    questionnaire: Questionnaire,
    row: RefusedRow,
    newest: dict[str, int],
    set_aside: list[tuple[int, int]],
    is_resolved: bool,
) -> None:
    raw = [raw_delivery(questionnaire, [{}, {}], number) for number in (1, 2)]
    lines = [{"delivery": delivery, "row": at, **SIGNED} for delivery, at in set_aside]
    corrections = Corrections.model_validate({"set_aside": lines})
    found = quarantined_rows(raw, [row], question_cells(questionnaire), newest, corrections)
    assert {line["is_resolved"] for line in found} == {is_resolved}


def test_an_invalid_cell_is_a_line_that_a_newer_row_settles(questionnaire: Questionnaire) -> None:
    cells = question_cells(questionnaire)
    raw = [raw_delivery(questionnaire, [{"peuters": "veel", "plaatsen": "2"}], number) for number in (1, 2)]
    rows = [MunicipalityRow(0, 2, "GM0363"), MunicipalityRow(1, 2, "GM0363")]
    texts = np.array([one.cells[[cell.column for cell in cells]].to_numpy()[0] for one in raw], dtype=object)
    judged = judge_rows(questionnaire, cells, Delivered(texts, np.array([0, 1]), [questionnaire.dialect] * 2))
    lines = quarantined_cells(raw, rows, cells, texts, judged, np.array([False, True]))
    first = {
        "survey_year": 2023,
        "delivery": 1,
        "file": "levering_v01.csv",
        "sheet": None,
        "source_row": 2,
        "source_column": "peuters",
        "municipality_code": "GM0363",
        "question_id": "R1",
        "original_text": "veel",
        "scope": "cell",
        "rule": "count_is_a_whole_number",
        "message": "'veel' is not a whole number",
        "is_resolved": True,
    }
    assert lines == [first, first | {"delivery": 2, "file": "levering_v02.csv", "is_resolved": False}]
