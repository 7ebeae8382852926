"""The published figures in the lake, and the check of what the data give against what the reports printed."""

from collections.abc import Iterator

from dagster import AssetCheckResult, MaterializeResult, multi_asset, multi_asset_check

from assets.base.dagster_checks import check_results, check_specs
from assets.base.installation import Installation, plain_failures
from assets.base.lake_assets import materialized, table_spec, write_tables
from assets.published_figures.figures import FIGURES, load_published_figures
from assets.published_figures.inputs import STAGE
from assets.published_figures.reconciliation import FIGURES_RECONCILE, read_reconciliation, reconcile
from assets.warehouse.made_of import read_made_of


@multi_asset(specs=[table_spec(FIGURES, {"csv", "yaml"})])
def published_figures(installation: Installation) -> Iterator[MaterializeResult]:
    """Reads data/published_figures and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        tables = {FIGURES: load_published_figures(paths.published_figures)}
        write_tables(paths.lake, tables, made)
    declared = tables[FIGURES]["declared"].value_counts()
    yield from materialized(tables, **{kind: int(declared.get(kind, 0)) for kind in ("misprint", "not_derivable")})


@multi_asset_check(name="reconciliation", specs=check_specs([FIGURES_RECONCILE]))
def reconciliation(installation: Installation) -> Iterator[AssetCheckResult]:
    """Every figure that the reports print beside what the data give."""
    with plain_failures():
        warehouse = installation.paths.warehouse
        made = read_made_of(warehouse)
        yield from check_results([reconcile(read_reconciliation(warehouse))], made.fingerprint if made else "")
