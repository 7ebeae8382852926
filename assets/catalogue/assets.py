"""The catalogue in the lake: what the reports print, how it is measured, and what it is broken down by."""

from dagster import MetadataValue

from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.catalogue.asked import Asked
from assets.catalogue.breakdowns import CATEGORIES, load_breakdowns
from assets.catalogue.inputs import STAGE
from assets.catalogue.labels import LABELS, load_labels
from assets.catalogue.measures import MEASURE_TERMS, MEASURES, load_measures, measure_tables
from assets.catalogue.report_cells import CELLS
from assets.catalogue.reports import NOT_MADE, REPORTS, SERIES, load_catalogue
from assets.questionnaires.edition_year import edition_year_if_any
from assets.questionnaires.loader import load_questionnaires


@lake_assets(
    CELLS, REPORTS, NOT_MADE, SERIES, MEASURES, MEASURE_TERMS, LABELS, CATEGORIES, name="catalogue", kinds={"yaml"}
)
def catalogue(installation: Installation) -> Written:
    """Reads data/catalogue, the questionnaires that it speaks of and data/labels.yaml, and writes reports, cells,
    measures, breakdowns and labels to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        questionnaires, defined = load_questionnaires(paths.questionnaires), load_measures(paths.measures)
        asked = Asked(questionnaires, defined)
        # Where the setting names no year that is ready, the edition says so; the warehouse is that of the newest year.
        year = edition_year_if_any(installation.settings, questionnaires.values()) or asked.newest
        loaded = load_catalogue(paths.reports, asked, year)
        measures, terms = measure_tables(defined, loaded.options)
        tables = {
            CELLS: loaded.cells,
            REPORTS: loaded.reports,
            NOT_MADE: loaded.not_made,
            SERIES: loaded.series,
            MEASURES: measures,
            MEASURE_TERMS: terms,
            LABELS: load_labels(paths.labels),
            CATEGORIES: load_breakdowns(paths.breakdowns),
        }
        lacking = "\n".join(f"- {one.title_en}: {one.reason_en}" for one in loaded.not_made.itertuples())
        about = {NOT_MADE.name: {"what the standing report lacks": MetadataValue.md(lacking)}}
        yield from write_tables(paths.lake, tables, made, about=about)
