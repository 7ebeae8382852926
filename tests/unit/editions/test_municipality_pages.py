"""The pages of municipalities, from a few rows of the marts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook

from assets.base.errors import BadInput
from assets.base.settings import Signals
from assets.base.texts import Language, Text, file_in, sort_key
from assets.editions.content.imprint import Imprint
from assets.editions.content.mark import SYNTHETIC_MARK, Origin
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content, Rows
from assets.editions.files.csv_files import read_csv
from assets.editions.pages.municipalities.page import Folders, write_municipalities
from assets.editions.pages.municipalities.pictures import heaps_of
from assets.editions.pages.municipalities.reading import read_municipalities
from assets.editions.pages.municipalities.workbook import AnswersWorkbook, OwnAnswer
from tests.municipality_page import NOT_SHOWN, Beside, MunicipalityPage, Row

STAMP = Stamp(2030, 1, datetime(2030, 9, 1, tzinfo=UTC), None, 0)
NAME = "Súd <b>west</b>"
MARTS = """
create table dim_label as select *, 1 as code_no from (values
    ('answer_status', 'answered', 'ingevuld', 'answered'), ('answer_status', 'not_asked', 'niet gevraagd', 'not asked'),
    ('answer_status', 'no_answer', 'niet ingevuld', 'no answer'),
    ('answer_status', 'not_available', 'geen cijfer bekend', 'not available'),
    ('answer_status', 'no_questionnaire', 'geen vragenlijst', 'no questionnaire'), ('domain', 'lea', 'LEA', 'LEA'),
    ('risk', 'lea_only', 'Alleen LEA', 'LEA only'),
    ('risk', 'not_assessable', 'Niet te beoordelen', 'Cannot be assessed'),
    ('exclusion', 'incomplete', 'niet alle aantallen', 'not all counts'),
    ('count', 'target_toddlers', 'doelgroeppeuters', 'target toddlers'),
    ('count', 'places', 'kindplaatsen', 'places'),
    ('count', 'reached_toddlers', 'bereikte doelgroeppeuters', 'target toddlers reached'),
    ('section', 'consultation', 'Overleg', 'Consultation'), ('section', 'goals', 'Doelen', 'Goals'),
    ('section', 'continuous_line', 'Doorgaande lijn', 'Continuous line'),
    ('section', 'supply_and_reach', 'Aanbod', 'Supply'), ('section', 'explanation', 'Toelichting', 'Explanation'),
    ('outcome', 'no_risk', 'geen risico (meer)', 'no risk (any more)')
) as t (vocabulary, code, label_nl, label_en);
create table rpt_municipalities as select 2030 as survey_year, * from (values
    ('GM0001', $name, 'Fryslân', '3', 'Matig stedelijk', 'Moderately urban', 'middle', 'Midden', 'Middle', true, 2,
        'lea_only', 2027, 2029, 'incomplete', [{'nl': 'geen kindplaatsen', 'en': 'no places', 'years': [2028, 2029]}],
        [{'code': 'GM0003', 'name': 'Oud', 'valid_to': date '2029-12-31'}]),
    ('GM0002', 'Aalst', 'Gelderland', null, null, null, null, null, null, false, null,
        'not_assessable', 2027, 2029, null, null, null)
) as t (municipality_code, municipality_name, province, urbanisation_class, urbanisation_label_nl,
urbanisation_label_en,
    disadvantage_group, disadvantage_label_nl, disadvantage_label_en, is_respondent, delivery, risk, panel_from,
    panel_to,
    exclusion_reason, lacks, predecessors);
