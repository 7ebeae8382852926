"""Rough data folders end to end: valid, hostile, and in agreement with nothing in print.

``make test-sample`` runs two small ones, ``make test-rough`` those and twenty whole ones.
"""

from __future__ import annotations

import pytest

from synthetic.rough.folder import make_folder
from tests.pipeline.conftest import Installation
from tests.rough.soundness import message, run

pytestmark = pytest.mark.rough
# 3: an empty class, a year without reach. 12: a single respondent in a year, another year without reach, cases of
# supervision.
SMALL = (3, 12)
MUNICIPALITIES = 60
SEEDS = range(1, 21)


@pytest.mark.sample
@pytest.mark.parametrize("seed", SMALL)
def test_a_small_rough_folder_goes_through(seed: int, place: Installation) -> None:
    goes_through(place, seed, MUNICIPALITIES)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rough_folder_goes_through(seed: int, place: Installation) -> None:
    goes_through(place, seed, None)


def goes_through(installation: Installation, seed: int, municipalities: int | None) -> None:
    traits = make_folder(seed, installation.data, municipalities)
    problems = run(installation)
    assert not problems, f"{traits}\n{message(problems)}"
