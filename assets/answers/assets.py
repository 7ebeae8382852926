"""Answers and quarantine in the lake, one partition per survey year: long, coded, each with why it is missing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dagster import AssetExecutionContext

from assets.answers.answer_tables import ANSWERS, Answers, build_answers
from assets.answers.checks import ANSWERS_CHECKS, QUARANTINE_CHECKS, YearInLake, check_answers
from assets.answers.corrections import load_corrections
from assets.answers.inputs import REGISTERS_READ, STAGE
from assets.answers.municipalities import municipalities_in_lake
from assets.answers.quarantine import QUARANTINE
from assets.answers.row_owners import unknown_names
from assets.answers.schemas import answers_of, quarantine_of
from assets.base.checks import CheckOutcome
from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.base.paths import DataPaths
from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.partitions import survey_year_partitions
from assets.raw.store import delivered_rows, read_raw
from assets.registers.inputs import STAGE as REGISTERS

_DEPS = (
    "raw/deliveries",
    "registers/municipalities",
    "registers/municipality_changes",
    "registers/name_variants",
    "questionnaires/questions",
)


@lake_assets(ANSWERS, QUARANTINE, name="answers", deps=_DEPS, checks=ANSWERS_CHECKS, partitions=survey_year_partitions)
def answers(context: AssetExecutionContext, installation: Installation) -> Written:
    """Judges every delivered cell of a survey year. A year whose blocking check fails is not counted as made."""
    year = context.partition_key
    with installation.writing() as paths:
        made = STAGE.made_of(paths, year)
        REGISTERS.require(paths, REGISTERS_READ)
        lake, built = _judged(paths, year)
        yield from write_tables(
            paths.lake,
            {answers_of(lake.questionnaire): built.answers, quarantine_of(lake.questionnaire): built.quarantine},
            made,
            survey_year=year,
            checks=lambda: _checked(paths, year, lake),
            about={ANSWERS.name: _about(built, lake)},
        )


def _judged(paths: DataPaths, year: str) -> tuple[YearInLake, Answers]:
    """A year's answers and quarantine, with what they are checked by."""
    folder = paths.questionnaires / year
    questionnaire = load_questionnaire(folder)
    municipalities = municipalities_in_lake(paths.lake, questionnaire.register_date)
    raw = read_raw(paths.lake, questionnaire, folder)
    built = build_answers(questionnaire, raw, municipalities, load_corrections(paths.corrections, int(year)))
    checked = YearInLake(
        questionnaire,
        delivered_rows(raw),
        built.answers,
        built.quarantine,
        len(municipalities.names),
        unknown_names(questionnaire, raw, municipalities),
    )
    return checked, built


def _checked(paths: DataPaths, year: str, lake: YearInLake) -> Iterator[CheckOutcome]:
    for outcome in check_answers({int(year): lake}):
        is_of_quarantine = outcome.definition in QUARANTINE_CHECKS
        yield replace(outcome, rows_in=QUARANTINE.file(paths.lake, year)) if is_of_quarantine else outcome


def _about(made: Answers, lake: YearInLake) -> dict[str, Any]:
    current = made.answers[made.answers["is_current"]]
    status = current["status"].value_counts()
    return {
        "respondents": lake.respondents,
        "response_rate": round(lake.respondents / lake.municipalities, 4),
        "invalid_cells": int(status.get("invalid", 0)),
        "answered_cells": int(status.get("answered", 0)),
        "quarantined_cells": len(made.quarantine),
    }
