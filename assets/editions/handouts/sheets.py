"""The workbooks among the handouts: one look, text that stays text, the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.texts import LANGUAGES
from assets.editions.content.mark import mark_in_both_languages
from assets.editions.files.sheets import NEVER_FROM_TEXT, Styles, add_sheet, describe
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 13, "font_color": "#154273"},
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bottom_color": "#154273"},
    "cell": {"text_wrap": True, "valign": "top"},
    "wrong": {"font_color": "#8a0f0f", "bg_color": "#fbdcdc"},
}


def new_workbook(file: Path, title: str, questionnaire: Questionnaire) -> Workbook:
    """A workbook that is dated by its questionnaire, and carries what its origin asks for."""
    from xlsxwriter import Workbook

    book = Workbook(str(file), {**NEVER_FROM_TEXT, "in_memory": True})
    created = datetime.combine(questionnaire.register_date, time())
    describe(book, *LANGUAGES, title=title, comments=mark_in_both_languages(questionnaire.origin), created=created)
    return book


def style(book: Workbook, name: str, **more: Any) -> Format:
    """A format of the handouts."""
    return book.add_format({"font_name": "Arial", "font_size": 10, **STYLES[name], **more})


def add_list(
    styles: Styles, name: str, heads: Sequence[str], widths: Mapping[str, int], rows: Iterable[Sequence[str]]
) -> None:
    """A sheet with a title, a mark where there is one, and below them a table of texts; ``widths`` by column."""
    title, mark = heads
    sheet = add_sheet(styles, name, "nl", [*widths.values()], footer=f"&L{mark[:200]}&R&P/&N", kept=2)
    sheet.across(title, "title")
    sheet.across(mark, "mark" if mark else "text", skip=1)
    sheet.header([*widths], range(0))
    for texts in rows:
        sheet.line(*texts, style="label")
