"""The registers of a date, from CBS's files and the registers of the date before.

Belongs here: which municipalities there are, and saying what is new. Does not belong here: of which kind a change is
(``changes.py``), classes and scores (``inheritance.py``), checking and writing (``writing.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from assets.base.errors import BadInput
from assets.register_files.changes import with_changes
from assets.register_files.inheritance import VALUE_COLUMNS, YEAR_COLUMNS, values_of_year
from assets.register_files.published import PublishedRow
from assets.register_files.rows import (
    Row,
    Tables,
    frame_of_changes,
    in_order,
    in_words,
    largest_of,
    names_on,
    newest_names,
)
from assets.registers.lineage import bookkeeping_gaps, codes_on, predecessors
from assets.registers.tables import INHERITED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Published:
    """What CBS's files say, as far as there are any: per kind, its rows; ``source``: what a row of a register says that
    it was taken from."""

    municipalities: Sequence[PublishedRow] | None = None
    changes: Sequence[PublishedRow] | None = None
    urbanisation: Sequence[PublishedRow] | None = None
    disadvantage: Sequence[PublishedRow] | None = None
    source: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NewRegister:
    """The registers with those of the date, and what that adds, changes and ends, in words."""

    tables: Tables
    says: tuple[str, ...]


def make_register(tables: Tables, on: date, published: Published) -> NewRegister:
    """The registers (rows as their files have them) with those of ``on``, which is 1 January.

    Raises BadInput, naming file, line and municipality, when what was published does not fit.
    """
    before = _date_before(tables, on)
    tables = {**tables}
    if published.changes is not None:
        tables["municipality_changes"] = with_changes(tables, before, on, published.changes)
    changes = frame_of_changes(tables)
    if published.municipalities is not None or published.changes is not None:
        rows = _municipalities(tables, changes, before, on, published.municipalities)
        others = [row for row in tables["municipalities"] if row["reference_date"] != str(on)]
        tables["municipalities"] = in_order([*others, *rows], "reference_date")
    names = names_on(tables, on)
    if not names:
        raise BadInput(
            f"There is no register of municipalities of {on}",
            "data/registers/municipalities.csv",
            "name CBS's list too: --municipalities FILE",
        )
    _refuse_gaps(tables, changes)
    says = [*_said_municipalities(tables, before, on), *_said_changes(tables, before, on)]
    for register in ("disadvantage", "urbanisation"):
        rows = values_of_year(
            register, tables, changes, on, getattr(published, register), published.source.get(register, "")
        )
        says += _said_values(register, rows, tables[register], names)
        year = YEAR_COLUMNS[register]
        others = [row for row in tables[register] if row[year] != str(on.year)]
        tables[register] = in_order([*others, *rows], year)
    return NewRegister(tables, tuple(says))


def _refuse_gaps(tables: Tables, changes: pd.DataFrame) -> None:
    """Raises BadInput, with every municipality that came or went without a change."""
    import pandas as pd

    codes = pd.DataFrame(tables["municipalities"])[["reference_date", "municipality_code"]]
    codes["reference_date"] = [date.fromisoformat(day) for day in codes["reference_date"]]
    gaps = bookkeeping_gaps(codes, changes)
    if not gaps.empty:
        names = newest_names(tables)
        lines = [
            f"  {gap.reference_date}: {in_words(names, str(gap.municipality_code))} {gap.problem}"
            for gap in gaps.itertuples()
        ]
        raise BadInput(
            "The municipalities are not those of the register before, with the changes since:\n" + "\n".join(lines),
            "--municipalities and --changes",
            "give CBS's file with these changes (--changes), or the list of that date; nothing was written",
        )


def _date_before(tables: Tables, on: date) -> date:
    if (on.month, on.day) != (1, 1):
        raise BadInput(f"A register is of 1 January, not of {on}", "--date", f"say --date {on.year}-01-01")
    earlier = [day for row in tables["municipalities"] if (day := date.fromisoformat(row["reference_date"])) < on]
    if not earlier:
        raise BadInput(f"There is no register before {on}", "--date", "choose a later date")
    return max(earlier)


def _municipalities(
    tables: Tables, changes: pd.DataFrame, before: date, on: date, published: Sequence[PublishedRow] | None
) -> list[Row]:
    """The rows of the date: as published, else those of the date before with the changes since."""
    if published is not None:
        return [
            {"reference_date": str(on), **{name: str(value) for name, value in row.values.items()}}
            for row in sorted(published, key=lambda row: str(row.values["municipality_code"]))
        ]
    import pandas as pd

    of_before = {
        row["municipality_code"]: row for row in tables["municipalities"] if row["reference_date"] == str(before)
    }
    register = pd.DataFrame({"reference_date": before, "municipality_code": list(of_before)})
    names = newest_names(tables)
    rows = []
    for code in sorted(codes_on(register, changes, on)):
        like = of_before.get(code) or of_before[largest_of(tables, predecessors(changes, code, before, on), on)]
        rows.append({**like, "reference_date": str(on), "municipality_code": code, "municipality_name": names[code]})
    return rows


def _said_municipalities(tables: Tables, before: date, on: date) -> list[str]:
    was, now = names_on(tables, before), names_on(tables, on)
    renamed = [f"{was[code]} → {now[code]} ({code})" for code in now if code in was and was[code] != now[code]]
    return [
        f"municipalities on {on}: {len(now)} ({len(was)} on {before})",
        *_listed("new", [in_words(now, code) for code in now if code not in was]),
        *_listed("ended", [in_words(was, code) for code in was if code not in now]),
        *_listed("renamed", renamed),
    ]


def _said_changes(tables: Tables, before: date, on: date) -> list[str]:
    period = [r for r in tables["municipality_changes"] if before < date.fromisoformat(r["effective_date"]) <= on]
    moved = [
        f"  {row['old_name']} ({row['old_code']}) → {row['new_name']} ({row['new_code']}): "
        f"{row['kind'].replace('_', ' ')}"
        for row in period
        if row["old_code"] != row["new_code"]
    ]
    return [f"changes after {before} until {on}: {len(moved)}", *moved]


def _said_values(register: str, rows: Sequence[Row], before: Sequence[Row], names: Mapping[str, str]) -> list[str]:
    inherited = [row for row in rows if row["status"] == INHERITED]
    lines = [f"{register}: {len(rows) - len(inherited)} of {len(rows)} known, {len(inherited)} inherited"]
    year, value = YEAR_COLUMNS[register], VALUE_COLUMNS[register]
    was = {row["municipality_code"]: row[value] for row in before if row[year] <= rows[0][year]}  # the newest counts
    changed = [row for row in rows if was.get(row["municipality_code"], row[value]) != row[value]]
    lines += _listed(
        "otherwise than until now",
        [
            f"{in_words(names, code)} {was[code]} → {row[value]}"
            for row in changed
            if (code := row["municipality_code"])
        ],
    )
    by_source: dict[str, list[str]] = {}
    for row in inherited:
        by_source.setdefault(row["source"], []).append(in_words(names, row["municipality_code"]))
    for source, of_whom in by_source.items():
        lines += _listed(source, of_whom)
    return lines


def _listed(what: str, names: Sequence[str], at_most: int = 12) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return [f"  {what}: {', '.join(names[:at_most])}{more}"]
