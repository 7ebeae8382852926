"""The page on risk analysis and supervision: figure 1.5, risks and signals, whom to contact and why, what is still
open."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from assets.editions.content.mark import SYNTHETIC_MARK
from assets.editions.files.csv_files import read_csv
from assets.editions.publication.publish import EditionResult
from tests.unit.editions.edition_warehouse import FIGURES, Warehouse, publish

pytestmark = pytest.mark.slow

MARKUP = """<b onclick='x'>Ede</b> & "co\""""
# GM0001 has a risk for both and is contacted about vve; GM0002 has none; GM0003 sent nothing and has an open case.
DDL = """
create table rpt_municipalities as select 2023 as survey_year, * from (
    values ('GM0001', $markup, true, 'both'), ('GM0002', 'Ommen', true, 'not_assessable'),
        ('GM0003', '=1+1', false, 'not_assessable')
) as t (municipality_code, municipality_name, is_respondent, risk);
create table rpt_risk_rules as select 2023 as survey_year, * from (
    values ('lea_none', 'lea', 'Geen <afspraken>', 'No <agreements>', 2, ['a', 'b', 'c'], 'WPO', 1, 1, 1, 0),
        ('vve_none', 'vve', 'Te weinig plaatsen', 'Too few places', 1, ['places'], '§2.2', 1, 0, 2, 1)
) as t (rule, domain, label_nl, label_en, at_least, conditions, rests_on, triggered, not_triggered, not_assessable,
    not_assessable_of_respondents);
create table rpt_selection_criteria as select 2023 as survey_year, * from (
    values ('vve_any', 'vve', 'Een risico', 'A risk', '§3', 1), ('silent', 'vve', 'Geen vragenlijst',
        'No questionnaire', '§3', 1)
) as t (criterion, domain, label_nl, label_en, rests_on, municipalities);
create table rpt_rule_confirmations as select 2023 as survey_year, * from (
    values ('risk_rule', 'regels', 'rules', 2, 1, ['vve_none']), ('supervision_move', 'stappen', 'steps', 3, 0, [])
) as t (kind, label_nl, label_en, rules, to_be_confirmed, rules_to_be_confirmed);
create table rpt_risk_list as
select 2023 as survey_year, 'GM0001' as municipality_code, $markup as municipality_name, * from (
    values ('lea', 'lea_none', 'Geen <afspraken>', 'No <agreements>',
            [{'code': '=L3a=no', 'nl': 'L3a: Nee', 'en': 'L3a: No'}, {'code': 'L3b=no', 'nl': 'L3b: Nee', 'en':
            'L3b: No'}],
            false, null::varchar[]),
        ('vve', 'vve_none', 'Te weinig plaatsen', 'Too few places',
            [{'code': 'places 1', 'nl': 'kindplaatsen: 1', 'en': 'places: 1'},
            {'code': 'target_toddlers 2', 'nl': 'doelgroeppeuters: 2', 'en': 'target toddlers: 2'}], true, ['vve_any'])
) as t (domain, rule, rule_label_nl, rule_label_en, evidence, is_selected, selected_by);
create table fct_supervision_selection as select 2023 as survey_year, * from (
    values ('GM0001', 'vve', ['vve_any', 'silent']), ('GM0003', 'vve', ['silent'])
) as t (municipality_code, domain, selected_by);
create table rpt_cases as select 2023 as survey_year, * from (
    values ('GM0001', $markup, ['vve_any', 'silent'], date '2023-09-20', 16), ('GM0003', '=1+1', null, null, 26)
) as t (municipality_code, municipality_name, selected_by, closed_on, age_days);
create table rpt_open_cases as select 2023 as survey_year, 'vve' as domain, 'GM0003' as municipality_code,
    '=1+1' as municipality_name, date '2023-09-04' as selected_on, 'Geen risico (meer)' as last_event_label_nl,
    'No risk (any more)' as last_event_label_en, date '2023-09-13' as last_event_on, 26 as age_days, 17 as waiting_days,
    date '2023-09-30' as recorded_to;
create table rpt_supervision_flow as
select 2023 as survey_year, 2022 as reference_year, step_no, step, 'NL ' || step as label_nl, 'EN ' || step as
label_en, after,
    domain, municipalities + if(domain = 'all', 1, 0) as municipalities,
    if(step = 'selected', 1, 0) as without_questionnaire, 3 as base,
    $recorded as origin
from (
    values (1, 'questionnaire', null, 1), (2, 'possible_risk', 'questionnaire', 0), (3, 'selected', 'possible_risk', 1)
) as t (step_no, step, after, municipalities)
cross join (select unnest(['all', 'lea', 'vve']) as domain);
"""
RISK_LIST_COLUMNS = [
    *(
        "survey_year",
        "municipality_code",
        "municipality_name",
        "domain",
        "rule",
        "rule_label_nl",
        "rule_label_en",
        "evidence",
    ),
    *("is_selected", "selected_by", "origin"),
]
CASE_COLUMNS = [
    *(
        "survey_year",
        "municipality_code",
        "municipality_name",
        "selected_by",
        "closed_on",
        "age_days",
        "origin",
    ),
]


