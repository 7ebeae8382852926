"""A municipality's own answers as a workbook (``answers.xlsx``): a sheet in Dutch and one in English.

Belongs here: that file. Does not belong here: its answers (``reading.py``), the same as CSV (``page.py``).

Made hundreds of times in a run, so taken over from the edition before where it says the same: it holds nothing of the
edition itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from assets.base.files import sha256_over
from assets.base.texts import LANGUAGES, Text
from assets.editions.files.sheets import NEVER_FROM_TEXT, Sheet, Styles, add_sheet, describe, say

_SHEET = Text("Antwoorden", "Answers")
_HEADS = (
    Text("Nummer", "Number"),
    Text("Vraag", "Question"),
    Text("Antwoord", "Answer"),
    Text("Aantal", "Count"),
    Text("Beantwoord", "Answered"),
)
_WIDTHS = (10, 68, 54, 12, 26)  # one page wide in print
_COUNTS = range(3, 4)  # the columns of numbers


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
            describe(book, *LANGUAGES, title=self.above[0].nl, created=always, comments=self.digest)
            styles = Styles(book)
            for language in LANGUAGES:
                title, *notes = (say(text, language) for text in self.above)
                sheet = add_sheet(styles, say(_SHEET, language), language, _WIDTHS, footer=f"&L{title}&R&P/&N")
                sheet.across(title, "title")
                for note in notes:
                    sheet.across(note, "mark")
                sheet.next()
                sheet.header([say(head, language) for head in _HEADS], _COUNTS)
                for answer in self.answers:
                    _write(sheet, answer)


def _digest_of(file: Path) -> str | None:
    try:
        with ZipFile(file) as parts:
            found = re.search("<dc:description>(.*?)</dc:description>", parts.read("docProps/core.xml").decode())
    except (OSError, BadZipFile, KeyError):
        return None
    return found[1] if found else None


def _write(sheet: Sheet, answer: OwnAnswer) -> None:
    texts = (answer.question_id, *(say(text, sheet.language) for text in (answer.wording, answer.chosen)))
    for column, text in enumerate(texts):
        sheet.text(column, text, "label")
    sheet.count(len(texts), answer.number)
    sheet.text(len(texts) + 1, say(answer.status, sheet.language), "remark")
    sheet.next()
