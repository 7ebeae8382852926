"""Invariant 6: a year is added without touching orchestration/, assets/ or dbt_project/.

A made-up survey of 2024, as data only, by the commands that a person types: a renamed column, a dropped question, a new
option, two mergers and a split.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import openpyxl
import pytest
import yaml

from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow
ENDED = ("GM0375", "GM0377", "GM0384", "GM0396")
OLD, INTO = "GM0384", "GM0363"  # made up: Diemen into Amsterdam
MERGED = (f"{OLD}={INTO}", "GM0375,GM0396=GM9001 Kennemerduin", "GM0377=GM0392,GM0473")


def test_a_next_year_goes_through_as_data_only(installation: Installation, tmp_path: Path) -> None:
    dropped = _until_2023(installation.data)
    merged = [part for text in MERGED for part in ("--merged", text)]
    started = installation.lea("new-year", "2024", "--dropped", "X1", *merged, "--origin", "synthetic")
    assert started.returncode == 0, started.stderr
    assert "ended: Beverwijk (GM0375), Bloemendaal (GM0377), Diemen (GM0384), Heemskerk (GM0396)" in started.stdout
    questionnaire = installation.data / "questionnaires" / "2024" / "questionnaire.yaml"
    column, new_column = _change(questionnaire)
    delivery = _deliver(installation, tmp_path / "answers_2024.xlsx", column, new_column, dropped)
    ready = installation.lea("check", "--year", "2024")
    assert ready.returncode == 0, ready.stderr
    assert "every year has confirmed rules" in ready.stdout

    assert installation.lea("check", str(delivery), "--year", "2024").returncode == 0
    accepted = installation.lea("accept", str(delivery), "--year", "2024")
    assert accepted.returncode == 0, accepted.stderr
    result = installation.lea("run", "--year", "2024")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "edition: v1 of 2024 (new)" in result.stdout

    with duckdb.connect(str(installation.warehouse), read_only=True) as connection:

        def rows(query: str) -> list[tuple[object, ...]]:
            return connection.execute(query).fetchall()

        respondents = rows("select count(distinct municipality_code) from fct_answers where survey_year = 2024")
        assert respondents == rows(
            "select count(distinct municipality_code) - 4 from fct_answers where survey_year = 2023"
        )
        assert rows("select count(*) from dim_question where survey_year = 2024 and question_id = 'X1'") == [(0,)]
        assert rows("select count(*) from dim_question where survey_year = 2023 and question_id = 'X1'") == [(1,)]
        assert rows(
            "select count from fct_frequencies where survey_year = 2024 and question_id = 'S8' and option_code = '77' "
            "and breakdown = 'total' and population = 'respondents'"
        ) == [(0,)]
        # Strict: Amsterdam grew, Diemen ended. Harmonised: both together, on today's borders.
        strict = rows(
            "select distinct municipality_code from fct_panel where population = 'panel_strict_2022_2023' "
            f"and municipality_code in ('{OLD}', '{INTO}')"
        )
        assert strict == []
        # What holds goes on: the year has its risk analysis, and inherited classes say so.
        assert rows("select count(distinct rule) from fct_risk_signals where survey_year = 2024") == rows(
            "select count(distinct rule) from fct_risk_signals where survey_year = 2023"
        )
        assert rows("select distinct urbanisation_status from dim_municipality_year where survey_year = 2024") == [
            ("inherited",)
        ]
        assert rows("select sum(target_toddlers) from fct_reach where survey_year = 2024")[0][0] is not None
        # The edition has the standing report of its year, the new option in it, and no printed report of another.
        assert rows("select distinct report from rpt_cells") == [("jaarrapport2024",)]
        assert rows("select count(*) from rpt_cells where value is null") == [(0,)]
        assert rows(
            "select value, n_municipalities > 200 from rpt_cells where table_id = 'result_agreement_discussed_with' "
            "and row_key = 'parents' and column_key = 'count'"
        ) == [(0, True)]
        assert rows("select count(*) from rpt_reconciliation") == [(0,)]
        assert rows("select report from dim_report where not is_in_edition order by report") == [
            ("landelijk2023",),
            ("thema2022",),
        ]


def _until_2023(data: Path) -> str:
    """Leaves the registers as they were in 2023; the column of X1, which 2024 drops."""
    for name in ("municipalities", "municipality_changes", "urbanisation", "disadvantage"):
        file = data / "registers" / f"{name}.csv"
        header, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join([header, *(line for line in lines if line < "2024")]), encoding="utf-8")
    text = (data / "questionnaires" / "2023" / "questionnaire.yaml").read_text(encoding="utf-8")
    return next(str(q["column"]) for q in yaml.safe_load(text)["questions"] if q["id"] == "X1")


def _change(questionnaire: Path) -> tuple[str, str]:
    """A renamed column (R1) and a new option (S8), as an editor would make them."""
    text = questionnaire.read_text(encoding="utf-8")
    questions = {q["id"]: q for q in yaml.safe_load(text)["questions"]}
    column, new_column = questions["R1"]["column"], "R1 Peuters in de doelgroep"
    assert text.count(f'"{column}"') + text.count(f" {column}\n") == 1
    text = text.replace(column, new_column)
    at = text.index("options:", text.index("- id: S8")) + len("options:\n")
    indent = " " * (len(text[at:]) - len(text[at:].lstrip(" ")))
    option = '- {code: "77", key: parents, label: {nl: "Ouders", en: "Parents"}}'
    text = text[:at] + f"{indent}{option}\n" + text[at:]
    at = text.index("comparability:", text.index("- id: S8"))
    end = text.index("\n", at)
    changed = 'comparability: {status: changed, reason: {nl: "Optie ouders is nieuw.", en: "Option parents is new."}}'
    questionnaire.write_text(text[:at] + changed + text[end:], encoding="utf-8")
    return column, new_column


def _deliver(installation: Installation, file: Path, column: str, new_column: str, dropped: str) -> Path:
    """Last year's first delivery, as this year's questionnaire would export it."""
    folder = installation.data / "questionnaires" / "2023"
    workbook = openpyxl.load_workbook(next(folder.glob("*v01.xlsx")), read_only=True)
    header, *rows = [list(row) for row in workbook["Antwoorden"].iter_rows(values_only=True)]
    years = {"2022": "2023", "2023": "2024"}
    columns = [new_column if h == column else _moved(str(h), years) for h in header]
    codes = [str(row[0]) for row in rows]
    correct = next(folder.glob("*v02.xlsx"))
    newer = [
        list(row) for row in openpyxl.load_workbook(correct, read_only=True)["Antwoorden"].iter_rows(values_only=True)
    ][1:]
    by_code = {**dict(zip(codes, rows, strict=True)), **{str(row[0]): row for row in newer}}
    option = next(i for i, h in enumerate(columns) if h.startswith("S8"))
    new_option = columns[option][: columns[option].rindex("[")] + "[77]"
    keep = [i for i, h in enumerate(header) if h != dropped]
    out = openpyxl.Workbook()
    sheet = out.active
    assert sheet is not None
    sheet.title = "Antwoorden"
    sheet.append([columns[i] for i in keep] + [new_option])
    for code in sorted(by_code):
        if code not in ENDED:
            row = by_code[code]
            sheet.append([row[i] for i in keep] + [0 if row[option] is not None else None])
    out.save(file)
    return file


def _moved(text: str, years: dict[str, str]) -> str:
    for old, new in sorted(years.items(), reverse=True):
        text = text.replace(old, new)
    return text
