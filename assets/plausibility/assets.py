"""The plausibility rules in the lake: which answers are odd, as data that the warehouse compares by."""

from dagster import MaterializeResult, MetadataValue, asset

from assets.lake import write_table
from assets.plausibility.rules import load_rules, rules_table
from orchestration.checks import asset_key
from orchestration.failures import told_plainly
from orchestration.paths import data_paths
from orchestration.writer import writing


@asset(key=asset_key("plausibility/rules"), group_name="plausibility", kinds={"yaml", "parquet"})
def plausibility_rules() -> MaterializeResult:
    """One row a plausibility rule, with its thresholds and what a municipality is asked, from data/plausibility.yaml."""
    paths = data_paths()
    with told_plainly(), writing():
        rules = rules_table(load_rules(paths.plausibility))
        write_table(rules, paths.lake / "plausibility" / "rules.parquet")
    return MaterializeResult(metadata={"dagster/row_count": MetadataValue.int(len(rules))})
