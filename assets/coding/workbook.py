"""The workbook in which a coder works: a row per answer with a drop-down list of the codes of its frame.

Belongs here: writing and reading it. Does not belong here: which answers are in it, and whether what comes back can be
used (``tasks.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.errors import BadInput
from assets.base.files import written_aside
from assets.coding.frames import Frame
from assets.coding.tasks import Returned, Task
from assets.raw.apart import read_apart
from assets.raw.workbook import read_sheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

ANSWERS, CODES = "answers", "codes"
_FIXED = ("municipality_code", "municipality_name", "question_id", "question", "answer")
_CODE = "code"
_HEADER_ROW = 3
_WIDTHS = {"municipality_name": 24, "question": 44, "answer": 60, _CODE: 34}
_APART = " | "
_AS_TEXT = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)


def write_workbook(file: Path, title: str, note: str, tasks: Sequence[Task]) -> None:
    """``title`` is in the first row, ``note`` (what marks synthetic answers) in the second. ``tasks``: at least one, in
    the order of their questions."""
    from xlsxwriter import Workbook

    with written_aside(file) as aside, Workbook(str(aside), _AS_TEXT) as book:
        answers, codes = book.add_worksheet(ANSWERS), book.add_worksheet(CODES)
        _write_answers(book, answers, [title, note], tasks, _write_codes(book, codes, tasks))


def read_workbook(file: Path) -> list[Returned]:
    """The rows of the sheet with answers. Raises BadInput when it is no such workbook."""
    texts = read_apart(read_sheet, file, ANSWERS).texts
    columns = {text: column for (row, column), text in texts.items() if row == _HEADER_ROW}
    if lacking := [name for name in (*_FIXED, _CODE) if name not in columns]:
        raise BadInput(
            f"The sheet {ANSWERS} lacks the columns {', '.join(lacking)}",
            f"{file.name}, row {_HEADER_ROW}",
            "hand in the workbook that 'lea code export' wrote",
        )
    given = ("municipality_code", "question_id", "answer", _CODE)
    found = []
    for row in sorted({row for row, _ in texts if row > _HEADER_ROW}):
        code, question, answer, choice = (texts.get((row, columns[name]), "").strip() for name in given)
        where = f"{file.name}, sheet {ANSWERS}, row {row}"
        found.append(Returned(where, code, question, answer, choice.split(_APART)[0]))
    return found


def _choice(frame: Frame, code: str) -> str:
    return f"{code}{_APART}{frame.codes[code].label.nl}"


def _write_codes(book: Workbook, sheet: Worksheet, tasks: Sequence[Task]) -> dict[str, str]:
    """The frames of these tasks; gives the range of each frame's choices."""
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (name, width) in enumerate({"frame": 24, "code": 34, "belongs": 60, "examples": 80}.items()):
        sheet.set_column(column, column, width, wrapped)
        sheet.write_string(0, column, name, bold)
    ranges, row = {}, 1
    for frame in {task.frame.id: task.frame for task in tasks}.values():
        ranges[frame.id] = f"={CODES}!$B${row + 1}:$B${row + len(frame.codes)}"
        for code in frame.codes.values():
            texts = (frame.id, _choice(frame, code.id), code.belongs.nl, " · ".join(code.examples))
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text)
            row += 1
    return ranges


def _write_answers(
    book: Workbook, sheet: Worksheet, heads: Sequence[str], tasks: Sequence[Task], ranges: dict[str, str]
) -> None:
    style: dict[str, Any] = {"text_wrap": True, "valign": "top", "quote_prefix": True}
    bold, wrapped = book.add_format({"bold": True}), book.add_format(style)
    columns = [*_FIXED, *tasks[0].hints, _CODE]
    for row, text in enumerate(heads):
        sheet.write_string(row, 0, text, bold)
    for column, name in enumerate(columns):
        sheet.set_column(column, column, _WIDTHS.get(name, 18), wrapped)
        sheet.write_string(_HEADER_ROW - 1, column, name, bold)
    sheet.freeze_panes(_HEADER_ROW, 0)
    for row, task in enumerate(tasks, _HEADER_ROW):
        who = (task.municipality_code, task.municipality_name)
        code = _choice(task.frame, task.code) if task.code else ""
        texts = (*who, task.question.id, task.question.wording.nl, task.answer, *task.hints.values(), code)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, wrapped)
    rows = enumerate(tasks, _HEADER_ROW)
    for frame, block in groupby(rows, key=lambda one: one[1].frame.id):
        places = [row for row, _ in block]
        last = len(columns) - 1
        sheet.data_validation(places[0], last, places[-1], last, {"validate": "list", "source": ranges[frame]})
