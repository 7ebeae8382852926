"""Print beside data: every figure of the two reports comes out of the bundled answers, and none by chance."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from typer.testing import CliRunner

from assets.reconciliation.reconcile import as_markdown, counts, read_reconciliation, reconcile
from orchestration.cli import app
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow
Ran = tuple[Installation, str]
SAMPLE = 50
ANSWERS = "model.lea_vve.stg_answers__answers"


def test_every_printed_figure_matches_or_is_declared(ran: Ran) -> None:
    figures = read_reconciliation(ran[0].inside / "lea_vve.duckdb")
    assert reconcile(figures).failing.to_dict("records") == []
    assert "every_computed_cell_is_in_print_or_declared" not in ran[1], "a computed cell that print does not have"
    assert counts(figures) == {
        "keyed": 702,
        "derivable": 612,
        "match": 601,
        "misprint": 10,
        "deviation": 1,
        "not_derivable": 90,
        "differs": 0,
    }


def test_the_standing_report_gives_the_numbers_of_the_printed_one(ran: Ran) -> None:
    """By measure, population and group, whatever table they are in: all that both have, and nothing else but the
    outcomes of supervision, which are of one year's cases."""
    shared = """
        select count(*), count(*) filter (where standing.value is not distinct from printed.value
            and standing.value_text_nl = printed.value_text_nl and standing.n_municipalities = printed.n_municipalities)
        from rpt_cells as standing
        inner join rpt_cells as printed using (
            measure, statistic, unit, decimals, survey_year, population, breakdown, category
        )
        where standing.report = 'jaarrapport2023' and printed.report = 'landelijk2023' and printed.kind != 'text'
    """
    tables = """
        from rpt_cells
        where report = 'landelijk2023' and kind != 'text' and table_id != 'figuur_1_5' and measure not in (
            select measure from rpt_cells where report = 'jaarrapport2023'
        )
    """
    with duckdb.connect(str(ran[0].inside / "lea_vve.duckdb"), read_only=True) as connection:
        [(both, equal)] = connection.execute(shared).fetchall()
        assert connection.execute(tables).fetchall() == []
    assert (both, equal) == (165, 165)


# Text that speaks of several rows at once: its survey year, and the column whose rows it adds up (docs/definitions.md,
# 2 and 4).
REGULATED = "('continuous_line', 'reach_and_guidance', 'target_group_setting', 'result_agreements')"
TEXTS = {
    "regulated_topics_agreed": (2021, f"concept = 'topic_agreement' and item in {REGULATED} and option_key = 'yes'"),
    "lea_goals_not_evaluated": (2023, "concept = 'lea_goal_reached' and option_key = 'not_evaluated'"),
    "lea_goals_half_or_more_reached": (
        2023,
        "concept = 'lea_goal_reached' and option_key in ('all', 'more_than_half', 'half')",
    ),
    "lea_agreements_where_consulted": (2023, "concept = 'lea_agreement' and option_key in ('yes_new', 'yes_running')"),
}


def test_every_measure_that_pools_questions_is_among_the_texts(ran: Ran) -> None:
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as connection:
        pooled = connection.execute(
            "select measure from internal.stg_catalogue__measures where base = 'pooled'"
        ).fetchall()
    assert {measure for (measure,) in pooled} == TEXTS.keys()


@pytest.mark.parametrize(("measure", "year", "rows"), [(measure, *text) for measure, text in TEXTS.items()])
def test_text_pools_the_rows_of_the_table_that_it_speaks_of(ran: Ran, measure: str, year: int, rows: str) -> None:
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as connection:
        pooled = connection.execute(
            f"select numerator, denominator from fct_measures where survey_year = {year} and population = 'respondents'"
            f" and breakdown = 'total' and measure = '{measure}'"
        ).fetchall()
        summed = connection.execute(
            "with questions as (select question_id, sum(count) as count, any_value(base) as base from fct_frequencies"
            f" where survey_year = {year} and population = 'respondents' and breakdown = 'total' and {rows} group by "
            f"all)"
            " select sum(count)::bigint, sum(base)::bigint from questions"
        ).fetchall()
    assert pooled == summed


