"""Plausibility in the lake: which answers are odd, and which of those a municipality has confirmed, as data to compare by."""

from dagster import MaterializeResult, MetadataValue, asset

from assets.answers.municipalities import codes_of_registers
from assets.lake import write_table
from assets.plausibility.confirmations import load_confirmations
from assets.plausibility.rules import load_rules, rules_table
from orchestration.checks import asset_key
from orchestration.failures import told_plainly
from orchestration.paths import data_paths
from orchestration.writer import writing


@asset(key=asset_key("plausibility/rules"), group_name="plausibility", kinds={"yaml", "parquet"})
def plausibility_rules() -> MaterializeResult:
    """One row per plausibility rule, with its thresholds and what a municipality is asked, from data/plausibility.yaml."""
    paths = data_paths()
    with told_plainly(), writing():
        rules = rules_table(load_rules(paths.plausibility))
        write_table(rules, paths.lake / "plausibility" / "rules.parquet")
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
def plausibility_confirmations() -> MaterializeResult:
    """One row per odd answer that its municipality confirmed, from data/corrections; one that no rule asks about is refused."""
    paths = data_paths()
    registered = codes_of_registers(paths.questionnaires, paths.lake)
    with told_plainly(), writing():
        confirmations = load_confirmations(paths.corrections, load_rules(paths.plausibility), registered)
        write_table(confirmations, paths.lake / "plausibility" / "confirmations.parquet")
    return MaterializeResult(metadata={"dagster/row_count": MetadataValue.int(len(confirmations))})
