"""What the monitor reacts to: a change in what a year's answers rest on (deliveries, corrections, questionnaire,
register)."""

import json
from pathlib import Path

from dagster import (
    DefaultSensorStatus,
    RunRequest,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from assets.answers.fingerprint import fingerprint
from assets.base.errors import BadInput
from assets.base.installation import Installation
from assets.base.partitions import register_survey_years
from assets.base.paths import DataPaths
from assets.base.settings import DeliverySensor
from assets.questionnaires.loader import FILE_NAME, load_questionnaire, survey_years
from orchestration.jobs import annual_run, year_tags


def delivery_sensor(settings: DeliverySensor) -> SensorDefinition:
    """The sensor for deliveries, which looks as often as the settings say."""

    @sensor(
        job=annual_run,
        minimum_interval_seconds=settings.every_seconds,
        default_status=DefaultSensorStatus.STOPPED,
    )
    def new_delivery(context: SensorEvaluationContext, installation: Installation) -> SensorResult | SkipReason:
        """Asks for a run of the survey years whose answers rest on something else than at its last look."""
        paths = installation.paths
        years = register_survey_years(context.instance, survey_years(paths.questionnaires))
        try:
            seen = {year: _state(paths, year) for year in years}
            strays = [name for year in seen for name in unregistered_files(paths.questionnaires / year)]
        except BadInput as error:
            return SkipReason(str(error))
        before = json.loads(context.cursor) if context.cursor else {}
        changed = sorted(year for year, mark in seen.items() if mark and before.get(year) != mark)
        also = (
            f" Not registered, so not used: {', '.join(strays)} ('lea accept' registers a delivery)." if strays else ""
        )
        if not changed:
            return SkipReason(f"No delivery is new or changed.{also}")
        context.log.info(f"New or changed: {', '.join(changed)}.{also}")
        # No run key: the cursor tells changes apart, and a state that comes back (a correction withdrawn) is a change
        # too.
        return SensorResult([RunRequest(tags=year_tags(changed))], cursor=json.dumps(seen, sort_keys=True))

    return new_delivery


def _state(paths: DataPaths, year: str) -> str:
    """What the year's answers rest on; '' before the first delivery."""
    if not load_questionnaire(paths.questionnaires / year).deliveries:
        return ""
    return fingerprint(paths.questionnaires, paths.corrections, paths.registers, year)


def unregistered_files(folder: Path) -> list[str]:
    """Files beside a questionnaire that none of its deliveries names, as '<survey_year>/<file>'."""
    registered = {FILE_NAME} | {delivery.path for delivery in load_questionnaire(folder).deliveries}
    found = (f for f in folder.iterdir() if f.is_file() and not f.name.startswith("."))
    return sorted(f"{folder.name}/{f.name}" for f in found if f.name not in registered)
