"""The catalogue in the lake: what the reports print, how it is measured, and what it is broken down by."""

from collections.abc import Iterator

from dagster import MaterializeResult, multi_asset

from assets.base.installation import Installation
from assets.base.lake_assets import materialized, table_spec, write_tables
from assets.catalogue.breakdowns import CATEGORIES, load_breakdowns
from assets.catalogue.inputs import STAGE
from assets.catalogue.labels import LABELS, load_labels
from assets.catalogue.measures import MEASURE_TERMS, MEASURES, load_measures, measure_tables
from assets.catalogue.report_cells import CELLS, load_catalogue

_TABLES = (CELLS, MEASURES, MEASURE_TERMS, LABELS, CATEGORIES)


@multi_asset(name="catalogue", specs=[table_spec(table, {"yaml"}) for table in _TABLES])
def catalogue(installation: Installation) -> Iterator[MaterializeResult]:
    """Reads data/catalogue and data/labels.yaml and writes cells, measures, breakdowns and labels to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        loaded = load_catalogue(paths.reports)
        measures, terms = measure_tables(load_measures(paths.measures), loaded.options)
        tables = {
            CELLS: loaded.cells,
            MEASURES: measures,
            MEASURE_TERMS: terms,
            LABELS: load_labels(paths.labels),
            CATEGORIES: load_breakdowns(paths.breakdowns),
        }
        write_tables(paths.lake, tables, made)
    yield from materialized(tables)
