"""Which table, row and cell somebody means by a name: a key, a label in either language, or a part of one.

Belongs here: matching names, and the message that lists what there is. Does not belong here: reading (``reading.py``), showing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from assets.base.errors import BadInput, shown
from assets.base.texts import Language, Text
from assets.editions.pages.explain.reading import Explanation
from assets.editions.pages.records import Record


class Named(NamedTuple):
    """What can be meant: how it is shown in a list, and by which names it can be called."""

    what: Any
    shown: str
    names: tuple[str, ...]


def find_tables(tables: Sequence[Record], wanted: str, report: str | None, language: Language) -> list[Record]:
    """The table that is meant, and all others at the same place: the n of its caption, more of the same section.

    Raises BadInput where that is no table, or more than one place.
    """
    if report is not None:
        titles = {table["report"]: table["report_title"] for table in tables}
        named = [_named(key, key, title, language) for key, title in titles.items()]
        chosen = _find(named, report, "report", "the edition")
        tables = [table for table in tables if table["report"] == chosen]
    known = [
        Named(
            table,
            f"{getattr(table['place'], language)} ({table['report']}, {table['table_id']})",
            (*table["place"], table["table_id"], *table["title"]),
        )
        for table in tables
    ]
    found = _matching(known, wanted)
    if found and len({(table["report"], table["place"]) for table, *_ in found}) == 1:
        return [table for table, *_ in found]
    one = _find(known, wanted, "table", report or "the edition", "--report narrows it down")
    return [table for table in tables if (table["report"], table["place"]) == (one["report"], one["place"])]


def has_row(explained: Sequence[Explanation], row: str, language: Language) -> bool:
    """Whether a row of the table can be meant."""
    return bool(_matching(_rows(explained, language), row))


def find_explanation(
    table: Record, explained: Sequence[Explanation], row: str | None, column: str | None, language: Language
) -> Explanation:
    """The explanation of one row's numbers, or of those of its ``column``. Raises BadInput where that is not one."""
    where = f"{getattr(table['place'], language)} ({table['report']})"
    if row is None:
        raise BadInput("A column alone is not a cell", where, "name the row too, with --row")
    rows = _rows(explained, language)
    key = _find(rows, row, "row", where)
    where += f", row {next(named.shown for named in rows if named.what == key)}"
    in_row = [one for one in explained if one.first["row_key"] == key]
    cells = [_named((one, c), c["column_key"], c["column_label"], language) for one in in_row for c in one.cells]
    if column is None:
        if len(in_row) > 1:
            listed = _listed("name the column with --column", cells)
            raise BadInput("The numbers of this row rest on different things", where, listed)
        return in_row[0]
    found = _matching(cells, column)
    # A count and its percentage may have one label: they rest on the same.
    meant: dict[tuple[str, ...], Explanation] = {one.place: one for (one, _), *_ in found}
    if len(meant) != 1:
        raise _not_one(cells, found, column, "column", where)
    [one] = meant.values()
    return replace(one, cells=tuple(cell for (_, cell), *_ in found))


def _rows(explained: Sequence[Explanation], language: Language) -> list[Named]:
    labels = {one.first["row_key"]: one.first["row_label"] for one in explained}
    return [_named(key, key, label, language) for key, label in labels.items()]


def _named(what: object, key: str, label: Text, language: Language) -> Named:
    said = getattr(label, language)
    return Named(what, f"{said} ({key})" if said else key, (key, *label))


def _find(known: Sequence[Named], wanted: str, kind: str, where: str, narrower: str = "") -> Any:
    """The one that is meant. Raises BadInput, with a list, where that is none or more than one."""
    found = _matching(known, wanted)
    if len(found) != 1:
        raise _not_one(known, found, wanted, kind, where, narrower)
    return found[0].what


def _matching(known: Sequence[Named], wanted: str) -> list[Named]:
    """Those that bear this name; else those that begin with it; else those that it is a part of."""
    plain = _plain(wanted)
    for is_match in (str.__eq__, str.startswith, str.__contains__):
        found = [one for one in known if plain and any(is_match(_plain(name), plain) for name in one.names)]
        if found:
            return found
    return []


def _not_one(
    known: Sequence[Named], found: Sequence[Named], wanted: str, kind: str, where: str, narrower: str = ""
) -> BadInput:
    problem = f"{shown(wanted)} can be {len(found)} {kind}s" if found else f"There is no {kind} {shown(wanted)}"
    remedy = ", ".join(filter(None, ["name one of these", narrower if found else ""]))
    return BadInput(problem, where, _listed(remedy, found or known))


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("§ ", "§").split())


def _listed(remedy: str, named: Iterable[Named]) -> str:
    return "\n".join([f"{remedy}:", *(f"  - {one.shown}" for one in named)])
