"""Every type of page, in both languages, with what can be folded closed and open: axe finds nothing against WCAG 2.2 (A
and AA), nothing against best practice, and no contrast that it cannot decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assets.base.texts import LANGUAGES
from tests.drawings import CONTRAST, contrast
from tests.ui.edition import HEADINGS, in_language

pytestmark = pytest.mark.slow

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations", "incomplete"], "preload": False}
# What is behind a letter of an SVG axe cannot tell: tests/drawings.py computes it, for every picture.
PARTS = {"exclude": [["svg text"]]}
# Rows, list items, tables and folds of a kind are made alike: the first of each stand for the rest, which would take
# minutes.
KEEP_THE_FIRST = """() => {
    const seen = new Map();
    for (const one of document.querySelectorAll("tr, li, article, .scroll, section")) {
        const alike = `${one.tagName}.${one.className}`, counts = seen.get(one.parentElement) ?? {};
        counts[alike] = (counts[alike] ?? 0) + 1;
        seen.set(one.parentElement, counts);
        if (counts[alike] > (one.tagName === "SECTION" ? 12 : 6)) { one.remove(); }
    }
}"""
# The colour of an element's letters and of the ground behind them; null where that is no one colour.
COLOURS = """(element) => {
    const two = (part) => Number(part).toString(16).padStart(2, "0");
    const hex = (colour) => colour.match(/\\d+/g).slice(0, 3).map(two).join("");
    const letters = hex(getComputedStyle(element).color);
    for (let one = element; one; one = one.parentElement) {
        const { backgroundColor: ground, backgroundImage: image } = getComputedStyle(one);
        if (image !== "none") { return null; }
        if (ground.startsWith("rgb(")) { return [`#${letters}`, `#${hex(ground)}`]; }
    }
    return [`#${letters}`, "#ffffff"];
}"""
WITHOUT_CAPTION = """() => [...document.querySelectorAll("table")]
    .filter((table) => !table.caption || !table.caption.textContent.trim())
    .map((table) => table.outerHTML.slice(0, 200))"""
# The names of links by which one gets to several places.
LEADING_ELSEWHERE = """() => {
    const places = {};
    for (const link of document.querySelectorAll("a[href]")) {
        const name = (link.ariaLabel ?? link.textContent).replace(/\\s+/g, " ").trim();
        (places[name] ??= new Set()).add(link.href);
    }
    return Object.keys(places).filter((name) => !name || places[name].size > 1);
}"""
FOLD = "(isOpen) => document.querySelectorAll('details').forEach((fold) => { fold.open = isOpen; })"
FOLDED = {"closed": False, "opened": True}


def findings(page: Page) -> dict[str, list[str]]:
    """Rule that the page breaks, or of which nobody can tell → the elements."""
    found: dict[str, list[dict[str, Any]]] = Axe().run(page, PARTS, OPTIONS).response
    broken = {one["id"]: [node["html"] for node in one["nodes"]] for one in found["violations"]}
    for one in found["incomplete"]:
        if undecided := [node["html"] for node in one["nodes"] if not (_spans_rows(node) and _is_legible(page, node))]:
            broken.setdefault(one["id"], []).extend(undecided)
    return broken


def _spans_rows(node: dict[str, Any]) -> bool:
    """Whether axe takes the next row for something over the cell."""
    return "rowspan=" in node["html"] and [check["data"]["messageKey"] for check in node["any"]] == ["bgOverlap"]


def _is_legible(page: Page, node: dict[str, Any]) -> bool:
    colours = page.locator(node["target"][0]).evaluate(COLOURS)
    return bool(colours) and contrast(*colours) >= CONTRAST


@pytest.mark.parametrize("folded", FOLDED)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HEADINGS)
def test_a_page_can_be_used_without_seeing_hearing_or_a_mouse(
    page: Page, addresses: dict[str, str], name: str, language: str, folded: str
) -> None:
    page.goto(in_language(addresses[name], language))
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.evaluate(KEEP_THE_FIRST)
    page.evaluate(FOLD, FOLDED[folded])
    assert findings(page) == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HEADINGS)
def test_a_table_has_a_caption_and_a_link_says_where_it_leads(
    page: Page, addresses: dict[str, str], name: str, language: str
) -> None:
    page.goto(in_language(addresses[name], language))
    assert page.evaluate(WITHOUT_CAPTION) == []
    assert page.evaluate(LEADING_ELSEWHERE) == []


def test_a_table_without_a_caption_and_a_link_of_many_places_are_seen(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    csv = "<a href='{}.csv' aria-label='CSV'>CSV</a>"
    file.write_text(f"<table><tr><td>1</table>{csv.format('a')}{csv.format('a')}{csv.format('b')}", encoding="utf-8")
    page.goto(file.as_uri())
    assert page.evaluate(WITHOUT_CAPTION) == ["<table><tbody><tr><td>1</td></tr></tbody></table>"]
    assert page.evaluate(LEADING_ELSEWHERE) == ["CSV"]


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<p style='color:#bbb'>bleek", "color-contrast"),
        ("<p style='background:linear-gradient(#000, #fff)'>op een verloop", "color-contrast"),
        ("<h4>een kop te diep</h4>", "heading-order"),
        ("<table><tr><th rowspan='2' style='color:#bbb'>bleek<td>1<tr><td>2</table>", "color-contrast"),
    ],
)
def test_what_is_wrong_is_seen(page: Page, tmp_path: Path, markup: str, rule: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<html lang='nl'><title>t</title><main><h1>t</h1>{markup}</main>", encoding="utf-8")
    page.goto(file.as_uri())
    assert set(findings(page)) == {rule}
