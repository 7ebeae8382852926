"""Who looks after each asset, by the settings, and when the edition is due.

Belongs here: what the settings say of assets. Does not belong here: what is in an asset (its stage).
"""

from __future__ import annotations

from datetime import timedelta

from dagster import AssetsDefinition, AssetSpec, Definitions, FreshnessPolicy, map_asset_specs

from assets.base.dagster_private import shortest_interval
from assets.base.settings import Settings
from assets.editions.assets import EDITION

_BEFORE_THE_DEADLINE = timedelta(days=60)  # an edition in these days before the annual run is this year's


def with_owners(stages: Definitions, settings: Settings) -> Definitions:
    """The same assets, each with the role that looks after it; the edition with its yearly deadline."""
    role_of = {group: f"team:{owner.role}" for owner in settings.owners for group in owner.groups}
    due = FreshnessPolicy.cron(
        deadline_cron=settings.annual_run.cron,
        lower_bound_delta=min(_BEFORE_THE_DEADLINE, shortest_interval(settings.annual_run.cron)),
        timezone=settings.annual_run.timezone,
    )

    def completed(spec: AssetSpec) -> AssetSpec:
        owners = [role_of[spec.group_name]] if spec.group_name in role_of else []
        if spec.key == EDITION:
            return spec.merge_attributes(owners=owners).replace_attributes(freshness_policy=due)
        return spec.merge_attributes(owners=owners)

    assets = [one for one in stages.assets or () if isinstance(one, AssetsDefinition | AssetSpec)]
    return Definitions(assets=map_asset_specs(completed, assets), asset_checks=stages.asset_checks)
