"""Every rule of ``data/risk/rules.yaml`` on answers in the questionnaire's own words: ``risk_rules/signals.csv``.

A line is a municipality: what it answered (``L1a=no``; ``?`` is left open; what is not named was not asked; nothing at all is no
questionnaire) and the signal that the rule must give. The rules are the bundled ones, the SQL is the warehouse's.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pandas as pd

from assets.questionnaires.loader import load_questionnaires
from assets.risk.rules import load_rules, rules_table
from tests.warehouse_sql import compiled_sql

PROJECT = Path(__file__).parents[3]
YEAR = 2023
QUESTIONNAIRES = load_questionnaires(PROJECT / "data" / "questionnaires")
RULES = load_rules(PROJECT / "data" / "risk", QUESTIONNAIRES)
MISSING = {"?": "no_answer", "lost": "not_collected"}
COUNTS = {"R1": "target_toddlers", "R2": "places"}


def scenarios() -> list[dict[str, str]]:
    with (Path(__file__).parent / "risk_rules" / "signals.csv").open(encoding="utf-8", newline="") as file:
        return [{"municipality_code": f"GM{n:04}", **row} for n, row in enumerate(csv.DictReader(file), 1)]


def answered(scenario: dict[str, str]) -> dict[str, str]:
    return dict(answer.split("=") for answer in scenario["answers"].split())


def answers(given: list[dict[str, str]]) -> pd.DataFrame:
    """``fct_answers`` of the scenarios: a row per option of every question that has options."""
    rows = []
    for scenario in given:
        said = answered(scenario)
        for question in QUESTIONNAIRES[YEAR].questions if said else ():
            for option in question.options or ():
                chosen = said.get(question.id)
                rows.append(
                    {
                        "survey_year": YEAR,
                        "municipality_code": scenario["municipality_code"],
                        "question_id": question.id,
                        "concept": question.concept,
                        "item": question.item,
                        "option_key": option.key,
                        "is_asked": chosen is not None,
                        "status": "not_asked" if chosen is None else "no_answer" if chosen == "?" else "answered",
                        "is_selected": None if chosen in (None, "?") else option.key == chosen,
                    }
                )
    return pd.DataFrame(rows).astype({"is_selected": "boolean", "item": "str"})


def places(given: list[dict[str, str]]) -> pd.DataFrame:
    """``fct_places`` of the scenarios; a count that is not named was given, so that it raises nothing."""
    rows = []
    for scenario in given:
        if said := answered(scenario):
            counts = {name: said.get(question, "10") for question, name in COUNTS.items()}
            known = MISSING.keys().isdisjoint(counts.values())
            enough = known and int(counts["places"]) >= int(counts["target_toddlers"])
            rows.append(
                {
                    "survey_year": YEAR,
                    "municipality_code": scenario["municipality_code"],
                    **{name: None if count in MISSING else int(count) for name, count in counts.items()},
                    **{f"{name}_status": MISSING.get(count, "answered") for name, count in counts.items()},
                    "sufficiency": "unknown" if not known else "sufficient" if enough else "insufficient",
                }
            )
    return pd.DataFrame(rows).astype({"places": "Int64", "target_toddlers": "Int64"})


def test_every_rule_gives_the_signal_that_the_answers_ask_for() -> None:
    given = scenarios()
    frames = {
        "int_municipalities__classified": pd.DataFrame(
            {
                "survey_year": YEAR,
                "reference_year": YEAR - 1,
                "municipality_code": [scenario["municipality_code"] for scenario in given],
                "is_respondent": [bool(scenario["answers"]) for scenario in given],
            }
        ),
        "stg_risk__rules": rules_table(RULES),
        "fct_answers": answers(given),
        "fct_places": places(given),
    }
    with duckdb.connect() as connection:
        for name, frame in frames.items():
            connection.register(name, frame)
        sql = compiled_sql("fct_risk_signals")
        signals = connection.execute(f"select municipality_code, rule, signal from ({sql})").fetchall()
    found = {(code, rule): signal for code, rule, signal in signals}
    wrong = [s for s in given if found[s["municipality_code"], s["rule"]] != s["signal"]]
    assert wrong == []


def test_every_rule_is_seen_to_trigger_not_to_trigger_and_not_to_be_told() -> None:
    seen = {(scenario["rule"], scenario["signal"]) for scenario in scenarios()}
    assert seen == {(rule.id, signal) for rule in RULES for signal in ("triggered", "not_triggered", "not_assessable")}
