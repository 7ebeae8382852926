"""The pages of an edition: HTML files that need nothing from elsewhere.

Belongs here: filling the templates. Does not belong here: the words and the looks (its template), the numbers (dbt).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assets.base.texts import Text, counted
from assets.editions.content.mark import mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.symbols import SYMBOLS
from assets.editions.content.tables import Content
from assets.editions.content.terms import LICENCE, sources_of
from assets.editions.files.lists import LISTS
from assets.editions.files.workbooks import workbook_path
from assets.editions.pages.explain.page import explanation_path
from assets.editions.pages.reconciliation.page import reconciled
from assets.editions.pages.templating import environment
from assets.editions.pictures.figures import figure_of


def render_page(content: Content, stamp: Stamp, marts: Sequence[str], folder: Path) -> str:
    """The HTML of the edition in ``folder``, where its other pages already are."""
    return rendered(
        "pages/report/report.html.j2",
        content,
        stamp,
        marts=marts,
        pages={page.relative_to(folder).as_posix() for page in (*folder.glob("*.html"), *folder.glob("*/index.html"))},
        quality_lists=LISTS,
        symbols=SYMBOLS,
        explanation_path=explanation_path,
        figure_of=figure_of,
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
