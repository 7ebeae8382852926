"""The risk analysis in the lake: its rules, and the criteria by which municipalities are selected."""

from collections.abc import Iterator

from dagster import MaterializeResult, multi_asset

from assets.base.installation import Installation
from assets.base.lake_assets import table_specs, write_tables, written
from assets.questionnaires.loader import load_questionnaires
from assets.risk.criteria import criteria_table, load_criteria
from assets.risk.inputs import STAGE
from assets.risk.rules import load_rules, rules_table

_DESCRIPTIONS = {"rules": rules_table.__doc__, "criteria": criteria_table.__doc__}
_ASKED = ("questionnaires/questions", "questionnaires/options")


@multi_asset(name="risk", specs=table_specs("risk", _DESCRIPTIONS, {"yaml"}, dict.fromkeys(_DESCRIPTIONS, _ASKED)))
def risk(installation: Installation) -> Iterator[MaterializeResult]:
    """Reads data/risk, checks it against the questionnaires, and writes rules and criteria to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        rules = load_rules(paths.risk, load_questionnaires(paths.questionnaires))
        tables = {
            "rules": rules_table(rules),
            "criteria": criteria_table(load_criteria(paths.risk, rules), rules),
        }
        write_tables(paths.lake, "risk", tables, made)
    yield from written("risk", tables)
