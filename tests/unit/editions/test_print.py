"""The reports as PDF: what a screen reader finds in their tags, what is on each page, and the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from pypdf import PdfReader

from assets.base.paths import PROJECT_DIR
from assets.base.texts import LANGUAGES, Language, Text
from assets.editions.content.imprint import imprint_of, load_publication
from assets.editions.content.mark import SYNTHETIC_MARK
from assets.editions.content.reading import read_content
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content, Report
from assets.editions.content.terms import LICENCE
from assets.editions.pictures.figures import figure_of
from assets.editions.print.printing import print_path, typeset, write_prints
from tests.unit.editions.edition_warehouse import Warehouse

pytestmark = pytest.mark.slow

OPEN = Stamp(2023, 2, datetime(2026, 11, 21, 12, tzinfo=UTC), None, 0)
PUBLICATION = load_publication(PROJECT_DIR / "data" / "publication.yaml")
STAMP = replace(
    OPEN, imprint=imprint_of(PUBLICATION, OPEN, "provisional", {"provisional": Text("Voorlopig", "Provisional")})
)
FACTS: dict[str, Any] = {
    "language": "nl",
    "title": "Rapport",
    "edition": "2023",
    "publisher": "Uitgever",
    "mark": None,
    "terms": "Vrij.",
    "is_provisional": False,
    "is_restricted": False,
    "imprint": [],
    "sources": [],
    "created": {"year": 2026, "month": 11, "day": 21, "hour": 12, "minute": 0, "second": 0},
}
TECHNICAL = """<html><main id="content"><section><h2>Respons</h2><p>Wie antwoordde.</p></section>
<section id="breakdowns"><h2>Alle uitsplitsingen</h2><p>Elke tabel.</p></section></main></html>"""


class Tag(NamedTuple):
    """A tag of a PDF, with its attributes, and the text of a heading."""

    kind: str
    scope: str
    alt: str
    text: str


def tags(pdf: bytes | Path) -> list[Tag]:
    """All tags in the order in which a screen reader comes by them."""
    root: Any = PdfReader(BytesIO(pdf) if isinstance(pdf, bytes) else pdf, strict=True).trailer["/Root"]
    return list(_tags(root["/StructTreeRoot"]["/K"]))


def _tags(node: Any) -> Iterator[Tag]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from _tags(one)
    elif isinstance(node, dict) and "/S" in node:
        scopes = [one["/Scope"] for one in node.get("/A", ()) if "/Scope" in one]
        yield Tag(node["/S"][1:], scopes[0][1:] if scopes else "", node.get("/Alt", ""), node.get("/T", ""))
        yield from _tags(node.get("/K", []))


def pages(pdf: Path) -> list[str]:
    """The text of each page, its lines made one."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(pdf).pages]


def letters(text: str) -> str:
    """A text as it is found however its lines break."""
    return re.sub(r"[\s\u00ad-]+", "", text)


@pytest.fixture(scope="module")
def content() -> Content:
    with duckdb.connect() as connection:
        Warehouse().create(connection)
        return read_content(connection, "main")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, content: Content) -> Path:
    made = tmp_path_factory.mktemp("public")
    for page in ("technical_report.html", "technical_report.en.html"):
        (made / page).write_text(TECHNICAL, encoding="utf-8")
    write_prints(content, STAMP, made, made)
    return made


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def report(content: Content) -> Report:
    return content.reports[0]


def test_each_report_and_the_technical_report_is_a_pdf_in_each_language(folder: Path, content: Content) -> None:
    names = [*(one.key for one in content.reports), "technical_report"]
    expected = {print_path(name, language) for name in names for language in LANGUAGES}
    assert {f"print/{file.name}" for file in (folder / "print").iterdir()} == expected


def test_the_same_edition_gives_the_same_bytes(folder: Path, content: Content, tmp_path: Path) -> None:
    write_prints(content, STAMP, tmp_path, tmp_path)
    for made in (tmp_path / "print").iterdir():
        assert made.read_bytes() == (folder / "print" / made.name).read_bytes(), made.name


def test_inside_the_public_files_are_linked(folder: Path, content: Content, tmp_path: Path) -> None:
    for _ in range(2):  # once more over what is there
        write_prints(content, STAMP, tmp_path, folder)
    for made in (folder / "print").iterdir():
        assert made.samefile(tmp_path / "print" / made.name)


