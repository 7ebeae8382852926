"""Reads ``data/signals/<survey_year>.csv``: the signals about municipalities that came in.

``landelijk2023`` §3: "Hierbij betrekken we de toelichting die gemeenten gaven en eventuele signalen die binnenkwamen."
A file has the signals that count in the risk analysis of its survey year. Belongs here: the lines, and whether they can
be used. Does not belong here: weighing them, which is the supervisor's, who reads them in the dossier.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from assets.base.csv_rows import ModelRow, read_model_rows
from assets.base.errors import BadInput
from assets.base.models import IsoDate, MunicipalityCode, StrictModel, TidyText
from assets.base.schemas import MUNICIPALITY_CODE, SURVEY_YEAR, LakeTable, day, one_of, place, text
from assets.questionnaires.model import Origin
from assets.risk.rules import Domain

if TYPE_CHECKING:
    import pandas as pd

Source = Literal[
    "school_board", "school", "childcare", "parent", "health_service", "inspector", "municipality", "media", "other"
]
INCOMING = LakeTable(
    "signals/incoming",
    "One row per signal that came in, in the order of the files of data/signals.",
    {
        "survey_year": SURVEY_YEAR,
        "line": place("Line of the signal in its year's file."),
        "received_on": day("When it came in."),
        "municipality_code": MUNICIPALITY_CODE,
        "source": one_of("From whom it came.", get_args(Source)),
        "domain": one_of("What it is about.", get_args(Domain)),
        "text": text("What was reported."),
        "origin": one_of("Whether it came in or was made up.", get_args(Origin)),
    },
    key=("survey_year", "line"),
)


class IncomingSignal(StrictModel):
    """One line of a file. ``source``: from whom, in a word that names nobody. ``domain``: what it is about."""

    received_on: IsoDate
    municipality_code: MunicipalityCode
    source: Source
    domain: Domain
    text: TidyText
    origin: Origin


def signal_files(signals_dir: Path) -> list[Path]:
    """The files with signals, in order of survey year; none when nothing ever came in."""
    return sorted(signals_dir.glob("[0-9][0-9][0-9][0-9].csv"))


def load_incoming(signals_dir: Path, municipalities: Callable[[int], Collection[str]]) -> pd.DataFrame:
    """``INCOMING``. ``municipalities``: survey year → the codes of its register.

    Raises BadInput, with file, line and remedy, for the first signal that cannot be used.
    """
    remedy = "data/signals/README.md shows the columns and their values"
    found = []
    for file in signal_files(signals_dir):
        survey_year, seen = int(file.stem), dict[IncomingSignal, int]()
        registered = municipalities(survey_year)
        for row in read_model_rows(file, IncomingSignal, "file with incoming signals", remedy):
            _check(row, survey_year, registered)
            if (first := seen.setdefault(row.content, row.line)) != row.line:
                raise BadInput(f"The signal of line {first} appears a second time", row.where, "remove one of the two")
            found.append({"survey_year": survey_year, "line": row.line, **row.content.model_dump()})
    return INCOMING.frame(found)


def _check(row: ModelRow[IncomingSignal], survey_year: int, registered: Collection[str]) -> None:
    signal = row.content
    if signal.municipality_code not in registered:
        raise BadInput(
            f"{signal.municipality_code} is not in the register of survey year {survey_year}",
            row.where,
            "write the code of a municipality that existed on that register's date",
        )
    if not survey_year - 1 <= signal.received_on.year <= survey_year:
        raise BadInput(
            f"The signal of {signal.received_on} cannot count in the risk analysis of {survey_year}",
            row.where,
            "mend the date, or move the line to the file of the survey year in whose risk analysis it counts: that of "
            "its date, or the next",
        )
