"""When the monitor runs by itself. The date is a setting (``data/settings.yaml``)."""

from dagster import (
    DagsterInvalidDefinitionError,
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
from orchestration.jobs import take_in
from orchestration.lake import Lake


def annual_schedule(settings: AnnualRun, lake: Lake) -> ScheduleDefinition:
    """The schedule of the annual run, at the moment that the settings name. Raises BadInput when there is no such
    moment."""

    def annual(context: ScheduleEvaluationContext, installation: Installation) -> list[RunRequest] | SkipReason:
        """Takes in what has changed; 'publish_when_good' carries it on to the edition."""
        paths = installation.paths
        years = register_survey_years(context.instance, delivered_years(paths.questionnaires))
        if not years:
            return SkipReason(
                "No delivery was accepted yet: 'lea new-year' starts a questionnaire, 'lea accept' takes a file."
            )
        changed = lake.changed(paths)
        if not changed:
            return SkipReason("Nothing has changed since it was last taken in.")
        return [lake.request(part) for part in changed]

    try:
        return schedule(
            job=take_in,
            cron_schedule=settings.cron,
            execution_timezone=settings.timezone,
            default_status=DefaultScheduleStatus.STOPPED,
        )(annual)
    except DagsterInvalidDefinitionError:
        raise BadInput(
            f"There is no such moment as {settings.cron!r}",
            "data/settings.yaml, annual_run.cron",
            "write minute, hour, day, month, weekday: '0 6 1 9 *' is 1 September 06:00",
        ) from None
