"""The check of what the data give against what the reports printed."""

from collections.abc import Iterator

from dagster import AssetCheckResult, multi_asset_check

from assets.base.dagster_checks import check_result, check_specs
from assets.base.installation import Installation, plain_failures
from assets.reconciliation.reconcile import FIGURES_RECONCILE, read_reconciliation, reconcile
from assets.warehouse.made_of import read_made_of


@multi_asset_check(name="reconciliation", specs=check_specs([FIGURES_RECONCILE]))
def reconciliation(installation: Installation) -> Iterator[AssetCheckResult]:
    """Every figure that the reports print beside what the data give."""
    with plain_failures():
        paths = installation.paths
        made = read_made_of(paths.warehouse)
        outcome = reconcile(read_reconciliation(paths.warehouse))
        yield check_result(outcome, made.fingerprint if made else "", paths.lake)
