"""Plausibility in the lake: which answers are odd, and which of those a municipality has confirmed, as data to compare
by."""

from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import REGISTER_ASSETS, codes_of_registers
from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.plausibility.confirmations import CONFIRMATIONS, load_confirmations
from assets.plausibility.inputs import STAGE
from assets.plausibility.rules import CONFIRMED_RULES, PLAUSIBILITY_RULES, load_rules, rules_table
from assets.questionnaires.confirmed import confirmed_outcome, confirmed_until
from assets.questionnaires.loader import delivered_years
from assets.registers.inputs import STAGE as REGISTERS


@lake_assets(PLAUSIBILITY_RULES, kinds={"yaml"}, checks=[CONFIRMED_RULES])
def plausibility_rules(installation: Installation) -> Written:
    """Reads data/plausibility.yaml and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        rules = load_rules(paths.plausibility)
        until, years = confirmed_until(paths.plausibility), delivered_years(paths.questionnaires)
        tables = {PLAUSIBILITY_RULES: rules_table(rules, until)}
        confirmed = confirmed_outcome(CONFIRMED_RULES, rules, until, years)
        yield from write_tables(paths.lake, tables, made, checks=lambda: [confirmed])


@lake_assets(CONFIRMATIONS, kinds={"yaml"}, deps=REGISTER_ASSETS)
def plausibility_confirmations(installation: Installation) -> Written:
    """Reads what was confirmed in data/corrections; refused where no rule can ask about it."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        REGISTERS.require(paths, REGISTERS_READ)
        registered = codes_of_registers(paths.questionnaires, paths.lake)
        rules = load_rules(paths.plausibility)
        tables = {CONFIRMATIONS: load_confirmations(paths.corrections, rules, registered)}
        yield from write_tables(paths.lake, tables, made)
