"""Whose answers a delivered row holds, or why nobody can tell.

Belongs here: the code and the name of a row, rows without an answer, municipalities that are in a file more than once.
Does not belong here: what cells say (``cell_judgements.py``, ``row_judgements.py``), which delivery counts
(``answer_tables.py``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from assets.answers.municipalities import Municipalities, municipality_code
from assets.base.errors import shown
from assets.base.limits import CODE
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import RawDelivery

NAMED = ["survey_year", "delivery", "source_row", "municipality_code", "name_in_register", "name_delivered", "message"]
NOT_SUBMITTED = "row_was_submitted"
OWN_ROW = "each municipality needs a row of its own"


@dataclass(frozen=True)
class MunicipalityRow:
    """A delivered row that belongs to a municipality: its delivery (place in ``raw``), number in the file, and
    owner."""

    delivery: int
    source_row: int
    municipality: str


@dataclass(frozen=True)
class RefusedRow:
    """A delivered row that cannot be used: its delivery (place in ``raw``), number in the file, code if any, and why.

    ``perhaps_of``: the other municipalities whose answers it may hold, so that a newer row of its code alone settles
    nothing.
    """

    delivery: int
    source_row: int
    municipality: str | None
    rule: str
    message: str
    perhaps_of: tuple[str, ...] = ()


def whose_rows(
    questionnaire: Questionnaire, raw: Sequence[RawDelivery], municipalities: Municipalities
) -> tuple[list[MunicipalityRow], list[RefusedRow]]:
    """The rows that belong to one municipality of the register (perhaps several rows to one), and those that do not."""
    rows: list[MunicipalityRow] = []
    refused: list[RefusedRow] = []
    for at, delivery in enumerate(raw):
        not_submitted = _rows_not_submitted(questionnaire, delivery)
        for source_row, text, name in _keys(questionnaire, delivery):
            code = municipality_code(text)
            message: str | None
            if source_row in not_submitted:
                refused.append(RefusedRow(at, source_row, code, NOT_SUBMITTED, not_submitted[source_row]))
            elif message := _unclear_key(questionnaire, delivery, source_row):
                refused.append(RefusedRow(at, source_row, None, "municipality_is_known", message))
            elif code is None or code not in municipalities.names:
                message = _unknown(text, code, questionnaire, municipalities)
                refused.append(RefusedRow(at, source_row, code, "municipality_is_known", message))
            elif message := _name_of_another(code, name, municipalities):
                named = _named(name, municipalities)
                refused.append(RefusedRow(at, source_row, code, "name_is_of_the_code", message, named))
            else:
                rows.append(MunicipalityRow(at, source_row, code))
    return rows, refused


def _rows_not_submitted(questionnaire: Questionnaire, delivery: RawDelivery) -> dict[int, str]:
    """The rows that were not submitted, as the file's dialect tells that, with what says so."""
    dialect = questionnaire.dialect_of(delivery.delivery)
    found: dict[int, str] = {}
    for column in dialect.submitted_columns(delivery.cells.columns):
        assert dialect.submitted is not None
        for row, text in zip(delivery.cells.index.tolist(), delivery.cells[column].tolist(), strict=True):
            if not dialect.submitted.holds(text):
                found.setdefault(row, f"the row was not submitted: {column} is {shown(text) if text else 'empty'}")
    return found


def without_answer(rows: Collection[MunicipalityRow], municipalities: Municipalities) -> list[RefusedRow]:
    """These rows as rows that hold no answer."""
    return [
        RefusedRow(
            row.delivery,
            row.source_row,
            row.municipality,
            "row_has_an_answer",
            f"{row.municipality} ({municipalities.names[row.municipality]}) answered nothing in this row",
        )
        for row in rows
    ]


