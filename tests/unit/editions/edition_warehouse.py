"""A small warehouse for tests of editions: the report tables, with the columns that dbt gives them, what else the pages
need to know of their cells, and two marts.

Belongs here: building that file, with what a test wants to be different. Does not belong here: assertions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb

from assets.base.yaml_file import load_model
from assets.catalogue.labels import load_labels
from assets.editions.content.audiences import AudienceFile, Audiences
from assets.editions.content.imprint import load_publication
from assets.editions.publication.publish import EditionResult, Terms, publish_edition
from tests.warehouse_sql import create_tables, declared_audiences, insert

MODELS = (
    *("rpt_tables", "rpt_cells", "rpt_cell_breakdowns", "rpt_cell_explanations", "rpt_cell_members"),
    *("rpt_cell_statuses", "rpt_reconciliation", "dim_category", "dim_municipality", "dim_municipality_year"),
    *("rpt_public_tables", "rpt_public_cells", "rpt_public_cell_breakdowns", "rpt_public_cell_explanations"),
    *("rpt_public_cell_statuses", "dim_disclosure_rule", "dim_report", "rpt_tables_not_made", "rpt_series"),
    *("fct_disclosure", "fct_facts", "fct_measure_members", "dim_municipality_group", "dim_survey_year"),
)
TRACES = """
insert into rpt_cell_members
    select report, table_id, row_key, column_key, survey_year, 'GM1900', 'Súdwest-Fryslân', 'Fryslân', 1, 1, 0
    from rpt_cells;
insert into rpt_cell_statuses
    select report, table_id, row_key, column_key, survey_year, 1, 'L1', 'Is er overleg?', 'Is there consultation?',
        'answered', n_municipalities from rpt_cells;
insert into rpt_cell_explanations
    select report, table_id, row_number() over (partition by report, table_id order by row_no, column_no), row_key,
        column_key, 'Wat geteld is.', 'What was counted.', 'alle gemeenten', 'all municipalities', 'select 1', 1,
        'Súdwest-Fryslân', 0, null from rpt_cells;
"""
PUBLIC = """
insert into rpt_public_tables from rpt_tables;
insert into rpt_public_cells from rpt_cells;
insert into rpt_public_cell_breakdowns select * exclude (n_unknown) from rpt_cell_breakdowns;
insert into rpt_public_cell_explanations select * exclude (counted_names, base_only_names) from rpt_cell_explanations;
insert into rpt_public_cell_statuses from rpt_cell_statuses;
insert into dim_municipality_group
    select 2023, 'respondents', 'GM' || lpad(i::varchar, 4, '0'), 'disadvantage_group', 'low' from range(1, 21) t (i);
insert into fct_measure_members
    select 'measure', 2023, 'respondents', municipality_code, 1, 1, 0 from dim_municipality_group;
insert into fct_facts by name
    select 'measure' as measure, 2023 as survey_year, 'respondents' as population, 'disadvantage_group' as breakdown,
        'low' as category, 'total' as within_breakdown, 'all' as within_category,
        false as is_exempt;
insert into fct_disclosure by name
    select * exclude (kind, is_printed, is_exempt, is_structural, is_inside), 'shown' as verdict, true as is_public
    from fct_facts;
insert into dim_survey_year by name select 2023 as survey_year, 'final' as status;
create schema internal;
create table internal.fct_facts as from fct_facts;
drop table fct_facts;
insert into dim_report values
    ('landelijk2023', 'Landelijk rapport', 'National report', false, 2023, true),
    ('oud2021', 'Ouder rapport', 'Older report', false, 2021, false);
insert into rpt_tables_not_made values
    ('landelijk2023', 2023, 3, 'topics', 'Onderwerp', 'Topics', '', '', 'concept', 'topic', 'Geen vraag', 'Not asked.');
