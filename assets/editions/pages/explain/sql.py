"""The SQL that gives a published cell, for the published database as it stands.

Belongs here: the text of that query, from what a cell selects. Does not belong here: running it, or what else a reader
is said of a cell (``explain.py``).

A cell whose measure is ``<question>=<option>|<option>`` counts answers, so its query counts them in ``fct_answers``: a second
way to the same number. Any other cell is summed from what each municipality contributes: ``rpt_cell_members``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

# As assets/catalogue/measures.py names them: L3d=yes_new|yes_running, then /answered, /respondents or /L1d=yes for another base.
_COUNTED = re.compile(r"([A-Z]\w*)=([\w|]+)(?:/(?:([A-Z]\w*)=([\w|]+)|(answered|respondents)))?")
_NO_OPTION = "missing"  # no option, but who was asked and gave no usable answer
_CHOSEN = "bool_or(is_asked and is_selected)"
_LOST = "coalesce(bool_and(status = 'not_collected')"
_IN_BASE = {
    "answered": "having bool_and(is_asked and status = 'answered')",
    "asked": "having bool_or(is_asked and status != 'not_collected')",
    "respondents": "",
}
# Where a breakdown's category is stored; a municipality without a class has none in dim_municipality_year.
_REGISTERED = "dim_municipality_year"
_GROUPS = {
    "urbanisation_class": (_REGISTERED, "urbanisation_class"),
    "disadvantage_group": (_REGISTERED, "disadvantage_group"),
    "province": (_REGISTERED, "province_code"),
    "definition_breadth": ("fct_definition_breadth", "definition_breadth"),
}
# What a measure of each kind is, of the contributions of the municipalities.
_NUMERATOR, _DENOMINATOR = "sum(numerator) as numerator", "sum(denominator) as denominator"
KINDS: dict[str, tuple[str, ...]] = {
    "total": (_NUMERATOR, "sum(numerator) as value"),
    "ratio": (_NUMERATOR, _DENOMINATOR, "sum(numerator) / nullif(sum(denominator), 0) as value"),
    "ratio_mean": ("avg(cast(numerator / nullif(denominator, 0) as decimal(24, 12))) as value",),
    "ratio_median": ("median(numerator / nullif(denominator, 0)) as value",),
}
EXTREMES = ("min", "max")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a cell selects: its place, its measure, and whose answers are counted (terms of ``rpt_cells``).

    ``kind``: of the measure. ``analysis_population``: the name of the survey year's own, None where it has none.
    """

    report: str
    table_id: str
    row_key: str
    column_key: str
    measure: str
    kind: str
    survey_year: int | None
    population: str
    breakdown: str
    category: str
    analysis_population: str | None


def sql_of(cell: Selection, statistics: Collection[str] = ()) -> str:
    """A query of one row, with numerator, denominator, value, n_municipalities as far as the measure has them.

    ``statistics``: of the cells that it explains; for min and max among them there is a column too. A cell's number is the
    column that bears the name of its statistic.
    """
    from_answers = None if set(EXTREMES) & set(statistics) else _from_answers(cell)
    return from_answers or _from_members(cell, statistics)


def _from_answers(cell: Selection) -> str | None:
    """None where the cell does not count options, or the answers and the register do not tell who is in its group."""
    counted, whose = _COUNTED.fullmatch(cell.measure), _whose(cell)
    if counted is None or whose is None or _NO_OPTION in re.split(r"\W", cell.measure):
        return None
    question, options, among, among_options, base = counted.groups()
    chosen = asked = _chose(question, options)
    selected, in_base = _CHOSEN, _IN_BASE[base or "asked"]
    if among:
        in_among = _chose(among, among_options)
        asked = f"(\n            ({chosen})\n            or ({in_among})\n        )"
        selected += f" filter (where {chosen})"
        in_base = (
            f"having {_CHOSEN} filter (where {in_among})"
            f"\n        and not {_LOST} filter (where is_asked and {chosen}), false)"
        )
    tables, conditions = whose
    inner = (
        "select",
        "    municipality_code,",
        f"    {selected} as is_counted",
        "from fct_answers",
        *(f"inner join {table} using (survey_year, municipality_code)" for table in tables),
        f"where survey_year = {cell.survey_year}",
        *(f"    and {condition}" for condition in (asked, *conditions)),
        "group by municipality_code",
        *((in_base,) if in_base else ()),
    )
    outer = (
        "count(*) filter (where is_counted) as numerator",
        "count(*) as denominator",
        "numerator / nullif(denominator, 0) as value",
        "count(*) as n_municipalities",
    )
    return _select(outer, "(\n" + "\n".join(f"    {line}" for line in inner) + "\n)")


def _from_members(cell: Selection, statistics: Collection[str]) -> str:
    columns = (
        *KINDS[cell.kind],
        "count(*) as n_municipalities",
        *(
            f"{name}(numerator / nullif(coalesce(denominator, 1), 0)) as {name}"
            for name in EXTREMES
            if name in statistics
        ),
    )
    place = (f"{name} = {literal(getattr(cell, name))}" for name in ("report", "table_id", "row_key", "column_key"))
    return _select(columns, "rpt_cell_members") + "\nwhere " + "\n    and ".join(place)


def _whose(cell: Selection) -> tuple[list[str], list[str]] | None:
    """The tables to join and the conditions that hold the cell's population and group; None where they are elsewhere."""
    tables, conditions = [], []
    if cell.population == cell.analysis_population:
        tables.append(_REGISTERED)
        conditions.append("is_in_analysis_population")
    elif cell.population not in ("respondents", "municipalities"):
        return None
    if cell.breakdown in _GROUPS:
        table, column = _GROUPS[cell.breakdown]
        has_no_class = table == _REGISTERED and cell.category == "unknown"
        tables.append(table)
        conditions.append(f"{column} is null" if has_no_class else f"{column} = {literal(cell.category)}")
    elif cell.breakdown != "total":
        return None
    return list(dict.fromkeys(tables)), conditions


def _chose(question: str, options: str) -> str:
    return f"question_id = {literal(question)} and option_key in ({', '.join(map(literal, options.split('|')))})"


def _select(columns: Collection[str], source: str) -> str:
    return "select\n    " + ",\n    ".join(columns) + f"\nfrom {source}"


def literal(text: str) -> str:
    """A text as it stands in SQL."""
    return "'" + text.replace("'", "''") + "'"