create table dim_question as select * from (values
    (2030, 'L1', 1, 'lea', 'consultation', 'single', 'Is er <overleg>?', 'Is there <consultation>?'),
    (2030, 'L2', 2, 'topics', 'consultation', 'multiple', 'Waarover?', 'On what?'),
    (2030, 'L3', 3, 'goals', 'goals', 'single', 'Doelen?', 'Goals?'),
    (2030, 'G1', 4, 'line', 'continuous_line', 'single', 'Afspraken?', 'Agreements?'),
    (2030, 'R1', 5, 'target_toddlers', 'supply_and_reach', 'count', 'Hoeveel?', 'How many?'),
    (2030, 'R2', 6, 'places', 'supply_and_reach', 'count', 'Plaatsen?', 'Places?'),
    (2030, 'R3', 7, 'reached_toddlers', 'supply_and_reach', 'count', 'Bereikt?', 'Reached?'),
    (2030, 'X1', 8, 'text', 'explanation', 'text', 'Toelichting', 'Explanation')
) as t (survey_year, question_id, question_position, concept, section, answer_type, wording_nl, wording_en);
create table dim_option as select * from (values
    (2030, 'L1', '1', 1, 'yes', 'Ja', 'Yes'), (2030, 'L1', '2', 2, 'no', 'Nee', 'No'),
    (2030, 'L2', '1', 1, 'a', 'Appels', 'Apples'),
    (2030, 'L2', '2', 2, 'b', 'Peren', 'Pears'), (2030, 'L3', '1', 1, 'yes', 'Ja', 'Yes')
) as t (survey_year, question_id, option_code, option_position, option_key, label_nl, label_en);
create table rpt_municipality_answers as select 'GM0001' as municipality_code, 2030 as survey_year, * from (values
    ('L1', 'answered', ['1'], null), ('L2', 'answered', ['1', '2'], null), ('L3', 'not_asked', [], null),
    ('R1', 'answered', [], 1234), ('R2', 'not_available', [], null), ('R3', 'answered', [], 1000), ('X1', 'no_answer',
    [], null)
) as t (question_id, status, chosen, number);
create table fct_comparisons as select 2030 as survey_year, * from (values
    ('L1', '1', 'total', 'all', 94, 340, true), ('L1', '1', 'urbanisation_class', '3', 83, 23, true),
    ('L1', '1', 'disadvantage_group', 'middle', 95, 169, true),
    ('L1', '1', 'urbanisation_and_disadvantage', '3_middle', 75, 4, false),
    ('L2', '1', 'total', 'all', 10, 300, true), ('L2', '2', 'total', 'all', 20, 299, true)
) as t (question_id, option_code, breakdown, category, percent_0, base, is_shown);
create table rpt_municipality_reach as select * from (values
    ('GM0001', 2029, 2028, 'answered', 10, 'answered', 30, 'answered', 12, 120, true, 82, 217, 83, 10, null, null,
    null, null),
    ('GM0001', 2030, 2029, 'answered', 1234, 'not_available', null, 'answered', 1000, 81, false,
        77, 273, 78, 20, 77, 65, null, 9),
    ('GM0002', 2030, 2029, 'no_questionnaire', null, 'no_questionnaire', null, 'no_questionnaire', null, null, false,
        77, 273, null, null, null, null, null, null)
) as t (municipality_code, survey_year, reference_year, target_toddlers_status, target_toddlers, places_status, places,
    reached_toddlers_status, reached_toddlers, percent, is_above_target, percent_nationally, n_nationally,
    percent_in_class, n_in_class, percent_in_group, n_in_group, percent_in_both, n_in_both);
create table rpt_risk_rules as select 2030 as survey_year, 'none' as rule, 'Geen overleg' as label_nl,
    'No consultation' as label_en;
create table rpt_risk_list as select 2030 as survey_year, 'GM0001' as municipality_code, 'lea' as domain, 'none' as
    rule,
    'Geen overleg' as rule_label_nl, 'No consultation' as rule_label_en,
    [{'code': 'L1=no', 'nl': 'L1: Nee', 'en': 'L1: No'}, {'code': 'L2=no', 'nl': 'L2: Nee', 'en': 'L2: No'}] as
    evidence;
create table fct_risk_signals as select * from (values
    ('GM0001', 2030, 'none', 'lea', 'triggered', null),
    ('GM0002', 2030, 'none', 'lea', 'not_assessable', ['no_answer', 'no_questionnaire'])
) as t (municipality_code, survey_year, rule, domain, signal, not_assessable_reasons);
create table rpt_selection_criteria as select 2030 as survey_year, * from (values
    ('none_at_all', 'Helemaal niets', 'Nothing at all'), ('other', 'Nog iets', 'Something else')
) as t (criterion, label_nl, label_en);
create table rpt_cases as select * from (values
    ('GM0001', 2030, 'lea', ['none_at_all', 'other'], date '2030-09-04', null::date, null, null::date, 40),
    ('GM0002', 2030, 'lea', null, date '2030-09-04', date '2030-09-10', 'no_risk', date '2030-09-12', 8)
) as t (municipality_code, survey_year, domain, selected_by, selected_on, conversation_on, outcome, closed_on,
age_days);
create table rpt_call_list as select 2030 as survey_year, 'GM0001' as municipality_code, 1 as question_no,
    'Klopt 1 < 2?' as ask_nl, 'Is 1 < 2 right?' as ask_en;
