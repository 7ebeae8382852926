"""The edition: what readers get. Published through the gate, or not at all."""

from typing import TYPE_CHECKING, Any

from dagster import (
    AssetExecutionContext,
    AutomationCondition,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    asset,
)

from assets.base.errors import BadInput
from assets.base.installation import Installation
from assets.base.lake_assets import asset_key
from assets.base.paths import DataPaths, versions_file
from assets.base.settings import Settings
from assets.editions.publication.receipt import of_now, write_receipt
from assets.questionnaires.edition_year import edition_year
from assets.questionnaires.loader import load_questionnaires
from assets.questionnaires.model import Questionnaire
from assets.warehouse.dbt import dbt_paths, deliveries_behind, load_manifest
from assets.warehouse.gate import Gate, refuse
from assets.warehouse.made_of import files_behind, read_made_of

if TYPE_CHECKING:
    from assets.editions.publication.publish import EditionResult

EDITION = asset_key("editions/edition")


@asset(
    key=EDITION,
    group_name="editions",
    deps=[asset_key("warehouse/database")],
    automation_condition=AutomationCondition.eager(),
    kinds={"html", "excel", "csv", "parquet", "duckdb"},
)
def edition(context: AssetExecutionContext, installation: Installation, gate: ResourceParam[Gate]) -> MaterializeResult:
    """Pages, workbooks, CSV, figures, Parquet and a DuckDB file for one survey year. Immutable, and it appears in one
    move.

    Refused while a blocking check upstream has not passed on what is there now, and while the warehouse is not the one
    that was built from what is there now."""
    with installation.writing() as paths:
        rests_on = of_now(paths, gate.stages.values())
        refuse(gate.before_edition(context.instance, paths), "Nothing is published", "the last edition stays as it is")
        _wait_for_stewards(paths, installation.settings)
        made, year = _publish(paths, installation.settings)
        write_receipt(paths, made.folder, rests_on)
    return MaterializeResult(metadata=_metadata(made, year, installation.settings.ui.editions_url))


def _wait_for_stewards(paths: DataPaths, settings: Settings) -> None:
    from assets.plausibility.seen import unseen_questions

    if settings.edition.waits_for_stewards and len(questions := unseen_questions(paths)):
        first = "\n".join(
            f"- {name}: {ask}" for name, ask in questions[["municipality_name", "ask_nl"]].head(3).to_numpy()
        )
        raise BadInput(
            f"{len(questions)} implausible answers have been seen by nobody, so nothing is published yet\n{first}",
            "the setting edition.waits_for_stewards",
            "ask the municipalities; 'lea seen --by NAME' records that you have seen them, and 'lea run' publishes",
        )


def _publish(paths: DataPaths, settings: Settings) -> "tuple[EditionResult, int]":
    from assets.editions.content.audiences import load_audiences
    from assets.editions.content.imprint import load_publication
    from assets.editions.publication.changes import MADE_OF
    from assets.editions.publication.publish import Terms, publish_edition

    loaded = load_questionnaires(paths.questionnaires)
    year = edition_year(settings, loaded.values())
    deliveries = deliveries_behind(paths.warehouse)
    if not deliveries.get(year):
        raise BadInput(
            f"The warehouse holds no delivery of {year}",
            str(paths.warehouse),
            f"'lea run --year {year}' takes it in; or set edition.survey_year in data/settings.yaml",
        )
    inputs: dict[str, Any] = {str(y): _inputs(loaded[y], n) for y, n in sorted(deliveries.items()) if y in loaded}
    if made := read_made_of(paths.warehouse):
        inputs |= {"warehouse": made.fingerprint, MADE_OF: files_behind(paths.lake, made)}
    audiences = load_audiences(paths.audiences, load_manifest(dbt_paths(paths)))
    signals = settings.edition.municipalities_see_signals
    terms = Terms(audiences, load_publication(paths.publication), loaded, signals, settings.database)
    return publish_edition(
        paths.warehouse, paths.editions, year, terms=terms, inputs=inputs, versions=versions_file()
    ), year


def _inputs(questionnaire: Questionnaire, deliveries: int) -> list[dict[str, Any]]:
    """The deliveries that the edition rests on: the first so many, because deliveries only add up."""
    return [
        {"file": d.path, "sha256": d.sha256, "received_on": str(d.received_on)}
        for d in questionnaire.deliveries
        if d.number <= deliveries
    ]


def _metadata(made: "EditionResult", year: int, url: str) -> dict[str, MetadataValue]:
    version = f"{made.folder.parent.name}/{made.folder.name}"
    return {
        "survey_year": MetadataValue.int(year),
        "version": MetadataValue.int(made.version),
        "is_new": MetadataValue.bool(made.is_new),
        "origin": MetadataValue.text(made.origin),
        "cells": MetadataValue.int(made.cells),
        "changed_cells": MetadataValue.int(made.changed_cells),
        "changed_municipalities": MetadataValue.int(len(made.changed_municipalities)),
        "lacks": MetadataValue.text("; ".join(what.en for what in made.lacks)),
        "folder": MetadataValue.path(str(made.folder)),
        "page": MetadataValue.url(f"{url.rstrip('/')}/{version}/internal/index.html"),
    }
