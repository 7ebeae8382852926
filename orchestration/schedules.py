"""When the monitor runs by itself. The date is a setting (``data/settings.yaml``)."""

from dagster import DefaultScheduleStatus, RunRequest, SkipReason, schedule
from dagster._utils.schedules import is_valid_cron_schedule

from assets.errors import BadInput
from orchestration.jobs import annual_run, year_tags
from orchestration.partitions import survey_year_partitions
from orchestration.paths import data_paths
from orchestration.settings import load_settings

_SETTINGS = load_settings(data_paths().settings).annual_run
if not is_valid_cron_schedule(_SETTINGS.cron):
    raise BadInput(
        f"There is no such moment as {_SETTINGS.cron!r}",
        f"{data_paths().settings}, annual_run.cron",
        "write minute, hour, day, month, weekday: '0 6 1 9 *' is 1 September 06:00",
    )


@schedule(
    job=annual_run,
    cron_schedule=_SETTINGS.cron,
    execution_timezone=_SETTINGS.timezone,
    default_status=DefaultScheduleStatus.STOPPED,
)
def annual() -> RunRequest | SkipReason:
    """The annual run over every survey year."""
    years = survey_year_partitions.get_partition_keys()
    if not years:
        return SkipReason("There is no questionnaire yet: 'lea new-year' starts one.")
    return RunRequest(tags=year_tags(years))
