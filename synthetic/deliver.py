"""Turns generated answers into the delivered files, and writes their hashes into the questionnaires.

Belongs here: which municipalities are in which delivery. Does not belong here: file formats (``files_out.py``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.files import sha256_of
from synthetic.cases import write_cases
from synthetic.coding import write_codes
from synthetic.files_out import write_delivery
from synthetic.records import write_interviews, write_signals

if TYPE_CHECKING:  # generating needs the solver, writing does not
    from synthetic.generate import Generated


def write_deliveries(generated: Generated, data_dir: Path, out: Path | None = None) -> list[Path]:
    """Writes every delivery. Without ``out`` beside its questionnaire, whose ``sha256`` lines then follow."""
    written = []
    for year, questionnaire in generated.survey.questionnaires.items():
        folder = (out or data_dir / "questionnaires") / str(year)
        names = {code: m.name for code, m in generated.registers.by_year[year].items()}
        final = generated.survey.responses[year]
        for delivery in questionnaire.deliveries:
            if len(questionnaire.deliveries) == 1:
                rows = final
            elif delivery.number == 1:
                first = {**final, **generated.first_delivered}
                rows = {code: row for code, row in first.items() if row is not None}
            else:
                rows = {code: final[code] for code in generated.first_delivered}
            file = folder / delivery.path
            write_delivery(file, questionnaire, delivery, rows, names)
            if out is None:
                register_hash(folder / "questionnaire.yaml", delivery.path, sha256_of(file))
            written.append(file)
    return written


def write_records(generated: Generated, data_dir: Path, out: Path | None = None) -> list[Path]:
    """Writes what people of the Inspectorate record: the cases and incoming signals of each survey year that has any
    (``supervision/``, ``signals/``), who was interviewed (``interviews/``), the codes of open answers (``coding/``).
    Without ``out`` to the data folder."""
    survey, folder = generated.survey, out or data_dir
    written = []
    for year, cases in survey.supervision.cases.items():
        file = folder / "supervision" / f"{year}.csv"
        write_cases(cases, file)
        written += [file, write_signals(generated.registers.by_year[year], year, folder)]
    written.append(write_interviews(generated.registers, folder))
    return [*written, *write_codes(survey.questionnaires, survey.responses, data_dir, folder)]


def register_hash(questionnaire_file: Path, path: str, sha256: str) -> None:
    """Replaces the ``sha256`` of the delivery with this ``path``; nothing else of the file changes."""
    text = questionnaire_file.read_text(encoding="utf-8")
    pattern = re.compile(rf"(path: {re.escape(path)}\n(?:(?!\s*- number:).*\n)*?\s*sha256: \"?)[0-9a-f]{{64}}")
    changed, number = pattern.subn(rf"\g<1>{sha256}", text)
    if number != 1:
        raise LookupError(f"{questionnaire_file.name} has no single sha256 line for {path}")
    if changed != text:
        questionnaire_file.write_text(changed, encoding="utf-8")
