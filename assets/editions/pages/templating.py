"""The pages of an edition, in Dutch and in English: each a file of its own, so that its title, labels and links are in
the language of its reader. The templates, and how they are filled in: whatever comes from data is escaped.

A template is named by its place below ``assets/editions``. It says ``t(text)`` or ``say(nl, en)`` for a text in the
language of the page, ``page(path)`` for the address of another page in it, and begins the path of a file with ``root``.

Belongs here: the environment and the frame that all pages share. Does not belong here: what a page holds (the module of
that page), words and looks (its template and style).
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.texts import LANGUAGES, Language, Text, file_in
from assets.editions.content.mark import Origin, mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.terms import LICENCE, sources_of

if TYPE_CHECKING:
    from jinja2 import Environment

EDITIONS = Path(__file__).parents[1]
STYLE = "style.css"
_LAYOUT = EDITIONS / "pages" / "layout" / "page.css"


@cache
def environment(language: Language) -> Environment:
    """Made once; a name that a template lacks is an error, never an empty place."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(EDITIONS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        language=language,
        t=partial(_in_language, language),
        say=lambda nl, en: nl if language == "nl" else en,
        page=partial(file_in, language),
        page_in=file_in,
    )
    return made


def write_page(folder: Path, path: str, template: str, origin: Origin, stamp: Stamp, **own: Any) -> None:
    """The page at ``path`` of the part of an edition in ``folder``, and the same in English."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        html = (
            environment(language)
            .get_template(template)
            .render(
                path=path,
                root="../" * path.count("/"),
                stamp=stamp,
                mark=mark_of(origin),
                licence=None if stamp.terms else LICENCE,
                sources=sources_of(origin),
                **own,
            )
        )
        (folder / file_in(language, path)).write_text(html, encoding="utf-8")


def write_style(folder: Path, *more: str) -> None:
    """The style that the pages of a part of an edition share, with ``more`` of it: files named as templates are."""
    styles = (_LAYOUT, *(EDITIONS / name for name in more))
    (folder / STYLE).write_text("".join(style.read_text(encoding="utf-8") for style in styles), encoding="utf-8")


def _in_language(language: Language, text: Text) -> str:
    """The text in the language of the page."""
    return str(getattr(text, language))
