"""What a survey year's answers rest on, as one hash: when it differs, they have to be made again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow.parquet as pq

from assets.answers.municipalities import REGISTERS_READ
from assets.questionnaires.loader import FILE_NAME, load_questionnaire
from assets.raw.deliveries import sha256_of

METADATA_KEY = "fingerprint"


def fingerprint(questionnaires_dir: Path, corrections_dir: Path, registers_dir: Path, survey_year: int | str) -> str:
    """The SHA-256 over a year's questionnaire, the dialects that it names, its registered files as they are now, its corrections
    and the registers that say who can answer. Raises BadInput when the questionnaire cannot be read."""
    folder = questionnaires_dir / str(survey_year)
    questionnaire = load_questionnaire(folder)
    files = [folder / delivery.path for delivery in questionnaire.deliveries]
    files += [folder / FILE_NAME, corrections_dir / f"{survey_year}.yaml"]
    files += [registers_dir / f"{name}.csv" for name in REGISTERS_READ]
    mark = hashlib.sha256()
    for delivery in questionnaire.deliveries:
        mark.update(questionnaire.dialect_of(delivery).model_dump_json().encode())
    for file in files:
        content = sha256_of(file) if file.is_file() else "absent"
        mark.update(f"{file.name} {content}\n".encode())
    return mark.hexdigest()


def fingerprint_of(answers: Path) -> str | None:
    """The fingerprint that a year's answers in the lake were made with; None when there are none."""
    if not answers.exists():
        return None
    return (pq.read_metadata(answers).metadata or {}).get(METADATA_KEY.encode(), b"").decode()
