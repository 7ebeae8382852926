"""The questionnaire registry: what the four years ask, of whom, and how a mistake in a questionnaire is reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assets.base.errors import BadInput
from assets.questionnaires.loader import FILE_NAME, load_questionnaire, load_questionnaires, survey_years
from assets.questionnaires.model import Question, Questionnaire

QUESTIONNAIRES = Path(__file__).parents[3] / "data" / "questionnaires"
YEARS = (2020, 2021, 2022, 2023)
TOPIC_NUMBERS = [f"{number:02d}" for number in range(1, 44)]

TOPIC_IDS = " ".join(f"{step}21_{topic}" for step in "ADB" for topic in TOPIC_NUMBERS)
THEME_IDS = " ".join(f"L{number}{theme}" for number in range(1, 9) for theme in "abcd")
QUESTION_IDS = {
    2020: "N20_1 N20_2 N20_3 N20_4 N20_5 N20_6 N20_7 N20_8 N20_9 N20_10 N20_11a N20_11b P20_1 P20_2 P20_3",
    2021: f"L21_1 L21_2 L21_3 L21_4 {TOPIC_IDS} P21_1 P21_2 P21_3",
    2022: "L22_1 D22_1 D22_4 P22_1 P22_2 P22_3",
    2023: f"{THEME_IDS} L9 D1 D2 D3 D4 T1 T2 T3 G1 G2 G3 R1 R2 R3 R4 R5 "
    "S1 S2 S3 S4_1 S4_2 S4_3 S4_4 S4_5 S5 S6 S7 S8 S9 X1",
}
WITH_OPEN_TEXT = {
    2020: "N20_4 N20_10",
    2021: "L21_2 L21_4",
    2022: "",
    2023: "L2a L2b L2c L2d L4a L4b L4c L4d L6a L6b L6c L6d L8a L8b L8c L8d D3 T3 G3 R4 R5 S2 S6 S7 S8",
}

# thema2022, tables 4.1.1a, 4.1.1b and 4.2.1a, from top to bottom.
TOPICS = """\
Doorgaande lijn
Overdrachtsprotocol voorschoolse opvang naar basisonderwijs
Kindvolgsysteem
Voorrang bij plaatsing van ve-kinderen in het primair onderwijs
Bereik en toeleiding
Doelgroepbepaling
Afspraken over indicatie en toeleiding
Indicering
Toegankelijkheid voorscholen voor alle peuters
Vroegsignalering
Aantal kindplaatsen
Wachtlijsten
Aanbod
Resultaatafspraken
Ouderbeleid
Scholing
Schakel- en taalklassen
Leesstimulering
Extra taalonderwijs
Vakantie (voor)scholen, zoals zomerscholen
Doorgaande (leerlijn) voorschool naar basisschool en van basisschool naar voortgezet onderwijs
Samenwerking met bibliotheken
Evaluatie activiteiten consultatiebureau/Jeugdgezondheidszorg
Integraal Kind Centrum
Evaluatie activiteiten GGD
Brede school
Preventie jeugdzorg
Ouderbetrokkenheid
Begeleiding van ouders en kinderen bij de schoolkeuze
Jeugdcoach
Huiswerkondersteuning
Spreiding van doelgroepkinderen over de gemeente
Spreiding van nieuwkomerskinderen over de gemeente
Spreiding van statushouders over de gemeente
Heterogene voorschoolse groepen met doelgroepkinderen en niet-doelgroepkinderen in één groep
Spreiding van de basisscholen over de wijken in de gemeente
Verscherpt toelatingsbeleid
Centrale aanmelding basisonderwijs
Werken met een evenredige verdeling van (doelgroep)kinderen in het voortgezet onderwijs
Passend onderwijs
Integraal jeugdbeleid
Zorgen voor veilige woonomgeving
Aanbod om cohesie te vergroten""".splitlines()

# Each question that is not asked of everyone, and of whom; the open texts and the grids have tests of their own.
ROUTED = {
    (2021, "L21_2"): {"question": "L21_1", "is": ("3",)},
    (2021, "L21_3"): {"question": "L21_1", "is": ("1", "2")},
    (2021, "L21_4"): {"question": "L21_1", "is": ("1", "2")},
    (2022, "D22_4"): {"question": "D22_1", "is": ("1",)},
    (2023, "D2"): {"question": "D1", "is": ("2",)},
    (2023, "D3"): {"question": "D2", "is": ("1",)},
    (2023, "D4"): {"question": "D1", "is": ("1",)},
    (2023, "T2"): {"question": "T1", "is": ("2",)},
    (2023, "T3"): {"question": "T2", "is": ("1",)},
    (2023, "G2"): {"question": "G1", "is": ("2",)},
    (2023, "G3"): {"question": "G2", "is": ("1",)},
    (2023, "R4"): {"question": "R2", "below": "R1"},
    (2023, "R5"): {"question": "R3", "below": "R1"},
    (2023, "S2"): {"question": "S1", "is": ("1",)},
    (2023, "S3"): {"question": "S1", "is": ("1",)},
    (2023, "S5"): {"question": "S1", "is": ("1",)},
    (2023, "S6"): {"question": "S1", "is": ("1",)},
    (2023, "S7"): {"question": "S6", "is": ("2", "3")},
    (2023, "S8"): {"question": "S1", "is": ("1",)},
    (2023, "S9"): {"question": "S1", "is": ("1",)},
}
THEME_ROUTED = {
    "L2": ("L1", "2"),
    "L3": ("L1", "1"),
    "L4": ("L3", "3"),
    "L6": ("L5", "2"),
    "L7": ("L5", "1"),
    "L8": ("L7", "8"),
}


@pytest.fixture(scope="module")
def registry() -> dict[int, Questionnaire]:
    return load_questionnaires(QUESTIONNAIRES)


def routing(question: Question) -> dict[str, object] | None:
    return question.routing.model_dump(by_alias=True, exclude_none=True) if question.routing else None


def options(question: Question) -> dict[str, str]:
    return {option.code: option.label.nl for option in question.options}


# ---- What the four years ask


def test_the_four_survey_years_load(registry: dict[int, Questionnaire]) -> None:
    assert tuple(registry) == YEARS
    for year, questionnaire in registry.items():
        assert questionnaire.survey_year == year
        assert questionnaire.reference_year == year - 1
        assert questionnaire.register_date.isoformat() == f"{year}-01-01"
        assert (questionnaire.status, questionnaire.origin) == ("final", "synthetic")


@pytest.mark.parametrize("year", YEARS)
def test_every_question_is_there_and_no_other(registry: dict[int, Questionnaire], year: int) -> None:
    ids = [question.id for question in registry[year].questions]
    open_texts = [f"{question_id}_open" for question_id in WITH_OPEN_TEXT[year].split()]
    assert sorted(ids) == sorted([*QUESTION_IDS[year].split(), *open_texts])


@pytest.mark.parametrize("step", ["A", "D", "B"])
def test_the_43_topics_are_in_the_order_of_the_tables(registry: dict[int, Questionnaire], step: str) -> None:
    grid = [q for q in registry[2021].questions if re.fullmatch(rf"{step}21_\d\d", q.id)]
    assert [q.id for q in grid] == [f"{step}21_{number}" for number in TOPIC_NUMBERS]
    assert [q.wording.nl.split("? ", 1)[1] for q in grid] == TOPICS
    assert len({q.item for q in grid}) == 43


def test_only_wording_that_a_report_prints_is_called_verbatim(registry: dict[int, Questionnaire]) -> None:
    verbatim = {
        q.id: q.wording.nl for questionnaire in registry.values() for q in questionnaire.questions if q.evidence == "V"
    }
    assert verbatim == {
        "N20_1": "Is de samenwerking tussen de gemeenten en de netwerkpartners formeel vastgelegd, bijvoorbeeld in "
        "een of "
        "meerdere convenanten?",
        "N20_2": "Zijn de structuren van het netwerk formeel vastgelegd, bijvoorbeeld in convenanten?",
        "N20_3": "Zijn de visies en de doelen van het onderwijsachterstandenbeleid concreet en expliciet vastgelegd, "
        "bijvoorbeeld in convenanten?",
    }


@pytest.mark.parametrize(
    ("year", "question_id", "expected"),
    [
        (2020, "N20_2", {"1": "Ja", "2": "Min of meer", "3": "Nee"}),
        (
            2023,
            "D2",
            {
                "1": "Er was geen overleg",
                "2": "Er was overleg en de doelgroepdefinitie voldeed nog",
                "3": "Er was overleg en de doelgroepdefinitie moest worden aangepast, maar dat is nog niet gebeurd",
                "4": "We hebben geen doelgroepdefinitie voor peuters nodig",
            },
        ),
        (
            2023,
            "G3",
            {
                "1": "De doorgaande lijn is niet relevant in onze gemeente",
                "2": "We hebben geen capaciteit",
                "3": "De doorgaande lijn wordt door andere partijen opgepakt",
                "4": "Er lopen al afspraken over de doorgaande lijn, dus overleg is niet meer nodig",
                "5": "Gezien de situatie in de gemeenten is het niet nodig overleg te voeren over de doorgaande lijn",
                "9": "Anders",
            },
        ),
    ],
)
def test_options_carry_the_printed_labels(
    registry: dict[int, Questionnaire], year: int, question_id: str, expected: dict[str, str]
) -> None:
    assert options(registry[year].question(question_id)) == expected


@pytest.mark.parametrize(("year", "question_id"), [(2022, "D22_4"), (2023, "D4")])
def test_a_definition_has_the_nine_indicators_of_footnote_9(
    registry: dict[int, Questionnaire], year: int, question_id: str
) -> None:
    question = registry[year].question(question_id)
    assert question.concept == "definition_indicators"
    assert question.option_codes == list("123456789")
    assert options(question) == options(registry[2023].question("D4"))


def test_all_but_the_routed_questions_are_asked_of_everyone(registry: dict[int, Questionnaire]) -> None:
    routed = {
        (year, q.id): routing(q)
        for year, questionnaire in registry.items()
        for q in questionnaire.questions
        if q.routing is not None and not q.id.endswith("_open") and not re.match(r"[DB]21_\d\d|L\d[abcd]|S4_", q.id)
    }
    assert routed == ROUTED


def test_topics_are_a_chain_agreement_goal_goal_reached(registry: dict[int, Questionnaire]) -> None:
    for number in TOPIC_NUMBERS:
        assert routing(registry[2021].question(f"A21_{number}")) is None
        assert routing(registry[2021].question(f"D21_{number}")) == {"question": f"A21_{number}", "is": ("1",)}
        assert routing(registry[2021].question(f"B21_{number}")) == {"question": f"D21_{number}", "is": ("1",)}


@pytest.mark.parametrize("theme", list("abcd"))
def test_themes_are_routed_on_their_own_theme_and_goals_on_nothing(
    registry: dict[int, Questionnaire], theme: str
) -> None:
    year = registry[2023]
    assert routing(year.question(f"L1{theme}")) is None
    assert routing(year.question(f"L5{theme}")) is None
    for name, (on, code) in THEME_ROUTED.items():
        assert routing(year.question(f"{name}{theme}")) == {"question": f"{on}{theme}", "is": (code,)}


@pytest.mark.parametrize(("number", "area"), list(zip("12345", "12349", strict=True)))
def test_the_content_of_agreements_is_asked_per_area_that_was_named(
    registry: dict[int, Questionnaire], number: str, area: str
) -> None:
    question = registry[2023].question(f"S4_{number}")
    assert routing(question) == {"all": ({"question": "S1", "is": ("1",)}, {"question": "S3", "is": (area,)})}
    label = options(registry[2023].question("S3"))[area]
    assert label.lower() in question.wording.nl


def test_every_other_namely_has_an_open_text_of_its_own(registry: dict[int, Questionnaire]) -> None:
    for year, questionnaire in registry.items():
        with_other = {q.id for q in questionnaire.questions if any(o.key == "other" for o in q.options)}
        # S3: 'Waarover is niet verder uitgevraagd' (landelijk2023 r.1486-1487).
        assert with_other - {"S3"} == set(WITH_OPEN_TEXT[year].split())
        for name in WITH_OPEN_TEXT[year].split():
            other = next(option.code for option in questionnaire.question(name).options if option.key == "other")
            open_text = questionnaire.question(f"{name}_open")
            assert open_text.answer_type == "text"
            assert routing(open_text) == {"question": name, "is": (other,)}


def test_the_three_counts_measure_the_same_every_year(registry: dict[int, Questionnaire]) -> None:
    prefix = {2020: "P20_", 2021: "P21_", 2022: "P22_", 2023: "R"}
    for year, questionnaire in registry.items():
        for number, concept in enumerate(("target_toddlers", "places", "reached_toddlers"), 1):
            question = questionnaire.question(f"{prefix[year]}{number}")
            assert (question.concept, question.answer_type, question.routing) == (concept, "count", None)
            assert question.range is not None
            assert (question.range.min, question.range.max) == (0, 100_000)
            assert question.comparability.status == ("new" if year == 2020 else "same")


def test_comparability_agrees_with_the_concepts_of_the_year_before(registry: dict[int, Questionnaire]) -> None:
    before: set[str] = set()
    for questionnaire in registry.values():
        for question in questionnaire.questions:
            assert (question.comparability.status == "new") == (question.concept not in before), question.id
        before = {question.concept for question in questionnaire.questions}


def test_a_concept_and_its_item_appear_once_in_a_year(registry: dict[int, Questionnaire]) -> None:
    for questionnaire in registry.values():
        measured = [(question.concept, question.item) for question in questionnaire.questions]
        assert len(measured) == len(set(measured))


def test_the_base_of_2020_is_who_also_answered_in_2021(registry: dict[int, Questionnaire]) -> None:
    population = registry[2020].analysis_population
    assert population is not None
    assert (population.key, population.answered_in) == ("answered_2020_and_2021", (2020, 2021))
    assert all(registry[year].analysis_population is None for year in YEARS[1:])


# ---- How the four exports look


def test_every_year_has_its_own_file_format(registry: dict[int, Questionnaire]) -> None:
    looks = {
        year: [(d.format, d.sheet, d.header_row) for d in questionnaire.deliveries]
        for year, questionnaire in registry.items()
    }
    assert looks == {
        2020: [("csv", None, 1)],
        2021: [("xlsx", "Data", 5)],
        2022: [("sav", None, 1)],
        2023: [("xlsx", "Antwoorden", 1), ("xlsx", "Antwoorden", 1)],
    }
    csv = registry[2020].deliveries[0]
    assert (csv.encoding, csv.delimiter) == ("cp1252", ";")


def test_columns_are_named_as_each_export_can_name_them(registry: dict[int, Questionnaire]) -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,63}", column) for column in registry[2022].columns)
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", column) for column in registry[2020].columns)
    assert {"V01_afspraken", "V43_behaald", "LEA_partner_99"} <= set(registry[2021].columns)
    assert {"R1 Aantal doelgroeppeuters", "D3 Reden geen overleg doelgroepdefinitie [9]"} <= set(registry[2023].columns)
    for questionnaire in registry.values():
        assert len(questionnaire.columns) == len(set(questionnaire.columns))
        assert max(map(len, questionnaire.columns)) <= 64


def test_cells_that_the_instrument_lost_have_a_code_of_their_own(registry: dict[int, Questionnaire]) -> None:
    assert registry[2021].missing.by_code() == {"-9": "no_answer", "-8": "not_available", "-7": "not_collected"}


# ---- The short hands

SMALL = """\
survey_year: 2024
reference_year: 2023
title: {nl: Vragenlijst, en: Questionnaire}
status: open
origin: real
register_date: 2024-01-01
key_columns: {municipality_code: code, municipality_name: name}
missing:
  no_answer: [-9]
