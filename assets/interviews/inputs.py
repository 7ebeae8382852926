"""The files that the table of interviews is made from."""

from collections.abc import Iterator
from pathlib import Path

from assets.answers.inputs import REGISTERS_READ
from assets.base.made_of import Stage
from assets.base.paths import DataPaths
from assets.interviews.record import record_files
from assets.questionnaires.loader import questionnaire_files


def _inputs(paths: DataPaths, _: str) -> Iterator[Path]:
    yield from record_files(paths.interviews)
    yield from questionnaire_files(paths.questionnaires)
    yield from (paths.registers / f"{name}.csv" for name in REGISTERS_READ)


STAGE = Stage("interviews", _inputs)
