"""How a delivered file is read before it counts, and in which other way more of it would be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from assets.answers import readings
from assets.answers.municipalities import Municipalities, municipalities_of
from assets.answers.readings import _other_forms, _quoted, better_reading, next_delivery
from assets.answers.row_owners import NOT_SUBMITTED
from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.questionnaires.dialect import CsvForm, Dialect
from assets.questionnaires.model import Delivery, Questionnaire
from tests.conftest import SCENARIOS, delivery
from tests.scenarios.made_files import AMSTERDAM, HEADER, workbook

GOOD = (SCENARIOS / "accepted" / "levering.csv").read_text(encoding="utf-8")
NEXT = {
    "number": 3,
    "header_row": 1,
    "encoding": "utf-8",
    "delimiter": ";",
    "sheet": None,
    "dialect": None,
    "note": None,
}
PLAIN = Dialect()
LATIN = Dialect(name="latin", csv=CsvForm(encoding="iso-8859-1", delimiter="|"))


@pytest.fixture
def paths(data_dir: Path) -> DataPaths:
    return DataPaths(data_dir)


@pytest.fixture
def of_year(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire with two deliveries, so that the next is the third."""
    first = delivery(Path("a.csv"), header_row=2, encoding="cp1252", delimiter=",", dialect=LATIN, note="n")
    second = delivery(Path("b.csv"), number=2, header_row=3, encoding="cp850", delimiter="\t")
    return questionnaire.model_copy(update={"deliveries": (first, second)})


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads in this process, which takes no time."""

    def read(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    monkeypatch.setattr("assets.answers.readings.read_apart", read)
    monkeypatch.setattr("assets.raw.deliveries.read_apart", read)


def file_at(folder: Path, name: str, content: bytes = GOOD.encode()) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("levering.csv", "levering_v03.csv"),
        ("Levering 2.0 (def).CSV", "Levering 2.0 (def)_v03.csv"),
        ("levering_v12.csv", "levering_v03.csv"),
        ("levering_v1_v2.csv", "levering_v1_v03.csv"),
        ("levering_v1b.csv", "levering_v1b_v03.csv"),
        ("é: a?b.csv", "é_ a_b_v03.csv"),
        (" . X . .csv", "X_v03.csv"),
        (". .csv", "delivery_v03.csv"),
    ],
)
def test_a_file_keeps_its_name_and_gets_the_next_number(
    paths: DataPaths, of_year: Questionnaire, tmp_path: Path, name: str, path: str
) -> None:
    file = file_at(tmp_path, name)
    found = next_delivery(paths, of_year, file, {})
    assert (found.number, found.path, found.format) == (3, path, "csv")
    assert found.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()


def test_the_day_on_which_it_came_is_that_of_greenwich(
    paths: DataPaths, questionnaire: Questionnaire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock:
        @staticmethod
        def now(zone: object) -> datetime:
            assert zone is UTC
            return datetime(2026, 11, 28, 23, 59, tzinfo=UTC)

    monkeypatch.setattr(readings, "datetime", Clock)
    found = next_delivery(paths, questionnaire, file_at(tmp_path, "levering.csv"), {})
    assert found.received_on == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("deliveries", "own", "reading", "fields"),
    [
        # As the newest delivery of its format, unless something else is said.
        (2, PLAIN, {}, {"header_row": 3, "encoding": "cp850", "delimiter": "\t"}),
        (1, PLAIN, {}, {"number": 2, "header_row": 2, "encoding": "cp1252", "delimiter": ",", "dialect": LATIN}),
        (1, LATIN, {}, {"number": 2, "header_row": 2, "encoding": "cp1252", "delimiter": ",", "dialect": LATIN}),
        (2, PLAIN, {"delimiter": "|"}, {"header_row": 3, "encoding": "cp850", "delimiter": "|"}),
        # The first of its format as the dialect of the questionnaire writes it.
        (0, PLAIN, {}, {"number": 1}),
        (0, LATIN, {}, {"number": 1, "encoding": "iso-8859-1", "delimiter": "|"}),
        (0, LATIN, {"encoding": "utf-8"}, {"number": 1, "delimiter": "|"}),
        # As a dialect writes it that is named.
        (2, LATIN, {"dialect": "limesurvey"}, {"header_row": 3, "delimiter": ",", "dialect": "limesurvey"}),
        (
            2,
            LATIN,
            {"dialect": "limesurvey", "delimiter": ";"},
            {"header_row": 3, "delimiter": ";", "dialect": "limesurvey"},
        ),
        (0, LATIN, {"dialect": "limesurvey"}, {"number": 1, "delimiter": ",", "dialect": "limesurvey"}),
    ],
)
def test_how_the_next_csv_is_read(
    paths: DataPaths,
    of_year: Questionnaire,
    tmp_path: Path,
    deliveries: int,
    own: Dialect,
    reading: dict[str, str],
    fields: dict[str, Any],
) -> None:
    year = of_year.model_copy(update={"deliveries": of_year.deliveries[:deliveries], "dialect": own})
    found = next_delivery(paths, year, file_at(tmp_path, "levering.csv"), reading)
    read = found.model_dump(include=set(NEXT)) | {"dialect": found.dialect}
    if isinstance(name := fields.get("dialect"), str):
        assert found.dialect is not None
        read["dialect"] = found.dialect.name
        assert found.dialect.name == name
    assert read == NEXT | fields


@pytest.mark.parametrize(
    ("before", "reading", "sheet", "header_row"),
    [
        ([], {}, "Blad1", 1),
        ([], {"sheet": "Data", "header_row": 4}, "Data", 4),
        ([{"sheet": "Antwoorden", "header_row": 3}], {}, "Antwoorden", 3),
        ([{"sheet": "Antwoorden", "header_row": 3}], {"sheet": "Blad2"}, "Blad2", 3),
    ],
)
def test_how_the_next_workbook_is_read(
    paths: DataPaths,
    questionnaire: Questionnaire,
    tmp_path: Path,
    before: list[dict[str, Any]],
    reading: dict[str, Any],
    sheet: str,
    header_row: int,
) -> None:
    earlier = [delivery(Path(f"{at}.xlsx"), number=at, **fields) for at, fields in enumerate(before, 1)]
    earlier.append(delivery(Path("a.csv"), number=len(before) + 1, header_row=9))
    year = questionnaire.model_copy(update={"deliveries": tuple(earlier), "dialect": LATIN})
    workbook(tmp_path / "levering.xlsx", [list(HEADER), AMSTERDAM])
    found = next_delivery(paths, year, tmp_path / "levering.xlsx", reading)
    assert (found.format, found.sheet, found.header_row, found.encoding) == ("xlsx", sheet, header_row, "utf-8")


@pytest.mark.parametrize(
    ("name", "reading", "what", "where", "remedy"),
    [
        ("weg.csv", {}, "There is no such file", "{file}", "name the delivered file"),
        ("a.docx", {}, "A file of kind 'docx' cannot be read", "{file}", "deliver it as .csv, .xlsx or .sav"),
        (
            "a.csv",
            {"header_row": 0},
            "--header-row: Input should be greater than or equal to 1",
            "the command line",
            "'lea check --help' says what it may be",
        ),
    ],
)
def test_what_cannot_be_read_says_why(
    paths: DataPaths,
    questionnaire: Questionnaire,
    tmp_path: Path,
    name: str,
    reading: dict[str, Any],
    what: str,
    where: str,
    remedy: str,
) -> None:
    for made in ("a.docx", "a.csv"):
        file_at(tmp_path, made)
    with pytest.raises(BadInput) as refused:
        next_delivery(paths, questionnaire, tmp_path / name, reading)
    assert refused.value.args == (what, where.format(file=tmp_path / name), remedy)


def test_a_file_of_a_statistics_program_is_read_too(
    paths: DataPaths, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    assert next_delivery(paths, questionnaire, file_at(tmp_path, "levering.SAV"), {}).format == "sav"


@pytest.mark.parametrize(
    ("reading", "options"),
    [
        ({}, ["--encoding cp1252", "--delimiter ','", "--encoding cp1252 --delimiter ','"]),
        ({"encoding": "utf-8"}, ["--delimiter ','"]),
        ({"delimiter": ";"}, ["--encoding cp1252"]),
    ],
)
def test_the_other_forms_of_a_csv(reading: dict[str, str], options: list[str]) -> None:
    forms = [
        None,
        CsvForm(),
        CsvForm(encoding="cp1252"),
        CsvForm(delimiter=","),
        CsvForm(encoding="cp1252", delimiter=","),
    ]
    dialects = [Dialect(csv=form) for form in forms]
    fields = {
        "--encoding cp1252": {"encoding": "cp1252"},
        "--delimiter ','": {"delimiter": ","},
        "--encoding cp1252 --delimiter ','": {"encoding": "cp1252", "delimiter": ","},
    }
    found = _other_forms(dialects, delivery(Path("a.csv")), reading)
    assert list(found.items()) == [(option, fields[option]) for option in options]
    assert _other_forms(dialects, delivery(Path("a.xlsx"), sheet="Blad1"), reading) == {}


@pytest.mark.parametrize(
    ("value", "shown"), [("utf-8", "utf-8"), ("cp1252", "cp1252"), (";", "';'"), ("\t", "'\\t'"), ("|", "'|'")]
)
def test_a_value_in_an_option(value: str, shown: str) -> None:
    assert _quoted(value) == shown


@pytest.mark.parametrize(
    ("written", "reading", "hint"),
    [
        (GOOD.encode(), {}, ""),
        (GOOD.replace(";", ",").encode(), {}, "it reads better as --delimiter ','"),
        (GOOD.replace(";", ",").encode("cp1252"), {"encoding": "cp1252"}, "it reads better as --delimiter ','"),
        (GOOD.replace(";", ",").encode(), {"dialect": "spss"}, ""),
        (b"a,b\n1,2\n", {}, ""),
        (GOOD.replace("partner_1", "partner_x").encode(), {}, ""),
    ],
)
def test_which_options_read_a_file_better(
    paths: DataPaths, questionnaire: Questionnaire, tmp_path: Path, written: bytes, reading: dict[str, str], hint: str
) -> None:
    assert better_reading(paths, questionnaire, file_at(tmp_path, "levering.csv", written), reading) == hint


@pytest.mark.parametrize(
    ("counts", "hint"),
    [
        ({"": 100}, ""),
        ({"": 100, "limesurvey": 26}, ""),
        ({"": 100, "limesurvey": 25}, "it reads better as --dialect limesurvey"),
        ({"": 100, "limesurvey": 24, "redcap": 23}, "it reads better as --dialect redcap"),
        ({"": 100, "limesurvey": 0, "redcap": 0}, "it reads better as --dialect limesurvey or --dialect redcap"),
        ({"": 100, ",": 0, "redcap": 0}, "it reads better as --delimiter ','"),
        ({"": 100, ",": 1, "redcap": 0}, "it reads better as --dialect redcap"),
        ({"": None, "redcap": 100}, "it reads better as --dialect redcap"),
        ({"": None}, ""),
        ({"": 0}, ""),
    ],
)
def test_a_hint_is_given_for_what_mends_three_quarters(
    paths: DataPaths,
    questionnaire: Questionnaire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    counts: dict[str, int | None],
    hint: str,
) -> None:
    """``counts``: a dialect, another delimiter or '' for neither → the cells that cannot be used, None where the file
    is refused; as many as with '' where nothing is said."""
    of_register = municipalities_of(paths.registers, questionnaire.register_date)
    asked: list[object] = []

    def register(*arguments: object) -> Municipalities:
        asked.append(arguments)
        return of_register

    def take_in(of_year: Questionnaire, read: Delivery, given: Path) -> int:
        assert (of_year, given) == (questionnaire, file)
        key = (read.dialect.name or "") if read.dialect else "," if read.delimiter == "," else ""
        if (count := counts.get(key, counts[""])) is None:
            raise BadInput("what", "where", "remedy")
        return count

    def build(of_year: Questionnaire, raw: list[int], municipalities: Municipalities) -> SimpleNamespace:
        assert (of_year, municipalities) == (questionnaire, of_register)
        return SimpleNamespace(quarantine=pd.DataFrame({"rule": [*["a_rule"] * sum(raw), NOT_SUBMITTED]}))

    monkeypatch.setattr(readings, "municipalities_of", register)
    monkeypatch.setattr(readings, "take_in_one", take_in)
    monkeypatch.setattr(readings, "build_answers", build)
    file = file_at(tmp_path, "levering.csv")
    assert better_reading(paths, questionnaire, file, {"header_row": 1}) == hint
    assert asked in ([], [(paths.registers, questionnaire.register_date)]), "the register is read once, if at all"


def test_without_dialects_there_is_no_other_way(
    paths: DataPaths, questionnaire: Questionnaire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "dialects_beside", lambda _: {})
    assert better_reading(paths, questionnaire, file_at(tmp_path, "levering.csv"), {}) == ""
