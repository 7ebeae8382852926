"""``lea check --year``: what a run of the bundled year would stumble over, once one thing is broken."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.conftest import Lea

pytestmark = pytest.mark.slow

BUNDLED = Path(__file__).parents[3] / "data"


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that is kept by hand, for a test to break."""
    folder = tmp_path / "data"
    shutil.copytree(BUNDLED, folder, ignore=shutil.ignore_patterns("lake", "warehouse", "editions"))
    monkeypatch.setenv("LEA_DATA_DIR", str(folder))
    return folder


@pytest.mark.usefixtures("whole")
def test_nothing_stops_a_run_of_the_bundled_year(lea: Lea) -> None:
    start = time.process_time()
    result = lea("check", "--year", 2023)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("to look at, 1:\n- The standing report of 2023 lacks tables, or parts of them: 7\n")
    assert result.stdout.endswith("2023: nothing stops a run\n")
    assert time.process_time() - start < 5


QUESTIONS = "questionnaires/2023/questionnaire.yaml"
BROKEN = {
    "a measure of no option": (
        "catalogue/measures.yaml",
        "options: [not_evaluated]",
        "options: [nothing_at_all]",
        ["no questionnaire asks", "nothing_at_all"],
    ),
    "a renamed option": (
        QUESTIONS,
        "key: not_evaluated",
        "key: unevaluated",
        ["landelijk2023, par_1_3: 2023 does not ask lea_goal_reached with option not_evaluated"],
    ),
    "a section without label": (
        QUESTIONS,
        "section: consultation\n",
        "section: talks\n",
        ["talks", "data/labels.yaml"],
    ),
    "a class that is missing": (
        "registers/urbanisation.csv",
        "2023,GM0363,6075,1,",
        "2019,GM9999,6075,1,",
        ["every municipality has one class", "Amsterdam (GM0363)", "has no row"],
    ),
    "a correction of nobody": (
        "corrections/2023.yaml",
        "",
        "corrections:\n- {municipality: GM9999, question: R1, expected: '1', value: '2', reason: r, "
        "who: w, when: 2023-06-20}\n",
        ["GM9999"],
    ),
    "a signal of nobody": ("signals/2023.csv", "GM", "GM9", ["signals/2023.csv, line"]),
    "a delivery that is not there": (
        QUESTIONS,
        "path: leaVve2023_v02.xlsx",
        "path: leaVve2023_v03.xlsx",
        ["Delivery 2 of 2023"],
    ),
}


@pytest.mark.parametrize(("name", "old", "new", "message"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_found_without_a_run(
    whole: Path, lea: Lea, name: str, old: str, new: str, message: list[str]
) -> None:
    file = whole / name
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = lea("check", "--year", 2023)
    assert result.exit_code == 1
    assert [words for words in message if words not in result.stderr] == [], result.stderr


def test_an_earlier_delivery_that_changed_is_found(whole: Path, lea: Lea) -> None:
    delivery = next(file for file in (whole / "questionnaires" / "2020").iterdir() if file.suffix != ".yaml")
    delivery.write_bytes(delivery.read_bytes() + b" ")
    result = lea("check", "--year", 2023)
    assert result.exit_code == 1
    assert "Delivery 1 of 2020 is not the file that was accepted" in result.stderr


OPTION = 'key: "no", label: {nl: Geen resultaatafspraken'
# What a printed report of 2023 names by its id, the survey year that is checked, and the row that names it.
PRINTED = {
    "a question of an earlier year, in the edition": (2022, "id: L22_1", "id: Z1", 2023, "not_consulted_before_base"),
    "a question of an earlier year, in its own": (2022, "id: L22_1", "id: Z1", 2022, "not_consulted_before_base"),
    "an option": (2023, OPTION, OPTION.replace("no", "never", 1), 2023, "no_result_agreements"),
}


@pytest.mark.parametrize(("survey_year", "old", "new", "checked", "row"), PRINTED.values(), ids=PRINTED)
def test_what_print_names_and_its_year_no_longer_asks_is_found_with_its_line(
    whole: Path, lea: Lea, survey_year: int, old: str, new: str, checked: int, row: str
) -> None:
    file = whole / "questionnaires" / str(survey_year) / "questionnaire.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    report = (whole / "catalogue" / "reports" / "landelijk2023.yaml").read_text(encoding="utf-8")
    line = next(number for number, one in enumerate(report.splitlines(), 1) if f"key: {row}" in one)
    result = lea("check", "--year", checked)
    assert result.exit_code == 1
    assert f"landelijk2023.yaml, line {line}, tables" in result.stderr


@pytest.mark.usefixtures("whole")
def test_a_year_without_questionnaire_is_refused(lea: Lea) -> None:
    result = lea("check", "--year", 2030)
    assert (result.exit_code, "There is no questionnaire for 2030" in result.stderr) == (1, True)


def test_a_delivered_municipality_that_no_register_has_is_named_with_its_row(whole: Path, lea: Lea) -> None:
    file = whole / "registers" / "municipalities.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("2023-01-01,GM0363")), encoding="utf-8")
    result = lea("check", "--year", 2023)
    assert result.exit_code == 1
    for words in ("every municipality is known: 1 not so", "Amsterdam (GM0363), file leaVve2023_v01.xlsx, source_row"):
        assert words in result.stderr


@pytest.mark.usefixtures("whole")
def test_a_planned_year_is_checked_as_the_one_before(lea: Lea) -> None:
    assert lea("new-year", 2024, "--dropped", "R5", "--dropped", "R5_open").exit_code == 0
    result = lea("check", "--year", 2024)
    assert result.exit_code == 0, result.stderr
    for words in ("The standing report of 2024 lacks", "every year has confirmed rules: 16 not so", "no delivery yet"):
        assert words in result.stdout
