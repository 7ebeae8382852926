"""Dialects: the same answers as each survey tool exports them are the same answers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from pydantic import ValidationError

from assets.answers.answer_tables import Answers, build_answers
from assets.answers.inputs import STAGE
from assets.answers.municipalities import municipalities_of
from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.loader import dialects_beside, load_questionnaire
from assets.questionnaires.model import MissingCodes, Questionnaire
from assets.raw.deliveries import take_in
from tests.conftest import DIALECTS, Lea, bytes_of, raw_delivery
from tests.unit.answers.test_answers import MUNICIPALITIES

BOXES = ("partner_1", "partner_2", "partner_8", "partner_9")
COUNTS = ("peuters", "plaatsen")
CODES = ("overleg", "reden")

#: What four municipalities answered: everything, a part, nobody, and no consultation.
ANSWERS: list[dict[str, str]] = [
    {
        "gemeentecode": "GM0363",
        "gemeente": "Amsterdam",
        "overleg": "1",
        "evaluatie": "01",
        **dict(zip(BOXES, "1100", strict=True)),
        "peuters": "1200",
        "plaatsen": "1300",
        "toelichting": "Tussen de buurten, en erbuiten",
    },
    {
        "gemeentecode": "GM1900",
        "gemeente": "Súdwest-Fryslân",
        "overleg": "1",
        "evaluatie": "02",
        **dict(zip(BOXES, "0010", strict=True)),
        "partner_anders": "Bibliotheek",
        "peuters": "210",
        "plaatsen": "180",
        "reden": "1",
    },
    {
        "gemeentecode": "GM0757",
        "gemeente": "Boxtel",
        "overleg": "1",
        "evaluatie": "",
        **dict(zip(BOXES, "0001", strict=True)),
        "peuters": "-8",
        "plaatsen": "0",
        "reden": "",
    },
    {"gemeentecode": "GM0518", "gemeente": "'s-Gravenhage", "overleg": "2", "evaluatie": "02", "peuters": "-9"},
]
UNSUBMITTED = {"gemeentecode": "GM0757", "gemeente": "Boxtel", "overleg": "2"}
HEADER = [
    *("gemeentecode", "gemeente", "overleg", *BOXES, "partner_anders", "evaluatie", *COUNTS, "reden", "toelichting")
]
LABELS = {"partner_1": "Schoolbesturen", "partner_2": "Kinderopvang", "partner_8": "Anders", "partner_9": "Niemand"}
Row = dict[str, str]


def rows(*more: Row) -> list[Row]:
    return [{column: row.get(column, "") for column in HEADER} for row in (*ANSWERS, *more)]


def write(file: Path, header: list[str], table: list[list[str]], **how: Any) -> Path:
    with file.open("w", newline="", encoding="utf-8-sig") as stream:
        csv.writer(stream, **how).writerows([header, *table])
    return file


def clean(folder: Path) -> Path:
    return write(folder / "levering.csv", HEADER, [list(row.values()) for row in rows()], delimiter=";")


def limesurvey(folder: Path) -> Path:
    """Y or nothing in boxes, ten zero decimals, administration, a response that was broken off."""
    table = []
    for at, row in enumerate(rows(UNSUBMITTED)):
        boxes = {name: "Y" if row[name] == "1" else "" for name in BOXES}
        counts = {name: row[name] and f"{row[name]}.0000000000" for name in COUNTS}
        submitted = "2023-05-01 12:00:00" if at < len(ANSWERS) else ""
        table.append([str(at + 1), submitted, "9", "nl", "17", *{**row, **boxes, **counts}.values()])
    header = ["id", "submitdate", "lastpage", "startlanguage", "seed", *HEADER]
    return write(folder / "results-survey123.csv", header, table, quoting=csv.QUOTE_ALL)


def qualtrics(folder: Path) -> Path:
    """Two more header rows, the option's text or number in its box, administration, an unfinished response."""
    table = [
        ["Start Date", "Finished", "Response ID", *(f"Vraag: {name}?" for name in HEADER)],
        ['{"ImportId":"startDate"}', '{"ImportId":"finished"}', '{"ImportId":"_recordId"}']
        + [f'{{"ImportId":"QID{at}"}}' for at in range(len(HEADER))],
    ]
    for at, row in enumerate(rows(UNSUBMITTED)):
        as_text = at % 2 == 0
        boxes = {
            name: "" if row[name] != "1" else LABELS[name] if as_text else name.removeprefix("partner_")
            for name in BOXES
        }
        consultation = {"1": "Ja", "2": "Nee"}[row["overleg"]] if as_text else row["overleg"]
        finished = "True" if at < len(ANSWERS) else "False"
        table.append(["2023-05-01", finished, f"R_{at}", *{**row, **boxes, "overleg": consultation}.values()])
    return write(folder / "LEA_2023.csv", ["StartDate", "Finished", "ResponseId", *HEADER], table)


