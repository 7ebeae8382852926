"""From delivered rows to answers and quarantine: whose rows they are, which delivery counts, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.answers.answer_tables import Answers, build_answers
from assets.answers.check_definitions import ACCOUNTED
from assets.answers.checks import YearInLake, check_answers
from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import Municipalities, municipalities_on, municipality_code
from assets.answers.municipality_names import GENERIC, plain_words
from assets.answers.row_owners import unknown_names
from assets.answers.schemas import answers_of, quarantine_of
from assets.answers.tables import QUARANTINE
from assets.base.errors import BadInput
from assets.base.lake import write_table
from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import RawDelivery
from assets.raw.readers import CellNote
from assets.registers.loader import load_register
from tests.conftest import SCENARIOS, raw_delivery

DATA = Path(__file__).parents[3] / "data"
Registers = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
Year = tuple[Questionnaire, Municipalities]
MUNICIPALITIES = Municipalities({"GM0363": "Amsterdam", "GM1900": "Súdwest-Fryslân", "GM1979": "Eemsdelta"})

# What people and programs put in cells.
LIKELY = [
    "",
    "0",
    "1",
    "2",
    "01",
    "02",
    "-9",
    "-8",
    "-7",
    "-6",
    "9",
    "12",
    "-3",
    "1,0",
    "nan",
    "NaN",
    "None",
    "<NA>",
    "NULL",
]
ODD = [
    "١٢",
    "²",
    "1e5",
    "9" * 30,
    "9" * 5000,
    "inf",
    "-inf",
    "=1+1",
    "<b>x</b>",
    "\x07",
    "\x1b[31m",
    "\u202eabc",
    "a\nb",
]
CELL = st.one_of(st.sampled_from(LIKELY + ODD), st.text(max_size=12).map(str.strip))
CODE = st.one_of(st.sampled_from(["GM0363", "363", "gm1900", "GM1979 ", "GM0003", "GM9999", "", "x"]), CELL)


def built(questionnaire: Questionnaire, *deliveries: list[dict[str, str]]) -> Answers:
    raw = [raw_delivery(questionnaire, rows, number) for number, rows in enumerate(deliveries, 1)]
    return build_answers(questionnaire, raw, MUNICIPALITIES)


def year_of(questionnaire: Questionnaire, raw: list[RawDelivery], made: Answers) -> YearInLake:
    rows = [{"delivery": r.delivery.number, "source_row": row} for r in raw for row in r.cells.index]
    return YearInLake(questionnaire, pd.DataFrame(rows), made.answers, made.quarantine, len(MUNICIPALITIES.names))


@st.composite
def deliveries(draw: st.DrawFn, questionnaire: Questionnaire) -> list[RawDelivery]:
    """One to three deliveries in which any cell holds anything."""
    column_cells = dict.fromkeys(questionnaire.columns, CELL) | {"gemeentecode": CODE}
    table = st.lists(st.fixed_dictionaries(column_cells), min_size=1, max_size=4)
    tables = draw(st.lists(table, min_size=1, max_size=3))
    return [raw_delivery(questionnaire, rows, number) for number, rows in enumerate(tables, 1)]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.data())
def test_every_delivered_cell_ends_in_answers_or_in_quarantine_once(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    raw = data.draw(deliveries(questionnaire))

    made = build_answers(questionnaire, raw, MUNICIPALITIES)

    places = ["delivery", "source_row", "source_column"]
    whole_rows = made.quarantine[made.quarantine["scope"] == "row"]
    found = pd.concat([made.answers[places].astype({"source_column": "str"}), whole_rows[places]])
    delivered = {
        (r.delivery.number, row, column)
        for r in raw
        for row in r.cells.index
        for column in set(questionnaire.columns) - {"gemeentecode", "gemeente"}
    }
    assert len(found) == len(delivered) == made.delivered_cells
    assert set(found.itertuples(index=False, name=None)) == delivered
    # What is invalid keeps its original text.
    invalid = made.answers.loc[made.answers["status"] == "invalid", places].astype({"source_column": "str"})
    kept = made.quarantine[made.quarantine["scope"] == "cell"]
    assert set(invalid.itertuples(index=False, name=None)) == set(kept[places].itertuples(index=False, name=None))
    by_number = {r.delivery.number: r.cells for r in raw}
    for line in made.quarantine.to_dict("records"):
        assert line["original_text"] == by_number[line["delivery"]].at[line["source_row"], line["source_column"]]
    # And the checks agree.
    outcomes = {o.definition: o for o in check_answers({2023: year_of(questionnaire, raw, made)})}
    assert outcomes[ACCOUNTED].passed, outcomes[ACCOUNTED].failing
    assert answers_of(questionnaire).misfits(made.answers).empty
    assert quarantine_of(questionnaire).misfits(made.quarantine).empty


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_what_is_made_of_a_file_does_not_hang_on_the_order_of_its_rows(
    questionnaire: Questionnaire, data: st.DataObject
) -> None:
    rows = [
        {
            "gemeentecode": code,
            **data.draw(st.fixed_dictionaries(dict.fromkeys(("overleg", "partner_1", "peuters"), CELL))),
        }
        for code in MUNICIPALITIES.names
    ]
    shuffled = data.draw(st.permutations(rows))

    def answers(of: list[dict[str, str]]) -> set[tuple[object, ...]]:
        frame = built(questionnaire, of).answers.astype("object").drop(columns="source_row")
        return set(frame.where(frame.notna(), None).itertuples(index=False, name=None))

    assert answers(rows) == answers(shuffled)


def test_the_newest_accepted_row_of_a_municipality_counts(questionnaire: Questionnaire) -> None:
    made = built(
        questionnaire,
        [{"gemeentecode": "GM0363", "peuters": "1"}, {"gemeentecode": "GM1900", "peuters": "2"}],
        [{"gemeentecode": "GM0363", "peuters": "3"}],
        [{"gemeentecode": "GM0363", "peuters": "4"}, {"gemeentecode": "363", "peuters": "5"}],
    )

    toddlers = made.answers[made.answers["question_id"] == "R1"]
    current = toddlers[toddlers["is_current"]]
    assert dict(zip(current["municipality_code"], current["number"], strict=True)) == {"GM1900": 2, "GM0363": 3}
    assert len(toddlers) == 3
    assert set(made.quarantine["delivery"]) == {3}
    assert not made.quarantine["is_resolved"].any(), "the third delivery's double rows are newer than what counts"


@pytest.mark.parametrize("blank", [{}, {"peuters": "-9", "plaatsen": "-8"}, {"overleg": "-7"}, {"overleg": "-6"}])
def test_a_row_without_an_answer_replaces_nothing(questionnaire: Questionnaire, blank: dict[str, str]) -> None:
    full, empty = {"gemeentecode": "GM0363", "peuters": "1"}, {"gemeentecode": "GM0363", **blank}

    for deliveries_of_it in ([[full], [empty]], [[full, empty]], [[empty], [full]]):
        made = built(questionnaire, *deliveries_of_it)
        assert made.answers.loc[made.answers["question_id"] == "R1", ["number", "is_current"]].values.tolist() == [
            [1, True]
        ]
        assert set(made.quarantine["rule"]) == {"row_has_an_answer"}


def test_a_row_that_says_something_that_cannot_be_used_is_a_response(questionnaire: Questionnaire) -> None:
    made = built(questionnaire, [{"gemeentecode": "GM0363", "peuters": "veel"}])
    assert set(made.answers["municipality_code"]) == {"GM0363"}


def test_a_planned_year_has_no_answers_yet(questionnaire: Questionnaire) -> None:
    made = build_answers(questionnaire, [], MUNICIPALITIES)

    assert (len(made.answers), len(made.quarantine), made.delivered_cells) == (0, 0, 0)
    assert list(made.quarantine) == list(QUARANTINE.columns)
    assert list(made.answers) == list(built(questionnaire, [{"gemeentecode": "363"}]).answers)


def test_a_delivery_without_any_usable_row(questionnaire: Questionnaire) -> None:
    made = built(questionnaire, [{"gemeentecode": "x"}])
    assert made.answers.empty
    assert set(made.quarantine["rule"]) == {"municipality_is_known"}


@pytest.mark.parametrize("rows", [[], [{"gemeentecode": "363"}], [{"gemeentecode": "363", "peuters": "x"}, {}]])
def test_the_lake_has_the_same_types_whatever_was_answered(
    questionnaire: Questionnaire, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    made = built(questionnaire, rows) if rows else build_answers(questionnaire, [], MUNICIPALITIES)
    write_table(made.answers, tmp_path / "answers.parquet")
    write_table(made.quarantine, tmp_path / "quarantine.parquet")

    def types(name: str) -> dict[str, str]:
        found = duckdb.execute(f"describe from '{tmp_path / name}.parquet'").fetchall()
        return {column: kind for column, kind, *_ in found}

    assert types("answers") == {
        "survey_year": "INTEGER",
        "municipality_code": "VARCHAR",
        "question_id": "VARCHAR",
        "option_code": "VARCHAR",
        "is_asked": "BOOLEAN",
        "status": "VARCHAR",
        "code": "VARCHAR",
        "number": "BIGINT",
        "text": "VARCHAR",
        "delivery": "INTEGER",
        "source_row": "INTEGER",
        "source_column": "VARCHAR",
        "is_current": "BOOLEAN",
        "correction": "VARCHAR",
    }
    whole = {"survey_year": "INTEGER", "delivery": "INTEGER", "source_row": "INTEGER", "is_resolved": "BOOLEAN"}
    assert types("quarantine") == {name: whole.get(name, "VARCHAR") for name in QUARANTINE.columns}


@pytest.mark.parametrize(
    "text", ["GM0363", "gm0363", "0363", "363", "GM363", "GM 0363", " GM0363   ", "363.0", "363,00"]
)
def test_a_municipality_code_in_the_ways_that_files_write_it(text: str) -> None:
    assert municipality_code(text) == "GM0363"


@pytest.mark.parametrize(
    "text", ["", "GM", "Amsterdam", "GM03635", "GM0363 Amsterdam", "36.3", "-363", "٣٦٣", "PV0363"]
)
def test_what_is_not_a_municipality_code(text: str) -> None:
    assert municipality_code(text) is None


@given(st.integers(min_value=0, max_value=9999))
def test_a_municipality_code_is_its_own_normal_form(number: int) -> None:
    assert municipality_code(f"GM{number:04d}") == municipality_code(str(number)) == f"GM{number:04d}"


@given(st.text())
def test_any_text_is_a_municipality_code_or_none(text: str) -> None:
    code = municipality_code(text)
    assert code is None or (len(code) == 6 and code.isascii())


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("GM0363", "AMSTERDAM"),
        ("GM0363", " Gemeente  Amsterdam "),
        ("GM0363", ""),
        ("GM0164", "Hengelo"),
        ("GM0164", "Hengelo (O)"),
        ("GM0164", "Hengelo (Ov.)"),
        ("GM0518", "'s-Gravenhage"),
        ("GM0518", "\u2019s Gravenhage"),
        ("GM0518", "Den Haag"),
        ("GM0820", "Nuenen, Gerwen en Nederwetten"),
        ("GM0820", "Nuenen"),
        ("GM1900", "Sudwest Fryslan"),
        ("GM0373", "Bergen"),
        ("GM0893", "Bergen"),
        ("GM0599", "Rotterdam, afdeling onderwijs"),
        ("GM0363", "Stad Amsterdam"),
        ("GM0758", "Gemeente Breda (onderwijs)"),
        ("GM0310", "De Bilt, team Onderwijs en Jeugd"),
        ("GM0893", "Bergen, onderwijs"),
    ],
)
def test_a_name_in_the_ways_that_files_write_it(of_2023: Year, code: str, name: str) -> None:
    assert named(of_2023, code, name) == (None, None)


@pytest.mark.parametrize(
    ("code", "name", "message"),
    [
        ("GM0363", "Rotterdam", "GM0363 is Amsterdam; the row says 'Rotterdam', which is GM0599"),
        ("GM0373", "Bergen (L.)", "GM0373 is Bergen (NH.); the row says 'Bergen (L.)', which is GM0893"),
        ("GM0363", "Bergen", "GM0363 is Amsterdam; the row says 'Bergen', which is GM0373 or GM0893"),
        ("GM0363", "Appingedam", "GM0363 is Amsterdam; the row says 'Appingedam', which is GM0003"),
        (
            "GM0363",
            "Rotterdam, afdeling onderwijs",
            "GM0363 is Amsterdam; the row says 'Rotterdam, afdeling onderwijs', which is GM0599",
        ),
        ("GM0599", "Stad Amsterdam", "GM0599 is Rotterdam; the row says 'Stad Amsterdam', which is GM0363"),
        (
            "GM0363",
            "Gemeente Breda (onderwijs)",
            "GM0363 is Amsterdam; the row says 'Gemeente Breda (onderwijs)', which is GM0758",
        ),
        (
            "GM0758",
            "breda en best",
            "the name in this row, 'breda en best', is that of GM0753 (Best) and GM0758 (Breda); "
            "each municipality needs a row of its own",
        ),
        (
            "GM0014",
            "Samenwerking Groningen en Almere",
            "the name in this row, 'Samenwerking Groningen en Almere', is that of GM0014 (Groningen) and GM0034 "
            "(Almere); each municipality needs a row of its own",
        ),
    ],
)
def test_a_row_with_the_name_of_another_is_quarantined_whole(of_2023: Year, code: str, name: str, message: str) -> None:
    assert named(of_2023, code, name) == (message, None)


@pytest.mark.parametrize(
    ("code", "name", "message"),
    [
        ("GM0363", "Mokum", "GM0363 is Amsterdam in the register; the row says 'Mokum'"),
        ("GM1979", "Appingedam", "GM1979 is Eemsdelta in the register; the row says 'Appingedam'"),
        (
            "GM0363",
            "Amsterdam Noord en Zuid",
            "GM0363 is Amsterdam in the register; the row says 'Amsterdam Noord en Zuid'",
        ),
        ("GM0758", "Breda, best wel", "GM0758 is Breda in the register; the row says 'Breda, best wel'"),
        ("GM0758", "BREDA, BEST WEL", "GM0758 is Breda in the register; the row says 'BREDA, BEST WEL'"),
        ("GM0363", "Haarlem Meer", "GM0363 is Amsterdam in the register; the row says 'Haarlem Meer'"),
    ],
)
def test_a_name_that_nobody_has_is_only_a_warning(of_2023: Year, code: str, name: str, message: str) -> None:
    assert named(of_2023, code, name) == (None, message)


def test_words_around_a_name_are_no_name_and_hide_none(real_registers: Registers) -> None:
    register, changes, variants = real_registers
    municipalities = municipalities_on(register, changes, variants, date(2023, 1, 1))
    assert [name for name in municipalities.names.values() if set(plain_words(name)) <= GENERIC] == []
    for name in municipalities.names.values():
        whose = municipalities.spelled.whose(name)
        assert municipalities.spelled.whose(f"Gemeente {name}, afdeling onderwijs") == whose, name
        assert municipalities.spelled.several(name) == [], name


def test_a_row_with_anothers_name_is_settled_when_both_delivered_anew(of_2023: Year) -> None:
    questionnaire, municipalities = of_2023
    answer = {questionnaire.questions[0].cells[0][0]: "1"}

    def is_settled(*newer: str) -> bool:
        rows = [[{"Gemeentecode": "GM0303", "Gemeentenaam": "Rotterdam"} | answer]]
        rows += [[{"Gemeentecode": code} | answer] for code in newer]
        raw = [raw_delivery(questionnaire, given, number) for number, given in enumerate(rows, 1)]
        quarantine = build_answers(questionnaire, raw, municipalities).quarantine
        return bool(quarantine.loc[quarantine["rule"] == "name_is_of_the_code", "is_resolved"].all())

    assert [is_settled(), is_settled("GM0303"), is_settled("GM0599")] == [False, False, False]
    assert is_settled("GM0303", "GM0599")


def named(of_2023: Year, code: str, name: str) -> tuple[str | None, str | None]:
    """Why a row with this code and name is quarantined, and the warning about its name."""
    questionnaire, municipalities = of_2023
    first = questionnaire.questions[0]
    raw = raw_delivery(questionnaire, [{"Gemeentecode": code, "Gemeentenaam": name, first.cells[0][0]: "1"}])
    made = build_answers(questionnaire, [raw], municipalities)
    refused = made.quarantine[made.quarantine["scope"] == "row"]
    warned = unknown_names(questionnaire, [raw], municipalities)
    return next(iter(refused["message"]), None), next(iter(warned["message"]), None)


@pytest.fixture(scope="module")
def real_registers() -> Registers:
    registers = DATA / "registers"
    register, changes, variants = (load_register(registers, name) for name in REGISTERS_READ)
    return register, changes, variants


@pytest.fixture(scope="module")
def of_2023(real_registers: Registers) -> Year:
    questionnaire = load_questionnaire(DATA / "questionnaires" / "2023")
    return questionnaire, municipalities_on(*real_registers, questionnaire.register_date)


@pytest.mark.parametrize(
    ("on", "count"),
    [("2020-01-01", 355), ("2021-01-01", 352), ("2022-01-01", 345), ("2022-03-24", 344), ("2023-01-01", 342)],
)
def test_the_register_of_a_date(real_registers: Registers, on: str, count: int) -> None:
    municipalities = municipalities_on(*real_registers, date.fromisoformat(on))
    assert len(municipalities.names) == count
    assert list(municipalities.names) == sorted(municipalities.names)


@pytest.mark.parametrize(
    ("code", "on", "history"),
    [
        ("GM0003", "2023-01-01", "it became GM1979 (Eemsdelta) on 2021-01-01"),
        ("GM0003", "2020-01-01", None),
        ("GM0457", "2022-01-01", None),
        ("GM0457", "2022-03-24", "it became GM0363 (Amsterdam) on 2022-03-24"),
        ("GM0363", "2023-01-01", None),
        ("GM9999", "2023-01-01", None),
        ("GM1979", "2020-01-01", "Eemsdelta exists from 2021-01-01"),
        ("GM1992", "2020-01-01", "Voorne aan Zee exists from 2023-01-01"),
    ],
)
def test_what_became_of_a_code(real_registers: Registers, code: str, on: str, history: str | None) -> None:
    assert municipalities_on(*real_registers, date.fromisoformat(on)).history(code) == history


def test_a_split_municipality_names_all_that_it_became(real_registers: Registers) -> None:
    became = municipalities_on(*real_registers, date(2023, 1, 1)).history("GM0788")
    assert became is not None
    assert [name for name in ("Boxtel", "Oisterwijk", "Tilburg", "Vught") if name not in became] == []


def test_a_code_that_ends_after_it_grew_is_told_with_the_date_on_which_it_ended() -> None:
    register = load_register(SCENARIOS / "registers", "municipalities")
    changes = pd.DataFrame(
        [
            (date(2021, 1, 1), "GM0788", "Haaren", "GM0757", "Boxtel", "absorbed_into_existing"),
            (date(2021, 1, 1), "GM0757", "Boxtel", "GM0757", "Boxtel", "continues_enlarged"),
            (date(2024, 1, 1), "GM0757", "Boxtel", "GM0865", "Vught", "absorbed_into_existing"),
        ],
        columns=["effective_date", "old_code", "old_name", "new_code", "new_name", "kind"],
    )
    variants = load_register(SCENARIOS / "registers", "name_variants")
    on = municipalities_on(register, changes, variants, date(2024, 6, 1))
    assert on.history("GM0757") == "it became GM0865 (Vught) on 2024-01-01"
    assert on.history("GM0788") == "it became GM0865 (Vught) on 2021-01-01"


def test_a_date_before_the_first_register_is_reported(real_registers: Registers) -> None:
    with pytest.raises(BadInput, match="no municipal register of 2018-01-01; the first is of 2019-01-01"):
        municipalities_on(*real_registers, date(2018, 1, 1))


@pytest.mark.slow
@pytest.mark.parametrize("year", [2020, 2021, 2022, 2023])
def test_the_bundled_questionnaires_take_in_an_empty_row_of_every_municipality(
    real_registers: Registers, year: int
) -> None:
    """Nobody answered anything: no cell is invalid, and nobody responded."""
    questionnaire = load_questionnaire(DATA / "questionnaires" / str(year))
    municipalities = municipalities_on(*real_registers, questionnaire.register_date)
    rows = [{questionnaire.key_columns.municipality_code: code} for code in municipalities.names]

    made = build_answers(questionnaire, [raw_delivery(questionnaire, rows)], municipalities)

    assert made.answers.empty
    assert set(made.quarantine["rule"]) == {"row_has_an_answer"}
    assert made.quarantine["source_row"].nunique() == len(municipalities.names)


@pytest.mark.parametrize("column", ["municipality_code", "municipality_name"])
def test_a_row_whose_code_or_name_is_merged_is_nobody_s(questionnaire: Questionnaire, column: str) -> None:
    key = getattr(questionnaire.key_columns, column)
    raw = raw_delivery(questionnaire, [{questionnaire.key_columns.municipality_code: "GM0363", "peuters": "5"}])
    merged = replace(raw, cell_notes={(2, key): CellNote("merged", "A2:A3")})
    made = build_answers(questionnaire, [merged], MUNICIPALITIES)
    assert made.answers.empty
    assert "merged cells A2:A3" in made.quarantine["message"].iloc[0]
