"""The reports of a part of an edition and its technical report as PDF: ``print/``.

Belongs here: what of which page is printed, and what its cover says. Does not belong here: the words of a report
(``report.html.j2``, and the page of the technical report), how it looks (``layout.typ``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.texts import LANGUAGES, Language, Text
from assets.base.texts import file_in
from assets.editions.content.mark import mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content, Report
from assets.editions.content.terms import sources_of, terms_in_words
from assets.editions.pages.reconciliation.page import figures_at_odds
from assets.editions.pages.records import in_language
from assets.editions.pages.technical_report.page import PAGE as TECHNICAL_REPORT
from assets.editions.pages.templating import environment
from assets.editions.pictures.figures import figure_of
from assets.editions.pictures.lettering import FONTS
from assets.editions.print.tagging import tag_row_headings

if TYPE_CHECKING:
    from typst import Compiler

PRINT = "print"
_LAYOUT = Path(__file__).parent / "layout.typ"
_MAIN = re.compile(r"<main.*</main>", re.DOTALL)
_DRAWING = re.compile(r'<svg [^>]*?class="(\w+)".*?<desc[^>]*>(.*?)</desc>.*?</svg>', re.DOTALL)
_TECHNICAL = Text("Technisch rapport bij de vragenlijst van {}", "Technical report on the questionnaire of {}")


def print_path(report: str, language: Language) -> str:
    """``print/<report>_nl.pdf`` in Dutch, ``print/<report>_en.pdf`` in English."""
    return f"{PRINT}/{report}_{language}.pdf"


def write_prints(content: Content, stamp: Stamp, folder: Path) -> None:
    """A PDF for each report and language in the part of an edition in ``folder``, and of its technical report, where
    that has a page; the same edition gives the same bytes."""
    (folder / PRINT).mkdir(exist_ok=True)
    at_odds = figures_at_odds(content)
    for language in LANGUAGES:
        for report in content.reports:
            template = environment(language).get_template("print/report.html.j2")
            page = template.render(
                report=report, content=content, mark=mark_of(content.origin), at_odds=at_odds, figure_of=figure_of
            )
            pdf = typeset(page, _facts(content, stamp, report.title, language))
            (folder / print_path(report.key, language)).write_bytes(pdf)
        page_of = folder / file_in(language, TECHNICAL_REPORT)
        if page_of.is_file():
            title = Text(*(words.format(stamp.survey_year) for words in _TECHNICAL))
            pdf = typeset(page_of.read_text(encoding="utf-8"), _facts(content, stamp, title, language))
            (folder / print_path(page_of.stem.split(".")[0], language)).write_bytes(pdf)


def typeset(page: str, facts: dict[str, Any]) -> bytes:
    """The ``<main>`` of a page as PDF, with its wide drawings. ``facts``: what ``layout.typ`` shows around it."""
    drawings: list[dict[str, str]] = []

    def set_apart(drawing: re.Match[str]) -> str:
        if drawing[1] == "narrow":
            return ""
        drawings.append({"svg": drawing[0], "alt": unescape(drawing[2])})
        return f'<img no="{len(drawings) - 1}"/>'

    [main] = _MAIN.findall(page)
    main = _DRAWING.sub(set_apart, main)
    pdf = _compiler().compile(
        sys_inputs={"facts": json.dumps({**facts, "drawings": drawings}), "content": main},
        format="pdf",
        pdf_standards=["1.7", "ua-1"],
    )
    assert isinstance(pdf, bytes)
    return tag_row_headings(pdf)


@cache
def _compiler() -> Compiler:
    """Made once; it has our own fonts and no others."""
    from typst import Compiler, Fonts

    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS[0].parent)])
    return Compiler(str(_LAYOUT), root=str(_LAYOUT.parent), font_paths=fonts)


def _facts(content: Content, stamp: Stamp, title: Text, language: Language) -> dict[str, Any]:
    imprint = stamp.imprint
    edition = Text(
        *(f"{stamp.survey_year}, {word} {stamp.version}, {made}" for word, made in zip(("versie", "version"), stamp.date))
    )
    if imprint and imprint.status:
        edition = Text(*(f"{of}, {status.lower()}" for of, status in zip(edition, imprint.status)))
    said = [
        (Text("Uitgever", "Publisher"), imprint.publisher),
        (Text("Vragen", "Questions"), Text(imprint.contact, imprint.contact)),
        (Text("Citeer als", "Cite as"), imprint.citation),
        (Text("Volgende uitgave", "Next release"), imprint.next_release),
    ] if imprint else []
    at = stamp.created_at
    return {
        **in_language(language, {
            "title": title,
            "edition": edition,
            "publisher": imprint.publisher if imprint else Text("", ""),
            "mark": mark_of(content.origin),
            "description": mark_of(content.origin),
            "terms": terms_in_words(stamp.terms),
            "who": Text("Alleen binnen de inspectie", "Within the inspectorate only")}),
        "language": language,
        "is_provisional": bool(imprint and imprint.is_provisional),
        "is_restricted": stamp.terms is not None,
        "imprint": [[getattr(what, language), getattr(words, language)] for what, words in said if words],
        "sources": [{"path": one.path, "title": getattr(one.title, language)} for one in sources_of(content.origin)],
        "created": {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")},
    }
