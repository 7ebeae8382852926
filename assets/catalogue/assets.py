"""The catalogue in the lake: what the reports print, how it is measured, and what it is broken down by."""

from collections.abc import Iterator

from dagster import MaterializeResult, multi_asset

from assets.base.installation import Installation
from assets.base.lake_assets import table_specs, write_tables, written
from assets.catalogue.breakdowns import load_breakdowns
from assets.catalogue.inputs import STAGE
from assets.catalogue.labels import load_labels
from assets.catalogue.measures import load_measures, measure_tables
from assets.catalogue.report_cells import load_catalogue

_DESCRIPTIONS = {
    "cells": "One row per cell of a published table, figure or passage, from data/catalogue/reports.",
    "measures": "One row per measure: those of data/catalogue/measures.yaml, and those that cells imply by naming a question.",
    "measure_terms": "One row per option that a measure counts, or concept that it rests on.",
    "labels": "One row per code of a vocabulary with what it is called, from data/labels.yaml.",
    "categories": "One row per category of a breakdown with its labels, from data/catalogue/breakdowns.yaml.",
}


@multi_asset(name="catalogue", specs=table_specs("catalogue", _DESCRIPTIONS, {"yaml"}))
def catalogue(installation: Installation) -> Iterator[MaterializeResult]:
    """Reads data/catalogue and data/labels.yaml and writes cells, measures, breakdowns and labels to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        loaded = load_catalogue(paths.reports)
        measures, terms = measure_tables(load_measures(paths.measures), loaded.options)
        tables = {
            "cells": loaded.cells,
            "measures": measures,
            "measure_terms": terms,
            "labels": load_labels(paths.labels),
            "categories": load_breakdowns(paths.breakdowns),
        }
        write_tables(paths.lake, "catalogue", tables, made)
    yield from written("catalogue", tables)
