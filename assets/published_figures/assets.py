"""The figures that the reports printed, in the lake."""

from collections.abc import Iterator

from dagster import MaterializeResult, multi_asset

from assets.base.installation import Installation
from assets.base.lake_assets import materialized, table_spec, write_tables
from assets.published_figures.figures import FIGURES, load_published_figures
from assets.published_figures.inputs import STAGE


@multi_asset(specs=[table_spec(FIGURES, {"csv", "yaml"})])
def published_figures(installation: Installation) -> Iterator[MaterializeResult]:
    """Reads data/published_figures and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        tables = {FIGURES: load_published_figures(paths.published_figures)}
        write_tables(paths.lake, tables, made)
    declared = tables[FIGURES]["declared"].value_counts()
    yield from materialized(tables, **{kind: int(declared.get(kind, 0)) for kind in ("misprint", "not_derivable")})