def qualtrics_workbook(folder: Path) -> Path:
    import xlsxwriter

    with qualtrics(folder).open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.reader(stream))
    file = folder / "LEA_2023.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("Sheet0")
        for at, row in enumerate(table):
            page.write_row(at, 0, row)
    return file


def spss(folder: Path) -> Path:
    """Numbers, a filter and a weight, and missing values that the file declares."""
    table = pd.DataFrame(rows()).assign(**{"filter_$": 1.0, "weging": 1.02})
    for name in (*BOXES, *COUNTS, *CODES):
        table[name] = pd.to_numeric(table[name]).astype("float64")
    missing: Any = {name: [{"lo": -9, "hi": -7}] for name in COUNTS}
    file = folder / "lea2023.sav"
    pyreadstat.write_sav(table, str(file), missing_ranges=missing)
    return file


def spss_labels(folder: Path) -> Path:
    """What SPSS's export with value labels makes of it."""
    words = {"overleg": {"1": "Ja", "2": "Nee"}, "evaluatie": {"01": "Jaarlijks", "02": "Minder vaak"}}
    words |= {"reden": {"1": "Personeelstekort"}} | {key: {"1": "Selected", "0": "Not Selected"} for key in BOXES}
    table = [[words.get(name, {}).get(cell, cell) for name, cell in row.items()] for row in rows()]
    return write(folder / "lea2023.csv", HEADER, table, delimiter=";")


def redcap(folder: Path) -> Path:
    table = [[str(at), *row.values(), "2" if at < len(ANSWERS) else "0"] for at, row in enumerate(rows(UNSUBMITTED))]
    return write(folder / "LEA_DATA.csv", ["record_id", *HEADER, "vragenlijst_complete"], table)


EXPORTS: list[tuple[str, Callable[[Path], Path]]] = [
    ("limesurvey", limesurvey),
    ("qualtrics", qualtrics),
    ("qualtrics", qualtrics_workbook),
    ("spss", spss),
    ("spss", spss_labels),
    ("redcap", redcap),
]


def accepted(file: Path, data_dir: Path, lea: Lea, *options: str) -> Answers:
    """The answers of a file that 'lea check' finds nothing wrong with, and that is accepted as it is; the questionnaire
    is then as it was."""
    folder = data_dir / "questionnaires" / "2023"
    before = (folder / "questionnaire.yaml").read_text()
    checked = lea("check", file, "--year", 2023, *options)
    assert checked.exit_code == 0, checked.output
    took = lea("accept", file, "--year", 2023, *options)
    assert took.exit_code == 0, took.output
    questionnaire = load_questionnaire(folder)
    [delivery] = questionnaire.deliveries
    assert (folder / delivery.path).read_bytes() == file.read_bytes()
    municipalities = municipalities_of(data_dir / "registers", questionnaire.register_date)
    made = build_answers(questionnaire, take_in(questionnaire, folder), municipalities)
    (folder / "questionnaire.yaml").write_text(before)
    return made


