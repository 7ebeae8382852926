"""Implausible answers that municipalities confirmed, as rows that SQL joins: ``confirmed`` in
``data/corrections/<survey_year>.yaml``.

Belongs here: whether a rule can ask that municipality about that year at all. Does not belong here: reading the file
(``assets/answers/corrections.py``), whether the answer is still the one that was confirmed (``dbt_project``,
``fct_plausibility``).

Who heard it, and the reason, stay in the file: the warehouse is copied and published, and what somebody wrote may name
people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.answers.corrections import Confirmation, correction_files, load_corrections
from assets.base.errors import BadInput, shown
from assets.base.schemas import MUNICIPALITY_CODE, SURVEY_YEAR, LakeTable, day, name, whole
from assets.plausibility.rules import PlausibilityRule
from assets.questionnaires.model import MOST

if TYPE_CHECKING:
    import pandas as pd

CONFIRMATIONS = LakeTable(
    "plausibility/confirmations",
    "One row per implausible answer that its municipality confirmed, in the order of the files of data/corrections.",
    {
        "survey_year": SURVEY_YEAR,
        "municipality_code": MUNICIPALITY_CODE,
        "rule": name("The plausibility rule that found the answer odd."),
        "value": whole("The answer that the municipality says is right.", 0, MOST, bits=64),
        "confirmed_on": day("When it said so.", dtype="date32[day][pyarrow]"),
    },
    key=("survey_year", "municipality_code", "rule"),
)


def load_confirmations(
    corrections_dir: Path, rules: tuple[PlausibilityRule, ...], municipalities: Callable[[int], Collection[str]]
) -> pd.DataFrame:
    """``CONFIRMATIONS``.

    ``municipalities``: survey year → the codes of its register. Raises BadInput, with file, place and remedy, for the
    first confirmation that cannot be used.
    """
    rows: list[dict[str, Any]] = []
    for file in correction_files(corrections_dir):
        survey_year = int(file.stem)
        if confirmed := load_corrections(corrections_dir, survey_year).confirmed:
            _refuse_unaskable(confirmed, file, rules, municipalities(survey_year))
            rows += [_row(survey_year, line) for line in confirmed]
    return CONFIRMATIONS.frame(rows)


def _row(survey_year: int, line: Confirmation) -> dict[str, Any]:
    return {
        "survey_year": survey_year,
        "municipality_code": line.municipality,
        "rule": line.rule,
        "value": line.value,
        "confirmed_on": line.when,
    }


def _refuse_unaskable(
    confirmed: tuple[Confirmation, ...], file: Path, rules: tuple[PlausibilityRule, ...], codes: Collection[str]
) -> None:
    holding = [rule.id for rule in rules if rule.holds_in(int(file.stem))]
    write_one = f"write one of {', '.join(holding)} (data/plausibility.yaml)"
    for number, line in enumerate(confirmed, 1):
        where = f"{file}, confirmed number {number}"
        if line.rule not in {rule.id for rule in rules}:
            raise BadInput(f"There is no plausibility rule {shown(line.rule)}", where, write_one)
        if line.rule not in holding:
            raise BadInput(
                f"{line.rule} does not hold in survey year {file.stem}", where, f"remove the line, or {write_one}"
            )
        if line.municipality not in codes:
            raise BadInput(
                f"{line.municipality} is not in the register of survey year {file.stem}",
                where,
                "write the code of a municipality that existed on that register's date",
            )