insert into rpt_series by name
    select
        'landelijk2023' as report, 1 as position, 'tabel_1_10' as table_id, 1 as row_no, 'number' as row_key,
        'Aantal' as row_label_nl, 'Number' as row_label_en, 1 as column_no, 'share' as column_key,
        'Aandeel' as column_label_nl, 'Share' as column_label_en, survey_year, survey_year - 1 as reference_year,
        'measure' as measure, 'respondents' as population, 'share' as unit,
        600 as numerator, 1200 as denominator, 0.5 as value, '50%' as value_text_nl,
        '50%' as value_text_en, 1200 as n_municipalities, 0 as n_unknown,
        nullif(survey_year - 1, 2021) as compared_with, if(survey_year = 2022, 'first', 'changed') as comparability,
        if(survey_year = 2022, '', 'Anders gevraagd.') as comparability_reason_nl,
        if(survey_year = 2022, '', 'Asked otherwise.') as comparability_reason_en,
        if(survey_year = 2022, null, -2.5) as change_in_points,
        if(survey_year = 2022, null, 900) as panel_municipalities,
        if(survey_year = 2022, null, 1) as panel_change_in_points
    from unnest([2022, 2023]) as years (survey_year);
insert into dim_disclosure_rule values ('rule', 'too_few', 10, null, 'Ten minste tien.', 'At least ten.');
insert into dim_disclosure_rule
    values ('sign', '.', null, null, 'Achter een punt staat een getal.', 'A full stop replaces.');
"""
LABELS = Path(__file__).parents[3] / "data" / "labels.yaml"
FIGURES = ("figuur_1_2", "figuur_1_4")
REPORTS = {
    "landelijk2023": ("Landelijk rapport LEA/vve 2023", "National report LEA/vve 2023"),
    "thema2022": ("Themarapport Onderwerp van gesprek", "Thematic report Subject of conversation"),
}
CATEGORY = ["breakdown", "category", "category_no", "breakdown_label_nl", "breakdown_label_en", "label_nl", "label_en"]
CATEGORIES = [
    ("disadvantage_group", "low", 1, "Achterstandsgroep", "Disadvantage group", "Laag", "Low"),
    ("disadvantage_group", "high", 2, "Achterstandsgroep", "Disadvantage group", "Hoog", "High"),
    ("urbanisation", "very", 1, "Stedelijkheid", "Urbanisation", "Zeer sterk stedelijk", "Very strongly urban"),
    ("urbanisation", "somewhat", 2, "Stedelijkheid", "Urbanisation", "Matig stedelijk", "Somewhat urban"),
    ("urbanisation", "not", 3, "Stedelijkheid", "Urbanisation", "Niet stedelijk", "Not urban"),
]
# What part of the municipalities is in a category: in one there are none.
PARTS = {"low": (2, 3), "high": (1, 3), "very": (1, 3), "somewhat": (2, 3), "not": (0, 1)}
PANEL = {
    "2020": (14980, 17540, 12311),
    "2021": (15023, 17461, 12402),
    "2022": (14874, 17602, 12188),
}
Key = tuple[str, str, str]  # key, Dutch label, English label
PROJECT = Path(__file__).parents[3]


@cache
def terms() -> Terms:
    """As the project declares them: data/audiences.yaml, and what the models say in their yml."""
    file = load_model(PROJECT / "data/audiences.yaml", AudienceFile, "file", "")
    return Terms(Audiences(file, declared_audiences()), load_publication(PROJECT / "data/publication.yaml"))


def publish(warehouse: Path, editions: Path, survey_year: int = 2023, **options: Any) -> EditionResult:
    """An edition as ``publish_edition`` makes it, on the project's own terms."""
    return publish_edition(warehouse, editions, survey_year, **{"terms": terms(), "inputs": {}, **options})


