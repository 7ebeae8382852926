"""Raw deliveries in the lake, one partition per survey year: as text, as delivered."""

from typing import TYPE_CHECKING

from dagster import (
    AssetExecutionContext,
    AssetObservation,
    AssetSpec,
    BackfillPolicy,
    DataVersion,
    MaterializeResult,
    MetadataValue,
    asset,
)
from dagster._core.definitions.data_version import DATA_VERSION_TAG

from assets.base.files import sha256_over
from assets.base.installation import Installation
from assets.base.lake_assets import asset_key
from assets.base.partitions import survey_year_partitions
from assets.questionnaires.loader import load_questionnaire

if TYPE_CHECKING:
    from assets.raw.deliveries import RawDelivery

delivered_files = AssetSpec(
    asset_key("delivered/files"),
    group_name="delivered",
    description="The files that municipalities' answers came in: data/questionnaires/<survey_year>. Never written by "
    "us; "
    "its data version is the SHA-256 over that year's deliveries.",
    partitions_def=survey_year_partitions,
    kinds={"file"},
)


@asset(
    key=asset_key("raw/deliveries"),
    group_name="raw",
    deps=[delivered_files.key],
    partitions_def=survey_year_partitions,
    backfill_policy=BackfillPolicy.single_run(),
    kinds={"parquet"},
)
def deliveries(context: AssetExecutionContext, installation: Installation) -> MaterializeResult:
    """Every delivered cell as text, with file, row and column. A file with other columns than its questionnaire's is
    refused whole, naming them. The data version is the SHA-256 over the deliveries of the years in the run."""
    from assets.raw.deliveries import take_in
    from assets.raw.store import write_raw

    hashes = []
    for year in context.partition_keys:
        with installation.writing() as paths:
            folder = paths.questionnaires / year
            questionnaire = load_questionnaire(folder)
            taken = take_in(questionnaire, folder)
            for raw in taken:
                write_raw(paths.lake, raw)
        version = sha256_over([raw.delivery.sha256 for raw in taken])
        hashes.append(version)
        context.log_event(
            AssetObservation(
                delivered_files.key, partition=year, tags={DATA_VERSION_TAG: version}, metadata=_described(taken)
            )
        )
        context.add_asset_metadata(_described(taken), partition_key=year)
    return MaterializeResult(data_version=DataVersion(hashes[0] if len(hashes) == 1 else sha256_over(hashes)))


def _described(taken: "list[RawDelivery]") -> dict[str, MetadataValue]:
    metadata: dict[str, MetadataValue] = {
        "deliveries": MetadataValue.int(len(taken)),
        "dagster/row_count": MetadataValue.int(sum(len(raw.cells) for raw in taken)),
    }
    return metadata | {
        f"delivery_{raw.delivery.number}": MetadataValue.text(f"{raw.file.name}, sha256 {raw.delivery.sha256}")
        for raw in taken
    }
