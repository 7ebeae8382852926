"""Plausibility in the lake: which answers are odd, and which of those a municipality has confirmed, as data to compare
by."""

from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import REGISTER_ASSETS, codes_of_registers
from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.plausibility.confirmations import CONFIRMATIONS, load_confirmations
from assets.plausibility.inputs import STAGE
from assets.plausibility.rules import PLAUSIBILITY_RULES, load_rules, rules_table
from assets.registers.inputs import STAGE as REGISTERS


@lake_assets(PLAUSIBILITY_RULES, kinds={"yaml"})
def plausibility_rules(installation: Installation) -> Written:
    """Reads data/plausibility.yaml and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        tables = {PLAUSIBILITY_RULES: rules_table(load_rules(paths.plausibility))}
        yield from write_tables(paths.lake, tables, made)


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
