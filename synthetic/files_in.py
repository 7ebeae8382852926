"""Reads delivered files back, with plain readers and nothing of the pipeline, so that the verifier checks what was written.

Belongs here: file → ``Responses``. Does not belong here: judging bad deliveries (that is the pipeline's work).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyreadstat
from openpyxl import load_workbook

from assets.questionnaires.dialect import plain_text
from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import Delivery, Question, Questionnaire
from synthetic.figures import Survey
from synthetic.municipalities import SURVEY_YEARS, load_registers
from synthetic.responses import Missing, Response, Responses, Row, is_asked
from synthetic.supervision import load_supervision, read_cases

Table = list[dict[str, str]]


def read_survey(data_dir: Path, deliveries_dir: Path | None = None, only: Iterable[int] = SURVEY_YEARS) -> Survey:
    """All deliveries and cases of all years (from another folder, if named), the newest row of each code."""
    registers = load_registers(data_dir / "registers")
    questionnaires = {year: load_questionnaire(data_dir / "questionnaires" / str(year)) for year in only}
    responses = {}
    for year, questionnaire in questionnaires.items():
        folder = (deliveries_dir or data_dir / "questionnaires") / str(year)
        responses[year] = read_deliveries(questionnaire, folder)
    folder = deliveries_dir or data_dir
    supervision = load_supervision(data_dir / "risk", questionnaires, registers.registered)
    cases = {year: read_cases(folder / "supervision" / f"{year}.csv") for year in questionnaires}
    supervision = replace(supervision, cases=cases)
    return Survey(questionnaires, responses, registers.categories, registers.changed_territory, supervision)


def read_deliveries(questionnaire: Questionnaire, folder: Path) -> Responses:
    """The answers of one year; a later delivery replaces a municipality's whole row."""
    responses: Responses = {}
    for delivery in questionnaire.deliveries:
        for record in read_table(folder / delivery.path, delivery):
            responses[record[questionnaire.key_columns.municipality_code]] = _row(questionnaire, record)
    return dict(sorted(responses.items()))


def read_table(file: Path, delivery: Delivery) -> Table:
    """The rows as text by column name, '' where nothing stands."""
    if delivery.format == "csv":
        with file.open(encoding=delivery.encoding, newline="") as stream:
            return list(csv.DictReader(stream, delimiter=delivery.delimiter))
    if delivery.format == "sav":
        frame, _ = pyreadstat.read_sav(str(file), user_missing=True)
        return [dict(zip(frame.columns, map(_text, record), strict=True)) for record in frame.itertuples(index=False)]
    sheet = load_workbook(file, read_only=True)[delivery.sheet or ""]
    header, *rows = sheet.iter_rows(min_row=delivery.header_row, values_only=True)
    return [dict(zip(map(_text, header), map(_text, row), strict=True)) for row in rows]


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _row(questionnaire: Questionnaire, record: dict[str, str]) -> Row:
    row: Row = {}
    missing = {
        code: Missing(status) for code, status in questionnaire.missing.by_code().items() if status != "not_asked"
    }
    not_asked = set(questionnaire.missing.not_asked)
    for question in questionnaire.questions:
        cells = [record[column] for column, _ in question.cells]
        asked = is_asked(question.routing, row)
        if all(cell == "" or cell in not_asked for cell in cells):
            if asked:
                row[question.id] = Missing.NO_ANSWER
        elif plain_text(cells[0]) in missing:
            row[question.id] = missing[plain_text(cells[0])]
        else:
            row[question.id] = _response(question, cells)
    return row


def _response(question: Question, cells: list[str]) -> Response:
    if question.answer_type == "multiple":
        return tuple(code for cell, (_, code) in zip(cells, question.cells, strict=True) if cell == "1" and code)
    if question.answer_type == "count":
        return int(re.sub(r"[.,]0$", "", cells[0]))
    return cells[0]
