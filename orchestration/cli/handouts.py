"""``lea questionnaire`` and ``lea export``: what others need of a survey year, and its answers for SPSS.

Belongs here: which files, and printing. Does not belong here: what is in them (``assets/editions/handouts``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from assets.answers.municipalities import municipalities_in_lake
from assets.answers.tables import ANSWERS
from assets.base.errors import BadInput
from assets.base.files import written_aside
from assets.base.lake import read_table
from assets.base.paths import DataPaths, data_paths
from assets.base.yaml_file import load_model
from assets.catalogue.labels import load_labels
from assets.editions.content.audiences import AudienceFile
from assets.editions.content.mark import mark_of
from assets.editions.handouts.codebook import codebook_files, labels_by_code, write_codebook
from assets.editions.handouts.ddi import ddi_codebook
from assets.editions.handouts.spss import write_spss
from assets.editions.handouts.template import write_template
from assets.editions.handouts.text import questionnaire_text
from assets.editions.handouts.variables import Labels
from assets.questionnaires.loader import load_questionnaire, load_questionnaires
from assets.questionnaires.model import Questionnaire
from orchestration.cli.console import console

Handout = Literal["codebook", "template", "text", "ddi", "all"]


def write_handouts(year: int, folder: Path, which: Handout) -> None:
    """Writes the files and names them. Raises BadInput where a questionnaire cannot be used."""
    paths = data_paths()
    questionnaire = load_questionnaire(paths.questionnaires / str(year))
    labels = _labels(paths)
    written = []
    if which in ("codebook", "all"):
        written += write_codebook(load_questionnaires(paths.questionnaires), year, labels, folder)
    if which == "ddi":
        written.append(_write(folder / codebook_files(year)[2], ddi_codebook(questionnaire, labels)))
    if which in ("template", "all"):
        file = folder / f"delivery_template_{year}.xlsx"
        write_template(questionnaire, labels, file)
        written.append(file)
    if which in ("text", "all"):
        text = questionnaire_text(questionnaire, labels).encode()
        written.append(_write(folder / f"questionnaire_{year}_nl.txt", text))
    _print(questionnaire, *map(str, written))


def export_answers(year: int, file: Path) -> None:
    """Writes the answers of a year as .sav. Raises BadInput where no run has taken them in."""
    paths = data_paths()
    questionnaire = load_questionnaire(paths.questionnaires / str(year))
    if file.suffix.lower() != ".sav":
        raise BadInput("Answers are exported as .sav", str(file), "give the file a name that ends in .sav")
    source = ANSWERS.file(paths.lake, str(year))
    if not source.is_file():
        raise BadInput(f"No answers of {year} were taken in yet", str(source), f"'lea run --year {year}' takes them in")
    names = municipalities_in_lake(paths.lake, questionnaire.register_date).names
    terms = _internal_terms(paths)
    count = write_spss(questionnaire, read_table(source), names, _labels(paths), terms, file)
    _print(questionnaire, f"{file}: {count} municipalities", terms)


def _labels(paths: DataPaths) -> Labels:
    return labels_by_code(load_labels(paths.labels))


def _internal_terms(paths: DataPaths) -> str:
    remedy = "mend that place; assets/editions/content/audiences.py says what each field may hold"
    audiences = load_model(paths.audiences, AudienceFile, "file of audiences", remedy).audiences
    terms = audiences["internal"].terms
    return terms.nl if terms else ""


def _write(file: Path, content: bytes) -> Path:
    with written_aside(file) as aside:
        aside.write_bytes(content)
    return file


def _print(questionnaire: Questionnaire, *lines: str) -> None:
    mark = mark_of(questionnaire.origin)
    console.print("\n".join([*lines, *([mark.en] if mark else [])]))
