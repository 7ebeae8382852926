"""Reads ``data/supervision/<survey_year>.csv``: what happened in the cases that followed on a questionnaire.

Belongs here: the records, and whether what they say can have happened (``moves.py`` says what can follow on what). Does not
belong here: whom the criteria select (``dbt_project``), what the cases add up to.

A file has a line per event; the lines of a case (municipality and domain) are in the order in which things happened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assets.base.csv_file import read_csv_file
from assets.base.errors import BadInput, shown
from assets.risk.rules import Domain
from assets.supervision.moves import Event

LATEST_AFTER = 5  # a case that takes longer is more likely a slip of the key: the age of every open case counts to it
HEADER = ("municipality_code", "domain", "event", "date", "note", "origin")
COLUMNS = {
    "survey_year": "int32",
    "line": "int32",
    "municipality_code": "str",
    "domain": "str",
    "event": "str",
    "label_nl": "str",
    "label_en": "str",
    "event_date": "object",
    "is_first": "bool",
    "is_outcome": "bool",
    "is_closing": "bool",
    "note": "str",
    "origin": "str",
}


def _as_written(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError("a date is written as 2023-10-04")
    return text


class Record(BaseModel):
    """One line of a file. ``origin``: whether it happened, or was generated; every output that rests on it says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    municipality_code: str = Field(pattern=r"^GM\d{4}$")
    domain: Domain
    event: str
    date: Annotated[date, BeforeValidator(_as_written)]
    note: str | None
    origin: Literal["real", "synthetic"]


@dataclass(frozen=True)
class _Line:
    """A record with the place that messages name."""

    number: int
    file: Path
    record: Record

    def refuse(self, what: str, remedy: str) -> BadInput:
        r = self.record
        return BadInput(
            what, f"{self.file}, line {self.number} ({r.municipality_code}, {r.domain}, {r.event}, {r.date})", remedy
        )


def record_files(supervision_dir: Path) -> list[Path]:
    """The files with records, in order of survey year; none when no case was ever recorded."""
    return sorted(supervision_dir.glob("[0-9][0-9][0-9][0-9].csv"))


def load_events(
    supervision_dir: Path, moves: Mapping[str, Event], municipalities: Callable[[int], Collection[str]]
) -> pd.DataFrame:
    """Every event of every survey year, in the order of the files; columns and types as ``COLUMNS``.

    ``municipalities``: survey year → the codes of its register. ``note`` can be empty; ``event_date`` holds ``datetime.date``.
    Raises BadInput, with file, line and remedy, for the first record that cannot be used.
    """
    events: list[dict[str, Any]] = []
    for file in record_files(supervision_dir):
        lines = list(_read(file))
        _refuse_unknown(lines, moves, municipalities(int(file.stem)))
        _refuse_impossible(lines, moves)
        events += [_row(int(file.stem), line, moves[line.record.event]) for line in lines]
    return pd.DataFrame(events, columns=list(COLUMNS)).astype(COLUMNS)


def _row(survey_year: int, line: _Line, event: Event) -> dict[str, Any]:
    fields = line.record.model_dump()
    return {
        **fields,
        "survey_year": survey_year,
        "line": line.number,
        "event_date": fields.pop("date"),
        "label_nl": event.label.nl,
        "label_en": event.label.en,
        "is_first": event.first,
        "is_outcome": event.outcome,
        "is_closing": event.closes,
    }


def _read(file: Path) -> Iterator[_Line]:
    """Every line with its number, once its header and its cells are what they should be."""
    remedy = f"write comma-separated lines under the header {','.join(HEADER)}; data/supervision/README.md shows them"
    table = read_csv_file(file, "file with supervision records", remedy)
    if not table.header.cells:
        raise BadInput("The file with supervision records is empty", str(file), remedy)
    if table.header.cells != list(HEADER):
        raise BadInput("The supervision records have another header", f"{file}, line {table.header.line}", remedy)
    for row in table.rows:
        yield _Line(row.line, file, _record(row.cells, file, row.line, remedy))


def _record(cells: list[str], file: Path, line: int, remedy: str) -> Record:
    try:
        fields = {name: cell or None for name, cell in zip(HEADER, cells, strict=True)}
        return Record.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = str(first["loc"][0])
        raise BadInput(
            f"{shown(first['input'] or '')} cannot be used there: {first['msg']}",
            f"{file}, line {line}, column {column}",
            remedy,
        ) from None


def _refuse_unknown(lines: list[_Line], moves: Mapping[str, Event], codes: Collection[str]) -> None:
    for line in lines:
        if line.record.event not in moves:
            raise line.refuse(
                f"{shown(line.record.event)} is no event",
                f"write one of {', '.join(moves)} (data/supervision/moves.yaml)",
            )
        if line.record.municipality_code not in codes:
            raise line.refuse(
                f"{line.record.municipality_code} is not in the register of survey year {line.file.stem}",
                "write the code of a municipality that existed on that register's date",
            )
        if line.record.date.year > int(line.file.stem) + LATEST_AFTER:
            raise line.refuse(
                f"The date lies more than {LATEST_AFTER} years after survey year {line.file.stem}",
                "mend the year of the date",
            )
        if line.record.date.year < int(line.file.stem):
            raise line.refuse(
                f"The date lies before {line.file.stem}, the survey year that the case follows on",
                "mend the date, or move the record to the file of its survey year",
            )


def _refuse_impossible(lines: list[_Line], moves: Mapping[str, Event]) -> None:
    """Raises BadInput for the first event that cannot follow on what is before it in its case."""
    before: dict[tuple[str, str], _Line] = {}
    for line in lines:
        case = (line.record.municipality_code, line.record.domain)
        event, last = moves[line.record.event], before.get(case)
        if last is None and not event.first:
            (start,) = [e.id for e in moves.values() if e.first]
            raise line.refuse(f"The case does not begin with {start}", f"add the line with {start} above it")
        if last is not None and event.id not in moves[last.record.event].then:
            allowed = ", ".join(moves[last.record.event].then) or "nothing: the case is closed"
            raise line.refuse(
                f"{event.id} cannot follow on {last.record.event} (line {last.number}); what can is {allowed}",
                "mend the event, add the step that is missing, or remove the line; data/supervision/moves.yaml has the moves",
            )
        if last is not None and line.record.date < last.record.date:
            raise line.refuse(
                f"The date lies before that of the step before it ({last.record.date}, line {last.number})",
                "mend the date, or put the lines of the case in order",
            )
        before[case] = line
