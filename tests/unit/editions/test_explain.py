"""``lea explain`` and the pages ``explain/``: where a published number comes from, and who is behind it."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb
import jinja2
import pytest

from assets.base.texts import LANGUAGES, file_in
from assets.catalogue.labels import load_labels
from assets.editions.content.mark import SYNTHETIC_MARK, Origin
from assets.editions.content.reading import read_content
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.pages.explain.page import write_explanations
from assets.editions.pages.explain.reading import Explanation, read_explanations, read_members, recomputed
from assets.editions.pages.records import Record
from tests.conftest import Lea
from tests.unit.editions.edition_warehouse import LABELS
from tests.warehouse_sql import create_tables, insert

pytestmark = pytest.mark.slow

STAMP = Stamp(2023, 1, datetime(2026, 11, 21, tzinfo=UTC), None, 0)

PUBLISHED = (
    *("rpt_tables", "rpt_cells", "rpt_cell_members", "rpt_cell_statuses", "rpt_reconciliation", "dim_measure"),
    *("rpt_cell_breakdowns", "rpt_series", "rpt_tables_not_made", "dim_category", "dim_report"),
    *("dim_category", "dim_survey_year", "dim_municipality_year", "fct_definition_breadth", "fct_answers"),
)
# What the model of the explanations reads, and the published database does not have.
INTERNAL = """
create temp table dim_panel (panel varchar, population varchar, reference_years integer[]);
create temp table stg_catalogue__measures (measure varchar, is_option boolean, base varchar);
create temp table int_measures__questions (measure varchar, part varchar, survey_year integer, question_id varchar,
    option_key varchar);
create temp table stg_questionnaires__options (survey_year integer, question_id varchar, option_key varchar,
    option_position integer);
"""
DBT = Path(__file__).parents[3] / "dbt_project"
MARKUP = """<script>alert('x')</script> & "Ede\""""
A, B, C, D, E, NOBODY = "GM0001", "GM0002", "GM0003", "GM0004", "GM0005", "GM0006"
ENDED, UNKNOWN = "GM0788", "GM9999"  # one of another year's borders, and one that no register has
NAMES = {A: "Amsterdam", B: "'s-Gravenhage", C: "Súdwest-Fryslân", D: "Ommen", E: MARKUP, NOBODY: "Ede"}
OTHER_NAMES = {ENDED: "Haaren", UNKNOWN: UNKNOWN}
URBANISATION = {A: 1, B: 1, C: 2, D: 2, E: None, NOBODY: 3}
# question → municipality → option → answered with yes (True) or no (False), or the status that it has instead
ANSWERS: dict[str, dict[str, dict[str, bool | str]]] = {
    "L1": {
        A: {"yes": True, "no": False},
        B: {"yes": True, "no": False},
        C: {"yes": False, "no": True},
        D: {"yes": True, "no": False},
        E: {"yes": "no_answer", "no": "no_answer"},
    },
    "L3": {
        A: {"yes_new": True, "yes_running": False, "no": False},
        B: {"yes_new": False, "yes_running": True, "no": False},
        C: dict.fromkeys(("yes_new", "yes_running", "no"), "not_asked"),
        D: {"yes_new": False, "yes_running": False, "no": True},
        E: dict.fromkeys(("yes_new", "yes_running", "no"), "not_asked"),
    },
    "M1": {
        A: {"a": True, "b": True},
        B: {"a": True, "b": False},
        C: {"a": False, "b": False},
        D: {"a": True, "b": "invalid"},
        E: {"a": "no_answer", "b": "no_answer"},
    },
}
TODDLERS = {A: (900, 1200), B: (30, 40), D: (0, 7)}
SCORES = {A: (4000, 10000), B: (15000, 10000), C: (9000, 10000)}


# What a municipality has above the line and below it.
Contribution = tuple[int, int | None]


class Statistic(NamedTuple):
    """A column of the tables: what it prints of a measure."""

    key: str
    label_nl: str
    label_en: str
    statistic: str


COUNT = Statistic("count", "Aantal", "Number", "numerator")
PERCENT = Statistic("percent", "Percentage", "Percentage", "value")
BASE = Statistic("base", "n", "n", "denominator")
N = Statistic("n", "Aantal gemeenten", "Municipalities", "n_municipalities")
TOTAL = Statistic("total", "Totaal", "Total", "value")
LOWEST = Statistic("lowest", "Laagste", "Lowest", "min")
HIGHEST = Statistic("highest", "Hoogste", "Highest", "max")
STATEMENT = Statistic("value", "", "", "value")


@dataclass(frozen=True)
class Row:
    """A row of a table, with whom it rests on: municipality → what it contributes above and below the line."""

    key: str
    label: str
    measure: str
    members: dict[str, Contribution]
    columns: tuple[Statistic, ...] = (COUNT, PERCENT, BASE, N)
    kind: str = "ratio"
    population: str = "respondents"
    breakdown: str = "total"
    category: str = "all"


