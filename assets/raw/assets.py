"""Raw deliveries in the lake, one partition per survey year: as text, as delivered."""

from dagster import (
    AssetExecutionContext,
    AssetObservation,
    AssetSpec,
    DataVersion,
    MaterializeResult,
    MetadataValue,
    asset,
)

from assets.base.dagster_private import DATA_VERSION_TAG
from assets.base.files import sha256_over
from assets.base.installation import Installation
from assets.base.lake_assets import asset_key
from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.partitions import survey_year_partitions
from assets.raw.deliveries import RawDelivery, take_in
from assets.raw.inputs import STAGE
from assets.raw.store import write_raw

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
    kinds={"parquet"},
)
def deliveries(context: AssetExecutionContext, installation: Installation) -> MaterializeResult:
    """Every delivered cell of a survey year as text, with file, row and column. A file with other columns than its
    questionnaire's is refused whole, naming them. The data version is the SHA-256 over the year's deliveries."""
    year = context.partition_key
    with installation.writing() as paths:
        made = STAGE.made_of(paths, year)
        folder = paths.questionnaires / year
        taken = take_in(load_questionnaire(folder), folder)
        for raw in taken:
            write_raw(paths.lake, raw, made)
    version = sha256_over([raw.delivery.sha256 for raw in taken])
    tags = {DATA_VERSION_TAG: version}
    context.log_event(AssetObservation(delivered_files.key, partition=year, tags=tags, metadata=_described(taken)))
    return MaterializeResult(data_version=DataVersion(version), metadata=_described(taken))


def _described(taken: list[RawDelivery]) -> dict[str, MetadataValue]:
    metadata: dict[str, MetadataValue] = {
        "deliveries": MetadataValue.int(len(taken)),
        "dagster/row_count": MetadataValue.int(sum(len(raw.cells) for raw in taken)),
    }
    return metadata | {
        f"delivery_{raw.delivery.number}": MetadataValue.text(f"{raw.file.name}, sha256 {raw.delivery.sha256}")
        for raw in taken
    }
