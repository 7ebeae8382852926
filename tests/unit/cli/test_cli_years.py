"""``lea new-year``, and what then happens to its first delivery."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.questionnaires.loader import load_questionnaire
from tests.conftest import SCENARIOS, Lea, bytes_of, copy


def test_a_year_is_started_checked_and_opened_with_its_first_delivery(data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    started = lea("new-year", 2024)

    assert started.exit_code == 0
    assert str(data_dir / "questionnaires" / "2024" / "questionnaire.yaml") in started.stdout
    assert "lea accept FILE --year 2024" in started.stdout
    folder = data_dir / "questionnaires" / "2024"
    assert load_questionnaire(folder).status == "planned"

    register = data_dir / "registers" / "municipalities.csv"
    of_2023 = [line for line in register.read_text().splitlines() if line.startswith("2023-01-01")]
    register.write_text(register.read_text() + "\n".join(of_2023).replace("2023-01-01", "2024-01-01") + "\n")
    copy(SCENARIOS / "accepted" / "levering.csv", tmp_path / "levering.csv")
    assert lea("check", tmp_path / "levering.csv", "--year", 2024).exit_code == 0
    assert lea("accept", tmp_path / "levering.csv", "--year", 2024).exit_code == 0
    assert (load_questionnaire(folder).status, len(load_questionnaire(folder).deliveries)) == ("open", 1)


@pytest.mark.parametrize(
    ("year", "code", "output"),
    [
        (2023, 1, "There is a questionnaire for 2023 already"),
        (2019, 1, "There is no questionnaire before 2019"),
        (20240, 2, "less than or equal to 2099"),
    ],
)
def test_a_year_that_cannot_be_started(data_dir: Path, lea: Lea, year: int, code: int, output: str) -> None:
    before = bytes_of(data_dir)
    refused = lea("new-year", year)
    assert refused.exit_code == code
    assert output in refused.stderr
    assert bytes_of(data_dir) == before


def test_the_guide_lists_what_a_person_must_decide(data_dir: Path, lea: Lea) -> None:
    dropped = load_questionnaire(data_dir / "questionnaires" / "2023").questions[-1].id
    started = lea("new-year", 2024, "--dropped", dropped, "--origin", "real", "--date", "2024-01-02")

    assert started.exit_code == 0, started.stderr
    made = load_questionnaire(data_dir / "questionnaires" / "2024")
    assert (made.origin, str(made.register_date)) == ("real", "2024-01-02")
    assert dropped not in [question.id for question in made.questions]
    for point in ("wording and labels:", "source and evidence:", "comparability: all", f"dropped: {dropped};"):
        assert f"- {point}" in started.stdout
    assert "- origin:" not in started.stdout
    assert "There is no register of 2024-01-02: the newest before it is of 2023-01-01" in started.stdout


@pytest.mark.parametrize(
    ("options", "output"),
    [
        (["--dropped", "ZZ9"], "There is no question ZZ9"),
        (["--merged", "GM0363"], "neither a merger nor a split"),
        (["--merged", "GM0363=Amsterdam"], "'Amsterdam' is not the CBS code"),
    ],
)
def test_what_the_guide_cannot_do_changes_nothing(data_dir: Path, lea: Lea, options: list[str], output: str) -> None:
    before = bytes_of(data_dir)
    refused = lea("new-year", 2024, *options)
    assert refused.exit_code == 1
    assert output in refused.stderr
    assert bytes_of(data_dir) == before
