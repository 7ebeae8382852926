"""The report of a part of an edition: ``index.html``.

Belongs here: filling its template. Does not belong here: the words and the looks (its template), the numbers (dbt).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from assets.base.texts import Text, counted
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.files.lists import LISTS
from assets.editions.files.workbooks import workbook_path
from assets.editions.pages.explain.page import explanation_path
from assets.editions.pages.templating import rendered
from assets.editions.pictures.figures import figure_of

PAGE = "index.html"


def write_report(content: Content, stamp: Stamp, marts: Sequence[str], folder: Path) -> None:
    """``index.html`` of the part of an edition in ``folder``, where its other pages already are."""
    page = rendered(
        "pages/report/report.html.j2",
        content,
        stamp,
        marts=marts,
        pages={page.relative_to(folder).as_posix() for page in (*folder.glob("*.html"), *folder.glob("*/index.html"))},
        quality_lists=LISTS,
        codebook=sorted(file.relative_to(folder).as_posix() for file in folder.glob("codebook/*")),
        explanation_path=explanation_path,
        figure_of=figure_of,
        workbook_path=workbook_path,
        counted=_counted,
        signed=_signed,
    )
    (folder / PAGE).write_text(page, encoding="utf-8")


def _counted(count: int | None) -> Text:
    """A count with its thousands apart; empty for missing."""
    return Text("", "") if count is None else counted(count)


def _signed(points: Decimal) -> Text:
    """A change with its sign: +1,0 and −1,0."""
    written = f"{points:+.1f}".replace("-", "−")
    return Text(written.replace(".", ","), written)
