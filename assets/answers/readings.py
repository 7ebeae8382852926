"""How a delivered file is read before it counts, and in which other way more of it would be read.

Belongs here: the delivery that a file would be, and the options that would read it better. Does not belong here:
reading (``assets/raw``), judging (``row_judgements.py``), or printing (``orchestration/cli``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assets.answers.answer_tables import build_answers
from assets.answers.municipalities import municipalities_of
from assets.answers.row_owners import NOT_SUBMITTED
from assets.base.errors import BadInput, shown
from assets.base.files import sha256_of
from assets.base.models import first_mistake
from assets.base.paths import DataPaths
from assets.questionnaires.dialect import Dialect
from assets.questionnaires.loader import dialects_beside, named_dialect
from assets.questionnaires.model import Delivery, Questionnaire
from assets.raw.apart import read_apart
from assets.raw.deliveries import take_in_one
from assets.raw.workbook import first_sheet

BETTER = "it reads better as "


def next_delivery(paths: DataPaths, questionnaire: Questionnaire, file: Path, reading: Mapping[str, Any]) -> Delivery:
    """The file as the next delivery, read in the way of the newest delivery of its format where nothing else is said;
    a dialect that is named says how its CSV files are written."""
    if not file.is_file():
        raise BadInput("There is no such file", str(file), "name the delivered file")
    suffix = file.suffix.lower().removeprefix(".")
    if suffix not in ("csv", "xlsx", "sav"):
        raise BadInput(f"A file of kind {suffix!r} cannot be read", str(file), "deliver it as .csv, .xlsx or .sav")
    number = questionnaire.next_number
    stem = re.sub(r"[^\w .()-]", "_", re.sub(r"_v\d+$", "", file.stem)).strip(" .") or "delivery"
    like = next((d for d in reversed(questionnaire.deliveries) if d.format == suffix), None)
    fields = like.model_dump(include={"sheet", "header_row", "encoding", "delimiter"}) if like else {}
    dialect = named_dialect(paths.questionnaires, reading["dialect"]) if "dialect" in reading else None
    form = dialect.csv if dialect else None if like else questionnaire.dialect.csv
    fields |= form.model_dump() if form and suffix == "csv" else {}
    fields |= {**reading, "dialect": dialect or (like.dialect if like else None)}
    if suffix == "xlsx":
        fields["sheet"] = fields.get("sheet") or read_apart(first_sheet, file)
    try:
        return Delivery.model_validate(
            {
                **fields,
                "number": number,
                "path": f"{stem}_v{number:02d}.{suffix}",
                "format": suffix,
                "sha256": sha256_of(file),
                "received_on": datetime.now(UTC).date(),
            }
        )
    except ValidationError as error:
        mistake = first_mistake(error)
        option = f"--{mistake.place[0]}".replace("_", "-")
        raise BadInput(
            f"{option}: {mistake.problem}", "the command line", "'lea check --help' says what it may be"
        ) from None


def better_reading(paths: DataPaths, questionnaire: Questionnaire, file: Path, reading: Mapping[str, Any]) -> str:
    """The options that mend three quarters of what is wrong with a file; '' when none do, or when a dialect was named.

    A dialect is named only where it mends more than the form of its CSV files does by itself.
    """
    if "dialect" in reading:
        return ""
    municipalities = cache(lambda: municipalities_of(paths.registers, questionnaire.register_date))

    def count_problems(reading: Mapping[str, Any]) -> float:
        """How many cells of the file cannot be used; infinite when it is refused whole."""
        try:
            raw = take_in_one(questionnaire, next_delivery(paths, questionnaire, file, reading), file)
        except BadInput:
            return math.inf
        quarantine = build_answers(questionnaire, [raw], municipalities()).quarantine
        return int((quarantine["rule"] != NOT_SUBMITTED).sum())

    found = count_problems(reading)
    dialects = dialects_beside(paths.questionnaires)
    forms = _other_forms(dialects.values(), next_delivery(paths, questionnaire, file, reading), reading)
    readings = {**forms, **{f"--dialect {name}": {"dialect": name} for name in dialects}}
    counts = {options: count_problems({**reading, **fields}) for options, fields in readings.items()}
    best = min(counts.values(), default=found)
    if best == found or best > found / 4:
        return ""
    options = [options for options, count in counts.items() if count == best]
    return BETTER + (options[0] if options[0] in forms else " or ".join(options))


def _other_forms(
    dialects: Iterable[Dialect], delivery: Delivery, reading: Mapping[str, Any]
) -> dict[str, dict[str, str]]:
    """The forms of CSV of the dialects, as options with their fields: what differs from how the file is read, few
    first."""
    if delivery.format != "csv":
        return {}
    forms = [dialect.csv.model_dump() for dialect in dialects if dialect.csv]
    found: dict[str, dict[str, str]] = {}
    for names in (("encoding",), ("delimiter",), ("encoding", "delimiter")):
        for form in forms:
            fields = {name: str(form[name]) for name in names}
            if all(name not in reading and value != getattr(delivery, name) for name, value in fields.items()):
                found[" ".join(f"--{name} {_quoted(value)}" for name, value in fields.items())] = fields
    return found


def _quoted(value: str) -> str:
    return value if value.isalnum() or "-" in value else shown(value)