def once_each(
    rows: Sequence[MunicipalityRow], municipalities: Municipalities
) -> tuple[list[MunicipalityRow], list[RefusedRow]]:
    """The rows of municipalities that have one row in their file, and those of municipalities that have more."""
    of: dict[tuple[int, str], list[MunicipalityRow]] = {}
    for row in rows:
        of.setdefault((row.delivery, row.municipality), []).append(row)
    refused = []
    for (_, code), same in of.items():
        if len(same) > 1:
            places = ", ".join(str(row.source_row) for row in same)
            message = f"{code} ({municipalities.names[code]}) is in rows {places}"
            refused += [RefusedRow(r.delivery, r.source_row, code, "municipality_answers_once", message) for r in same]
    return [same[0] for same in of.values() if len(same) == 1], refused


def unknown_names(
    questionnaire: Questionnaire, raw: Sequence[RawDelivery], municipalities: Municipalities
) -> pd.DataFrame:
    """The rows of known municipalities whose name is no spelling of theirs that we know, nor another's; columns
    NAMED."""
    found = []
    for delivery in raw:
        for source_row, text, name in _keys(questionnaire, delivery):
            code = municipality_code(text)
            if (
                code is None
                or code not in municipalities.names
                or not name
                or code in municipalities.spelled.whose(name)
            ):
                continue
            if _name_of_another(code, name, municipalities) is None:
                place = (delivery.survey_year, delivery.delivery.number, source_row)
                registered = municipalities.names[code]
                message = f"{code} is {registered} in the register; the row says {shown(name)}"
                found.append((*place, code, registered, name, message))
    return pd.DataFrame(found, columns=NAMED).astype({"municipality_code": "str"})


def _keys(questionnaire: Questionnaire, delivery: RawDelivery) -> list[tuple[int, str, str]]:
    """Of every row its number, and the texts in the columns of code and name."""
    key = questionnaire.key_columns
    codes, names = (delivery.cells[column].tolist() for column in (key.municipality_code, key.municipality_name))
    return list(zip(delivery.cells.index.tolist(), codes, (name.strip() for name in names), strict=True))


def _unclear_key(questionnaire: Questionnaire, delivery: RawDelivery, source_row: int) -> str | None:
    """Why the code or the name of a row does not say whose it is: merged, or hidden; None where both do."""
    key = questionnaire.key_columns
    notes = (delivery.cell_notes.get((source_row, column)) for column in (key.municipality_code, key.municipality_name))
    for note in notes:
        if note is not None and note.kind == "merged":
            return f"the code or the name is part of the merged cells {note.detail}: nobody can tell whose row it is"
        if note is not None and note.kind == "not_shown":
            return "the number format of the cell hides the code or the name: nobody can tell whose row it is"
    return None


def _unknown(text: str, code: str | None, questionnaire: Questionnaire, municipalities: Municipalities) -> str:
    if not text:
        return "there is no municipality code in this row"
    if len(codes := set(re.findall(CODE, text, re.IGNORECASE | re.ASCII))) > 1:
        return f"{shown(text)} is {len(codes)} codes; {OWN_ROW}"
    if several := municipalities.spelled.several(text):
        return f"{shown(text)} is {' and '.join(map(municipalities.spelled.name, several))}; {OWN_ROW}"
    history = municipalities.history(code) if code else None
    return f"{shown(text)} is not a municipality on {questionnaire.register_date}" + (f": {history}" if history else "")


def _named(name: str, municipalities: Municipalities) -> tuple[str, ...]:
    """The municipalities of the register that a text surely names."""
    owners = municipalities.spelled.whose(name)
    surely = list(owners) if len(owners) == 1 else municipalities.spelled.several(name) if not owners else []
    return tuple(code for code in surely if code in municipalities.names)


def _name_of_another(code: str, name: str, municipalities: Municipalities) -> str | None:
    """Why a name cannot be that of the code beside it; None where it can, or where nobody is known by it."""
    spelled = municipalities.spelled
    owners = spelled.whose(name)
    if not owners:
        several = spelled.several(name)
        names = " and ".join(map(spelled.name, several))
        return f"the name in this row, {shown(name)}, is that of {names}; {OWN_ROW}" if several else None
    if any(code in {owner, *spelled.now(owner)} for owner in owners):
        return None
    others = " or ".join(sorted(owners))
    return f"{code} is {municipalities.names[code]}; the row says {shown(name)}, which is {others}"
