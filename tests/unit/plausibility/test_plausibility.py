"""Plausibility rules: what the bundled file says, and what a mistake in it looks like to its author."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from assets.base.errors import BadInput
from assets.plausibility.rules import PLAUSIBILITY_RULES, PlausibilityRule, load_rules, rules_table
from tests.warehouse_sql import properties

PROJECT = Path(__file__).parents[3]
FILE = PROJECT / "data" / "plausibility.yaml"
THRESHOLDS = ("kind", "concept", "other_concept", "at_least", "at_most", "margin", "smallest")
COUNTS = ("target_toddlers", "places", "reached_toddlers")


@pytest.fixture(scope="module")
def bundled() -> tuple[PlausibilityRule, ...]:
    return load_rules(FILE)


def test_every_count_is_compared_with_last_years(bundled: tuple[PlausibilityRule, ...]) -> None:
    assert [rule.id for rule in bundled] == [
        "reached_above_target",
        "places_far_below_reached",
        *(f"{count}_jump" for count in COUNTS),
        *(f"{count}_equal_to_last_year" for count in COUNTS),
        "definition_changed",
    ]


def test_rules_become_rows_in_which_a_kind_leaves_empty_what_it_does_not_use(
    bundled: tuple[PlausibilityRule, ...],
) -> None:
    table = rules_table(bundled)
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == PLAUSIBILITY_RULES.dtypes
    rows = {str(row["rule"]): {k: v for k, v in row.items() if pd.notna(v)} for row in table.to_dict("records")}
    thresholds = {name: {k: v for k, v in row.items() if k in THRESHOLDS} for name, row in rows.items()}
    assert thresholds["reached_above_target"] == {
        "kind": "beside_other_count",
        "concept": "reached_toddlers",
        "other_concept": "target_toddlers",
        "at_most": 1.0,
        "margin": 0,
    }
    assert thresholds["places_jump"] == {
        "kind": "beside_last_year",
        "concept": "places",
        "at_least": 0.75,
        "at_most": 1.25,
        "margin": 20,
    }
    assert thresholds["places_equal_to_last_year"] == {
        "kind": "equal_to_last_year",
        "concept": "places",
        "smallest": 100,
    }
    assert thresholds["definition_changed"] == {"kind": "choice_changed", "concept": "definition_indicators"}
    assert "valid_to" not in rows["places_jump"]


def test_every_rule_is_a_check_of_its_own_that_warns(bundled: tuple[PlausibilityRule, ...]) -> None:
    """A new rule needs its line in fct_plausibility.yml: a check is known before any data is read."""
    model = properties("fct_plausibility")
    checks = [test["no_warning_of"] for test in model["data_tests"] if "no_warning_of" in test]
    assert [check["arguments"]["rule"] for check in checks] == [rule.id for rule in bundled]
    generic = (PROJECT / "dbt_project" / "tests" / "generic" / "no_warning_of.sql").read_text(encoding="utf-8")
    assert "severity='warn'" in generic
    assert all(check["description"] for check in checks)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("kind: beside_other_count", "kind: beside_neighbour", "'beside_other_count', 'beside_last_year'"),
        ("    kind: choice_changed\n", "", "kind"),
        ("count: reached_toddlers\n    other", "count: toddlers\n    other", "'target_toddlers', 'places' or"),
        ("other: target_toddlers", "other: reached_toddlers", "reached_toddlers is compared with itself"),
        ("    at_most: 1\n", "", "'at_least', 'at_most' or both"),
        ("at_most: 1\n", "at_most: 0.9\n", "at_most is 0.9: that a count is as large as the other would be odd"),
        ("at_least: 0.5", "at_least: 1.5", "at_least is 1.5: that a count is as large as the other would be odd"),
        ("at_least: 0.5", "at_least: half", "decimal"),
        ("at_least: 0.5", "at_least: 0.1234", "3 decimal places"),
        ("margin: 10", "margin: -1", "greater than or equal to 0"),
        ("smallest: 100", "smallest: 0", "greater than or equal to 1"),
        ("    smallest: 100\n", "", "'smallest' is missing"),
        ("smallest: 100", "smallest: 100\n    margin: 5", "'margin' is not a field"),
        ("choice_of: definition_indicators", "choice_of: goals", "'definition_indicators'"),
        (
            "    valid_from: 2023\n",
            "    valid_from: 2023\n    valid_to: 2022\n",
            "valid_to 2022 is before valid_from 2023",
        ),
        ("id: places_jump", "id: target_toddlers_jump", "rule target_toddlers_jump appears more than once"),
        (
            "{other_value} doelgroeppeuters",
            "{target} doelgroeppeuters",
            "{target}, but what can be filled in is {other_val",
        ),
        ("{other_value} target", "{last_year_value} target", "'ask' has {last_year_value}, but"),
        ("precies {value} doelgroeppeuters", "precies {other_value} doelgroeppeuters", "'ask' has {other_value}, but"),
        ("U geeft {value} kindplaatsen", "U geeft {} kindplaatsen", "'ask' has {}, but"),
    ],
)
def test_a_mistake_says_where_it_stands(tmp_path: Path, old: str, new: str, what: str) -> None:
    text, file = FILE.read_text(encoding="utf-8"), tmp_path / "plausibility.yaml"
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        load_rules(file)
    assert what in error.value.what
    assert error.value.where.startswith(f"{file}, ")
    assert "assets/plausibility/rules.py" in error.value.remedy


def test_rules_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no list of plausibility rules") as error:
        load_rules(tmp_path / "plausibility.yaml")
    assert error.value.where == str(tmp_path / "plausibility.yaml")
    (tmp_path / "plausibility.yaml").write_text("rules: []\n", encoding="utf-8")
    with pytest.raises(BadInput, match="at least 1 item"):
        load_rules(tmp_path / "plausibility.yaml")
