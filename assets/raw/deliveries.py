"""Takes delivered files in: checks that each is the file that was registered and has the questionnaire's columns.

Belongs here: the file as a whole (hash, columns). Does not belong here: how a format is read (``readers.py``), what a
cell means (``assets/answers``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.errors import BadInput, shown
from assets.base.files import sha256_of
from assets.base.limits import LIKE_A_CODE
from assets.questionnaires.model import Delivery, Questionnaire
from assets.raw.apart import read_apart
from assets.raw.readers import CellNote, DeliveredTable, place, read_cells

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 10
_LIKE_A_CODE = re.compile(LIKE_A_CODE, re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class RawDelivery:
    """One accepted file: where it came from, and its cells as text with what is particular about them (as
    ``read_cells`` gives them). ``remarks``: what its sender may not know."""

    survey_year: int
    delivery: Delivery
    file: Path
    cells: pd.DataFrame
    cell_notes: Mapping[tuple[int, str], CellNote] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def take_in(questionnaire: Questionnaire, folder: Path) -> list[RawDelivery]:
    """Every registered delivery of a questionnaire, in order. Raises BadInput for the first that cannot be used."""
    taken = []
    for delivery in questionnaire.deliveries:
        file = folder / delivery.path
        if file.is_file() and (found := sha256_of(file)) != delivery.sha256:
            raise BadInput(
                f"Delivery {delivery.number} of {questionnaire.survey_year} is not the file that was accepted: "
                f"its SHA-256 is {found[:12]}…, the questionnaire says {delivery.sha256[:12]}…",
                str(file),
                "put the accepted file back; a changed file is a new delivery: 'lea accept FILE --year "
                f"{questionnaire.survey_year}'",
            )
        taken.append(take_in_one(questionnaire, delivery, file))
    return taken


def take_in_one(questionnaire: Questionnaire, delivery: Delivery, file: Path) -> RawDelivery:
    """One delivered file. Raises BadInput when it cannot be read, or when a column is missing or unmapped."""
    dialect = questionnaire.dialect_of(delivery)
    table = read_apart(read_cells, file, delivery, dialect)
    delivered = set(table.cells.columns)
    expected = questionnaire.columns
    missing = [column for column in expected if column not in delivered]
    unmapped = [
        column for column in table.cells.columns if column not in set(expected) and not dialect.is_unused(column)
    ]
    may_lack = _columns_that_may_lack(questionnaire, delivery, delivered)
    lacking = [column for column in missing if column not in may_lack]
    if lacking or unmapped:
        parts = [f"{_named(lacking, unmapped)} missing"] if lacking else []
        parts += [f"{_named(unmapped, [])} not in the questionnaire"] if unmapped else []
        raise BadInput(
            f"The columns are not those of the {questionnaire.survey_year} questionnaire: {'; '.join(parts)}",
            place(file, delivery),
            _how_to_mend(questionnaire, lacking, unmapped),
        )
    _refuse_answers_as_headers(questionnaire, delivery, file, table)
    remarks = [
        *table.remarks,
        *_lacking_remarks(questionnaire, delivery, missing, delivered),
        *_no_name_remarks(questionnaire, table),
    ]
    return RawDelivery(questionnaire.survey_year, delivery, file, table.cells, table.cell_notes, tuple(remarks))


def _refuse_answers_as_headers(
    questionnaire: Questionnaire, delivery: Delivery, file: Path, table: DeliveredTable
) -> None:
    """A dialect that leaves rows out below the header may not leave out an answer."""
    column = questionnaire.key_columns.municipality_code
    for row, texts in table.more_headers.items():
        if _LIKE_A_CODE.fullmatch(texts.get(column, "")):
            raise BadInput(
                f"Row {row} would be left out as one more header, but it is a row of answers "
                f"({column} is {shown(texts[column])})",
                place(file, delivery),
                "read it in another dialect: this file has fewer rows between its header and its answers",
            )


def _columns_that_may_lack(questionnaire: Questionnaire, delivery: Delivery, delivered: Collection[str]) -> set[str]:
    """Columns that this file need not have: of a question asked from a later delivery, or of options that nobody
    chose."""
    may_lack: set[str] = set()
    options = questionnaire.dialect_of(delivery).options_may_be_absent
    for question in questionnaire.questions:
        own = {column for column, _ in question.cells}
        lacks_all = not own & set(delivered)
        asked_later = lacks_all and question.asked_from_delivery > delivery.number
        nobody_chose = options and question.answer_type == "multiple" and not lacks_all
        if asked_later or nobody_chose:
            may_lack |= own
    return may_lack


def _lacking_remarks(
    questionnaire: Questionnaire, delivery: Delivery, missing: Collection[str], delivered: Collection[str]
) -> Iterator[str]:
    later = [q.id for q in questionnaire.questions if not {c for c, _ in q.cells} & set(delivered)]
    if later:
        yield f"asked from a later delivery, so not collected in this one: {', '.join(later)}"
    absent = [c for q in questionnaire.questions if q.id not in later for c, _ in q.cells if c in missing]
    if absent:
        yield f"an option that nobody chose has no column: {', '.join(map(shown, absent))}"
    submitted = questionnaire.dialect_of(delivery).submitted
    if submitted is not None and not questionnaire.dialect_of(delivery).submitted_columns(delivered):
        yield f"there is no column {shown(submitted.column)} that says what was submitted: every row counts"


def _no_name_remarks(questionnaire: Questionnaire, table: DeliveredTable) -> Iterator[str]:
    column = questionnaire.key_columns.municipality_name
    if not table.cells[column].str.strip().any():
        yield f"column {shown(column)} is empty in every row: no name could be held against its code"


def _how_to_mend(questionnaire: Questionnaire, lacking: list[str], unmapped: list[str]) -> str:
    remedy = "give every column the name that it has in the questionnaire, and send no other columns"
    if lacking and not unmapped and set(lacking) <= _some_options(questionnaire, lacking):
        return (
            "send the column, empty; or, where the tool leaves out an option that nobody chose, "
            "say so: 'dialect: {options_may_be_absent: true}' in the questionnaire"
        )
    later = [q.id for q in questionnaire.questions if {column for column, _ in q.cells} <= set(lacking)]
    if later and not unmapped:
        return (
            f"send the columns, or say from which delivery {', '.join(later[:SHOWN])} was asked ('asked_from_delivery')"
        )
    if unmapped and not lacking:
        unused = "a column that is delivered and not used can be named in the dialect (--dialect; 'unused_columns')"
        return f"{remedy}; {unused}"
    return remedy


def _some_options(questionnaire: Questionnaire, lacking: list[str]) -> set[str]:
    """The lacking columns of multiple choices that have other columns."""
    found: set[str] = set()
    for question in questionnaire.questions:
        own = {column for column, _ in question.cells}
        if question.answer_type == "multiple" and not own <= set(lacking):
            found |= own & set(lacking)
    return found


def _named(columns: list[str], candidates: list[str]) -> str:
    """'A', 'B' (is it 'b'?) and 3 more are."""
    named = []
    for column in columns[:SHOWN]:
        close = get_close_matches(column, candidates, 1)
        named.append(shown(column) + (f" (is it {shown(close[0])}?)" if close else ""))
    more = f" and {len(columns) - SHOWN} more" if len(columns) > SHOWN else ""
    return ", ".join(named) + more + (" is" if len(columns) == 1 else " are")