deliveries:
  - {number: 1, path: first.csv, format: csv, received_on: 2024-05-01, sha256: SHA}
lists:
  themes:
    - {code: 01, key: first, nl: eerste, en: first, extra: x1}
    - {code: 02, key: second, nl: tweede, en: second, extra: x2}
option_sets:
  yes_no:
    - {code: 1, key: yes, label: {nl: Ja, en: Yes}}
    - {code: 2, key: no, label: {nl: Nee, en: No}}
questions:
  - id: A{item}
    over: themes
    concept: consultation
    section: consultation
    answer_type: single
    wording: {nl: 'Overleg over {item_nl}?', en: 'Consultation on {item_en}?'}
    evidence: A
    source: none
    column: A_{item_extra}
    options: yes_no
    comparability: {status: new}
  - id: B
    concept: why
    section: consultation
    answer_type: multiple
    wording: {nl: Waarom?, en: Why?}
    evidence: A
    source: none
    columns: B_{code}
    options:
      - {code: 1, key: capacity, label: {nl: Capaciteit, en: Capacity}}
      - {code: 9, key: other, label: {nl: Anders, en: Other}}
    routing: {question: A01, is: [2]}
    comparability: {status: new}
  - id: C
    concept: target_toddlers
    section: numbers
    answer_type: count
    wording: {nl: Hoeveel?, en: How many?}
    evidence: A
    source: none
    column: C
    range: {min: 0, max: 100}
    comparability: {status: new}
