"""When the monitor runs by itself. The date is a setting (``data/settings.yaml``)."""

from dagster import (
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    SkipReason,
    schedule,
)

from assets.base.errors import BadInput
from assets.base.installation import Installation
from assets.base.settings import AnnualRun
from assets.questionnaires.loader import delivered_years
from assets.questionnaires.partitions import register_survey_years
from assets.warehouse.gate import Gate
from orchestration.asking import PART, Asking
from orchestration.jobs import take_in
from orchestration.lake import Lake


def annual_schedule(settings: AnnualRun, lake: Lake, gate: Gate) -> ScheduleDefinition:
    """The schedule of the annual run, at the moment that the settings name."""

    def annual(context: ScheduleEvaluationContext, installation: Installation) -> list[RunRequest] | SkipReason:
        """Takes in what has changed; 'publish_when_good' carries it on to the edition."""
        paths = installation.paths
        try:
            years = register_survey_years(context.instance, delivered_years(paths.questionnaires))
            if not years:
                return SkipReason(
                    f"No delivery was accepted yet in {paths.questionnaires}: 'lea new-year' starts a questionnaire, "
                    "'lea accept' takes a file."
                )
            requests, in_vain = Asking(context.instance, paths, lake, gate).new()
        except BadInput as error:
            return SkipReason(str(error))
        if not requests:
            also = f" Failed as it is now, so not asked for again: {', '.join(in_vain)}." if in_vain else ""
            return SkipReason(f"There is nothing to ask for.{also}")
        # Dagster refuses several requests of one tick without keys; and would start a key of another tick never again.
        moment = f"{context.scheduled_execution_time:%Y-%m-%dT%H:%M}"
        return [one.with_replaced_attrs(run_key=f"{moment} {one.tags[PART]}") for one in requests]

    return schedule(
        job=take_in,
        cron_schedule=settings.cron,
        execution_timezone=settings.timezone,
        default_status=DefaultScheduleStatus.STOPPED,
    )(annual)
