"""The edition: what readers get. Published through the gate, or not at all."""

from typing import Any

from dagster import AssetExecutionContext, Failure, MaterializeResult, MetadataValue, asset

from assets.answers.assets import answers
from assets.editions.publish import EditionResult, publish_edition
from assets.questionnaires.assets import questionnaires
from assets.questionnaires.loader import load_questionnaires
from assets.questionnaires.model import Questionnaire
from assets.registers.assets import registers
from assets.warehouse.assets import warehouse
from orchestration.checks import asset_key
from orchestration.failures import told_plainly
from orchestration.gate import blocking_checks, unmet_checks
from orchestration.paths import data_paths
from orchestration.settings import edition_year, load_settings
from orchestration.writer import only_writer

UPSTREAM = [registers, questionnaires, answers, warehouse]


@asset(
    key=asset_key("editions/edition"),
    group_name="editions",
    deps=[key for key in warehouse.keys if key.path[0] in ("marts", "reports")],
    kinds={"html", "csv", "parquet", "duckdb"},
)
def edition(context: AssetExecutionContext) -> MaterializeResult:
    """Tables, figures, the page, Parquet and a DuckDB file for one survey year. Immutable, and it appears in one move.

    Refused while any blocking check upstream failed, or was not evaluated since its asset was last made.
    """
    paths = data_paths()
    if unmet := unmet_checks(context.instance, blocking_checks(UPSTREAM)):
        listed = "\n".join(f"- {one}" for one in unmet[:10])
        more = f"\n- and {len(unmet) - 10} more" if len(unmet) > 10 else ""
        raise Failure(
            f"Nothing is published: {len(unmet)} blocking checks are not met\n{listed}{more}\n"
            "  where:  the last edition stays as it is\n"
            "  remedy: mend what they name and make their assets again, or 'lea run'",
            allow_retries=False,
        )
    with told_plainly():
        settings = load_settings(paths.settings)
        loaded = load_questionnaires(paths.questionnaires)
        year = edition_year(settings, loaded.values())
        with only_writer(paths.writer_lock, settings.writer.wait_seconds):
            made = publish_edition(paths.warehouse, paths.editions, year, inputs=_inputs(loaded.values()))
    return MaterializeResult(metadata=_metadata(made, year))


def _inputs(questionnaires: Any) -> dict[str, Any]:
    """The deliveries that the edition rests on."""
    loaded: list[Questionnaire] = list(questionnaires)
    return {
        str(q.survey_year): [
            {"file": d.path, "sha256": d.sha256, "received_on": str(d.received_on)} for d in q.deliveries
        ]
        for q in loaded
    }


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
