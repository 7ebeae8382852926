"""The registers: which columns each has, and what a value in it can be.

Belongs here: declarations. Does not belong here: reading the files (``loader.py``), whether the registers agree with
each other (``checks.py``), what a merger means (``lineage.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assets.base.schemas import Column, LakeTable, ValueRule, is_between, is_one_of, matches
from assets.registers.lineage import CHANGE_KINDS

if TYPE_CHECKING:
    import pandas as pd

URBANISATION_LOWER_LIMITS = {1: 2500, 2: 1500, 3: 1000, 4: 500, 5: 0}
"""Urbanisation class → lowest address density (addresses per km²) of that class. Source: CBS, Stedelijkheid van een
gebied."""

DISADVANTAGE_GROUPS = ("low", "middle", "high")
"""The groups in order of score: 25, 50 and 25% of the municipalities. Source: thema2022, Bijlage 2, Tabel 2."""

REPORT_CLASSIFICATION_YEARS = (2020, 2021)
"""The report's classes cover municipalities of both registers; the last year's classes are the observed ones beside
it."""


@dataclass(frozen=True, eq=False)
class Register(LakeTable):
    """One register. ``kept_in_file`` are columns that document the file's facts and go no further."""

    kept_in_file: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """The name of its file in data/registers."""
        return f"{self.name.removeprefix('registers/')}.csv"


def _is_possible_date(values: pd.Series) -> pd.Series:
    return values.map(lambda value: isinstance(value, date) and 2015 <= value.year <= 2050).astype(bool)


def _is_new_years_day(values: pd.Series) -> pd.Series:
    return values.map(lambda value: isinstance(value, date) and (value.month, value.day) == (1, 1)).astype(bool)


def _count(lowest: int, highest: int) -> tuple[ValueRule]:
    return (is_between(lowest, highest, f"is a count from {lowest} to {highest}"),)


_POSSIBLE_DATE = ValueRule("is a date from 2015 to 2050", _is_possible_date)
_NEW_YEARS_DAY = ValueRule("is 1 January of a year", _is_new_years_day)
_TEXT = Column("str", (matches(r".+", "is not empty"),))
_CODE = Column("str", (matches(r"GM\d{4}", "is GM and four digits"),))
_YEAR = Column("int64", (is_between(2015, 2050, "is a year from 2015 to 2050"),))
_CLASS = Column("int64", (is_one_of(*sorted(URBANISATION_LOWER_LIMITS), words="is an urbanisation class from 1 to 5"),))
_GROUP = Column("str", (is_one_of(*DISADVANTAGE_GROUPS),))

REGISTERS: dict[str, Register] = {
    register.name.removeprefix("registers/"): register
    for register in (
        Register(
            "registers/municipalities",
            "Which municipalities existed on 1 January of each year, with their province. Source: CBS, CC BY 4.0.",
            {
                "reference_date": Column("object", (_POSSIBLE_DATE, _NEW_YEARS_DAY)),
                "municipality_code": _CODE,
                "municipality_name": _TEXT,
                "province_code": Column("str", (matches(r"PV(2\d|3[01])", "is PV20 to PV31"),)),
                "province": _TEXT,
            },
            key=("reference_date", "municipality_code"),
        ),
        Register(
            "registers/municipality_changes",
            "Every merger, absorption and split, from which date. Source: CBS, CC BY 4.0.",
            {
                "effective_date": Column("object", (_POSSIBLE_DATE,)),
                "old_code": _CODE,
                "old_name": _TEXT,
                "new_code": _CODE,
                "new_name": _TEXT,
                "kind": Column("str", (is_one_of(*CHANGE_KINDS),)),
            },
            key=("effective_date", "old_code", "new_code"),
        ),
        Register(
            "registers/name_variants",
            "Other spellings of a municipality's name that deliveries have beside its code.",
            {"municipality_code": _CODE, "name": _TEXT, "source": _TEXT},
            key=("municipality_code", "name"),
        ),
        Register(
            "registers/urbanisation",
            "CBS's urbanisation class of each municipality and year; 2019 and 2020 are estimated. Source: CBS, CC BY "
            "4.0.",
            {
                "reference_year": _YEAR,
                "municipality_code": _CODE,
                "address_density": Column("Int64", _count(1, 20_000), nullable=True),
                "urbanisation_class": _CLASS,
                "status": Column("str", (is_one_of("observed", "estimated"),)),
                "source": _TEXT,
            },
            key=("reference_year", "municipality_code"),
        ),
        Register(
            "registers/disadvantage",
            "Disadvantage score and group on each year's borders, reconstructed. Source: CBS (CC BY 4.0) and DUO, "
            "open data.",
            {
                "layout_year": _YEAR,
                "municipality_code": _CODE,
                "schools": Column("int64", _count(1, 1_000)),
                "pupils": Column("int64", _count(1, 500_000)),
                "disadvantage_score": Column("float64", (is_between(0, 5, "is a score from 0 to 5"),)),
                "disadvantage_group": _GROUP,
            },
            key=("layout_year", "municipality_code"),
            kept_in_file=("small_schools", "score_sum", "score_sum_above_threshold"),
        ),
        Register(
            "registers/report_classification",
            "The classes that the 2022 report used, reconstructed from its totals (Bijlage 2), beside the observed "
            "ones.",
            {
                "classification": Column("str", (is_one_of("thema2022"),)),
                "municipality_code": _CODE,
                "urbanisation_class": _CLASS,
                "disadvantage_group": _GROUP,
                "observed_urbanisation_class": _CLASS,
                "observed_disadvantage_group": _GROUP,
                "changed": Column("bool"),
            },
            key=("classification", "municipality_code"),
        ),
        Register(
            "registers/national_series",
            "National vve figures 2015–2022 as published elsewhere; the basis differs between years.",
            {
                "reference_year": _YEAR,
                "indicator": Column("str", (is_one_of("places", "target_toddlers", "reached_toddlers", "reach"),)),
                "value": Column("float64", (is_between(0, 1_000_000, "is a number from 0 to 1,000,000"),)),
                "unit": Column("str", (is_one_of("count", "percent"),)),
                "municipalities": Column("Int64", _count(1, 400), nullable=True),
                "basis": Column("str", nullable=True),
                "source": _TEXT,
            },
            key=("reference_year", "indicator"),
        ),
    )
}
