"""The attack on what is public, in whole municipalities: what linear programming leaves open in fractions only."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.questionnaires.loader import load_questionnaires
from tests.attacker.attack import attack
from tests.attacker.published import read, write_groups
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.rough


def test_whole_numbers_give_away_nothing_more(ran: tuple[Installation, str], tmp_path: Path) -> None:
    questionnaires = load_questionnaires(ran[0].data / "questionnaires")
    published = read(ran[0].public, write_groups(ran[0].warehouse, tmp_path))
    assert attack(published, questionnaires, whole_numbers=True).determined == frozenset()
