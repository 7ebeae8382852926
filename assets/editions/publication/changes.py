"""What changed against the edition before, cell by cell.

Belongs here: comparing two ``cells.csv``. Does not belong here: deciding whether a new version is made
(``publish.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from assets.editions.content.mark import Origin
from assets.editions.files.csv_files import CELLS_FILE, read_csv, write_csv

CHANGES_FILE = "changes.csv"
KEY = ("report", "table_id", "row_key", "column_key")
COMPARED = ("value", "value_text_nl", "value_text_en", "n_municipalities")
COMPARED_OF_QUOTIENTS = ("numerator", "denominator")
CHANGE_COLUMNS: dict[str, str] = {
    "change": "string",
    **dict.fromkeys(KEY, "string"),
    "row_label_nl": "string",
    "column_label_nl": "string",
    "old_value": "number",
    "new_value": "number",
    "old_printed_nl": "string",
    "new_printed_nl": "string",
    "old_n_municipalities": "integer",
    "new_n_municipalities": "integer",
    "note": "string",
    "origin": "string",
}

Cells = Mapping[tuple[str, ...], Mapping[str, str]]


def read_cells(path: Path) -> Cells:
    """The cells of an edition's ``cells.csv`` by report, table, row and column."""
    return {tuple(row[name] for name in KEY): row for row in read_csv(path)}


def write_changes(before: Path | None, folder: Path, origin: Origin, withdrawn: Iterable[str] = ()) -> int:
    """Write ``changes.csv``: every cell added, removed or changed since the same part of the edition before; return how
    many. First a line with a note for each edition that was ``withdrawn`` in between.

    A cell is changed when its value, its printed form or its base differs, or what a quotient is made of. Without an
    edition before there is nothing to compare and the file has only its header.
    """
    new = read_cells(folder / CELLS_FILE)
    changes = [] if before is None else list(_changes(read_cells(before / CELLS_FILE), new))
    empty = dict.fromkeys(CHANGE_COLUMNS, "")
    notes = [tuple({**empty, "change": "withdrawn", "note": note, "origin": origin}.values()) for note in withdrawn]
    lines = [*notes, *((*change, "", origin) for change in changes)]
    write_csv(folder / CHANGES_FILE, list(CHANGE_COLUMNS), lines)
    return len(changes)


def _changes(old: Cells, new: Cells) -> Iterator[tuple[str, ...]]:
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key, {}), new.get(key, {})
        if was and now and not _differ(was, now):
            continue
        shown = now or was
        yield (
            "changed" if was and now else "added" if now else "removed",
            *key,
            shown.get("row_label_nl", ""),
            shown.get("column_label_nl", ""),
            was.get("value", ""),
            now.get("value", ""),
            was.get("value_text_nl", ""),
            now.get("value_text_nl", ""),
            was.get("n_municipalities", ""),
            now.get("n_municipalities", ""),
        )


def _differ(was: Mapping[str, str], now: Mapping[str, str]) -> bool:
    is_quotient = now.get("statistic") == "value"
    names = COMPARED + COMPARED_OF_QUOTIENTS if is_quotient else COMPARED
    return any(was.get(name, "") != now.get(name, "") for name in names)
