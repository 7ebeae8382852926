"""When the monitor runs by itself. The date is a setting (``data/settings.yaml``)."""

from dagster import (
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    SkipReason,
    schedule,
)
from dagster._utils.schedules import is_valid_cron_schedule

from assets.base.errors import BadInput
from assets.base.installation import Installation
from assets.base.partitions import register_survey_years
from assets.base.settings import AnnualRun
from assets.questionnaires.loader import survey_years
from orchestration.jobs import annual_run, year_tags


def annual_schedule(settings: AnnualRun) -> ScheduleDefinition:
    """The schedule of the annual run, at the moment that the settings name. Raises BadInput when there is no such
    moment."""
    if not is_valid_cron_schedule(settings.cron):
        raise BadInput(
            f"There is no such moment as {settings.cron!r}",
            "data/settings.yaml, annual_run.cron",
            "write minute, hour, day, month, weekday: '0 6 1 9 *' is 1 September 06:00",
        )

    @schedule(
        job=annual_run,
        cron_schedule=settings.cron,
        execution_timezone=settings.timezone,
        default_status=DefaultScheduleStatus.STOPPED,
    )
    def annual(context: ScheduleEvaluationContext, installation: Installation) -> RunRequest | SkipReason:
        """The annual run over every survey year."""
        years = register_survey_years(context.instance, survey_years(installation.paths.questionnaires))
        if not years:
            return SkipReason("There is no questionnaire yet: 'lea new-year' starts one.")
        return RunRequest(tags=year_tags(years))

    return annual
