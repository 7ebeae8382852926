"""What a steward sees of a check: one shape, whoever wrote the check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dagster import AssetCheckSeverity, AssetCheckSpec

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.dagster_checks import WHAT_TO_DO, check_result
from assets.base.lake import write_table

CHECK = CheckDefinition("every_count_is_possible", "answers/quarantine", False, "Every count is possible.", "ask again")
FAILING = pd.DataFrame(
    [(2030, "GM0363", "R1", "12,5"), (2031, "GM1900", "R9", "<b>"), (2031, "GM9999", None, None)],
    columns=["survey_year", "municipality_code", "question_id", "original_text"],
)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake in which Amsterdam had another name at first, and R1 was asked in 2030."""
    names = {
        "municipality_code": ["GM0363", "GM0363", "GM1900"],
        "municipality_name": ["Amstelredam", "Amsterdam", "Súd"],
    }
    write_table(pd.DataFrame(names), tmp_path / "registers" / "municipalities.parquet")
    asked = {"survey_year": [2030], "question_id": ["R1"], "wording_nl": ["Hoeveel peuters?"]}
    write_table(pd.DataFrame(asked), tmp_path / "questionnaires" / "questions.parquet")
    return tmp_path


def shown(outcome: CheckOutcome, lake: Path) -> dict[str, Any]:
    return {name: value.value for name, value in check_result(outcome, "abc", lake).metadata.items()}


def test_a_check_that_passed_says_what_it_looked_at(lake: Path) -> None:
    assert shown(CHECK.outcome(FAILING.head(0), 12, {"keyed": 7}), lake) == {
        "failing": 0,
        "checked": 12,
        "keyed": 7,
        "made_of": "abc",
    }


def test_failing_rows_have_names_beside_codes_and_what_to_do(lake: Path) -> None:
    file = lake / "quarantine" / "2031.parquet"
    outcome = CheckOutcome(CHECK, FAILING, 12, rows_in=file)
    assert shown(outcome, lake) == {
        "failing": 3,
        "checked": 12,
        "made_of": "abc",
        "failing_2030": 1,
        "failing_2031": 2,
        "what_to_do": "ask again",
        "failing_rows": """
| survey_year | municipality_code | municipality_name | question_id | question | original_text |
|---|---|---|---|---|---|
| 2030 | GM0363 | Amsterdam | R1 | Hoeveel peuters? | 12,5 |
| 2031 | GM1900 | Súd | R9 |  | `<b>` |
| 2031 | GM9999 |  |  |  |  |
""".strip(),
        "rows_not_shown": 0,
        "link": str(file),
    }
    result = check_result(outcome, "abc", lake)
    assert (result.passed, result.severity) == (False, AssetCheckSeverity.WARN)
    assert result.description == "every_count_is_possible on answers/quarantine: 3 failing; ask again"


def test_how_many_rows_are_not_shown_is_said(lake: Path) -> None:
    many = pd.concat([FAILING] * 10, ignore_index=True)
    found = shown(CHECK.outcome(many, 100), lake)
    assert (found["failing"], found["rows_not_shown"]) == (30, 10)
    assert len(found["failing_rows"].splitlines()) == 2 + 20
    assert "link" not in found


def test_a_name_that_is_there_stays_and_a_lake_without_names_gives_none(lake: Path, tmp_path: Path) -> None:
    named = FAILING.assign(municipality_name="as delivered")
    assert "Amsterdam" not in shown(CHECK.outcome(named, 3), lake)["failing_rows"]
    assert "municipality_name" not in shown(CHECK.outcome(FAILING, 3), tmp_path / "empty")["failing_rows"]


def test_a_test_of_dbt_is_defined_like_any_other_check() -> None:
    from assets.warehouse.graph import definition_of  # and with it dbt, which takes seconds

    spec = AssetCheckSpec(
        "adds_up", asset=["marts", "fct"], blocking=True, description="It adds up.", metadata={WHAT_TO_DO: "add"}
    )
    assert definition_of(spec) == CheckDefinition("adds_up", "marts/fct", True, "It adds up.", "add")
