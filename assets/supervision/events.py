"""Reads ``data/supervision/<survey_year>.csv``: what happened in the cases that followed on a questionnaire.

Belongs here: the records, and whether what they say can have happened (``moves.py`` says what can follow on what). Does
not belong here: whom the criteria select (``dbt_project``), what the cases add up to.

A file has one line per event; the lines of a case (municipality and domain) are in the order in which things happened.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

from assets.base.csv_rows import ModelRow, read_model_rows
from assets.base.errors import BadInput, shown
from assets.base.models import EMPTY_IS_NONE, IsoDate, MunicipalityCode, StrictModel, in_columns
from assets.base.schemas import (
    MUNICIPALITY_CODE,
    SURVEY_YEAR,
    LakeTable,
    day,
    flag,
    in_both_languages,
    name,
    one_of,
    place,
    text,
)
from assets.questionnaires.model import Origin
from assets.risk.rules import Domain
from assets.supervision.moves import SupervisionEvent

if TYPE_CHECKING:
    import pandas as pd

LATEST_AFTER = 5  # a case that takes longer is more likely a slip of the key: the age of every open case counts to it
EVENTS = LakeTable(
    "supervision/events",
    "One row per event in a case, in the order of the files of data/supervision; an event that cannot have happened "
    "is refused.",
    {
        "survey_year": SURVEY_YEAR,
        "line": place("Line of the event in its year's file."),
        "municipality_code": MUNICIPALITY_CODE,
        "domain": one_of("What the case is about.", get_args(Domain)),
        "event": name("What happened."),
        **in_both_languages("label", "What happened"),
        "event_date": day("When it happened."),
        "is_first": flag("Whether a case begins with it."),
        "is_outcome": flag("Whether it is what a conversation led to."),
        "is_closing": flag("Whether nothing is left to be done after it."),
        "note": text("What the supervisor noted; it goes no further than the lake.", nullable=True),
        "origin": one_of("Whether it happened or was generated.", get_args(Origin)),
    },
    key=("survey_year", "line"),
)


class EventRecord(StrictModel):
    """One line of a file. ``origin``: whether it happened, or was generated; every output that rests on it says so."""

    municipality_code: MunicipalityCode
    domain: Domain
    event: str
    date: IsoDate
    note: Annotated[str | None, EMPTY_IS_NONE]
    origin: Origin


RecordRow = ModelRow[EventRecord]
_REMEDY = "data/supervision/README.md shows the columns and their values"


def record_files(supervision_dir: Path) -> list[Path]:
    """The files with records, in order of survey year; none when no case was ever recorded."""
    return sorted(supervision_dir.glob("[0-9][0-9][0-9][0-9].csv"))


def load_events(
    supervision_dir: Path, moves: Mapping[str, SupervisionEvent], municipalities: Callable[[int], Collection[str]]
) -> pd.DataFrame:
    """``EVENTS``; ``event_date`` holds ``datetime.date``. ``municipalities``: survey year → the codes of its register.

    Raises BadInput, with file, line and remedy, for the first record that cannot be used.
    """
    events: list[dict[str, Any]] = []
    for file in record_files(supervision_dir):
        rows = list(read_model_rows(file, EventRecord, "file with supervision records", _REMEDY))
        _refuse_unknown(rows, int(file.stem), moves, municipalities(int(file.stem)))
        _refuse_impossible(rows, moves)
        events += [_event(int(file.stem), row, moves[row.content.event]) for row in rows]
    return EVENTS.frame(events)


def _event(survey_year: int, row: RecordRow, event: SupervisionEvent) -> dict[str, Any]:
    fields = row.content.model_dump()
    return {
        **fields,
        "survey_year": survey_year,
        "line": row.line,
        "event_date": fields.pop("date"),
        **in_columns(label=event.label),
        "is_first": event.first,
        "is_outcome": event.outcome,
        "is_closing": event.closes,
    }


def _refuse(row: RecordRow, what: str, remedy: str) -> BadInput:
    record = row.content
    case = f"{record.municipality_code}, {record.domain}, {record.event}, {record.date}"
    return BadInput(what, f"{row.where} ({case})", remedy)


def _refuse_unknown(
    rows: list[RecordRow], survey_year: int, moves: Mapping[str, SupervisionEvent], codes: Collection[str]
) -> None:
    for row in rows:
        record = row.content
        if record.event not in moves:
            remedy = f"write one of {', '.join(moves)} (data/supervision/moves.yaml)"
            raise _refuse(row, f"{shown(record.event)} is not an event", remedy)
        if record.municipality_code not in codes:
            raise _refuse(
                row,
                f"{record.municipality_code} is not in the register of survey year {survey_year}",
                "write the code of a municipality that existed on that register's date",
            )
        if record.date.year > survey_year + LATEST_AFTER:
            what = f"The date lies more than {LATEST_AFTER} years after survey year {survey_year}"
            raise _refuse(row, what, "mend the year of the date")
        if record.date.year < survey_year:
            raise _refuse(
                row,
                f"The date lies before {survey_year}, the survey year that the case follows on",
                "mend the date, or move the record to the file of its survey year",
            )


def _refuse_impossible(rows: list[RecordRow], moves: Mapping[str, SupervisionEvent]) -> None:
    """Raises BadInput for the first event that cannot follow on what precedes it in its case."""
    before: dict[tuple[str, str], RecordRow] = {}
    for row in rows:
        record = row.content
        case = (record.municipality_code, record.domain)
        event, last = moves[record.event], before.get(case)
        if last is None and not event.first:
            (start,) = [e.id for e in moves.values() if e.first]
            raise _refuse(row, f"The case does not begin with {start}", f"add the line with {start} above it")
        if last is not None and event.id not in moves[last.content.event].then:
            allowed = ", ".join(moves[last.content.event].then) or "nothing: the case is closed"
            raise _refuse(
                row,
                f"{event.id} cannot follow on {last.content.event} (line {last.line}); what can is {allowed}",
                "mend the event, add the step that is missing, or remove the line; data/supervision/moves.yaml has "
                "the moves",
            )
        if last is not None and record.date < last.content.date:
            raise _refuse(
                row,
                f"The date lies before that of the step before it ({last.content.date}, line {last.line})",
                "mend the date, or put the lines of the case in order",
            )
        before[case] = row
