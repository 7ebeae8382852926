"""What the generator knows of municipalities: registers, classes, size, who answered, and their lasting habits.

Belongs here: facts from ``data/registers`` and the fixed latent traits that make one municipality's answers hang
together. Does not belong here: answers.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from synthetic.chance import normal, uniform

SURVEY_YEARS = (2020, 2021, 2022, 2023)
# Predecessors and successors that all report, so that the harmonised panel has something to sum.
COMPLETE_MERGERS = {
    "GM1980": ("GM0398", "GM0416"),
    "GM1991": ("GM0856", "GM1685"),
    "GM1992": ("GM0501", "GM0530", "GM0614"),
}
# data/registers/README.md: which of the two that the report's classification leaves out did not answer in 2020 either.
SILENT_IN_2020 = "GM0384"
# One predecessor of Land van Cuijk never reports: a merger that cannot be harmonised.
SILENT_PREDECESSOR = "GM0815"


@dataclass(frozen=True)
class Municipality:
    """One municipality in one survey year. ``size``: pupils times disadvantage score, a proxy of its target group."""

    code: str
    name: str
    urbanisation_class: int
    disadvantage_group: str
    size: float

    @property
    def urbanity(self) -> float:
        """-1 (not urban) to 1 (very urban)."""
        return (3 - self.urbanisation_class) / 2

    @property
    def disadvantage(self) -> float:
        """-1 (low score), 0 or 1 (high score)."""
        return {"low": -1.0, "middle": 0.0, "high": 1.0}[self.disadvantage_group]

    @property
    def activity(self) -> float:
        """How much it does and reports, the same in every year."""
        return normal("activity", self.code)


@dataclass(frozen=True)
class Registers:
    """The municipalities of each survey year by code, and the classification that the 2022 report used."""

    by_year: dict[int, dict[str, Municipality]]
    categories: dict[str, dict[str, str]]
    changed_territory: frozenset[tuple[str, int]]

    def respondents(self, survey_year: int) -> list[str]:
        """The codes that answered, in order."""
        silent = self.non_respondents(survey_year)
        return sorted(code for code in self.by_year[survey_year] if code not in silent)

    @property
    def registered(self) -> dict[int, frozenset[str]]:
        """Survey year → the codes of its register."""
        return {year: frozenset(codes) for year, codes in self.by_year.items()}

    def non_respondents(self, survey_year: int) -> set[str]:
        """Who did not answer: as the report's classification implies (2020, 2021), elsewhere by lot."""
        codes = set(self.by_year[survey_year])
        if survey_year == 2020:
            return {SILENT_IN_2020}
        if survey_year == 2021:
            return (set(self.by_year[2020]) & codes) - set(self.categories["urbanisation_class"])
        number = {2022: 20, 2023: 2}[survey_year]
        merging = {SILENT_PREDECESSOR, *COMPLETE_MERGERS, *(c for old in COMPLETE_MERGERS.values() for c in old)}
        drawn = sorted(
            (c for c in codes if c not in merging and self.by_year[survey_year][c].size < 8000),
            key=lambda code: uniform("no response", survey_year, code),
        )
        return set(drawn[:number])


def load_registers(folder: Path) -> Registers:
    """Reads ``data/registers``."""
    names = {
        (row["reference_date"][:4], row["municipality_code"]): row["municipality_name"]
        for row in _rows(folder / "municipalities.csv")
    }
    urbanisation = {
        (int(row["reference_year"]), row["municipality_code"]): int(row["urbanisation_class"])
        for row in _rows(folder / "urbanisation.csv")
    }
    disadvantage = {
        (int(row["layout_year"]), row["municipality_code"]): row for row in _rows(folder / "disadvantage.csv")
    }
    report = {row["municipality_code"]: row for row in _rows(folder / "report_classification.csv")}
    by_year: dict[int, dict[str, Municipality]] = {}
    for year in SURVEY_YEARS:
        by_year[year] = {}
        for code in sorted(code for y, code in names if y == str(year)):
            schools = disadvantage[(year, code)]
            known = report.get(code)
            by_year[year][code] = Municipality(
                code=code,
                name=names[(str(year), code)],
                urbanisation_class=int(known["urbanisation_class"]) if known else urbanisation[(year, code)],
                disadvantage_group=known["disadvantage_group"] if known else schools["disadvantage_group"],
                size=int(schools["pupils"]) * float(schools["disadvantage_score"]),
            )
    return Registers(
        by_year=by_year,
        categories={
            breakdown: {code: row[breakdown] for code, row in report.items()}
            for breakdown in ("urbanisation_class", "disadvantage_group")
        },
        changed_territory=frozenset(_changed(folder / "municipality_changes.csv")),
    )


def _changed(file: Path) -> list[tuple[str, int]]:
    """(code, first survey year with the new territory); a register date of 1 January counts that day's changes in."""
    changed = []
    for row in _rows(file):
        year, month_day = int(row["effective_date"][:4]), row["effective_date"][5:]
        changed.append((row["new_code"], year if month_day == "01-01" else year + 1))
    return changed


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
