"""The delivery template: what it lets through, what it refuses, and that what is filled in is read as it was meant."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries

from assets.answers.answer_tables import build_answers
from assets.answers.municipalities import municipalities_of
from assets.base.paths import DataPaths
from assets.catalogue.labels import load_labels
from assets.editions.handouts.codebook import labels_by_code
from assets.editions.handouts.template import ANSWERS, CHECK, HELP, LISTS, newest_workbook, write_template
from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import take_in
from tests.conftest import Lea
from tests.scenarios.made_files import AMSTERDAM, HEADER, workbook

pytestmark = pytest.mark.slow

BUNDLED = Path(__file__).parents[3] / "data"
LABELS = labels_by_code(load_labels(BUNDLED / "labels.yaml"))
SAID = ["municipality_code", "question_id", "option_code", "is_asked", "status", "code", "number", "text"]
WHOLE = re.compile(r"(-?\d{1,6})(?:[.,]0+)?")


def template_of(questionnaire: Questionnaire, folder: Path) -> tuple[Path, Workbook]:
    write_template(questionnaire, LABELS, file := folder / "template.xlsx")
    return file, load_workbook(file)


def allowed(book: Workbook, header: int = 1) -> dict[str, tuple[str, list[Any], list[int]]]:
    """Column → kind of validation, the values of its list, the limits of its range."""
    found = {}
    sheet = book.worksheets[0]
    for rule in sheet.data_validations.dataValidation:
        column = range_boundaries(str(rule.sqref))[0]
        assert column is not None
        formula = rule.formula1 or ""
        values = [
            cell.value
            for name in re.findall(r"lijst_\d+", formula)
            for _, places in book.defined_names[name].destinations
            for row in book[LISTS][places]
            for cell in row
        ]
        limits = [int(limit) for limit in re.findall(r"[<>]=(\d+)", formula)]
        found[str(sheet.cell(header, column).value)] = (str(rule.type), values, limits)
    return found


def answers_that_count(questionnaire: Questionnaire, folder: Path) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    """The answers that count now, and the delivered row of each municipality that they come from."""
    raw = take_in(questionnaire, folder)
    municipalities = municipalities_of(BUNDLED / "registers", questionnaire.register_date)
    built = build_answers(questionnaire, raw, municipalities)
    assert built.quarantine.empty
    current = built.answers[built.answers["is_current"]].sort_values(SAID[:3])
    cells = {delivery.delivery.number: delivery.cells for delivery in raw}
    places = current[["delivery", "source_row"]].drop_duplicates().itertuples(index=False)
    rows = [cells[number].loc[row].to_dict() for number, row in places]
    return current[SAID].astype("object").reset_index(drop=True), rows


def fill_in(book: Workbook, rows: list[dict[str, str]], header: int) -> list[tuple[str, object]]:
    """Types answers as people do, whole numbers as numbers where the list has numbers; what Excel would refuse."""
    sheet, rules = book.worksheets[0], allowed(book, header)
    columns = {str(cell.value): at for at, cell in enumerate(sheet[header], 1)}
    refused: list[tuple[str, object]] = []
    for at, row in enumerate(rows, header + 1):
        for column in (column for column in columns if row[column]):
            rule = rules.get(column, ("None", [], []))
            whole = None if rule[0] == "list" and isinstance(rule[1][0], str) else WHOLE.fullmatch(row[column])
            value: Any = int(whole[1]) if whole else row[column]
            sheet.cell(at, columns[column], value)
            if not is_allowed(value, *rule):
                refused.append((column, value))
    return refused


def is_allowed(value: Any, kind: str, values: list[Any], limits: list[int]) -> bool:
    """Whether Excel would let a person type it."""
    if kind == "custom" and isinstance(value, int) and limits[0] <= value <= limits[1]:
        return True
    return kind == "None" or value in values


@pytest.fixture
def all_years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataPaths:
    """The bundled data folder, without what comes out."""
    folder = tmp_path / "data"
    shutil.copytree(BUNDLED, folder, ignore=shutil.ignore_patterns("lake", "warehouse", "editions"))
    monkeypatch.setenv("LEA_DATA_DIR", str(folder))
    return DataPaths(folder)


@pytest.mark.whole
@pytest.mark.parametrize("year", [2020, 2021, 2022, 2023])
def test_filled_in_with_the_answers_of_a_year_it_gives_the_same_answers(
    year: int, all_years: DataPaths, tmp_path: Path, lea: Lea
) -> None:
    folder = all_years.questionnaires / str(year)
    questionnaire = load_questionnaire(folder)
    before, rows = answers_that_count(questionnaire, folder)
    file, book = template_of(questionnaire, tmp_path)
    like = newest_workbook(questionnaire)
    refused = fill_in(book, rows, like.header_row if like else 1)
    book.save(file)

    assert refused == []
    assert lea("check", file, "--year", year).exit_code == 0
    accepted = lea("accept", file, "--year", year)
    assert accepted.exit_code == 0, accepted.output
    after, _ = answers_that_count(load_questionnaire(folder), folder)
    assert len(load_questionnaire(folder).deliveries) == len(questionnaire.deliveries) + 1
    pd.testing.assert_frame_equal(before, after)


def test_each_column_has_the_list_or_the_range_of_its_question(questionnaire: Questionnaire, tmp_path: Path) -> None:
    _, book = template_of(questionnaire, tmp_path)
    sheet = book.worksheets[0]
    missing = [-9, -8, -7, -6]
    found = allowed(book)

    assert [cell.value for cell in sheet[1]] == questionnaire.columns
    assert book.sheetnames == [ANSWERS, CHECK, HELP, LISTS]
    assert book[LISTS].sheet_state == "hidden"
    assert found["overleg"] == ("list", [1, 2, *missing], [])
    assert found["partner_1"] == found["partner_9"] == ("list", [1, 0, *missing], [])
    assert found["partner_anders"] == ("None", [], [])
    assert found["evaluatie"] == ("list", ["01", "02", *map(str, missing)], [])
    limits = next(q.range for q in questionnaire.questions if q.id == "R1")
    assert limits is not None
    assert found["peuters"] == ("custom", missing, [limits.min, limits.max])
    assert all(
        rule.showErrorMessage and rule.errorStyle in (None, "stop") for rule in sheet.data_validations.dataValidation
    )


def test_a_message_is_as_short_as_excel_allows(tmp_path: Path) -> None:
    _, book = template_of(load_questionnaire(BUNDLED / "questionnaires" / "2023"), tmp_path)
    rules = book.worksheets[0].data_validations.dataValidation
    assert len(rules) == 215
    assert [r for r in rules if len(r.promptTitle) > 32 or len(r.prompt) > 255 or len(r.error or "") > 255] == []
    assert all(len(rule.formula1 or "") <= 255 for rule in rules)
    assert max(len(str(cell.value)) for cell in book[CHECK][2]) < 8_192


def test_a_row_has_one_verdict_and_a_number_of_wrong_cells_by_part(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    _, book = template_of(questionnaire, tmp_path)
    heads = [cell.value for cell in book[CHECK][1]]
    formulas = {str(head): str(cell.value) for head, cell in zip(heads, book[CHECK][2], strict=True)}
    assert heads[:4] == ["Rij", "Gemeentecode", "Oordeel", "Overleg"]
    assert "'Antwoorden'!C2" in formulas["Overleg"]
    for verdict in (
        "gemeentecode ontbreekt",
        "gemeente staat er vaker in",
        "nog geen antwoord",
        "onbruikbaar",
        "in orde",
    ):
        assert verdict in formulas["Oordeel"]
    assert book.worksheets[0].conditional_formatting


@pytest.mark.parametrize("dialect", ["limesurvey", "qualtrics", "redcap", "spss"])
def test_it_is_read_in_the_dialect_of_its_questionnaire(dialect: str, data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    file = data_dir / "questionnaires" / "2023" / "questionnaire.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("questions:", f"dialect: {dialect}\nquestions:", 1))
    questionnaire = load_questionnaire(file.parent)
    template, book = template_of(questionnaire, tmp_path)
    sheet, rules = book.worksheets[0], allowed(book)
    picks = {"overleg": 0, "partner_1": 0, "partner_8": 1, "evaluatie": 0}
    typed: dict[str, Any] = {"gemeentecode": "GM0363", "gemeente": "Amsterdam", "peuters": 12, "plaatsen": 12}
    for at, cell in enumerate(sheet[1], 1):
        column = str(cell.value)
        value: Any = rules[column][1][picks[column]] if column in picks else typed.get(column)
        sheet.cell(2 + questionnaire.dialect.extra_header_rows, at, value)
    book.save(template)

    checked = lea("check", template, "--year", 2023)
    assert "nothing is wrong" in checked.stdout, checked.output


def test_it_has_the_sheet_and_header_row_of_the_newest_workbook(data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    titles: list[list[Any]] = [[], [], [], []]
    workbook(first := tmp_path / "levering.xlsx", [*titles, list(HEADER), AMSTERDAM], sheet="Data")
    assert lea("accept", first, "--year", 2023, "--sheet", "Data", "--header-row", 5).exit_code == 0
    questionnaire = load_questionnaire(data_dir / "questionnaires" / "2023")
    file, book = template_of(questionnaire, tmp_path)
    answers: list[Any] = AMSTERDAM
    for at, value in enumerate(answers, 1):
        book["Data"].cell(6, at, value)
    book.save(file)

    assert [cell.value for cell in book["Data"][5]] == questionnaire.columns
    assert lea("check", file, "--year", 2023).exit_code == 0


def test_the_same_questionnaire_gives_the_same_bytes_and_says_whether_answers_are_real(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    file, book = template_of(questionnaire, tmp_path)
    before = file.read_bytes()
    template_of(questionnaire, tmp_path)
    assert file.read_bytes() == before
    assert "Synthetische gegevens" in str(book[HELP]["A2"].value)
    assert "Synthetische gegevens" in str(book.properties.description)
    _, real = template_of(questionnaire.model_copy(update={"origin": "real"}), tmp_path)
    assert real[HELP]["A2"].value is None
    assert not real.properties.description
