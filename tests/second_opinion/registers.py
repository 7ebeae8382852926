"""Which municipalities existed on a date, whose territory they have, and in which class they are.

Source: data/registers/README.md. A change takes effect at the start of its date.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Change:
    on: date
    old: str
    new: str


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class Registers:
    """All of ``data/registers``."""

    def __init__(self, folder: Path) -> None:
        self._lists: dict[date, set[str]] = {}
        self._provinces: dict[str, dict[date, str]] = {}
        self.names: dict[str, set[str]] = {}
        for row in read_csv(folder / "municipalities.csv"):
            on, code = date.fromisoformat(row["reference_date"]), row["municipality_code"]
            self._lists.setdefault(on, set()).add(code)
            self._provinces.setdefault(code, {})[on] = row["province_code"]
            self.names.setdefault(plain(row["municipality_name"]), set()).add(code)
        self._changes: list[Change] = []
        for row in read_csv(folder / "municipality_changes.csv"):
            self._changes.append(Change(date.fromisoformat(row["effective_date"]), row["old_code"], row["new_code"]))
            self.names.setdefault(plain(row["old_name"]), set()).add(row["old_code"])
            self.names.setdefault(plain(row["new_name"]), set()).add(row["new_code"])
        variants = folder / "name_variants.csv"
        for row in read_csv(variants) if variants.exists() else ():
            self.names.setdefault(plain(row["name"]), set()).add(row["municipality_code"])
        self._urbanisation = _by_year(read_csv(folder / "urbanisation.csv"), "reference_year")
        self._disadvantage = _by_year(read_csv(folder / "disadvantage.csv"), "layout_year")
        self._reports: dict[str, dict[str, dict[str, str]]] = {}
        for row in read_csv(folder / "report_classification.csv"):
            self._reports.setdefault(row["classification"], {})[row["municipality_code"]] = row
        self.successors = cache(self._successors)
        self.predecessors = cache(self._predecessors)

    @property
    def first_day(self) -> date:
        return min(self._lists)

    def on(self, day: date) -> frozenset[str]:
        """The codes on a day: the newest register of on or before it, and the changes since."""
        start = max(one for one in self._lists if one <= day)
        codes = set(self._lists[start])
        for changes in self._days(start, day):
            codes = codes - {change.old for change in changes} | {change.new for change in changes}
        return frozenset(codes)

    def _days(self, after: date, until: date) -> list[list[Change]]:
        days = sorted({change.on for change in self._changes if after < change.on <= until})
        return [[change for change in self._changes if change.on == day] for day in days]

    def _successors(self, code: str, since: date, until: date) -> frozenset[str]:
        """Who has (a part of) its territory at the end."""
        return _followed(code, [[(c.old, c.new) for c in day] for day in self._days(since, until)])

    def _predecessors(self, code: str, since: date, until: date) -> frozenset[str]:
        """Who had (a part of) its territory at the start."""
        return _followed(code, [[(c.new, c.old) for c in day] for day in reversed(self._days(since, until))])

    def same_territory(self, code: str, since: date, until: date) -> bool:
        """Whether the code had the same territory all along: no change names it."""
        return not any(code in (change.old, change.new) for day in self._days(since, until) for change in day)

    def only_predecessor(self, code: str, since: date, until: date) -> str | None:
        """The only predecessor of which this is the only successor; itself when nothing changed."""
        before = self.predecessors(code, since, until)
        (one, *others) = sorted(before)
        return one if not others and self.successors(one, since, until) == {code} else None

    def province(self, code: str, on: date) -> str:
        """Of the newest register on or before the day that has the code, else the first that has it."""
        known = self._provinces.get(code, {})
        earlier = [day for day in known if day <= on]
        return known[max(earlier) if earlier else min(known)] if known else UNKNOWN

    def urbanisation(self, code: str, year: int) -> str:
        row = _row_of(self._urbanisation, code, year)
        return row["urbanisation_class"] if row else UNKNOWN

    def disadvantage(self, code: str, year: int) -> dict[str, str] | None:
        return _row_of(self._disadvantage, code, year)

    def classifications(self) -> Sequence[str]:
        return list(self._reports)

    def in_report(self, classification: str, code: str, column: str) -> str:
        row = self._reports[classification].get(code)
        return row[column] if row else UNKNOWN


def _followed(code: str, days: Iterable[Sequence[tuple[str, str]]]) -> frozenset[str]:
    codes = {code}
    for steps in days:
        leaving = {origin for origin, _ in steps} & codes
        codes = codes - leaving | {target for origin, target in steps if origin in leaving}
    return frozenset(codes)


def _by_year(rows: list[dict[str, str]], column: str) -> dict[int, dict[str, dict[str, str]]]:
    years: dict[int, dict[str, dict[str, str]]] = {}
    for row in rows:
        years.setdefault(int(row[column]), {})[row["municipality_code"]] = row
    return years


def _row_of(years: dict[int, dict[str, dict[str, str]]], code: str, year: int) -> dict[str, str] | None:
    """Of the year, or of the last year that the register knows."""
    known = [one for one in years if one <= year]
    return years[max(known)].get(code) if known else None


def plain(name: str) -> str:
    """A name without case, accents, spaces and punctuation."""
    return "".join(character for character in unicodedata.normalize("NFKD", name.casefold()) if character.isalnum())
