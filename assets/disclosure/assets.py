"""The rules of disclosure control in the lake."""

from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.disclosure.inputs import STAGE
from assets.disclosure.rules import RULES, load_rules, rule_rows


@lake_assets(RULES, name="disclosure", kinds={"yaml"})
def disclosure(installation: Installation) -> Written:
    """Reads data/disclosure.yaml and writes its rules to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        yield from write_tables(paths.lake, {RULES: rule_rows(load_rules(paths.disclosure))}, made)
