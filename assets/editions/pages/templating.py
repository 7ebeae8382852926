"""The templates of an edition, and how they are filled in: whatever comes from data is escaped.

A template is named by its place below ``assets/editions``.

Belongs here: the environment that all templates share. Does not belong here: what a page holds (the module of that
page), words and looks (its template and style).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.editions.content.mark import mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.content.terms import LICENCE, sources_of

if TYPE_CHECKING:
    from jinja2 import Environment

EDITIONS = Path(__file__).parents[1]


@cache
def environment() -> Environment:
    """Made once; a name that a template lacks is an error, never an empty place."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(EDITIONS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
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
            licence=None if stamp.terms else LICENCE,
            sources=sources_of(content.origin),
            **own,
        )
    )
