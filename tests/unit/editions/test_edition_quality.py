"""What an edition says of the quality of its numbers: the page, its pictures, and its lists as the marts have them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.catalogue.labels import load_labels
from assets.editions.content.mark import SYNTHETIC_MARK
from assets.editions.content.reading import read_content
from assets.editions.content.stamp import Stamp
from assets.editions.files.csv_files import read_csv, written
from assets.editions.files.lists import LISTS
from assets.editions.pages.quality.page import write_quality
from assets.editions.pages.quality.pictures import Waterfall, span_of
from assets.editions.pages.quality.reading import TABLES, read_quality
from assets.editions.pictures.drawing import BLUE, ORANGE
from tests.unit.editions.edition_warehouse import Warehouse, publish
from tests.warehouse_sql import create_tables, insert, properties

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[3]
STAMP = Stamp(2023, 1, datetime(2026, 11, 21, 12, tzinfo=UTC), None, 0)
YEARS = {"from_survey_year": 2022, "to_survey_year": 2023, "from_reference_year": 2021, "to_reference_year": 2022}
NEWEST = {"survey_year": 2023, "reference_year": 2022}
EVIL = '=HYPERLINK("x")<b>&'
Row = Mapping[str, Any]


def step(no: int, component: str, kind: str, value: str, ends: tuple[str, str] | None, n: int | None) -> Row:
    return {
        **YEARS,
        "step_no": no,
        "component": component,
        "kind": kind,
        "label_nl": f"NL {component}",
        "label_en": f"EN {component}",
        "value": Decimal(value),
        "unit": "percent" if kind == "level" else "percentage_points",
        "value_text_nl": value.replace(".", ",").replace("-", "−"),
        "value_text_en": value.replace("-", "−"),
        "starts_at": ends and Decimal(ends[0]),
        "ends_at": ends and Decimal(ends[1]),
        "n_municipalities": n,
        "origin": "synthetic",
    }


def drawn(of: Row, targets: tuple[int | None, int | None], territory: int | None, *percents: str | None) -> Row:
    """The step of the waterfall, with whom it rests on."""
    return {
        **{name: value for name, value in of.items() if name not in ("from_survey_year", "to_survey_year", "unit")},
        "n_territory_changed": territory,
        "target_toddlers_from": targets[0],
        "target_toddlers_to": targets[1],
        **{
            f"group_percent_{end}": value and Decimal(value)
            for end, value in zip(("from", "to"), percents, strict=False)
        },
    }


def panel(name: str, label: tuple[str, str], n: int, **left_out: int) -> Row:
    return {
        "population": f"panel_{name}_2019_2021_2022",
        "panel": name,
        "label_nl": label[0],
        "label_en": label[1],
        "reference_years": [2019, 2021, 2022],
        "years_nl": "2019, 2021 en 2022",
        "years_en": "2019, 2021 and 2022",
        "n": n,
        **{f"n_{reason}": number for reason, number in left_out.items()},
        "municipalities": n + sum(left_out.values()),
        "origin": "synthetic",
    }


def exclusion(panel: str, code: str, reason: str) -> Row:
    return {
        "panel": panel,
        "population": f"panel_{panel}_2019_2021_2022",
        "municipality_code": code,
        "exclusion_reason": reason,
    }


def not_given(label_nl: str, label_en: str, **numbers: int) -> Row:
    of = ("not_asked", "no_answer", "not_available", "not_collected", "invalid", "no_questionnaire", "given_before")
    return {
        **NEWEST,
        "concept": label_en.lower(),
        "label_nl": label_nl,
        "label_en": label_en,
        "municipalities": 342,
        "n": numbers["n"],
        **{f"n_{name}": numbers.get(name, 0) for name in of},
        "origin": "synthetic",
    }


def bounds(survey_year: int, breakdown: str, label: tuple[str, str], n: int, upper: float) -> Row:
    grounds = (
        "reached_not_given",
        "target_not_given",
        "neither_given",
        "from_last_year_given",
        "from_pupils",
        "left_out",
    )
    printed = {
        f"{name}_text_{language}": text
        for name, text in (("reach", "77.4%"), ("lower", "65.9%"), ("upper", "80.8%"))
        for language in ("nl", "en")
    }
    return {
        "survey_year": survey_year,
        "reference_year": survey_year - 1,
        "breakdown": breakdown,
        "category": label[1].lower(),
        "category_no": 1,
        "breakdown_label_nl": "Achterstandsscore",
        "breakdown_label_en": "Disadvantage score",
        "label_nl": label[0],
        "label_en": label[1],
        "reach": 0.774,
        "lower": 0.659,
        "upper": upper,
        **printed,
        "n": n,
        "municipalities": n + 2,
        "n_both_given": n,
        "n_no_questionnaire": 2,
        **{f"n_{ground}": 0 for ground in grounds},
        "origin": "synthetic",
    }


def in_range(no: int, of: Row, name: tuple[str, str]) -> Row:
    """The bounds as the page has them, in their place and with a name."""
    other = ("category_no", "breakdown_label_nl", "breakdown_label_en", "label_nl", "label_en")
    return {
        "range_no": no,
        "name_nl": name[0],
        "name_en": name[1],
        **{column: value for column, value in of.items() if column not in other},
    }


def rule(no: int, name: str, survey_year: int, *numbers: int) -> Row:
    """``numbers``: of warnings, confirmed answers, answers in order, and those that cannot be assessed."""
    return {
        "survey_year": survey_year,
        "reference_year": survey_year - 1,
        "rule_no": no,
        "rule": name,
        "label_nl": f"NL {name}",
        "label_en": f"EN {name}",
        "when_odd_nl": f"meer dan {no}",
        "when_odd_en": f"more than {no}",
        **dict(zip(("n_warning", "n_confirmed", "n_ok", "n_not_assessable"), numbers, strict=True)),
        "municipalities": sum(numbers),
        "origin": "synthetic",
    }


def verdict(code: str, name: str, survey_year: int, status: str) -> Row:
    asked = {"ask_nl": EVIL, "ask_en": EVIL} if status == "warning" else {}
    return {
        "municipality_code": code,
        "survey_year": survey_year,
        "reference_year": survey_year - 1,
        "rule_no": 1,
        "rule": name,
        "status": status,
        **asked,
    }


STEPS = [
    step(1, "reach_from", "level", "81.00", ("0", "81.00"), 134),
    step(2, "within", "part", "0.05", ("81.00", "81.05"), 123),
    step(3, "between", "part", "-0.29", ("81.05", "80.76"), 123),
    step(4, "entering", "part", "-2.55", ("80.76", "78.21"), 150),
    step(5, "leaving", "part", "-0.81", ("78.21", "77.40"), 11),
    step(6, "reach_to", "level", "77.40", ("0", "77.40"), 273),
    step(7, "change", "total", "-3.60", None, None),
]
BOUNDS = [
    bounds(2022, "total", ("Alle gemeenten", "All municipalities"), 134, 0.9),
    bounds(2022, "disadvantage_group", ("Laag", "Low"), 32, 0.9),
    bounds(2023, "total", ("Alle gemeenten", "All municipalities"), 273, 0.808),
    bounds(2023, "disadvantage_group", ("Laag", "Low"), 64, 1.02),
]
LABELS = load_labels(PROJECT / "data" / "labels.yaml").to_dict("records")
ROWS: dict[str, Sequence[Row]] = {
    "dim_label": [{str(name): value for name, value in label.items()} for label in LABELS],
    "rpt_reach_decomposition": STEPS,
    "rpt_reach_waterfall": [
        drawn(STEPS[0], (32964, None), None),
        drawn(STEPS[1], (27637, 27511), None, "80.12", "79.90"),
        drawn(STEPS[2], (27637, 27511), None, "80.12", "79.90"),
        drawn(STEPS[3], (None, 23032), 2, None, "79.90"),
        drawn(STEPS[4], (5327, None), 4, "80.12", None),
        drawn(STEPS[5], (None, 50543), None),
        drawn(STEPS[6], (None, None), None),
    ],
    "rpt_panels": [
        panel("strict", ("Strikt panel", "Strict panel"), 1, territory_changed=1, not_a_respondent=0, incomplete=1),
        panel(
            "harmonised",
            ("Geharmoniseerd panel", "Harmonised panel"),
            2,
            split_not_harmonisable=0,
            not_a_respondent=0,
            incomplete=1,
        ),
    ],
    "fct_panel_exclusions": [
        exclusion("strict", "GM0003", "territory_changed"),
        exclusion("strict", "GM0005", "incomplete"),
        exclusion("harmonised", "GM0005", "incomplete"),
    ],
    "rpt_response": [
        {
            **NEWEST,
            "level": "questionnaire",
            "question_no": 0,
            "breakdown": "total",
            "category_no": 1,
            "registered": 342,
            "respondents": 340,
            "response_text_nl": "99,4%",
            "response_text_en": "99.4%",
            "origin": "synthetic",
        },
        {
            **NEWEST,
            "level": "question",
            "question_no": 1,
            "question_id": "R1",
            "wording_nl": "Hoeveel <i>?",
            "wording_en": "How many <i>?",
            "breakdown": "total",
            "category_no": 1,
            "registered": 342,
            "respondents": 340,
            "asked": 340,
            "answered": 297,
            "no_answer": 7,
            "not_available": 36,
            "not_collected": 0,
            "invalid": 0,
            "response_text_nl": "87,4%",
            "response_text_en": "87.4%",
            "origin": "synthetic",
        },
        {
            **NEWEST,
            "level": "question",
            "question_no": 1,
            "question_id": "R1",
            "wording_nl": "Hoeveel <i>?",
            "wording_en": "How many <i>?",
            "breakdown": "province",
            "category_no": 2,
            "registered": 18,
            "respondents": 18,
            "asked": 18,
            "answered": 12,
            "response_text_nl": "66,7%",
            "response_text_en": "66.7%",
            "origin": "synthetic",
        },
    ],
    "fct_counts_not_given": [
        {"municipality_code": "GM1900", **NEWEST, "concept": "places", "status": "no_answer", "last_given_number": 8},
        {"municipality_code": "GM0003", **NEWEST, "concept": "places", "status": "not_available"},
        {"municipality_code": "GM0003", **NEWEST, "concept": "target_toddlers", "status": "no_questionnaire"},
    ],
    "rpt_counts_not_given": [
        not_given("Doelgroeppeuters", "Target toddlers", n=1, no_questionnaire=1),
        not_given("Kindplaatsen", "Places", n=2, no_answer=1, not_available=1, given_before=1),
    ],
    "rpt_reach_bounds": BOUNDS,
    "rpt_reach_ranges": [
        in_range(1, BOUNDS[0], ("Alle gemeenten, 2021", "All municipalities, 2021")),
        in_range(2, BOUNDS[2], ("Alle gemeenten, 2022", "All municipalities, 2022")),
        in_range(3, BOUNDS[3], ("Achterstandsscore: laag, 2022", "Disadvantage score: low, 2022")),
    ],
    "rpt_plausibility": [
        rule(1, "jump", 2023, 1, 2, 1, 1),
        rule(1, "jump", 2022, 0, 0, 1, 0),
        rule(2, "above", 2023, 0, 0, 3, 0),
    ],
    "fct_plausibility": [
        verdict("GM1900", "jump", 2023, "warning"),
        verdict("GM0003", "jump", 2023, "not_assessable"),
        verdict("GM0005", "jump", 2023, "ok"),
        verdict("GM0363", "jump", 2023, "confirmed"),
        verdict("GM0384", "jump", 2023, "confirmed"),
        verdict("GM1900", "jump", 2022, "ok"),
    ],
    "rpt_rule_confirmations": [
        {
            "survey_year": 2023,
            "kind": "plausibility_rule",
            "label_nl": "regels",
            "label_en": "rules",
            "rules": 2,
            "to_be_confirmed": 1,
            "rules_to_be_confirmed": ["above"],
        }
    ],
    "rpt_province_reach": [
        {
            **NEWEST,
            "province_no": no,
            "province_code": code,
            "name_nl": name,
            "name_en": name,
            "n_municipalities": n,
            "is_withheld": percent is None,
            "percent": percent,
            "percent_text_nl": text,
            "percent_text_en": text,
            "origin": "synthetic",
        }
        for no, code, name, n, percent, text in [
            (1, "PV22", "Drenthe", None, None, "."),
            (2, "PV29", "Zeeland", 11, 79, "79%"),
        ]
    ],
    "rpt_call_list": [
        {
            **NEWEST,
            "call_no": 1,
            "municipality_code": "GM1900",
            "municipality_name": EVIL,
            "province": "Fryslân",
            "questions": 1,
            "question_no": 1,
            "rule": "jump",
            "label_nl": "NL jump",
            "label_en": "EN jump",
            "question_ids": "R2",
            "value": 628,
            "last_year_value": 397,
            "ask_nl": EVIL,
            "ask_en": "Why?\nReally; =1+1",
            "origin": "synthetic",
        }
    ],
}


def contract(mart: str) -> dict[str, str]:
    """The columns of a mart with their types, as its contract states them."""
    return {column["name"]: column["data_type"] for column in properties(mart)["columns"]}


def lacks_names(columns: Mapping[str, str]) -> bool:
    return "municipality_code" in columns and "municipality_name" not in columns


def add_marts(connection: duckdb.DuckDBPyConnection) -> None:
    for mart, rows in ROWS.items():
        create_tables(connection, mart)
        insert(connection, mart, *rows)


def warehouse_in(folder: Path, change: str = "", **different: Any) -> Path:
    """A warehouse with the marts; ``change`` is SQL that runs in it."""
    file = Warehouse().but(**different).write(folder / "warehouse.duckdb")
    with duckdb.connect(file) as connection:
        add_marts(connection)
        connection.execute(change)
    return file


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quality")
    return publish(warehouse_in(folder), folder / "editions").internal


@pytest.fixture(scope="module")
def page(edition: Path) -> str:
    """The page in English."""
    return (edition / "quality.en.html").read_text(encoding="utf-8")


def cells(page: str, label: str) -> list[str]:
    """The cells of the first row of a table whose heading holds ``label``."""
    row = next(row for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL) if label in row)
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td>.*?</td>", row, re.DOTALL)]


@pytest.mark.parametrize("missing", TABLES)
def test_without_one_of_its_marts_there_is_nothing_to_say(missing: str) -> None:
    with duckdb.connect() as connection:
        add_marts(connection)
        connection.execute(f"drop table {missing}")
        assert read_quality(connection, "main") is None


def test_without_its_marts_there_is_no_page(tmp_path: Path) -> None:
    warehouse, folder = Warehouse().write(tmp_path / "warehouse.duckdb"), tmp_path / "edition"
    folder.mkdir()
    with duckdb.connect(warehouse, read_only=True) as connection:
        write_quality(connection, read_content(connection, "main"), STAMP, folder, "main")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("path", "mart"), [(path, one.mart) for path, one in LISTS.items()])
def test_a_list_holds_the_mart(edition: Path, path: str, mart: str) -> None:
    rows = read_csv(edition / path)
    columns = list(contract(mart))
    listed = sorted(tuple(row[name] for name in columns) for row in rows)
    with duckdb.connect(edition / "lea_vve.duckdb", read_only=True) as connection:
        in_mart = connection.execute(f"from {mart}").fetchall()
    assert listed == sorted(tuple(map(written, row)) for row in in_mart)
    assert {row["origin"] for row in rows} == {"synthetic"}


@pytest.mark.parametrize("path", [path for path, one in LISTS.items() if lacks_names(contract(one.mart))])
def test_a_list_names_its_municipalities(edition: Path, path: str) -> None:
    names = {row["municipality_code"]: row["municipality_name"] for row in read_csv(edition / path)}
    assert names.get("GM1900", "Súdwest-Fryslân") == "Súdwest-Fryslân"
    assert set(names) == {row["municipality_code"] for row in ROWS[LISTS[path].mart]}


def test_no_spreadsheet_runs_what_is_to_be_asked(edition: Path) -> None:
    (call,) = read_csv(edition / "quality/call_list.csv")
    assert call["ask_nl"] == f"'{EVIL}"
    assert call["ask_en"] == "Why?\nReally; '=1+1"


def test_the_data_package_describes_every_list(edition: Path) -> None:
    resources = json.loads((edition / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    fields = {resource["path"]: resource["schema"]["fields"] for resource in resources if resource["path"] in LISTS}
    assert set(fields) == set(LISTS)
    for path, own in fields.items():
        assert [field["name"] for field in own] == list(read_csv(edition / path)[0])


def test_the_edition_leads_to_the_page_and_its_lists(edition: Path) -> None:
    index = (edition / "index.html").read_text(encoding="utf-8")
    for target in ("quality.html", *LISTS):
        assert f'href="{target}"' in index
    assert "quality.html, quality.en.html, quality/" in (edition / "README.txt").read_text(encoding="utf-8")


def test_the_parts_are_shown_with_what_they_rest_on(page: str) -> None:
    assert cells(page, "EN reach_from") == ["81.00", "134", "–", "32,964", "–", "–", "–"]
    assert cells(page, "EN within") == ["0.05", "123", "–", "27,637", "27,511", "80.12%", "79.90%"]
    assert cells(page, "EN entering") == ["−2.55", "150", "2", "–", "23,032", "–", "79.90%"]
    assert cells(page, "EN reach_to") == ["77.40", "273", "–", "–", "50,543", "–", "–"]
    assert cells(page, "EN change") == ["−3.60", "134 → 273", "–", "–", "–", "–", "–"]
    for reference in ("Journal of Econometrics", "University of Chicago Press"):
        assert reference in page


@pytest.mark.parametrize("language", ["", ".en"])
def test_the_waterfall_has_every_bar_with_its_number_and_base(edition: Path, language: str) -> None:
    svg = (edition / f"quality/reach_decomposition_2021_2022{language}.svg").read_text(encoding="utf-8")
    bars = [row for row in ROWS["rpt_reach_decomposition"] if row["component"] != "change"]
    for bar in bars:
        printed = bar["value_text_en" if language else "value_text_nl"]
        assert f">{printed}</text>" in svg
        assert f">n = {bar['n_municipalities']}</text>" in svg
    assert (SYNTHETIC_MARK.en if language else SYNTHETIC_MARK.nl) in svg
    arrows = {fill: path.count("z") for fill, path in re.findall(rf'<path fill="({BLUE}|{ORANGE})" d="([^"]*)"', svg)}
    assert arrows == {ORANGE: 3, BLUE: 1}


def test_a_panel_counts_who_is_in_it_and_who_drops_out(page: str) -> None:
    strict, harmonised = (page[page.index(f">{kind}. ") :] for kind in ("Strict panel", "Harmonised panel"))
    assert cells(strict, "2019, 2021 and 2022") == ["1", "1", "0", "1", "3"]
    assert cells(harmonised, "2019, 2021 and 2022") == ["2", "0", "0", "1", "3"]
    assert "territory of a split municipality" not in strict[: strict.index("</thead>")]
    assert "territory of a split municipality" in harmonised[: harmonised.index("</thead>")]


def test_response_is_shown_by_year_and_by_question(page: str) -> None:
    assert cells(page, ">2023<") == ["2022", "342", "340", "99.4%"]
    assert cells(page, "How many") == ["340", "297", "7", "36", "0", "0", "87.4%"]


def test_response_by_group_is_shown_in_the_list_only(page: str, edition: Path) -> None:
    assert page.count("66.7%") == 0
    assert "66.7%" in (edition / "quality/response.csv").read_text(encoding="utf-8")


def test_a_count_not_given_says_why_and_whether_it_was_known(page: str) -> None:
    assert cells(page, "Places, 2022") == ["342", "2", "1", "1", "0", "1"]


def test_bounds_are_drawn_in_their_order_with_their_base(page: str, edition: Path) -> None:
    svg = (edition / "quality/reach_bounds.en.svg").read_text(encoding="utf-8")
    names = [str(row["name_en"]) for row in ROWS["rpt_reach_ranges"]]
    for shown in (svg[svg.index("</desc>") :], page[page.index('id="bounds"') :]):
        assert [shown.index(f">{name}</") for name in names] == sorted(shown.index(f">{name}</") for name in names)
    assert "n = 64 of 66" in svg
    assert SYNTHETIC_MARK.en in svg
    assert cells(page, names[-1]) == ["77.4%", "64", "65.9%", "80.8%", "66"]


def test_a_province_that_is_withheld_has_a_symbol_and_no_number_anywhere(page: str, edition: Path) -> None:
    svg = (edition / "quality/reach_by_province.en.svg").read_text(encoding="utf-8")
    drawn = svg[svg.index("</desc>") :]
    assert {"Drenthe", ".", "Zeeland", "79%"} <= set(re.findall(r"<text [^>]*>([^<]*)</text>", drawn))
    assert re.findall(r"n = \d+", drawn) == ["n = 11"]
    assert all("Drenthe: .; Zeeland: 79%." in shown for shown in (svg, page))


def test_all_waterfalls_share_a_scale_in_which_every_step_ends() -> None:
    def ending_at(*ends: int) -> Waterfall:
        return Waterfall(2021, 2022, {f"part {end}": {"ends_at": Decimal(end)} for end in ends})

    assert span_of([ending_at(1326, 37228, -248, 391)]) == (-248, 37228)
    assert span_of([ending_at(81, 78)]) == (78, 81)
    assert span_of([ending_at(81)]) == (81, 82)


@pytest.mark.parametrize(("name", "words"), [("quality.html", "meer dan"), ("quality.en.html", "more than")])
def test_a_rule_says_when_an_answer_is_odd_in_either_language(edition: Path, name: str, words: str) -> None:
    page = (edition / name).read_text(encoding="utf-8")
    newest = page[page.index('id="plausibility"') : page.index('id="calls"')]
    for rule_no in (1, 2):
        assert newest.count(f">{words} {rule_no}<") == 1


def test_a_rule_counts_warnings_and_what_is_confirmed_or_cannot_be_assessed(page: str) -> None:
    rules = page[page.index('id="plausibility"') :]
    assert cells(rules, "EN jump") == ["1", "2", "1", "1", "5"]
    assert cells(rules, "EN jump, 2022") == ["0", "0", "1", "0", "1"]


def test_a_rule_that_nobody_has_confirmed_for_the_year_says_so(page: str) -> None:
    of_year = page[page.index('id="plausibility"') :].split("<tbody>")[1]
    above, jump = (next(row for row in of_year.split("<tr>") if f"EN {name}" in row) for name in ("above", "jump"))
    assert ("to be confirmed" in above, "to be confirmed" in jump) == (True, False)


def test_text_from_data_is_escaped(page: str) -> None:
    assert "<b>" not in page
    assert "<i>" not in page
    assert "=HYPERLINK(&#34;x&#34;)&lt;b&gt;&amp;" in page


def test_the_page_carries_the_mark_only_while_answers_are_synthetic(tmp_path: Path, page: str) -> None:
    assert page.count(f"</strong> {SYNTHETIC_MARK.en}") == 1
    real = publish(warehouse_in(tmp_path, origin="real"), tmp_path / "editions").internal
    assert SYNTHETIC_MARK.nl not in (real / "quality.html").read_text(encoding="utf-8")


def test_the_same_marts_give_the_same_bytes(tmp_path: Path, edition: Path) -> None:
    again = publish(warehouse_in(tmp_path), tmp_path / "editions").internal
    files = [path.relative_to(edition) for path in (edition / "quality").iterdir()]
    assert len(files) == len(LISTS) + 12
    for file in files:
        assert (again / file).read_bytes() == (edition / file).read_bytes()
