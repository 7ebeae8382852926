"""The annual run on the bundled deliveries: what it makes, what it says, and that it is the same every time."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from benchmarks.plain_pandas import tables
from tests.pipeline.conftest import Installation, install

pytestmark = pytest.mark.slow
Ran = tuple[Installation, str]


def cells(installation: Installation, table: str) -> dict[tuple[str, str], str]:
    """A published table as printed: (row, column) → text, in Dutch."""
    with duckdb.connect(str(installation.inside / "lea_vve.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select row_key, column_key, value_text_nl from rpt_cells where table_id = ?", [table]
        ).fetchall()
    return {(row, column): text for row, column, text in rows}


def test_it_ends_with_a_summary_of_what_was_made_and_where_to_look(ran: Ran) -> None:
    installation, summary = ran
    assert summary.endswith("exit code 0"), summary
    assert "Traceback" not in summary
    assert "survey years 2020, 2021, 2022, 2023" in summary
    assert "0 failed" in summary
    assert "edition: v1 of 2023 (new)" in summary
    assert "synthetic answers" in summary
    assert f"{installation.editions}/2023/v1/public/index.html" in summary


def test_every_asset_was_made_and_every_check_was_evaluated(ran: Ran) -> None:
    installation, _ = ran
    message = installation.python("""
from dagster import DagsterInstance
from orchestration.definitions import defs
graph = defs().resolve_asset_graph()
with DagsterInstance.get() as instance:
    for key in graph.materializable_asset_keys:
        if instance.get_latest_materialization_event(key) is None:
            print("not made:", key.to_user_string())
    checks = list(graph.asset_check_keys)
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(checks)
    for key in checks:
        record = latest.get(key)
        if record is None or record.event is None:
            print("not evaluated:", key.to_user_string())
    print(len(checks), "checks")
""")
    assert message.returncode == 0, message.stderr
    lines = message.stdout.splitlines()
    assert lines[-1].endswith("checks")
    assert int(lines[-1].split()[0]) > 40
    assert lines[:-1] == []


def test_no_run_stores_350_events(ran: Ran) -> None:
    installation, _ = ran
    message = installation.python("""
from dagster import DagsterInstance
with DagsterInstance.get() as instance:
    for run in instance.get_runs():
        print(run.job_name, len(instance.all_logs(run.run_id)))
""")
    assert message.returncode == 0, message.stderr
    counts = [(job, int(count)) for job, count in (line.split() for line in message.stdout.splitlines())]
    assert {job for job, _ in counts} == {"take_in", "publish", "desk"}
    assert [(job, count) for job, count in counts if count >= 350] == []


def test_table_1_10_is_as_printed(ran: Ran) -> None:
    """landelijk2023, Tabel 1.10."""
    assert cells(ran[0], "tabel_1_10") == {
        ("number", "target_toddlers"): "53.257",
        ("number", "places"): "71.562",
        ("number", "reached_toddlers"): "43.334",
        ("municipalities", "target_toddlers"): "297",
        ("municipalities", "places"): "291",
        ("municipalities", "reached_toddlers"): "314",
    }


def test_table_1_11_is_as_printed_with_the_ratio_of_sums_beside_it(ran: Ran) -> None:
    """landelijk2023, Tabel 1.11; the third column is ours, and declared."""
    assert cells(ran[0], "tabel_1_11") == {
        ("narrow", "reach"): "78%",
        ("narrow", "municipalities"): "83",
        ("middle", "reach"): "77%",
        ("middle", "municipalities"): "119",
        ("broad", "reach"): "85%",
        ("broad", "municipalities"): "54",
        ("narrow", "ratio_of_sums"): "78%",
        ("middle", "ratio_of_sums"): "77%",
        ("broad", "ratio_of_sums"): "85%",
    }


def test_figure_1_4_is_the_panel_of_88_and_stable(ran: Ran) -> None:
    """landelijk2023, Figuur 1.4: "lijkt het aantal doelgroeppeuters, kindplaatsen en bereikte doelgroeppeuters
    stabiel"."""
    with duckdb.connect(str(ran[0].inside / "lea_vve.duckdb"), read_only=True) as connection:
        drawn = connection.execute(
            "select column_key, reference_year, value, n_municipalities from rpt_cells where table_id = 'figuur_1_4'"
        ).fetch_df()
    assert sorted(set(drawn["reference_year"])) == [2020, 2021, 2022]
    assert set(drawn["n_municipalities"]) == {88}
    for _, series in drawn.groupby("column_key"):
        assert series["value"].max() / series["value"].min() < 1.03


