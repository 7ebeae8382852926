"""What reports print: their cells, measures and breakdowns in the lake, and the check of what came out against print."""

from collections.abc import Iterator

from dagster import AssetCheckResult, AssetSpec, MaterializeResult, MetadataValue, multi_asset, multi_asset_check

from assets.lake import write_table
from assets.reports.breakdowns import load_breakdowns
from assets.reports.catalogue import load_catalogue
from assets.reports.measures import load_measures, measure_tables
from assets.reports.reconciliation import FIGURES_RECONCILE, read_reconciliation, reconcile
from orchestration.checks import asset_key, check_results, check_specs
from orchestration.failures import told_plainly
from orchestration.paths import data_paths
from orchestration.writer import writing

_DESCRIPTIONS = {
    "catalogue": "One row per cell of a published table, figure or passage, from data/reports.",
    "measures": "One row per measure: those of data/measures.yaml, and those that cells imply by naming a question.",
    "measure_terms": "One row per option that a measure counts, or a concept that it rests on.",
    "categories": "One row per group of a breakdown with its labels, from data/breakdowns.yaml.",
}


@multi_asset(
    name="report_descriptions",
    specs=[
        AssetSpec(
            asset_key(f"reports/{table}"), group_name="reports", description=description, kinds={"yaml", "parquet"}
        )
        for table, description in _DESCRIPTIONS.items()
    ],
)
def report_descriptions() -> Iterator[MaterializeResult]:
    """What the reports print and how it is measured, from the data folder."""
    paths = data_paths()
    with told_plainly(), writing():
        catalogue = load_catalogue(paths.reports)
        measures, terms = measure_tables(load_measures(paths.measures), catalogue.options)
        frames = {
            "catalogue": catalogue.cells,
            "measures": measures,
            "measure_terms": terms,
            "categories": load_breakdowns(paths.breakdowns),
        }
        for table, frame in frames.items():
            write_table(frame, paths.lake / "reports" / f"{table}.parquet")
    for table, frame in frames.items():
        yield MaterializeResult(
            asset_key=asset_key(f"reports/{table}"), metadata={"dagster/row_count": MetadataValue.int(len(frame))}
        )


@multi_asset_check(name="reconciliation", specs=check_specs([FIGURES_RECONCILE]))
def reconciliation() -> Iterator[AssetCheckResult]:
    """Every figure that the reports print beside what the data give."""
    with told_plainly():
        yield from check_results([reconcile(read_reconciliation(data_paths().warehouse))])
