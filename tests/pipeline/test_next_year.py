"""Invariant 6: a year is added without touching orchestration/, assets/ or dbt_project/.

Made-up survey years, as data only, by the commands that a person types.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.pipeline.conftest import PROJECT, Installation
from tests.pipeline.made_up_years import (
    INTO,
    MERGED,
    NEW,
    OLD,
    PARTS,
    SPLIT,
    MadeUpYear,
    add_option,
    add_year,
    ask,
    ask_again,
    go_back_to_2023,
    rename,
    route,
)

RETURNING = "S9"
NEW_QUESTION = """
  - id: S10
    concept: result_agreement_published
    section: result_agreements
    answer_type: single
    wording: {nl: "Zijn de resultaatafspraken openbaar?", en: "Are the agreements on results public?"}
    evidence: A
    source: made up
    column: S10 Openbaar
    options:
      - {code: "1", key: "yes", label: {nl: Ja, en: "Yes"}}
      - {code: "2", key: "no", label: {nl: Nee, en: "No"}}
    comparability: {status: new}
"""
Y2024 = MadeUpYear(
    2024,
    dropped=(RETURNING,),
    merged=MERGED,
    cbs=("urbanisation", "disadvantage"),
    edits=(
        rename("R1 Aantal doelgroeppeuters", "R1 Peuters in de doelgroep"),
        rename("S8 Gespreksniveau [{code}]", "S8 Besproken met [{code}]"),
        add_option("S8", '- {code: "77", key: parents, label: {nl: "Ouders", en: "Parents"}}'),
        route("S5", '{question: S1, is: ["1"]}', '{question: S1, is: ["1", "2"]}'),
        ask(NEW_QUESTION),
    ),
)
ALL_FILES = ("municipalities", "changes", "urbanisation", "disadvantage")
FREQUENCY = "result_agreement_discussion_frequency"
GONE = (FREQUENCY, "concept")


@dataclass(frozen=True)
class Expected:
    """What a year gives of the standing report beside what the bundled year gives: ``not_made`` and why, and ``made``,
    which it has. ``changed``: the questions that changed against the year before; ``new``: those that are new."""

    year: MadeUpYear
    not_made: frozenset[tuple[str, str]]
    made: frozenset[str]
    changed: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()


def expectations(data: Path) -> Iterator[Expected]:
    again = ask_again(RETURNING, data / "questionnaires" / "2023" / "questionnaire.yaml")
    shared = frozenset({"result_agreement_discussed_with", "places_and_reach", "lea_consultation"})
    yield Expected(Y2024, frozenset({GONE}), shared, frozenset({"S8", "S5"}), frozenset({"S10"}))
    of_2025 = MadeUpYear(2025, cbs=ALL_FILES, edits=(again,))
    yield Expected(of_2025, frozenset(), shared | {FREQUENCY}, new=frozenset({RETURNING}))
    yield Expected(MadeUpYear(2026, cbs=ALL_FILES), frozenset(), shared | {FREQUENCY})


@contextmanager
def reading(installation: Installation) -> Iterator[Any]:
    """The rows of a query on the warehouse."""
    with duckdb.connect(str(installation.warehouse), read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def code_of_the_project() -> str:
    """Changes with any file that is no data."""
    files = (f for part in ("assets", "orchestration", "dbt_project") for f in (PROJECT / part).rglob("*.*"))
    kept = sorted(f for f in files if f.suffix in (".py", ".sql", ".yml", ".yaml", ".j2", ".css", ".js", ".md"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in kept if "target" not in file.parts)).hexdigest()


@pytest.mark.long
def test_three_years_go_through_as_data_only(installation: Installation, tmp_path: Path) -> None:
    code = code_of_the_project()
    go_back_to_2023(installation.data)
    with reading(installation) as rows:
        lacked = set(rows("select table_id, absent from rpt_tables_not_made"))
        rules = rows("select count(distinct rule) from fct_risk_signals where survey_year = 2023")
    for expected in expectations(installation.data):
        year = expected.year.survey_year
        printed = add_year(installation, expected.year, tmp_path)

        assert f"edition: v1 of {year} (new)" in printed["run"]
        assert "every year has confirmed rules" in printed["check year"]
        with reading(installation) as rows:
            assert rows("select distinct report from rpt_cells") == [(f"jaarrapport{year}",)]
            assert set(rows("select table_id, absent from rpt_tables_not_made")) - lacked == expected.not_made
            made = {table for (table,) in rows("select distinct table_id from rpt_cells")}
            assert expected.made <= made
            assert made.isdisjoint(table for table, _ in expected.not_made)
            assert rows("select count(*) from rpt_cells where value is null") == [(0,)]
            compared = rows(f"select comparability, question_id from dim_question where survey_year = {year}")
            assert {question for kind, question in compared if kind == "changed"} == expected.changed
            assert {question for kind, question in compared if kind == "new"} == expected.new
            assert rows(f"select count(distinct rule) from fct_risk_signals where survey_year = {year}") == rules
            assert rows(
                f"select bool_and(rules = to_be_confirmed) from rpt_rule_confirmations where survey_year = {year}"
            ) == [(True,)]
            mergers_are_carried(rows)
        for page in ("internal/supervision.html", "internal/quality.html", "public/technical_report.html"):
            assert "Te bevestigen" in (installation.editions / "latest" / page).read_text(encoding="utf-8"), page
        assert (installation.editions / "latest" / "public" / "index.html").is_file()
    assert code_of_the_project() == code


def mergers_are_carried(rows: Any) -> None:
    """On today's borders those that merged are one, with what both gave before; a split is listed, and never summed."""
    ended = f"('{OLD}', '{PARTS[0]}', '{PARTS[1]}', '{SPLIT}')"
    assert rows(f"select * from fct_panel where panel = 'harmonised' and municipality_code in {ended}") == []
    for whole, parts in ((INTO, (INTO, OLD)), (NEW, PARTS)):
        gave = f"select sum(target_toddlers) from fct_reach where survey_year = 2023 and municipality_code in {parts}"
        carried = rows(
            "select distinct target_toddlers from fct_panel join dim_panel using (population, panel) "
            "where panel = 'harmonised' and survey_year = 2023 "
            f"and reference_years = [2022, 2023] and municipality_code = '{whole}'"
        )
        assert carried == rows(gave)
    split = rows(
        "select distinct municipality_code from fct_panel_exclusions join dim_panel using (population, panel) "
        "where panel = 'harmonised' and reference_years = [2022, 2023] and exclusion_reason = 'split_not_harmonisable'"
    )
    assert {("GM0392",), ("GM0473",)} <= set(split)


