"""The rules of disclosure control in the lake."""

from collections.abc import Iterator

from dagster import MaterializeResult, multi_asset

from assets.base.installation import Installation
from assets.base.lake_assets import materialized, table_spec, write_tables
from assets.disclosure.rules import RULES, load_rules, rule_rows


@multi_asset(name="disclosure", specs=[table_spec(RULES, {"yaml"})])
def disclosure(installation: Installation) -> Iterator[MaterializeResult]:
    """Reads data/disclosure.yaml and writes its rules to the lake."""
    with installation.writing() as paths:
        tables = {RULES: rule_rows(load_rules(paths.disclosure))}
        write_tables(paths.lake, tables)
    yield from materialized(tables)