class TestDocument:
    def test_it_says_what_it_is(self, folder: Path, report: Report, language: Language) -> None:
        reader = PdfReader(folder / print_path(report.key, language))
        root: Any = reader.trailer["/Root"]
        facts = reader.metadata
        assert facts is not None
        assert STAMP.imprint is not None
        assert (facts.title, facts.author) == (
            getattr(report.title, language),
            getattr(STAMP.imprint.publisher, language),
        )
        assert facts.creation_date == STAMP.created_at
        assert root["/Lang"] == language
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert b"<pdfuaid:part>1<" in root["/Metadata"].get_data()

    def test_the_mark_is_on_each_page_and_page_numbers_from_the_contents_on(
        self, folder: Path, report: Report, language: Language
    ) -> None:
        found = pages(folder / print_path(report.key, language))
        mark, of = getattr(SYNTHETIC_MARK, language), {"nl": "van", "en": "of"}[language]
        assert [page for page in found if mark not in page] == []
        assert [no for no, page in enumerate(found, 1) if f"{no} {of} {len(found)}" in page] == [
            *range(2, len(found) + 1)
        ]

    def test_the_cover_says_edition_and_status_and_the_last_page_who_publishes(
        self, folder: Path, report: Report, language: Language
    ) -> None:
        cover, *_, last = pages(folder / print_path(report.key, language))
        edition = {
            "nl": "2023, versie 2, 21 november 2026, voorlopig",
            "en": "2023, version 2, 21 November 2026, provisional",
        }[language]
        assert getattr(report.title, language) in cover
        assert edition in cover
        assert {"nl": "kunnen nog veranderen", "en": "may still change"}[language] in cover
        assert STAMP.imprint is not None
        for text in (STAMP.imprint.contact, getattr(STAMP.imprint.citation, language), LICENCE.path):
            assert letters(text) in letters(last)

    def test_what_is_not_public_says_its_terms_on_each_page(self, content: Content, tmp_path: Path) -> None:
        write_prints(content, replace(STAMP, terms=Text("Niet doorgeven.", "Do not pass on.")), tmp_path, tmp_path)
        found = pages(tmp_path / print_path(content.reports[0].key, "nl"))
        assert [page for page in found if "Niet doorgeven." not in page] == []
        assert LICENCE.path not in found[-1]

    def test_the_technical_report_leaves_breakdowns_to_the_screen(self, folder: Path, language: Language) -> None:
        text = " ".join(pages(folder / print_path("technical_report", language)))
        assert "Wie antwoordde." in text
        assert "Elke tabel." not in text
        assert "CSV (tables)" in text


class TestTags:
    def test_headings_are_in_order_and_none_is_empty(self, folder: Path) -> None:
        for pdf in (folder / "print").iterdir():
            found = tags(pdf)
            levels = [int(tag.kind[1]) for tag in found if re.fullmatch(r"H\d", tag.kind)]
            assert levels[0] == 1
            assert all(after <= before + 1 for before, after in pairwise(levels))
            follows = [(tag.text, after.kind) for tag, after in pairwise(found) if tag.kind == "H2"]
            assert [text for text, kind in follows if kind.startswith("H")] == []

    def test_each_table_and_figure_has_a_heading_and_its_tag(
        self, folder: Path, report: Report, language: Language
    ) -> None:
        found = tags(folder / print_path(report.key, language))
        headings = [tag.text for tag in found if tag.kind == "H2"]
        expected = [f"{getattr(one.label, language)}. {getattr(one.title, language)}" for one in report.tables]
        assert headings[: len(expected)] == expected
        assert sum(tag.kind == "Table" for tag in found) >= sum(one.kind == "table" for one in report.tables)

    def test_each_picture_has_its_values_in_words(self, folder: Path, report: Report, language: Language) -> None:
        drawn = [picture for one in report.tables if (picture := figure_of(one))]
        figures = [tag.alt for tag in tags(folder / print_path(report.key, language)) if tag.kind == "Figure"]
        assert len(figures) == len(drawn)
        for alt, picture in zip(figures, drawn, strict=True):
            assert alt.startswith(getattr(picture.kind, language))
            assert all(values in alt for values in picture.values(language))

    def test_each_number_is_printed(self, folder: Path, report: Report, language: Language) -> None:
        text = letters(" ".join(pages(folder / print_path(report.key, language))))
        cells = [cell for one in (*report.tables, *report.texts) for cell in one.cells.values()]
        assert [cell for cell in cells if letters(getattr(cell.printed, language)) not in text] == []

    # What is in a table of a page → kind and scope of each cell's tag.
    TABLES = (
        (
            "<thead><tr><td></td><th>A</th></tr></thead><tbody><tr><th scope='row'>r</th><td>1</td></tr></tbody>",
            ["TH Column", "TH Column", "TH Row", "TD "],
        ),
        (
            "<thead><tr><th>G</th><th>R</th><th>A</th></tr></thead><tbody>"
            "<tr><th scope='rowgroup' rowspan='2'>g</th><th scope='row'>r</th><td>1</td></tr>"
            "<tr><th scope='row'>s</th><td>2 &lt; 3</td></tr></tbody>",
            ["TH Column", "TH Column", "TH Column", "TH Row", "TH Row", "TD ", "TH Row", "TD "],
        ),
        (
            "<thead><tr><th rowspan='2'>R</th><th colspan='2'>AB</th></tr><tr><th>n</th><th>%</th></tr></thead>"
            "<tbody><tr><th scope='row'>r</th><td>1</td><td>2%</td></tr></tbody>",
            ["TH Column", "TH Column", "TH Column", "TH Column", "TH Row", "TD ", "TD "],
        ),
    )

    @pytest.mark.parametrize(("table", "expected"), TABLES)
    def test_a_cell_that_heads_is_a_header_with_its_scope(self, table: str, expected: list[str]) -> None:
        pdf = typeset(f"<main><h2>Kop</h2><table>{table}</table></main>", FACTS)
        assert [f"{tag.kind} {tag.scope}" for tag in tags(pdf) if tag.kind in ("TH", "TD")] == expected
        assert re.search(rb"/S/TD[^\n]*/Headers", pdf) is None
