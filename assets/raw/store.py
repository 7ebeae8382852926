"""Raw in the lake: every delivered cell as text, one Parquet file per delivery, with where it came from."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from assets.base.lake import read_table, write_table
from assets.base.made_of import MadeOf, as_metadata
from assets.questionnaires.model import Delivery, Questionnaire
from assets.raw.deliveries import RawDelivery
from assets.raw.readers import CellNote


def write_raw(lake: Path, raw: RawDelivery, made: MadeOf) -> None:
    """Writes a delivery's cells: source_row, one text column per delivered column, and ``cell_notes`` (per row JSON:
    column → what is particular about its cell; empty where nothing is). ``made``: what it is made of."""
    notes: dict[int, dict[str, CellNote]] = {}
    for (row, column), note in raw.cell_notes.items():
        notes.setdefault(row, {})[column] = note
    texts = [json.dumps(notes[row], ensure_ascii=False) if row in notes else "" for row in raw.cells.index]
    frame = raw.cells.reset_index().assign(cell_notes=pd.Series(texts, dtype="str"))
    source = {"file": raw.file.name, "sha256": raw.delivery.sha256, "survey_year": str(raw.survey_year)}
    write_table(frame, _file(lake, raw.survey_year, raw.delivery), {**source, **as_metadata(made)})


def read_raw(lake: Path, questionnaire: Questionnaire, delivery: Delivery, folder: Path) -> RawDelivery:
    """A delivery as it was written by ``write_raw``."""
    frame = read_table(_file(lake, questionnaire.survey_year, delivery))
    frame = frame.set_index("source_row")
    texts = frame.pop("cell_notes") if "cell_notes" in frame else pd.Series(dtype="str")
    notes = {
        (row, column): CellNote(*note)
        for row, text in zip(texts.index.tolist(), texts.tolist(), strict=True)
        if text
        for column, note in json.loads(text).items()
    }
    return RawDelivery(questionnaire.survey_year, delivery, folder / delivery.path, frame, notes)


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