""".replace("SHA", "0" * 64)


def write(folder: Path, text: str, year: str = "2024") -> Path:
    (folder / year).mkdir(exist_ok=True)
    (folder / year / FILE_NAME).write_text(text, encoding="utf-8")
    return folder / year


def test_over_a_list_writes_one_question_an_entry(tmp_path: Path) -> None:
    questionnaire = load_questionnaire(write(tmp_path, SMALL))
    assert [q.id for q in questionnaire.questions] == ["A01", "A02", "B", "C"]
    assert [q.item for q in questionnaire.questions] == ["first", "second", None, None]
    assert questionnaire.question("A02").wording.model_dump() == {
        "nl": "Overleg over tweede?",
        "en": "Consultation on second?",
    }
    assert questionnaire.columns == ["code", "name", "A_x1", "A_x2", "B_1", "B_9", "C"]


def test_values_stay_as_they_are_written(tmp_path: Path) -> None:
    """Plain YAML would make a number of 01 and a truth value of Yes."""
    question = load_questionnaire(write(tmp_path, SMALL)).question("A01")
    assert [(o.code, o.key, o.label.en) for o in question.options] == [("1", "yes", "Yes"), ("2", "no", "No")]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    folder = write(tmp_path, SMALL)
    assert load_questionnaire(folder).status == "open"
    write(tmp_path, SMALL.replace("status: open", "status: provisional"))
    assert load_questionnaire(folder).status == "provisional"


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    folder = write(tmp_path, "\ufeff" + SMALL)
    assert load_questionnaire(folder).survey_year == 2024


def test_years_are_the_folders_that_hold_a_questionnaire(tmp_path: Path) -> None:
    write(tmp_path, SMALL)
    (tmp_path / "2025").mkdir()
    (tmp_path / "drafts").mkdir()
    assert survey_years(tmp_path) == [2024]


# ---- Mistakes: what, on which line, and the remedy

MISTAKES = {
    "bad YAML": ("status: open", "status: [open", "origin", "not valid YAML"),
    "a field twice": ("status: open", "status: open\nstatus: final", "status: final", "'status' appears twice"),
    "unknown field": (
        "reference_year: 2023",
        "year: 2023\nreference_year: 2023",
        "year: 2023",
        "'year' is not a field",
    ),
    "unknown field of a question": ("    column: C", "    colunm: C", "colunm", "Question C: 'colunm' is not a field"),
    "missing wording": (
        "    wording: {nl: Hoeveel?, en: How many?}\n",
        "",
        "- id: C",
        "Question C: 'wording' is missing",
    ),
    "missing English": (
        "{nl: Hoeveel?, en: How many?}",
        "{nl: Hoeveel?}",
        "{nl: Hoeveel?}",
        "Question C, wording: 'en' is missing",
    ),
    "empty wording": ("nl: Hoeveel?", "nl: ''", "nl: ''", "Question C, wording.nl"),
    "unknown option set": ("options: yes_no", "options: yes_nee", "yes_nee", "no option set 'yes_nee'"),
    "unknown list": ("over: themes", "over: topics", "over: topics", "no list 'topics'"),
    "incomplete list entry": ("nl: tweede, ", "", "key: second", "Entry 2 of list 'themes' is not complete"),
    "list that is none": (
        "  yes_no:\n    -",
        "  yes_no: x\n  more:\n    -",
        "option_sets:",
        "not a set of named lists",
    ),
    "place that nothing fills": ("A_{item_extra}", "A_{item_short}", "A_{item_short}", "{item_short}' has a place"),
    "place without a list": (
        "column: C\n",
        "column: C{item}\n",
        "column: C{item}",
        "'C{item}' has a place that nothing",
    ),
    "error in an option set": (
        "{nl: Nee, en: No}",
        "{nl: Nee}",
        "{nl: Nee}",
        "Question A01, options.1.label: 'en' is miss",
    ),
    "routing on an unknown question": (
        "question: A01",
        "question: A03",
        "question: A03",
        "routed on A03, which does not",
    ),
    "routing on a later question": (
        "{question: A01, is: [2]}",
        "{question: C, is: [2]}",
        "question: C,",
        "routed on C, which",
    ),
    "routing on an unknown option": ("is: [2]", "is: [3]", "is: [3]", "A01 = 3: no such option"),
    "routing below a choice": ("is: [2]", "below: A02", "below: A02", "compares A01, which is not a count"),
    "routing of no form": ("{question: A01, is: [2]}", "{question: A01}", "{question: A01}", "a condition is one of"),
    "routing of two forms": ("is: [2]}", "is: [2], below: A02}", "below: A02", "a condition is one of"),
    "routing on no code": ("is: [2]", "is: []", "is: []", "Question B, routing.is"),
    "double column": (
        "column: C\n",
        "column: B_9\n",
        "column: B_9",
        "column B_9 of question C is already used for question B",
    ),
    "column of the key": ("column: C\n", "column: name\n", "column: name", "already used for the municipality"),
    "double question": ("- id: C", "- id: B", "- id: B\n    concept: target", "question B appears more than once"),
    "double option code": ("{code: 9,", "{code: 1,", "- id: B", "option code 1 appears more than once"),
    "wrong year": (
        "survey_year: 2024",
        "survey_year: 2023",
        "survey_year",
        "says survey_year 2023, its folder says 2024",
    ),
    "year that is no number": ("survey_year: 2024", "survey_year: soon", "survey_year", "survey_year: Input should be"),
    "date that does not exist": (
        "register_date: 2024-01-01",
        "register_date: 2024-13-01",
        "register_date",
        "register_date",
    ),
    "missing code that is an option": (
        "[-9]",
        "[-9, 9]",
        "    options:\n      - {code: 1, key: cap",
        "has option 9, which",
    ),
    "missing code of a question that is its option": (
        "    columns: B_{code}\n",
        "    columns: B_{code}\n    missing: {no_answer: [9]}\n",
        "    options:\n      - {code: 1, key: cap",
        "question B has option 9, which",
    ),
    "asked from a delivery that is not there": (
        "    columns: B_{code}\n",
        "    columns: B_{code}\n    asked_from_delivery: 3\n",
        "asked_from_delivery",
        "asked from delivery 3, which is not there",
    ),
    "nothing chosen of a count": (
        "    column: C\n",
        "    column: C\n    nothing_chosen: answered\n",
        "- id: C",
        "speaks of the boxes of a multiple choice",
    ),
    "another text of a box": (
        "{code: 9,",
        "{delivered_as: [Ja], code: 9,",
        "- id: B",
        "a box of a multiple choice says whether it is chosen",
    ),
    "missing code with two reasons": (
        "[-9]",
        "[-9]\n  not_available: [-9]",
        "missing:",
        "-9 is used for more than one",
    ),
    "missing code that is a count": (
        "[-9]",
        "['99']",
        "range:",
        "missing code 99 is also a possible count of question C",
    ),
    "count without a range": ("    range: {min: 0, max: 100}\n", "", "- id: C", "a count has a range"),
    "range that is empty": ("{min: 0,", "{min: 101,", "min: 101", "min 101 is more than max 100"),
    "multiple with one column": ("columns: B_{code}", "column: B", "- id: B", "a multiple choice has 'columns'"),
    "columns without the code": ("columns: B_{code}", "columns: B", "- id: B", "must contain {code}"),
    "changed without a reason": (
        "max: 100}\n    comparability: {status: new}",
        "max: 100}\n    comparability: {status: changed}",
        "status: changed",
        "comparability 'changed' needs a reason",
    ),
    "delivery out of the folder": ("path: first.csv", "path: ../first.csv", "../first.csv", "deliveries.0.path"),
    "delivery numbers": ("number: 1,", "number: 2,", "deliveries:", "deliveries are numbered 1, 2, 3"),
    "file delivered twice": (
        "lists:",
        f"  - {{number: 2, path: first.csv, format: csv, received_on: 2024-06-01, sha256: {'0' * 64}}}\nlists:",
        "deliveries:",
        "file first.csv is delivered more than once",
    ),
    "planned but delivered": ("status: open", "status: planned", "status: planned", "has no deliveries yet"),
    "workbook without a sheet": ("format: csv", "format: xlsx", "format: xlsx", "an xlsx delivery names its sheet"),
    "questions that are no list": (
        "questions:\n",
        "questions: none\nrest:\n",
        "questions: none",
        "questions: Input should",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "at", "what"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_file_line_and_remedy(
    tmp_path: Path, right: str, wrong: str, at: str, what: str
) -> None:
    assert SMALL.count(right) == 1, "the example must be broken in one place"
    text = SMALL.replace(right, wrong)
    folder = write(tmp_path, text)
    with pytest.raises(BadInput) as raised:
        load_questionnaire(folder)
    error = raised.value
    assert what in error.what
    assert error.remedy
    line = text[: text.index(at)].count("\n") + 1
    assert error.where == f"{folder / FILE_NAME}, line {line}"


def test_several_mistakes_are_counted(tmp_path: Path) -> None:
    folder = write(tmp_path, SMALL.replace("    evidence: A\n", ""))
    with pytest.raises(BadInput, match=r"Question A01: 'evidence' is missing \(and 3 more\)"):
        load_questionnaire(folder)


def test_an_unknown_name_says_which_names_there_are(tmp_path: Path) -> None:
    folder = write(tmp_path, SMALL.replace("options: yes_no", "options: no_yes"))
    with pytest.raises(BadInput, match="use one of: yes_no, or define it"):
        load_questionnaire(folder)


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path, SMALL)
    file = folder / FILE_NAME
    file.write_bytes(SMALL.replace("nl: Vragenlijst", "nl: Enquête").encode("cp1252"))
    with pytest.raises(BadInput) as raised:
        load_questionnaire(folder)
    assert raised.value.what == "The questionnaire is not UTF-8"
    assert raised.value.where == f"{file}, line 3"
    assert "UTF-8" in raised.value.remedy


@pytest.mark.parametrize("text", ["", "- just\n- a list\n", "only text"])
def test_a_file_that_is_no_questionnaire_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="is empty"):
        load_questionnaire(write(tmp_path, text))


def test_a_year_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no questionnaire for 2031"):
        load_questionnaire(tmp_path / "2031")


def test_a_folder_without_any_questionnaire_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="lea new-year"):
        load_questionnaires(tmp_path)