def what_they_say(made: Answers) -> list[tuple[object, ...]]:
    answers = made.answers.drop(columns=["source_row"]).astype("object")
    return sorted(map(tuple, answers.where(answers.notna(), "").to_numpy().tolist()))


@pytest.mark.slow
@pytest.mark.parametrize(("dialect", "export"), EXPORTS, ids=lambda value: getattr(value, "__name__", value))
def test_an_unedited_export_gives_the_answers_of_the_clean_file(
    dialect: str, export: Callable[[Path], Path], data_dir: Path, tmp_path: Path, lea: Lea
) -> None:
    expected = accepted(clean(tmp_path), data_dir, lea)

    made = accepted(export(tmp_path), data_dir, lea, "--dialect", dialect)

    assert what_they_say(made) == what_they_say(expected)
    unsubmitted = made.quarantine.drop_duplicates("source_row")
    assert set(unsubmitted["rule"]) <= {"row_was_submitted"}
    assert unsubmitted["is_resolved"].all(), "its municipality has submitted another row"


@pytest.mark.parametrize("file", sorted(DIALECTS.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_preset_is_called_like_its_file(file: Path) -> None:
    dialect = dialects_beside(DIALECTS.parent / "questionnaires")[file.stem]
    assert dialect.name == file.stem
    assert dialect.description


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("dialect: limesurvey", "Y"),
        ("dialect: {preset: limesurvey, chosen: [X]}", "X"),
        ("dialect: {chosen: [Z]}", "Z"),
    ],
)
def test_a_questionnaire_names_a_dialect_and_may_change_it(data_dir: Path, written: str, found: str) -> None:
    folder = with_field(data_dir, written)
    assert load_questionnaire(folder).dialect.chosen[0] == found


def test_unused_columns_are_added_to_those_of_the_preset(data_dir: Path) -> None:
    dialect = load_questionnaire(with_field(data_dir, "dialect: {preset: spss, unused_columns: [volgnr]}")).dialect
    assert dialect.is_unused("filter_$")
    assert dialect.is_unused("volgnr")
    assert dialect.name is None


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("dialect: lotus", "There is no dialect 'lotus'"),
        ("dialect: {preset: lotus}", "There is no dialect 'lotus'"),
        ("dialect: {chosen: [ja], not_chosen: [Ja]}", "ja is both chosen and not chosen"),
        ("dialect: {weights: [x]}", "is not a field"),
        ("dialect: {extra_header_rows: 99}", "less than or equal to 9"),
    ],
)
def test_a_dialect_that_cannot_be_is_named_with_its_line(data_dir: Path, written: str, what: str) -> None:
    folder = with_field(data_dir, written)
    with pytest.raises(BadInput) as refused:
        load_questionnaire(folder)
    assert what in refused.value.what
    line = (folder / "questionnaire.yaml").read_text().splitlines().index(written) + 1
    assert refused.value.where.endswith(f"line {line}")


