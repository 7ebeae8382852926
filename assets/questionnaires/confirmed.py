"""What holds until it is ended, and whether a person has confirmed it for a survey year.

Rules of a year (risk, selection, plausibility) go on into the next, so that nothing disappears without a word; a year
after ``confirmed_until`` of their file has them *to be confirmed*.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.yaml_file import read_yaml


class Holding(Protocol):
    """A rule: its name, and whether it holds in a survey year."""

    @property
    def id(self) -> str:
        """Its name."""

    def holds_in(self, survey_year: int) -> bool:
        """Whether it is valid in that survey year."""


def confirmed_until(file: Path) -> int | None:
    """The last survey year for which the rules of a file, which its loader has read, were confirmed."""
    until = read_yaml(file, "list of rules").fields().get("confirmed_until")
    return None if until is None else int(until)


def confirmed_check(asset: str, file: str) -> CheckDefinition:
    """The check of the rules that are in this file of the data folder."""
    return CheckDefinition(
        "every_year_has_confirmed_rules",
        asset,
        False,
        "A person has confirmed the rules for every survey year with answers; until then those of the last year hold.",
        f"end with valid_to what no longer holds, then write that survey year at confirmed_until in {file}",
    )


def confirmed_outcome(
    check: CheckDefinition, rules: Iterable[Holding], until: int | None, survey_years: Iterable[int]
) -> CheckOutcome:
    """One failing row (survey_year, rule) per rule that holds in a year after ``until`` (None: none waits for that)."""
    import pandas as pd

    holding = [(year, rule.id) for year in survey_years for rule in rules if rule.holds_in(year)]
    waiting = [(year, rule) for year, rule in holding if until is not None and year > until]
    return check.outcome(pd.DataFrame(waiting, columns=["survey_year", "rule"]), len(holding))
