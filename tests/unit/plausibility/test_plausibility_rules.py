"""Every rule of ``data/plausibility.yaml`` on numbers of two years: ``plausibility_rules/statuses.csv``.

A line is a municipality: what it gave this year and the year before (what is not named was not given; of a definition a letter
an indicator), what a steward recorded as confirmed, and the status that the rule must have. The rules are the bundled ones,
the SQL is the warehouse's.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import jinja2
import pandas as pd
import pytest

from assets.plausibility import confirmations
from assets.plausibility.rules import load_rules, rules_table

PROJECT = Path(__file__).parents[3]
DBT = PROJECT / "dbt_project"
THIS_YEAR, LAST_YEAR = 2023, 2022
RULES = load_rules(PROJECT / "data" / "plausibility.yaml")
COUNTS = ("target_toddlers", "places", "reached_toddlers")


def scenarios() -> list[dict[str, str]]:
    with (Path(__file__).parent / "plausibility_rules" / "statuses.csv").open(encoding="utf-8", newline="") as file:
        return [{"municipality_code": f"GM{n:04}", **row} for n, row in enumerate(csv.DictReader(file), 1)]


def frames(given: list[dict[str, str]]) -> dict[str, pd.DataFrame]:
    """What ``fct_plausibility`` reads, of these municipalities in two years on the same territory."""
    counts, definitions, municipalities = [], [], []
    for scenario in given:
        for year, column in ((THIS_YEAR, "this_year"), (LAST_YEAR, "last_year")):
            said = dict(part.split("=") for part in scenario[column].split())
            key = {"survey_year": year, "municipality_code": scenario["municipality_code"]}
            municipalities.append({**key, "reference_year": year - 1, "is_respondent": True})
            chosen = said.get("definition_indicators")
            definitions.append(
                {**key, "indicators": chosen and len(chosen), "indicators_chosen": chosen and ",".join(chosen)}
            )
            for concept in COUNTS:
                status = "answered" if concept in said else "no_answer"
                counts.append({**key, "concept": concept, "number": said.get(concept), "status": status})
    continued = pd.DataFrame(municipalities).query("survey_year == @THIS_YEAR")
    confirmed = [
        (THIS_YEAR, s["municipality_code"], s["rule"], int(s["confirmed"]), date(THIS_YEAR, 6, 20))
        for s in given
        if s["confirmed"]
    ]
    return {
        "stg_plausibility__rules": rules_table(RULES),
        "stg_plausibility__confirmations": confirmations.CONFIRMATIONS.frame(confirmed),
        "int_municipalities__classified": pd.DataFrame(municipalities),
        "int_municipalities__continued": continued.assign(
            earlier_survey_year=LAST_YEAR,
            earlier_reference_year=LAST_YEAR - 1,
            earlier_municipality_code=continued["municipality_code"],
        ),
        "int_counts__listed": pd.DataFrame(counts).astype({"number": "Int64"}),
        "fct_definition_breadth": pd.DataFrame(definitions).astype({"indicators": "Int64"}),
        "stg_questionnaires__questions": pd.DataFrame(
            [(year, concept, concept) for year in (THIS_YEAR, LAST_YEAR) for concept in COUNTS],
            columns=["survey_year", "question_id", "concept"],
        ),
    }


def compiled(*files: str, call: str = "") -> str:
    text = "".join((DBT / file).read_text(encoding="utf-8") for file in files)
    text = text.replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
    return jinja2.Environment().from_string(text + call).render(ref=lambda name: name)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """The scenarios, judged in ``fct_plausibility``."""
    model = compiled("macros/formatting.sql", "macros/asking.sql", "models/marts/plausibility/fct_plausibility.sql")
    with duckdb.connect() as connection:
        for name, frame in frames(scenarios()).items():
            connection.register(name, frame)
        connection.execute(f"create table fct_plausibility as {model}")
        yield connection


def test_every_rule_has_the_status_that_the_numbers_ask_for(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        f"select municipality_code, rule, status, ask_nl, ask_en from fct_plausibility where survey_year = {THIS_YEAR}"
    ).fetchall()
    found = {(code, rule): status for code, rule, status, _, _ in rows}
    wrong = [s for s in scenarios() if found[s["municipality_code"], s["rule"]] != s["status"]]
    assert wrong == []
    asked = [text for _, _, status, *texts in rows if status == "warning" for text in texts]
    assert asked
    assert [text for text in asked if "{" in text or "  " in text] == []


def test_every_rule_is_seen_to_warn_not_to_warn_not_to_be_told_and_to_be_confirmed() -> None:
    seen = {(scenario["rule"], scenario["status"]) for scenario in scenarios()}
    assert seen == {(rule.id, status) for rule in RULES for status in ("warning", "ok", "not_assessable", "confirmed")}


def test_a_confirmation_of_what_is_not_given_or_not_odd_is_reported(warehouse: duckdb.DuckDBPyConnection) -> None:
    check = "{{ confirmations_hold('fct_plausibility', 'stg_plausibility__confirmations') }}"
    rows = warehouse.execute(compiled("tests/generic/confirmations_hold.sql", call=check)).fetchall()
    reported = [(rule, confirmed, present, status) for _, _, rule, confirmed, present, status in rows]
    assert reported == [
        ("target_toddlers_jump", 127, 126, "warning"),
        ("target_toddlers_jump", 125, 125, "ok"),
        ("target_toddlers_jump", 126, None, "not_assessable"),
        ("definition_changed", 6, 7, "warning"),
    ]
    codes = {(s["municipality_code"], s["rule"]) for s in scenarios() if s["confirmed"] and s["status"] != "confirmed"}
    assert {(code, rule) for _, code, rule, *_ in rows} == codes
