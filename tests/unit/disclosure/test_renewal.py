"""When the breakdowns of a survey year may be published anew: nobody differs in a shown group, or at least ten do."""

from __future__ import annotations

import pandas as pd
import pytest

from assets.disclosure.renewal import may_be_renewed

SHOWN = [("urbanisation_class", "1"), ("urbanisation_class", "2")]


def members(answers: dict[int, int]) -> pd.DataFrame:
    """Members of a fact: what the municipality of this number adds above the line, of 1 below it."""
    return pd.DataFrame(
        [("m", 2030, "respondents", f"GM{code:04}", yes, 1, 0) for code, yes in answers.items()],
        columns=["measure", "survey_year", "population", "municipality_code", "numerator", "denominator", "unknown"],
    )


def classes(first: int) -> pd.DataFrame:
    """40 municipalities: so many in class 1, then two in class 3, which is not shown; the others in class 2."""
    return pd.DataFrame(
        [
            (
                2030,
                "respondents",
                f"GM{code:04}",
                "urbanisation_class",
                "1" if code < first else "3" if code < first + 2 else "2",
            )
            for code in range(40)
        ],
        columns=["survey_year", "population", "municipality_code", "breakdown", "category"],
    )


EVERYBODY = dict.fromkeys(range(40), 1)


@pytest.mark.parametrize(
    ("before", "first", "allowed"),
    [
        pytest.param(EVERYBODY, 12, True, id="nobody differs"),
        pytest.param({**EVERYBODY, **dict.fromkeys(range(9), 0)}, 12, False, id="nine answers were corrected"),
        pytest.param({**EVERYBODY, **dict.fromkeys(range(10), 0)}, 12, True, id="ten answers were corrected"),
        pytest.param({c: 1 for c in range(40) if c != 3}, 12, False, id="one answered late"),
        pytest.param({c: 1 for c in range(40) if c > 10}, 12, True, id="eleven answered late"),
        pytest.param({**EVERYBODY, 12: 0}, 12, True, id="one differs in a group that is not shown"),
        pytest.param({**EVERYBODY, **dict.fromkeys(range(10), 0), 30: 0}, 12, False, id="one more in another group"),
    ],
)
def test_breakdowns_are_renewed(before: dict[int, int], first: int, allowed: bool) -> None:
    assert may_be_renewed(members(before), members(EVERYBODY), classes(first), SHOWN, 10) is allowed
