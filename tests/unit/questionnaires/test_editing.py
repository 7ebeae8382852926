"""Editing a questionnaire leaves what its author wrote; on the bundled questionnaires as well as on awkward ones."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

import pytest

from assets.base.errors import BadInput
from assets.questionnaires.checks import COMPARABLE, QUESTIONNAIRE_CHECKS, check_questionnaires
from assets.questionnaires.editing import add_delivery, start_year, write_year
from assets.questionnaires.loader import FILE_NAME, load_questionnaire, load_questionnaires
from assets.questionnaires.model import Delivery, Questionnaire
from tests.conftest import SCENARIOS, copy

BUNDLED = Path(__file__).parents[3] / "data" / "questionnaires"
YEARS = sorted(int(folder.name) for folder in BUNDLED.iterdir())
SMALL = (SCENARIOS / FILE_NAME).read_text()


@pytest.fixture
def questionnaires(tmp_path: Path) -> Path:
    """A copy of the bundled questionnaires, without their deliveries."""
    for year in YEARS:
        copy(BUNDLED / str(year) / FILE_NAME, tmp_path / str(year) / FILE_NAME)
    return tmp_path


def small(tmp_path: Path, text: str = SMALL) -> Path:
    folder = tmp_path / "2023"
    folder.mkdir()
    (folder / FILE_NAME).write_text(text)
    return folder


def a_delivery(number: int = 1, **fields: Any) -> Delivery:
    own = {
        "number": number,
        "path": f"x_v{number:02d}.csv",
        "format": "csv",
        "received_on": "2023-06-01",
        "sha256": "a" * 64,
    }
    return Delivery.model_validate({**own, **fields})


def lines_that_differ(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


@pytest.mark.parametrize("year", YEARS)
def test_a_delivery_is_added_to_a_bundled_questionnaire_and_nothing_else_changes(
    questionnaires: Path, year: int
) -> None:
    folder = questionnaires / str(year)
    before, earlier = (folder / FILE_NAME).read_text(), load_questionnaire(folder)
    new = a_delivery(len(earlier.deliveries) + 1, encoding="cp1252", delimiter=",", note='met "é" # en: meer')

    add_delivery(folder, new)

    after = load_questionnaire(folder)
    assert after == earlier.model_copy(update={"deliveries": (*earlier.deliveries, new)})
    changed = lines_that_differ(before, (folder / FILE_NAME).read_text())
    assert [line for line in changed if line.startswith("-")] == []
    assert len(changed) == 8


@pytest.mark.parametrize(
    "listed",
    [
        "",
        "deliveries:\n",
        "deliveries: []\n",
        "deliveries: []  # none yet\n",
        "deliveries:  # none yet\n",
    ],
)
def test_the_first_delivery_of_a_planned_year_opens_it(tmp_path: Path, listed: str) -> None:
    text = SMALL.replace("status: open", 'status: "planned"').replace("\nquestions:", f"\n{listed}\nquestions:")
    folder = small(tmp_path, text)

    add_delivery(folder, a_delivery())

    after = load_questionnaire(folder)
    assert (after.status, after.deliveries) == ("open", (a_delivery(),))


@pytest.mark.parametrize(
    "listed",
    [
        "deliveries:\n- {n}\n  received_on: 2023-05-01\n  {s}\n",
        "deliveries:\n    - {n}\n      received_on: 2023-05-01\n      {s}  # from the supplier\n\n# About the "
        "questions.\n",
        "deliveries:\n  - {n}\n    {s}\n    received_on: 2023-05-01\n    note: >\n      over\n      two lines\n\n\n",
        "deliveries:\n  - {n}\n    {s}\n    received_on: 2023-05-01\n  # still to come: Eemsdelta\n",
    ],
)
def test_a_second_delivery_comes_after_the_first(tmp_path: Path, listed: str) -> None:
    first = listed.replace("{n}", "number: 1\n{m}path: a.csv\n{m}format: csv").replace("{s}", f'sha256: "{"b" * 64}"')
    margin = re.search(r"^( *)- number", first, re.MULTILINE)
    assert margin is not None
    first = first.replace("{m}", margin[1] + "  ")
    folder = small(tmp_path, SMALL.replace("\nquestions:", f"\n{first}\nquestions:"))
    before = (folder / FILE_NAME).read_text()

    add_delivery(folder, a_delivery(2))

    assert [d.path for d in load_questionnaire(folder).deliveries] == ["a.csv", "x_v02.csv"]
    assert [line for line in lines_that_differ(before, (folder / FILE_NAME).read_text()) if line[0] == "-"] == []


def test_deliveries_as_the_last_field_of_a_file_without_a_last_line_end(tmp_path: Path) -> None:
    entry = "deliveries:\n  - number: 1\n    path: a.csv\n    format: csv\n    received_on: 2023-05-01\n"
    entry += f'    sha256: "{"b" * 64}"'
    folder = small(tmp_path, SMALL + entry)

    add_delivery(folder, a_delivery(2))

    assert len(load_questionnaire(folder).deliveries) == 2


@pytest.mark.parametrize(
    ("delivery", "what"),
    [
        (a_delivery(3), "deliveries are numbered 1, 2, 3"),
        (a_delivery(1), "There is no questionnaire"),
    ],
)
def test_nothing_changes_when_a_delivery_cannot_be_added(tmp_path: Path, delivery: Delivery, what: str) -> None:
    folder = small(tmp_path)
    if "no questionnaire" in what:
        (folder / FILE_NAME).rename(folder / "other.yaml")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    with pytest.raises((BadInput, FileNotFoundError)):
        add_delivery(folder, delivery)

    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_deliveries_between_brackets_are_told_how_to_be_written(tmp_path: Path) -> None:
    first = f'[{{number: 1, path: a.csv, format: csv, received_on: 2023-05-01, sha256: "{"b" * 64}"}}]'
    folder = small(tmp_path, SMALL.replace("\nquestions:", f"\ndeliveries: {first}\n\nquestions:"))
    with pytest.raises(BadInput, match="between brackets") as refused:
        add_delivery(folder, a_delivery(2))
    assert re.search(r", line \d+$", refused.value.where)


@pytest.mark.parametrize("year", YEARS)
def test_a_year_started_from_a_bundled_questionnaire_asks_the_same(questionnaires: Path, year: int) -> None:
    for later in YEARS:
        if later > year:
            (questionnaires / str(later) / FILE_NAME).unlink()
    source = load_questionnaire(questionnaires / str(year))

    file = write_year(start_year(questionnaires, year + 1))

    started = load_questionnaire(file.parent)
    assert (started.survey_year, started.reference_year) == (source.survey_year + 1, source.reference_year + 1)
    assert (started.status, started.deliveries, started.analysis_population) == ("planned", (), None)
    assert started.register_date == source.register_date.replace(year=source.register_date.year + 1)
    assert {q.comparability.status for q in started.questions} == {"same"}
    assert [{**q.model_dump(), **SET_FREE} for q in started.questions] == [
        {**q.model_dump(), **SET_FREE} for q in source.questions
    ]
    assert [
        problem for problem in comparable({year: source, year + 1: started}) if problem.startswith(str(year + 1))
    ] == []


#: What may differ between a question and the same one a year later.
SET_FREE = dict.fromkeys(["wording", "options", "comparability"])


@pytest.mark.parametrize("year", YEARS)
def test_comments_and_sources_stay_and_years_in_texts_move_along(questionnaires: Path, year: int) -> None:
    for later in YEARS:
        if later > year:
            (questionnaires / str(later) / FILE_NAME).unlink()
    source = load_questionnaire(questionnaires / str(year))
    before = (questionnaires / str(year) / FILE_NAME).read_text()

    after = write_year(start_year(questionnaires, year + 1)).read_text()

    started = load_questionnaire(questionnaires / str(year + 1))
    asked = str(source.reference_year)
    for old, new in zip(source.questions, started.questions, strict=True):
        assert new.source == old.source
        assert new.wording.nl == re.sub(rf"\b({asked}|{year})\b", lambda y: str(int(y[0]) + 1), old.wording.nl)
        assert [o.label.nl.replace(str(year + 1), str(year)) for o in new.options] == [o.label.nl for o in old.options]
    assert (str(year + 1) in started.title.nl) == (str(year) in source.title.nl)
    comments = re.compile(r"^ +#.*$", re.MULTILINE)
    assert comments.findall(after) == comments.findall(before)


@pytest.mark.parametrize(
    ("before", "with_it", "after"),
    [
        (
            "    concept: frequency\n",
            "    concept: frequency\n    asked_from_delivery: 2  # late\n",
            "    concept: frequency\n",
        ),
        ("  - id: Q3\n", "  - asked_from_delivery: 2\n    id: Q3\n", "  - asked_from_delivery: 1\n    id: Q3\n"),
    ],
)
def test_the_delivery_from_which_a_question_was_asked_stays_behind(
    tmp_path: Path, before: str, with_it: str, after: str
) -> None:
    folder = small(tmp_path, SMALL.replace(before, with_it))
    assert load_questionnaire(folder).question("Q3").asked_from_delivery == 2

    text = write_year(start_year(tmp_path, 2024)).read_text()

    assert load_questionnaire(tmp_path / "2024").question("Q3").asked_from_delivery == 1
    assert after in text
    assert "asked_from_delivery: 2" not in text


def test_years_can_be_skipped(questionnaires: Path) -> None:
    file = write_year(start_year(questionnaires, 2026))
    started = load_questionnaire(file.parent)
    assert (started.survey_year, started.reference_year, started.title.nl) == (2026, 2025, "Vragenlijst LEA/vve 2026")


def test_a_year_that_exists_is_left_alone(questionnaires: Path) -> None:
    before = (questionnaires / "2022" / FILE_NAME).read_bytes()
    with pytest.raises(BadInput, match="There is a questionnaire for 2022 already"):
        write_year(start_year(questionnaires, 2022))
    assert (questionnaires / "2022" / FILE_NAME).read_bytes() == before


def test_there_has_to_be_a_year_before(questionnaires: Path) -> None:
    with pytest.raises(BadInput, match="no questionnaire before 2019"):
        write_year(start_year(questionnaires, 2019))
    assert not (questionnaires / "2019").exists()


def test_other_folders_and_files_are_no_years(questionnaires: Path) -> None:
    copy(questionnaires / "2023" / FILE_NAME, questionnaires / "2023_old" / FILE_NAME)
    (questionnaires / "2024").mkdir()
    (questionnaires / "2024" / "levering.csv").write_text("a;b\n")
    write_year(start_year(questionnaires, 2024))
    assert (questionnaires / "2024" / "levering.csv").exists()


def comparable(questionnaires: dict[int, Questionnaire]) -> list[str]:
    [outcome] = check_questionnaires(questionnaires)
    assert outcome.definition == COMPARABLE
    return [f"{row.survey_year} {row.question_id}: {row.problem}" for row in outcome.failing.itertuples()]


def test_the_bundled_questionnaires_are_comparable_where_they_say_so() -> None:
    assert comparable(load_questionnaires(BUNDLED)) == []
    assert QUESTIONNAIRE_CHECKS == [COMPARABLE]


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, []),
        (
            {"concept: frequency": "concept: how_often"},
            ["2024 Q3: no question of the year before measures how_often"],
        ),
        ({"key: less_often": "key: never"}, ["2024 Q3: options differ from Q3: less_often, never"]),
        (
            {
                "concept: remarks": "concept: places",
                "concept: places\n    section: supply": "concept: remarks\n    section: supply",
            },
            ["2024 R2: was text as X1, is count", "2024 X1: was count as R2, is text"],
        ),
    ],
)
def test_a_question_declared_the_same_has_to_be_alike(
    tmp_path: Path, changes: dict[str, str], problems: list[str]
) -> None:
    small(tmp_path)
    file = write_year(start_year(tmp_path, 2024))
    text = file.read_text()
    for old, new in changes.items():
        text = text.replace(old, new)
    file.write_text(text)

    assert comparable(load_questionnaires(tmp_path)) == problems


def test_a_question_declared_changed_or_new_need_not_be_alike(tmp_path: Path) -> None:
    small(tmp_path)
    file = write_year(start_year(tmp_path, 2024))
    text = (
        file.read_text().replace("concept: frequency", "concept: how_often").replace("{status: same}", "{status: new}")
    )
    file.write_text(text)

    assert comparable(load_questionnaires(tmp_path)) == []
