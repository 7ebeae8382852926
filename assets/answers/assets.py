"""Answers and quarantine in the lake, one partition per survey year: long, coded, each with why it is missing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dagster import (
    AssetCheckResult,
    AssetExecutionContext,
    BackfillPolicy,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)

from assets.answers.check_definitions import ANSWERS_CHECKS
from assets.answers.corrections import load_corrections
from assets.answers.fingerprint import METADATA_KEY, fingerprint, fingerprint_of
from assets.answers.municipalities import Municipalities, municipalities_in_lake
from assets.answers.tables import ANSWERS, QUARANTINE
from assets.base.dagster_checks import check_results, check_specs
from assets.base.errors import BadInput
from assets.base.installation import Installation, plain_failures
from assets.base.lake import read_table, write_table
from assets.base.lake_assets import asset_key, table_spec
from assets.base.partitions import survey_year_partitions
from assets.base.paths import DataPaths
from assets.questionnaires.loader import load_questionnaire, survey_years
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    from assets.answers.answer_tables import Answers
    from assets.answers.checks import YearInLake

_ANSWERS, _QUARANTINE = asset_key(ANSWERS.name), asset_key(QUARANTINE.name)
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
    check_specs=check_specs(ANSWERS_CHECKS),
    partitions_def=survey_year_partitions,
    backfill_policy=BackfillPolicy.single_run(),
)
def answers(
    context: AssetExecutionContext, installation: Installation
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Judges every delivered cell. The checks look at every year in the lake, not only at those of this run."""
    from assets.answers.checks import check_answers

    for year in context.partition_keys:
        with installation.writing() as paths:
            questionnaire = load_questionnaire(paths.questionnaires / year)
            municipalities = municipalities_in_lake(paths.lake, questionnaire.register_date)
            made = _make(paths, questionnaire, municipalities)
            rests_on = fingerprint(paths.questionnaires, paths.corrections, paths.registers, year)
            write_table(made.quarantine, paths.lake / "quarantine" / f"{year}.parquet")
            write_table(made.answers, paths.lake / "answers" / f"{year}.parquet", {METADATA_KEY: rests_on})
        context.add_asset_metadata(
            _answer_metadata(made, len(municipalities.names)), asset_key=_ANSWERS, partition_key=year
        )
        quarantined = {"dagster/row_count": MetadataValue.int(len(made.quarantine))}
        context.add_asset_metadata(quarantined, asset_key=_QUARANTINE, partition_key=year)
    yield MaterializeResult(asset_key=_ANSWERS)
    yield MaterializeResult(asset_key=_QUARANTINE)
    with plain_failures():
        lake = _years_in_lake(installation.paths)
    yield from check_results(check_answers(lake))


def _make(paths: DataPaths, questionnaire: Questionnaire, municipalities: Municipalities) -> "Answers":
    from assets.answers.answer_tables import build_answers
    from assets.raw.store import read_raw

    folder = paths.questionnaires / str(questionnaire.survey_year)
    return build_answers(
        questionnaire,
        [read_raw(paths.lake, questionnaire, delivery, folder) for delivery in questionnaire.deliveries],
        municipalities,
        load_corrections(paths.corrections, questionnaire.survey_year),
    )


def _answer_metadata(made: "Answers", municipalities: int) -> dict[str, MetadataValue]:
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


def _years_in_lake(paths: DataPaths) -> "dict[int, YearInLake]":
    from assets.answers.checks import YearInLake
    from assets.answers.row_owners import unknown_names
    from assets.raw.store import delivered_rows, read_raw

    years = {}
    for year in survey_years(paths.questionnaires):
        file = paths.lake / "answers" / f"{year}.parquet"
        if not file.exists():
            continue
        if fingerprint(paths.questionnaires, paths.corrections, paths.registers, year) != fingerprint_of(file):
            raise BadInput(
                f"The answers of {year} were made from an older questionnaire, delivery, correction or register",
                str(file),
                "'lea run' takes in every such year; in the UI, include its partition",
            )
        questionnaire = load_questionnaire(paths.questionnaires / str(year))
        folder = paths.questionnaires / str(year)
        raw = [read_raw(paths.lake, questionnaire, delivery, folder) for delivery in questionnaire.deliveries]
        municipalities = municipalities_in_lake(paths.lake, questionnaire.register_date)
        years[year] = YearInLake(
            questionnaire,
            delivered_rows(paths.lake, questionnaire),
            read_table(file),
            read_table(paths.lake / "quarantine" / f"{year}.parquet"),
            len(municipalities.names),
            unknown_names(questionnaire, raw, municipalities),
        )
    return years
