"""How an edition looks: pictures of every type of page, of every sheet, and of every page of its PDF, and what can be
told from them: nothing cut, nothing over another, nothing too small.

``LEA_PICTURES=<folder>`` keeps the pictures there, to be looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from assets.base.texts import LANGUAGES
from tests.paper import faults_of_pages
from tests.ui.edition import HEADINGS, OPEN_ALL, in_language

pytestmark = pytest.mark.long

REPORTS = ("jaarrapport2023", "landelijk2023", "thema2022")
PARTS = ("public", "internal")
# A workbook of each kind; GM0344 stands for all municipalities.
WORKBOOKS = [
    *(f"{part}/workbooks/{report}_{language}.xlsx" for part in PARTS for report in REPORTS for language in LANGUAGES),
    "public/codebook/codebook_2023.xlsx",
    "municipalities/GM0344/answers.xlsx",
]
PRINTS = [f"{name}_{language}.pdf" for name in (*REPORTS, "technical_report") for language in LANGUAGES]
LEAST_ON_PAPER = 5.9  # points: a note of 9 points on the widest sheet
TALLEST = 8_000  # pixels of a page in its picture

# The texts of a page that are over another one, but for those within drawings (tests/drawings.py), those for screen
# readers alone, and what stays in its place while the page moves.
TEXTS_OVER_OTHERS = """() => {
    const shown = [], nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
        const parent = node.parentElement;
        if (!node.textContent.trim() || !parent.checkVisibility()
            || parent.closest("svg, style, script, .unseen, .skip, .banner, .to-contents, nav, option")) { continue; }
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) { if (box.width > 1) { shown.push({ node, box }); } }
    }
    shown.sort((a, b) => a.box.top - b.box.top);
    const found = [];
    shown.forEach((one, no) => {
        for (let next = no + 1; next < shown.length && shown[next].box.top < one.box.bottom - 5; next += 1) {
            const other = shown[next];
            const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
            if (one.node !== other.node && wide > 2) {
                found.push(`'${one.node.textContent.trim()}' and '${other.node.textContent.trim()}'`);
            }
        }
    });
    return found;
}"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where they are left."""
    folder = Path(os.environ.get("LEA_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HEADINGS)
def test_no_text_of_a_page_is_over_another(
    page: Page, addresses: dict[str, str], pictures: Path, name: str, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(in_language(addresses[name], language))
    tall = page.evaluate("() => document.documentElement.scrollHeight")
    shot = pictures / f"{name.replace('/', '-').removesuffix('.html')}-{language}-{width}.png"
    page.screenshot(path=shot, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST)})
    assert page.evaluate(TEXTS_OVER_OTHERS) == []
    page.evaluate(OPEN_ALL)
    assert page.evaluate(TEXTS_OVER_OTHERS) == []


@pytest.fixture(scope="module")
def on_paper(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each workbook as LibreOffice prints it, a PDF."""
    if not (shutil.which("soffice") and shutil.which("pdftotext")):
        pytest.skip("sheets are rendered by LibreOffice and poppler: 'apt-get install libreoffice-calc poppler-utils'")
    folder = tmp_path_factory.mktemp("sheets")
    named = {path: folder / f"{path.replace('/', '-')}" for path in WORKBOOKS}
    for path, copy in named.items():
        shutil.copyfile(edition / path, copy)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, named.values())], check=True, capture_output=True)
    return {path: copy.with_suffix(".pdf") for path, copy in named.items()}


@pytest.mark.parametrize("path", WORKBOOKS)
def test_every_sheet_can_be_read_on_paper(on_paper: dict[str, Path], pictures: Path, path: str) -> None:
    assert faults_of_pages(on_paper[path], pictures, LEAST_ON_PAPER) == []


@pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="pages are rendered by poppler: 'apt-get install poppler-utils'"
)
@pytest.mark.parametrize("name", PRINTS)
def test_every_page_of_a_report_in_print_can_be_read(edition: Path, pictures: Path, name: str) -> None:
    assert faults_of_pages(edition / "public" / "print" / name, pictures, 7) == []
