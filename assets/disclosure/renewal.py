"""Whether a later edition may break a survey year's numbers down anew.

The breakdowns of a survey year become public once, at its final delivery. Two of them, each safe by itself, together
give away the municipalities that differ between them: their difference is a number about those alone.

Belongs here: who differs, and the rule. Does not belong here: what one edition withholds (``verdicts.py``).
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

FACT = ["measure", "survey_year", "population"]
MEMBER = [*FACT, "municipality_code"]
ADDED = ["numerator", "denominator", "unknown"]


def differing(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Who adds something else to a fact than before, or is in its base in one of the two only: the columns of MEMBER.

    Columns of both: MEMBER and ADDED, as ``facts.members_of_facts`` gives them.
    """
    both = before[[*MEMBER, *ADDED]].merge(now[[*MEMBER, *ADDED]], how="outer", indicator=True)
    return both.loc[both["_merge"] != "both", MEMBER].drop_duplicates().reset_index(drop=True)


def may_be_renewed(
    before: pd.DataFrame, now: pd.DataFrame, groups: pd.DataFrame, shown: Iterable[tuple[str, str]], at_least: int
) -> bool:
    """Whether in every shown group (breakdown, category), of every fact, nobody differs or at least so many do.

    ``groups``: survey_year, population, municipality_code, breakdown and category of both editions.
    """
    who = differing(before, now).merge(groups.drop_duplicates())
    in_shown = who.merge(pd.DataFrame([*shown], columns=["breakdown", "category"]))
    counts = in_shown.groupby([*FACT, "breakdown", "category"])["municipality_code"].nunique()
    return bool((counts >= at_least).all())
