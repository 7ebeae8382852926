"""The checks on the rules of the risk analysis and the criteria of selection."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from assets.base.checks import CheckOutcome
from assets.questionnaires.confirmed import confirmed_check, confirmed_outcome, confirmed_until
from assets.risk import criteria as of_criteria
from assets.risk import rules as of_rules

_RULES = confirmed_check(of_rules.RISK_RULES.name, f"risk/{of_rules.FILE_NAME}")
_CRITERIA = confirmed_check(of_criteria.RISK_CRITERIA.name, f"risk/{of_criteria.FILE_NAME}")
RISK_CHECKS = [_RULES, _CRITERIA]


def check_confirmed(
    risk_dir: Path,
    rules: tuple[of_rules.RiskRule, ...],
    criteria: tuple[of_criteria.SelectionCriterion, ...],
    survey_years: Collection[int],
) -> list[CheckOutcome]:
    """The outcome of every check of ``RISK_CHECKS``, in that order."""
    return [
        confirmed_outcome(_RULES, rules, confirmed_until(risk_dir / of_rules.FILE_NAME), survey_years),
        confirmed_outcome(_CRITERIA, criteria, confirmed_until(risk_dir / of_criteria.FILE_NAME), survey_years),
    ]
