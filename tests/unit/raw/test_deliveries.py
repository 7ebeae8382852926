"""Delivered files as a whole: the file that was registered, with the questionnaire's columns; and raw in the lake."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.base.errors import BadInput
from assets.base.files import sha256_of
from assets.base.lake import write_table
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import RawDelivery, take_in, take_in_one
from assets.raw.readers import CellNote
from assets.raw.store import DELIVERIES, delivered_rows, deliveries_of, raw_table, read_raw
from tests.conftest import delivery


def delivered(questionnaire: Questionnaire, folder: Path, columns: list[str] | None = None) -> Path:
    file = folder / "levering.csv"
    names = columns or questionnaire.columns
    file.write_text(";".join(names) + "\n" + ";".join("1" for _ in names) + "\n")
    return file


def test_a_registered_file_is_taken_in(questionnaire: Questionnaire, tmp_path: Path) -> None:
    file = delivered(questionnaire, tmp_path)
    registered = questionnaire.model_copy(update={"deliveries": (delivery(file, sha256=sha256_of(file)),)})

    [raw] = take_in(registered, tmp_path)

    assert (raw.survey_year, raw.file, raw.cells.shape) == (2023, file, (1, len(questionnaire.columns)))


def test_a_file_that_changed_after_it_was_accepted_is_refused(questionnaire: Questionnaire, tmp_path: Path) -> None:
    file = delivered(questionnaire, tmp_path)
    registered = questionnaire.model_copy(update={"deliveries": (delivery(file, sha256="1" * 64),)})
    with pytest.raises(BadInput, match="Delivery 1 of 2023 is not the file that was accepted"):
        take_in(registered, tmp_path)


def test_a_registered_file_that_is_gone_is_reported(questionnaire: Questionnaire, tmp_path: Path) -> None:
    registered = questionnaire.model_copy(update={"deliveries": (delivery(tmp_path / "weg.csv"),)})
    with pytest.raises(BadInput, match="The delivered file is not there"):
        take_in(registered, tmp_path)


def test_columns_may_be_in_any_order(questionnaire: Questionnaire, tmp_path: Path) -> None:
    file = delivered(questionnaire, tmp_path, questionnaire.columns[::-1])
    assert take_in_one(questionnaire, delivery(file), file).cells.shape == (1, len(questionnaire.columns))


def test_at_most_ten_columns_are_named(questionnaire: Questionnaire, tmp_path: Path) -> None:
    file = delivered(questionnaire, tmp_path, ["x", "y"])
    with pytest.raises(BadInput) as refused:
        take_in_one(questionnaire, delivery(file), file)
    assert refused.value.what.endswith("'peuters' and 3 more are missing; 'x', 'y' are not in the questionnaire")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_what_was_written_to_the_lake_is_read_back(
    questionnaire: Questionnaire, tmp_path: Path, texts: list[str]
) -> None:
    file = tmp_path / "levering.csv"
    columns = questionnaire.columns
    cells = pd.DataFrame(
        {column: pd.array(texts, dtype="str") for column in columns},
        index=pd.Index(range(7, 7 + len(texts)), name="source_row"),
    )
    registered = questionnaire.model_copy(update={"deliveries": (delivery(file),)})

    notes = {(7, columns[0]): CellNote("merged", "A7:A8"), (7, columns[1]): CellNote("formula")}
    table = raw_table([RawDelivery(2023, delivery(file), file, cells, notes)])
    assert deliveries_of(registered).misfits(table).empty
    write_table(table, DELIVERIES.file(tmp_path / "lake", "2023"))

    [read] = read_raw(tmp_path / "lake", registered, tmp_path)
    pd.testing.assert_frame_equal(read.cells, cells)
    assert read.cell_notes == notes
    assert (read.survey_year, read.file) == (2023, file)
    rows = delivered_rows([read])
    assert rows[["delivery", "source_row"]].to_numpy().tolist() == [[1, row] for row in cells.index]


def test_a_year_without_deliveries_has_no_rows(questionnaire: Questionnaire) -> None:
    assert raw_table([]).empty
    assert deliveries_of(questionnaire).misfits(raw_table([])).empty
    assert delivered_rows([]).empty
