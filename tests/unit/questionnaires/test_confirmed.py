"""What holds until it is ended waits for a person in each later year."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.base.models import ValidYears
from assets.questionnaires.confirmed import confirmed_check, confirmed_outcome, confirmed_until

CHECK = confirmed_check("risk/rules", "risk/rules.yaml")


class Rule(ValidYears):
    id: str


RULES = [Rule(id="open", valid_from=2021), Rule(id="ended", valid_from=2021, valid_to=2023)]


@pytest.mark.parametrize(
    ("until", "waiting"),
    [
        (None, []),
        (2024, []),
        (2023, [(2024, "open")]),
        (2022, [(2023, "open"), (2023, "ended"), (2024, "open")]),
    ],
)
def test_rules_of_years_after_the_last_confirmed_one_wait(until: int | None, waiting: list[tuple[int, str]]) -> None:
    outcome = confirmed_outcome(CHECK, RULES, until, [2020, 2023, 2024])
    assert list(outcome.failing.itertuples(index=False, name=None)) == waiting
    assert (outcome.checked, outcome.blocking) == (3, False)


@pytest.mark.parametrize(("text", "until"), [("confirmed_until: 2023\nrules: []\n", 2023), ("rules: []\n", None)])
def test_a_file_says_until_when_it_was_confirmed(tmp_path: Path, text: str, until: int | None) -> None:
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    assert confirmed_until(tmp_path / "rules.yaml") == until
