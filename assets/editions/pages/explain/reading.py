"""What each published cell rests on, as read from the report tables and marts of an edition (or of the warehouse).

Belongs here: the queries, and the sentences that follow from what they find (whose answers are counted). Does not belong here:
the text of the SQL that gives a number (``explain_sql.py``), how an explanation is shown (``explain.py``,
``orchestration/cli/explain.py``).

Cells of one row that select the same (the count and the percentage of one thing) share one explanation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.errors import BadInput
from assets.base.texts import Text, text_of
from assets.editions.content.mark import Origin, origin_of
from assets.editions.content.words import ANSWER_STATUSES
from assets.editions.pages.explain.sql import KINDS, Selection, literal, sql_of
from assets.editions.pages.records import read_records

if TYPE_CHECKING:
    import duckdb

_PANEL = re.compile(r"panel_(strict|harmonised)_(\d{4}(?:_(?:and_)?\d{4})+)")
_CELL = ("report", "table_id", "row_key", "column_key")


@dataclass(frozen=True, slots=True)
class Table:
    """A table, figure or section as ``rpt_tables`` has it."""

    report: str
    table_id: str
    report_title: Text
    place: Text
    title: Text


@dataclass(frozen=True, slots=True)
class Number:
    """One cell: where it is, how it is printed, and its unrounded value (a percent as a share)."""

    row_key: str
    column_key: str
    column_no: int
    row_label: Text
    column_label: Text
    statistic: str
    printed: Text
    value: float | None

    @property
    def anchor(self) -> str:
        """Its id on the page of its table."""
        return f"{self.row_key}--{self.column_key}"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a cell rests on, with how many municipalities of the population and group have which status."""

    question_id: str
    wording: Text
    statuses: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one or more numbers of a row rest on.

    ``definition`` says what the measure is and ``whose`` whose answers are counted. ``numerator`` and ``denominator`` are
    the sums (None where there is none), ``n_municipalities`` is the base.
    """

    selection: Selection
    numbers: tuple[Number, ...]
    definition: Text
    whose: Text
    numerator: int | None
    denominator: int | None
    n_municipalities: int | None
    questions: tuple[Question, ...]
    sql: str

    @property
    def cell(self) -> tuple[str, ...]:
        """The cell of which the members are read: the first of those that share them."""
        return tuple(getattr(self.selection, name) for name in _CELL)

    @property
    def occurring(self) -> tuple[str, ...]:
        """The answer statuses that its questions have, in their order."""
        found = {status for question in self.questions for status, count in question.statuses.items() if count}
        return tuple(status for status in ANSWER_STATUSES if status in found)


class Member(NamedTuple):
    """A municipality in the base of a number, and what it contributes. ``is_counted``: it counts in the numerator."""

    name: str
    code: str
    numerator: int | None
    denominator: int | None
    is_counted: bool


class PrintedFigure(NamedTuple):
    """A figure of the printed report that a number was compared with; ``printed`` as it was keyed."""

    column_key: str
    place: str
    printed: str
    printed_as: str
    base: int | None
    line: int | None
    status: str
    reason_nl: str | None
    reason_en: str | None


class Behind(NamedTuple):
    """The names of the municipalities that count in the numerator, and of those that are in the base only."""

    counted: int
    counted_names: str
    base_only: int
    base_only_names: str


def read_tables(connection: duckdb.DuckDBPyConnection, schema: str) -> tuple[Table, ...]:
    """All tables, figures and sections, in the order of the reports."""
    columns = "report, table_id, report_title_nl, report_title_en, place_nl, place_en, title_nl, title_en"
    records = read_records(connection, f"select {columns} from {schema}.rpt_tables order by report, position, table_id")
    return tuple(
        Table(r["report"], r["table_id"], *(text_of(r, name) for name in ("report_title", "place", "title")))
        for r in records
    )


def read_explanations(
    connection: duckdb.DuckDBPyConnection, schema: str, **only: str
) -> dict[tuple[str, str], list[Explanation]]:
    """The explanations by (report, table id), in the order of rows and columns; ``only``: of cells with these keys.

    Raises BadInput where a cell's measure is not described.
    """
    chosen = " and ".join(["true", *(f"cells.{name} = {literal(value)}" for name, value in only.items())])
    cells = read_records(connection, _CELLS.format(schema=schema, chosen=chosen))
    questions = _questions(read_records(connection, _STATUSES.format(schema=schema, chosen=chosen)))
    shared: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for cell in cells:
        if cell["kind"] not in KINDS:
            raise BadInput(
                f"The measure {cell['measure']} has no definition",
                "dim_measure",
                "describe it, and run the warehouse again",
            )
        shared.setdefault(tuple(cell[name] for name in _SHARED), []).append(cell)
    explained: dict[tuple[str, str], list[Explanation]] = {}
    for same in shared.values():
        first = same[0]
        asked = questions.get(tuple(first[name] for name in _CELL), ())
        explained.setdefault((first["report"], first["table_id"]), []).append(_explanation(same, asked))
    return explained


def read_origin(connection: duckdb.DuckDBPyConnection, schema: str) -> Origin:
    """Where the answers behind the cells come from."""
    rows = connection.execute(f"select distinct origin from {schema}.rpt_cells").fetchall()
    return origin_of(origin for (origin,) in rows)


def read_members(connection: duckdb.DuckDBPyConnection, schema: str, one: Explanation) -> list[Member]:
    """The municipalities in the base of an explained number, by name."""
    where = " and ".join(f"members.{name} = ?" for name in _CELL)
    members = f"{_MEMBERS.format(schema=schema)}where {where}"
    columns = "municipality_name, municipality_code, numerator, denominator, is_counted"
    rows = connection.execute(f"select {columns} from ({members}) order by all", one.cell).fetchall()
    return [Member(*row) for row in rows]


def read_behind(
    connection: duckdb.DuckDBPyConnection, schema: str, cells: list[tuple[str, ...]]
) -> dict[tuple[str, ...], Behind]:
    """Whose names are behind each of these cells, all in one query."""
    parameters = {name: [cell[i] for cell in cells] for i, name in enumerate(_CELL)}
    rows = connection.execute(_BEHIND.format(schema=schema), parameters).fetchall()
    return {row[:4]: Behind(*row[4:]) for row in rows}


def read_printed_figures(connection: duckdb.DuckDBPyConnection, schema: str, one: Explanation) -> list[PrintedFigure]:
    """The printed figures that these numbers were compared with; none where the survey year has no printed report."""
    import duckdb

    selected = one.selection
    try:
        rows = connection.execute(
            f"select {', '.join(PrintedFigure._fields)} from {schema}.rpt_reconciliation"
            " where report = ? and table_id = ? and row_key = ? order by figure_no",
            [selected.report, selected.table_id, selected.row_key],
        ).fetchall()
    except duckdb.CatalogException:
        return []
    keys = {number.column_key for number in one.numbers}
    return [figure for row in rows if (figure := PrintedFigure(*row)).column_key in keys]


def run_sql(connection: duckdb.DuckDBPyConnection, one: Explanation) -> dict[str, Any]:
    """What its SQL gives, by column. Only where the marts are in the connection's own schema, as in the published file."""
    [record] = read_records(connection, one.sql)
    return record


