"""What a survey year's answers rest on, as one hash: when it differs, they have to be made again."""

from __future__ import annotations

from pathlib import Path

from assets.answers.municipalities import REGISTERS_READ
from assets.base.files import sha256_of, sha256_over
from assets.base.lake import read_metadata
from assets.questionnaires.loader import FILE_NAME, load_questionnaire

METADATA_KEY = "fingerprint"


def fingerprint(questionnaires_dir: Path, corrections_dir: Path, registers_dir: Path, survey_year: int | str) -> str:
    """The SHA-256 over a year's questionnaire, the dialects that it names, its registered files as they are now, its
    corrections and the registers that say who can answer. Raises BadInput when the questionnaire cannot be read."""
    folder = questionnaires_dir / str(survey_year)
    questionnaire = load_questionnaire(folder)
    files = [folder / delivery.path for delivery in questionnaire.deliveries]
    files += [folder / FILE_NAME, corrections_dir / f"{survey_year}.yaml"]
    files += [registers_dir / f"{name}.csv" for name in REGISTERS_READ]
    dialects = [questionnaire.dialect_of(delivery).model_dump_json() for delivery in questionnaire.deliveries]
    return sha256_over(
        [*dialects, *(f"{file.name} {sha256_of(file) if file.is_file() else 'absent'}" for file in files)]
    )


def fingerprint_of(answers: Path) -> str | None:
    """The fingerprint that a year's answers in the lake were made with; None when there are none."""
    return read_metadata(answers, METADATA_KEY) if answers.exists() else None
