"""The pages of an edition on paper, as a browser prints them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow

PAGES = (
    *("public/index.html", "public/index.en.html", "public/technical_report.html", "public/reconciliation.html"),
    *("public/explain/landelijk2023/tabel_1_2.html", "internal/quality.html", "internal/supervision.html"),
)
# Headings that no text follows before the next of their level.
EMPTY_HEADINGS = """() => {
    const isShown = (node) => node.getClientRects().length > 0 && node.getBoundingClientRect().height > 1;
    const empty = [], open = [];
    const close = (level) => {
        while (open.length && open.at(-1).level >= level) {
            const last = open.pop();
            if (last.isEmpty) { empty.push(last.text); }
        }
    };
    const shown = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT;
    const nodes = document.createTreeWalker(document.querySelector("main"), shown);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
        if (/^H[1-6]$/.test(node.tagName) && isShown(node)) {
            close(Number(node.tagName[1]));
            open.push({ level: Number(node.tagName[1]), text: node.textContent.trim(), isEmpty: true });
        } else if (node.nodeType === Node.TEXT_NODE && node.textContent.trim()
                && !node.parentElement.closest("h1,h2,h3,h4,h5,h6") && isShown(node.parentElement)) {
            for (const one of open) { one.isEmpty = false; }
        }
    }
    close(0);
    return empty;
}"""
HEADINGS = "() => [...document.querySelectorAll('h2, h3, h4')].map((heading) => heading.textContent)"


@pytest.mark.parametrize("path", PAGES)
def test_a_printed_page_has_numbers_and_no_empty_or_stranded_heading(
    page: Page, ran: tuple[Installation, str], path: str
) -> None:
    page.goto(((ran[0].editions / "latest").resolve() / path).as_uri())
    page.emulate_media(media="print")
    assert page.evaluate(EMPTY_HEADINGS) == []
    headings = {_letters(heading) for heading in page.evaluate(HEADINGS)}
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    for no, sheet in enumerate(sheets, 1):
        *_, last, number = [line for line in sheet.extract_text(extraction_mode="layout").splitlines() if line.strip()]
        assert _letters(number) == f"{no}/{len(sheets)}"
        assert _letters(last) not in headings


def _letters(text: str) -> str:
    return re.sub(r"\s+", "", text)