_SHARED = ("report", "table_id", "row_key", "measure", "survey_year", "population", "breakdown", "category")
_CELLS = """
select
    cells.*,
    measures.kind,
    measures.definition_nl,
    measures.definition_en,
    survey_years.analysis_population,
    survey_years.analysis_population_years,
    categories.breakdown_label_nl,
    categories.breakdown_label_en,
    categories.label_nl as category_label_nl,
    categories.label_en as category_label_en
from (select * exclude (kind) from {schema}.rpt_cells) as cells
left join {schema}.dim_measure as measures on cells.measure = measures.measure
left join {schema}.dim_survey_year as survey_years on cells.survey_year = survey_years.survey_year
left join {schema}.dim_category as categories
    on cells.breakdown = categories.breakdown and cells.category = categories.category
where {chosen}
order by cells.report, cells.table_id, cells.row_no, cells.column_no
"""
_STATUSES = """
select
    cells.report,
    cells.table_id,
    cells.row_key,
    cells.column_key,
    cells.question_id,
    questions.wording_nl,
    questions.wording_en,
    cells.status,
    cells.municipalities
from {schema}.rpt_cell_statuses as cells
left join {schema}.dim_question as questions
    on cells.survey_year = questions.survey_year and cells.question_id = questions.question_id
where {chosen}
order by cells.report, cells.table_id, cells.row_key, cells.column_key, questions.question_position, cells.question_id
"""
# A municipality is called what it was called in that survey year; one of another year's borders, by its own name.
_MEMBERS = """
select
    members.report,
    members.table_id,
    members.row_key,
    members.column_key,
    members.municipality_code,
    coalesce(registered.municipality_name, known.municipality_name, members.municipality_code) as municipality_name,
    members.numerator,
    members.denominator,
    coalesce(members.numerator > 0, false) as is_counted
from {schema}.rpt_cell_members as members
left join {schema}.dim_municipality_year as registered
    on
        members.survey_year = registered.survey_year
        and members.municipality_code = registered.municipality_code
left join {schema}.dim_municipality as known
    on members.municipality_code = known.municipality_code
"""
_BEHIND = (
    """
with wanted as (

    select
        unnest($report) as report,
        unnest($table_id) as table_id,
        unnest($row_key) as row_key,
        unnest($column_key) as column_key

),

members as ("""
    + _MEMBERS
    + """
)

select
    report,
    table_id,
    row_key,
    column_key,
    count(*) filter (where is_counted),
    coalesce(string_agg(municipality_name, ', ' order by municipality_name) filter (where is_counted), ''),
    count(*) filter (where not is_counted),
    coalesce(string_agg(municipality_name, ', ' order by municipality_name) filter (where not is_counted), '')
from members
semi join wanted using (report, table_id, row_key, column_key)
group by all
"""
)


