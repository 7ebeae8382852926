"""Reads and writes ``data/coding/<survey_year>/<coder>.csv``: the code that a coder gave an open answer.

``settled.csv`` is what the coders settled where they differed. A line keeps the answer that was coded: where it has
changed since (a correction, a later delivery), the code no longer holds, and the answer counts as not coded yet.
Belongs here: the lines, and whether they can be used. Does not belong here: which code counts (``fct_open_answers``).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from assets.base.csv_rows import ModelRow, read_model_rows
from assets.base.errors import BadInput, shown
from assets.base.files import written_aside
from assets.base.models import Filled, MunicipalityCode, QuestionId, Slug, StrictModel
from assets.base.schemas import MUNICIPALITY_CODE, QUESTION_ID, SURVEY_YEAR, LakeTable, name, one_of, place, text
from assets.coding.frames import Frame
from assets.questionnaires.model import Origin, Questionnaire

if TYPE_CHECKING:
    import pandas as pd

SETTLED = "settled"
CODED = LakeTable(
    "coding/coded",
    "One row per open answer and coder, in the order of the files of data/coding.",
    {
        "survey_year": SURVEY_YEAR,
        "coder": name(f"Who coded it; {SETTLED}: what the coders settled where they differed."),
        "line": place("Line of the answer in the coder's file."),
        "municipality_code": MUNICIPALITY_CODE,
        "question_id": QUESTION_ID,
        "text": text("The answer that was coded."),
        "code": name("The code that it was given."),
        "origin": one_of("Whether the answer is real or was generated.", get_args(Origin)),
    },
    key=("survey_year", "coder", "municipality_code", "question_id"),
)


class CodedAnswer(StrictModel):
    """One line of a file. ``text`` is the answer as it was when it was coded."""

    municipality_code: MunicipalityCode
    question_id: QuestionId
    text: Filled
    code: Slug
    origin: Origin


Coder = tuple[int, str]
"""A survey year, and who coded its answers."""


def coded_files(coding_dir: Path) -> list[Path]:
    """The files with coded answers, by survey year and coder."""
    return sorted(coding_dir.glob("[0-9][0-9][0-9][0-9]/*.csv"))


def load_coded(
    coding_dir: Path, questionnaires: Mapping[int, Questionnaire], frames: Mapping[str, Frame]
) -> dict[Coder, list[ModelRow[CodedAnswer]]]:
    """The lines of every file. Raises BadInput, with file, line and remedy, for the first that cannot be used."""
    return {
        (int(file.parent.name), file.stem): _read(file, questionnaires.get(int(file.parent.name)), frames)
        for file in coded_files(coding_dir)
    }


def coded_table(coded: Mapping[Coder, list[ModelRow[CodedAnswer]]]) -> pd.DataFrame:
    """``CODED``."""
    return CODED.frame(
        {"survey_year": survey_year, "coder": coder, "line": row.line, **row.content.model_dump()}
        for (survey_year, coder), rows in coded.items()
        for row in rows
    )


def checked_coder(name: str, where: str) -> str:
    """A coder's name, which is that of a file and of a column. Raises BadInput for another."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        remedy = "use lower-case letters, digits and underscores, and begin with a letter"
        raise BadInput(f"{shown(name)} cannot name a coder", where, remedy)
    return name


def write_coded(file: Path, answers: Iterable[CodedAnswer]) -> None:
    """Writes a coder's file in one move; everything between quotes, as an answer can hold any line end."""
    with written_aside(file) as aside, aside.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.DictWriter(stream, list(CodedAnswer.model_fields), lineterminator="\n", quoting=csv.QUOTE_ALL)
        lines.writeheader()
        lines.writerows(answer.model_dump() for answer in answers)


def _read(file: Path, questionnaire: Questionnaire | None, frames: Mapping[str, Frame]) -> list[ModelRow[CodedAnswer]]:
    if questionnaire is None:
        raise BadInput(f"There is no questionnaire of {file.parent.name}", str(file), "mend the name of the folder")
    checked_coder(file.stem, str(file))
    concepts = {question.id: question.concept for question in questionnaire.questions}
    rows = list(read_model_rows(file, CodedAnswer, "file with coded answers", "'lea code import' writes it"))
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        answer = row.content
        frame = frames.get(concepts.get(answer.question_id, ""))
        if frame is None:
            what = f"{answer.question_id} has no code frame in survey year {questionnaire.survey_year}"
            raise BadInput(what, row.where, "remove the line, or add a frame to data/coding/frames")
        if answer.code not in frame.codes:
            raise BadInput(
                f"{shown(answer.code)} is not a code of {frame.id}", row.where, f"write one of {', '.join(frame.codes)}"
            )
        if (first := seen.setdefault((answer.municipality_code, answer.question_id), row.line)) != row.line:
            what = f"{answer.municipality_code} {answer.question_id} is coded twice (line {first} too)"
            raise BadInput(what, row.where, "remove one of the two lines")
    return rows
