"""The published figures in the lake: what the reports printed."""

from dagster import MaterializeResult, MetadataValue, asset

from assets.lake import write_table
from assets.published_figures.figures import load_published_figures
from orchestration.checks import asset_key
from orchestration.failures import told_plainly
from orchestration.paths import data_paths
from orchestration.writer import writing


@asset(key=asset_key("published_figures/figures"), group_name="published_figures", kinds={"csv", "yaml", "parquet"})
def published_figures() -> MaterializeResult:
    """One row per figure that a report printed, with what it says and what is declared of it, from data/published_figures."""
    paths = data_paths()
    with told_plainly(), writing():
        figures = load_published_figures(paths.published_figures)
        write_table(figures, paths.lake / "published_figures" / "figures.parquet")
    declared = figures["declared"].value_counts()
    return MaterializeResult(
        metadata={
            "dagster/row_count": MetadataValue.int(len(figures)),
            "misprints": MetadataValue.int(int(declared.get("misprint", 0))),
            "not_derivable": MetadataValue.int(int(declared.get("not_derivable", 0))),
        }
    )
