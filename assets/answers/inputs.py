"""The files that the tables of answers are made from."""

from collections.abc import Iterator
from pathlib import Path

from assets.base.made_of import Stage
from assets.base.paths import DataPaths
from assets.questionnaires.loader import year_files

REGISTERS_READ = ("municipalities", "municipality_changes", "name_variants")


def _inputs(paths: DataPaths, survey_year: str) -> Iterator[Path]:
    yield from year_files(paths.questionnaires, survey_year)
    yield paths.corrections / f"{survey_year}.yaml"
    yield from (paths.registers / f"{name}.csv" for name in REGISTERS_READ)


STAGE = Stage("answers", _inputs, by_year=True)