class Balanced(HTMLParser):
    """Whether a page opens and closes its elements in order, and whose ids it has."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in ("meta", "input", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def published(folder: Path, origin: str = "synthetic", recorded: str = "synthetic") -> EditionResult:
    return publish(supervised(folder, origin, recorded), folder / "editions")


def supervised(folder: Path, origin: str, recorded: str) -> Path:
    """A warehouse with a risk analysis; ``recorded``: the origin of the records of its cases."""
    warehouse = Warehouse(origin=origin, left_out=FIGURES).write(folder / "warehouse.duckdb")
    with duckdb.connect(warehouse) as connection:
        for statement in filter(str.strip, DDL.split(";\n")):
            values = {"markup": MARKUP, "recorded": recorded}
            used = {name: value for name, value in values.items() if f"${name}" in statement}
            connection.execute(statement, used)
    return warehouse


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> EditionResult:
    return published(tmp_path_factory.mktemp("supervision"))


@pytest.fixture(scope="module")
def page(edition: EditionResult) -> str:
    return (edition.internal / "supervision.html").read_text(encoding="utf-8")


def table(page: str, caption: str) -> str:
    (found,) = [part for part in page.split("<table")[1:] if f'<caption id="{caption}">' in part]
    return found[: found.index("</table>")]


def words(markup: str) -> str:
    """What a reader reads."""
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def test_the_page_is_one_that_a_browser_understands_and_the_contents_lead_to_it(
    edition: EditionResult, page: str
) -> None:
    parsed = Balanced()
    parsed.feed(page)
    assert parsed.open == []
    assert len(parsed.ids) == len(set(parsed.ids))
    contents = (edition.internal / "index.html").read_text(encoding="utf-8")
    for link in ("supervision.html", "supervision/risk_list.csv", "supervision/cases.csv"):
        assert f'href="{link}"' in contents


def test_text_from_data_is_escaped(page: str) -> None:
    assert MARKUP not in page
    assert "&lt;b onclick=&#39;x&#39;&gt;Ede&lt;/b&gt; &amp; &#34;co&#34;" in page
    assert "Geen &lt;afspraken&gt;" in page


def test_everything_says_that_it_is_synthetic(edition: EditionResult, page: str) -> None:
    assert page.count(f"</strong> {SYNTHETIC_MARK.nl}") == 1
    for language, name in (("nl", "flow.svg"), ("en", "flow.en.svg")):
        assert getattr(SYNTHETIC_MARK, language) in (edition.internal / "supervision" / name).read_text(
            encoding="utf-8"
        )
    for name in ("risk_list.csv", "cases.csv"):
        rows = read_csv(edition.internal / "supervision" / name)
        assert {row["origin"] for row in rows} == {"synthetic"}


@pytest.mark.parametrize(("recorded", "is_marked"), [("real", False), ("synthetic", True)])
def test_generated_records_mark_the_page_of_real_answers(tmp_path: Path, recorded: str, *, is_marked: bool) -> None:
    made = published(tmp_path, origin="real", recorded=recorded)
    assert (SYNTHETIC_MARK.nl in (made.internal / "supervision.html").read_text(encoding="utf-8")) == is_marked
    assert (SYNTHETIC_MARK.nl in (made.internal / "supervision" / "flow.svg").read_text(encoding="utf-8")) == is_marked


def test_risks_have_the_respondents_for_base(page: str) -> None:
    risks = words(table(page, "risks"))
    assert "(n = 2)" in risks
    assert risks.endswith(
        "Geen mogelijk risico 0 0% Alleen LEA 0 0% Alleen vve 0 0% LEA en vve 1 50% Niet te beoordelen 1 50%"
    )


def test_a_rule_is_shown_with_its_threshold_its_ground_and_its_signals(page: str) -> None:
    rules = words(table(page, "rules"))
    assert "(n = 3)" in rules
    assert "LEA: Geen &lt;afspraken&gt; Rust op: WPO lea_none 2 van 3 antwoorden 1 1 1" in rules
    assert "vve: Te weinig plaatsen te bevestigen Rust op: §2.2 vve_none – 1 0 2 waarvan met vragenlijst: 1" in rules


def test_what_nobody_has_confirmed_for_the_year_says_so(page: str) -> None:
    assert words(table(page, "rules")).count("te bevestigen") == 1
    assert "regels: 1 van 2" in words(page)
    assert "stappen" not in words(page)  # all of them are confirmed


def test_a_contact_municipality_is_shown_with_criteria_and_reasons_of_its_domain(page: str) -> None:
    contacts = words(table(page, "contacts"))
    assert "(n = 2 van 3)" in contacts
    assert "GM0001 vve Een risico; Geen vragenlijst Te weinig plaatsen kindplaatsen: 1; doelgroeppeuters: 2" in contacts
    assert "GM0003 vve Geen vragenlijst –" in contacts
    assert "municipalities/" not in page  # this warehouse has no pages of municipalities to lead to
    assert "Geen &lt;afspraken&gt;" not in contacts  # a risk for the LEA, about which it is not contacted
    assert words(table(page, "criteria")).endswith("vve: Een risico Rust op: §3 1 vve: Geen vragenlijst Rust op: §3 1")


def test_an_open_case_is_shown_with_its_age_to_the_newest_record(page: str) -> None:
    assert "(n = 1 van 2 zaken)" in words(table(page, "open"))
    assert words(table(page, "open")).endswith("GM0003 vve 2023-09-04 Geen risico (meer), 2023-09-13 26 17")
    assert "Gerekend tot de datum van de nieuwste vastlegging, 2023-09-30." in words(page)


def test_the_lists_can_be_opened_by_programs_and_run_nothing_in_a_spreadsheet(edition: EditionResult) -> None:
    risks = read_csv(edition.internal / "supervision" / "risk_list.csv")
    assert list(risks[0]) == RISK_LIST_COLUMNS
    assert [(row["municipality_code"], row["rule"], row["is_selected"]) for row in risks] == [
        ("GM0001", "lea_none", "false"),
        ("GM0001", "vve_none", "true"),
    ]
    assert risks[0]["evidence"] == "'=L3a=no, L3b=no"
    cases = read_csv(edition.internal / "supervision" / "cases.csv")
    assert list(cases[0]) == CASE_COLUMNS
    assert [(row["municipality_name"], row["selected_by"], row["closed_on"], row["age_days"]) for row in cases] == [
        (MARKUP, "vve_any, silent", "2023-09-20", "16"),
        ("'=1+1", "", "", "26"),
    ]


def test_the_files_are_described(edition: EditionResult) -> None:
    package = json.loads((edition.internal / "datapackage.json").read_text(encoding="utf-8"))
    fields = {
        r["path"]: {f["name"]: f["type"] for f in r.get("schema", {}).get("fields", [])} for r in package["resources"]
    }
    assert list(fields["supervision/risk_list.csv"]) == RISK_LIST_COLUMNS
    assert list(fields["supervision/cases.csv"]) == CASE_COLUMNS
    assert fields["parquet/rpt_cases.parquet"]["selected_by"] == "array"
    assert fields["supervision/cases.csv"]["selected_by"] == "string"
    assert "supervision.html, supervision.en.html, supervision/" in (edition.internal / "README.txt").read_text(
        encoding="utf-8"
    )


def test_the_same_marts_give_the_same_bytes(tmp_path: Path, edition: EditionResult) -> None:
    again = published(tmp_path)
    for name in (
        *(f"supervision/flow{language}.{suffix}" for language in ("", ".en") for suffix in ("svg", "png")),
        "supervision/risk_list.csv",
        "supervision/cases.csv",
    ):
        assert (again.internal / name).read_bytes() == (edition.internal / name).read_bytes()


@pytest.mark.parametrize("damage", [None, "delete from rpt_supervision_flow", "drop table rpt_risk_list"])
def test_without_a_risk_analysis_there_is_none_of_it(tmp_path: Path, damage: str | None) -> None:
    if damage:
        warehouse = supervised(tmp_path, "synthetic", "synthetic")
        with duckdb.connect(warehouse) as connection:
            connection.execute(damage)
    else:
        warehouse = Warehouse(left_out=FIGURES).write(tmp_path / "warehouse.duckdb")
    made = publish(warehouse, tmp_path / "editions")
    assert [name for name in made.files if "/supervision" in name] == []
    assert 'href="supervision' not in (made.internal / "index.html").read_text(encoding="utf-8")
    assert "supervision" not in (made.internal / "README.txt").read_text(encoding="utf-8")


# --- the figure -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "language", "of"), [("flow.svg", "nl", "van"), ("flow.en.svg", "en", "of")])
def test_the_figure_holds_its_numbers_as_text_and_describes_itself(
    edition: EditionResult, name: str, language: str, of: str
) -> None:
    svg = ElementTree.fromstring((edition.internal / "supervision" / name).read_text(encoding="utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    texts = [text.text for text in svg.iter(f"{space}text")]
    assert any(text and text.startswith(f"2 {of} 3") for text in texts)
    assert "LEA 1/3 · vve 1/3" in texts
    assert f"{language.upper()} selected" in texts
    described = svg.findtext(f"{space}desc") or ""
    assert svg.findtext(f"{space}title")
    assert f"{language.upper()} selected: 2 {of} 3" in described
    ids = {element.get("id") for element in svg.iter()}
    assert set((svg.get("aria-labelledby") or "").split()) <= ids
