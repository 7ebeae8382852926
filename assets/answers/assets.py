"""Answers and quarantine in the lake, one partition per survey year: long, coded, each with why it is missing."""

from collections.abc import Iterator

from dagster import (
    AssetCheckResult,
    AssetExecutionContext,
    Failure,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)

from assets.answers.answer_tables import ANSWERS, Answers, build_answers
from assets.answers.checks import ANSWERS_CHECKS, YearInLake, check_answers
from assets.answers.corrections import load_corrections
from assets.answers.inputs import REGISTERS_READ, STAGE
from assets.answers.municipalities import municipalities_in_lake
from assets.answers.quarantine import QUARANTINE
from assets.answers.row_owners import unknown_names
from assets.base.checks import CheckOutcome
from assets.base.dagster_checks import check_results, check_specs
from assets.base.installation import Installation
from assets.base.lake import write_table
from assets.base.lake_assets import asset_key, table_spec
from assets.base.made_of import MadeOf, as_metadata, fingerprint, table_file
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


@multi_asset(
    name="answers",
    specs=[table_spec(table, deps=_DEPS) for table in (ANSWERS, QUARANTINE)],
    check_specs=check_specs(ANSWERS_CHECKS, survey_year_partitions),
    partitions_def=survey_year_partitions,
)
def answers(
    context: AssetExecutionContext, installation: Installation
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Judges every delivered cell of a survey year. A year whose blocking check fails is not counted as made."""
    year = context.partition_key
    with installation.writing() as paths:
        made = STAGE.made_of(paths, year)
        REGISTERS.require(paths, REGISTERS_READ)
        lake, built = _make(paths, year, made)
    outcomes = check_answers({int(year): lake})
    results = list(check_results(outcomes, fingerprint(made)))
    if failed := [one for one in outcomes if one.blocking and not one.passed]:
        yield from results
        # No MaterializeResult: a backfill would go on to the warehouse over a check that failed after one.
        raise Failure(_what_failed(year, failed), allow_retries=False)
    yield MaterializeResult(asset_key=asset_key(ANSWERS.name), metadata=_answer_metadata(built, lake.municipalities))
    rows = {"dagster/row_count": MetadataValue.int(len(built.quarantine))}
    yield MaterializeResult(asset_key=asset_key(QUARANTINE.name), metadata=rows)
    yield from results


def _make(paths: DataPaths, year: str, made: MadeOf) -> tuple[YearInLake, Answers]:
    """Writes a year's answers and quarantine; returns them with what they are checked by."""
    folder = paths.questionnaires / year
    questionnaire = load_questionnaire(folder)
    municipalities = municipalities_in_lake(paths.lake, questionnaire.register_date)
    raw = [read_raw(paths.lake, questionnaire, delivery, folder) for delivery in questionnaire.deliveries]
    corrections = load_corrections(paths.corrections, questionnaire.survey_year)
    built = build_answers(questionnaire, raw, municipalities, corrections)
    write_table(built.quarantine, table_file(paths.lake, QUARANTINE.name, year), as_metadata(made))
    write_table(built.answers, table_file(paths.lake, ANSWERS.name, year), as_metadata(made))
    checked = YearInLake(
        questionnaire,
        delivered_rows(paths.lake, questionnaire),
        built.answers,
        built.quarantine,
        len(municipalities.names),
        unknown_names(questionnaire, raw, municipalities),
    )
    return checked, built


def _what_failed(year: str, failed: list[CheckOutcome]) -> str:
    lines = "\n".join(f"- {one.check}: {len(one.failing)} failing; {one.definition.remedy}" for one in failed)
    return f"The answers of {year} are not taken in: {len(failed)} blocking checks failed\n{lines}"


def _answer_metadata(made: Answers, municipalities: int) -> dict[str, MetadataValue]:
    current = made.answers[made.answers["is_current"]]
    status = current["status"].value_counts()
    respondents = int(current["municipality_code"].nunique())
    return {
        "dagster/row_count": MetadataValue.int(len(made.answers)),
        "respondents": MetadataValue.int(respondents),
        "response_rate": MetadataValue.float(round(respondents / municipalities, 4)),
        "invalid_cells": MetadataValue.int(int(status.get("invalid", 0))),
        "answered_cells": MetadataValue.int(int(status.get("answered", 0))),
        "quarantined_cells": MetadataValue.int(len(made.quarantine)),
    }
