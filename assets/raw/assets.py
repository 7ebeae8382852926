"""Raw deliveries in the lake, one partition per survey year: as text, as delivered."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dagster import AssetExecutionContext, AssetObservation, AssetSpec

from assets.base.dagster_private import DATA_VERSION_TAG
from assets.base.files import sha256_over
from assets.base.installation import Installation
from assets.base.lake_assets import Written, asset_key, lake_assets, write_tables
from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.partitions import survey_year_partitions
from assets.raw.inputs import STAGE
from assets.raw.store import DELIVERIES, deliveries_of, raw_table

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


@lake_assets(DELIVERIES, name="raw_deliveries", deps=["delivered/files"], partitions=survey_year_partitions)
def deliveries(context: AssetExecutionContext, installation: Installation) -> Written:
    """Takes in what was delivered in a survey year."""
    from assets.raw.deliveries import take_in

    year = context.partition_key
    with installation.writing() as paths:
        made = STAGE.made_of(paths, year)
        folder = paths.questionnaires / year
        questionnaire = load_questionnaire(folder)
        taken = take_in(questionnaire, folder)
        about = _about(taken)
        tags = {DATA_VERSION_TAG: sha256_over([raw.delivery.sha256 for raw in taken])}
        context.log_event(AssetObservation(delivered_files.key, partition=year, tags=tags, metadata=about))
        tables = {deliveries_of(questionnaire): raw_table(taken)}
        yield from write_tables(paths.lake, tables, made, survey_year=year, about={DELIVERIES.name: about})


def _about(taken: "Sequence[RawDelivery]") -> dict[str, Any]:
    return {
        "deliveries": len(taken),
        "delivered_rows": sum(len(raw.cells) for raw in taken),
        **{f"delivery_{one.delivery.number}": f"{one.file.name}, sha256 {one.delivery.sha256}" for one in taken},
    }
