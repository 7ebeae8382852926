"""Delivered files and declarations as they are: texts by column, questions with their short hands written out.

Sources: docs/questionnaire-format.md, docs/runbook.md (corrections). What a text means is for ``answers``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
import yaml

FORMULA = "\ufffe="  # stands for a formula of a workbook: neither a number, nor a code, nor a text
STATUSES = ("no_answer", "not_available", "not_collected", "not_asked")


@dataclass(frozen=True)
class Option:
    code: str
    key: str
    exclusive: bool
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """``columns``: option code (None unless multiple) → column; ``item``: key of the list's entry, None when it stands alone."""

    id: str
    concept: str
    item: str | None
    type: str
    options: tuple[Option, ...]
    columns: Mapping[str | None, str]
    routing: Mapping[str, Any] | None
    lowest: int
    highest: int
    missing: Mapping[str, str]
    keeps_none: bool
    asked_from: int

    def keys(self) -> dict[str, str]:
        return {option.code: option.key for option in self.options}


@dataclass(frozen=True)
class Row:
    """A delivered row: the number of its delivery and its cells as stripped texts, by column."""

    delivery: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Year:
    survey_year: int
    reference_year: int
    register_date: date
    status: str
    origin: str
    code_column: str
    name_column: str
    questions: tuple[Question, ...]
    rows: tuple[Row, ...]
    corrections: tuple[Mapping[str, str], ...] = ()
    analysis: Mapping[str, Any] | None = None
    by_id: Mapping[str, Question] = field(default_factory=dict)


def load_yaml(file: Path) -> Any:
    """Every scalar as text, as docs/questionnaire-format.md has it."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load(file.read_text(encoding="utf-8"), loader)


def read_years(data_dir: Path) -> dict[int, Year]:
    """Every survey year with deliveries, in order."""
    folders = sorted(path.parent for path in (data_dir / "questionnaires").glob("*/questionnaire.yaml"))
    years = [_read_year(folder, data_dir / "corrections") for folder in folders]
    return {year.survey_year: year for year in years if year.rows}


def _read_year(folder: Path, corrections_dir: Path) -> Year:
    said = load_yaml(folder / "questionnaire.yaml")
    questions = tuple(_questions(said))
    rows = [row for delivery in said.get("deliveries") or () for row in _rows(folder, delivery)]
    corrections = corrections_dir / f"{said['survey_year']}.yaml"
    return Year(
        survey_year=int(said["survey_year"]),
        reference_year=int(said["reference_year"]),
        register_date=date.fromisoformat(said["register_date"]),
        status=said["status"],
        origin=said["origin"],
        code_column=said["key_columns"]["municipality_code"],
        name_column=said["key_columns"]["municipality_name"],
        questions=questions,
        rows=tuple(sorted(rows, key=lambda row: row.delivery)),
        corrections=tuple((load_yaml(corrections) or {}).get("corrections") or ()) if corrections.exists() else (),
        analysis=said.get("analysis_population"),
        by_id={question.id: question for question in questions},
    )


def _questions(said: Mapping[str, Any]) -> Iterator[Question]:
    for template in said["questions"]:
        if "over" not in template:
            yield _question(said, template, None)
            continue
        for entry in said["lists"][template["over"]]:
            yield _question(said, _filled(template, entry), entry["key"])


def _filled(value: Any, entry: Mapping[str, str]) -> Any:
    """A template with ``{item}`` and ``{item_<field>}`` filled in, in each of its texts."""
    if isinstance(value, str):
        for name, text in entry.items():
            value = value.replace(f"{{item_{name}}}", text)
        return value.replace("{item}", entry["code"])
    if isinstance(value, dict):
        return {key: _filled(one, entry) for key, one in value.items()}
    return [_filled(one, entry) for one in value] if isinstance(value, list) else value


def _question(said: Mapping[str, Any], own: Mapping[str, Any], item: str | None) -> Question:
    listed = own.get("options", ())
    listed = said["option_sets"][listed] if isinstance(listed, str) else listed
    options = tuple(
        Option(o["code"], o["key"], o.get("exclusive") == "true", tuple(o["label"].values())) for o in listed
    )
    columns: dict[str | None, str] = (
        {option.code: own["columns"].replace("{code}", option.code) for option in options}
        if own["answer_type"] == "multiple"
        else {None: own["column"]}
    )
    codes = [said.get("missing") or {}, own.get("missing") or {}]
    nothing = own.get("nothing_chosen") or (said.get("dialect") or {}).get("nothing_chosen")
    possible = own.get("range") or {}
    return Question(
        id=own["id"],
        concept=own["concept"],
        item=item,
        type=own["answer_type"],
        options=options,
        columns=columns,
        routing=own.get("routing"),
        lowest=int(possible.get("min", 0)),
        highest=int(possible.get("max", 10**9)),
        missing={code.casefold(): status for part in codes for status in STATUSES for code in part.get(status) or ()},
        keeps_none=nothing == "answered",
        asked_from=int(own.get("asked_from_delivery", 1)),
    )


def _rows(folder: Path, delivery: Mapping[str, Any]) -> Iterator[Row]:
    """The rows below the header that hold anything at all."""
    file = folder / delivery["path"]
    header_row = int(delivery.get("header_row", 1))
    if delivery["format"] == "csv":
        lines = _csv(file, delivery)[header_row - 1 :]
    elif delivery["format"] == "xlsx":
        lines = _xlsx(file, delivery.get("sheet"))[header_row - 1 :]
    else:
        lines = _sav(file)
    header = [name.strip() for name in lines[0]]
    for line in lines[1:]:
        cells = {name: text.strip() for name, text in zip(header, line, strict=False) if name}
        if any(cells.values()):
            yield Row(int(delivery["number"]), cells)


def _csv(file: Path, delivery: Mapping[str, Any]) -> list[list[str]]:
    encoding = delivery.get("encoding", "utf-8")
    text = file.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    return [
        line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delivery.get("delimiter", ";")) if line
    ]


def _xlsx(file: Path, sheet: str | None) -> list[list[str]]:
    book = openpyxl.load_workbook(file, read_only=True, data_only=False)
    pages = book[sheet] if sheet else book.worksheets[0]
    lines = [
        [FORMULA if cell.data_type == "f" else _shown(cell.value, cell.number_format) for cell in row]
        for row in pages.iter_rows()
    ]
    book.close()
    return lines


def _shown(value: Any, number_format: str | None) -> str:
    """What a cell says: a whole number without decimals; a percentage, a date or TRUE as a reader of the sheet sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if "%" in (number_format or ""):
            return f"{value * 100:g}%"
        return str(int(value)) if value == int(value) else repr(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _sav(file: Path) -> list[list[str]]:
    table, _ = pyreadstat.read_sav(str(file), user_missing=True, apply_value_formats=False)
    lines: list[list[str]] = [list(table.columns)]
    columns: Sequence[Sequence[Any]] = [table[name].tolist() for name in table.columns]
    lines += [[_number(value) for value in row] for row in zip(*columns, strict=True)]
    return lines


def _number(value: Any) -> str:
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)
