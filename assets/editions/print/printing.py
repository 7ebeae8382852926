"""The reports of a part of an edition and its technical report as PDF: ``print/``.

Belongs here: which page is printed, and what its cover and its last page say of the edition. Does not belong here: the
words of a report (``report.html.j2``, and the page of the technical report), how it looks (``layout.typ``).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.texts import LANGUAGES, Language, Text, file_in
from assets.editions.content.mark import mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
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
_DRAWING = re.compile(r'<svg [^>]*class="(wide|narrow)".*?<desc[^>]*>(.*?)</desc>.*?</svg>', re.DOTALL)
_TECHNICAL_REPORT = Text("Technisch rapport bij de vragenlijst van {}", "Technical report on the questionnaire of {}")
# Two thirds of the page, and of the time to set it: who wants these numbers wants to search or compute.
_BREAKDOWNS = re.compile(r'(<section id="breakdowns".*?</h2>).*?(</section>)', re.DOTALL)
_ON_SCREEN = Text(
    "De uitsplitsingen van elke tabel en figuur staan op het scherm (technical_report.html), in Excel (workbooks) en "
    "als CSV (tables).",
    "The breakdowns of each table and figure are on the screen (technical_report.en.html), in Excel (workbooks) and as "
    "CSV (tables).",
)


class Printed(NamedTuple):
    """What becomes a PDF: the name of its file, its title, and its page in the language."""

    name: str
    title: Text
    page: str


def print_path(name: str, language: Language) -> str:
    """``print/<report>_nl.pdf`` in Dutch, ``print/<report>_en.pdf`` in English."""
    return f"{PRINT}/{name}_{language}.pdf"


def write_prints(content: Content, stamp: Stamp, folder: Path, public: Path) -> None:
    """A PDF for each report and language in the part of an edition in ``folder``, and one for its technical report,
    whose page is already there. What goes to print is public: where the ``public`` part has its PDFs, these are linked.
    The same edition gives the same bytes."""
    rmtree(folder / PRINT, ignore_errors=True)
    (folder / PRINT).mkdir()
    for made in (found := list((public / PRINT).glob("*.pdf"))):
        os.link(made, folder / PRINT / made.name)
    for language in LANGUAGES if not found else ():
        for one in _printed(content, stamp, folder, language):
            pdf = typeset(one.page, _facts(content, stamp, one.title, language))
            (folder / print_path(one.name, language)).write_bytes(pdf)


def typeset(page: str, facts: dict[str, Any]) -> bytes:
    """The ``<main>`` of a page as PDF, with its wide drawings. ``facts``: what ``layout.typ`` says around it."""
    drawings: list[dict[str, str]] = []

    def set_apart(drawing: re.Match[str]) -> str:
        if drawing[1] == "narrow":
            return ""
        drawings.append({"svg": drawing[0], "alt": unescape(drawing[2])})
        return f'<img no="{len(drawings) - 1}"/>'

    [main] = _MAIN.findall(page)
    without = _DRAWING.sub(set_apart, main)
    inputs = {"content": without, "facts": json.dumps({**facts, "drawings": drawings})}
    pdf = _compiler().compile(sys_inputs=inputs, format="pdf", pdf_standards=["1.7", "ua-1"])
    assert isinstance(pdf, bytes)
    return tag_row_headings(pdf)


@cache
def _compiler() -> Compiler:
    """Made once; it has our own fonts and no others."""
    from typst import Compiler, Fonts

    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS[0].parent)])
    return Compiler(str(_LAYOUT), root=str(_LAYOUT.parent), font_paths=fonts)


def _printed(content: Content, stamp: Stamp, folder: Path, language: Language) -> Iterator[Printed]:
    template = environment(language).get_template("print/report.html.j2")
    shared = {"content": content, "mark": mark_of(content.origin), "at_odds": figures_at_odds(content)}
    for report in content.reports:
        yield Printed(report.key, report.title, template.render(report=report, figure_of=figure_of, **shared))
    page = folder / file_in(language, TECHNICAL_REPORT)
    if page.is_file():
        title = Text(*(words.format(stamp.survey_year) for words in _TECHNICAL_REPORT))
        text = _BREAKDOWNS.sub(rf"\1<p>{getattr(_ON_SCREEN, language)}</p>\2", page.read_text(encoding="utf-8"))
        yield Printed(Path(TECHNICAL_REPORT).stem, title, text)


def _facts(content: Content, stamp: Stamp, title: Text, language: Language) -> dict[str, Any]:
    at, imprint = stamp.created_at, stamp.imprint
    texts = {
        "title": title,
        "edition": _edition(stamp),
        "publisher": imprint.publisher if imprint else Text("", ""),
        "mark": mark_of(content.origin),
        "terms": terms_in_words(stamp.terms),
    }
    return {
        **in_language(language, texts),
        "language": language,
        "is_provisional": bool(imprint and imprint.is_provisional),
        "is_restricted": stamp.terms is not None,
        "imprint": [[getattr(text, language) for text in line] for line in _imprint(stamp)],
        "sources": [in_language(language, source._asdict()) for source in sources_of(content.origin)],
        "created": {name: getattr(at, name) for name in ("year", "month", "day", "hour", "minute", "second")},
    }


def _edition(stamp: Stamp) -> Text:
    status = stamp.imprint.status if stamp.imprint else None
    nl, en = (f", {words[0].lower()}{words[1:]}" for words in status) if status else ("", "")
    return Text(
        f"LEA/vve-monitor {stamp.survey_year}, versie {stamp.version}, {stamp.date.nl}{nl}",
        f"LEA/vve monitor {stamp.survey_year}, version {stamp.version}, {stamp.date.en}{en}",
    )


def _imprint(stamp: Stamp) -> list[tuple[Text, Text]]:
    """What the last page says of who publishes, and what each of it is."""
    if not (imprint := stamp.imprint):
        return []
    lines = [
        (Text("Uitgever", "Publisher"), imprint.publisher),
        (Text("Vragen", "Questions"), Text(imprint.contact, imprint.contact)),
        (Text("Citeer als", "Cite as"), imprint.citation),
        (Text("Volgende uitgave", "Next release"), imprint.next_release),
    ]
    return [(what, words) for what, words in lines if words]
