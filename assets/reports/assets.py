"""The report catalogue in the lake: which cells each report prints."""

from dagster import MaterializeResult, MetadataValue, asset

from assets.lake import write_table
from assets.reports.catalogue import load_catalogue
from orchestration.checks import asset_key
from orchestration.failures import told_plainly
from orchestration.paths import data_paths
from orchestration.writer import writing


@asset(key=asset_key("reports/catalogue"), group_name="reports", kinds={"yaml", "parquet"})
def report_catalogue() -> MaterializeResult:
    """One row a cell of a published table or figure, from data/reports."""
    paths = data_paths()
    with told_plainly(), writing():
        catalogue = load_catalogue(paths.reports)
        write_table(catalogue, paths.lake / "reports" / "catalogue.parquet")
    return MaterializeResult(
        metadata={
            "dagster/row_count": MetadataValue.int(len(catalogue)),
            "tables": MetadataValue.int(int(catalogue["table_id"].nunique())),
        }
    )
