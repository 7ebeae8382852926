"""``lea check`` asks the same about counts as ``fct_plausibility``, which is where they are asked for good."""

from __future__ import annotations

import duckdb
import pytest

from assets.answers.corrections import load_corrections
from assets.base.lake import read_table
from assets.base.paths import DataPaths
from assets.plausibility.review import odd_answers
from assets.plausibility.rules import load_rules
from assets.questionnaires.loader import load_questionnaires
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow


def test_the_warehouse_asks_the_same_about_counts(ran: tuple[Installation, str]) -> None:
    paths = DataPaths(ran[0].data)
    rules = load_rules(paths.plausibility)
    before_a_run = []
    for year, questionnaire in load_questionnaires(paths.questionnaires).items():
        answers = read_table(paths.lake / "answers" / f"{year}.parquet")
        codes = sorted(set(answers["municipality_code"]))
        odd, not_asked = odd_answers(
            paths, questionnaire, answers, codes, rules, load_corrections(paths.corrections, year)
        )
        assert not_asked is None
        before_a_run += [(year, o.municipality, o.rule.id, o.value, o.compared) for o in odd]

    with duckdb.connect(str(paths.warehouse), read_only=True) as warehouse:
        in_the_warehouse = warehouse.execute(
            "select survey_year, municipality_code, rule, value, coalesce(other_value, last_year_value) from fct_plausibility"
            " where status = 'warning' and kind != 'choice_changed'"
        ).fetchall()

    assert sorted(before_a_run) == sorted(in_the_warehouse)
    assert len(before_a_run) > 20