class Number(NamedTuple):
    """What a cell holds; ``denominator`` None for a total, ``numerator`` None for no number at all."""

    printed_as: str
    numerator: int | None
    denominator: int | None
    n: int
    decimals: int = 0
    measure: str = "measure"
    unknown: int = 0

    @property
    def unit(self) -> str:
        return {"percent": "share", "mean": "number"}.get(self.printed_as, "count")

    @property
    def statistic(self) -> str:
        return "n_municipalities" if self.printed_as == "base" else "value"

    @property
    def exact(self) -> Decimal | None:
        """The number in its unit."""
        if self.printed_as == "base":
            return Decimal(self.n)
        if self.numerator is None or self.denominator == 0:
            return None
        return Decimal(self.numerator) * (100 if self.unit == "share" else 1) / (self.denominator or 1)

    @property
    def value(self) -> float | None:
        return None if self.exact is None else float(self.exact) / (100 if self.unit == "share" else 1)

    @property
    def printed(self) -> Decimal | None:
        """The number in its unit, with as many decimals as are printed."""
        return None if self.exact is None else self.exact.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)

    @property
    def rounded(self) -> float | None:
        return None if self.printed is None else float(self.printed / (100 if self.unit == "share" else 1))

    @property
    def texts(self) -> tuple[str, str]:
        if self.printed is None:
            return "–", "–"
        english = f"{self.printed:,}" + ("%" if self.unit == "share" else "")
        return english.translate(str.maketrans(",.", ".,")), english

    def part(self, of: tuple[int, int]) -> Number:
        """The same number of a part of the municipalities."""
        times, by = of
        numerator, denominator = (part if part is None else part * times // by for part in self[1:3])
        return self._replace(
            numerator=numerator if times or denominator is not None else None,
            denominator=denominator,
            n=self.n * times // by,
        )


class Table(NamedTuple):
    report: str
    table_id: str
    kind: str
    place: tuple[str, str]
    title: tuple[str, str]
    rows: Sequence[Key]
    columns: Sequence[Key]
    numbers: Sequence[Sequence[Number | None]]
    row_heading: tuple[str, str] = ("", "")
    comparability: tuple[str, str] = ("", "")
    survey_years: Sequence[int] = ()
    chart: str = ""


@dataclass(frozen=True)
class Warehouse:
    """What the warehouse of a test holds; ``replace`` it to get another."""

    origin: str = "synthetic"
    places: int = 71562
    narrow_label: str = "Smal"
    places_label: str = "Kindplaatsen"
    source: str = "vragenlijst gemeenten, 2023"
    answer_text: str = "Súdwest-Fryslân"
    reconciled: bool = True
    left_out: tuple[str, ...] = ()

    def but(self, **different: Any) -> Warehouse:
        return replace(self, **different)

    def write(self, path: Path) -> Path:
        """Write the warehouse file anew and return its path."""
        path.write_bytes(_file(self))
        return path

    def create(self, connection: duckdb.DuckDBPyConnection) -> None:
        create_tables(connection, *MODELS)
        sudwest = {"municipality_code": "GM1900", "municipality_name": "Súdwest-Fryslân"}
        insert(connection, "dim_municipality", sudwest)
        insert(connection, "dim_municipality_year", {**sudwest, "survey_year": 2023})
        tables = [table for table in self._tables() if table.table_id not in self.left_out]
        position = dict.fromkeys(REPORTS, 0)
        for table in tables:
            position[table.report] += 1
            _insert(connection, "rpt_tables", [self._described(table, position[table.report])])
            _insert(connection, "rpt_cells", [self._cell(table, *cell) for cell in _cells_of(table)])
            _insert(connection, "rpt_cell_breakdowns", list(_by_category(table)))
        connection.execute(TRACES)
        labels = load_labels(LABELS)  # noqa: F841 (DuckDB finds it by its name)
        connection.execute("create table dim_label as from labels")
        for category in CATEGORIES:
            named = dict(zip(CATEGORY, category, strict=True))
            own = {"column_name": category[0], "origin": "registers", "is_measured": False}
            insert(connection, "dim_category", named | own)
        connection.execute(PUBLIC)
        if self.reconciled:
            _insert(connection, "rpt_reconciliation", PRINTED)
        connection.execute(
            "create table fct_reach (municipality_code varchar, survey_year integer, target_toddlers"
            " hugeint, reach double, is_complete boolean, given_on date)"
        )
        connection.execute("comment on table fct_reach is 'Reach of a municipality in a year'")
        connection.execute("comment on column fct_reach.reach is 'reached / target toddlers'")
        connection.execute(
            "insert into fct_reach select 'GM' || lpad(i::varchar, 4, '0'), 2023, 100 + i, i / 400, i % 2 = 0,"
            " date '2023-01-01' + i::integer from range(340, 0, -1) t(i)"
        )
        connection.execute("create table dim_note (municipality_code varchar, text varchar)")
        connection.execute("insert into dim_note values ('GM1900', ?)", [self.answer_text])
        connection.execute("create table stg_not_published as select 1 as a")

    def _tables(self) -> list[Table]:
        counts = [
            ("target_toddlers", "Doelgroeppeuters", "Target toddlers"),
            ("places", self.places_label, "Places"),
            ("reached_toddlers", "Bereikte doelgroeppeuters", "Reached target toddlers"),
        ]
        amounts = ((53257, 297), (self.places, 291), (43334, 314))
        count_and_percent = [("count", "Vastgelegd", "Recorded"), ("percent", "Vastgelegd", "Recorded")]
        reached = ((7800, 10000, 83), (9240, 12000, 119), (5100, 6000, 54))
        return [
            Table(
                "landelijk2023",
                "par_1_1",
                "text",
                ("§1.1", "§1.1"),
                ("Overleg over de thema's", "Consultation on the themes"),
                [
                    ("consulted", "gemeenten met overleg", "municipalities with consultation"),
                    ("consulted_share", "gemeenten met overleg", "municipalities with consultation"),
                    ("a_third", "een derde sprak niet", "a third did not speak"),
                ],
                [("total", "Totaal", "Total"), ("small", "Kleine gemeenten", "Small municipalities")],
                [
                    [Number("count", 319, None, 340), Number("count", 40, None, 50)],
                    [Number("percent", 319, 340, 340, 1), Number("percent", 40, 50, 50, 1)],
                    [Number("percent", 113, 340, 340), None],
                ],
            ),
            Table(
                "landelijk2023",
                "tabel_1_10",
                "table",
                ("Tabel 1.10", "Table 1.10"),
                (
                    "Tabel 1.10: Overzicht van het aantal doelgroepkinderen, het aantal kindplaatsen en het aantal"
                    " bereikte doelgroepkinderen in 2022, en het aantal gemeenten dat deze gegevens aanleverde",
                    "Number of target children, number of places and number of reached target children in 2022, and"
                    " number of municipalities that provided these data",
                ),
                [
                    ("amount", "Aantal", "Number"),
                    (
                        "municipalities",
                        "Aantal gemeenten dat gegevens aanleverde",
                        "Number of municipalities that provided data",
                    ),
                ],
                counts,
                [
                    [Number("count", total, None, n) for total, n in amounts],
                    [Number("base", total, None, n) for total, n in amounts],
                ],
            ),
            Table(
                "landelijk2023",
                "tabel_1_11",
                "table",
                ("Tabel 1.11", "Table 1.11"),
                (
                    "Bereikpercentage in relatie tot de omvang van de doelgroepdefinitie",
                    "Reach in relation to the breadth of the target-group definition",
                ),
                [("narrow", self.narrow_label, "Narrow"), ("middle", "Midden", "Middle"), ("broad", "Breed", "Broad")],
                [
                    ("reach", "Bereikpercentage", "Reach"),
                    ("municipalities", "Aantal gemeenten", "Municipalities"),
                ],
                [[Number("percent", r, t, n), Number("base", r, t, n)] for r, t, n in reached],
                row_heading=("Omvang doelgroepdefinitie", "Breadth of the definition"),
                comparability=("De vraag is in 2023 anders gesteld.", "The question was put differently in 2023."),
            ),
            Table(
                "landelijk2023",
                "figuur_1_2",
                "figure",
                ("Figuur 1.2", "Figure 1.2"),
                ("Percentage gemeenten dat doelen stelde (n=340)", "Share of municipalities with goals (n=340)"),
                [
                    ("disadvantage", "Bestrijden van onderwijsachterstanden", "Combating educational disadvantage"),
                    ("segregation", "Voorkomen van segregatie", "Preventing segregation"),
                    ("admission", "Inschrijving en toelating", "Registration and admission"),
                ],
                [("share", "Percentage", "Share")],
                [[Number("percent", yes, 340, 340)] for yes in (269, 102, 119)],
                chart='{"kind": "shares", "grey": [], "of": []}',
            ),
            Table(
                "landelijk2023",
                "figuur_1_4",
                "figure",
                ("Figuur 1.4", "Figure 1.4"),
                (
                    "Overzicht van de ontwikkeling van het aantal doelgroeppeuters, kindplaatsen en bereikte"
                    " doelgroeppeuters in 2020, 2021 en 2022 (n=88)",
                    "Development of the number of target toddlers, places and reached target toddlers in 2020, 2021 and"
                    " 2022 (n=88)",
                ),
                [(year, year, year) for year in PANEL],
                counts,
                [[Number("count", count, None, 88) for count in row] for row in PANEL.values()],
                survey_years=(2021, 2022, 2023),
                chart='{"kind": "lines", "grey": [], "of": []}',
            ),
            Table(
                "thema2022",
                "tabel_1_10",  # the same table id as in the other report
                "table",
                ("Tabel 1.10", "Table 1.10"),
                ("Formele vastlegging van samenwerking", "Formal recording of cooperation"),
                [
                    ("yes", "Ja", "Yes"),
                    ("no", "Nee", "No"),
                    ("not_collected", "Niet uitgevraagd", "Not collected"),
                ],
                count_and_percent,
                [
                    [Number("count", 116, None, 349), Number("percent", 116, 349, 349, 1)],
                    [Number("count", 233, None, 349), Number("percent", 233, 349, 349, 1)],
                    [Number("count", None, None, 0), Number("percent", None, 0, 0, 1)],
                ],
                survey_years=(2020,) * 3,
            ),
            Table(
                "thema2022",
                "par_3_1",
                "text",
                ("§3.1", "§3.1"),
                ("Onderwerpen op de agenda", "Topics on the agenda"),
                [("mean", "gemiddeld aantal onderwerpen", "mean number of topics")],
                [("value", "", "")],
                [[Number("mean", 5810, 350, 350, 1)]],
                survey_years=(2021,),
            ),
        ]

    def _described(self, table: Table, position: int) -> Sequence[Any]:
        sources = (self.source, "questionnaire of municipalities, 2023")
        return (
            table.report,
            *REPORTS[table.report],
            position,
            table.table_id,
            table.kind,
            *table.place,
            *table.title,
            *sources,
            *("", ""),
            *table.row_heading,
            table.chart,
            *("", "", "", ""),
            *table.comparability,
            self.origin,
        )

    def _cell(self, table: Table, row_no: int, column_no: int, number: Number) -> Sequence[Any]:
        row, column = table.rows[row_no], table.columns[column_no]
        year = table.survey_years[row_no] if table.survey_years else 2023
        return (
            table.report,
            table.table_id,
            table.kind,
            row_no + 1,
            column_no + 1,
            row[0],
            column[0],
            *row[1:],
            *column[1:],
            number.measure,
            number.statistic,
            number.printed_as,
            year,
            year - 1,
            "all",
            "total",
            "total",
            number.numerator,
            number.denominator,
            number.value,
            number.unit,
            number.decimals,
            number.rounded,
            *number.texts,
            number.n,
            number.unknown,
            *("", ""),
            self.origin,
        )


def _printed(
    report: str,
    place: str,
    labels: tuple[str, str],
    printed: tuple[str, str],
    base: int | None,
    outcome: tuple[str, str | None],
    cell: tuple[str | None, str | None, str | None] = (None, None, None),
    computed: tuple[Any, ...] = (None,) * 5,
) -> Sequence[Any]:
    status, reason = outcome
    in_dutch = f"NL {reason}" if reason else None
    return [report, place, *labels, *printed, base, "", 890, "", status, in_dutch, reason, *cell, *computed]


# The columns of rpt_reconciliation after figure_no.
_PRINTED = [
    _printed(
        "landelijk2023",
        "Tabel 1.10",
        ("Aantal", "Doelgroepkinderen"),
        ("count", "53257"),
        None,
        ("match", None),
        ("tabel_1_10", "amount", "target_toddlers"),
        (53257, None, 53257.0, "53.257", "53,257"),
    ),
    _printed(
        "landelijk2023",
        "Tabel 1.11",
        ("Smal", "Bereikpercentage"),
        ("percent", "87"),
        83,
        ("misprint", "7800/10000 = 78.0%. Digits <swapped> & printed."),
        ("tabel_1_11", "narrow", "reach"),
        (7800, 10000, 0.78, "78%", "78%"),
    ),
    _printed(
        "landelijk2023",
        "§1.1",
        ("een derde sprak niet", ""),
        ("percent", "about 33.3"),
        340,
        ("match", None),
        ("par_1_1", "a_third", "total"),
        (113, 340, 113 / 340, "33%", "33%"),
    ),
    _printed(
        "landelijk2023",
        "§6.3",
        ("gesproken gemeenten", ""),
        ("count", "22"),
        None,
        ("not_derivable", "Interviews are no part of the questionnaires."),
    ),
    _printed(
        "thema2022",
        "Tabel 1.10",
        ("Ja", "Vastgelegd"),
        ("percent", "33.2"),
        349,
        ("match", None),
        ("tabel_1_10", "yes", "percent"),
        (116, 349, 116 / 349, "33,2%", "33.2%"),
    ),
    _printed(
        "thema2022",
        "§3.1",
        ("gemiddeld aantal onderwerpen", ""),
        ("mean", "17 to 18"),
        350,
        ("differs", "The data give 16,6 (base 350)."),
        ("par_3_1", "mean", "value"),
        (5810, 350, 16.6, "16,6", "16.6"),
    ),
    _printed(
        "thema2022",
        "Tabel 1.10",
        ("Niet uitgevraagd", "Vastgelegd"),
        ("percent", "-"),
        None,
        ("match", None),
        ("tabel_1_10", "not_collected", "percent"),
        (None, 0, None, "–", "–"),
    ),
]
PRINTED = [[figure_no, *figure] for figure_no, figure in enumerate(_PRINTED, start=1)]


def _cells_of(table: Table) -> Iterator[tuple[int, int, Number]]:
    for row_no, row in enumerate(table.numbers):
        for column_no, number in enumerate(row):
            if number:
                yield row_no, column_no, number


def _by_category(table: Table) -> Iterator[Sequence[Any]]:
    """The cells of tables and figures by category, but for the panel, which is too small to be broken down."""
    is_broken_down = table.kind != "text" and table.table_id != "figuur_1_4"
    for row_no, column_no, whole in _cells_of(table) if is_broken_down else ():
        for breakdown, category, category_no, *_ in CATEGORIES:
            number = whole.part(PARTS[category])
            yield (
                table.report,
                table.table_id,
                table.rows[row_no][0],
                table.columns[column_no][0],
                breakdown,
                category,
                category_no,
                number.numerator,
                number.denominator,
                number.value,
                number.rounded,
                *number.texts,
                number.n,
                number.unknown,
            )


@cache
def _file(warehouse: Warehouse) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.duckdb"
        with duckdb.connect(path) as connection:
            warehouse.create(connection)
        return path.read_bytes()


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Rows with a value for every column, in one statement: one for each would take most of the time."""
    if rows:
        row = f"({', '.join('?' * len(rows[0]))})"
        values = [value for row_values in rows for value in row_values]
        connection.execute(f"insert into {table} values {', '.join([row] * len(rows))}", values)
