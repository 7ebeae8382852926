"""The edition: what readers get. Published through the gate, or not at all."""

from typing import TYPE_CHECKING, Any

from dagster import (
    AssetExecutionContext,
    DagsterInstance,
    Failure,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    asset,
)

from assets.base.errors import BadInput
from assets.base.installation import Installation
from assets.base.lake_assets import asset_key
from assets.base.paths import DataPaths
from assets.base.settings import Settings
from assets.editions.publication.gate import Gate
from assets.questionnaires.edition_year import edition_year
from assets.questionnaires.loader import load_questionnaires
from assets.questionnaires.model import Questionnaire
from assets.warehouse.dbt import deliveries_behind

if TYPE_CHECKING:
    from assets.editions.publication.publish import EditionResult

EDITION = asset_key("editions/edition")


@asset(
    key=EDITION,
    group_name="editions",
    deps=[asset_key("warehouse/database")],
    kinds={"html", "excel", "csv", "parquet", "duckdb"},
)
def edition(context: AssetExecutionContext, installation: Installation, gate: ResourceParam[Gate]) -> MaterializeResult:
    """Pages, workbooks, CSV, figures, Parquet and a DuckDB file for one survey year. Immutable, and it appears in one
    move.

    Refused while any blocking check upstream failed, or was not evaluated since its asset was last made, and while the
    warehouse is older than what it is made from.
    """
    with installation.writing() as paths:
        _refuse_what_is_not_met(gate, context.instance)
        made, year = _publish(paths, installation.settings)
    return MaterializeResult(metadata=_metadata(made, year))


def _refuse_what_is_not_met(gate: Gate, instance: DagsterInstance) -> None:
    if refusals := gate.refusals(instance):
        listed = "\n".join(f"- {one}" for one in refusals[:10])
        more = f"\n- and {len(refusals) - 10} more" if len(refusals) > 10 else ""
        raise Failure(
            f"Nothing is published: {len(refusals)} conditions are not met\n{listed}{more}\n"
            "  where:  the last edition stays as it is\n"
            "  remedy: mend what they name and make their assets again, or 'lea run'",
            allow_retries=False,
        )


def _publish(paths: DataPaths, settings: Settings) -> "tuple[EditionResult, int]":
    from assets.editions.publication.publish import publish_edition

    loaded = load_questionnaires(paths.questionnaires)
    year = edition_year(settings, loaded.values())
    deliveries = deliveries_behind(paths.warehouse)
    if not deliveries.get(year):
        raise BadInput(
            f"The warehouse holds no delivery of {year}",
            str(paths.warehouse),
            f"'lea run --year {year}' takes it in; or set edition.survey_year in data/settings.yaml",
        )
    inputs = {str(y): _inputs(loaded[y], n) for y, n in sorted(deliveries.items()) if y in loaded}
    return publish_edition(paths.warehouse, paths.editions, year, inputs=inputs), year


def _inputs(questionnaire: Questionnaire, deliveries: int) -> list[dict[str, Any]]:
    """The deliveries that the edition rests on: the first so many, because deliveries only add up."""
    return [
        {"file": d.path, "sha256": d.sha256, "received_on": str(d.received_on)}
        for d in questionnaire.deliveries[:deliveries]
    ]


def _metadata(made: "EditionResult", year: int) -> dict[str, MetadataValue]:
    return {
        "survey_year": MetadataValue.int(year),
        "version": MetadataValue.int(made.version),
        "is_new": MetadataValue.bool(made.is_new),
        "origin": MetadataValue.text(made.origin),
        "cells": MetadataValue.int(made.cells),
        "changed_cells": MetadataValue.int(made.changed_cells),
        "folder": MetadataValue.path(str(made.folder)),
        "page": MetadataValue.url(made.folder.joinpath("index.html").as_uri()),
    }