@pytest.mark.slow
def test_a_next_year_goes_through_before_its_registers_come(installation: Installation, tmp_path: Path) -> None:
    """The first of the three years, with the classes of the year before until those of its own are published."""
    go_back_to_2023(installation.data)
    printed = add_year(installation, replace(Y2024, cbs=()), tmp_path)
    ended = "Beverwijk (GM0375), Bloemendaal (GM0377), Diemen (GM0384), Uitgeest (GM0450)"
    assert f"ended: {ended}" in printed["new-year"]
    assert "edition: v1 of 2024 (new)" in printed["run"]

    with reading(installation) as rows:
        respondents = rows("select count(distinct municipality_code) from fct_answers where survey_year = 2024")
        assert respondents == rows(
            "select count(distinct municipality_code) - 3 from fct_answers where survey_year = 2023"
        )
        assert rows("select survey_year from dim_question where question_id = 'S9'") == [(2023,)]
        assert rows(
            "select count from fct_frequencies where survey_year = 2024 and question_id = 'S8' and option_code = '77' "
            "and breakdown = 'total' and population = 'respondents'"
        ) == [(0,)]
        # Strict: Amstelveen grew, Diemen ended. Harmonised: both together, on today's borders.
        strict = rows(
            "select distinct municipality_code from fct_panel where population = 'panel_strict_2022_2023' "
            f"and municipality_code in ('{OLD}', '{INTO}')"
        )
        assert strict == []
        mergers_are_carried(rows)
        assert rows("select distinct urbanisation_status from dim_municipality_year where survey_year = 2024") == [
            ("inherited",)
        ]
        assert rows("select sum(target_toddlers) from fct_reach where survey_year = 2024")[0][0] is not None
        assert rows(
            "select value, n_municipalities > 200 from rpt_cells where table_id = 'result_agreement_discussed_with' "
            "and row_key = 'parents' and column_key = 'count'"
        ) == [(0, True)]
        # No printed report of another year is in the edition; where they are is said.
        assert rows("select count(*) from rpt_reconciliation") == [(0,)]
        assert rows("select report from dim_report where not is_in_edition order by report") == [
            ("landelijk2023",),
            ("thema2022",),
        ]
