"""What is public: the numbers of an edition, the classes of CBS, who responded, and the questionnaires."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

CELL = ["report", "table_id", "row_key", "column_key"]
WHAT = ["measure", "unit", "survey_year", "population", "own_breakdown", "own_category"]
GROUP = ["breakdown", "category"]
NUMBERS = ["numerator", "denominator", "value", "n_municipalities", "n_unknown"]
FACT = ["measure", "survey_year", "population", "own_breakdown", "own_category"]
CELLS, BREAKDOWNS, PRINTED, SERIES = "rpt_cells", "rpt_cell_breakdowns", "rpt_reconciliation", "rpt_series"
RESPONSE, UNKNOWN = "rpt_response", " unknown"
GROUPS = "public_groups"
# The registers and the list of respondents are public; panels, and classes by answers, are not.
_GROUPS = """
    select survey_year, population, municipality_code, breakdown, category from dim_municipality_group
    where not starts_with(population, 'panel_') and breakdown != 'definition_breadth'
"""


@dataclass(frozen=True)
class Published:
    """``numbers``: a row per number with CELL, WHAT, GROUP, NUMBERS and is_printed; what is withheld is null.
    ``groups``: survey_year, population, municipality_code, breakdown, category."""

    numbers: pd.DataFrame
    groups: pd.DataFrame


def write_groups(warehouse: Path, folder: Path) -> Path:
    """What anybody can know of who is in which class and who responded: a file for ``read``, in ``folder``."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(f"copy ({_GROUPS}) to '{folder / GROUPS}.parquet' (format parquet)")
    return folder


def read(*folders: Path) -> Published:
    """What the public part of an edition says, and what was public already: six tables in these folders, each a
    Parquet or CSV file of its name, however deep.

    ``rpt_cells``: CELL, measure, unit, survey_year, population, breakdown, category and NUMBERS.
    ``rpt_series``: the same of other survey years, nationally. ``rpt_response``: survey_year, level, question_id, base
    and answered, of each question.
    ``rpt_cell_breakdowns``: CELL, GROUP and NUMBERS but n_unknown. ``rpt_reconciliation``: CELL, of what is in
    print. ``public_groups``: survey_year, population, municipality_code, breakdown, category, of registers and of who
    responded. Raises FileNotFoundError where one is missing, ValueError where there are two.
    """
    own = {"breakdown": "own_breakdown", "category": "own_category"}
    cells = _table(folders, CELLS, [*CELL, *WHAT[:4], *own, *NUMBERS]).rename(columns=own)
    cells = pd.concat([cells, _other_years(folders, cells), _questions(folders)], ignore_index=True)
    printed = _table(folders, PRINTED, CELL).dropna().drop_duplicates().assign(is_printed=True)
    cells = cells.assign(breakdown="total", category="all").merge(printed, on=CELL, how="left")
    cells["is_printed"] = cells.groupby(FACT)["is_printed"].transform("any")
    parts = _table(folders, BREAKDOWNS, [*CELL, *GROUP, *NUMBERS[:4]])
    parts = parts.assign(is_printed=False).merge(cells[CELL + WHAT], on=CELL)
    numbers = pd.concat([cells, parts])[[*CELL, *WHAT, *GROUP, *NUMBERS, "is_printed"]]
    groups = _table(folders, GROUPS, ["survey_year", "population", "municipality_code", *GROUP])
    return Published(numbers[numbers["survey_year"].notna()].reset_index(drop=True), groups)


def _other_years(folders: Collection[Path], cells: pd.DataFrame) -> pd.DataFrame:
    """The numbers of ``rpt_series`` in the years before the last, whose are cells; each as a cell of its own."""
    series = _table(folders, SERIES, [*CELL, *WHAT[:4], *NUMBERS]).assign(own_breakdown="total", own_category="all")
    series = series[series["survey_year"] < series["survey_year"].max()]
    own_ids = series["table_id"] + "_" + series["survey_year"].astype(str)
    of_years: pd.DataFrame = series.assign(table_id=own_ids)[[*cells.columns]]
    return of_years


