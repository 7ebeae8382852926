"""The registers: which columns each has, and what a value in it can be.

Belongs here: declarations. Does not belong here: reading the files (``loader.py``), whether the registers agree with
each other (``checks.py``), what a merger means (``lineage.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from assets.base.schemas import (
    MUNICIPALITY_CODE,
    Column,
    LakeTable,
    ValueRule,
    any_text,
    day,
    decimal,
    flag,
    is_one_of,
    matches,
    one_of,
    text,
    whole,
    year,
)
from assets.registers.lineage import CHANGE_KINDS

if TYPE_CHECKING:
    pass

URBANISATION_LOWER_LIMITS = {1: 2500, 2: 1500, 3: 1000, 4: 500, 5: 0}
"""Urbanisation class → lowest address density (addresses per km²) of that class. Source: CBS, Stedelijkheid van een
gebied."""

DISADVANTAGE_GROUPS = ("low", "middle", "high")
"""The groups in order of score: 25, 50 and 25% of the municipalities. Source: thema2022, Bijlage 2, Tabel 2."""

INHERITED = "inherited"
"""The status of a class or score that is an earlier year's, of the municipality or of those that it was made of."""

REPORT_CLASSIFICATION_YEARS = (2020, 2021)
"""The report's classes cover municipalities of both registers; the last year's classes are the observed ones beside
it."""


@dataclass(frozen=True, eq=False)
class Register(LakeTable):
    """One register. ``kept_in_file`` are columns that document the file's facts and go no further."""

    kept_in_file: tuple[str, ...] = ()
    remedy: str = "mend the cell in data/{table}.csv, or remove the double row"

    @property
    def file_name(self) -> str:
        """The name of its file in data/registers."""
        return f"{self.name.removeprefix('registers/')}.csv"


_NEW_YEARS_DAY = ValueRule(
    "is 1 January of a year",
    lambda values: values.map(lambda one: isinstance(one, date) and (one.month, one.day) == (1, 1)).astype(bool),
)
_SOURCE = text("Where the line was taken from.")


def _class(description: str) -> Column:
    rule = is_one_of(*sorted(URBANISATION_LOWER_LIMITS), words="is an urbanisation class from 1 to 5")
    return Column("int64", description, (rule,))


def _group(description: str) -> Column:
    return one_of(description, DISADVANTAGE_GROUPS)


REGISTERS: dict[str, Register] = {
    register.name.removeprefix("registers/"): register
    for register in (
        Register(
            "registers/municipalities",
            "Which municipalities existed on 1 January of each year, with their province. Source: CBS, CC BY 4.0.",
            {
                "reference_date": day("The day on which the municipality existed.", _NEW_YEARS_DAY),
                "municipality_code": MUNICIPALITY_CODE,
                "municipality_name": text("Its name on that day."),
                "province_code": text("CBS code of its province.", matches(r"PV(2\d|3[01])", "is PV20 to PV31")),
                "province": text("Name of its province."),
            },
            key=("reference_date", "municipality_code"),
        ),
        Register(
            "registers/municipality_changes",
            "Every merger, absorption and split, from which date. Source: CBS, CC BY 4.0.",
            {
                "effective_date": day("The first day of the new situation."),
                "old_code": replace(MUNICIPALITY_CODE, description="CBS code of the municipality before it."),
                "old_name": text("Its name."),
                "new_code": replace(
                    MUNICIPALITY_CODE, description="CBS code of a municipality that has its territory."
                ),
                "new_name": text("The name of that one."),
                "kind": one_of("What happened.", CHANGE_KINDS),
            },
            key=("effective_date", "old_code", "new_code"),
        ),
        Register(
            "registers/name_variants",
            "Other spellings of a municipality's name that deliveries have beside its code.",
            {"municipality_code": MUNICIPALITY_CODE, "name": text("The other spelling."), "source": _SOURCE},
            key=("municipality_code", "name"),
        ),
        Register(
            "registers/urbanisation",
            "CBS's urbanisation class of each municipality and year; 2019 and 2020 are estimated. Source: CBS, CC BY "
            "4.0.",
            {
                "reference_year": year("Year that the class is of.", bits=64),
                "municipality_code": MUNICIPALITY_CODE,
                "address_density": whole("Addresses per km² around an address.", 1, 20_000, bits=64, nullable=True),
                "urbanisation_class": _class("CBS's class, from 1 (most urban) to 5."),
                "status": one_of(
                    "Whether CBS published it, it was estimated, or it is that of an earlier year until CBS "
                    "publishes it.",
                    ("observed", "estimated", INHERITED),
                ),
                "source": _SOURCE,
            },
            key=("reference_year", "municipality_code"),
        ),
        Register(
            "registers/disadvantage",
            "Disadvantage score and group on each year's borders, reconstructed. Source: CBS (CC BY 4.0) and DUO, "
            "open data.",
            {
                "layout_year": year("Year on whose borders it was added up.", bits=64),
                "municipality_code": MUNICIPALITY_CODE,
                "schools": whole("Schools that were added up.", 1, 1_000, bits=64),
                "pupils": whole("Their pupils.", 1, 500_000, bits=64),
                "disadvantage_score": decimal("Expected educational disadvantage per pupil.", 0, 5),
                "disadvantage_group": _group("Its place among all municipalities: 25, 50 and 25%."),
                "status": one_of(
                    "Whether CBS published it, it was reconstructed, or it is that of an earlier year until CBS "
                    "publishes it.",
                    ("observed", "reconstructed", INHERITED),
                ),
                "source": _SOURCE,
            },
            key=("layout_year", "municipality_code"),
            kept_in_file=("small_schools", "score_sum", "score_sum_above_threshold"),
        ),
        Register(
            "registers/report_classification",
            "The classes that the 2022 report used, reconstructed from its totals (Bijlage 2), beside the observed "
            "ones.",
            {
                "classification": one_of("The report.", ("thema2022",)),
                "municipality_code": MUNICIPALITY_CODE,
                "urbanisation_class": _class("The class that the report used."),
                "disadvantage_group": _group("The group that the report used."),
                "observed_urbanisation_class": _class("The class in the register of urbanisation."),
                "observed_disadvantage_group": _group("The group in the register of disadvantage."),
                "changed": flag("Whether the report used another class or group than the registers have."),
            },
            key=("classification", "municipality_code"),
            remedy="run 'python -m synthetic.classification': it makes this register from the others",
        ),
        Register(
            "registers/national_series",
            "National vve figures 2015–2022 as published elsewhere; the basis differs between years.",
            {
                "reference_year": year("Year that the figure is of.", bits=64),
                "indicator": one_of("What is counted.", ("places", "target_toddlers", "reached_toddlers", "reach")),
                "value": decimal("The figure, in its unit.", 0, 1_000_000),
                "unit": one_of("Children or places, or a percentage.", ("count", "percent")),
                "municipalities": whole("Municipalities that it rests on.", 1, 400, bits=64, nullable=True),
                "basis": any_text("What it was based on, where that was said.", nullable=True),
                "source": _SOURCE,
            },
            key=("reference_year", "indicator"),
        ),
    )
}
