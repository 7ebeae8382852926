"""The warehouse of a whole run against the numbers computed again from the delivered files (tests/second_opinion)."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.pipeline.conftest import Installation
from tests.second_opinion.compare import CELL_TABLES, TABLES, Computation, compute, hold

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def computed(ran: tuple[Installation, str]) -> Computation:
    return compute(ran[0].data)


def test_the_second_opinion_agrees(ran: tuple[Installation, str], computed: Computation) -> None:
    comparison = hold(computed, ran[0].warehouse)

    assert [str(difference) for difference in comparison.differences[:20]] == []
    assert comparison.compared.keys() == TABLES.keys() | CELL_TABLES.keys()
    assert all(comparison.compared.values())
    assert comparison.total > 2_000_000


def test_a_planted_difference_is_found(ran: tuple[Installation, str], computed: Computation, tmp_path: Path) -> None:
    """One value, one row too few, and one row too many, each in a table of its own."""
    warehouse = shutil.copyfile(ran[0].warehouse, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "update rpt_cells set numerator = numerator + 1 where table_id = 'tabel_1_1' and row_key = 'combating_disadvantage'"
            " and column_key = 'count'"
        )
        connection.execute(
            "delete from fct_panel where panel = 'strict' and municipality_code = 'GM0034' and reference_year = 2019"
        )
        connection.execute("insert into fct_supervision_selection values (2023, 'GM9999', 'vve', ['nothing'])")

    found = hold(computed, warehouse).differences

    assert {(d.table, d.column) for d in found} == {
        ("rpt_cells", "numerator"),
        ("fct_panel", ""),
        ("fct_supervision_selection", ""),
    }
    assert [d.key[1:3] for d in found if d.table == "rpt_cells"] == [("tabel_1_1", "combating_disadvantage")]
