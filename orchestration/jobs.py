"""What can be run as a whole: the annual run, and the publication alone."""

from __future__ import annotations

from collections.abc import Sequence

from dagster import AssetSelection, define_asset_job
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

annual_run = define_asset_job(
    "annual_run",
    selection=AssetSelection.all(),
    description="From delivered files to an edition, for one survey year or for all of them.",
)

publication = define_asset_job(
    "publication",
    selection=AssetSelection.groups("editions"),
    description="Only the edition, from the warehouse as it is; refused while a blocking check upstream is not met.",
)


def year_tags(years: Sequence[str]) -> dict[str, str]:
    """The tags that make one run ingest these survey years (all from the first to the last) before the rest."""
    return {ASSET_PARTITION_RANGE_START_TAG: min(years), ASSET_PARTITION_RANGE_END_TAG: max(years)}
