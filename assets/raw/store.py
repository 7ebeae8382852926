"""Raw in the lake: every delivered cell as text, one Parquet file a delivery, with where it came from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from assets.lake import read_table, write_table
from assets.questionnaires.model import Delivery, Questionnaire
from assets.raw.deliveries import RawDelivery


def write_raw(lake: Path, raw: RawDelivery) -> None:
    """Writes a delivery's cells: source_row and one text column a delivered column."""
    frame = raw.cells.reset_index()
    source = {"file": raw.file.name, "sha256": raw.delivery.sha256, "survey_year": str(raw.survey_year)}
    write_table(frame, _file(lake, raw.survey_year, raw.delivery), source)


def read_raw(lake: Path, questionnaire: Questionnaire, delivery: Delivery, folder: Path) -> RawDelivery:
    """A delivery as it was written by ``write_raw``."""
    frame = read_table(_file(lake, questionnaire.survey_year, delivery))
    return RawDelivery(questionnaire.survey_year, delivery, folder / delivery.path, frame.set_index("source_row"))


def delivered_rows(lake: Path, questionnaire: Questionnaire) -> pd.DataFrame:
    """The delivered rows of a survey year: delivery, source_row."""
    frames = []
    for delivery in questionnaire.deliveries:
        rows = read_table(_file(lake, questionnaire.survey_year, delivery), columns=["source_row"])
        frames.append(rows.assign(delivery=delivery.number))
    return (
        pd.concat(frames, ignore_index=True)
        if frames
        else pd.DataFrame({"source_row": [], "delivery": []}, dtype="int64")
    )


def _file(lake: Path, survey_year: int, delivery: Delivery) -> Path:
    return lake / "raw" / str(survey_year) / f"delivery_{delivery.number}.parquet"
