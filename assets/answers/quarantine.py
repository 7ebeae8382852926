"""What could not be used, cell by cell, and whether a newer delivery or a steward has resolved it.

Belongs here: the lines of quarantine. Does not belong here: why a row (``row_owners.py``) or a cell
(``cell_judgements.py``) cannot be used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.answers.cell_judgements import INVALID, STATUSES, QuestionCell
from assets.answers.corrections import Corrections
from assets.answers.row_judgements import Judged, Texts
from assets.answers.row_owners import NOT_SUBMITTED, MunicipalityRow, RefusedRow
from assets.raw.deliveries import RawDelivery


def quarantined_rows(
    raw: Sequence[RawDelivery],
    refused: Sequence[RefusedRow],
    cells: Sequence[QuestionCell],
    newest: Mapping[str, int],
    corrections: Corrections,
) -> list[dict[str, Any]]:
    """Every cell of the refused rows; resolved by a newer accepted row of the municipality, or set aside by a
    steward."""
    set_aside = {(line.delivery, line.row) for line in corrections.set_aside}
    entries = []
    for row in refused:
        delivery = raw[row.delivery]
        number = delivery.delivery.number
        # Another row of its own file will do for one that was not submitted.
        least = number if row.rule == NOT_SUBMITTED else number + 1
        is_newer = all(newest.get(code, 0) >= least for code in (row.municipality or "", *row.perhaps_of))
        is_resolved = is_newer or (number, row.source_row) in set_aside
        texts = delivery.cells.loc[row.source_row].to_dict()
        why = {"scope": "row", "rule": row.rule, "message": row.message, "is_resolved": is_resolved}
        entries += [
            _entry(delivery, row.source_row, row.municipality, cell, str(texts.get(cell.column, ""))) | why
            for cell in cells
        ]
    return entries


def quarantined_cells(
    raw: Sequence[RawDelivery],
    rows: Sequence[MunicipalityRow],
    cells: Sequence[QuestionCell],
    texts: Texts,
    judged: Judged,
    is_current: NDArray[np.bool_],
) -> list[dict[str, Any]]:
    """Every invalid cell; resolved when a newer row of its municipality counts instead."""
    entries = []
    for at_row, at in np.argwhere(judged.status == STATUSES.index(INVALID)).tolist():
        row, judgement = rows[at_row], judged.judgements[judged.cells[at_row, at]]
        entry = _entry(raw[row.delivery], row.source_row, row.municipality, cells[at], texts[at_row, at])
        why = {"scope": "cell", "rule": judgement.rule, "message": judgement.message}
        entries.append(entry | why | {"is_resolved": not is_current[at_row]})
    return entries


def _entry(
    delivery: RawDelivery, source_row: int, municipality: str | None, cell: QuestionCell, text: str
) -> dict[str, Any]:
    return {
        "survey_year": delivery.survey_year,
        "delivery": delivery.delivery.number,
        "file": delivery.file.name,
        "sheet": delivery.delivery.sheet,
        "source_row": source_row,
        "source_column": cell.column,
        "municipality_code": municipality,
        "question_id": cell.question.id,
        "original_text": text,
    }
