"""Everything that Dagster knows of the monitor, on one screen."""

from __future__ import annotations

from dagster import AssetsDefinition, Definitions, definitions, in_process_executor

from assets.base.installation import Installation
from assets.base.settings import usable_settings
from assets.warehouse.assets import DATABASE_KEY
from assets.warehouse.gate import Gate
from orchestration.jobs import desk, publish, take_in
from orchestration.lake import Lake
from orchestration.notices.sensor import notices_sensor
from orchestration.owners import with_owners
from orchestration.schedules import annual_schedule
from orchestration.sensors import (
    dead_runs,
    delivery_sensor,
    desk_after_failure,
    desk_after_success,
    make_room,
    publish_when_good,
    repeating_sensor,
)
from orchestration.stages import load_stages, stages_of_lake


@definitions
def defs() -> Definitions:
    """The stages, what runs them, and what they run with. Nothing is read before Dagster asks for it.

    It loads whatever is in the file of settings: where that cannot be used, schedule, sensors and runs say so.
    """
    installation = Installation()
    settings, _ = usable_settings(installation.paths.settings)
    stages = load_stages()
    everything = [*(stages.assets or ()), *(stages.asset_checks or ())]
    made = [one for one in everything if isinstance(one, AssetsDefinition)]
    lake = Lake.of(stages_of_lake(), made)
    checks = [spec for one in made for spec in one.check_specs]
    gate = Gate.around(DATABASE_KEY, made, lake.stages)
    run = Definitions(
        jobs=[take_in, publish, desk],
        schedules=[annual_schedule(settings.annual_run, lake, gate)],
        sensors=[
            delivery_sensor(settings.delivery_sensor, lake, gate),
            repeating_sensor(settings.retries, lake, gate),
            notices_sensor(settings.notices.every_seconds, gate, checks),
            publish_when_good,
            dead_runs,
            desk_after_success,
            desk_after_failure,
            make_room,
        ],
        resources={
            "installation": installation,
            "lake": lake,
            "checks": checks,
            "gate": gate,
        },
        # One process: steps in processes of their own cost seconds each and fight over the database file.
        executor=in_process_executor,
    )
    return Definitions.merge(with_owners(stages, settings), run)
