"""Who may have what: data/audiences.yaml and what dbt says of each table (DESIGN §6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.base.errors import BadInput
from assets.base.paths import DataPaths, data_paths
from assets.editions.content.audiences import Audiences, load_audiences, table_audiences
from assets.editions.content.terms import AUDIENCES
from assets.warehouse.dbt import dbt_paths, load_manifest
from tests.warehouse_sql import declared_audiences, properties

# Tables without a municipality in them, or with public facts of the registers only.
PUBLIC = {
    *("dim_category", "dim_disclosure_rule", "dim_label", "dim_measure", "dim_municipality", "dim_municipality_year"),
    *("dim_option", "dim_question", "dim_report", "dim_survey_year", "rpt_reconciliation", "rpt_tables_not_made"),
    *("rpt_series", "rpt_panels", "rpt_plausibility", "rpt_rule_confirmations"),
    *("rpt_public_cell_breakdowns", "rpt_public_cell_explanations", "rpt_public_cell_statuses"),
    *("rpt_public_cells", "rpt_public_tables", "rpt_public_response"),
}


@pytest.fixture(scope="module")
def audiences() -> Audiences:
    return load_audiences(data_paths().audiences, load_manifest(dbt_paths(data_paths())))


def test_dbt_carries_for_whom_each_table_is(audiences: Audiences) -> None:
    assert audiences.tables == declared_audiences()


def test_what_is_public_is_listed_here_too_so_that_nothing_becomes_public_by_a_slip(audiences: Audiences) -> None:
    assert {name for name, one in audiences.tables.items() if one.audience == "public"} == PUBLIC


def test_no_public_table_has_a_municipality_beside_an_answer(audiences: Audiences) -> None:
    for table in PUBLIC:
        names = [column["name"] for column in properties(table)["columns"]]
        if "municipality_code" in audiences.columns(table, names, "public"):
            assert table in ("dim_municipality", "dim_municipality_year")
    names = [column["name"] for column in properties("dim_municipality_year")["columns"]]
    assert "definition_breadth" in audiences.columns("dim_municipality_year", names, "internal")
    assert "definition_breadth" not in audiences.columns("dim_municipality_year", names, "public")


def test_what_is_not_named_is_internal(audiences: Audiences) -> None:
    assert [audiences.columns("fct_new", ["a"], who) for who in AUDIENCES] == [
        (),
        (),
        ("a",),
    ]
    assert [audiences.has(who, "new_page") for who in AUDIENCES] == [False, False, True]


def test_a_table_that_says_nothing_is_internal_and_a_column_can_be_for_fewer() -> None:
    column = {"name": "a", "meta": {}}
    model = {"resource_type": "model", "name": "m", "config": {"meta": {}}, "columns": {"a": column}}
    test = {"resource_type": "test", "name": "t"}
    assert table_audiences({"nodes": {"m": model, "t": test}})["m"].audience == "internal"
    column["meta"] = {"audience": "internal"}
    assert table_audiences({"nodes": {"m": model}})["m"].narrower == {"a": "internal"}


@pytest.mark.parametrize(
    ("written", "replaced", "what"),
    [
        ("audience: public", "audience: everybody", "products"),
        ("id: workbooks", "id: report", "report"),
        ("  internal:\n    who:", "  inside:\n    who:", "audiences"),
        ("    why: The same figures.\n", "", "why"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, written: str, replaced: str, what: str
) -> None:
    text = data_paths().audiences.read_text(encoding="utf-8")
    assert written in text
    file = DataPaths(tmp_path).audiences
    file.write_text(text.replace(written, replaced, 1), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_audiences(file, {"nodes": {}})
    assert what in str(refused.value)
    assert str(file) in refused.value.where
