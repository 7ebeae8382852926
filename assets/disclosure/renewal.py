"""Whether a later edition may break a survey year's numbers down anew.

The breakdowns of a survey year become public once. Two of them, each safe by itself, together give away the
municipalities that differ between them: their difference is a number about those alone, and what only one of them
withholds the other shows. So each edition keeps inside what its public breakdowns rest on, the next one compares, and a
survey year that may not be renewed is carried over as it was published.

Belongs here: what breakdowns rest on, and the rule. Does not belong here: what one edition withholds (``verdicts.py``),
and where editions keep their files.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb
import pandas as pd

from assets.disclosure.facts import KEY

MEMBER = [*KEY, "municipality_code"]
ADDED = ["numerator", "denominator", "unknown"]
CELL = ["report", "table_id", "row_key", "column_key"]
_ROW = [*CELL, "breakdown", "category"]
_TEXTS = ["value_text_nl", "value_text_en"]

_RESTS_ON = f"""
    with members as (

        select
            members.*,
            grouped.population as of_population,
            grouped.breakdown,
            grouped.category
        from fct_measure_members as members
        inner join dim_municipality_group as grouped
            on
                members.survey_year = grouped.survey_year
                and members.municipality_code = grouped.municipality_code
                and coalesce(members.population, grouped.population) = grouped.population

    ),

    -- Numbers about an answer are broken down where they are within a class; facts of registers are no secret.
    facts as (

        select verdicts.*
        from fct_disclosure as verdicts
        inner join internal.fct_facts as facts using ({", ".join(KEY)})
        -- Until a survey year is final, nothing about it is broken down in public.
        semi join (from dim_survey_year where status in ('final', 'revised')) as final using (survey_year)
        where
            not facts.is_exempt
            and verdicts.breakdown != 'total'
            and (
                verdicts.within_breakdown != 'total'
                or verdicts.breakdown not in (select breakdown from dim_category where origin = 'answers')
            )

    ),

    -- Complete before it is sorted: both at once need twice the memory.
    found as materialized (

        select
            {", ".join(f"facts.{name}" for name in KEY)},
            facts.is_public,
            members.municipality_code,
            members.numerator,
            members.denominator,
            members.unknown
        from facts
        left join members
            on
                facts.measure = members.measure
                and facts.survey_year = members.survey_year
                and facts.population = members.of_population
                and facts.breakdown = members.breakdown
                and facts.category = members.category
                and (
                    facts.within_breakdown = 'total'
                    or exists (
                        from dim_municipality_group as within
                        where
                            within.survey_year = facts.survey_year
                            and within.population = facts.population
                            and within.municipality_code = members.municipality_code
                            and within.breakdown = facts.within_breakdown
                            and within.category = facts.within_category
                    )
                )

    )

    from found
    order by all
"""


def rests_on(warehouse: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What the numbers by class of a warehouse rest on: columns ``MEMBER``, is_public and ``ADDED``.

    One row per fact by class and municipality in its base; of a fact in whose base nobody is, one without a
    municipality.
    """
    return warehouse.execute(_RESTS_ON).df()


def settle(
    now: pd.DataFrame,
    before: pd.DataFrame | None,
    edition: str,
    at_least: int,
    withdrawn: Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """What the numbers by class rest on that are public from this edition on: as ``rests_on`` gives it, with
    ``edition``, the one that published them, so that another name than this one's means 'carried over'.

    ``before``: what this function gave for the edition published last that holds; None for the first one.
    ``withdrawn``: the same of each that was withdrawn, for what was public is known. ``at_least``: the limit of rule
    too_few. To be kept in the part of the edition that is not public.
    """
    own = now.assign(edition=edition)
    known = [*([] if before is None else [before]), *withdrawn]
    kept = {year for then in known for year in {*then["survey_year"]} - _renewed(now, then, at_least)}
    rows, ahead = [], set(kept)
    for then in known:
        rows.append(then[then["survey_year"].isin(ahead)])
        ahead -= {*then["survey_year"]}
    return pd.concat([*rows, own[~own["survey_year"].isin(kept)]], ignore_index=True) if known else own


def carried_over(settled: pd.DataFrame, edition: str) -> dict[int, str]:
    """The survey years whose numbers by class are not this edition's, and the edition that published them."""
    others = settled.loc[settled["edition"] != edition, ["survey_year", "edition"]].drop_duplicates()
    return {int(year): str(of) for year, of in others.itertuples(index=False)}


def as_published(
    now: pd.DataFrame, before: pd.DataFrame, cells: pd.DataFrame, years: Collection[int], sign: str
) -> pd.DataFrame:
    """The numbers by class to publish: those about ``years`` as they were published before, the others as they are now.

    ``now``, ``before``: rows of rpt_public_cell_breakdowns of the warehouse and of the edition published last.
    ``cells``: rpt_public_cells. What was not published then gets the sign that replaces a number.
    """
    of_years = cells.loc[cells["survey_year"].isin(years), CELL]
    is_carried = pd.MultiIndex.from_frame(now[CELL]).isin(pd.MultiIndex.from_frame(of_years))
    published = now.loc[is_carried, [*_ROW, "category_no"]].merge(before.drop(columns="category_no"), how="left")
    published[_TEXTS] = published[_TEXTS].fillna(sign)
    published.index = now.index[is_carried]
    return pd.concat([now[~is_carried], published[now.columns]]).sort_index()


def _renewed(now: pd.DataFrame, before: pd.DataFrame, at_least: int) -> set[int]:
    """The survey years of which every fact that is public in either differs by nobody and is public in both, or by at
    least so many municipalities."""
    facts = pd.concat([now, before])[[*KEY, "is_public"]].drop_duplicates()
    ever = facts.groupby([*KEY])["is_public"].agg(["any", "all", "size"]).reset_index()
    in_both = before[[*KEY]].drop_duplicates().merge(now[[*KEY]].drop_duplicates()).assign(in_both=True)
    who = _differing(now, before).groupby([*KEY])["municipality_code"].nunique().rename("differing").reset_index()
    judged = ever.merge(in_both, how="left").merge(who, how="left").fillna({"differing": 0})
    is_same = (judged["differing"] == 0) & judged["all"] & judged["in_both"].notna()
    is_refused = judged["any"] & ~is_same & (judged["differing"] < at_least)
    return {int(year) for year in {*now["survey_year"]} - {*judged.loc[is_refused, "survey_year"]}}


def _differing(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Who adds something else to a fact than before, or is in its base in one of the two only: the columns of
    MEMBER."""
    both = before[[*MEMBER, *ADDED]].merge(now[[*MEMBER, *ADDED]], how="outer", indicator=True)
    return both.loc[both["_merge"] != "both", MEMBER].dropna().drop_duplicates()
