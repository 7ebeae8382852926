"""Who knows its own answer, and learns by it what the others answered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assets.disclosure.components import Quantity, Statements, components
from assets.disclosure.facts import Municipalities
from assets.disclosure.insiders import insiders

ONE_CLASS = Municipalities(
    pd.DataFrame(
        [(2030, "respondents", f"GM{code:04}", "urbanisation_class", "1") for code in range(12)],
        columns=["survey_year", "population", "municipality_code", "breakdown", "category"],
    )
)


@pytest.mark.parametrize(
    ("said_yes", "is_shown", "known"),
    [
        pytest.param(1, True, 1, id="the only one that said yes knows that nobody else did"),
        pytest.param(11, True, 1, id="the only one that said no knows that everybody else said yes"),
        pytest.param(2, True, 0, id="either of two does not know of the other"),
        pytest.param(1, False, 0, id="how many there are is withheld"),
    ],
)
def test_insiders(said_yes: int, is_shown: bool, known: int) -> None:
    everybody = np.ones(12)
    yes = Quantity("2030", (np.arange(12) < said_yes).astype(float), everybody)
    statements = Statements()
    statements.add(yes, ((2030, "urbanisation_class", "1"),), np.ones(12, dtype=bool), 0)
    (component,) = components([*statements], [], ONE_CLASS, {0, 1})
    if not is_shown:
        component.system.forget(0)

    found = insiders([component], ())

    assert (found.answers, found.known) == (1, known)