def test_a_plain_pandas_script_makes_the_same_tables(ran: Ran) -> None:
    """A second opinion that shares no code with the warehouse."""
    with duckdb.connect(str(ran[0].inside / "lea_vve.duckdb"), read_only=True) as connection:
        published = connection.execute("select table_id, row_key, column_key, value from rpt_cells").fetch_df()
    found = {(t, r, c): v for t, r, c, v in published.itertuples(index=False)}
    own = tables(ran[0].data)
    assert own["tabel_1_10"].shape == (2, 3)
    for row, columns in own["tabel_1_10"].iterrows():
        for column, value in columns.items():
            assert found["tabel_1_10", str(row), str(column)] == value
    for row, columns in own["tabel_1_11"].iterrows():
        assert found["tabel_1_11", str(row), "reach"] == pytest.approx(columns["reach"] / 100, abs=1e-9)
        assert found["tabel_1_11", str(row), "municipalities"] == columns["municipalities"]
    for year, columns in own["figuur_1_4"].iterrows():
        for column in ("target_toddlers", "places", "reached_toddlers"):
            assert found["figuur_1_4", str(year), column] == columns[column]


def test_the_warehouse_says_what_the_reports_say_of_responses_and_reach(ran: Ran) -> None:
    """landelijk2023 §2.2 and r.928; thema2022 r.409, 481; questionnaires §0."""
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as connection:

        def one(query: str) -> object:
            return connection.execute(query).fetchall()[0][0]

        respondents = connection.execute(
            "select survey_year, count(distinct municipality_code) from fct_answers group by all order by all"
        ).fetchall()
        assert respondents == [(2020, 354), (2021, 350), (2022, 325), (2023, 340)]
        assert (
            one(
                "select count(*) from (select municipality_code from fct_answers where survey_year in (2020, 2021) "
                "group by all having count(distinct survey_year) = 2)"
            )
            == 349
        )
        reach = connection.execute(
            "select survey_year, sum(reached_toddlers) / sum(target_toddlers), count(*) from fct_reach "
            "where is_complete group by all order by all"
        ).fetchall()
        assert [(year, n) for year, _, n in reach][-1] == (2023, 273)
        assert round(100 * reach[-1][1]) == 77
        assert all(80 <= round(100 * share) <= 85 for _, share, _ in reach[:-1])
        assert one("select count(*) from fct_places where survey_year = 2023 and sufficiency = 'sufficient'") == 209
        assert one("select count(*) from fct_places where survey_year = 2023 and sufficiency = 'insufficient'") == 54
        assert one("select count(*) from fct_places where survey_year = 2023 and sufficiency = 'unknown'") == 77


def digests(edition: Path) -> dict[str, str]:
    """The files that readers compute with, by SHA-256."""
    files = [*edition.glob("*/cell*.csv"), *edition.glob("*/figures/*/*")]
    assert len(files) > 160
    return {f.relative_to(edition).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


@pytest.mark.long
@pytest.mark.sample
def test_a_planned_year_and_a_correction_make_one_year_anew_and_change_no_published_cell(
    installation: Installation,
) -> None:
    answers = installation.data / "lake" / "answers"
    published, made = digests(installation.editions / "latest"), {f: f.stat().st_mtime_ns for f in answers.iterdir()}
    assert installation.lea("new-year", "2024").returncode == 0
    (installation.data / "corrections" / "2022.yaml").write_text("corrections: []\n", encoding="utf-8")
    result = installation.lea("run")  # and not 2024, of which nothing was delivered
    assert result.returncode == 0, result.stdout + result.stderr
    assert "survey year 2022\n" in result.stdout
    assert " of 2023 " in result.stdout
    assert {f.name for f in answers.iterdir() if f.stat().st_mtime_ns != made.get(f)} == {"2022.parquet"}
    assert digests(installation.editions / "latest") == published


@pytest.mark.long
@pytest.mark.sample
def test_a_run_from_scratch_elsewhere_gives_the_same_bytes(ran: Ran, place: Installation) -> None:
    other = install(place.folder)
    result = other.lea("run", "--year", "2021")  # takes every year in: none has been before
    assert result.returncode == 0, result.stdout + result.stderr
    assert "survey years 2020, 2021, 2022, 2023" in result.stdout
    assert digests(other.editions / "latest") == digests(ran[0].editions / "latest")


def test_the_mark_of_synthetic_answers_is_in_every_file_of_numbers(ran: Ran) -> None:
    latest = ran[0].public
    for name in ("cells.csv", "cell_breakdowns.csv", "series.csv", "reconciliation.csv"):
        assert set(pd.read_csv(latest / name, low_memory=False)["origin"]) == {"synthetic"}, name
    assert "Synthetische gegevens" in (latest / "index.html").read_text(encoding="utf-8")


def test_where_nothing_has_changed_nothing_is_made(installation: Installation) -> None:
    made = {f: f.stat().st_mtime_ns for f in installation.data.rglob("*") if f.is_file()}
    result = installation.lea("run")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Nothing has changed since the last edition" in result.stdout
    after = {f: f.stat().st_mtime_ns for f in installation.data.rglob("*") if f.is_file() and f.name != "writer.lock"}
    assert {f for f in after if made.get(f) != after[f]} == set()
