"""The pages of an edition: HTML files that need nothing from elsewhere.

Belongs here: filling the templates. Does not belong here: the words and the looks (its template), the numbers (dbt).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.texts import Language, Text, counted
from assets.editions.content.mark import mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.symbols import SYMBOLS
from assets.editions.content.tables import Content, ReportTable
from assets.editions.content.terms import LICENCE, sources_of
from assets.editions.files.lists import LISTS
from assets.editions.files.workbooks import workbook_path
from assets.editions.pages.explain.page import explanation_path
from assets.editions.pages.reconciliation.page import reconciled
from assets.editions.pages.templating import environment
from assets.editions.pictures.charts import figure_path

if TYPE_CHECKING:
    from markupsafe import Markup


def render_page(content: Content, stamp: Stamp, marts: Sequence[str], folder: Path) -> str:
    """The HTML of the edition in ``folder``, where its figures already are."""

    def inline(table: ReportTable, language: Language) -> Markup:
        return drawing_in(folder / figure_path(table, language, "svg"))

    return rendered(
        "pages/report/report.html.j2",
        content,
        stamp,
        marts=marts,
        pages={page.relative_to(folder).as_posix() for page in (*folder.glob("*.html"), *folder.glob("*/index.html"))},
        quality_lists=LISTS,
        symbols=SYMBOLS,
        inline=inline,
        explanation_path=explanation_path,
        figure_path=figure_path,
        workbook_path=workbook_path,
        counted=_counted,
    )


def render_reconciliation(content: Content, stamp: Stamp) -> str:
    """The HTML that holds every printed figure beside the computed one."""
    return rendered(
        "pages/reconciliation/reconciliation.html.j2",
        content,
        stamp,
        reports=reconciled(content),
        statuses=content.labels["reconciliation"],
    )


def drawing_in(svg_file: Path) -> Markup:
    """The drawing of an SVG file of ours, to be placed in a page."""
    from markupsafe import Markup

    svg = svg_file.read_text(encoding="utf-8")
    drawing = re.sub(r"\s*<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    return Markup(drawing)  # noqa: S704  it was drawn here


def rendered(template: str, content: Content, stamp: Stamp, **own: Any) -> str:
    """A page in the layout that all share. Every text from data is escaped."""
    return (
        environment()
        .get_template(template)
        .render(
            content=content,
            stamp=stamp,
            mark=mark_of(content.origin),
            licence=LICENCE,
            sources=sources_of(content.origin),
            **own,
        )
    )


def _counted(count: int | None) -> Text:
    """A count with its thousands apart; empty for missing."""
    return Text("", "") if count is None else counted(count)
