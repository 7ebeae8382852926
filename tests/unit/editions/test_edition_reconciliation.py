"""What an edition says of the printed figures: all of them, beside what the data give, and what that proves."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from assets.base.texts import Text
from assets.editions.content.reading import read_content
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.files.csv_files import read_csv
from assets.editions.pages.reconciliation.page import in_words, reconciled, write_reconciliation
from tests.unit.editions.edition_warehouse import FIGURES, PRINTED, REPORTS, Warehouse, publish

pytestmark = pytest.mark.slow

STAMP = Stamp(2023, 1, datetime(2026, 11, 21, 12, tzinfo=UTC), None, 0)


def content_of(folder: Path, warehouse: Warehouse) -> Content:
    with duckdb.connect(warehouse.write(folder / "warehouse.duckdb"), read_only=True) as connection:
        return read_content(connection, "main")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return content_of(tmp_path_factory.mktemp("content"), Warehouse())


@pytest.fixture(scope="module")
def page(content: Content, tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(content, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def in_english(content: Content, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("english")
    written(content, folder)
    return (folder / "reconciliation.en.html").read_text(encoding="utf-8")


def written(content: Content, folder: Path) -> str:
    write_reconciliation(content, STAMP, folder)
    return (folder / "reconciliation.html").read_text(encoding="utf-8")


def section(page: str, name: str) -> str:
    """A part of the page."""
    (found,) = [part for part in page.split("<section ")[1:] if part.startswith(f'id="{name}"')]
    return found


def test_every_printed_figure_is_there_once(content: Content) -> None:
    reports = reconciled(content)
    assert [report.title for report in reports] == [Text(*title) for title in REPORTS.values()]
    assert sum(len(report.figures) for report in reports) == len(PRINTED)
    assert sum(len(figures) for report in reports for figures in report.by_place.values()) == len(PRINTED)


def test_figures_are_counted_by_report_and_outcome(page: str) -> None:
    head, *rows = re.findall(r"<tr>.*?</tr>", page[page.index('<table class="counts">') :], flags=re.DOTALL)[:3]
    for outcome in ("komt overeen", "drukfout", "afwijking", "niet af te leiden", "wijkt af"):
        assert outcome in head
    assert [re.findall(r"<td>(\d+)</td>", row) for row in rows] == [
        ["2", "1", "0", "1", "0", "4"],
        ["2", "0", "0", "0", "1", "3"],
    ]


def test_a_misprint_is_shown_with_what_is_printed_what_the_data_give_and_why(page: str) -> None:
    misprints = section(page, "misprint")
    assert re.findall(r"<td>(\d+%)", misprints) == ["87%", "78%"]
    assert "7800/10000 = 78.0%. Digits &lt;swapped&gt; &amp; printed." in misprints
    assert 'href="index.html#landelijk2023-tabel_1_11"' in misprints


def test_what_differs_is_not_folded_away(page: str, in_english: str) -> None:
    differing = section(page, "differs")
    assert "<details" not in differing
    assert "17 tot 18" in differing
    english = section(in_english, "differs")
    assert "17 to 18" in english
    assert "The data give 16,6 (base 350)." in english


def test_what_cannot_be_derived_is_folded_by_its_reason(in_english: str) -> None:
    underivable = section(in_english, "not-derivable")
    assert re.findall(r"<summary>([^<]*) \((\d+)\)", underivable) == [
        ("Interviews are no part of the questionnaires.", "1")
    ]
    assert "gesproken gemeenten: 22" in underivable


def test_all_figures_are_folded_by_place(page: str) -> None:
    folded = section(page, "all")
    places = re.findall(r'<summary><span class="number">(.*?)</summary>', folded)
    assert [re.sub(r"<[^>]*>", "", place) for place in places] == [
        "Tabel 1.10 (1)",
        "Tabel 1.11 (1; niet gelijk: 1)",
        "§1.1 (1)",
        "§6.3 (1)",
        "Tabel 1.10 (2)",
        "§3.1 (1; niet gelijk: 1)",
    ]


def test_it_says_what_it_proves_and_that_it_says_nothing_of_real_municipalities(tmp_path: Path, page: str) -> None:
    assert "Er bestaat één samenhangend geheel van antwoorden" in page
    assert "dus dit zegt niets over echte gemeenten" in page
    real = written(content_of(tmp_path, Warehouse(origin="real")), tmp_path)
    assert "Er bestaat één samenhangend geheel van antwoorden" in real
    assert "echte gemeenten" not in real


@pytest.mark.parametrize(
    ("printed", "printed_as", "nl", "en"),
    [
        ("53257", "count", "53.257", "53,257"),
        ("33.2", "percent", "33,2%", "33.2%"),
        ("about 33.3", "percent", "ongeveer 33,3%", "about 33.3%"),
        ("almost 90", "percent", "bijna 90%", "almost 90%"),
        ("over 200", "count", "ruim 200", "over 200"),
        ("more than 50", "percent", "meer dan 50%", "more than 50%"),
        ("less than 50", "percent", "minder dan 50%", "less than 50%"),
        ("at least 4", "count", "ten minste 4", "at least 4"),
        ("20 to 25", "percent", "20 tot 25%", "20 to 25%"),
        ("0.62", "score", "0,62", "0.62"),
        ("-", "percent", "-", "-"),
        ("", "percent", "", ""),
    ],
)
def test_a_figure_is_said_as_the_report_says_it(printed: str, printed_as: str, nl: str, en: str) -> None:
    assert in_words(printed, printed_as) == (nl, en)


def test_a_figure_at_a_place_or_of_a_kind_that_nobody_knows_is_still_shown(tmp_path: Path) -> None:
    warehouse = Warehouse().write(tmp_path / "warehouse.duckdb")
    with duckdb.connect(warehouse) as connection:
        connection.execute("update rpt_reconciliation set report = 'other2030', printed_as = 'sum' where figure_no = 4")
        content = read_content(connection, "main")
    assert [report.title.nl for report in reconciled(content)][-1] == "other2030"
    assert "other2030" in written(content, tmp_path)


@pytest.mark.parametrize("damage", ["delete from rpt_reconciliation", "drop table rpt_reconciliation"])
def test_a_year_without_printed_reports_has_none_of_it(tmp_path: Path, damage: str) -> None:
    warehouse = Warehouse(left_out=FIGURES).write(tmp_path / "warehouse.duckdb")
    with duckdb.connect(warehouse) as connection:
        connection.execute(damage)
    made = publish(warehouse, tmp_path / "editions")

    assert [name for name in made.files if "/reconciliation" in name] == []
    assert 'href="reconciliation' not in (made.internal / "index.html").read_text(encoding="utf-8")
    assert "reconciliation" not in (made.internal / "README.txt").read_text(encoding="utf-8")


def test_the_file_has_every_column(tmp_path: Path) -> None:
    warehouse = Warehouse(left_out=FIGURES).write(tmp_path / "warehouse.duckdb")
    made = publish(warehouse, tmp_path / "editions")
    rows = read_csv(made.internal / "reconciliation.csv")
    assert [row["status"] for row in rows].count("match") == 4
    assert rows[1]["reason_en"] == "7800/10000 = 78.0%. Digits <swapped> & printed."
    assert (rows[6]["printed"], rows[6]["value_text_nl"]) == ("-", "–")