def _questions(folders: Collection[Path]) -> pd.DataFrame:
    """How many were asked each question, and of how many the answer is unknown, as cells."""
    rows = _table(folders, RESPONSE, ["survey_year", "level", "question_id", "base", "answered"])
    rows = rows[(rows["level"] == "question") & rows["base"].notna()]
    unknown = rows["base"].astype(float) - rows["answered"].astype(float)
    return pd.DataFrame(
        {
            "report": RESPONSE,
            "table_id": rows["survey_year"].astype(str),
            "row_key": rows["question_id"],
            "column_key": "unknown",
            "measure": rows["question_id"] + UNKNOWN,
            "unit": "municipalities",
            "survey_year": rows["survey_year"],
            "population": "respondents",
            "own_breakdown": "total",
            "own_category": "all",
            "numerator": unknown,
            "denominator": np.nan,
            "value": np.nan,
            "n_municipalities": rows["base"].astype(float),
            "n_unknown": unknown,
        }
    )


def _table(folders: Collection[Path], name: str, columns: Collection[str]) -> pd.DataFrame:
    """These columns of the one file of a table; those of a CSV file are texts until they are given their types."""
    found = (path for folder in folders for path in folder.rglob(f"{name}.*"))
    files = sorted(path for path in found if path.suffix in (".parquet", ".csv"))
    if not files:
        raise FileNotFoundError(f"{', '.join(map(str, folders))} has no {name}.parquet or {name}.csv")
    if len(files) > 1:
        raise ValueError(f"there are {', '.join(map(str, files))}")
    of = f"read_csv('{files[0]}', all_varchar = true, nullstr = '')" if files[0].suffix == ".csv" else f"'{files[0]}'"
    types = {**dict.fromkeys(NUMBERS, "double"), "survey_year": "integer"}
    wanted = ", ".join(f"cast({column} as {types.get(column, 'varchar')}) as {column}" for column in columns)
    return duckdb.execute(f"select {wanted} from {of}").df()


def number_rows(numbers: pd.DataFrame) -> list[dict[str, Any]]:
    """The numbers one by one, with None for what is withheld."""
    rows = numbers.astype(object).where(numbers.notna(), None).itertuples(index=False)
    return [dict(zip(numbers.columns, row, strict=True)) for row in rows]


def members_of(warehouse: Path, survey_year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who is behind the facts of a survey year, and in which groups: what is known inside only."""
    of_facts = """
        (select distinct members.* replace ('respondents' as population)
        from fct_measure_members as members
        semi join internal.fct_facts as facts using (measure, survey_year)
        inner join dim_municipality_group as grouped using (survey_year, municipality_code)
        where
            grouped.population = 'respondents'
            and coalesce(members.population, 'respondents') = 'respondents')
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        members, groups = (
            connection.execute(f"from {table} where survey_year = ? and population = 'respondents'", [survey_year]).df()
            for table in (of_facts, "dim_municipality_group")
        )
    return members, groups


def without(late: Collection[str], survey_year: int, published: Published, warehouse: Path) -> Published:
    """What was public of a survey year before these municipalities had answered, as far as it is public now, of
    measures."""
    members, groups = members_of(warehouse, survey_year)
    own = members[members["municipality_code"].isin(late)].merge(groups).assign(base=1)
    added = own.groupby(["measure", "survey_year", "population", *GROUP])[
        ["numerator", "denominator", "base", "unknown"]
    ]
    of_measures = published.numbers[published.numbers["report"] != RESPONSE]
    numbers = of_measures.merge(added.sum().add_prefix("own_").reset_index(), how="left")
    for name, of in zip(NUMBERS, ("numerator", "denominator", None, "base", "unknown"), strict=True):
        if of is not None:
            numbers[name] = numbers[name] - numbers[f"own_{of}"].fillna(0)
    is_late = published.groups["municipality_code"].isin(late) & (published.groups["survey_year"] == survey_year)
    is_respondent = published.groups["population"] == "respondents"
    return Published(numbers[published.numbers.columns], published.groups[~(is_late & is_respondent)])
