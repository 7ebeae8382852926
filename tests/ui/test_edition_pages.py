"""The published edition as its readers meet it: its pages opened as files in a browser, with mouse, keyboard and small
screen."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assets.base.texts import LANGUAGES
from assets.editions.content.mark import SYNTHETIC_MARK
from tests.ui.conftest import guarded
from tests.ui.edition import HEADINGS, OPEN_ALL, Contact, contact_of, in_language

pytestmark = pytest.mark.slow

every_page = pytest.mark.parametrize("name", HEADINGS)
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Of every table wider than the screen: whether its own region can be scrolled, also by keyboard.
WIDE_TABLES = """() => [...document.querySelectorAll("table")]
    .filter((table) => table.getBoundingClientRect().width > document.documentElement.clientWidth)
    .map((table) => table.closest(":is([role=region], [role=group])[tabindex='0']"))
    .map((region) => {
        if (region) { region.scrollLeft = 50; }
        return region !== null && region.scrollLeft > 0;
    })"""

# Of every drawing that is shown: the texts that are smaller than 9 pixels, cut off by its edge, or over another.
FAULTS_OF_DRAWINGS = """() => [...document.querySelectorAll(".drawing svg")]
    .filter((svg) => svg.getClientRects().length)
    .flatMap((svg) => {
        const edge = svg.getBoundingClientRect(), scale = edge.width / svg.viewBox.baseVal.width;
        const all = [...svg.querySelectorAll("text")].map((text) => ({ text: text.textContent,
            box: text.getBoundingClientRect(), size: parseFloat(getComputedStyle(text).fontSize) }));
        const over = (a, b, low, high) => Math.min(a[high], b[high]) - Math.max(a[low], b[low]) > 0.5;
        const wrong = ({ box, size }, no) => size * scale < 9 || box.left < edge.left - 1 || box.right > edge.right + 1
            || box.top < edge.top - 1 || box.bottom > edge.bottom + 1
            || all.slice(no + 1).some((b) => over(box, b.box, "left", "right") && over(box, b.box, "top", "bottom"));
        return all.length ? all.filter(wrong).map(({ text }) => text) : ["a drawing without texts"];
    })"""


@pytest.fixture(scope="module")
def contact(marts: duckdb.DuckDBPyConnection) -> Contact:
    return contact_of(marts)


def choose(page: Page, language: str) -> None:
    page.get_by_role("list", name="Taal / Language").get_by_role("link", name=language, exact=True).click()


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name).first


def expect_language(page: Page, language: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)


class TestEveryPage:
    @every_page
    def test_it_is_dutch_until_english_is_chosen_and_says_that_it_is_synthetic(
        self, page: Page, addresses: dict[str, str], name: str
    ) -> None:
        page.goto(addresses[name])
        for language, other, label in (("nl", "en", None), ("en", "nl", "English"), ("nl", "en", "Nederlands")):
            if label:
                choose(page, label)
            expect_language(page, language)
            expect(heading(page, getattr(HEADINGS[name], language))).to_be_visible()
            expect(heading(page, getattr(HEADINGS[name], other))).to_have_count(0)
            expect(page.get_by_role("note")).to_contain_text(getattr(SYNTHETIC_MARK, language), use_inner_text=True)
            page.mouse.wheel(0, 3000)
            expect(page.get_by_role("note")).to_be_in_viewport(ratio=1)

    @every_page
    def test_it_fits_a_telephone_and_only_its_tables_move_sideways(
        self, page: Page, addresses: dict[str, str], name: str
    ) -> None:
        page.set_viewport_size({"width": 390, "height": 800})
        for language in LANGUAGES:
            page.goto(in_language(addresses[name], language))
            assert page.evaluate(WIDER_THAN_THE_SCREEN) == 0
            page.evaluate(OPEN_ALL)
            assert page.evaluate(WIDER_THAN_THE_SCREEN) == 0
            assert all(page.evaluate(WIDE_TABLES))

    @every_page
    @pytest.mark.parametrize("width", [320, 390, 768, 1280])
    def test_every_drawing_is_legible(self, page: Page, addresses: dict[str, str], name: str, width: int) -> None:
        page.set_viewport_size({"width": width, "height": 800})
        for language in LANGUAGES:
            page.goto(in_language(addresses[name], language))
            assert page.evaluate(FAULTS_OF_DRAWINGS) == []


class TestGuards:
    def test_an_outside_image_and_an_error_are_seen(self, browser: Browser, tmp_path: Path) -> None:
        file = tmp_path / "page.html"
        file.write_text("<img src='https://example.org/pixel.png'><script>undefined.name</script>", encoding="utf-8")
        with guarded(browser) as (page, guard):
            page.goto(file.as_uri())
        assert guard.outside == ["https://example.org/pixel.png"]
        assert any("Cannot read properties of undefined" in error for error in guard.errors)
        assert any("ERR_NAME_NOT_RESOLVED" in error for error in guard.errors)

    def test_wide_tables_are_seen(self, page: Page, addresses: dict[str, str]) -> None:
        page.set_viewport_size({"width": 320, "height": 800})
        page.goto(addresses["internal/explain/landelijk2023/tabel_1_2.html"])
        page.evaluate(OPEN_ALL)
        assert True in page.evaluate(WIDE_TABLES)
        page.evaluate("() => document.querySelectorAll('.scroll').forEach((region) => region.removeAttribute('role'))")
        assert False in page.evaluate(WIDE_TABLES)


class TestReaders:
    def test_from_supervision_to_a_municipality_that_is_contacted(
        self, page: Page, addresses: dict[str, str], contact: Contact, marts: duckdb.DuckDBPyConnection
    ) -> None:
        page.goto(addresses["internal/index.html"])
        page.get_by_role("link", name=re.compile("^Toezicht")).click()
        expect(heading(page, "Risicoanalyse en toezicht")).to_be_visible()
        page.get_by_role("region", name="Contactgemeenten").get_by_role("link", name=contact.name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(contact.name)
        signals = marts.execute(
            "select label_nl from fct_risk_signals inner join dim_risk_rule using (rule)"
            " where survey_year = 2023 and signal = 'triggered' and municipality_code = ?",
            [contact.code],
        ).fetchall()
        for (label,) in signals:
            expect(page.locator("#risks").get_by_text(label)).to_be_visible()

    def test_from_a_number_to_what_it_rests_on_and_back_in_english(self, page: Page, addresses: dict[str, str]) -> None:
        page.goto(addresses["internal/index.html"])
        choose(page, "English")
        page.get_by_role("link", name="Breakdown and basis of Table 1.2").click()
        number = page.get_by_role("region", name="What each number rests on").get_by_role("row").nth(1)
        printed = number.get_by_role("cell").first.inner_text()
        number.get_by_role("link").click()
        expect(heading(page, "what each number rests on")).to_be_visible()
        expect_language(page, "en")
        explained = page.locator("article:target")
        expect(explained).to_be_in_viewport()
        expect(explained.get_by_role("heading")).to_contain_text(printed, use_inner_text=True)
        page.locator("header .name").get_by_role("link").click()
        expect(page.locator("#landelijk2023-tabel_1_2")).to_be_in_viewport()
        expect_language(page, "en")

    def test_the_chosen_language_goes_along_to_every_next_page(
        self, page: Page, addresses: dict[str, str], contact: Contact
    ) -> None:
        page.goto(addresses["internal/index.html"])
        choose(page, "English")
        page.get_by_role("link", name="Dossiers All there is of each municipality").click()
        page.get_by_role("link", name=contact.name, exact=True).click()
        page.get_by_role("link", name="All answers", exact=True).click()
        expect(page).to_have_url(re.compile(rf"/internal/dossiers/{contact.code}\.en\.html#answers$"))
        choose(page, "Nederlands")
        page.get_by_role("link", name="Alle dossiers").click()
        page.get_by_role("link", name="De editie").click()
        expect(page).to_have_url(addresses["internal/index.html"])
        expect_language(page, "nl")

    def test_a_municipality_is_found_by_a_part_of_its_name(self, page: Page, addresses: dict[str, str]) -> None:
        page.goto(addresses["internal/dossiers/index.html"])
        page.get_by_label("Zoek op naam, provincie of code").fill("sudwest")
        expect(page.locator("#list").get_by_role("link")).to_have_text(["Súdwest-Fryslân"])

    def test_by_keyboard_to_the_content_and_to_another_language(self, page: Page, addresses: dict[str, str]) -> None:
        page.goto(addresses["internal/index.html"])
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Naar de inhoud")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="English")).to_be_focused()
        page.keyboard.press("Enter")
        expect_language(page, "en")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("main:target")).to_be_in_viewport()
        page.keyboard.press("Tab")
        expect(page.locator("main :focus")).to_be_visible()

    @pytest.mark.parametrize("part", ["public", "internal"])
    def test_the_report_is_light_until_something_is_opened(
        self, page: Page, addresses: dict[str, str], part: str
    ) -> None:
        for language in LANGUAGES:
            page.goto(in_language(addresses[f"{part}/index.html"], language))
            assert page.evaluate("() => document.querySelectorAll('*').length") < 5_000

    def test_the_contents_stay_in_reach(self, page: Page, addresses: dict[str, str]) -> None:
        page.goto(f"{addresses['public/index.html']}#downloads")
        expect(page.get_by_role("navigation", name="Inhoud")).to_be_in_viewport()
        page.set_viewport_size({"width": 390, "height": 800})
        page.get_by_role("link", name="Inhoud", exact=True).click()
        expect(page.get_by_role("heading", name="Inhoud")).to_be_in_viewport()


class Links:
    """What a page links to, and the ids that others can link to.

    Quotes in texts are escaped in our pages, so quotes tell attributes; a parser of HTML would take ten times as long.
    """

    ATTRIBUTE = re.compile(r'\s(id|href|xlink:href|src)="([^"]*)"')
    FROM_ELSEWHERE = re.compile(r'<(\w+)[^<>]*\s(?:href|xlink:href|src|srcset|data)="(?:\w+:)?//')

    def __init__(self, file: Path) -> None:
        page = file.read_text(encoding="utf-8")
        found = [(name, unescape(value)) for name, value in self.ATTRIBUTE.findall(page)]
        self.ids = {value for name, value in found if name == "id"}
        self.leads_to = {value for name, value in found if name != "id"}
        self.elements_from_elsewhere = set(self.FROM_ELSEWHERE.findall(page))


PARTS = ("public", "internal", "municipalities")


@pytest.mark.parametrize("part", PARTS)
def test_every_link_of_a_part_leads_to_a_file_and_to_a_place_in_it(edition: Path, part: str) -> None:
    """Within itself: a part is whole wherever it is taken, and leads to nothing that its readers may not have."""
    folders = sorted((edition / part).iterdir()) if part == "municipalities" else [edition / part]
    assert len(folders) in (1, 342)
    for folder in folders:
        files = {file for file in folder.rglob("*") if file.is_file()}
        pages = {file: Links(file) for file in files if file.suffix == ".html"}
        broken, reached = [], {folder / "index.html"}
        for page, links in pages.items():
            assert links.elements_from_elsewhere <= {"a"}, page
            for link in links.leads_to:
                to = urlsplit(link)
                if to.scheme:
                    continue
                target = (page.parent / unquote(to.path)).resolve() if to.path else page
                reached.add(target)
                if target not in files or (to.fragment and unquote(to.fragment) not in pages[target].ids):
                    broken.append((page.relative_to(edition), link))
        assert broken == []
        # Every page and every download is found by links alone.
        assert {file.name for file in files - reached} == set()
