"""What a check is, before the run (``CheckDefinition``) and after it (``CheckOutcome``).

Belongs here: the shape that every check of every stage shares. Does not belong here: a check's rule (it is beside
the data that it guards), or Dagster (``assets/base/dagster_checks.py`` turns these into asset checks).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CheckDefinition:
    """A check as it is known before any data is read.

    ``name`` is what a steward would call it (``every_code_appears_once_a_year``), ``asset`` is ``<stage>/<name>``.
    ``blocking``: nothing downstream is made when it fails; otherwise it warns. ``remedy`` says how to mend failing
    rows.
    """

    name: str
    asset: str
    blocking: bool
    description: str
    remedy: str

    def outcome(self, failing: pd.DataFrame, checked: int, numbers: Mapping[str, int] | None = None) -> CheckOutcome:
        """This check's outcome: all ``failing`` rows, out of ``checked`` things that were looked at.

        ``numbers``: what else is worth a trend, by name.
        """
        return CheckOutcome(self, failing.reset_index(drop=True), checked, dict(numbers or {}))


@dataclass(frozen=True, eq=False)
class CheckOutcome:
    """What a check found. ``failing`` holds every failing row: whoever shows it takes a sample. ``rows_in``: the file
    that has them all, where there is one."""

    definition: CheckDefinition
    failing: pd.DataFrame
    checked: int
    numbers: Mapping[str, int] = field(default_factory=dict)
    rows_in: Path | None = None

    @property
    def passed(self) -> bool:
        """Whether no row fails."""
        return self.failing.empty

    @property
    def check(self) -> str:
        """The check's name."""
        return self.definition.name

    @property
    def in_words(self) -> str:
        """Check, asset, how many rows fail and what to do about them, on one line."""
        return f"{self.check} on {self.asset}: {len(self.failing):,} failing; {self.definition.remedy}"

    @property
    def asset(self) -> str:
        """The asset that it guards."""
        return self.definition.asset

    @property
    def blocking(self) -> bool:
        """Whether nothing downstream is made when it fails."""
        return self.definition.blocking
