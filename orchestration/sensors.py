"""What the monitor reacts to: a change in what the lake is made of, and a lake on which every blocking check has
passed."""

import json
from pathlib import Path

from dagster import (
    AssetSelection,
    AutomationConditionSensorDefinition,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRequest,
    RunStatusSensorContext,
    RunStatusSensorDefinition,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from assets.base.errors import BadInput
from assets.base.installation import Installation
from assets.base.settings import DeliverySensor
from assets.quality.assets import DESK
from assets.questionnaires.loader import FILE_NAME, delivered_years, load_questionnaire, survey_years
from assets.questionnaires.partitions import register_survey_years
from orchestration.jobs import desk, take_in
from orchestration.lake import Lake
from orchestration.runs import end_dead_runs

publish_when_good = AutomationConditionSensorDefinition(
    "publish_when_good",
    target=AssetSelection.all(),
    default_status=DefaultSensorStatus.STOPPED,
    description="Builds the warehouse and publishes once what changed is taken in and no blocking check is unmet.",
)


def delivery_sensor(settings: DeliverySensor, lake: Lake) -> SensorDefinition:
    """The sensor for deliveries, which looks as often as the settings say."""

    @sensor(
        job=take_in,
        minimum_interval_seconds=settings.every_seconds,
        default_status=DefaultSensorStatus.STOPPED,
    )
    def new_delivery(context: SensorEvaluationContext, installation: Installation) -> SensorResult | SkipReason:
        """Asks for a run of each survey year, and of each stage of declarations, that is not in the lake as it is now;
        once for each state, so that what fails is not asked for again and again."""
        paths = installation.paths
        try:
            register_survey_years(context.instance, delivered_years(paths.questionnaires))
            changed = lake.changed(paths)
            strays = [
                name
                for year in survey_years(paths.questionnaires)
                for name in unregistered_files(paths.questionnaires / str(year))
            ]
        except BadInput as error:
            return SkipReason(str(error))
        asked = json.loads(context.cursor) if context.cursor else {}
        new = [part for part, mark in changed.items() if asked.get(part) != mark]
        also = (
            f" Not registered, so not used: {', '.join(strays)} ('lea accept' registers a delivery)." if strays else ""
        )
        if not new:
            return SkipReason(f"Nothing is new or changed.{also}")
        context.log.info(f"New or changed: {', '.join(new)}.{also}")
        return SensorResult([lake.request(part) for part in new], cursor=json.dumps(changed, sort_keys=True))

    return new_delivery


def _asks_for_the_desk(context: RunStatusSensorContext) -> RunRequest | SkipReason:
    if context.dagster_run.job_name == desk.name or context.dagster_run.asset_selection == {DESK}:
        return SkipReason("That was the desk itself.")
    return RunRequest(run_key=context.dagster_run.run_id)


def _after(status: DagsterRunStatus, name: str) -> RunStatusSensorDefinition:
    """The desk is made anew after every run that ended so."""
    return RunStatusSensorDefinition(
        name,
        run_status=status,
        run_status_sensor_fn=_asks_for_the_desk,
        request_job=desk,
        minimum_interval_seconds=30,
        default_status=DefaultSensorStatus.RUNNING,
        description="Makes the desk anew after a run, so that it says what is open now.",
    )


desk_after_success = _after(DagsterRunStatus.SUCCESS, "desk_after_success")
desk_after_failure = _after(DagsterRunStatus.FAILURE, "desk_after_failure")


@sensor(minimum_interval_seconds=30, default_status=DefaultSensorStatus.RUNNING)
def dead_runs(context: SensorEvaluationContext) -> SkipReason:
    """Ends the runs whose process was killed, so that those in the queue go on."""
    ended = end_dead_runs(context.instance)
    return SkipReason(f"Ended: {', '.join(ended)}." if ended else "Every run that goes on shows life.")


def unregistered_files(folder: Path) -> list[str]:
    """Files beside a questionnaire that none of its deliveries names, as '<survey_year>/<file>'."""
    registered = {FILE_NAME} | {delivery.path for delivery in load_questionnaire(folder).deliveries}
    found = (f for f in folder.iterdir() if f.is_file() and not f.name.startswith("."))
    return sorted(f"{folder.name}/{f.name}" for f in found if f.name not in registered)