def _questions(records: list[dict[str, Any]]) -> dict[tuple[str, ...], tuple[Question, ...]]:
    found: dict[tuple[str, ...], dict[str, tuple[Text, dict[str, int]]]] = {}
    for record in records:
        asked = found.setdefault(tuple(record[name] for name in _CELL), {})
        _, statuses = asked.setdefault(record["question_id"], (text_of(record, "wording"), {}))
        statuses[record["status"]] = record["municipalities"]
    return {cell: tuple(Question(i, *rest) for i, rest in asked.items()) for cell, asked in found.items()}


def _explanation(cells: list[dict[str, Any]], questions: tuple[Question, ...]) -> Explanation:
    first = cells[0]
    selection = Selection(**{name: first[name] for name in Selection.__dataclass_fields__})
    return Explanation(
        selection=selection,
        numbers=tuple(
            Number(
                row_key=cell["row_key"],
                column_key=cell["column_key"],
                column_no=cell["column_no"],
                row_label=text_of(cell, "row_label"),
                column_label=text_of(cell, "column_label"),
                statistic=cell["statistic"],
                printed=text_of(cell, "value_text"),
                value=cell["value"],
            )
            for cell in cells
        ),
        definition=text_of(first, "definition"),
        whose=_whose(first),
        numerator=first["numerator"],
        denominator=first["denominator"],
        n_municipalities=first["n_municipalities"],
        questions=questions,
        sql=sql_of(selection, {cell["statistic"] for cell in cells}),
    )


def _whose(cell: Mapping[str, Any]) -> Text:
    """Population and group in words: 'municipalities with a questionnaire of 2023; Urbanisation: very strongly urban'."""
    population = _population(cell)
    if cell["breakdown"] == "total":
        return population
    breakdown, category = text_of(cell, "breakdown_label"), text_of(cell, "category_label")
    group = Text(
        *(f"{b or cell['breakdown']}: {c or cell['category']}" for b, c in zip(breakdown, category, strict=True))
    )
    return Text(*(f"{p}; {g}" for p, g in zip(population, group, strict=True)))


def _population(cell: Mapping[str, Any]) -> Text:
    name, year = cell["population"], cell["survey_year"]
    if name == "respondents":
        return Text(f"gemeenten met een vragenlijst van {year}", f"municipalities with a questionnaire of {year}")
    if name == "municipalities":
        return Text(f"alle gemeenten in het register van {year}", f"all municipalities in the register of {year}")
    if name == cell["analysis_population"]:
        years = cell["analysis_population_years"].split(",")
        nl, en = " en van ".join(years), " and of ".join(years)
        return Text(f"gemeenten met een vragenlijst van {nl}", f"municipalities with a questionnaire of {en}")
    if panel := _PANEL.fullmatch(name):
        kind, set_of_years = panel.groups()
        over = _years_of(set_of_years)
        return {
            "strict": Text(
                f"gemeenten met alle aantallen over {over.nl} en in die jaren hetzelfde grondgebied",
                f"municipalities with all counts for {over.en} and the same territory in those years",
            ),
            "harmonised": Text(
                f"gemeenten naar de indeling van deze editie met alle aantallen over {over.nl}, hun voorgangers opgeteld",
                f"municipalities by this edition's borders with all counts for {over.en}, their predecessors added up",
            ),
        }[kind]
    return Text(name, name)


def _years_of(set_of_years: str) -> Text:
    """Two years joined by _ are a span; any other set names all of its years."""
    years = set_of_years.replace("_and_", "_").split("_")
    if len(years) == 2 and "_and_" not in set_of_years:
        return Text(" tot en met ".join(years), " to ".join(years))
    listed = ", ".join(years[:-1])
    return Text(f"{listed} en {years[-1]}", f"{listed} and {years[-1]}")
