"""All that has been coded, and what it is about: questionnaires, code frames, and every coder's codes.

Belongs here: reading them together, and the open answers of a year that are to be coded. Does not belong here: the form
in which coders get them (``workbook.py``), counting what was coded (``dbt_project``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assets.answers.cell_judgements import ANSWERED
from assets.answers.inputs import STAGE as ANSWERS_STAGE
from assets.answers.tables import ANSWERS
from assets.base.csv_rows import ModelRow
from assets.base.errors import BadInput
from assets.base.lake import read_table
from assets.base.paths import DataPaths
from assets.coding.coded import SETTLED, CodedAnswer, Coder, load_coded
from assets.coding.frames import Frame, load_frames
from assets.questionnaires.loader import load_questionnaires
from assets.questionnaires.model import Questionnaire

Cell = tuple[str, str]
"""The code of a municipality, and the id of a question."""


@dataclass(frozen=True)
class Coding:
    """``frames``: concept → its frame. ``coded``: the lines of every coder's file."""

    questionnaires: Mapping[int, Questionnaire]
    frames: Mapping[str, Frame]
    coded: Mapping[Coder, list[ModelRow[CodedAnswer]]]

    def frame_of(self, survey_year: int, question_id: str) -> Frame:
        """The frame that sums up a question; KeyError when it has none."""
        return self.frames[self.questionnaires[survey_year].question(question_id).concept]

    def codes_that_hold(self, survey_year: int, answers: Mapping[Cell, str]) -> dict[str, dict[Cell, str]]:
        """Coder → cell → code, of the answers that are still as they were when they were coded."""
        return {
            coder: {
                cell: row.content.code
                for row in rows
                if answers.get(cell := (row.content.municipality_code, row.content.question_id)) == row.content.text
            }
            for (year, coder), rows in self.coded.items()
            if year == survey_year
        }


def load_coding(paths: DataPaths) -> Coding:
    """Raises BadInput, with file, place and remedy, for the first thing that cannot be used."""
    questionnaires = load_questionnaires(paths.questionnaires)
    asked = {
        question.concept
        for questionnaire in questionnaires.values()
        for question in questionnaire.questions
        if question.answer_type == "text"
    }
    frames = load_frames(paths.coding, asked)
    return Coding(questionnaires, frames, load_coded(paths.coding, questionnaires, frames))


def open_answers(paths: DataPaths, coding: Coding, survey_year: int) -> dict[Cell, str]:
    """The answers of a year that a frame sums up, by question and municipality, as they are in the lake.

    Raises BadInput where the year does not exist or was not taken in as it is now.
    """
    questionnaire = coding.questionnaires.get(survey_year)
    if questionnaire is None:
        raise BadInput(f"There is no questionnaire of {survey_year}", str(paths.questionnaires), "mend the year")
    ANSWERS_STAGE.require(paths, [ANSWERS.name.split("/")[1]], str(survey_year))
    columns = ["municipality_code", "question_id", "status", "text", "is_current"]
    answers = read_table(ANSWERS.file(paths.lake, str(survey_year)), columns)
    answers = answers[answers["is_current"] & (answers["status"] == ANSWERED) & answers["text"].notna()]
    given = dict(
        zip(zip(answers["question_id"], answers["municipality_code"], strict=True), answers["text"], strict=True)
    )
    order = [question.id for question in questionnaire.questions if question.concept in coding.frames]
    cells = sorted((order.index(question), code, question) for question, code in given if question in order)
    return {(code, question): given[question, code] for _, code, question in cells}


def disputed(codes: Mapping[str, Mapping[Cell, str]]) -> list[Cell]:
    """The cells to which coders gave different codes, settled or not. ``codes``: coder → cell → code."""
    found: dict[Cell, set[str]] = {}
    for coder, of_coder in codes.items():
        for cell, code in of_coder.items():
            if coder != SETTLED:
                found.setdefault(cell, set()).add(code)
    return [cell for cell, different in found.items() if len(different) > 1]