def test_answers_rest_on_the_dialect_too(data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    assert lea("accept", limesurvey(tmp_path), "--year", 2023, "--dialect", "limesurvey").exit_code == 0
    paths = DataPaths(data_dir)
    before = STAGE.made_of(paths, "2023")
    preset = data_dir / "dialects" / "limesurvey.yaml"

    preset.write_text(preset.read_text() + "nothing_chosen: answered\n")

    assert STAGE.made_of(paths, "2023") != before


def with_field(data_dir: Path, written: str) -> Path:
    folder = data_dir / "questionnaires" / "2023"
    file = folder / "questionnaire.yaml"
    file.write_text(file.read_text().replace("\nquestions:\n", f"\n{written}\nquestions:\n", 1))
    return folder


def test_a_dialect_of_a_delivery_is_written_with_it(data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    folder = data_dir / "questionnaires" / "2023"
    before = bytes_of(tmp_path)
    file = limesurvey(tmp_path)
    assert lea("accept", file, "--year", 2023, "--dialect", "limesurvey").exit_code == 0
    assert "    dialect: limesurvey\n" in (folder / "questionnaire.yaml").read_text()
    assert len(bytes_of(tmp_path)) > len(before)
    [delivery] = load_questionnaire(folder).deliveries
    assert (delivery.delimiter, delivery.encoding) == (",", "utf-8")


def statuses(questionnaire: Questionnaire, *deliveries: list[Row], columns: tuple[str, ...] = ()) -> Mapping[str, str]:
    """Column → status of the one municipality that counts; ``columns`` are missing in the first delivery."""
    raw = [raw_delivery(questionnaire, own, number) for number, own in enumerate(deliveries, 1)]
    raw[0] = replace(raw[0], cells=raw[0].cells.drop(columns=list(columns)))
    answers = build_answers(questionnaire, raw, MUNICIPALITIES).answers
    current = answers[answers["is_current"]]
    return dict(zip(current["source_column"].astype("str"), current["status"].astype("str"), strict=True))


def changed(questionnaire: Questionnaire, name: str, **fields: Any) -> Questionnaire:
    questions = [q.model_copy(update=fields) if q.id == name else q for q in questionnaire.questions]
    return questionnaire.model_copy(update={"questions": tuple(questions)})


NOBODY = {"gemeentecode": "GM0363", "overleg": "1", "peuters": "5"} | dict.fromkeys(BOXES, "0")


def test_nothing_chosen_is_no_answer(questionnaire: Questionnaire) -> None:
    assert {statuses(questionnaire, [NOBODY])[name] for name in BOXES} == {"no_answer"}


def test_nothing_chosen_can_be_an_answer(questionnaire: Questionnaire) -> None:
    by_question = changed(questionnaire, "Q2", nothing_chosen="answered")
    by_dialect = questionnaire.model_copy(update={"dialect": Dialect(nothing_chosen="answered")})
    for wording in (by_question, by_dialect):
        assert {statuses(wording, [NOBODY])[name] for name in BOXES} == {"answered"}


def test_zeros_of_a_question_that_was_not_asked_are_not_asked(questionnaire: Questionnaire) -> None:
    found = statuses(questionnaire, [NOBODY | {"overleg": "2"}])
    assert {found[name] for name in BOXES} == {"not_asked"}


def test_a_missing_code_can_be_that_of_one_question(questionnaire: Questionnaire) -> None:
    missing = changed(questionnaire, "R1", missing=MissingCodes(not_available=("99999",)))
    assert missing.missing_codes_of(missing.question("R1"))["99999"] == "not_available"
    row = NOBODY | {"peuters": "99999", "plaatsen": "99999"}
    found = statuses(missing, [row])
    assert (found["peuters"], found["plaatsen"]) == ("not_available", "invalid")


def test_capitals_of_a_missing_code_do_not_matter(questionnaire: Questionnaire) -> None:
    missing = changed(questionnaire, "R1", missing=MissingCodes(not_available=("NVT",)))
    assert statuses(missing, [NOBODY | {"peuters": "nvt"}])["peuters"] == "not_available"
    assert statuses(missing, [NOBODY | {"peuters": "Nvt"}])["peuters"] == "not_available"


def test_a_missing_code_has_one_reason_whatever_its_capitals() -> None:
    with pytest.raises(ValidationError, match="missing code nvt is used for more than one reason"):
        MissingCodes(not_available=("NVT",), no_answer=("nvt",))


def test_what_was_asked_from_a_later_delivery_is_not_collected_before(questionnaire: Questionnaire) -> None:
    later = changed(questionnaire, "R1", asked_from_delivery=2)
    other = {"gemeentecode": "GM1900", "overleg": "2", "peuters": "7"}
    assert statuses(later, [NOBODY], columns=("peuters",))["peuters"] == "not_collected"
    assert statuses(later, [NOBODY])["peuters"] == "answered", "an earlier file that has it is read"
    assert statuses(later, [other], [other], columns=("peuters",))["peuters"] == "answered"