@dataclass(frozen=True)
class Table:
    report: str
    table_id: str
    place: tuple[str, str]
    title: str
    rows: tuple[Row, ...] = field(repr=False)


def chose(counted: str = "", base_only: str = "") -> dict[str, Contribution]:
    """Members by letter: those in the numerator, and those in the base only."""
    letters = dict(zip("ABCDE", (A, B, C, D, E), strict=True))
    contributions: list[tuple[str, Contribution]] = [(one, (1, 1)) for one in counted]
    contributions += [(one, (0, 1)) for one in base_only]
    return {letters[one]: contribution for one, contribution in contributions}


AGREEMENTS = Row("agreements", "Inschrijving en toelating", "L3=yes_new|yes_running", chose("AB", "D"))
COUNTED = (
    AGREEMENTS,
    Row("answered", "Inschrijving, van wie antwoordde", "L3=yes_new/answered", chose("A", "BD")),
    Row("respondents", "Toelating, van alle", "L3=yes_new|yes_running/respondents", chose("AB", "CDE")),
    Row("among", "Geen afspraken waar overleg was", "L3=no/L1=yes", chose("D", "AB")),
    Row("among_same", "Eén van de twee", "M1=b/M1=a", chose("A", "BD")),
    Row("one_option", "Optie a", "M1=a", chose("ABD", "CE")),
    Row("options", "Optie a of b", "M1=a|b", chose("ABD", "CE")),
    Row("answered_both", "Optie a of b, volledig beantwoord", "M1=a|b/answered", chose("AB", "C")),
    Row("class", "Zeer sterk stedelijk", "L1=yes", chose("AB"), breakdown="urbanisation_class", category="1"),
    Row("no_class", "Geen klasse", "L1=yes", chose("", "E"), breakdown="urbanisation_class", category="unknown"),
    Row("nobody", "Klasse zonder gemeenten", "L1=yes", {}, breakdown="urbanisation_class", category="5"),
    Row("province", "Provincie", "L1=no", chose("C", "D"), breakdown="province", category="20"),
    Row("group", "Achterstand", "L1=yes", chose("A", ""), breakdown="disadvantage_group", category="high"),
    Row("breadth", "Smal", "L1=yes", chose("D", "C"), breakdown="definition_breadth", category="narrow"),
    Row("panel", "Beide jaren", "L1=yes", chose("AB", "C"), population="answered_2022_and_2023"),
    Row("register", "Van het register", "L1=yes", chose("ABD", "CE"), population="municipalities"),
    Row(
        "both",
        "Beide jaren en klasse",
        "L1=no",
        chose("C"),
        population="answered_2022_and_2023",
        breakdown="urbanisation_class",
        category="2",
    ),
)
OTHERS = (
    Row("missing", "Zonder antwoord", "L1=missing", chose("E", "ABCD")),
    Row("among_missing", "Van wie niet antwoordde", "M1=a/L1=missing", chose("", "E")),
    Row("classified", "Klasse van een rapport", "L1=yes", chose("A", "C"), breakdown="urbanisation_class_thema2022"),
    Row(
        "strict",
        "In het panel",
        "L1=yes",
        chose("AB") | {ENDED: (1, 1), UNKNOWN: (1, 1)},
        population="panel_strict_2021_2022",
    ),
    Row("in_class", "In de klasse", "urbanisation_class=1", chose("AB", "CDE")),
    Row("reach", "Bereik", "reach_national", dict(TODDLERS)),
    Row("toddlers", "Peuters", "toddlers_total", {c: (n, None) for c, (n, _) in TODDLERS.items()}, (TOTAL, N), "total"),
    Row("mean", "Gemiddeld bereik", "reach_mean", dict(TODDLERS), (PERCENT, N), "ratio_mean"),
    Row("median", "Mediaan", "reach_median", dict(TODDLERS), (PERCENT, N), "ratio_median"),
    Row("score", "Score", "disadvantage_score", dict(SCORES), (PERCENT, LOWEST, HIGHEST)),
    Row("o'clock", "Een 'sleutel' met aanhalingstekens", "reach_national", dict(TODDLERS)),
)
TABLES = (
    Table("landelijk2023", "tabel_1_2", ("Tabel 1.2", "Table 1.2"), "Afspraken", COUNTED),
    Table("landelijk2023", "tabel_1_10", ("Tabel 1.10", "Table 1.10"), "Aantallen", OTHERS),
    Table(
        "landelijk2023",
        "par_1_1",
        ("§1.1", "§1.1"),
        "Overleg",
        (
            Row("spoke", MARKUP, "L1=yes", chose("ABD", "CE"), (STATEMENT,)),
            Row("spoke_not", "gemeenten die niet overlegden", "L1=no", chose("C", "ABDE"), (STATEMENT,)),
        ),
    ),
    Table(
        "thema2022",
        "tabel_1_2",
        ("Tabel 1.2", "Table 1.2"),
        "Vastlegging",
        (Row("yes", "Ja", "L1=yes", chose("ABD", "CE"), (COUNT, PERCENT)),),
    ),
)


