"""What became of municipalities between two registers: published by CBS, or said by a person.

Belongs here: of which kind a change is. Does not belong here: what follows for the municipalities of a date
(``new_register.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from assets.answers.municipalities import municipality_code
from assets.base.errors import BadInput
from assets.register_files.published import PublishedRow
from assets.register_files.rows import Row, Tables, in_order, names_on, newest_names

_SIDES = re.compile(r"([^=]+)=([^=]+)")


def with_changes(tables: Tables, before: date, on: date, published: Sequence[PublishedRow]) -> list[Row]:
    """The changes, with those of the period as published: of whichever kind they are, and with the municipalities that
    grew and kept their code."""
    kept = [
        row for row in tables["municipality_changes"] if not before < date.fromisoformat(row["effective_date"]) <= on
    ]
    codes = set(names_on(tables, before))
    names = newest_names(tables)
    rows: list[Row] = []
    period = [row for row in published if before < row.values["effective_date"] <= on]
    for day in sorted({row.values["effective_date"] for row in period}):
        moves = [row for row in period if row.values["effective_date"] == day]
        of_day = _changes_of_a_day(moves, codes, names)
        codes = (codes - {row["old_code"] for row in of_day}) | {row["new_code"] for row in of_day}
        rows += of_day
    return in_order([*kept, *rows], "effective_date")


def _changes_of_a_day(moves: Sequence[PublishedRow], codes: set[str], names: Mapping[str, str]) -> list[Row]:
    goes_to: dict[str, set[str]] = {}
    for move in moves:
        goes_to.setdefault(move.values["old_code"], set()).add(move.values["new_code"])
    rows: dict[tuple[str, str], Row] = {}
    for move in moves:
        old, new = move.values["old_code"], move.values["new_code"]
        if problem := _impossible(move, goes_to, codes, names):
            raise BadInput(problem, move.where, "mend the codes or the date of that row, or leave it out")
        if old == new:
            continue
        is_split, exists = len(goes_to[old]) > 1, new in codes
        kind = ("split_into_" if is_split else "absorbed_into_" if exists else "merged_into_") + (
            "existing" if exists else "new"
        )
        new_name = move.values.get("new_name") or names[new]
        rows[old, new] = _change(move, old, move.values.get("old_name") or names[old], new, new_name, kind)
        if exists and goes_to.get(new, {new}) == {new}:
            rows[new, new] = _change(move, new, names[new], new, new_name, "continues_enlarged")
    return list(rows.values())


def _impossible(
    move: PublishedRow, goes_to: Mapping[str, set[str]], codes: set[str], names: Mapping[str, str]
) -> str | None:
    """What is wrong with a change, in words."""
    old, new = move.values["old_code"], move.values["new_code"]
    name = move.values.get("old_name") or names.get(old, "of no register")
    if old not in codes:
        return f"{name} ({old}) is changed, but did not exist then"
    if old in goes_to[old] and len(goes_to[old]) > 1:
        return f"{name} ({old}) stays, and gives a part away: a correction of a border is no change of a register"
    if not move.values.get("new_name") and new not in names:
        return f"{new} is in no register, and has no name"
    return None


def _change(move: PublishedRow, old: str, old_name: str, new: str, new_name: str, kind: str) -> Row:
    return {
        "effective_date": str(move.values["effective_date"]),
        "old_code": old,
        "old_name": old_name,
        "new_code": new,
        "new_name": new_name,
        "kind": kind,
    }


def changes_in_words(merged: Sequence[str], on: date) -> list[PublishedRow]:
    """Changes as a person says them: 'GM0001,GM0002=GM0003 New name' (a merger) or 'GM0001=GM0002,GM0003' (a split)."""
    rows = []
    for text in merged:
        where = f"--merged {text!r}"
        sides = _SIDES.fullmatch(text)
        old, new = (
            ([_code_and_name(one, where) for one in side.split(",")] for side in sides.groups()) if sides else ([], [])
        )
        if not old or min(len(old), len(new)) != 1:
            raise BadInput(
                "That is neither a merger nor a split", where, "write GM0001,GM0002=GM0003 or GM0001=GM0002,GM0003"
            )
        rows += [
            PublishedRow(
                where, {"effective_date": on, "old_code": a, "old_name": None, "new_code": b, "new_name": name}
            )
            for a, _ in old
            for b, name in new
        ]
    return rows


def _code_and_name(text: str, where: str) -> tuple[str, str | None]:
    code, _, name = text.strip().partition(" ")
    if (found := municipality_code(code)) is None:
        raise BadInput(f"{code!r} is not the CBS code of a municipality", where, "write it as GM0363, 0363 or 363")
    return found, name.strip() or None
