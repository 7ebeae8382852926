"""What the monitor reacts to: a change in what the lake is made of, and a lake on which every blocking check has
passed."""

import time
from pathlib import Path

from dagster import (
    AssetSelection,
    AutomationConditionSensorDefinition,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
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
from assets.base.settings import DeliverySensor, Retries
from assets.base.writer import is_writing, writing
from assets.quality.assets import DESK
from assets.questionnaires.loader import FILE_NAME, delivered_years, load_questionnaire, survey_years
from assets.questionnaires.partitions import register_survey_years
from assets.warehouse.gate import Gate
from orchestration.asking import FIRST_ATTEMPT, PART, Asking
from orchestration.jobs import desk, publish, take_in
from orchestration.lake import Lake
from orchestration.runs import end_dead_runs
from orchestration.upkeep.retention import tidy

HOUR = 60 * 60

publish_when_good = AutomationConditionSensorDefinition(
    "publish_when_good",
    target=AssetSelection.all(),
    default_status=DefaultSensorStatus.STOPPED,
    run_tags=FIRST_ATTEMPT,
    description="Builds the warehouse and publishes once what changed is taken in and no blocking check is unmet.",
)


def delivery_sensor(settings: DeliverySensor, lake: Lake, gate: Gate) -> SensorDefinition:
    """The sensor for deliveries, which looks as often as the settings say."""

    @sensor(
        job=take_in,
        minimum_interval_seconds=settings.every_seconds,
        default_status=DefaultSensorStatus.STOPPED,
    )
    def new_delivery(context: SensorEvaluationContext, installation: Installation) -> SensorResult | SkipReason:
        """Asks for a run of each survey year, and of each stage of declarations, that is not in the lake as it is now;
        not again for what failed as it is now."""
        paths = installation.paths
        if is_writing(paths):
            return SkipReason("Somebody is writing now, who may be taking it in: looked at again next time.")
        try:
            register_survey_years(context.instance, delivered_years(paths.questionnaires))
            requests, in_vain = Asking(context.instance, paths, lake, gate).new()
            strays = [
                name
                for year in survey_years(paths.questionnaires)
                for name in unregistered_files(paths.questionnaires / str(year))
            ]
        except BadInput as error:
            return SkipReason(str(error))
        also = f" Failed as it is now, so not asked for again: {', '.join(in_vain)}." if in_vain else ""
        if strays:
            also += f" Not registered, so not used: {', '.join(strays)} ('lea accept' registers a delivery)."
        if not requests:
            return SkipReason(f"There is nothing to ask for.{also}")
        context.log.info(f"New or changed: {', '.join(one.tags[PART] for one in requests)}.{also}")
        return SensorResult(requests)

    return new_delivery


def repeating_sensor(settings: Retries, lake: Lake, gate: Gate) -> SensorDefinition:
    """The sensor that asks again for what was killed or crashed, as the settings say."""

    @sensor(jobs=[take_in, publish], minimum_interval_seconds=30, default_status=DefaultSensorStatus.RUNNING)
    def ask_again(context: SensorEvaluationContext, installation: Installation) -> SensorResult | SkipReason:
        """Asks again for a run that schedule or sensor asked for, and that was killed or crashed; what was refused is
        left to people."""
        try:
            requests, reasons = Asking(context.instance, installation.paths, lake, gate).again(settings, time.time())
        except BadInput as error:
            return SkipReason(str(error))
        if not requests:
            return SkipReason("; ".join(reasons) or "No run was killed or crashed.")
        return SensorResult(requests)

    return ask_again


def asks_for_the_desk(context: RunStatusSensorContext) -> RunRequest | SkipReason:
    """After a run, unless it was the desk, or a run of the desk waits already."""
    if context.dagster_run.job_name == desk.name or context.dagster_run.asset_selection == {DESK}:
        return SkipReason("That was the desk itself.")
    if context.instance.get_runs_count(RunsFilter(job_name=desk.name, statuses=[DagsterRunStatus.QUEUED])):
        return SkipReason("A run of the desk waits already, and will say what is open then.")
    return RunRequest(run_key=context.dagster_run.run_id)


def _after(status: DagsterRunStatus, name: str) -> RunStatusSensorDefinition:
    """The desk is made anew after every run that ended so."""
    return RunStatusSensorDefinition(
        name,
        run_status=status,
        run_status_sensor_fn=asks_for_the_desk,
        request_job=desk,
        minimum_interval_seconds=30,
        default_status=DefaultSensorStatus.RUNNING,
        description="Makes the desk anew after a run, so that it says what is open now.",
    )


desk_after_success = _after(DagsterRunStatus.SUCCESS, "desk_after_success")
desk_after_failure = _after(DagsterRunStatus.FAILURE, "desk_after_failure")


@sensor(minimum_interval_seconds=HOUR, default_status=DefaultSensorStatus.RUNNING)
def make_room(context: SensorEvaluationContext, installation: Installation) -> SkipReason:
    """Removes what the settings (storage) no longer keep, when nobody writes."""
    paths = installation.paths
    if is_writing(paths):
        return SkipReason("Somebody is writing now: looked at again next time.")
    assert context.repository_def
    graph = context.repository_def.asset_graph
    try:
        with writing(paths):
            gone = tidy(context.instance, paths, graph.get_all_asset_keys(), graph.asset_check_keys)
    except BadInput as error:
        return SkipReason(str(error))
    return SkipReason(f"Removed: {gone} versions, builds and runs." if gone else "There is nothing to remove.")


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
