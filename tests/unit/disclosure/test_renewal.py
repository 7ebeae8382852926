"""When the breakdowns of a survey year are published anew: nobody differs in a shown number, or at least ten do."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from assets.disclosure.facts import KEY
from assets.disclosure.renewal import CELL, as_published, carried_over, settle

EVERYBODY = dict.fromkeys(range(40), 1)
FIRST, SECOND, THIRD = "2030/v1", "2030/v2", "2031/v1"


def resting_on(
    answers: Mapping[int, int], first: int = 12, withheld: str = "3", year: int = 2030, measure: str = "m"
) -> pd.DataFrame:
    """A measure by class: what the municipality of this number adds above the line, of 1 below it. So many are in class
    1, then two in class 3; the others in class 2."""
    rows = []
    for code, yes in answers.items():
        category = "1" if code < first else "3" if code < first + 2 else "2"
        key = (measure, year, "respondents", "urbanisation_class", category, "total", "all")
        rows.append((*key, category not in withheld, f"GM{code:04}", yes, 1, 0))
    return pd.DataFrame(rows, columns=[*KEY, "is_public", "municipality_code", "numerator", "denominator", "unknown"])


@pytest.mark.parametrize(
    ("before", "now", "is_new"),
    [
        pytest.param(resting_on(EVERYBODY), resting_on(EVERYBODY), True, id="nobody differs"),
        pytest.param(
            resting_on({**EVERYBODY, **dict.fromkeys(range(9), 0)}),
            resting_on(EVERYBODY),
            False,
            id="nine were corrected",
        ),
        pytest.param(
            resting_on({**EVERYBODY, **dict.fromkeys(range(10), 0)}),
            resting_on(EVERYBODY),
            True,
            id="ten were corrected",
        ),
        pytest.param(
            resting_on({c: 1 for c in range(40) if c != 3}), resting_on(EVERYBODY), False, id="one answered late"
        ),
        pytest.param(
            resting_on({c: 1 for c in range(40) if c > 10}), resting_on(EVERYBODY), True, id="eleven answered late"
        ),
        pytest.param(
            resting_on({**EVERYBODY, 12: 0}),
            resting_on(EVERYBODY),
            True,
            id="one differs in a group that is never shown",
        ),
        pytest.param(
            resting_on({**EVERYBODY, **dict.fromkeys(range(10), 0), 30: 0}),
            resting_on(EVERYBODY),
            False,
            id="one more in another group",
        ),
        pytest.param(
            resting_on(EVERYBODY, first=13), resting_on(EVERYBODY, first=12), False, id="one is in another class now"
        ),
        pytest.param(
            resting_on(EVERYBODY, withheld="23"), resting_on(EVERYBODY), False, id="what was withheld is shown now"
        ),
        pytest.param(
            resting_on(EVERYBODY), resting_on(EVERYBODY, withheld="13"), False, id="what was shown is withheld now"
        ),
        pytest.param(
            resting_on(EVERYBODY),
            pd.concat([resting_on(EVERYBODY), resting_on(dict.fromkeys(range(3), 1), measure="other")]),
            False,
            id="another number about three municipalities",
        ),
    ],
)
def test_breakdowns_are_renewed(before: pd.DataFrame, now: pd.DataFrame, is_new: bool) -> None:
    settled = settle(now, settle(before, None, FIRST, 10), SECOND, 10)

    assert carried_over(settled, SECOND) == ({} if is_new else {2030: FIRST})
    own = settled.drop(columns="edition").reset_index(drop=True)
    pd.testing.assert_frame_equal(own, (now if is_new else before).reset_index(drop=True))


def test_years_are_judged_one_by_one_and_none_is_forgotten() -> None:
    late = resting_on({**EVERYBODY, 3: 0}, year=2029)
    first = settle(pd.concat([resting_on(EVERYBODY, year=2029), resting_on(EVERYBODY, year=2028)]), None, FIRST, 10)
    second = settle(pd.concat([late, resting_on(EVERYBODY)]), first, SECOND, 10)
    third = settle(pd.concat([late, resting_on(EVERYBODY)]), second, THIRD, 10)

    assert carried_over(second, SECOND) == {2028: FIRST, 2029: FIRST}
    assert carried_over(third, THIRD) == {2028: FIRST, 2029: FIRST}, "what v1 published, not what v2 would have"


def numbers(shown: Mapping[tuple[str, str], int | None]) -> pd.DataFrame:
    """Rows of rpt_public_cell_breakdowns, by row and class; None is withheld."""
    return pd.DataFrame(
        [
            (
                "r",
                "t",
                row,
                "c",
                "urbanisation_class",
                category,
                1,
                float(value or "nan"),
                "." if value is None else str(value),
            )
            for (row, category), value in shown.items()
        ],
        columns=[*CELL, "breakdown", "category", "category_no", "numerator", "value_text_nl"],
    ).assign(value_text_en=lambda rows: rows["value_text_nl"])


def test_a_year_that_is_carried_over_is_as_it_was() -> None:
    before = numbers({("old", "1"): 5, ("old", "2"): None, ("new", "1"): 7})
    now = numbers({("old", "1"): 6, ("old", "2"): 8, ("old", "3"): 9, ("new", "1"): 70})
    cells = pd.DataFrame(
        [("r", "t", "old", "c", 2029), ("r", "t", "new", "c", 2030)],
        columns=[*CELL, "survey_year"],
    )

    published = as_published(now, before, cells, {2029}, ".")

    expected = numbers({("old", "1"): 5, ("old", "2"): None, ("old", "3"): None, ("new", "1"): 70})
    pd.testing.assert_frame_equal(published, expected)
