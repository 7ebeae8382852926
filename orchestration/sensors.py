"""What the monitor reacts to: a delivery that is new or changed, or a correction."""

import hashlib
import json
from pathlib import Path

from dagster import DefaultSensorStatus, RunRequest, SensorEvaluationContext, SensorResult, SkipReason, sensor

from assets.errors import BadInput
from assets.questionnaires.loader import FILE_NAME, load_questionnaire
from assets.raw.deliveries import sha256_of
from orchestration.jobs import annual_run, year_tags
from orchestration.partitions import survey_year_partitions
from orchestration.paths import DataPaths, data_paths
from orchestration.settings import load_settings


@sensor(
    job=annual_run,
    minimum_interval_seconds=load_settings(data_paths().settings).delivery_sensor.every_seconds,
    default_status=DefaultSensorStatus.STOPPED,
)
def new_delivery(context: SensorEvaluationContext) -> SensorResult | SkipReason:
    """Asks for a run of the survey years whose registered deliveries or corrections are not those of its last look."""
    paths = data_paths()
    try:
        seen = {year: fingerprint(paths, year) for year in survey_year_partitions.get_partition_keys()}
        strays = [name for year in seen for name in unregistered_files(paths.questionnaires / year)]
    except BadInput as error:
        return SkipReason(str(error))
    before = json.loads(context.cursor) if context.cursor else {}
    changed = sorted(year for year, mark in seen.items() if mark and before.get(year) != mark)
    told = f" Not registered, so not used: {', '.join(strays)} ('lea accept' registers a delivery)." if strays else ""
    if not changed:
        return SkipReason(f"No delivery is new or changed.{told}")
    context.log.info(f"New or changed: {', '.join(changed)}.{told}")
    key = "-".join(f"{year}:{seen[year][:12]}" for year in changed)
    return SensorResult([RunRequest(run_key=key, tags=year_tags(changed))], cursor=json.dumps(seen, sort_keys=True))


def fingerprint(paths: DataPaths, year: str) -> str:
    """What a survey year's answers rest on: its registered files as they are now, and its corrections. '' before the first
    delivery. Raises BadInput when the questionnaire cannot be read."""
    folder = paths.questionnaires / year
    files = [folder / delivery.path for delivery in load_questionnaire(folder).deliveries]
    if not files:
        return ""
    files.append(paths.corrections / f"{year}.yaml")
    marks = [f"{file.name} {sha256_of(file) if file.is_file() else 'absent'}" for file in files]
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()


def unregistered_files(folder: Path) -> list[str]:
    """Files beside a questionnaire that none of its deliveries names, as '<survey_year>/<file>'."""
    registered = {FILE_NAME} | {delivery.path for delivery in load_questionnaire(folder).deliveries}
    found = (f for f in folder.iterdir() if f.is_file() and not f.name.startswith("."))
    return sorted(f"{folder.name}/{f.name}" for f in found if f.name not in registered)
