"""Invariant 6: a year is added without touching orchestration/, assets/ or dbt_project/.

A made-up survey of 2024: a renamed column, a dropped question, a new option and one merger, as data only.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import openpyxl
import pytest
import yaml

from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow
OLD, INTO = "GM0384", "GM0363"  # made up: Diemen into Amsterdam


def test_a_next_year_goes_through_as_data_only(installation: Installation, tmp_path: Path) -> None:
    started = installation.lea("new-year", "2024")
    assert started.returncode == 0, started.stderr
    questionnaire = installation.data / "questionnaires" / "2024" / "questionnaire.yaml"
    column, new_column, dropped = _change(questionnaire)
    _merge(installation.data / "registers")
    delivery = _deliver(installation, tmp_path / "answers_2024.xlsx", column, new_column, dropped)

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
            "select count(distinct municipality_code) - 1 from fct_answers where survey_year = 2023"
        )
        assert rows("select count(*) from dim_question where survey_year = 2024 and question_id = 'X1'") == [(0,)]
        assert rows("select count(*) from dim_question where survey_year = 2023 and question_id = 'X1'") == [(1,)]
        assert rows(
            "select count from fct_frequencies where survey_year = 2024 and question_id = 'S8' and option_code = '77' "
            "and breakdown = 'total' and population = 'respondents'"
        ) == [(0,)]
        # Strict: Amsterdam grew, Diemen ended. Harmonised: both together, on today's borders.
        strict = rows(
            f"select distinct municipality_code from fct_panel where panel = 'strict' and first_reference_year = 2022 "
            f"and last_reference_year = 2023 and municipality_code in ('{OLD}', '{INTO}')"
        )
        assert strict == []
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


def _change(questionnaire: Path) -> tuple[str, str, str]:
    """A renamed column (R1), a dropped question (X1) and a new option (S8), as an editor would make them."""
    text = questionnaire.read_text(encoding="utf-8")
    questions = {q["id"]: q for q in yaml.safe_load(text)["questions"]}
    column, new_column = questions["R1"]["column"], "R1 Peuters in de doelgroep"
    assert text.count(f'"{column}"') + text.count(f" {column}\n") == 1
    text = text.replace(column, new_column)
    start = text.index("- id: X1")
    end = text.find("\n  - id:", start)
    text = text[: text.rindex("\n", 0, start)] + (text[end:] if end != -1 else "\n")
    at = text.index("options:", text.index("- id: S8")) + len("options:\n")
    indent = " " * (len(text[at:]) - len(text[at:].lstrip(" ")))
    option = '- {code: "77", key: parents, label: {nl: "Ouders", en: "Parents"}}'
    text = text[:at] + f"{indent}{option}\n" + text[at:]
    at = text.index("comparability:", text.index("- id: S8"))
    end = text.index("\n", at)
    changed = 'comparability: {status: changed, reason: {nl: "Optie ouders is nieuw.", en: "Option parents is new."}}'
    questionnaire.write_text(text[:at] + changed + text[end:], encoding="utf-8")
    return column, new_column, questions["X1"]["column"]


def _merge(registers: Path) -> None:
    """Diemen goes into Amsterdam on 1 January 2024: one row less in every register of 2024 and later, two changes
    more."""
    for name, year_column in (
        ("municipalities", "reference_date"),
        ("urbanisation", "reference_year"),
        ("disadvantage", "layout_year"),
    ):
        file = registers / f"{name}.csv"
        rows = list(csv.DictReader(file.open(encoding="utf-8", newline="")))
        kept = [r for r in rows if not (r["municipality_code"] == OLD and r[year_column][:4] >= "2024")]
        assert len(kept) < len(rows)
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)
    with (registers / "municipality_changes.csv").open("a", encoding="utf-8", newline="") as stream:
        added = csv.writer(stream, lineterminator="\n")
        added.writerow(["2024-01-01", OLD, "Diemen", INTO, "Amsterdam", "absorbed_into_existing"])
        added.writerow(["2024-01-01", INTO, "Amsterdam", INTO, "Amsterdam", "continues_enlarged"])


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
        if code != OLD:
            row = by_code[code]
            sheet.append([row[i] for i in keep] + [0 if row[option] is not None else None])
    out.save(file)
    return file


def _moved(text: str, years: dict[str, str]) -> str:
    for old, new in sorted(years.items(), reverse=True):
        text = text.replace(old, new)
    return text
