"""What a coder is given, and what is taken back.

A coder sees what was coded in earlier years, and the coder's own codes; never what another coder makes of the same
year: agreement between coders says something only while they work apart. Who settles sees what each coder gave.
Belongs here: the tasks, the checks of what comes back. Does not belong here: the workbook (``workbook.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from assets.answers.municipalities import municipalities_in_lake
from assets.base.errors import BadInput, shown
from assets.base.paths import DataPaths
from assets.coding.coded import SETTLED, CodedAnswer
from assets.coding.coding import Cell, Coding, disputed, open_answers
from assets.coding.frames import Frame
from assets.coding.suggestions import by_words, same_text, suggest
from assets.questionnaires.model import Question


class Task(NamedTuple):
    """An answer to be coded. ``hints``: what may help, by the name of its column. ``code``: as it is now, '' for
    none."""

    municipality_code: str
    municipality_name: str
    question: Question
    answer: str
    frame: Frame
    hints: Mapping[str, str]
    code: str


class Returned(NamedTuple):
    """A row that a coder sends back, with its place."""

    where: str
    municipality_code: str
    question_id: str
    answer: str
    code: str


def tasks_of(paths: DataPaths, coding: Coding, survey_year: int, coder: str) -> list[Task]:
    """All answers of a year that have a frame; for ``settled`` those that coders gave different codes. Raises BadInput
    like ``open_answers``."""
    answers = open_answers(paths, coding, survey_year)
    codes = coding.codes_that_hold(survey_year, answers)
    cells = disputed(codes) if coder == SETTLED else list(answers)
    questionnaire = coding.questionnaires[survey_year]
    names = municipalities_in_lake(paths.lake, questionnaire.register_date).names
    own = codes.get(coder, {})
    if coder == SETTLED:
        hints = {cell: {who: of.get(cell, "") for who, of in codes.items() if who != SETTLED} for cell in cells}
    else:
        hints = _hints(coding, survey_year, answers, own)
    return [
        Task(
            cell[0],
            names.get(cell[0], ""),
            questionnaire.question(cell[1]),
            answers[cell],
            coding.frame_of(survey_year, cell[1]),
            hints[cell],
            own.get(cell, ""),
        )
        for cell in cells
    ]


def _hints(
    coding: Coding, survey_year: int, answers: Mapping[Cell, str], own: Mapping[Cell, str]
) -> dict[Cell, dict[str, str]]:
    """The last code that the municipality was given in the same frame, and a code by repetition."""
    words = {
        frame.id: [(text, code.id) for code in frame.codes.values() for text in code.examples]
        for frame in coding.frames.values()
    }
    last: dict[tuple[str, str], str] = {}
    for (year, _), rows in sorted(coding.coded.items(), key=lambda one: (one[0][0], one[0][1] == SETTLED)):
        for answer in (row.content for row in rows if year < survey_year):
            frame = coding.frame_of(year, answer.question_id).id
            last[answer.municipality_code, frame] = answer.code
            words[frame].append((answer.text, answer.code))
    for cell, code in own.items():
        words[coding.frame_of(survey_year, cell[1]).id].append((answers[cell], code))
    known = {frame: by_words(coded) for frame, coded in words.items()}
    hints = {}
    for cell, text in answers.items():
        frame = coding.frame_of(survey_year, cell[1]).id
        found = suggest(text, known[frame])
        hints[cell] = {
            "last_code": last.get((cell[0], frame), ""),
            "suggestion": found.code if found else "",
            "likeness": str(found.likeness) if found else "",
        }
    return hints


def take_back(tasks: Iterable[Task], returned: Iterable[Returned], origin: str) -> list[CodedAnswer]:
    """The codes of what a coder sends back; a row without a code is not coded yet.

    Raises BadInput for the first row that is not a task, appears twice, has another answer or a code outside its frame,
    and for a task that did not come back.
    """
    waiting = {(task.municipality_code, task.question.id): task for task in tasks}
    expected = dict(waiting)
    coded = []
    for row in returned:
        cell = (row.municipality_code, row.question_id)
        if cell not in expected:
            remedy = "remove the row, or export the answers anew"
            raise BadInput(f"{' '.join(cell)} is not among the answers that are to be coded", row.where, remedy)
        task = waiting.pop(cell, None)
        if task is None:
            raise BadInput(f"{' '.join(cell)} appears a second time", row.where, "remove one of the two rows")
        if not same_text(row.answer, task.answer):
            raise BadInput(
                f"The answer reads {shown(row.answer)}, but {shown(task.answer)} is what was given",
                row.where,
                "put the answer back; if it was delivered anew since the export, export the answers anew",
            )
        if row.code and row.code not in task.frame.codes:
            raise BadInput(
                f"{shown(row.code)} is not a code of {task.frame.id}",
                row.where,
                f"choose one of {', '.join(task.frame.codes)}, or add a code to data/coding/frames",
            )
        if row.code:
            coded.append(CodedAnswer.model_validate(_line(task, row.code, origin)))
    if waiting:
        first = " ".join(next(iter(waiting)))
        what = f"{len(waiting)} of {len(expected)} answers did not come back; the first is {first}"
        raise BadInput(what, "the workbook", "put the rows back, without a code where there is none yet")
    return coded


def _line(task: Task, code: str, origin: str) -> dict[str, str]:
    return {
        "municipality_code": task.municipality_code,
        "question_id": task.question.id,
        "text": task.answer,
        "code": code,
        "origin": origin,
    }
