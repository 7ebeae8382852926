"""Answers and quarantine in the lake, one partition per survey year: long, coded, each with why it is missing."""

from dagster import AssetExecutionContext

from assets.answers.check_definitions import ANSWERS_CHECKS
from assets.answers.inputs import REGISTERS_READ, STAGE
from assets.answers.tables import ANSWERS, QUARANTINE
from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.questionnaires.partitions import survey_year_partitions
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
    from assets.answers.survey_year import judge

    year = context.partition_key
    with installation.writing() as paths:
        made = STAGE.made_of(paths, year)
        REGISTERS.require(paths, REGISTERS_READ)
        judged = judge(paths, year)
        about = {ANSWERS.name: judged.about}
        yield from write_tables(paths.lake, judged.tables, made, survey_year=year, checks=judged.checks, about=about)
