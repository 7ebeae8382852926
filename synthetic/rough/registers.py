"""Registers with borders that never moved like that, and fewer municipalities where a folder is to be small.

Belongs here: what is taken out of and put into the registers of ``data/registers``. The bookkeeping closes and the
registers agree with each other, as their checks demand. Does not belong here: answers.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from random import Random

Row = dict[str, str]
Tables = dict[str, list[Row]]

# Registers by municipality, each with the column that says of when a row is.
_WHEN = {"municipalities": "reference_date", "urbanisation": "reference_year", "disadvantage": "layout_year"}
_CHANGES, _CLASSIFICATION, _VARIANTS = "municipality_changes", "report_classification", "name_variants"
NEW_CODES = {"merger": ("GM9901",), "split": ("GM9902", "GM9903")}


def read_registers(folder: Path) -> Tables:
    """Every register of a folder, as text."""
    tables = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            tables[file.stem] = list(csv.DictReader(stream))
    return tables


def write_registers(tables: Tables, folder: Path) -> None:
    """Writes the registers over those of the folder, with the columns that these have."""
    for name, rows in tables.items():
        file = folder / f"{name}.csv"
        header = file.read_text(encoding="utf-8").splitlines()[0].split(",")
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def codes_in(tables: Tables, year: int) -> list[str]:
    """The municipalities of 1 January of a year, in order of code."""
    rows = tables["municipalities"]
    return sorted(row["municipality_code"] for row in rows if row["reference_date"] == f"{year}-01-01")


def keep_some(tables: Tables, number: int, chance: Random) -> None:
    """Leaves about so many municipalities, with whatever they came from or went into, one real change of borders among
    them."""
    groups = list(_groups(tables))
    chance.shuffle(groups)
    groups.sort(key=lambda group: len(group) < 3)  # stable: one that changed first, then the others as they were drawn
    kept: set[str] = set()
    for group in (groups[0], *(g for g in groups if len(g) == 1)):
        if len(kept) < number:
            kept |= group
    _keep(tables, lambda row: row.get("municipality_code", row.get("old_code")) in kept)


def move_borders(tables: Tables, years: Collection[int], chance: Random) -> None:
    """A merger into an existing and one into a new municipality, a split over existing and one over new ones: all made
    up."""
    steady = _steady(tables)
    chance.shuffle(steady)
    names = {row["municipality_code"]: row["municipality_name"] for row in tables["municipalities"]}
    later = sorted(years)[1:]
    (new,), parts = NEW_CODES["merger"], NEW_CODES["split"]
    names |= {new: "Nieuw Ruwdorp", parts[0]: "Ruwdorp-Noord", parts[1]: "Ruwdorp-Zuid"}
    a, b, c, d, e, f, g, h = steady[:8]
    year = chance.choice(later)
    _change(tables, names, year, {(a, b): "absorbed_into_existing", (b, b): "continues_enlarged"})
    year = chance.choice(later)
    _change(tables, names, year, {(c, new): "merged_into_new", (d, new): "merged_into_new"})
    year = chance.choice(later)
    over_existing = {(e, into): "split_into_existing" for into in (f, g)}
    _change(tables, names, year, over_existing | {(into, into): "continues_enlarged" for into in (f, g)})
    year = chance.choice(later)
    _change(tables, names, year, {(h, part): "split_into_new" for part in parts})


def empty_a_class(tables: Tables, urbanisation_class: int) -> None:
    """Moves every municipality of an urbanisation class to the class beside it."""
    old, beside = str(urbanisation_class), str(urbanisation_class + 1 if urbanisation_class < 5 else 4)
    for row in tables["urbanisation"]:
        if row["urbanisation_class"] == old:
            row["urbanisation_class"], row["address_density"] = beside, ""
    for row in tables[_CLASSIFICATION]:
        for column in ("urbanisation_class", "observed_urbanisation_class"):
            row[column] = beside if row[column] == old else row[column]
        same = all(row[what] == row[f"observed_{what}"] for what in ("urbanisation_class", "disadvantage_group"))
        row["changed"] = "false" if same else "true"


def _keep(tables: Tables, is_kept: Callable[[Row], bool]) -> None:
    for name in (*_WHEN, _CHANGES, _CLASSIFICATION, _VARIANTS):
        tables[name] = [row for row in tables[name] if is_kept(row)]


def _groups(tables: Tables) -> Iterator[frozenset[str]]:
    """Municipalities that a change ties together, each group once."""
    group = {row["municipality_code"]: {row["municipality_code"]} for row in tables["municipalities"]}
    for row in tables[_CHANGES]:
        old, new = (group.setdefault(row[side], {row[side]}) for side in ("old_code", "new_code"))
        joined = old | new
        for code in joined:
            group[code] = joined
    yield from dict.fromkeys(frozenset(group[code]) for code in sorted(group))


def _steady(tables: Tables) -> list[str]:
    """The municipalities that exist in every register and that no change names."""
    changed = {row[side] for row in tables[_CHANGES] for side in ("old_code", "new_code")}
    years = {int(row["reference_date"][:4]) for row in tables["municipalities"]}
    return sorted(set.intersection(*(set(codes_in(tables, year)) for year in years)) - changed)


def _change(tables: Tables, names: dict[str, str], year: int, changes: dict[tuple[str, str], str]) -> None:
    """Books the changes of 1 January of a year: (old code, new code) → kind."""
    on = f"{year}-01-01"
    tables[_CHANGES] += [
        {
            "effective_date": on,
            "old_code": old,
            "old_name": names[old],
            "new_code": new,
            "new_name": names[new],
            "kind": kind,
        }
        for (old, new), kind in changes.items()
    ]
    gone = {old for old, _ in changes} - {new for _, new in changes}
    comes = {new: old for old, new in changes if new in {*NEW_CODES["merger"], *NEW_CODES["split"]}}
    for name, when in _WHEN.items():
        is_later = {id(row): row[when][:4] >= str(year) for row in tables[name]}
        come = [
            {**row, "municipality_code": new} | ({"municipality_name": names[new]} if name == "municipalities" else {})
            for new, old in comes.items()
            for row in tables[name]
            if row["municipality_code"] == old and is_later[id(row)]
        ]
        stay = [row for row in tables[name] if not (row["municipality_code"] in gone and is_later[id(row)])]
        tables[name] = sorted([*stay, *come], key=lambda row: (row[when], row["municipality_code"]))
    if year <= 2021:  # the report classified municipalities of both 2020 and 2021
        tables[_CLASSIFICATION] = [r for r in tables[_CLASSIFICATION] if r["municipality_code"] not in gone]
