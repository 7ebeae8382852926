"""The risk analysis in the lake: its rules, and the criteria by which municipalities are selected."""

from functools import partial

from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.questionnaires.confirmed import confirmed_until
from assets.questionnaires.loader import delivered_years, load_questionnaires
from assets.risk.checks import RISK_CHECKS, check_confirmed
from assets.risk.criteria import FILE_NAME as CRITERIA_FILE
from assets.risk.criteria import RISK_CRITERIA, criteria_table, load_criteria
from assets.risk.inputs import STAGE
from assets.risk.rules import FILE_NAME as RULES_FILE
from assets.risk.rules import RISK_RULES, load_rules, rules_table

_ASKED = ("questionnaires/questions", "questionnaires/options")


@lake_assets(RISK_RULES, RISK_CRITERIA, name="risk", kinds={"yaml"}, deps=_ASKED, checks=RISK_CHECKS)
def risk(installation: Installation) -> Written:
    """Reads data/risk, checks it against the questionnaires, and writes rules and criteria to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        questionnaires = load_questionnaires(paths.questionnaires)
        rules = load_rules(paths.risk, questionnaires)
        criteria = load_criteria(paths.risk, rules)
        of_rules, of_criteria = (confirmed_until(paths.risk / name) for name in (RULES_FILE, CRITERIA_FILE))
        tables = {RISK_RULES: rules_table(rules, of_rules), RISK_CRITERIA: criteria_table(criteria, rules, of_criteria)}
        checks = partial(check_confirmed, paths.risk, rules, criteria, delivered_years(paths.questionnaires))
        yield from write_tables(paths.lake, tables, made, checks=checks)
