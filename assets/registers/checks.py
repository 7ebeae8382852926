"""The checks on the registers, named as a steward would say them.

Each is a definition (known before the run) with a rule that gives the failing rows and how many things it looked at.
Does not belong here: what a single value can be, and which rows are the same (``tables.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.registers.lineage import SPLIT_KINDS, bookkeeping_gaps
from assets.registers.tables import (
    DISADVANTAGE_GROUPS,
    INHERITED,
    REPORT_CLASSIFICATION_YEARS,
    URBANISATION_LOWER_LIMITS,
)

if TYPE_CHECKING:
    import pandas as pd

    Frames = dict[str, pd.DataFrame]
    RegisterRule = Callable[[Frames], tuple[pd.DataFrame, int]]


def check_registers(frames: Frames) -> list[CheckOutcome]:
    """The outcome of every check of ``REGISTER_CHECKS``, in that order, on the frames of ``load_registers``."""
    return [definition.outcome(*rule(frames)) for definition, rule in _RULES]


def _provinces_with_two_names(frames: Frames) -> tuple[pd.DataFrame, int]:
    pairs = frames["municipalities"][["province_code", "province"]].drop_duplicates()
    double = pairs.duplicated("province_code", keep=False) | pairs.duplicated("province", keep=False)
    return pairs[double], len(pairs)


def _open_bookkeeping(frames: Frames) -> tuple[pd.DataFrame, int]:
    municipalities = frames["municipalities"]
    gaps = bookkeeping_gaps(municipalities, frames["municipality_changes"])
    return gaps, municipalities["reference_date"].nunique() - 1


def _changes_of_the_wrong_kind(frames: Frames) -> tuple[pd.DataFrame, int]:
    changes = frames["municipality_changes"]
    parts = changes.groupby(["effective_date", "old_code"])["new_code"].transform("nunique")
    is_split = changes["kind"].isin(SPLIT_KINDS)
    stays = changes["old_code"] == changes["new_code"]
    wrong = (is_split != (parts > 1)) | (stays != (changes["kind"] == "continues_enlarged"))
    return changes[wrong], len(changes)


def _variants_of_nobody(frames: Frames) -> tuple[pd.DataFrame, int]:
    variants = frames["name_variants"]
    return variants[~variants["municipality_code"].isin(frames["municipalities"]["municipality_code"])], len(variants)


def _codes_unlike_the_register(name: str, year_column: str, frames: Frames) -> tuple[pd.DataFrame, int]:
    """Codes of a year that have no row, and rows whose code the register of 1 January of that year does not have."""
    import pandas as pd

    frame, municipalities = frames[name], frames["municipalities"]
    register = pd.DataFrame(
        {
            year_column: [reference_date.year for reference_date in municipalities["reference_date"]],
            "municipality_code": municipalities["municipality_code"],
        }
    )
    register = register[register[year_column].isin(frame[year_column])]
    both = register.merge(
        frame[[year_column, "municipality_code"]], how="outer", on=[year_column, "municipality_code"], indicator=True
    )
    problem = {"left_only": "has no row", "right_only": "is not in the register of municipalities of that year"}
    both["problem"] = both.pop("_merge").astype("str").map(problem)
    return both[both["problem"].notna()], len(both)


def _classes_beside_their_density(frames: Frames) -> tuple[pd.DataFrame, int]:
    """A density is rounded, so the limit between two classes may be in either."""
    frame = frames["urbanisation"]
    frame = frame[frame["address_density"].notna()]
    lower = frame["urbanisation_class"].map(URBANISATION_LOWER_LIMITS)
    upper = (frame["urbanisation_class"] - 1).map(URBANISATION_LOWER_LIMITS)
    beside = (frame["address_density"] < lower) | (frame["address_density"] > upper)
    return frame[beside.fillna(False).astype(bool)], len(frame)


def _groups_against_their_score(frames: Frames) -> tuple[pd.DataFrame, int]:
    """Rows whose group is not the one that their place in the order of scores gives, the sizes of the groups being
    given."""
    frame = frames["disadvantage"]
    rank = frame["disadvantage_group"].map({group: place for place, group in enumerate(DISADVANTAGE_GROUPS)})
    ordered = frame.assign(rank=rank).sort_values(["layout_year", "disadvantage_score", "rank"])
    by_place = ordered.sort_values(["layout_year", "rank"])["disadvantage_group"].to_numpy()
    return frame.loc[ordered.index[ordered["disadvantage_group"].to_numpy() != by_place]].sort_index(), len(frame)


def _classified_outside_both_registers(frames: Frames) -> tuple[pd.DataFrame, int]:
    import pandas as pd

    classification, municipalities = frames["report_classification"], frames["municipalities"]
    in_both = pd.Series(True, index=classification.index)
    for year in REPORT_CLASSIFICATION_YEARS:
        register = municipalities[municipalities["reference_date"] == date(year, 1, 1)]
        in_both &= classification["municipality_code"].isin(register["municipality_code"])
    return classification[~in_both], len(classification)


def _observed_unlike_the_registers(frames: Frames) -> tuple[pd.DataFrame, int]:
    year = REPORT_CLASSIFICATION_YEARS[-1]
    classification, urbanisation, disadvantage = (
        frames[name] for name in ("report_classification", "urbanisation", "disadvantage")
    )
    codes = classification["municipality_code"]
    classes = urbanisation[urbanisation["reference_year"] == year].drop_duplicates("municipality_code")
    groups = disadvantage[disadvantage["layout_year"] == year].drop_duplicates("municipality_code")
    registered_class = codes.map(classes.set_index("municipality_code")["urbanisation_class"])
    registered_group = codes.map(groups.set_index("municipality_code")["disadvantage_group"])
    unlike = (classification["observed_urbanisation_class"] != registered_class) | (
        classification["observed_disadvantage_group"] != registered_group
    )
    registered = classification.assign(
        registered_urbanisation_class=registered_class, registered_disadvantage_group=registered_group
    )
    return registered[unlike], len(classification)


def _changes_marked_wrongly(frames: Frames) -> tuple[pd.DataFrame, int]:
    frame = frames["report_classification"]
    differs = (frame["urbanisation_class"] != frame["observed_urbanisation_class"]) | (
        frame["disadvantage_group"] != frame["observed_disadvantage_group"]
    )
    return frame[frame["changed"] != differs], len(frame)


def _units_that_do_not_fit(frames: Frames) -> tuple[pd.DataFrame, int]:
    frame = frames["national_series"]
    return frame[(frame["unit"] == "percent") != (frame["indicator"] == "reach")], len(frame)


def _awaiting_their_register(name: str, frames: Frames) -> tuple[pd.DataFrame, int]:
    frame = frames[name]
    return frame[frame["status"] == INHERITED], len(frame)


def _define(name: str, register: str, blocking: bool, description: str, remedy: str) -> CheckDefinition:
    return CheckDefinition(name, f"registers/{register}", blocking, description, remedy)


def _rule_of_codes(name: str, check: str, year_column: str) -> tuple[CheckDefinition, RegisterRule]:
    complete = _define(
        check,
        name,
        True,
        "In each year of this register its codes are exactly those of the register of municipalities on 1 January.",
        f"Add the missing row to data/registers/{name}.csv, or take out the code that did not exist that year.",
    )
    return complete, partial(_codes_unlike_the_register, name, year_column)


def _rule_of_inherited(name: str, check: str, option: str) -> tuple[CheckDefinition, RegisterRule]:
    awaited = _define(
        check,
        name,
        False,
        "No value is an earlier year's because that of the year is not published yet.",
        f"Run 'lea register --date <year>-01-01 {option} FILE' when CBS has published the year.",
    )
    return awaited, partial(_awaiting_their_register, name)


_OF_ONE_REGISTER: list[tuple[CheckDefinition, RegisterRule]] = [
    (
        _define(
            "every_province_has_one_name",
            "municipalities",
            False,
            "A province code and a province name go together in every year.",
            "Write the province in data/registers/municipalities.csv as in the other years.",
        ),
        _provinces_with_two_names,
    ),
    (
        _define(
            "bookkeeping_closes_every_year",
            "municipality_changes",
            True,
            "The register of 1 January and the changes of the year after it give the register of the next 1 January.",
            "Add the missing change to data/registers/municipality_changes.csv, or mend municipalities.csv.",
        ),
        _open_bookkeeping,
    ),
    (
        _define(
            "every_change_is_of_its_kind",
            "municipality_changes",
            True,
            "Only a split has several successors, and only an enlarged municipality succeeds itself.",
            "Mend 'kind' in data/registers/municipality_changes.csv: a split is never summed over borders.",
        ),
        _changes_of_the_wrong_kind,
    ),
    (
        _define(
            "every_variant_is_of_a_municipality",
            "name_variants",
            True,
            "Every code with another spelling is in a register of municipalities.",
            "Mend municipality_code in data/registers/name_variants.csv.",
        ),
        _variants_of_nobody,
    ),
    (
        _define(
            "classes_follow_from_address_density",
            "urbanisation",
            False,
            "The class is the one of the CBS limits: 2500, 1500, 1000 and 500 addresses per km².",
            "Compare the row with CBS, and mend data/registers/urbanisation.csv when it was copied wrongly.",
        ),
        _classes_beside_their_density,
    ),
    (
        _define(
            "groups_follow_from_the_score",
            "disadvantage",
            False,
            "In each year no municipality of a lower group has a higher score than one of a higher group.",
            "Mend disadvantage_group (or the score) in data/registers/disadvantage.csv.",
        ),
        _groups_against_their_score,
    ),
    (
        _define(
            "every_classified_municipality_existed_in_both_years",
            "report_classification",
            True,
            "The report classified municipalities that exist in the registers of 2020 and of 2021.",
            "Run 'python -m synthetic.classification': it makes this register from the others.",
        ),
        _classified_outside_both_registers,
    ),
    (
        _define(
            "observed_classes_are_those_of_the_registers",
            "report_classification",
            True,
            "The observed columns repeat the urbanisation and disadvantage registers of 2021.",
            "Run 'python -m synthetic.classification': it makes this register from the others.",
        ),
        _observed_unlike_the_registers,
    ),
    (
        _define(
            "every_changed_class_is_marked",
            "report_classification",
            True,
            "'changed' is true exactly where the report's class differs from the observed one.",
            "Run 'python -m synthetic.classification': it makes this register from the others.",
        ),
        _changes_marked_wrongly,
    ),
    (
        _define(
            "units_fit_their_indicator",
            "national_series",
            True,
            "Reach is a percentage, everything else a count.",
            "Mend 'unit' in data/registers/national_series.csv.",
        ),
        _units_that_do_not_fit,
    ),
]

_RULES = [
    _rule_of_codes("urbanisation", "every_municipality_has_one_class", "reference_year"),
    _rule_of_codes("disadvantage", "every_municipality_has_one_score", "layout_year"),
    _rule_of_inherited("urbanisation", "every_class_is_of_its_year", "--urbanisation"),
    _rule_of_inherited("disadvantage", "every_score_is_of_its_year", "--disadvantage"),
    *_OF_ONE_REGISTER,
]

REGISTER_CHECKS: tuple[CheckDefinition, ...] = tuple(definition for definition, _ in _RULES)
