"""The files that the tables of catalogue are made from, and the setting."""

from collections.abc import Iterator
from pathlib import Path

from assets.base.made_of import Stage
from assets.base.paths import DataPaths
from assets.questionnaires.inputs import STAGE as QUESTIONNAIRES
from assets.questionnaires.loader import questionnaire_files


def _files(paths: DataPaths, _: str) -> Iterator[Path]:
    yield from (*paths.reports.rglob("*.yaml"), paths.measures, paths.breakdowns, paths.labels)
    yield from questionnaire_files(paths.questionnaires)


STAGE = Stage("catalogue", _files, facts=QUESTIONNAIRES.facts)
