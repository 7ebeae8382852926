"""The municipalities that a survey year's answers can come from: the register on the questionnaire's register date."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from assets.errors import BadInput
from assets.lake import read_table
from assets.questionnaires.loader import load_questionnaire
from assets.registers.lineage import codes_on, successors


def _unknown(_code: str) -> str | None:
    return None


@dataclass(frozen=True)
class Municipalities:
    """The register that applies to a survey year.

    ``names``: code → name, in order of code. ``became``: for a code that is not in it, what became of it ('it became GM1979
    (Eemsdelta) on 2021-01-01'), or None when it never existed or does not exist yet.
    """

    names: Mapping[str, str]
    became: Callable[[str], str | None] = _unknown


def municipality_code(text: str) -> str | None:
    """The CBS code in the ways that files write it ('GM0363', '0363', '363', 'GM0363   '); None when it is none of them."""
    found = re.fullmatch(r"(?:GM)?\s*([0-9]{1,4})(?:[.,]0+)?", text.strip(), re.IGNORECASE | re.ASCII)
    return f"GM{int(found.group(1)):04d}" if found else None


def municipalities_on(register: pd.DataFrame, changes: pd.DataFrame, on: date) -> Municipalities:
    """The municipalities on a date. Raises BadInput when it lies before the first register.

    ``register`` and ``changes`` are the tables registers/municipalities and registers/municipality_changes.
    """
    if on < (first := min(register["reference_date"])):
        raise BadInput(
            f"There is no municipal register of {on}; the first is of {first}",
            "register_date of the questionnaire",
            "mend the date, or add the register of that year to registers/municipalities.csv",
        )
    newest = register.sort_values("reference_date", kind="stable").drop_duplicates("municipality_code", keep="last")
    names = dict(zip(newest["municipality_code"], newest["municipality_name"], strict=True))
    names = {**dict(zip(changes["new_code"], changes["new_name"], strict=True)), **names}
    codes = codes_on(register, changes, on)

    def became(code: str) -> str | None:
        went_over = (changes["old_code"] == code) & (changes["new_code"] != code) & (changes["effective_date"] <= on)
        if code in codes or not went_over.any():
            return None
        end = max(changes.loc[went_over, "effective_date"])
        into = sorted(successors(changes, code, end - timedelta(days=1), on))
        return f"it became {' and '.join(f'{c} ({names[c]})' for c in into)} on {end}"

    return Municipalities({code: names[code] for code in sorted(codes)}, became)


def codes_of_registers(questionnaires_dir: Path, lake: Path) -> Callable[[int], Collection[str]]:
    """Survey year → the codes of the municipalities on its questionnaire's register date. Calling it raises BadInput like
    ``load_questionnaire`` and ``municipalities_on``."""

    def codes(survey_year: int) -> Collection[str]:
        questionnaire = load_questionnaire(questionnaires_dir / str(survey_year))
        return municipalities_in_lake(lake, questionnaire.register_date).names

    return codes


def municipalities_in_lake(lake: Path, on: date) -> Municipalities:
    """The municipalities on a date, of the registers as they are in the lake. Raises BadInput like ``municipalities_on``."""
    return municipalities_on(
        read_table(lake / "registers" / "municipalities.parquet"),
        read_table(lake / "registers" / "municipality_changes.parquet"),
        on,
    )
