"""Classes and scores of a year: as CBS published them, as they are there, else inherited.

The declared rule of inheritance: what is unknown of a municipality is taken from the newest year that knows it, on the
borders of the new date. A municipality that others were merged into takes the class of the largest of them (by pupils)
and the sum of their scores and pupils; what came from a split counts only where nothing went into it whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from assets.base.errors import BadInput
from assets.register_files.published import PublishedRow
from assets.register_files.rows import Row, Tables, largest_of, names_on, newest_names
from assets.registers.lineage import predecessors, successors
from assets.registers.tables import DISADVANTAGE_GROUPS, INHERITED

if TYPE_CHECKING:
    import pandas as pd

YEAR_COLUMNS = {"urbanisation": "reference_year", "disadvantage": "layout_year"}
"""Register → the column that says of which year a row is."""
VALUE_COLUMNS = {"urbanisation": "urbanisation_class", "disadvantage": "disadvantage_group"}
"""Register → the column that tables are broken down by."""
_SUMMED = ("schools", "small_schools", "pupils", "score_sum", "score_sum_above_threshold")


def values_of_year(
    register: str,
    tables: Tables,
    changes: pd.DataFrame,
    on: date,
    published: Sequence[PublishedRow] | None,
    source: str,
) -> list[Row]:
    """The rows of the date's year in order of code: published, else as they are there, else inherited."""
    year, names = YEAR_COLUMNS[register], names_on(tables, on)
    there = {
        row["municipality_code"]: row
        for row in tables[register]
        if row[year] == str(on.year) and row["status"] != INHERITED
    }
    observed: dict[str, Row] = {}
    for row in published or ():
        code = row.values["municipality_code"]
        if code not in names:
            name = newest_names(tables).get(code, "a municipality of no register")
            raise BadInput(
                f"{code} ({name}) is not in the register of {on}",
                row.where,
                "give the file of that date, or the register first: --municipalities and --changes",
            )
        if None not in (value for name, value in row.values.items() if name in _NEEDED[register]):
            observed[code] = {year: str(on.year), **_observed(register, row.values), "source": source}
    rows = [
        observed.get(code) or there.get(code) or _inherited(register, tables, changes, on, code, names)
        for code in names
    ]
    if register == "disadvantage" and rows != [row for row in tables[register] if row[year] == str(on.year)]:
        rows = _grouped(rows)
    return sorted(rows, key=lambda row: row["municipality_code"])


_NEEDED = {"urbanisation": ("urbanisation_class",), "disadvantage": ("schools", "pupils", "score_sum")}


def _observed(register: str, values: Mapping[str, Any]) -> Row:
    texts = {name: "" if value is None else f"{value}" for name, value in values.items()}
    row = {"municipality_code": texts["municipality_code"], "status": "observed"}
    if register == "urbanisation":
        return row | {
            "address_density": texts.get("address_density", ""),
            "urbanisation_class": texts["urbanisation_class"],
        }
    return row | {name: texts.get(name, "") for name in _SUMMED} | _score(values["score_sum"], values["pupils"])


def _score(score_sum: float, pupils: int) -> Row:
    return {"disadvantage_score": f"{score_sum / pupils if pupils else 0:.4f}"}


def _inherited(
    register: str, tables: Tables, changes: pd.DataFrame, on: date, code: str, names: Mapping[str, str]
) -> Row:
    """By the rule that this module declares. Raises BadInput when no earlier year knows what it came from."""
    year = YEAR_COLUMNS[register]
    known: dict[int, dict[str, Row]] = {}
    for row in tables[register]:
        if int(row[year]) < on.year and row["status"] != INHERITED:
            known.setdefault(int(row[year]), {})[row["municipality_code"]] = row
    for of_year in sorted(known, reverse=True):
        since = date(of_year, 1, 1)
        parts = predecessors(changes, code, since, on)
        whole = {part for part in parts if successors(changes, part, since, on) == {code}}
        donors = sorted(whole or parts)
        if any(donor not in known[of_year] for donor in donors):
            continue
        rows = {donor: known[of_year][donor] for donor in donors}
        came_from = "" if donors == [code] else f": {' and '.join(donors)}"
        shared = {year: str(on.year), "municipality_code": code, "status": INHERITED}
        if register == "urbanisation":
            largest = largest_of(tables, donors, on)
            came_from = "" if largest == code else f": {largest}"
            return {**rows[largest], **shared, "source": f"inherited from {of_year}{came_from}"}
        sums = {name: sum(float(row[name] or 0) for row in rows.values()) for name in _SUMMED}
        texts = {name: f"{value:.2f}" if name.startswith("score") else f"{value:.0f}" for name, value in sums.items()}
        score = _score(sums["score_sum"], int(sums["pupils"]))
        return {**shared, **texts, **score, "source": f"inherited from {of_year}{came_from}"}
    raise BadInput(
        f"{names[code]} ({code}) has no {register}, and nothing that it came from has",
        f"data/registers/{register}.csv",
        f"give CBS's file with it: --{register} FILE",
    )


def _grouped(rows: Sequence[Row]) -> list[Row]:
    """The rows with their group: 25, 50 and 25% of the municipalities by score."""
    ordered = sorted(rows, key=lambda row: (float(row["disadvantage_score"]), row["municipality_code"]))
    outer = int(len(ordered) * 0.25 + 0.5)
    sizes = (outer, len(ordered) - 2 * outer, outer)
    groups = [group for group, size in zip(DISADVANTAGE_GROUPS, sizes, strict=True) for _ in range(size)]
    return [{**row, "disadvantage_group": group} for row, group in zip(ordered, groups, strict=True)]
