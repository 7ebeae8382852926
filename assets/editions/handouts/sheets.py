"""The workbooks among the handouts: one look, text that stays text, the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.editions.content.mark import mark_in_both_languages
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_AS_TEXT = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 13, "font_color": "#154273"},
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bottom_color": "#154273"},
    "text": {"text_wrap": True, "valign": "top", "quote_prefix": True},
    "cell": {"text_wrap": True, "valign": "top"},
    "mark": {"bold": True, "font_color": "#5c3d00", "bg_color": "#fff3d6"},
    "wrong": {"font_color": "#8a0f0f", "bg_color": "#fbdcdc"},
}


def new_workbook(file: Path, title: str, questionnaire: Questionnaire) -> Workbook:
    """A workbook that is dated by its questionnaire, and carries what its origin asks for."""
    from xlsxwriter import Workbook

    book = Workbook(str(file), {**_AS_TEXT, "in_memory": True})
    created = datetime.combine(questionnaire.register_date, time())
    book.set_properties({"title": title, "comments": mark_in_both_languages(questionnaire.origin), "created": created})
    return book


def style(book: Workbook, name: str, **more: Any) -> Format:
    """A format of the handouts."""
    return book.add_format({"font_name": "Arial", "font_size": 10, **STYLES[name], **more})


def add_sheet(
    book: Workbook, name: str, heads: Sequence[str], widths: Mapping[str, int], rows: Iterable[Sequence[str]]
) -> Worksheet:
    """A sheet with a title, a mark where there is one, and below them a table of texts; ``widths`` by column."""
    sheet = book.add_worksheet(name)
    text, head = style(book, "text"), style(book, "head")
    for row, (line, look) in enumerate(zip(heads, ("title", "mark"), strict=True)):
        if line:
            sheet.write_string(row, 0, line, style(book, look))
    top = len(heads) + 1
    for column, (title, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, title, head)
    for row, texts in enumerate(rows, top + 1):
        for column, value in enumerate(texts):
            if value:
                sheet.write_string(row, column, value, text)
    sheet.freeze_panes(top + 1, 1)
    return sheet
