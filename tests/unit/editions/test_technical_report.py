"""The technical report says of each part what its readers may know, and is rests on content of its own."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.editions.content.reading import read_content
from assets.editions.pages.technical_report.reading import TABLES, read_technical_report
from tests.unit.editions.edition_warehouse import Warehouse, publish
from tests.warehouse_sql import create_tables, insert

pytestmark = pytest.mark.slow

Row = dict[str, Any]
YEAR: Row = {"survey_year": 2023, "reference_year": 2022, "origin": "synthetic"}
ALL: Row = {"breakdown": "total", "category": "all", "category_no": 1, "registered": 342}


def text(name: str, nl: str) -> Row:
    return {f"{name}_nl": nl, f"{name}_en": f"EN {nl}"}


def question(position: int, name: str, comparability: str = "same", **own: Any) -> Row:
    shared = {**YEAR, "section": "consultation", "answer_type": "single", "is_routed": False}
    del shared["origin"]
    return {
        **shared,
        "question_id": name,
        "question_position": position,
        "comparability": comparability,
        **text("wording", f"<Vraag> {name}"),
        **own,
    }


def response(no: int, printed: str, base: int | None, answered: int | None, **own: Any) -> Row:
    level = "question" if no else "questionnaire"
    numbers = {"question_no": no, "base": base, "answered": answered, "not_collected": None if base is None else 0}
    words = {**text("breakdown_label", "Alle"), **text("label", "Alle"), **text("response_text", printed)}
    return {**YEAR, **ALL, **words, **numbers, "level": level, "respondents": 340, **own}


LOW = {"breakdown": "disadvantage_group", "category": "low", **text("breakdown_label", "Achterstand")}
EVERYBODY = (response(0, "99,4%", 342, None), response(0, "98,8%", 86, None, **LOW, registered=86, respondents=85))
PROVINCE = {"breakdown": "province", "category": "PV24", **text("breakdown_label", "Provincie"), "registered": 6}
ROWS: dict[str, list[Row]] = {
    "dim_question": [
        question(1, "L1"),
        question(2, "L2", is_routed=True),
        question(3, "L3", "changed", **text("comparability_reason", "Anders gevraagd.")),
    ],
    "dim_measure": [
        {"measure": "measure", "source": "§1", **text("label", "Bereik"), **text("definition", "Bereikt, van allen.")}
    ],
    "rpt_response": [
        *(*EVERYBODY, response(0, "–", 6, None, **PROVINCE), response(1, "100,0%", 340, 338, question_id="L1")),
        *(response(2, "57,1%", 7, 4, question_id="L2"), response(3, "99,0%", 340, 337, question_id="L3")),
    ],
    "rpt_public_response": [
        *(*EVERYBODY, response(1, "100,0%", 340, 338, question_id="L1")),
        *(response(2, ".", None, None, question_id="L2"), response(3, "99,0%", 340, 337, question_id="L3")),
    ],
    "rpt_plausibility": [
        {
            **YEAR,
            "rule_no": 1,
            "rule": "jump",
            **text("label", "Sprong"),
            **text("when_odd", "meer dan 25%"),
            "n_warning": 12,
            "n_confirmed": 2,
            "n_ok": 300,
            "n_not_assessable": 28,
            "municipalities": 342,
        }
    ],
    "rpt_rule_confirmations": [
        {
            "survey_year": 2023,
            "kind": "risk_rule",
            **text("label", "regels"),
            "rules": 17,
            "to_be_confirmed": 16,
            "rules_to_be_confirmed": ["a_rule_of_inside"],
        }
    ],
}
PANEL = {"panel": "strict", "reference_years": [2021, 2022], **text("label", "Strikt"), **text("years", "2021 en 2022")}
PANELS = {**PANEL, "n_territory_changed": 2, "n_not_a_respondent": 21, "municipalities": 342, "origin": "synthetic"}
ROWS["rpt_panels"] = [{**PANELS, "n": 315, "n_incomplete": 4}]
WORKED_ON = "corrected_cells = 3, quarantined_rows = 4, quarantined_cells = 5, resolved = 6, respondents = 340"


def add_tables(file: Path) -> Path:
    with duckdb.connect(str(file)) as connection:
        for table, rows in ROWS.items():
            create_tables(connection, table)
            insert(connection, table, *rows)
        connection.execute(f"update dim_survey_year set deliveries = 2, {WORKED_ON}")
    return file


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The page of each part, as a Dutch reader reads it."""
    folder = tmp_path_factory.mktemp("technical_report")
    edition = publish(add_tables(Warehouse().write(folder / "warehouse.duckdb")), folder / "editions")
    files = {part: edition.folder / part / "technical_report.html" for part in ("public", "internal")}
    return {part: file.read_text(encoding="utf-8") for part, file in files.items()}


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.parametrize(
    ("part", "present", "absent"),
    [
        ("public", "L2 &lt;Vraag&gt; L2 . . . . .", "L2 &lt;Vraag&gt; L2 7 4 3 0"),
        ("internal", "L2 &lt;Vraag&gt; L2 7 4 3 0", "is niet openbaar"),
        ("public", "Achterstand, 2023", "Provincie"),
        ("internal", "Provincie, 2023", "a_rule_of_inside"),
        ("public", "2021 en 2022 342 2 21 4 315", "a_rule_of_inside"),
        ("public", "2023 2 3 4 5 6", "Alle regels van risicoanalyse"),
        ("public", "Sprong meer dan 25% 342 12 2 300 28", "<Vraag>"),
        ("public", "Bereik Bereikt, van allen.", "EN Bereikt"),
        ("public", "regels: 16 van 17", "EN regels"),
        ("public", "Anders gevraagd.", "EN Anders"),
        ("public", "Ten minste tien.", "At least ten"),
        ("public", "Uitgever", "voor gebruik binnen de inspectie"),
    ],
)
def test_a_part_says_what_its_readers_may_know(pages: dict[str, str], part: str, present: str, absent: str) -> None:
    page = words(pages[part])
    assert present in page
    assert absent not in page


def test_its_contents_lead_to_all_that_it_has_and_every_table_has_a_caption(pages: dict[str, str]) -> None:
    page = pages["public"]
    assert re.findall(r'<li><a href="#([\w-]+)"', page) == re.findall(r'<section id="([\w-]+)"', page)
    assert len(re.findall("<table", page)) == len(re.findall("<caption", page)) > 8
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert max(levels) == 3
    assert all(below - above <= 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("missing", [*(name for name in TABLES if name.startswith("rpt_")), "nobody was asked"])
def test_without_what_it_is_about_there_is_none(tmp_path: Path, missing: str) -> None:
    file = add_tables(Warehouse().write(tmp_path / "warehouse.duckdb"))
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"drop table {missing}" if missing in TABLES else "delete from rpt_response")
        assert read_technical_report(connection, read_content(connection, "main"), "main", 2023) is None
