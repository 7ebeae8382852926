"""What is in the files of an edition: equal to the warehouse, safe to open, open about the origin of its answers."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assets.editions.content import SLUG
from assets.editions.csv_files import read_csv, safe_text
from assets.editions.drawing import spread
from assets.editions.mark import SYNTHETIC_MARK, mark_of, origin_of
from assets.editions.publish import EditionResult, publish_edition
from assets.errors import BadInput
from tests.unit.edition_warehouse import Warehouse

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLAIN = Warehouse(left_out=("figuur_1_4",))  # without the figure, whose drawing takes longer than all else
MARTS = ("dim_note", "fct_reach", "rpt_cells", "rpt_tables")
MARKUP = "<script>alert('x')</script> & \"Smal\" $x^2$ {{ 7*7 }} \\1"


def published(tmp_path: Path, warehouse: Warehouse) -> EditionResult:
    path = warehouse.write(tmp_path / "warehouse.duckdb")
    return publish_edition(path, tmp_path / "editions", 2023, inputs={"2023": ["abc"]}, now=NOW)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> EditionResult:
    return published(tmp_path_factory.mktemp("edition"), Warehouse())


@pytest.fixture(scope="module")
def real_edition(tmp_path_factory: pytest.TempPathFactory) -> EditionResult:
    return published(tmp_path_factory.mktemp("real"), Warehouse(origin="real"))


@pytest.fixture(scope="module")
def page(edition: EditionResult) -> str:
    return (edition.folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def package(edition: EditionResult) -> dict[str, Any]:
    package: dict[str, Any] = json.loads((edition.folder / "datapackage.json").read_text(encoding="utf-8"))
    return package


def marks_of(edition: Path, path: str) -> str:
    """All text of a file in which the mark may stand, as its own readers would find it."""
    file = edition / path
    match file.suffix:
        case ".png":
            with Image.open(file) as image:
                return " ".join(str(value) for value in image.info.values())
        case ".parquet":
            rows = duckdb.execute(
                "select decode(key), decode(value) from parquet_kv_metadata(?)", [str(file)]
            ).fetchall()
            return " ".join(f"{key} {value}" for key, value in rows)
        case ".duckdb":
            with duckdb.connect(file, read_only=True) as connection:
                return str(connection.execute("from about_this_edition").fetchall())
        case _:
            return file.read_text(encoding="utf-8")


class TestOrigin:
    def test_the_synthetic_mark_is_in_every_file(self, edition: EditionResult) -> None:
        # Checksums have a fixed form; cells.csv and changes.csv carry the origin of each cell in a column.
        in_words = [name for name in edition.files if name not in ("SHA256SUMS", "cells.csv", "changes.csv")]
        unmarked = [
            name for name in in_words if not any(mark in marks_of(edition.folder, name) for mark in SYNTHETIC_MARK)
        ]
        assert unmarked == []
        assert {row["origin"] for row in read_csv(edition.folder / "cells.csv")} == {"synthetic"}

    def test_with_real_answers_it_is_in_none(self, real_edition: EditionResult) -> None:
        assert real_edition.origin == "real"
        marked = [name for name in real_edition.files if "synthet" in marks_of(real_edition.folder, name).lower()]
        assert marked == []

    def test_it_is_at_the_top_under_every_table_and_in_every_picture(self, edition: EditionResult) -> None:
        page = (edition.folder / "index.html").read_text()
        assert page.index('class="banner"') < page.index("<h1>")
        for section in page.split("<section ")[1:4]:
            assert f'<p class="mark"><span class="t" lang="nl">{SYNTHETIC_MARK.nl}' in section
        for language, mark in SYNTHETIC_MARK._asdict().items():
            svg = (edition.folder / f"figures/figuur_1_4{'.en' if language == 'en' else ''}.svg").read_text()
            assert re.search(rf"<text [^>]*>{re.escape(mark)}</text>", svg)

    def test_the_mark_is_drawn_in_the_png(self, edition: EditionResult, real_edition: EditionResult) -> None:
        with (
            Image.open(edition.folder / "figures/figuur_1_4.png") as marked,
            Image.open(real_edition.folder / "figures/figuur_1_4.png") as plain,
        ):
            assert marked.width == plain.width
            assert marked.height > plain.height

    @pytest.mark.parametrize(
        ("origins", "origin"),
        [(["real"], "real"), (["real", "synthetic"], "synthetic"), ([None], "synthetic"), ([], "synthetic")],
    )
    def test_only_wholly_real_answers_go_unmarked(self, origins: list[str | None], origin: str) -> None:
        assert origin_of(origins) == origin
        assert (mark_of(origin_of(origins)) is None) == (origin == "real")


class TestMarts:
    @pytest.mark.parametrize("mart", MARTS)
    def test_copies_equal_the_warehouse(self, edition: EditionResult, mart: str) -> None:
        with duckdb.connect() as connection:
            connection.execute(f"attach '{edition.folder.parents[2] / 'warehouse.duckdb'}' as warehouse (read_only)")
            connection.execute(f"attach '{edition.folder / 'lea_vve.duckdb'}' as copy (read_only)")
            parquet = f"read_parquet('{edition.folder / 'parquet' / mart}.parquet')"
            for copy in (parquet, f"copy.main.{mart}"):
                for one, other in ((copy, f"warehouse.main.{mart}"), (f"warehouse.main.{mart}", copy)):
                    assert connection.execute(f"from {one} except all from {other}").fetchall() == []
            assert connection.execute(f"select count(*) > 0 from {parquet}").fetchall() == [(True,)]

    def test_only_marts_are_published(self, edition: EditionResult) -> None:
        with duckdb.connect(edition.folder / "lea_vve.duckdb", read_only=True) as connection:
            tables = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        assert sorted(tables) == ["about_this_edition", *MARTS]
        assert sorted(path.stem for path in (edition.folder / "parquet").iterdir()) == list(MARTS)

    def test_whole_numbers_of_128_bits_stay_whole_numbers(self, edition: EditionResult) -> None:
        described = duckdb.execute(f"describe from '{edition.folder}/parquet/fct_reach.parquet'").fetchall()
        assert {name: kind for name, kind, *_ in described}["target_toddlers"] == "BIGINT"

    def test_rows_are_sorted_and_compressed(self, edition: EditionResult) -> None:
        parquet = f"{edition.folder}/parquet/fct_reach.parquet"
        codes = [code for (code,) in duckdb.execute(f"select municipality_code from '{parquet}'").fetchall()]
        assert codes == sorted(codes)
        compressions = duckdb.execute(f"select distinct compression from parquet_metadata('{parquet}')").fetchall()
        assert compressions == [("ZSTD",)]

    def test_the_database_tells_of_itself_and_keeps_the_descriptions(self, edition: EditionResult) -> None:
        with duckdb.connect(edition.folder / "lea_vve.duckdb", read_only=True) as connection:
            about = connection.execute("from about_this_edition").fetchall()
            comment = connection.execute(
                "select comment from duckdb_tables() where table_name = 'fct_reach'"
            ).fetchall()
            storage = connection.execute(
                "select tags from duckdb_databases() where database_name = 'lea_vve'"
            ).fetchall()
        assert about == [(2023, 1, NOW.replace(tzinfo=None), "synthetic", "CC-BY-4.0", *SYNTHETIC_MARK)]
        assert comment == [("Reach of a municipality in a year",)]
        assert "v1.0.0" in str(storage)


class TestCsv:
    def test_a_table_has_a_line_for_every_cell(self, edition: EditionResult) -> None:
        rows = read_csv(edition.folder / "tables/tabel_1_11.csv")
        assert len(rows) == 6
        narrow = rows[0]
        assert (narrow["row_label_nl"], narrow["row_label_en"]) == ("Smal", "Narrow")
        assert (narrow["value"], narrow["unit"], narrow["printed_nl"]) == ("78", "percent", "78%")
        assert (narrow["numerator"], narrow["denominator"], narrow["n_municipalities"]) == ("7800", "10000", "83")
        assert rows[1]["numerator"] == ""  # a number of municipalities is no quotient

    def test_files_are_utf8_with_crlf_and_quotes(self, tmp_path: Path) -> None:
        made = published(tmp_path, PLAIN.but(narrow_label='Smal, "1–3"\nindicatoren'))
        raw = (made.folder / "tables/tabel_1_11.csv").read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert b"\r\n" in raw
        assert b'"Smal, ""1\xe2\x80\x933""\nindicatoren"' in raw
        assert read_csv(made.folder / "tables/tabel_1_11.csv")[0]["row_label_nl"] == 'Smal, "1–3"\nindicatoren'

    def test_cells_hold_all_of_rpt_cells(self, edition: EditionResult) -> None:
        rows = read_csv(edition.folder / "cells.csv")
        with duckdb.connect(edition.folder / "lea_vve.duckdb", read_only=True) as connection:
            columns = [name for name, *_ in connection.execute("describe rpt_cells").fetchall()]
        assert list(rows[0]) == columns
        assert len(rows) == edition.cells

    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("=1+1", "'=1+1"),
            ("+31 6", "'+31 6"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("\t=1", "'\t'=1"),
            ("  =1", "  '=1"),
            ("＝1", "'＝1"),
            ("Anders;=HYPERLINK(1)", "Anders;'=HYPERLINK(1)"),
            ("regel\n=1", "regel\n'=1"),
            ("-5", "-5"),
            ("-1.234,5%", "-1.234,5%"),
            ("-1.5e-07", "-1.5e-07"),
            ("-", "-"),
            ("2-4 jaar = jong", "2-4 jaar = jong"),
            ("", ""),
        ],
    )
    def test_no_spreadsheet_runs_a_text(self, text: str, written: str) -> None:
        assert safe_text(text) == written

    @given(st.text(alphabet="=+-@＝; \t\r\n'1a", max_size=8))
    def test_guarded_text_needs_no_second_guard(self, text: str) -> None:
        once = safe_text(text)
        assert safe_text(once) == once
        assert once.replace("'", "") == text.replace("'", "")

    def test_a_formula_in_a_label_is_guarded_in_every_csv(self, tmp_path: Path) -> None:
        made = published(tmp_path, PLAIN.but(narrow_label="=cmd|' /C calc'!A0"))
        for name in ("tables/tabel_1_11.csv", "cells.csv"):
            with (made.folder / name).open(newline="", encoding="utf-8") as file:
                fields = [field for row in csv.reader(file) for field in row]
            assert "'=cmd|' /C calc'!A0" in fields
            assert [field for field in fields if field.startswith("=")] == []


class Elements(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def attributes(self, tag: str, name: str) -> list[str | None]:
        return [attributes[name] for found, attributes in self.tags if found == tag and name in attributes]


class TestPage:
    def test_tables_stand_in_the_order_of_the_report(self, page: str) -> None:
        assert re.findall(r'<section id="(\w+)"', page) == ["tabel_1_10", "tabel_1_11", "figuur_1_4", "downloads"]

    def test_numbers_are_printed_as_the_warehouse_prints_them(self, page: str) -> None:
        for printed in ("53.257", "53,257", "78%", "17.602", "17,602"):
            assert f">{printed}<" in page

    def test_base_source_and_downloads_stand_with_each_table(self, page: str) -> None:
        base = {
            "tabel_1_10": "n = 291 tot 314 gemeenten",
            "tabel_1_11": "n = 54 tot 119",
            "figuur_1_4": "n = 88 gemeenten",
        }
        for section in page.split("<section ")[1:4]:
            table_id = re.findall(r'id="(\w+)"', section)[0]
            assert base[table_id] in section
            assert "vragenlijst gemeenten, 2023" in section
            assert f'href="tables/{table_id}.csv"' in section

    def test_every_link_leads_to_a_file_of_the_edition(self, edition: EditionResult, page: str) -> None:
        links = [link for link in Elements(page).attributes("a", "href") if link]
        own = [link for link in links if not link.startswith(("#", "https://"))]
        assert [link for link in own if not (edition.folder / link).is_file()] == []
        assert set(own) | {"index.html"} >= {
            name for name in edition.files if not name.endswith((".en.svg", ".en.png"))
        }

    def test_nothing_is_loaded_from_elsewhere(self, page: str) -> None:
        elements = Elements(page)
        assert elements.attributes("script", "src") == elements.attributes("link", "href") == []
        assert elements.attributes("img", "src") == []
        assert not re.search(r"@import|url\((?!#)", page)

    def test_tables_and_figures_speak_to_screen_readers(self, page: str) -> None:
        elements = Elements(page)
        ids = [attributes["id"] for _, attributes in elements.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert elements.attributes("html", "lang") == ["nl"]
        assert set(elements.attributes("th", "scope")) == {"row", "col"}
        assert len([tag for tag, _ in elements.tags if tag == "caption"]) == 3
        for labels in elements.attributes("svg", "aria-labelledby"):
            assert set((labels or "").split()) <= set(ids)
        assert elements.attributes("svg", "role") == ["img", "img"]
        assert "Lijngrafiek. Doelgroeppeuters: 2020: 14.980, 2021: 15.023, 2022: 14.874." in page

    def test_dutch_and_english_come_in_pairs(self, page: str) -> None:
        shown = [attributes for _, attributes in Elements(page).tags if "t" in (attributes.get("class") or "").split()]
        languages = [attributes["lang"] for attributes in shown]
        assert languages.count("nl") == languages.count("en") > 50

    def test_markup_in_texts_is_shown_and_not_run(self, tmp_path: Path) -> None:
        made = published(tmp_path, PLAIN.but(narrow_label=MARKUP, source=MARKUP))
        page = (made.folder / "index.html").read_text(encoding="utf-8")
        assert page.count("<script>") == 1  # the language switch
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;Smal&#34;" in page
        assert "{{ 7*7 }}" in page

    def test_markup_in_a_figure_is_drawn_as_text(self, tmp_path: Path) -> None:
        made = published(tmp_path, Warehouse(places_label=MARKUP))
        svg = (made.folder / "figures/figuur_1_4.svg").read_text(encoding="utf-8")
        assert "<script" not in svg
        assert "&lt;script&gt;" in svg
        assert "$x^2$" in svg


class TestFigure:
    def test_it_is_drawn_from_its_cells(self, edition: EditionResult) -> None:
        svg = (edition.folder / "figures/figuur_1_4.svg").read_text()
        texts = re.findall(r"<text [^>]*>([^<]*)</text>", svg)
        for expected in ("2020", "2022", "14.980", "17.602", "12.188", "Kindplaatsen", "0"):
            assert expected in texts

    def test_no_date_and_no_tool_version(self, edition: EditionResult) -> None:
        assert "<dc:date>" not in (edition.folder / "figures/figuur_1_4.svg").read_text()
        with Image.open(edition.folder / "figures/figuur_1_4.png") as image:
            assert "Software" not in image.info

    @given(st.lists(st.floats(0, 100), min_size=1, max_size=6), st.floats(0.5, 20))
    def test_labels_never_overlap_and_keep_their_order(self, positions: list[float], gap: float) -> None:
        moved = spread(positions, gap)
        order = sorted(range(len(positions)), key=lambda index: positions[index])
        assert all(moved[b] - moved[a] >= gap - 1e-6 for a, b in pairwise(order))

    def test_labels_that_are_apart_stay(self) -> None:
        assert spread([10.0, 0.0, 20.0], 5) == [10.0, 0.0, 20.0]


class TestMetadata:
    def test_every_resource_is_there_with_its_size_and_fields(
        self, edition: EditionResult, package: dict[str, Any]
    ) -> None:
        by_path = {resource["path"]: resource for resource in package["resources"]}
        assert {name for name in edition.files if name.endswith((".csv", ".parquet", ".duckdb"))} <= set(by_path)
        for path, resource in by_path.items():
            assert resource["bytes"] == (edition.folder / path).stat().st_size
            if path.endswith(".csv"):
                header = (edition.folder / path).read_text(encoding="utf-8").splitlines()[0]
                assert [field["name"] for field in resource["schema"]["fields"]] == header.split(",")
        assert len({resource["name"] for resource in by_path.values()}) == len(by_path)

    def test_fields_have_types_and_descriptions(self, package: dict[str, Any]) -> None:
        (reach,) = [r for r in package["resources"] if r["path"] == "parquet/fct_reach.parquet"]
        types = {field["name"]: field["type"] for field in reach["schema"]["fields"]}
        assert types == {
            "municipality_code": "string",
            "survey_year": "integer",
            "target_toddlers": "integer",
            "reach": "number",
            "is_complete": "boolean",
            "given_on": "date",
        }
        assert reach["description"] == "Reach of a municipality in a year"
        assert reach["schema"]["fields"][3]["description"] == "reached / target toddlers"

    def test_origin_licence_and_sources(self, package: dict[str, Any], real_edition: EditionResult) -> None:
        assert package["origin"] == "synthetic"
        assert package["licenses"][0]["name"] == "CC-BY-4.0"
        assert "gegenereerde" in package["sources"][0]["title"]
        assert any("CBS" in source["title"] for source in package["sources"])
        assert any("DUO" in source["title"] for source in package["sources"])
        real = json.loads((real_edition.folder / "datapackage.json").read_text(encoding="utf-8"))
        assert real["origin"] == "real"
        assert "ingevuld door gemeenten" in real["sources"][0]["title"]

    def test_the_edition_tells_from_what_it_was_made(self, edition: EditionResult) -> None:
        facts = json.loads((edition.folder / "edition.json").read_text(encoding="utf-8"))
        assert (facts["survey_year"], facts["version"], facts["cells"]) == (2023, 1, 21)
        assert facts["created_at"] == "2026-11-21T12:00:00+00:00"
        assert facts["inputs"] == {"2023": ["abc"]}
        assert {"python", "duckdb", "matplotlib", "jinja2", "code"} <= set(facts["made_with"])


class TestContent:
    @pytest.mark.parametrize(
        ("damage", "what"),
        [
            ("delete from rpt_tables", "nothing to publish"),
            ("delete from rpt_cells", "nothing to publish"),
            ("delete from rpt_cells where table_id = 'tabel_1_11'", "do not belong together: tabel_1_11"),
            ("insert into rpt_cells select * from rpt_cells limit 1", "A cell stands twice: tabel_1_10"),
            ("update rpt_tables set table_id = '../../x' where position = 1", "must be unique and made of a-z"),
            ("insert into rpt_tables select * from rpt_tables limit 1", "must be unique"),
        ],
    )
    def test_tables_that_cannot_be_published_are_refused(self, tmp_path: Path, damage: str, what: str) -> None:
        warehouse = Warehouse().write(tmp_path / "warehouse.duckdb")
        with duckdb.connect(warehouse) as connection:
            connection.execute(damage)

        with pytest.raises(BadInput, match=re.escape(what)):
            publish_edition(warehouse, tmp_path / "editions", 2023, inputs={})

        assert not (tmp_path / "editions/2023").exists()

    @pytest.mark.parametrize("name", ["../x", "Tabel", "a b", "", "1a", "a.b", "a/b"])
    def test_a_table_id_cannot_leave_its_folder(self, name: str) -> None:
        assert not SLUG.fullmatch(name)

    def test_a_figure_over_categories_becomes_a_bar_chart(self, tmp_path: Path) -> None:
        warehouse = Warehouse().write(tmp_path / "warehouse.duckdb")
        with duckdb.connect(warehouse) as connection:
            connection.execute("update rpt_tables set kind = 'figure' where table_id = 'tabel_1_11'")
            connection.execute("delete from rpt_cells where table_id = 'tabel_1_11' and column_key <> 'reach'")
            connection.execute("update rpt_cells set value = null where table_id = 'tabel_1_11' and row_key = 'broad'")
        made = publish_edition(warehouse, tmp_path / "editions", 2023, inputs={})

        svg = (made.folder / "figures/tabel_1_11.svg").read_text()
        assert "Staafgrafiek. Smal: Bereikpercentage: 78%" in svg
        assert re.search(r"<text [^>]*>80%</text>", svg)


@pytest.mark.parametrize("model", ["rpt_tables", "rpt_cells"])
def test_the_warehouse_of_these_tests_has_the_columns_of_the_contract(tmp_path: Path, model: str) -> None:
    reports = Path(__file__).parents[2] / "dbt_project/models/reports"
    (contract,) = yaml.safe_load((reports / f"{model}.yml").read_text(encoding="utf-8"))["models"]
    with duckdb.connect(Warehouse().write(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        columns = connection.execute(f"describe {model}").fetchall()

    assert {name: kind.lower() for name, kind, *_ in columns} == {
        column["name"]: column["data_type"] for column in contract["columns"]
    }