create table fct_counts_not_given as select * from (values
    ('GM0001', 2029, 2028, 'target_toddlers', 'no_answer'), ('GM0001', 2030, 2029, 'places', 'not_available'),
    ('GM0002', 2030, 2029, 'places', 'no_questionnaire'), ('GM0002', 2030, 2029, 'reached_toddlers',
    'no_questionnaire'),
    ('GM0002', 2030, 2029, 'target_toddlers', 'no_questionnaire')
) as t (municipality_code, survey_year, reference_year, concept, status);
create table dim_plausibility_rule as select 'jump' as rule, 'Wijkt < af' as label_nl, 'Far < off' as label_en;
create table fct_plausibility as select 'jump' as rule, 1 as rule_no, * from (values
    ('GM0001', 2030, 'warning', null), ('GM0001', 2029, 'confirmed', date '2029-06-20'),
    ('GM0002', 2030, 'confirmed', date '2030-06-20')
) as t (municipality_code, survey_year, status, confirmed_on);
"""


def written(folder: Path, origin: Origin = "synthetic", marts: str = MARTS, signals: Signals = "always") -> Path:
    made(folder, origin, marts, signals)
    return folder / "municipalities"


def made(
    folder: Path,
    origin: Origin = "synthetic",
    marts: str = MARTS,
    signals: Signals = "always",
    stamp: Stamp = STAMP,
    before: Folders | None = None,
) -> Folders:
    nothing = Rows((), ())
    content = Content(reports=(), cells=nothing, category_cells=nothing, reconciliation=nothing, origin=origin)
    folder.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        for statement in marts.split(";\n"):
            connection.execute(statement, {"name": NAME} if "$name" in statement else None)
        return write_municipalities(connection, content, stamp, folder / "municipalities", "main", signals, before)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("edition"))


def page(pages: Path, code: str, language: Language = "nl") -> MunicipalityPage:
    return MunicipalityPage((pages / code / file_in(language, "index.html")).read_text(encoding="utf-8"))


def page_source(pages: Path) -> str:
    return (pages / "GM0001" / "index.html").read_text(encoding="utf-8")


def test_it_says_who_it_is_and_whether_it_answered(pages: Path) -> None:
    assert page(pages, "GM0001").facts == ["GM0001", "Fryslân", "Matig stedelijk", "Midden", "ja (levering 2)"]
    assert page(pages, "GM0001", "en").facts[2:] == ["Moderately urban", "Middle", "yes (delivery 2)"]
    assert page(pages, "GM0002").facts == ["GM0002", "Gelderland", "niet ingedeeld", "niet ingedeeld", "nee"]


def test_an_answer_is_shown_beside_its_groups_and_a_group_under_ten_is_not_shown(pages: Path) -> None:
    assert page(pages, "GM0001").answers["L1"] == [
        Row("Ja", (Beside(94, 340), Beside(83, 23), Beside(95, 169), NOT_SHOWN))
    ]
    nowhere = (NOT_SHOWN,) * 3
    assert page(pages, "GM0001", "en").answers["L2"] == [
        Row("Apples", (Beside(10, 300), *nowhere)),
        Row("Pears", (Beside(20, 299), *nowhere)),
    ]


def test_counts_are_printed_and_missing_answers_say_why(pages: Path) -> None:
    answers = page(pages, "GM0001").answers
    assert answers["R1"] == [Row("1.234", ())]
    assert answers["X1"] == [Row("niet ingevuld", ())]
    assert "L3" not in answers
    assert "L3 Doelen?" in page(pages, "GM0001").text_of("answers")


def test_reach_over_the_years(pages: Path) -> None:
    assert page(pages, "GM0001").reach == {
        2028: ["10", "30", "12", "120% !", "82% 217", "83% 10", "–", "–"],
        2029: ["1.234", "geen cijfer bekend", "1.000", "81%", "77% 273", "78% 20", "77% 65", "– 9"],
    }
    assert "Oud (GM0003, tot en met 2029-12-31)" in page(pages, "GM0001").text_of("predecessors")


def test_its_reach_is_drawn_over_the_years_and_among_the_groups_that_are_shown(pages: Path) -> None:
    source = page_source(pages)
    assert f"Lijngrafiek. {escape(NAME)}: 2028: 120%, 2029: 81%; Landelijk: 2028: 82%, 2029: 77%." in source
    assert "Alle gemeenten: 77% (n = 273); Zelfde stedelijkheid: 78% (n = 20); Zelfde achterstandsgroep: 77%" in source
    assert source.count("<svg") == 2
    assert "<svg" not in (pages / "GM0002" / "index.html").read_text(encoding="utf-8")


def test_a_group_under_ten_is_not_drawn(tmp_path: Path) -> None:
    small = MARTS.replace("77, 273, 78, 20, 77, 65, null, 9),", "77, 273, null, 9, 77, 65, null, 9),")
    assert small != MARTS
    source = page_source(written(tmp_path, marts=small))
    (described,) = set(re.findall(r">(Stippen\..*?)</desc>", source))
    assert "Zelfde achterstandsgroep" in described
    assert "Zelfde stedelijkheid" not in described
    assert not re.search(r"<text[^>]*>Zelfde stedelijkheid</text>", source)


def test_the_others_are_rounded_to_five_points() -> None:
    with duckdb.connect() as connection:
        for statement in MARTS.split(";\n"):
            connection.execute(statement, {"name": NAME} if "$name" in statement else None)
        read = read_municipalities(connection, "main", 2030, "always")
    assert heaps_of(read.members, 2030) == {
        (place, group): {80: 1} for place, group in enumerate(("all", "3", "middle"))
    }


def test_who_did_not_answer_finds_that_said_and_its_history(pages: Path) -> None:
    silent = page(pages, "GM0002")
    assert "heeft de vragenlijst van 2030 niet ingevuld" in silent.text_of("answers")
    assert silent.answers == {}
    assert silent.reach == {2029: [*["geen vragenlijst"] * 3, "–", "77% 273", "–", "–", "–"]}
    assert "LEA: Geen overleg (niet ingevuld, geen vragenlijst)" in silent.text_of("not-assessable")


def test_signals_cases_questions_and_panel(pages: Path) -> None:
    own = page(pages, "GM0001")
    assert own.text_of("assessment") == "Uitkomst van de risicoanalyse: Alleen LEA."
    assert own.text_of("signals") == "LEA: Geen overlegL1: Nee; L2: Nee"
    assert own.text_of("cases").endswith("LEAHelemaal nietsNog iets2030-09-04––open, 40 dagen")
    assert "Klopt 1 < 2?" in own.text_of("questions")
    assert own.text_of("panel").endswith(
        "Niet in het strikte panel: niet alle aantallen; geen kindplaatsen over 2028, 2029."
    )
    silent = page(pages, "GM0002")
    assert silent.text_of("assessment").endswith("Niet te beoordelen; er is geen vragenlijst.")
    assert silent.text_of("cases").endswith("LEA2030-09-042030-09-10geen risico (meer)2030-09-12")
    assert "In het strikte panel" in page(pages, "GM0002").text_of("panel")


@pytest.mark.parametrize(
    ("signals", "known"),
    [
        ("always", {"GM0001": ["lea"], "GM0002": ["lea"]}),
        ("after_contact", {"GM0001": [], "GM0002": ["lea"]}),
        ("never", {"GM0001": [], "GM0002": []}),
    ],
)
def test_it_tells_of_supervision_only_what_the_municipality_may_know(
    tmp_path: Path, signals: Signals, known: dict[str, list[str]]
) -> None:
    """The Inspectorate has spoken with GM0002 about the LEA; GM0001 is selected, but does not know that yet."""
    folder = written(tmp_path / "edition", signals=signals)
    for code, domains in known.items():
        own = page(folder, code)
        assert bool(own.cases) == bool(domains), code
        assert ("pas als de inspectie er met de gemeente over heeft gesproken" in own.text_of("risk")) == (not domains)
    assert bool(page(folder, "GM0001").items("signals")) == (signals == "always")


def test_its_answers_are_a_file_of_its_own(pages: Path) -> None:
    answers = {row["question_id"]: row for row in read_csv(pages / "GM0001" / "answers.csv")}
    assert (answers["R1"]["number"], answers["R1"]["status_label_nl"]) == ("1234", "ingevuld")
    assert answers["L2"]["chosen_labels_en"] == "Apples; Pears"
    assert {row["origin"] for row in answers.values()} == {"synthetic"}
    assert not any("overleg" in row["chosen"] for row in answers.values())


def test_a_count_that_was_not_given_is_open_and_says_why(pages: Path) -> None:
    own = page(pages, "GM0001")
    assert own.items("not-given") == ["Niet opgegeven over 2029: kindplaatsen (geen cijfer bekend)"]
    assert page(pages, "GM0001", "en").items("not-given") == ["Not given about 2029: places (not available)"]
    assert page(pages, "GM0002", "en").items("not-given") == [
        f"Not given about 2029: {count} (no questionnaire)"
        for count in ("target toddlers", "places", "target toddlers reached")
    ]
    assert "Geen." not in own.text_of("questions") + page(pages, "GM0002").text_of("questions")


def test_nothing_is_open_only_where_there_is_neither_a_question_nor_a_count_that_lacks(tmp_path: Path) -> None:
    all_given = MARTS.replace("('GM0001', 2030, 2029, 'places', 'not_available'),", "")
    asked = page(written(tmp_path / "asked", marts=all_given), "GM0001")
    assert "Geen." not in asked.text_of("questions")
    assert "not-given" not in asked.tree.by_id
    no_calls = all_given.replace(
        "'GM0001' as municipality_code, 1 as question_no", "'GM0002' as municipality_code, 1 as question_no"
    )
    content = page(written(tmp_path / "content", marts=no_calls), "GM0001", "en")
    assert content.text_of("questions") == "Open questions about what was given None."


def test_only_the_reached_toddlers_are_compared_under_reach(pages: Path, tmp_path: Path) -> None:
    def compared(own: MunicipalityPage) -> list[str]:
        bodies = {name: body for name, body in own.tree.by_id.items() if name.startswith("question-")}
        return [name for name, body in bodies.items() if "vergeleken bij bereik" in body.text()]

    assert compared(page(pages, "GM0001")) == ["question-R3"]
    unknown = MARTS.replace("('R3', 'answered', [], 1000)", "('R3', 'no_answer', [], null)")
    own = page(written(tmp_path / "unknown", marts=unknown), "GM0001")
    assert compared(own) == []
    assert own.answers["R3"] == [Row("niet ingevuld", ())]


def test_a_questionnaire_without_a_risk_analysis_says_so_and_nothing_of_contact(tmp_path: Path) -> None:
    without = re.sub(r"(create table rpt_cases as .*?);\n", r"\1 limit 0;\n", MARTS, flags=re.DOTALL)
    assert "Geen contact met de inspectie" in page(written(tmp_path / "no_case", marts=without), "GM0002").text_of(
        "risk"
    )
    marts = re.sub(
        r"(create table (?:rpt_risk_list|rpt_cases|fct_risk_signals) as .*?);\n",
        r"\1 limit 0;\n",
        MARTS,
        flags=re.DOTALL,
    )
    bare = written(tmp_path / "bare", marts=re.sub("'(lea_only|not_assessable)', 2027", "null, 2027", marts))
    for code in ("GM0001", "GM0002"):
        assert page(bare, code).text_of("risk").endswith("Van deze vragenlijst is geen risicoanalyse gemaakt.")
        assert page(bare, code, "en").text_of("risk").endswith("No risk analysis was made of this questionnaire.")
        assert "contact" not in page(bare, code).text_of("risk")


def test_a_section_is_called_what_the_questionnaire_calls_it(tmp_path: Path) -> None:
    answered = MARTS.replace("('L3', 'not_asked'", "('G1', 'not_asked'")
    pages = written(tmp_path / "edition", marts=answered)
    assert page(pages, "GM0001").text_of("section-continuous_line") == "Doorgaande lijn"
    assert page(pages, "GM0001", "en").text_of("section-continuous_line") == "Continuous line"


def test_what_it_confirmed_of_this_questionnaire_is_no_question_any_more(pages: Path) -> None:
    assert "confirmed" not in page(pages, "GM0001").tree.by_id
    own = page(pages, "GM0002")
    assert own.text_of("questions").endswith("Wijkt < afbevestigd door de gemeente, 2030-06-20")
    assert page(pages, "GM0002", "en").text_of("confirmed") == "Far < offconfirmed by the municipality, 2030-06-20"


def test_every_text_from_data_is_escaped(pages: Path) -> None:
    html = (pages / "GM0001" / "index.html").read_text(encoding="utf-8")
    assert next(page(pages, "GM0001").tree.root.all("h1")).text() == NAME
    assert "<b>" not in html
    assert "<overleg>" not in html


@pytest.mark.parametrize("file", ["GM0001/index.html", "GM0002/index.html"])
def test_the_mark_is_there_while_answers_are_synthetic(pages: Path, tmp_path: Path, file: str) -> None:
    assert SYNTHETIC_MARK.nl in (pages / file).read_text(encoding="utf-8")
    real = written(tmp_path / "real", "real")
    assert "ynthetisch" not in (real / file).read_text(encoding="utf-8")


def test_the_same_marts_give_the_same_bytes(pages: Path, tmp_path: Path) -> None:
    again = written(tmp_path / "again")
    for file in pages.rglob("*.*"):
        assert file.read_bytes() == (again / file.relative_to(pages)).read_bytes(), file


SECOND = replace(STAMP, version=2, created_at=datetime(2030, 10, 1, tzinfo=UTC), compared_with="2030/v1")
FIRST_CITED, SECOND_CITED = (
    replace(one, imprint=Imprint(Text("Wij", "We"), "w@example.org", None, Text(cited, cited), None, None, False))
    for one, cited in ((STAMP, "versie 1"), (SECOND, "versie 2"))
)


@pytest.mark.parametrize(
    ("was", "becomes", "options", "new_in"),
    [
        ("", "", {}, []),
        ("('R1', 'answered', [], 1234)", "('R1', 'answered', [], 1235)", {}, ["GM0001"]),
        ("'GM0002', 'Aalst', 'Gelderland'", "'GM0002', 'Aalst', 'Limburg'", {}, ["GM0002"]),
        ("'no_risk', date '2030-09-12', 8", "'no_risk', date '2030-09-12', 9", {}, ["GM0002"]),
        ("'answered', 1000, 81, false", "'answered', 1000, 91, false", {}, ["GM0001"]),  # GM0002 has no dots
        ("'total', 'all', 94, 340", "'total', 'all', 93, 340", {}, ["GM0001"]),  # GM0002 answered nothing
        ("'middle', 95, 169", "'low', 95, 169", {}, ["GM0001"]),
        ("'3_middle', 75, 4, false", "'3_middle', 74, 4, false", {}, []),  # not shown
        ("'GM0001' as municipality_code, 1 as question_no", "'GM0001' as municipality_code, 7 as question_no", {}, []),
        ("2030 as survey_year, 'none' as rule", "2030 as survey_year, 99 as triggered, 'none' as rule", {}, []),
        ("'L1', '1', 1, 'yes', 'Ja'", "'L1', '1', 1, 'yes', 'Jawel'", {}, ["GM0001", "GM0002"]),
        ("'ingevuld', 'answered'", "'beantwoord', 'answered'", {}, ["GM0001", "GM0002"]),
        ("", "", {"origin": "real"}, ["GM0001", "GM0002"]),
        ("", "", {"signals": "never"}, ["GM0001", "GM0002"]),
        ("", "", {"signals": "after_contact"}, ["GM0001", "GM0002"]),  # GM0002 has none that it may not know of
        ("", "", {"stamp": replace(SECOND, terms=Text("Alleen u", "Only you"))}, ["GM0001", "GM0002"]),
        ("", "", {"stamp": SECOND_CITED}, ["GM0001", "GM0002"]),  # it had no imprint
    ],
)
def test_a_folder_in_which_nothing_is_new_is_that_of_the_edition_before(
    tmp_path: Path, was: str, becomes: str, options: dict[str, Any], new_in: list[str]
) -> None:
    before = made(tmp_path / "first")
    marts = MARTS.replace(was, becomes)
    after = made(tmp_path / "second", **{"marts": marts, "stamp": SECOND, "before": before, **options})

    assert [*after.new] == new_in
    assert (marts == MARTS) == (was == "")
    for own in before.folder.iterdir():
        is_new = own.name in new_in
        now = after.folder / own.name
        assert {file.name for file in own.iterdir()} == {file.name for file in now.iterdir()}
        taken_over = [file.name for file in own.iterdir() if (now / file.name).samefile(file)]
        assert len(taken_over) == len([*own.iterdir()]) or (is_new and "index.html" not in taken_over)
        html = (now / "index.html").read_text(encoding="utf-8")
        assert f"<dt>Versie</dt><dd>{2 if is_new else 1}</dd>" in html


@pytest.mark.parametrize(("percent", "new_in"), [(60, ()), (62, ("GM0003",)), (70, ("GM0001", "GM0003"))])
def test_a_reach_that_moves_another_dot_is_new_for_whom_it_is_a_dot(
    tmp_path: Path, percent: int, new_in: tuple[str, ...]
) -> None:
    """Dots are at each five points: from 60 to 62 none moves. GM0002 gave no reach, so that its page has none."""
    third = """
    insert into rpt_municipalities select * replace ('GM0003' as municipality_code) from rpt_municipalities limit 1;
    insert into rpt_municipality_reach select * replace ('GM0003' as municipality_code, {} as percent)
        from rpt_municipality_reach where municipality_code = 'GM0001' and survey_year = 2030;
    """
    before = made(tmp_path / "first", marts=MARTS + third.format(60))
    after = made(tmp_path / "second", marts=MARTS + third.format(percent), stamp=SECOND, before=before)
    assert after.new == new_in


def test_another_version_to_cite_makes_no_folder_new(tmp_path: Path) -> None:
    before = made(tmp_path / "first", stamp=FIRST_CITED)
    after = made(tmp_path / "second", stamp=SECOND_CITED, before=before)
    assert after.new == ()
    assert "versie 1" in page_source(after.folder)


def test_nothing_is_written_where_the_marts_are_absent(tmp_path: Path) -> None:
    nothing = Rows((), ())
    content = Content(reports=(), cells=nothing, category_cells=nothing, reconciliation=nothing, origin="real")
    with duckdb.connect() as connection:
        write_municipalities(connection, content, STAMP, tmp_path, "main")
    assert list(tmp_path.iterdir()) == []


def test_names_sort_by_their_letters() -> None:
    names = ["Zwolle", "'s-Gravenhage", "Súdwest-Fryslân", "Stein", "Ede"]
    assert sorted(names, key=sort_key) == ["Ede", "'s-Gravenhage", "Stein", "Súdwest-Fryslân", "Zwolle"]


def test_a_code_that_cannot_name_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.\./oops"):
        written(tmp_path / "edition", marts=MARTS.replace("GM0002", "../oops"))
    assert not (tmp_path / "edition" / "municipalities").exists()


def test_its_answers_are_a_workbook_too_that_is_taken_over_while_they_stay_the_same(tmp_path: Path) -> None:
    answer = OwnAnswer(
        "V1", Text("=Vraag", "=Question"), Text("Ja; Nee", "Yes; No"), 12, Text("beantwoord", "answered")
    )
    above = [Text("Leiden, vragenlijst 2023", "Leiden, survey year 2023"), Text("synthetisch", "synthetic")]
    first, same, other = (tmp_path / name for name in ("first.xlsx", "same.xlsx", "other.xlsx"))
    AnswersWorkbook(above, [answer]).save(first, None)
    AnswersWorkbook(above, [answer]).save(same, first)
    AnswersWorkbook(above, [answer._replace(number=13)]).save(other, first)

    book = load_workbook(first)
    assert book.sheetnames == ["Antwoorden", "Answers"]
    assert book.properties.creator == "LEA/vve-monitor"
    assert book.custom_doc_props["Language"].value == "nl-NL, en-GB"  # type: ignore[attr-defined]
    assert [cell.value for cell in book["Antwoorden"][5]] == ["V1", "=Vraag", "Ja; Nee", 12, "beantwoord"]
    assert book["Answers"]["B5"].data_type == "s"
    assert book["Answers"]["A2"].value == "synthetic"
    assert (same.samefile(first), other.samefile(first)) == (True, False)
    assert load_workbook(other)["Answers"]["D5"].value == 13
