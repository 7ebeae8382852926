"""Everything that Dagster knows of the monitor, on one screen."""

from __future__ import annotations

from dagster import AssetsDefinition, Definitions, definitions, in_process_executor

from assets.base.installation import Installation
from assets.editions.assets import EDITION
from assets.editions.publication.gate import Gate
from orchestration.jobs import annual_run, publication
from orchestration.schedules import annual_schedule
from orchestration.sensors import delivery_sensor
from orchestration.stages import load_stages


@definitions
def defs() -> Definitions:
    """The stages, what runs them, and what they run with. Nothing is read before Dagster asks for it."""
    installation = Installation()
    settings = installation.settings
    stages = load_stages()
    made = [one for one in stages.assets or () if isinstance(one, AssetsDefinition)]
    run = Definitions(
        jobs=[annual_run, publication],
        schedules=[annual_schedule(settings.annual_run)],
        sensors=[delivery_sensor(settings.delivery_sensor)],
        resources={"installation": installation, "gate": Gate.before(EDITION, made)},
        # One process: steps in processes of their own cost seconds each and fight over the database file.
        executor=in_process_executor,
    )
    return Definitions.merge(stages, run)
