"""The municipalities that a survey year's answers can come from: the register on the questionnaire's register date."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipality_names import Spellings
from assets.base.errors import BadInput
from assets.base.lake import read_table
from assets.base.limits import LIKE_A_CODE
from assets.questionnaires.loader import load_questionnaire
from assets.registers.lineage import codes_on, successors
from assets.registers.loader import load_register

if TYPE_CHECKING:
    import pandas as pd

REGISTER_ASSETS = ("registers/municipalities", "registers/municipality_changes", "questionnaires/survey_years")
"""The assets behind ``codes_of_registers``."""


def _unknown(_code: str) -> str | None:
    return None


@dataclass(frozen=True)
class Municipalities:
    """The register that applies to a survey year.

    ``names``: code → name, in order of code. ``history``: for a code that is not in it, what became of it ('it became
    GM1979 (Eemsdelta) on 2021-01-01') or from when it exists, or None when no register has it. ``spelled``: whose name
    a text is.
    """

    names: Mapping[str, str]
    history: Callable[[str], str | None] = _unknown
    spelled: Spellings = field(default_factory=Spellings)


def municipality_code(text: str) -> str | None:
    """The CBS code in the ways that files write it ('GM0363', '0363', '363', 'GM0363   '); None when it is none of
    them."""
    found = re.fullmatch(LIKE_A_CODE, text.strip(), re.IGNORECASE | re.ASCII)
    return f"GM{int(found.group(1)):04d}" if found else None


def municipalities_on(
    register: pd.DataFrame, changes: pd.DataFrame, variants: pd.DataFrame, on: date
) -> Municipalities:
    """The municipalities on a date. Raises BadInput when it lies before the first register.

    ``register``, ``changes`` and ``variants`` are the tables registers/municipalities, registers/municipality_changes
    and registers/name_variants.
    """
    if on < (first := min(register["reference_date"])):
        raise BadInput(
            f"There is no municipal register of {on}; the first is of {first}",
            "register_date of the questionnaire",
            "mend the date, or add the register of that year to registers/municipalities.csv",
        )
    names = _newest_names(register, changes)
    codes = codes_on(register, changes, on)
    ended = changes[(changes["old_code"] != changes["new_code"]) & (changes["effective_date"] <= on)]
    last_days = ended.groupby("old_code")["effective_date"].max().items()
    ends = {str(code): end for code, end in last_days if code not in codes}
    became = {code: successors(changes, code, end - timedelta(days=1), on) for code, end in ends.items()}

    def history(code: str) -> str | None:
        if code in became:
            return f"it became {' and '.join(f'{c} ({names[c]})' for c in sorted(became[code]))} on {ends[code]}"
        begins = [*changes.loc[changes["new_code"] == code, "effective_date"]]
        begins += [*register.loc[register["municipality_code"] == code, "reference_date"]]
        if code in codes or not begins or min(begins) <= on:
            return None
        return f"{names[code]} exists from {min(begins)}"

    in_force = {code: names[code] for code in sorted(codes)}
    return Municipalities(in_force, history, Spellings(_known_names(register, changes, variants), became))


def _newest_names(register: pd.DataFrame, changes: pd.DataFrame) -> dict[str, str]:
    newest = register.sort_values("reference_date", kind="stable").drop_duplicates("municipality_code", keep="last")
    return {
        **dict(zip(changes["new_code"], changes["new_name"], strict=True)),
        **dict(zip(newest["municipality_code"], newest["municipality_name"], strict=True)),
    }


def _known_names(register: pd.DataFrame, changes: pd.DataFrame, variants: pd.DataFrame) -> list[tuple[str, str]]:
    """Every code with every name that it has, once each."""
    known = [
        *zip(register["municipality_code"], register["municipality_name"], strict=True),
        *zip(changes["old_code"], changes["old_name"], strict=True),
        *zip(changes["new_code"], changes["new_name"], strict=True),
        *zip(variants["municipality_code"], variants["name"], strict=True),
    ]
    return list(dict.fromkeys(known))


def municipalities_of(registers_dir: Path, on: date) -> Municipalities:
    """The municipalities on a date, of the files of ``data/registers``. Raises BadInput like ``municipalities_on``."""
    register, changes, variants = (load_register(registers_dir, name) for name in REGISTERS_READ)
    return municipalities_on(register, changes, variants, on)


def codes_of_registers(questionnaires_dir: Path, lake: Path) -> Callable[[int], Collection[str]]:
    """Survey year → the codes of the municipalities on its questionnaire's register date. Calling it raises BadInput
    like ``load_questionnaire`` and ``municipalities_on``."""

    def codes(survey_year: int) -> Collection[str]:
        questionnaire = load_questionnaire(questionnaires_dir / str(survey_year))
        return municipalities_in_lake(lake, questionnaire.register_date).names

    return codes


def municipalities_in_lake(lake: Path, on: date) -> Municipalities:
    """The municipalities on a date, of the registers as they are in the lake. Raises BadInput like
    ``municipalities_on``."""
    register, changes, variants = (read_table(lake / "registers" / f"{name}.parquet") for name in REGISTERS_READ)
    return municipalities_on(register, changes, variants, on)