def test_text_on_agreements_rests_on_the_base_of_its_table(ran: Ran) -> None:
    """landelijk2023 §6.3, §6.5.1: S2, S3 and S4 are of those with agreements (S1); S9 is of all respondents."""
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as connection:
        bases = connection.execute(
            "select distinct denominator from rpt_cells where survey_year = 2023 and statistic = 'value'"
            " and (table_id in ('tabel_2_2', 'figuur_2_1', 'figuur_2_2') or measure like 'S4_%' or measure like 'S2=%')"
        ).fetchall()
        ((agreed,),) = connection.execute(
            "select count from fct_frequencies where survey_year = 2023 and population = 'respondents' and breakdown "
            "= 'total' and question_id = 'S1' and option_key = 'yes'"
        ).fetchall()
        ((discussed,),) = connection.execute(
            "select sum(numerator)::bigint from (select distinct measure, numerator from rpt_cells where measure like "
            "'S9=%/respondents')"
        ).fetchall()
    assert bases == [(agreed,)]
    assert discussed == agreed


@pytest.mark.parametrize("measure", ["disadvantage_topics_agreed", "segregation_topics_agreed"])
def test_a_mean_number_of_topics_is_the_sum_of_their_shares(ran: Ran, measure: str) -> None:
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as connection:
        ((mean, n),) = connection.execute(
            "select value, n_municipalities from fct_measures where survey_year = 2021 and population = 'respondents'"
            f" and breakdown = 'total' and measure = '{measure}'"
        ).fetchall()
        ((summed, lowest, highest),) = connection.execute(
            "select sum(count) / any_value(base), min(base), max(base)"
            " from fct_frequencies inner join internal.stg_catalogue__measure_terms as terms"
            " using (concept, item, option_key) where survey_year = 2021 and population = 'respondents'"
            f" and breakdown = 'total' and terms.measure = '{measure}'"
        ).fetchall()
    assert mean == pytest.approx(summed)
    assert n == lowest == highest


def test_the_figures_that_print_contradicts_are_the_declared_ones(ran: Ran) -> None:
    figures = read_reconciliation(ran[0].warehouse)
    misprint = figures[(figures["place"] == "Tabel 1.2") & (figures["status"] == "misprint")]
    assert misprint[["row_label", "printed", "value_text_nl"]].to_numpy().tolist() == [
        ["Inschrijving en toelating", "48", "82%"]
    ]


def test_every_place_of_both_reports_can_be_explained(ran: Ran) -> None:
    edition = ran[0].editions / "latest"
    with duckdb.connect(str(ran[0].public / "lea_vve.duckdb"), read_only=True) as connection:
        places = connection.execute("select distinct report, place_nl from rpt_tables order by all").fetchall()
    assert len(places) > 50
    for report, place in places:
        wording = CliRunner().invoke(app, ["explain", place, "--report", report, "--edition", str(edition)])
        assert wording.exit_code == 0, wording.output
    wording = CliRunner().invoke(
        app, ["explain", "Tabel 1.1", "--row", "Bestrijden", "--column", "Perc", "--edition", str(edition)]
    )
    assert wording.exit_code == 0, wording.output
    assert "94%" in wording.output


def test_the_document_says_what_was_found(ran: Ran) -> None:
    document = Path(__file__).parents[2] / "docs" / "reconciliation.md"
    assert document.read_text(encoding="utf-8") == as_markdown(read_reconciliation(ran[0].warehouse)), (
        "run 'make run reconciliation'"
    )


def test_the_order_of_reasons_and_risks_is_as_the_text_says(ran: Ran) -> None:
    """Statements that count no municipalities, and are declared not derivable for that: who leads, and how many lag
    behind."""
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as connection:

        def ask(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query).fetchall()

        # landelijk2023 §1.1, r.383: for 3 of the 4 themes "not needed" is the main reason.
        leading = ask("""
            select item, arg_max(option_key, count) from fct_frequencies
            where concept = 'lea_consultation_none_reason' and survey_year = 2023
                and population = 'respondents' and breakdown = 'total' and option_key is not null
            group by item
        """)
        assert [reason for _, reason in leading].count("not_needed_here") == 3
        # landelijk2023 §3, r.979: most of the risks in vve are about the supply of places.
        [(most,)] = ask("""
            select rule from fct_risk_signals
            where signal = 'triggered' and domain = 'vve' group by rule order by count(*) desc limit 1
        """)
        assert "places" in most
        # thema2022 §4.1.1, r.906: in only 2 of the vve topics is the share far lower (25% and 4%).
        shares = ask("select value from rpt_cells where table_id = 'tabel_4_1_1a' and column_key = 'agreements'")
        assert sum(share < 0.5 for (share,) in shares) == 2


