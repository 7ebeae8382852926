"""The checks on answers and quarantine: each in which it fails, over all survey years in the lake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from assets.answers.answer_tables import build_answers
from assets.answers.check_definitions import ACCOUNTED, ANSWERS_CHECKS, LOW_RESPONSE
from assets.answers.checks import YearInLake, check_answers
from assets.answers.municipalities import Municipalities
from assets.answers.municipality_names import Spellings
from assets.answers.row_owners import unknown_names
from assets.answers.schemas import answers_of, quarantine_of
from assets.answers.tables import ANSWERS
from assets.base.checks import CheckDefinition, CheckOutcome
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.model import Questionnaire
from assets.raw.readers import CellNote
from tests.conftest import raw_delivery

NAMES = {"GM0363": "Amsterdam", "GM1900": "Súdwest-Fryslân", "GM1979": "Eemsdelta"}
MUNICIPALITIES = Municipalities(NAMES, spelled=Spellings(NAMES.items()))
AMSTERDAM = {
    "gemeentecode": "GM0363",
    "overleg": "1",
    "partner_1": "1",
    "evaluatie": "01",
    "peuters": "12",
    "plaatsen": "12",
}
SUDWEST = {"gemeentecode": "GM1900", "overleg": "2", "evaluatie": "02", "peuters": "0", "toelichting": "Geen"}

BY_NAME = {definition.name: definition for definition in ANSWERS_CHECKS}
#: What has to be in a delivery for a check to fail.
DELIVERED: dict[str, list[dict[str, str]]] = {
    "most_municipalities_answered": [AMSTERDAM],
    "every_municipality_is_known": [AMSTERDAM, SUDWEST, {"gemeentecode": "GM9999"}],
    "every_municipality_answers_once": [AMSTERDAM, SUDWEST, SUDWEST],
    "every_name_is_of_its_code": [AMSTERDAM, SUDWEST | {"gemeente": "Amsterdam"}],
    "every_municipality_is_named_as_in_the_register": [AMSTERDAM, SUDWEST | {"gemeente": "Sneek"}],
    "every_row_has_an_answer": [AMSTERDAM, SUDWEST, {"gemeentecode": "GM1979"}],
    "every_code_is_an_option": [AMSTERDAM, SUDWEST | {"evaluatie": "3"}],
    "every_count_is_possible": [AMSTERDAM, SUDWEST | {"peuters": "-1"}],
    "answers_follow_the_routing": [AMSTERDAM, SUDWEST | {"partner_1": "1"}],
    "exclusive_options_stand_alone": [AMSTERDAM | {"partner_9": "1"}, SUDWEST],
    "free_text_is_plain": [AMSTERDAM, SUDWEST | {"toelichting": "<b>Geen</b>"}],
    "no_cell_is_merged": [AMSTERDAM, SUDWEST],
    "every_cell_is_shown": [AMSTERDAM, SUDWEST],
    "every_missing_code_is_declared": [AMSTERDAM, SUDWEST],
    "every_row_was_submitted": [AMSTERDAM, SUDWEST, {"gemeentecode": "GM1979", "peuters": "12"}],
}
#: What is particular about a cell, where that makes the check fail.
NOTED = {
    "no_cell_is_merged": {(3, "toelichting"): CellNote("merged", "M3:M4")},
    "every_cell_is_shown": {(3, "toelichting"): CellNote("not_shown")},
    "every_missing_code_is_declared": {(3, "peuters"): CellNote("missing_in_file")},
}
#: The column that says whether a row was submitted, where that makes the check fail.
SUBMITTED = {"every_row_was_submitted": Dialect.model_validate({"submitted": {"column": "evaluatie"}})}


def lake_year(
    questionnaire: Questionnaire, *deliveries: list[dict[str, str]], year: int = 2023, check: str = ""
) -> YearInLake:
    dialect = SUBMITTED.get(check, questionnaire.dialect)
    of_year = questionnaire.model_copy(update={"survey_year": year, "deliveries": deliveries, "dialect": dialect})
    raw = [raw_delivery(of_year, rows, number) for number, rows in enumerate(deliveries, 1)]
    raw = [replace(delivery, cell_notes=NOTED.get(check, {})) for delivery in raw]
    made = build_answers(of_year, raw, MUNICIPALITIES)
    rows = [{"delivery": r.delivery.number, "source_row": row} for r in raw for row in r.cells.index]
    delivered = pd.DataFrame(rows, columns=["delivery", "source_row"])
    return YearInLake(of_year, delivered, made.answers, made.quarantine, 2, unknown_names(of_year, raw, MUNICIPALITIES))


def outcome_of(definition: CheckDefinition, *years: YearInLake) -> CheckOutcome:
    outcomes = check_answers({y.questionnaire.survey_year: y for y in years})
    assert [o.definition for o in outcomes] == ANSWERS_CHECKS
    return next(o for o in outcomes if o.definition == definition)


def spoiled(year: YearInLake, **changed: Any) -> YearInLake:
    return YearInLake(**{**year.__dict__, **changed})


@pytest.mark.parametrize("definition", ANSWERS_CHECKS, ids=lambda d: d.name)
def test_a_good_delivery_passes(questionnaire: Questionnaire, definition: CheckDefinition) -> None:
    outcome = outcome_of(definition, lake_year(questionnaire, [AMSTERDAM, SUDWEST]))
    assert outcome.passed, outcome.failing
    assert outcome.checked > 0


@pytest.mark.parametrize("name", DELIVERED)
def test_a_check_fails_on_what_it_is_about_and_shows_it(questionnaire: Questionnaire, name: str) -> None:
    outcome = outcome_of(BY_NAME[name], lake_year(questionnaire, DELIVERED[name], check=name))
    assert not outcome.passed
    assert set(outcome.failing["survey_year"]) == {2023}
    others = [o for o in check_answers({2023: lake_year(questionnaire, DELIVERED[name], check=name)}) if not o.passed]
    assert {o.check for o in others} - {LOW_RESPONSE.name} <= {name}, "one thing wrong fails one check"


def test_every_check_is_seen_failing() -> None:
    assert {*DELIVERED, ACCOUNTED.name} == set(BY_NAME)


def test_a_whole_row_is_one_failing_row(questionnaire: Questionnaire) -> None:
    outcome = outcome_of(
        BY_NAME["every_municipality_is_known"], lake_year(questionnaire, DELIVERED["every_municipality_is_known"])
    )
    assert (len(outcome.failing), outcome.checked) == (1, 3)


def test_what_a_newer_delivery_mended_is_no_longer_wrong(questionnaire: Questionnaire) -> None:
    year = lake_year(questionnaire, [AMSTERDAM, SUDWEST | {"peuters": "-1"}, AMSTERDAM], [SUDWEST, AMSTERDAM])
    assert [o.check for o in check_answers({2023: year}) if not o.passed] == []
    assert len(year.quarantine) > 0


@pytest.mark.parametrize("definition", [ACCOUNTED, LOW_RESPONSE, BY_NAME["every_count_is_possible"]])
def test_the_checks_see_every_year_in_the_lake(questionnaire: Questionnaire, definition: CheckDefinition) -> None:
    good = lake_year(questionnaire, [AMSTERDAM, SUDWEST], year=2022)
    if definition == LOW_RESPONSE:
        bad = lake_year(questionnaire, [AMSTERDAM], year=2021)
    elif definition == ACCOUNTED:
        bad = lake_year(questionnaire, [AMSTERDAM, SUDWEST], year=2021)
        bad = spoiled(bad, answers=pd.concat([bad.answers, bad.answers.head(1)], ignore_index=True))
    else:
        bad = lake_year(questionnaire, [AMSTERDAM, SUDWEST | {"peuters": "x"}], year=2021)

    alone, both = outcome_of(definition, bad), outcome_of(definition, bad, good)

    assert set(both.failing["survey_year"]) == {2021}
    assert len(both.failing) == len(alone.failing)
    assert both.checked > alone.checked


def without_a_cell(y: YearInLake) -> YearInLake:
    return spoiled(y, answers=y.answers.drop(index=5))


def with_a_cell_twice(y: YearInLake) -> YearInLake:
    return spoiled(y, answers=pd.concat([y.answers, y.answers.iloc[[5]]], ignore_index=True))


def with_a_row_that_was_not_delivered(y: YearInLake) -> YearInLake:
    return spoiled(y, delivered=y.delivered.head(1))


def with_a_column_that_was_not_delivered(y: YearInLake) -> YearInLake:
    answers = y.answers.astype({"source_column": "str"})
    answers.loc[5, "source_column"] = "x"
    return spoiled(y, answers=answers)


def without_the_text_of_an_invalid_cell(y: YearInLake) -> YearInLake:
    return spoiled(y, quarantine=y.quarantine[y.quarantine["scope"] == "row"])


def without_a_cell_of_a_refused_row(y: YearInLake) -> YearInLake:
    return spoiled(y, quarantine=y.quarantine.drop(index=y.quarantine.index[y.quarantine["scope"] == "row"][0]))


def in_answers_and_in_quarantine(y: YearInLake) -> YearInLake:
    line = y.quarantine.head(1).assign(source_row=2, scope="cell", source_column="overleg")
    return spoiled(y, quarantine=pd.concat([y.quarantine, line], ignore_index=True))


@pytest.mark.parametrize(
    "lose",
    [
        without_a_cell,
        with_a_cell_twice,
        with_a_row_that_was_not_delivered,
        with_a_column_that_was_not_delivered,
        without_the_text_of_an_invalid_cell,
        without_a_cell_of_a_refused_row,
        in_answers_and_in_quarantine,
    ],
)
def test_a_cell_that_is_not_accounted_for(
    questionnaire: Questionnaire, lose: Callable[[YearInLake], YearInLake]
) -> None:
    whole = lake_year(questionnaire, [AMSTERDAM, SUDWEST | {"peuters": "x"}, {"gemeentecode": "GM9999"}])
    assert outcome_of(ACCOUNTED, whole).passed

    outcome = outcome_of(ACCOUNTED, lose(whole))

    assert len(outcome.failing) == 1
    assert outcome.failing["cells_wrong"].item() > 0


def cell(question: str, option: str | None = None) -> Callable[[pd.DataFrame], pd.Series]:
    def where(f: pd.DataFrame) -> pd.Series:
        same = f["option_code"].isna() if option is None else f["option_code"] == option
        return (f["municipality_code"] == "GM0363") & (f["question_id"] == question) & same

    return where


@pytest.mark.parametrize(
    ("where", "column", "value", "problem"),
    [
        (cell("Q1"), "survey_year", 2022, "is 2023, the survey year"),
        (cell("Q1"), "status", "unknown", "is one of"),
        (cell("Q1"), "municipality_code", None, "is not empty"),
        (cell("Q1"), "question_id", "Q99", "is a cell of the questionnaire"),
        (cell("Q1"), "option_code", "1", "is a cell of the questionnaire"),
        (cell("Q1"), "code", "7", "has a code that is an option"),
        (cell("Q2", "1"), "code", "2", "has a code that is an option"),
        (cell("Q1"), "code", None, "has one value of its type"),
        (cell("Q1"), "text", "x", "has one value of its type"),
        (cell("R1"), "status", "no_answer", "has one value of its type"),
        (cell("R1"), "number", 20001, "has a count that is possible"),
        (cell("R1"), "number", -1, "is a whole number from 0"),
        (cell("Q2", "1"), "option_code", "2", "counts for its municipality, question and option alone"),
    ],
)
def test_answers_that_do_not_fit_the_questionnaire(
    questionnaire: Questionnaire, where: Any, column: str, value: Any, problem: str
) -> None:
    year = lake_year(questionnaire, [AMSTERDAM, SUDWEST])
    texts = ["municipality_code", "question_id", "option_code", "status", "code", "text"]
    answers = year.answers.astype(dict.fromkeys(texts, "str"))
    answers.loc[where(answers), column] = value

    misfits = answers_of(questionnaire).misfits(answers.astype(ANSWERS.dtypes))

    assert any(problem in found for found in misfits["breaks"])


def test_superseded_answers_need_not_be_alone(questionnaire: Questionnaire) -> None:
    year = lake_year(questionnaire, [AMSTERDAM, SUDWEST], [AMSTERDAM])
    assert answers_of(questionnaire).misfits(year.answers).empty


def test_a_rule_of_quarantine_that_no_check_shows_does_not_fit(questionnaire: Questionnaire) -> None:
    year = lake_year(questionnaire, [AMSTERDAM, SUDWEST | {"peuters": "-1"}])
    assert quarantine_of(questionnaire).misfits(year.quarantine).empty
    misfits = quarantine_of(questionnaire).misfits(year.quarantine.assign(rule="count_is_pretty"))
    assert misfits["column"].tolist() == ["rule"]


def test_a_year_that_is_only_planned_lacks_no_response(questionnaire: Questionnaire) -> None:
    assert outcome_of(LOW_RESPONSE, lake_year(questionnaire)).passed
