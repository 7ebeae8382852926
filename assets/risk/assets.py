"""The risk analysis in the lake: its rules, and the criteria by which municipalities are selected."""

from collections.abc import Iterator

from dagster import MaterializeResult, multi_asset

from assets.base.installation import Installation
from assets.base.lake_assets import materialized, table_spec, write_tables
from assets.questionnaires.loader import load_questionnaires
from assets.risk.criteria import RISK_CRITERIA, criteria_table, load_criteria
from assets.risk.inputs import STAGE
from assets.risk.rules import RISK_RULES, load_rules, rules_table

_ASKED = ("questionnaires/questions", "questionnaires/options")


@multi_asset(name="risk", specs=[table_spec(table, {"yaml"}, _ASKED) for table in (RISK_RULES, RISK_CRITERIA)])
def risk(installation: Installation) -> Iterator[MaterializeResult]:
    """Reads data/risk, checks it against the questionnaires, and writes rules and criteria to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        rules = load_rules(paths.risk, load_questionnaires(paths.questionnaires))
        criteria = criteria_table(load_criteria(paths.risk, rules), rules)
        tables = {RISK_RULES: rules_table(rules), RISK_CRITERIA: criteria}
        write_tables(paths.lake, tables, made)
    yield from materialized(tables)
