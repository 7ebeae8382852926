"""The catalogue in the lake: what the reports print, how it is measured, and what it is broken down by."""

from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.catalogue.breakdowns import CATEGORIES, load_breakdowns
from assets.catalogue.inputs import STAGE
from assets.catalogue.labels import LABELS, load_labels
from assets.catalogue.measures import MEASURE_TERMS, MEASURES, load_measures, measure_tables
from assets.catalogue.report_cells import CELLS, load_catalogue


@lake_assets(CELLS, MEASURES, MEASURE_TERMS, LABELS, CATEGORIES, name="catalogue", kinds={"yaml"})
def catalogue(installation: Installation) -> Written:
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
        yield from write_tables(paths.lake, tables, made)
