"""A municipality's own answers as a workbook (``answers.xlsx``): a sheet in Dutch and one in English.

Belongs here: that file. Does not belong here: its answers (``reading.py``), the same as CSV (``page.py``).

Made hundreds of times in a run, so without the measured row heights of a report's workbook, and taken over from the
edition before where it says the same: it holds nothing of the edition itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from assets.base.files import sha256_over
from assets.base.texts import LANGUAGES, Language, Text
from assets.editions.files.sheets import NEVER_FROM_TEXT

_SHEET = Text("Antwoorden", "Answers")
_HEADS = (
    Text("Nummer", "Number"),
    Text("Vraag", "Question"),
    Text("Antwoord", "Answer"),
    Text("Aantal", "Count"),
    Text("Beantwoord", "Answered"),
)
_WIDTHS = (10, 80, 60, 12, 30)
_FIRST = 4
"""The row of the headings, from 0; above it are whose answers these are, the mark and the terms."""


class OwnAnswer(NamedTuple):
    """A question and what was answered."""

    question_id: str
    wording: Text
    chosen: Text
    number: int | None
    status: Text


@dataclass(frozen=True)
class AnswersWorkbook:
    """``above``: whose answers these are, and what is to be said of them, a line each."""

    above: Sequence[Text]
    answers: Sequence[OwnAnswer]

    @cached_property
    def digest(self) -> str:
        """What it is known by: it is among the file's properties."""
        return sha256_over([repr(self.above), repr(self.answers)])

    def save(self, file: Path, before: Path | None) -> None:
        """Writes the workbook, or takes over that of the edition before where it says the same."""
        if before and _digest_of(before) == self.digest:
            os.link(before, file)
        else:
            self._write(file)

    def _write(self, file: Path) -> None:
        from xlsxwriter import Workbook

        with Workbook(str(file), {**NEVER_FROM_TEXT, "in_memory": True}) as book:
            always = datetime(2000, 1, 1, tzinfo=UTC)  # the same bytes again
            book.set_properties({"title": self.above[0].nl, "created": always, "comments": self.digest})
            heading = book.add_format({"bold": True})
            wrapped = book.add_format({"text_wrap": True, "valign": "top"})
            for language in LANGUAGES:
                sheet = book.add_worksheet(getattr(_SHEET, language))
                for column, width in enumerate(_WIDTHS):
                    sheet.set_column(column, column, width, wrapped)
                for row, text in enumerate(self.above):
                    sheet.write_string(row, 0, getattr(text, language), heading)
                sheet.write_row(_FIRST, 0, [getattr(head, language) for head in _HEADS], heading)
                for row, answer in enumerate(self.answers, _FIRST + 1):
                    _write(sheet, row, answer, language)
                sheet.freeze_panes(_FIRST + 1, 0)
                sheet.repeat_rows(_FIRST)
                sheet.set_landscape()
                sheet.fit_to_pages(1, 0)


def _digest_of(file: Path) -> str | None:
    try:
        with ZipFile(file) as parts:
            found = re.search("<dc:description>(.*?)</dc:description>", parts.read("docProps/core.xml").decode())
    except (OSError, BadZipFile, KeyError):
        return None
    return found[1] if found else None


def _write(sheet: Any, row: int, answer: OwnAnswer, language: Language) -> None:
    texts = (answer.question_id, *(getattr(text, language) for text in (answer.wording, answer.chosen)))
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text)
    if answer.number is not None:
        sheet.write_number(row, len(texts), answer.number)
    sheet.write_string(row, len(texts) + 1, getattr(answer.status, language))
