"""The files that the table of incoming signals is made from."""

from collections.abc import Iterator
from pathlib import Path

from assets.answers.inputs import REGISTERS_READ
from assets.base.made_of import Stage
from assets.base.paths import DataPaths
from assets.questionnaires.loader import questionnaire_files
from assets.signals.incoming import signal_files


def _inputs(paths: DataPaths, _: str) -> Iterator[Path]:
    yield from signal_files(paths.signals)
    yield from questionnaire_files(paths.questionnaires)
    yield from (paths.registers / f"{name}.csv" for name in REGISTERS_READ)


STAGE = Stage("signals", _inputs)
