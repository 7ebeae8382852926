"""Publications that withhold too little, each by a mistake that is easily made: the attack must break every one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd

from tests.attacker.published import CELL, GROUP, NUMBERS, Published

Withholding = Callable[[pd.DataFrame], pd.DataFrame]
"""Columns verdict and NUMBERS in, NUMBERS out: what is withheld is null."""

_FULL = """
    select numbers.* exclude (n_unknown), facts.verdict, facts.rule
    from rpt_cell_breakdowns as numbers
    inner join rpt_cells as cells using (report, table_id, row_key, column_key)
    inner join fct_disclosure as facts
        on
            cells.measure = facts.measure
            and cells.survey_year = facts.survey_year
            and cells.population = facts.population
            and if(cells.breakdown = 'total', numbers.breakdown, cells.breakdown) = facts.breakdown
            and if(cells.breakdown = 'total', numbers.category, cells.category) = facts.category
            and if(cells.breakdown = 'total', 'total', numbers.breakdown) = facts.within_breakdown
            and if(cells.breakdown = 'total', 'all', numbers.category) = facts.within_category
    order by all
"""


def full(warehouse: Path) -> pd.DataFrame:
    """The numbers by class as they are inside, with their verdicts."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(_FULL).df()


def keys_withheld(warehouse: Path) -> frozenset[tuple[str, ...]]:
    """The numbers by class (report, table, row, column, breakdown, category) that break a rule by themselves."""
    inside = full(warehouse)
    withheld = inside.loc[inside["verdict"] == "withheld", [*CELL, *GROUP]]
    return frozenset(withheld.itertuples(index=False, name=None))


def publish(published: Published, inside: pd.DataFrame, withhold: Withholding) -> Published:
    """The same publication, with numbers by class withheld in another way."""
    kept = inside[[*CELL, *GROUP]].join(withhold(inside).astype(float))
    nationally = published.numbers[published.numbers["breakdown"] == "total"]
    by_class = published.numbers[published.numbers["breakdown"] != "total"].drop(columns=NUMBERS)
    by_class = by_class.merge(kept, on=[*CELL, *GROUP]).assign(n_unknown=float("nan"))
    return Published(pd.concat([nationally, by_class], ignore_index=True), published.groups)


def primary_only(inside: pd.DataFrame) -> pd.DataFrame:
    """Withholds what breaks a rule, and nothing to protect it."""
    return inside[_NUMBERS].where(inside["verdict"] != "withheld")


def row_rule(inside: pd.DataFrame) -> pd.DataFrame:
    """Two in every row of a table: where one number is withheld, the smallest of the others as well."""
    is_withheld = inside["verdict"] == "withheld"
    row = inside.groupby([*CELL, "breakdown"])
    alone = is_withheld.groupby([inside[name] for name in [*CELL, "breakdown"]]).transform("sum") == 1
    smallest = inside["n_municipalities"].where(~is_withheld).groupby(row.ngroup()).rank(method="first") == 1
    return inside[_NUMBERS].where(~(is_withheld | (alone & smallest)))


def forgotten_n(inside: pd.DataFrame) -> pd.DataFrame:
    """All that is to be withheld, but for the number of municipalities."""
    is_shown = inside["verdict"].isin(["shown", "printed"])
    return inside[_NUMBERS].where(is_shown).assign(n_municipalities=inside["n_municipalities"])


_NUMBERS = [name for name in NUMBERS if name != "n_unknown"]
MUTANTS: tuple[Withholding, ...] = (primary_only, row_rule, forgotten_n)