PRINTED = {
    "figure_no": 1,
    "report": "landelijk2023",
    "place": "Tabel 1.2",
    "printed_as": "percent",
    "printed": "48",
    "base": 3,
    "line": 445,
    "status": "misprint",
    "reason_nl": "2/3 = 66,7%",
    "reason_en": "2/3 = 66.7%",
    "table_id": "tabel_1_2",
    "row_key": "agreements",
    "column_key": "percent",
}


def stated(row: Row, statistic: str) -> float | None:
    """What a cell states, computed here from its members."""
    parts = list(row.members.values())
    shares = [numerator / (denominator or 1) for numerator, denominator in parts]
    if statistic == "n_municipalities":
        return len(parts)
    if not parts:
        return 0 if statistic in ("numerator", "denominator") else None
    numerator, denominator = sum(n for n, _ in parts), sum(d or 0 for _, d in parts)
    value = {
        "total": numerator,
        "ratio": numerator / (denominator or 1),
        "ratio_mean": mean(shares),
        "ratio_median": median(shares),
    }[row.kind]
    numbers = {
        "numerator": numerator,
        "denominator": denominator,
        "value": value,
        "min": min(shares),
        "max": max(shares),
    }
    return numbers[statistic]


def edition(folder: Path, origin: Origin = "synthetic") -> Path:
    """An edition with nothing but its database; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lea_vve.duckdb").write_bytes(_database(origin))
    return folder


@cache
def _database(origin: Origin) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "lea_vve.duckdb"
        with duckdb.connect(file) as connection:
            connection.execute("begin")
            _write(connection, origin)
            connection.execute("commit")
        return file.read_bytes()


def _write(connection: duckdb.DuckDBPyConnection, origin: Origin) -> None:
    create_tables(connection, *PUBLISHED)
    connection.execute(INTERNAL)
    for position, table in enumerate(TABLES):
        (place_nl, place_en), names = table.place, {"report": table.report, "table_id": table.table_id}
        titles = {"title_nl": table.title, "title_en": f"{table.title} (en)"}
        titles |= {"report_title_nl": f"Rapport {table.report}", "report_title_en": f"Report {table.report}"}
        kind = "text" if place_nl.startswith("§") else "table"
        places = {"kind": kind, "position": position, "place_nl": place_nl, "place_en": place_en, "origin": origin}
        insert(connection, "rpt_tables", names | titles | places)
        for row_no, row in enumerate(table.rows):
            _write_row(connection, table, row_no, row, origin)
    _write_dimensions(connection)
    insert(connection, "rpt_reconciliation", PRINTED)
    labels = load_labels(LABELS)  # noqa: F841 (DuckDB finds it by its name)
    connection.execute("create table dim_label as from labels")
    connection.execute(f"create table rpt_cell_explanations as {model('rpt_cell_explanations')}")


def model(name: str) -> str:
    """The SQL of a model of the cells, on tables that have the names of its own."""
    macros = (DBT / "macros" / "explaining.sql").read_text(encoding="utf-8")
    text = (DBT / "models/reports/cells" / f"{name}.sql").read_text(encoding="utf-8")
    return jinja2.Environment().from_string(macros + text).render(ref=lambda one: one)


def _write_measure(connection: duckdb.DuckDBPyConnection, row: Row) -> None:
    """A measure, and for ``L3=yes_new|yes_running/answered`` what it counts."""
    definition = {"definition_nl": f"Wat {row.measure} is", "definition_en": f"What {row.measure} is"}
    insert(connection, "dim_measure", {"measure": row.measure, "kind": row.kind, "source": "§1", **definition})
    counted, _, base = row.measure.partition("/")
    if counted.partition("=")[0] not in ANSWERS:
        return
    base = "among" if "=" in base else base or "asked"
    connection.execute("insert into stg_catalogue__measures values (?, true, ?)", [row.measure, base])
    for part, term in zip(("count", "among"), row.measure.split("/"), strict=False):
        question, _, options = term.partition("=")
        for option in options.split("|") if options else ():
            connection.execute(
                "insert into int_measures__questions values (?, ?, 2023, ?, ?)", [row.measure, part, question, option]
            )


def _write_row(connection: duckdb.DuckDBPyConnection, table: Table, row_no: int, row: Row, origin: Origin) -> None:
    if not connection.execute("from dim_measure where measure = ?", [row.measure]).fetchall():
        _write_measure(connection, row)
    for column_no, column in enumerate(row.columns):
        key = (table.report, table.table_id, row.key, column.key)
        value = stated(row, column.statistic)
        printed = "–" if value is None else f"{value:.0%}" if column is PERCENT else f"{value:.6g}"
        is_quotient = row.kind == "ratio"
        insert(
            connection,
            "rpt_cells",
            {
                "report": table.report,
                "table_id": table.table_id,
                "kind": "table",
                "row_no": row_no,
                "column_no": column_no,
                "row_key": row.key,
                "column_key": column.key,
                "row_label_nl": row.label,
                "row_label_en": f"{row.label} (en)",
                "column_label_nl": column.label_nl,
                "column_label_en": column.label_en,
                "measure": row.measure,
                "statistic": column.statistic,
                "survey_year": 2023,
                "population": row.population,
                "breakdown": row.breakdown,
                "category": row.category,
                "numerator": stated(row, "numerator") if is_quotient or row.kind == "total" else None,
                "denominator": stated(row, "denominator") if is_quotient else None,
                "value": value,
                "value_text_nl": printed.replace(".", ","),
                "value_text_en": printed,
                "n_municipalities": len(row.members),
                "origin": origin,
            },
        )
        for code, contribution in row.members.items():
            connection.execute(
                "insert into rpt_cell_members values (?, ?, ?, ?, 2023, ?, ?, 'Drenthe', ?, ?, 0)",
                [*key, code, (NAMES | OTHER_NAMES)[code], *contribution],
            )
        if question := next((q for q in ANSWERS if row.measure.startswith(f"{q}=")), None):
            asked = [list(ANSWERS).index(question), question, f"Vraag {question}: {MARKUP}", f"Question {question}"]
            for status, municipalities in (("not_asked", 2), ("answered", 3)):
                connection.execute(
                    "insert into rpt_cell_statuses values (?, ?, ?, ?, 2023, ?, ?, ?, ?, ?, ?)",
                    [*key, *asked, status, municipalities],
                )


def _write_dimensions(connection: duckdb.DuckDBPyConnection) -> None:
    population = {"analysis_population": "answered_2022_and_2023", "analysis_population_years": "2022,2023"}
    insert(connection, "dim_survey_year", {"survey_year": 2023, **population})
    category = {"breakdown": "urbanisation_class", "category": "1", "category_no": 1}
    category |= {"breakdown_label_nl": "Stedelijkheid", "breakdown_label_en": "Urbanisation"}
    insert(
        connection,
        "dim_category",
        {**category, "label_nl": "Zeer sterk stedelijk", "label_en": "Very strongly urban"},
    )
    connection.execute("insert into dim_panel values ('strict', 'panel_strict_2021_2022', [2021, 2022])")
    for question, answers in ANSWERS.items():
        for position, option in enumerate(answers[A]):
            connection.execute(
                "insert into stg_questionnaires__options values (2023, ?, ?, ?)", [question, option, position]
            )
    for code, name in NAMES.items():
        own = {"municipality_code": code, "survey_year": 2023}
        register = {
            "municipality_name": name,
            "urbanisation_class": URBANISATION[code],
            "province_code": "20" if code in (C, D) else "27",
            "disadvantage_group": "high" if code == A else "low",
            "is_in_analysis_population": code in (A, B, C),
        }
        insert(connection, "dim_municipality_year", own | register)
        breadth = {"definition_breadth": "narrow" if code in (C, D) else "broad"}
        insert(connection, "fct_definition_breadth", own | breadth)
    for question, answers in ANSWERS.items():
        for code, options in answers.items():
            for option, wording in options.items():
                status, is_selected = ("answered", wording) if isinstance(wording, bool) else (wording, None)
                answer = {"question_id": question, "option_key": option, "status": status, "is_selected": is_selected}
                own = {"municipality_code": code, "survey_year": 2023, "is_asked": status != "not_asked"}
                insert(connection, "fct_answers", own | answer)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return edition(tmp_path_factory.mktemp("edition"))


@pytest.fixture
def explain(lea: Lea, published: Path) -> Lea:
    """``lea explain`` on the edition of this file."""
    return lambda *arguments: lea("explain", *arguments, "--edition", published)


def all_explained(connection: duckdb.DuckDBPyConnection) -> list[tuple[Explanation, Record]]:
    explained = read_explanations(connection, "main")
    return [(one, cell) for ones in explained.values() for one in ones for cell in one.cells]


def explained_row(published: Path, row_key: str) -> Explanation:
    """The explanation of a row of the national report."""
    with duckdb.connect(published / "lea_vve.duckdb", read_only=True) as connection:
        explained = read_explanations(connection, "main", report="landelijk2023", row_key=row_key)
    [[one]] = explained.values()
    return one


class TestSql:
    def test_it_gives_every_cell(self, published: Path) -> None:
        with duckdb.connect(published / "lea_vve.duckdb", read_only=True) as connection:
            cells = all_explained(connection)
            given = {
                (one.place, cell["column_key"]): recomputed(connection, one, published)[cell["statistic"]]
                for one, cell in cells
            }
        assert len(cells) == sum(len(row.columns) for table in TABLES for row in table.rows)
        for one, cell in cells:
            result, value = given[one.place, cell["column_key"]], cell["value"]
            assert result is None if value is None else result == pytest.approx(value, rel=1e-9), cell["sql"]

    def test_what_counts_options_is_counted_in_the_answers_and_all_else_in_the_members(self, published: Path) -> None:
        with duckdb.connect(published / "lea_vve.duckdb", read_only=True) as connection:
            explained = read_explanations(connection, "main")
        counted, others = (explained["landelijk2023", table_id] for table_id in ("tabel_1_2", "tabel_1_10"))
        queries = [{one.first["row_key"]: one.first["sql"] for one in ones} for ones in (counted, others)]
        assert {key for key, sql in queries[0].items() if "from fct_answers" in sql} == {r.key for r in COUNTED}
        assert {key for key, sql in queries[1].items() if "from rpt_cell_members" in sql} == {r.key for r in OTHERS}

    def test_it_reads_like_a_query_that_somebody_wrote(self, published: Path) -> None:
        assert explained_row(published, "agreements").first["sql"] == (
            "select\n"
            "    count(*) filter (where is_counted) as numerator,\n"
            "    count(*) as denominator,\n"
            "    numerator / nullif(denominator, 0) as value,\n"
            "    count(*) as n_municipalities\n"
            "from (\n"
            "    select\n"
            "        municipality_code,\n"
            "        bool_or(is_asked and is_selected) as is_counted\n"
            "    from fct_answers\n"
            "    where survey_year = 2023\n"
            "        and question_id = 'L3' and option_key in ('yes_new', 'yes_running')\n"
            "    group by municipality_code\n"
            "    having bool_or(is_asked and status != 'not_collected')\n"
            ")"
        )

    def test_a_quote_in_a_key_stays_in_its_literal(self, published: Path) -> None:
        place = "report = 'landelijk2023' and table_id = 'tabel_1_10' and row_key = 'o''clock' and column_key = 'count'"
        sql = explained_row(published, "o'clock").first["sql"]
        assert " ".join(sql.split()).endswith(f"from rpt_cell_members where {place}")

    def test_the_name_of_a_measure_never_becomes_sql(self, published: Path) -> None:
        with duckdb.connect(published / "lea_vve.duckdb", read_only=True) as connection:
            cells = [cell for _, cell in all_explained(connection)]
        assert [cell["measure"] for cell in cells if cell["measure"] in cell["sql"]] == []


class TestReading:
    def test_count_and_percentage_of_one_thing_share_an_explanation(self, published: Path) -> None:
        with duckdb.connect(published / "lea_vve.duckdb", read_only=True) as connection:
            [one] = read_explanations(connection, "main", row_key="agreements")["landelijk2023", "tabel_1_2"]
        assert [cell["column_key"] for cell in one.cells] == ["count", "percent", "base", "n"]
        assert [one.first[name] for name in ("numerator", "denominator", "n_municipalities")] == [2, 3, 3]

    def test_the_schema_may_be_an_attached_one(self, published: Path) -> None:
        with duckdb.connect() as connection:
            connection.execute(f"attach '{published / 'lea_vve.duckdb'}' as warehouse (read_only)")
            [one] = read_explanations(connection, "warehouse.main", row_key="agreements").popitem()[1]
            assert len(read_members(connection, "warehouse.main", one)) == 3


class TestCell:
    def test_it_is_explained_whole(self, explain: Lea, published: Path) -> None:
        wording = explain(
            "Tabel 1.2", "--row", "Inschrijving en toelating", "--column", "Perc", "--report", "landelijk2023"
        )
        assert wording.exit_code == 0, wording.output
        folded = " ".join(wording.stdout.split())
        for part in (
            SYNTHETIC_MARK.nl,
            "Tabel 1.2 Afspraken (Rapport landelijk2023)",
            "rij: Inschrijving en toelating kolom: Percentage",
            "67% onafgerond: 0.6666666666666666",
            "definitie: Wat L3=yes_new|yes_running is (L3=yes_new|yes_running)",
            "over: gemeenten met een vragenlijst van 2023",
            "teller: 2 noemer: 3 n: 3 gemeenten",
            f"vraag: L3 Vraag L3: {MARKUP} beantwoord 3, niet gevraagd 2",
            "gedrukt: 48% (n=3), Tabel 1.2, r.445; drukfout: 2/3 = 66,7%",
            f"SQL op {published / 'lea_vve.duckdb'}:",
            "geeft: numerator 2, denominator 3, value 0.6666666666666666, n_municipalities 3",
            "In de teller: 2 's-Gravenhage (GM0002), Amsterdam (GM0001)",
            "Alleen in de basis: 1 Ommen (GM0004)",
        ):
            assert part in folded

    def test_in_english(self, explain: Lea) -> None:
        wording = explain("Table 1.2", "--row", "agreements", "--report", "landelijk", "--language", "en")
        folded = " ".join(wording.stdout.split())
        for part in (
            SYNTHETIC_MARK.en,
            "row: Inschrijving en toelating (en)",
            "unrounded: 2",
            "about: municipalities with a questionnaire of 2023",
            "question: L3 Question L3 answered 3, not asked 2",
            "printed: 48% (n=3), Tabel 1.2, r.445; misprint: 2/3 = 66.7%",
            "In the numerator: 2",
            "In the base only: 1",
        ):
            assert part in folded

    def test_the_sql_that_it_prints_runs_and_gives_the_number(self, explain: Lea, published: Path) -> None:
        wording = explain("Tabel 1.10", "--row", "o'clock", "--column", "percent")
        sql = wording.stdout[wording.stdout.index("select\n") : wording.stdout.index("\n\ngeeft")]
        with duckdb.connect(published / "lea_vve.duckdb", read_only=True) as connection:
            assert connection.execute(sql).fetchall() == [(930, 1247, 930 / 1247, 3)]

    def test_what_municipalities_contribute_is_said_where_it_is_not_one(self, explain: Lea) -> None:
        wording = explain("Tabel 1.10", "--row", "reach", "--column", "percent").stdout
        assert "Amsterdam (GM0001) 900/1200" in wording
        assert "Ommen (GM0004) 0/7" in wording.split("Alleen in de basis")[1]
        assert "Amsterdam (GM0001) 900\n" in explain("Tabel 1.10", "--row", "Peuters").stdout

    def test_a_cell_without_a_base(self, explain: Lea) -> None:
        wording = explain("Tabel 1.2", "--row", "nobody", "--column", "percent", "--report", "landelijk2023")
        assert wording.exit_code == 0, wording.output
        assert "–  onafgerond: –" in wording.stdout
        assert "In de teller: 0" in wording.stdout

    @pytest.mark.parametrize(
        ("row", "whose"),
        [
            ("class", "gemeenten met een vragenlijst van 2023; Stedelijkheid: Zeer sterk stedelijk"),
            ("province", "gemeenten met een vragenlijst van 2023; province: 20"),
            ("panel", "gemeenten met een vragenlijst van 2022 en van 2023"),
            ("register", "alle gemeenten in het register van 2023"),
            ("strict", "gemeenten met alle aantallen over 2021 tot en met 2022 en in die jaren hetzelfde grondgebied"),
        ],
    )
    def test_whose_answers_are_counted_in_words(self, explain: Lea, row: str, whose: str) -> None:
        table = "Tabel 1.10" if row == "strict" else "Tabel 1.2"
        wording = explain(table, "--row", row, "--column", "percent", "--report", "landelijk2023").stdout
        assert f"over: {whose} " in " ".join(wording.split())

    def test_real_answers_have_no_mark(self, lea: Lea, tmp_path: Path) -> None:
        wording = lea("explain", "Tabel 1.10", "--edition", edition(tmp_path, origin="real"))
        assert wording.stdout.startswith("Tabel 1.10")

    def test_an_edition_that_contradicts_itself_is_said_so(self, lea: Lea, tmp_path: Path) -> None:
        with duckdb.connect(edition(tmp_path) / "lea_vve.duckdb") as connection:
            connection.execute("update fct_answers set is_selected = false where question_id = 'M1'")
        wording = lea("explain", "Tabel 1.2", "--report", "landelijk2023", "--row", "one_option", "--edition", tmp_path)
        assert wording.exit_code == 1
        assert "The SQL gives 0, the edition says 3" in wording.stderr

    def test_without_printed_figures(self, lea: Lea, tmp_path: Path) -> None:
        with duckdb.connect(edition(tmp_path) / "lea_vve.duckdb") as connection:
            connection.execute("drop table rpt_reconciliation")
        wording = lea("explain", "§1.1", "--row", "niet", "--edition", tmp_path)
        assert wording.exit_code == 0, wording.output
        assert "gedrukt" not in wording.stdout


class TestTable:
    def test_without_a_row_its_numbers_and_how_to_ask_on(self, explain: Lea) -> None:
        wording = explain("Tabel 1.2", "--report", "landelijk2023")
        assert "- Inschrijving en toelating: Aantal 2, Percentage 67%, n 3, Aantal gemeenten 3\n" in wording.stdout
        ask = "lea explain 'Tabel 1.2' --row 'Inschrijving en toelating' --column Aantal --report landelijk2023"
        assert wording.stdout.endswith(f"Vraag verder: {ask}\n")

    def test_a_section_has_rows_only(self, explain: Lea) -> None:
        wording = explain("§ 1.1")
        assert "- gemeenten die niet overlegden: 0,2\n" in wording.stdout
        assert "--column" not in wording.stdout

    @pytest.mark.parametrize(
        "wording", ["Tabel 1.10", "tabel 1.10", "Table 1.10", "tabel_1_10", "1.10", "AANTALLEN", "TABEL  1.10"]
    )
    def test_it_is_found_by_place_key_or_title(self, explain: Lea, wording: str) -> None:
        assert "Tabel 1.10  Aantallen" in explain(wording).stdout

    @pytest.mark.parametrize("wording", ["§1.1", "§ 1.1", "par_1_1", "par", "overleg"])
    def test_so_is_a_section(self, explain: Lea, wording: str) -> None:
        assert "§1.1  Overleg" in explain(wording).stdout


class TestMessages:
    def test_before_the_first_edition(self, lea: Lea, data_dir: Path) -> None:
        wording = lea("explain", "Tabel 1.2")
        assert wording.exit_code == 1
        assert wording.stderr == (
            f"There is no edition yet\n  where:  {data_dir / 'editions/latest'}\n  remedy: 'lea run' publishes the "
            f"first one\n"
        )

    def test_the_latest_edition_is_read_where_none_is_named(self, lea: Lea, data_dir: Path) -> None:
        edition(data_dir / "editions" / "latest")
        assert lea("explain", "Tabel 1.10").exit_code == 0

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                ["Tabel 1.2"],
                "'Tabel 1.2' can be 2 tables\n  where:  the edition\n"
                "  remedy: name one of these, --report narrows it down:\n"
                "  - Tabel 1.2 (landelijk2023, tabel_1_2)\n  - Tabel 1.2 (thema2022, tabel_1_2)\n",
            ),
            (
                ["Tabel 9"],
                "There is no table 'Tabel 9'\n  where:  the edition\n  remedy: name one of these:\n"
                "  - Tabel 1.2 (landelijk2023, tabel_1_2)\n  - Tabel 1.10 (landelijk2023, tabel_1_10)\n"
                "  - §1.1 (landelijk2023, par_1_1)\n  - Tabel 1.2 (thema2022, tabel_1_2)\n",
            ),
            (["Tabel 1.10", "--report", "x"], "There is no report 'x'\n"),
            (["Tabel 1.10", "--report", "thema2022"], "There is no table 'Tabel 1.10'\n  where:  thema2022\n"),
            (["§1.1", "--row", "Peuters"], "There is no row 'Peuters'\n  where:  §1.1 (landelijk2023)\n"),
            (["§1.1", "--row", ""], "There is no row ''\n"),
            (
                ["Tabel 1.2", "--report", "landelijk2023", "--row", "Inschrijving"],
                "'Inschrijving' can be 2 rows\n  where:  Tabel 1.2 (landelijk2023)\n  remedy: name one of these:\n"
                "  - Inschrijving en toelating (agreements)\n  - Inschrijving, van wie antwoordde (answered)\n",
            ),
            (["Tabel 1.10", "--row", "reach", "--column", "x"], "There is no column 'x'\n"),
            (["Tabel 1.10", "--column", "n"], "A column alone is not a cell\n"),
        ],
    )
    def test_what_is_unknown_or_ambiguous(self, explain: Lea, arguments: list[str], message: str) -> None:
        wording = explain(*arguments)
        assert wording.exit_code == 1
        assert wording.stderr.startswith(message)
        assert "Traceback" not in wording.output

    def test_a_row_of_different_things_needs_its_column(self, lea: Lea, tmp_path: Path) -> None:
        with duckdb.connect(edition(tmp_path) / "lea_vve.duckdb") as connection:
            connection.execute(
                "update rpt_cell_explanations set explanation_no = 2 where row_key = 'yes' and column_key = 'percent'"
            )
            connection.execute("update rpt_cells set column_label_nl = 'Samen' where row_key = 'yes'")
        ask = ("explain", "Tabel 1.2", "--report", "thema2022", "--row", "ja", "--edition", tmp_path)
        columns = "name {}:\n  - Samen (count)\n  - Samen (percent)\n"
        for arguments, problem, remedy in (
            ([], "The numbers of this row rest on different things", "the column with --column"),
            (["--column", "samen"], "'samen' can be 2 columns", "one of these"),
        ):
            wording = lea(*ask, *arguments)
            assert wording.exit_code == 1
            assert wording.stdout == ""
            assert wording.stderr.startswith(f"{problem}\n  where:  Tabel 1.2 (thema2022), row Ja (yes)\n")
            assert wording.stderr.endswith(columns.format(remedy))

    def test_columns_of_one_label_that_rest_on_the_same_are_explained_together(self, lea: Lea, tmp_path: Path) -> None:
        with duckdb.connect(edition(tmp_path) / "lea_vve.duckdb") as connection:
            connection.execute(
                "update rpt_cells set column_label_nl = 'Samen' where column_key in ('count', 'percent')"
            )
        wording = lea("explain", "Tabel 1.10", "--row", "reach", "--column", "samen", "--edition", tmp_path)
        assert wording.exit_code == 0, wording.output
        assert "930  onafgerond: 930" in wording.stdout
        assert "75%  onafgerond: 0.74" in wording.stdout

    def test_a_folder_without_an_edition(self, lea: Lea, tmp_path: Path) -> None:
        wording = lea("explain", "Tabel 1.2", "--edition", tmp_path)
        assert wording.exit_code == 1
        assert wording.stderr.startswith("There is no edition in this folder\n")

    def test_an_edition_of_before(self, lea: Lea, tmp_path: Path) -> None:
        with duckdb.connect(edition(tmp_path) / "lea_vve.duckdb") as connection:
            connection.execute("drop table rpt_cell_explanations")
        wording = lea("explain", "Tabel 1.10", "--edition", tmp_path)
        assert wording.exit_code == 1
        assert "it was made before that was published" in wording.stderr

    def test_a_file_that_is_no_database(self, lea: Lea, tmp_path: Path) -> None:
        (tmp_path / "lea_vve.duckdb").write_text("no database" * 1000)
        wording = lea("explain", "Tabel 1.10", "--edition", tmp_path)
        assert wording.exit_code == 1
        assert wording.stderr.startswith("This edition cannot be read")

    def test_nothing_heavy_is_loaded(self) -> None:
        heavy = ("dagster", "dbt", "pandas", "pyarrow", "resvg_py", "jinja2", "pydantic", "yaml")
        code = f"import sys, orchestration.cli.explain; print([m for m in {heavy} if m in sys.modules])"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ran.stdout == "[]\n"


@pytest.fixture(scope="module")
def pages(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    with duckdb.connect(published / "lea_vve.duckdb", read_only=True) as connection:
        write_explanations(connection, content_of(connection), STAMP, folder, schema="main")
    return folder / "explain"


def content_of(connection: duckdb.DuckDBPyConnection, origin: Origin = "synthetic") -> Content:
    return replace(read_content(connection, "main"), origin=origin)


def page_of(table: Table) -> str:
    """The name of its page: the numbers in the text of a report share one."""
    return f"{table.report}/{'in-text' if table.place[0].startswith('§') else table.table_id}.html"


class TestPages:
    def test_a_page_a_table(self, pages: Path) -> None:
        assert sorted(str(path.relative_to(pages)) for path in pages.rglob("*.html")) == sorted(
            file_in(language, page) for page in {page_of(table) for table in TABLES} for language in LANGUAGES
        )

    def test_every_cell_has_its_anchor_once(self, pages: Path) -> None:
        for table in TABLES:
            page = (pages / page_of(table)).read_text(encoding="utf-8")
            anchors = [html.unescape(one) for one in re.findall(rf'id="({table.table_id}--[^"]*)"', page)]
            keys = [f"{row.key}--{column.key}" for row in table.rows for column in row.columns]
            assert anchors == [f"{table.table_id}--{key}" for key in keys]

    @pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.report}-{table.table_id}")
    def test_exactly_the_municipalities_behind_each_number(self, pages: Path, table: Table) -> None:
        page = (pages / page_of(table)).read_text(encoding="utf-8")
        articles = [one for one in page.split("<article ")[1:] if one.startswith(f'id="{table.table_id}--')]
        assert len(articles) == len(table.rows)
        for article, row in zip(articles, table.rows, strict=True):
            counted = [(NAMES | OTHER_NAMES)[code] for code, (numerator, _) in row.members.items() if numerator]
            base_only = [(NAMES | OTHER_NAMES)[code] for code, (numerator, _) in row.members.items() if not numerator]
            for listed, expected in zip(
                re.findall(r'<p class="names">(.*?)</p>', article), (counted, base_only), strict=bool(row.members)
            ):
                assert html.unescape(listed) == (", ".join(sorted(expected)) or "–")

    def test_definition_numbers_statuses_and_sql_stand_with_it(self, pages: Path, published: Path) -> None:
        page = (pages / "landelijk2023/tabel_1_2.html").read_text(encoding="utf-8")
        article = html.unescape(page.split("<article ")[1])
        for part in (
            "Wat L3=yes_new|yes_running is",
            "<strong>67%</strong>",
            "<dd>2</dd>",
            "<dd>3</dd>",
            "niet gevraagd",
            "<td>3</td><td>2</td>",
            explained_row(published, "agreements").first["sql"],
        ):
            assert part in article

    def test_markup_from_data_is_shown_and_not_run(self, pages: Path) -> None:
        for path in pages.rglob("*.html"):
            page = path.read_text(encoding="utf-8")
            assert "<script" not in page
            assert "alert('x')" not in page
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;Ede&#34;" in page

    def test_each_page_says_that_the_answers_are_synthetic(self, pages: Path, published: Path, tmp_path: Path) -> None:
        for path in pages.rglob("*.html"):
            assert any(mark in path.read_text(encoding="utf-8") for mark in SYNTHETIC_MARK)
        with duckdb.connect(published / "lea_vve.duckdb", read_only=True) as connection:
            write_explanations(connection, content_of(connection, "real"), STAMP, tmp_path, schema="main")
        for path in tmp_path.rglob("*.html"):
            assert not any(mark in path.read_text(encoding="utf-8") for mark in SYNTHETIC_MARK)

    def test_nothing_is_loaded_from_elsewhere(self, pages: Path) -> None:
        for path in pages.rglob("*.html"):
            page = path.read_text(encoding="utf-8")
            loaded = re.findall(r'<(?:link|script|img)[^>]* (?:href|src)="([^"]*)"', page)
            assert loaded[0] == "../../style.css"
            assert [path.with_name(name).is_file() for name in loaded[1:]] == [True]

    def test_the_same_data_give_the_same_bytes(self, pages: Path, published: Path, tmp_path: Path) -> None:
        with duckdb.connect(published / "lea_vve.duckdb", read_only=True) as connection:
            write_explanations(connection, content_of(connection), STAMP, tmp_path, schema="main")
        for path in pages.rglob("*.html"):
            assert path.read_bytes() == (tmp_path / "explain" / path.relative_to(pages)).read_bytes()
