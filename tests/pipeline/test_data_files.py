"""The data files of an edition of a whole run: one number and one unit in every form, described so that programs can
check them (Frictionless Data Package, DCAT-AP-NL 3.0), in the file itself for analysts."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook

from assets.editions.files.csv_files import read_csv
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow
CELL = ("report", "table_id", "row_key", "column_key")
SHAPES = Path(__file__).with_name("dcat_ap_nl.ttl")


@pytest.fixture(scope="module")
def latest(ran: tuple[Installation, str]) -> Path:
    return (ran[0].editions / "latest").resolve()


@pytest.fixture(scope="module", params=["public", "internal"])
def part(latest: Path, request: pytest.FixtureRequest) -> Path:
    return latest / str(request.param)


def rows_of(part: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(part / "lea_vve.duckdb", read_only=True) as connection:
        return connection.execute(sql).fetchall()


def resources_of(part: Path) -> list[dict[str, Any]]:
    resources: list[dict[str, Any]] = json.loads((part / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    return resources


def number(text: str) -> float | None:
    return float(text) if text else None


def test_what_anybody_may_have_is_easily_had(latest: Path) -> None:
    sizes = [file.stat().st_size for file in (latest / "public").rglob("*") if file.is_file()]
    assert len(sizes) < 300
    assert sum(sizes) < 15_000_000


class TestNumbers:
    def test_a_number_is_the_same_in_every_file_and_a_share_is_between_0_and_1(self, part: Path) -> None:
        of_cells = f"select {', '.join(CELL)}, value, unit from rpt_cells"
        in_database = {tuple(key): (value, unit) for *key, value, unit in rows_of(part, of_cells)}
        in_parquet = duckdb.execute(of_cells.replace("rpt_cells", f"'{part}/parquet/rpt_cells.parquet'")).fetchall()
        in_csv = {
            tuple(row[name] for name in CELL): (number(row["value"]), row["unit"])
            for row in read_csv(part / "cells.csv")
        }
        assert {tuple(key): (value, unit) for *key, value, unit in in_parquet} == in_database
        assert in_csv == in_database
        shares = [value for value, unit in in_database.values() if unit == "share" and value is not None]
        assert len(shares) > 300
        assert all(0 <= value <= 1.5 for value in shares)  # a reach can be above 1
        assert {unit for _, unit in in_database.values()} == {"count", "municipalities", "number", "score", "share"}

    def test_the_workbook_has_the_printed_number_of_the_same_cell(self, part: Path) -> None:
        columns, tables = "report, place_nl, row_label_nl, value_rounded", "rpt_tables using (report, table_id)"
        sql = f"select {columns} from rpt_cells join {tables}"
        rows = rows_of(part, f"{sql} where rpt_cells.kind = 'table' and unit = 'share' and value is not null")
        found = 0
        books = {report: load_workbook(part / f"workbooks/{report}_nl.xlsx", read_only=True) for report, *_ in rows}
        grids = {
            (report, sheet.title): list(sheet.iter_rows(values_only=True))
            for report, book in books.items()
            for sheet in book.worksheets
        }
        for report, place, label, value in rows:
            lines = [line for line in grids.get((report, place), []) if line[0] == label]
            found += any(
                cell == pytest.approx(value) for line in lines for cell in line if isinstance(cell, float | int)
            )
        assert found == len([row for row in rows if (row[0], row[1]) in grids]) > 100

    def test_the_page_prints_it(self, part: Path) -> None:
        pages = (part / "index.html", *part.glob("explain/*/in-text.html"))
        page = " ".join(file.read_text(encoding="utf-8") for file in pages)
        texts = rows_of(part, "select distinct value_text_nl from rpt_cells where unit = 'share' and value is not null")
        assert [text for (text,) in texts if f">{text}<" not in page] == []

    def test_the_unit_of_a_measure_is_that_of_the_cells_that_print_it(self, part: Path) -> None:
        apart = "select measure from rpt_cells join dim_measure using (measure) where statistic = 'value'"
        assert rows_of(part, f"{apart} and rpt_cells.unit != dim_measure.unit") == []


class TestDescriptions:
    def test_every_column_is_described_and_every_number_has_a_unit(self, part: Path) -> None:
        assert rows_of(part, "select table_name, column_name from about_columns where description is null") == []
        numbers = "regexp_matches(column_type, '^(.*INT.*|DOUBLE|DECIMAL.*)$') and not ends_with(column_type, '[]')"
        assert (
            rows_of(part, f"select table_name, column_name from about_columns where {numbers} and unit is null") == []
        )
        assert rows_of(part, "select count(distinct unit) > 10 from about_columns") == [(True,)]

    def test_the_database_says_so_itself(self, part: Path) -> None:
        tables = "select table_name from duckdb_tables() where schema_name = 'main' and coalesce(comment, '') = ''"
        assert rows_of(part, tables) == []
        columns = "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal"
        views = "select view_name from duckdb_views()"
        assert rows_of(part, f"{columns} and coalesce(comment, '') = '' and table_name not in ({views})") == []

    def test_keys_identify_a_row_and_references_lead_somewhere(self, part: Path) -> None:
        keys: dict[str, list[str]] = {}
        for table, column in rows_of(
            part, "select table_name, column_name from about_columns where key_no > 0 order by key_no"
        ):
            keys.setdefault(table, []).append(column)
        named = "select distinct table_name, unnest(string_split(refers_to, ', ')) from about_columns"
        references = rows_of(part, named)
        assert len(references) > 20
        for table, key in keys.items():
            doubled = f"select {', '.join(key)} from {table} group by all having count(*) > 1"
            assert rows_of(part, doubled) == [], table
        for table, target in references:
            columns = ", ".join(keys[target])
            known = " and ".join(f"{column} is not null" for column in keys[target])
            lost = f"select {columns} from {table} where {known} except select {columns} from {target}"
            assert rows_of(part, lost) == [], (table, target)

    def test_totals_leave_out_what_would_count_double(self, part: Path) -> None:
        views = [name for (name,) in rows_of(part, "select view_name from duckdb_views() where not internal")]
        if part.name == "internal":
            assert {"fct_measures_totals", "fct_frequencies_totals", "rpt_response_totals"} <= set(views)
        for view in views:
            whole = view.removesuffix("_totals")
            counts = f"select (select count(*) from {view}), count(*) from {whole} where breakdown = 'total'"
            ((in_view, of_total),) = rows_of(part, counts)
            assert in_view == of_total > 0, view


class TestDataPackage:
    @pytest.mark.parametrize("folder", ["public", "internal", "municipalities/GM0363"])
    def test_every_file_is_what_the_package_says(self, latest: Path, folder: str) -> None:
        from frictionless import validate

        report = validate(str(latest / folder / "datapackage.json"))
        assert [(task.name, task.errors[0].message) for task in report.tasks if task.errors] == []
        assert report.valid

    @pytest.mark.parametrize(
        ("file", "was", "becomes"),
        [
            ("cells.csv", b",share,", b",share,x"),  # a text among whole numbers
            ("cell_breakdowns.csv", b"landelijk2023,", b"elders2023,"),  # a cell that is not there
        ],
    )
    def test_a_file_that_is_not_is_found(
        self, latest: Path, tmp_path: Path, file: str, was: bytes, becomes: bytes
    ) -> None:
        from frictionless import validate

        shutil.copytree(latest / "public", tmp_path / "public")
        damaged = tmp_path / "public" / file
        damaged.chmod(0o644)
        damaged.write_bytes(damaged.read_bytes().replace(was, becomes, 1))
        package = tmp_path / "public" / "datapackage.json"
        package.chmod(0o644)
        facts = json.loads(package.read_text(encoding="utf-8"))
        for resource in facts["resources"]:
            if resource["path"] == file:
                del resource["bytes"], resource["hash"]
        package.write_text(json.dumps(facts), encoding="utf-8")
        assert not validate(str(package)).valid

    def test_it_lists_data_only_each_field_described_with_its_unit(self, part: Path) -> None:
        resources = resources_of(part)
        assert {one["format"] for one in resources} == {"csv", "parquet", "duckdb", "xlsx"}
        assert {one["type"] for one in resources if one["format"] == "csv"} == {"table"}
        assert {one["type"] for one in resources if one["format"] != "csv"} == {"file"}
        fields = [(one["path"], f) for one in resources for f in one.get("schema", {"fields": []})["fields"]]
        assert [(path, f["name"]) for path, f in fields if not f.get("description")] == []
        assert [
            (path, f["name"]) for path, f in fields if f["type"] in ("integer", "number") and not f.get("unit")
        ] == []
        without = [one["path"] for one in resources if "schema" not in one]
        assert [path for path in without if not re.fullmatch(r"lea_vve\.duckdb|workbooks/.+", path)] == []

    def test_the_origin_is_in_words_once_a_file_and_not_in_each_row(self, part: Path) -> None:
        for one in resources_of(part):
            assert "Synthetische gegevens" in one["origin_note"]
            if one["format"] == "csv":
                assert "Synthetische gegevens" not in (part / one["path"]).read_text(encoding="utf-8")


class TestCatalogueRecord:
    @staticmethod
    def validated(record: Path) -> tuple[bool, str]:
        import pyshacl
        from rdflib import Graph

        data = Graph().parse(record, format="json-ld")
        conforms, _, text = pyshacl.validate(data, shacl_graph=Graph().parse(SHAPES))
        return bool(conforms), str(text)

    def test_it_has_what_the_profile_asks(self, latest: Path) -> None:
        conforms, text = self.validated(latest / "public" / "dcat.jsonld")
        assert conforms, text
        assert not (latest / "internal" / "dcat.jsonld").exists()

    @pytest.mark.parametrize(
        "name", ["dct:identifier", "dct:publisher", "dcat:contactPoint", "dcat:theme", "dct:temporal"]
    )
    def test_without_a_mandatory_property_it_has_not(self, latest: Path, tmp_path: Path, name: str) -> None:
        facts = json.loads((latest / "public" / "dcat.jsonld").read_text(encoding="utf-8"))
        del facts[name]
        record = tmp_path / "dcat.jsonld"
        record.write_text(json.dumps(facts), encoding="utf-8")
        assert not self.validated(record)[0]

    def test_each_distribution_is_a_file_with_its_checksum(self, latest: Path) -> None:
        facts = json.loads((latest / "public" / "dcat.jsonld").read_text(encoding="utf-8"))
        assert "Synthetische gegevens" in facts["dct:description"][0]["@value"]
        distributions = facts["dcat:distribution"]
        assert len(distributions) > 20
        for one in distributions:
            content = (latest / "public" / one["dcat:downloadURL"]["@id"]).read_bytes()
            assert one["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(content).hexdigest()
            assert one["dcat:byteSize"]["@value"] == str(len(content))
