"""The published figures in the lake, and the check of what the data give against what the reports printed."""

from collections.abc import Iterator

from dagster import AssetCheckResult, MaterializeResult, MetadataValue, asset, multi_asset_check

from assets.base.dagster_checks import check_results, check_specs
from assets.base.failures import plain_failures
from assets.base.installation import Installation
from assets.base.lake_assets import asset_key, write_tables
from assets.published_figures.figures import load_published_figures
from assets.published_figures.inputs import STAGE
from assets.published_figures.reconciliation import FIGURES_RECONCILE, read_reconciliation, reconcile
from assets.warehouse.made_of import read_made_of


@asset(key=asset_key("published_figures/figures"), group_name="published_figures", kinds={"csv", "yaml", "parquet"})
def published_figures(installation: Installation) -> MaterializeResult:
    """One row per figure that a report printed, with what it says and what is declared of it, from data/published_figures."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        figures = load_published_figures(paths.published_figures)
        write_tables(paths.lake, "published_figures", {"figures": figures}, made)
    declared = figures["declared"].value_counts()
    return MaterializeResult(
        metadata={
            "dagster/row_count": MetadataValue.int(len(figures)),
            "misprints": MetadataValue.int(int(declared.get("misprint", 0))),
            "not_derivable": MetadataValue.int(int(declared.get("not_derivable", 0))),
        }
    )


@multi_asset_check(name="reconciliation", specs=check_specs([FIGURES_RECONCILE]))
def reconciliation(installation: Installation) -> Iterator[AssetCheckResult]:
    """Every figure that the reports print beside what the data give."""
    with plain_failures():
        warehouse = installation.paths.warehouse
        made = read_made_of(warehouse)
        yield from check_results([reconcile(read_reconciliation(warehouse))], made.fingerprint if made else "")
