"""What is for inside only, in a whole run: free text is where dossiers read it and nowhere else, and a coder's work, a
signal and a selection reach the dossier."""

from __future__ import annotations

import duckdb
import pytest

from assets.base.lake import identifier
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow

WRITTEN = """
    select text from warehouse.internal.stg_answers__texts where length(text) > 20
    union select note from warehouse.internal.stg_supervision__events where length(note) > 20
    union select text from warehouse.internal.stg_signals__incoming
"""


def tables_with_free_text(connection: duckdb.DuckDBPyConnection, database: str, schema: str) -> set[str]:
    """The tables of a schema in which any text column holds something that somebody wrote (table ``written``)."""
    columns = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() where database_name = ? and schema_name = ?"
        " and data_type like 'VARCHAR%'",
        [database, schema],
    ).fetchall()
    assert columns
    found = set()
    for table, column, data_type in columns:
        each = f"unnest({identifier(column)})" if data_type.endswith("[]") else identifier(column)
        ((holds,),) = connection.execute(
            f"select exists (from (select {each} as value from {database}.{schema}.{identifier(table)})"
            " semi join written on value = written.text)"
        ).fetchall()
        if holds:
            found.add(table)
    return found


def test_free_text_is_in_the_schema_that_no_copy_takes_in(ran: tuple[Installation, str]) -> None:
    edition = ran[0].inside
    with duckdb.connect() as connection:
        connection.execute(f"attach '{ran[0].warehouse}' as warehouse (read_only)")
        connection.execute(f"attach '{edition / 'lea_vve.duckdb'}' as edition (read_only)")
        connection.execute(f"create table written as {WRITTEN}")
        ((texts,),) = connection.execute("select count(*) from written").fetchall()
        assert texts > 100
        assert tables_with_free_text(connection, "warehouse", "internal") >= {"fct_open_answers", "fct_dossier_events"}
        assert tables_with_free_text(connection, "warehouse", "main") == set()
        assert tables_with_free_text(connection, "edition", "main") == set()


def test_a_coders_work_goes_out_comes_back_and_counts(installation: Installation) -> None:
    file = str(installation.folder / "coding.xlsx")
    settled = installation.data / "coding" / "2023" / "settled.csv"
    before = settled.read_bytes()
    options = ("--year", "2023", "--coder", "settled")

    exported = installation.lea("code", "export", file, *options)
    assert exported.returncode == 0, exported.stderr
    imported = installation.lea("code", "import", file, *options)
    assert imported.returncode == 0, imported.stderr
    assert sorted(settled.read_bytes().splitlines()) == sorted(before.splitlines())
    assert "alpha 0." in installation.lea("code", "agreement", "--year", "2023").stdout

    other = installation.lea("code", "import", file, "--year", "2023", "--coder", "coder_1")
    assert other.returncode == 1
    assert "answers did not come back" in other.stderr
    assert "Traceback" not in other.stderr


def test_a_selection_is_drawn_once_for_a_year(installation: Installation) -> None:
    first = installation.lea("select", "--year", "2023", "--number", "22", "--seed", "5")
    assert "22 municipalities selected" in first.stdout, first.stderr
    drawn = (installation.data / "interviews" / "2023.csv").read_bytes()
    second = installation.lea("select", "--year", "2023", "--number", "22", "--seed", "6")
    assert second.returncode == 1
    assert "has been drawn" in second.stderr
    assert (installation.data / "interviews" / "2023.csv").read_bytes() == drawn


def test_what_only_dossiers_show_makes_a_version_in_which_no_municipality_has_something_new(
    installation: Installation,
) -> None:
    assert installation.lea("select", "--year", "2023", "--seed", "5").returncode == 0
    run = installation.lea("run")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "edition: v2 of 2023 (new)" in run.stdout
    assert "new for: 0 municipalities" in run.stdout
    first, second = (installation.editions / "2023" / version for version in ("v1", "v2"))
    interviewed = {
        edition: {
            file.stem
            for file in (edition / "internal" / "dossiers").glob("GM????.html")
            if 'id="interview"' in file.read_text(encoding="utf-8")
        }
        for edition in (first, second)
    }
    drawn = (installation.data / "interviews" / "2023.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert interviewed[second] - interviewed[first] == {line[:6] for line in drawn} - interviewed[first] != set()
