"""The edition: what readers get. Published through the gate, or not at all."""

from typing import Any

from dagster import AssetExecutionContext, DagsterInstance, Failure, MaterializeResult, MetadataValue, asset

from assets.answers.assets import answers
from assets.editions.publish import EditionResult, publish_edition
from assets.errors import BadInput
from assets.published_figures.assets import published_figures
from assets.questionnaires.assets import questionnaires
from assets.questionnaires.loader import load_questionnaires
from assets.questionnaires.model import Questionnaire
from assets.registers.assets import registers
from assets.reports.assets import report_descriptions
from assets.supervision.assets import supervision_events, supervision_rules
from assets.warehouse.assets import warehouse
from assets.warehouse.dbt import deliveries_behind
from orchestration.checks import asset_key
from orchestration.failures import told_plainly
from orchestration.gate import blocking_checks, outdated, unmet_checks
from orchestration.paths import DataPaths, data_paths
from orchestration.settings import edition_year, load_settings
from orchestration.writer import writing

UPSTREAM = [registers, questionnaires, answers, warehouse]
SOURCES = [
    key
    for definition in (
        registers,
        questionnaires,
        report_descriptions,
        published_figures,
        answers,
        supervision_rules,
        supervision_events,
    )
    for key in definition.keys
]


@asset(
    key=asset_key("editions/edition"),
    group_name="editions",
    deps=[key for key in warehouse.keys if key.path[0] in ("marts", "reports")],
    kinds={"html", "excel", "csv", "parquet", "duckdb"},
)
def edition(context: AssetExecutionContext) -> MaterializeResult:
    """Pages, workbooks, CSV, figures, Parquet and a DuckDB file for one survey year. Immutable, and it appears in one move.

    Refused while any blocking check upstream failed, or was not evaluated since its asset was last made, and while the
    warehouse is older than what it is made from.
    """
    with told_plainly(), writing():
        _refuse_what_is_not_met(context.instance)
        made, year = _publish(data_paths())
    return MaterializeResult(metadata=_metadata(made, year))


def _refuse_what_is_not_met(instance: DagsterInstance) -> None:
    if unmet := [*unmet_checks(instance, blocking_checks(UPSTREAM)), *outdated(instance, SOURCES, warehouse.keys)]:
        listed = "\n".join(f"- {one}" for one in unmet[:10])
        more = f"\n- and {len(unmet) - 10} more" if len(unmet) > 10 else ""
        raise Failure(
            f"Nothing is published: {len(unmet)} conditions are not met\n{listed}{more}\n"
            "  where:  the last edition stays as it is\n"
            "  remedy: mend what they name and make their assets again, or 'lea run'",
            allow_retries=False,
        )


def _publish(paths: DataPaths) -> tuple[EditionResult, int]:
    loaded = load_questionnaires(paths.questionnaires)
    year = edition_year(load_settings(paths.settings), loaded.values())
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


def _metadata(made: EditionResult, year: int) -> dict[str, MetadataValue]:
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
