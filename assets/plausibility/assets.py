"""Plausibility in the lake: which answers are odd, and which of those a municipality has confirmed, as data to compare by."""

from dagster import MaterializeResult, MetadataValue, asset

from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import codes_of_registers
from assets.base.installation import Installation
from assets.base.lake_assets import asset_key, write_tables
from assets.plausibility.confirmations import load_confirmations
from assets.plausibility.inputs import STAGE
from assets.plausibility.rules import load_rules, rules_table
from assets.registers.inputs import STAGE as REGISTERS


@asset(key=asset_key("plausibility/rules"), group_name="plausibility", kinds={"yaml", "parquet"})
def plausibility_rules(installation: Installation) -> MaterializeResult:
    """One row per plausibility rule, with its thresholds and what a municipality is asked, from data/plausibility.yaml."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        rules = rules_table(load_rules(paths.plausibility))
        write_tables(paths.lake, "plausibility", {"rules": rules}, made)
    return MaterializeResult(metadata={"dagster/row_count": MetadataValue.int(len(rules))})


@asset(
    key=asset_key("plausibility/confirmations"),
    deps=[
        asset_key(name)
        for name in ("registers/municipalities", "registers/municipality_changes", "questionnaires/survey_years")
    ],
    group_name="plausibility",
    kinds={"yaml", "parquet"},
)
def plausibility_confirmations(installation: Installation) -> MaterializeResult:
    """One row per odd answer that its municipality confirmed, from data/corrections; refused where no rule can ask about it."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        REGISTERS.require(paths, REGISTERS_READ)
        registered = codes_of_registers(paths.questionnaires, paths.lake)
        confirmations = load_confirmations(paths.corrections, load_rules(paths.plausibility), registered)
        write_tables(paths.lake, "plausibility", {"confirmations": confirmations}, made)
    return MaterializeResult(metadata={"dagster/row_count": MetadataValue.int(len(confirmations))})