def test_the_lowest_and_highest_of_a_table_are_its_lowest_and_highest(ran: Ran) -> None:
    """thema2022 §4: the text names extremes of its tables, the catalogue the topic that is one."""
    ranges = {
        ("par_4_1_2", "tabel_4_1_1a", "goals"): (0.61, 0.76),
        ("par_4_2_2", "tabel_4_2_1a", "goals"): (0.42, 0.71),
    }
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as connection:
        for (_, table, column), (lowest, highest) in ranges.items():
            [extremes] = connection.execute(
                "select min(value), max(value) from rpt_cells where table_id = ? and column_key = ?", [table, column]
            ).fetchall()
            assert [round(extreme, 2) for extreme in extremes] == [lowest, highest]


@dataclass(frozen=True)
class Change:
    """An answer that someone might have given otherwise. ``code`` is what it becomes."""

    survey_year: int
    municipality_code: str
    question_id: str
    option_code: str | None
    code: str | None
    number: int | None


class Rebuilt:
    """The warehouse of a run, of which answers are changed and undone; what rests on answers is made again each
    time."""

    def __init__(self, installation: Installation) -> None:
        self._connection = duckdb.connect()  # in memory, by the name that dbt's SQL has for it
        self._connection.execute(f"attach '{installation.warehouse}' as made (read_only)")
        self._connection.execute("attach ':memory:' as lea_vve")
        self._connection.execute("copy from database made to lea_vve")
        self._connection.execute("use lea_vve")
        target = installation.data / "warehouse" / "dbt_target"
        nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
        parents = {name: [p for p in node["depends_on"]["nodes"] if p in models] for name, node in models.items()}

        def upstream(name: str) -> set[str]:
            return {name}.union(*map(upstream, parents[name]))

        needed = upstream("model.lea_vve.rpt_reconciliation")
        sql = {
            name: (target / "compiled" / models[name]["package_name"] / models[name]["original_file_path"]).read_text(
                "utf-8"
            )
            for name in TopologicalSorter(parents).static_order()
            if name in needed and ANSWERS in upstream(name) - {name}
        }
        # The one large table is made of each municipality's answers by themselves: only hers are made again.
        answers = models[ANSWERS]["relation_name"]
        one = f"(select * from {answers} where survey_year = $year and municipality_code = $municipality)"
        self._answers = sql.pop("model.lea_vve.fct_answers").replace(answers, one)
        assert len(sql) > 10
        # What one other model alone reads is a view, so that no more of it is made than that one needs: it takes half
        # the time.
        readers = Counter(parent for name in sql for parent in parents[name])
        self._statements = []
        for name, text in sql.items():
            relation = models[name]["relation_name"]
            if readers[name] == 1:
                self._connection.execute(f"drop table {relation}")
                self._connection.execute(f"create view {relation} as {text}")
            else:
                self._statements.append(f"create or replace table {relation} as {text}")

    def frame(self, query: str) -> pd.DataFrame:
        return self._connection.execute(query).df()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def changed(self, change: Change) -> tuple[pd.DataFrame, pd.DataFrame]:
        """``rpt_cells`` and ``rpt_reconciliation`` as they would be with this answer."""
        self._connection.begin()
        try:
            (touched,) = self._connection.execute(
                "update internal.stg_answers__answers set code = $code, number = $number where is_current"
                " and survey_year = $year and municipality_code = $municipality and question_id = $question"
                " and option_code is not distinct from $option",
                {
                    "code": change.code,
                    "number": change.number,
                    "year": change.survey_year,
                    "municipality": change.municipality_code,
                    "question": change.question_id,
                    "option": change.option_code,
                },
            ).fetchall()[0]
            assert touched == 1
            whose = {"year": change.survey_year, "municipality": change.municipality_code}
            of_municipality = "where survey_year = $year and municipality_code = $municipality"
            self._connection.execute(f"delete from fct_answers {of_municipality}", whose)
            self._connection.execute(f"insert into fct_answers {self._answers}", whose)
            for statement in self._statements:
                self._connection.execute(statement)
            return self.cells(), self.figures()
        finally:
            self._connection.rollback()

    def cells(self) -> pd.DataFrame:
        key = ["report", "table_id", "row_key", "column_key"]
        return self.frame(f"select {', '.join(key)}, numerator, denominator, value from rpt_cells").set_index(key)

    def figures(self) -> pd.DataFrame:
        return self.frame("select figure_no, numerator, denominator, value, status from rpt_reconciliation").set_index(
            "figure_no"
        )


