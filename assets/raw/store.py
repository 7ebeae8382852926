"""Raw in the lake: every delivered cell as text, one Parquet file per survey year, with where it came from.

Belongs here: deliveries as a table, and back. Does not belong here: which files are taken in (``deliveries.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from assets.base.lake import read_table
from assets.base.schemas import SURVEY_YEAR, LakeTable, ValueRule, any_text, is_one_of, one_of, place, repeated, text
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import RawDelivery
from assets.raw.readers import CellNote, NoteKind

if TYPE_CHECKING:
    import pandas as pd

DELIVERIES = LakeTable(
    "raw/deliveries",
    "Every delivered cell of a survey year as text, with delivery, row and column. A file with other columns than its "
    "questionnaire's is refused whole, naming them.",
    {
        "survey_year": SURVEY_YEAR,
        "delivery": place("Number of the delivery."),
        "source_row": place("Row in the file, as its sender sees it."),
        "source_column": repeated(text("Column in the file.")),
        "text": any_text("What is in the cell, '' where there is nothing."),
        "note": repeated(one_of("What is particular about the cell.", get_args(NoteKind), nullable=True)),
        "note_detail": repeated(any_text("Of a merged cell: the range that it is part of.", nullable=True)),
    },
    key=("survey_year", "delivery", "source_row", "source_column"),
)
_PLACE = ["delivery", "source_row"]


def deliveries_of(questionnaire: Questionnaire) -> LakeTable:
    """``DELIVERIES`` of one survey year: its deliveries, and columns that its questionnaire or a dialect names."""
    numbers = [delivery.number for delivery in questionnaire.deliveries]
    dialects = [questionnaire.dialect_of(delivery) for delivery in questionnaire.deliveries]
    known = set(questionnaire.columns)
    return DELIVERIES.narrowed(
        {
            "survey_year": is_one_of(questionnaire.survey_year),
            "delivery": is_one_of(*numbers, words="is the number of an accepted delivery"),
            "source_column": ValueRule(
                "is a column of the questionnaire or of its dialect",
                lambda columns: columns.map(lambda one: one in known or any(d.is_unused(one) for d in dialects)).astype(
                    bool
                ),
            ),
        }
    )


def raw_table(taken: Sequence[RawDelivery]) -> pd.DataFrame:
    """The cells of a year's deliveries, as ``DELIVERIES``: row by row, each row in the order of the file's columns."""
    import pandas as pd

    parts = [_long(delivery) for delivery in taken]
    return (pd.concat(parts, ignore_index=True) if parts else DELIVERIES.frame()).astype(DELIVERIES.dtypes)


def read_raw(lake: Path, questionnaire: Questionnaire, folder: Path) -> list[RawDelivery]:
    """A year's deliveries as they were taken in, in order."""
    cells = read_table(DELIVERIES.file(lake, str(questionnaire.survey_year)))
    return [
        RawDelivery(questionnaire.survey_year, delivery, folder / delivery.path, *_wide(cells[own]))
        for delivery in questionnaire.deliveries
        for own in [cells["delivery"] == delivery.number]
    ]


def delivered_rows(raw: Sequence[RawDelivery]) -> pd.DataFrame:
    """The delivered rows of a survey year: delivery, source_row."""
    import pandas as pd

    rows = [(delivery.delivery.number, row) for delivery in raw for row in delivery.cells.index]
    return pd.DataFrame(rows, columns=_PLACE, dtype="int64")


def _long(raw: RawDelivery) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    cells = raw.cells
    notes = np.full((*cells.shape, 2), None, dtype=object)
    for (row, column), note in raw.cell_notes.items():
        notes[cells.index.get_loc(row), cells.columns.get_loc(column)] = note
    return pd.DataFrame(
        {
            "survey_year": raw.survey_year,
            "delivery": raw.delivery.number,
            "source_row": np.repeat(cells.index, len(cells.columns)),
            "source_column": np.tile(cells.columns, len(cells)),
            "text": cells.to_numpy(dtype=object).ravel(),
            "note": notes[:, :, 0].ravel(),
            "note_detail": notes[:, :, 1].ravel(),
        }
    )


def _wide(long: pd.DataFrame) -> tuple[pd.DataFrame, dict[tuple[int, str], CellNote]]:
    """The cells and notes of a delivery."""
    import pandas as pd

    rows = pd.Index(long["source_row"].unique(), dtype="int64", name="source_row")
    columns = pd.Index(long["source_column"].unique(), dtype="str")
    texts = long["text"].to_numpy(dtype=object).reshape(len(rows), len(columns))
    noted = long.loc[long["note"].notna(), ["source_row", "source_column", "note", "note_detail"]]
    notes = {(row, column): CellNote(*note) for row, column, *note in noted.itertuples(index=False, name=None)}
    return pd.DataFrame(texts, rows, columns, dtype="str"), notes
