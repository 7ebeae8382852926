"""The page of an edition: one HTML file that needs nothing from elsewhere.

Belongs here: filling the template. Does not belong here: the words and the looks (``templates/``), the numbers (dbt).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assets.editions.content import Content
from assets.editions.drawing import Language, figure_path
from assets.editions.mark import Text, mark_of
from assets.editions.stamp import Stamp
from assets.editions.terms import LICENCE, sources_of

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def render_page(content: Content, stamp: Stamp, marts: Sequence[str], folder: Path) -> str:
    """The HTML of the edition in ``folder``, where its figures already are. Every text from data is escaped."""
    from markupsafe import Markup

    def inline(table_id: str, language: Language) -> Markup:
        svg = (folder / figure_path(table_id, language, "svg")).read_text(encoding="utf-8")
        drawing = svg[svg.index("<svg") :]
        return Markup(re.sub(r"\s*<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL))

    return (
        _environment()
        .get_template("edition.html.j2")
        .render(
            content=content,
            stamp=stamp,
            marts=marts,
            mark=mark_of(content.origin),
            licence=LICENCE,
            sources=sources_of(content.origin),
            inline=inline,
            figure_path=figure_path,
            counted=_counted,
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _counted(count: int | None) -> Text:
    """A count with its thousands apart: 53.257 in Dutch, 53,257 in English; empty for missing."""
    if count is None:
        return Text("", "")
    return Text(f"{count:,}".replace(",", "."), f"{count:,}")