@pytest.fixture(scope="module")
def rebuilt(ran: Ran) -> Rebuilt:
    return Rebuilt(ran[0])


def changes(rebuilt: Rebuilt) -> Iterator[Change]:
    """Answers that feed printed figures, in random order: another option of which no figure counts both, an option of a
    multiple choice more or less, one toddler or place more."""
    answers = rebuilt.rows("""
        with printed as (
            select distinct cells.measure, cells.survey_year, cells.population
            from rpt_cells as cells
            inner join rpt_reconciliation as figures using (report, table_id, row_key, column_key)
        ),
        feeding as (
            select terms.survey_year, terms.question_id, terms.option_key, printed.population
            from internal.int_measures__questions as terms
            inner join printed using (measure, survey_year)
            inner join dim_question as questions using (survey_year, question_id)
            -- Of several options that a figure counts as one, another may be chosen as well.
            qualify
                questions.answer_type != 'multiple'
                or count(*) over (
                    partition by terms.measure, terms.part, terms.survey_year, terms.question_id, printed.population
                ) = 1
        )
        select distinct
            answers.survey_year, answers.municipality_code, answers.question_id, answers.option_code, answers.code,
            answers.number, options.option_key
        from internal.stg_answers__answers as answers
        left join internal.stg_questionnaires__options as options
            on answers.survey_year = options.survey_year and answers.question_id = options.question_id
            and options.option_code = coalesce(answers.option_code, answers.code)
        inner join feeding
            on answers.survey_year = feeding.survey_year and answers.question_id = feeding.question_id
            and (feeding.option_key is null or feeding.option_key = options.option_key)
        inner join dim_municipality_group as grouped
            on answers.survey_year = grouped.survey_year and answers.municipality_code = grouped.municipality_code
            and feeding.population = grouped.population and grouped.breakdown = 'total'
        where answers.is_current and answers.status = 'answered'
        order by all
    """)
    counted_alike = set(
        rebuilt.rows("""
        select distinct a.survey_year, a.question_id, a.option_key, options.option_code
        from internal.int_measures__questions as a
        inner join internal.int_measures__questions as b using (measure, part, survey_year, question_id)
        inner join internal.stg_questionnaires__options as options
            on b.survey_year = options.survey_year and b.question_id = options.question_id
            and b.option_key = options.option_key
    """)
    )
    codes: dict[tuple[int, str], list[str]] = {}
    for year, question, code in rebuilt.rows(
        "select survey_year, question_id, option_code from internal.stg_questionnaires__options order by all"
    ):
        codes.setdefault((year, question), []).append(code)
    chance = random.Random(20230101)
    chance.shuffle(answers)
    for year, municipality, question, option, code, number, key in answers:
        if option is not None:
            yield Change(year, municipality, question, option, "0" if code == "1" else "1", None)
        elif number is not None:
            yield Change(year, municipality, question, None, None, number + 1)
        else:
            others = [c for c in codes[year, question] if c != code and (year, question, key, c) not in counted_alike]
            if others:
                yield Change(year, municipality, question, None, chance.choice(others), None)


def test_no_answer_behind_a_printed_figure_can_be_another(rebuilt: Rebuilt) -> None:
    """Any one of them changed, at least one cell changes and the reconciliation says which figures do."""
    cells, figures = rebuilt.cells(), rebuilt.figures()
    sample = [change for change, _ in zip(changes(rebuilt), range(SAMPLE), strict=False)]
    assert len(sample) == SAMPLE
    assert {change.survey_year for change in sample} >= {2020, 2021, 2023}
    settled = 0
    for change in sample:
        cells_then, figures_then = rebuilt.changed(change)
        assert not cells_then.equals(cells), change
        message = figures_then.compare(figures)
        assert len(message) > 0, change
        settled += "status" in message.columns.get_level_values(0)
    assert settled > SAMPLE / 2  # a change of one answer mostly changes what is printed too
    assert rebuilt.figures().equals(figures)
