"""What is in the files of an edition: equal to the warehouse, safe to open, open about the origin of its answers."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from struct import unpack_from
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.base.errors import BadInput
from assets.base.texts import file_in
from assets.editions.content.mark import SYNTHETIC_MARK, mark_of, origin_of
from assets.editions.content.reading import SLUG, read_content
from assets.editions.files.csv_files import read_csv, safe_text
from assets.editions.pictures.drawing import LIGHT_GREY
from assets.editions.pictures.figures import draw_figures
from assets.editions.publication.publish import EditionResult
from tests.unit.editions.edition_warehouse import FIGURES, Warehouse, publish

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLAIN = Warehouse(left_out=FIGURES)  # without figures, whose drawing takes longer than all else
MARTS = (
    "dim_category",
    "dim_disclosure_rule",
    "dim_label",
    "dim_municipality",
    "dim_municipality_group",
    "dim_municipality_year",
    "dim_note",
    "dim_report",
    "dim_survey_year",
    "fct_disclosure",
    "fct_measure_members",
    "fct_reach",
    "rpt_cell_breakdowns",
    "rpt_cell_explanations",
    "rpt_cell_members",
    "rpt_cell_statuses",
    "rpt_cells",
    "rpt_public_cell_breakdowns",
    "rpt_public_cell_explanations",
    "rpt_public_cell_statuses",
    "rpt_public_cells",
    "rpt_public_tables",
    "rpt_reconciliation",
    "rpt_series",
    "rpt_tables",
    "rpt_tables_not_made",
)
MARKUP = "<script>alert('x')</script> & \"Smal\" $x^2$ {{ 7*7 }} \\1"


def published(tmp_path: Path, warehouse: Warehouse) -> EditionResult:
    path = warehouse.write(tmp_path / "warehouse.duckdb")
    return publish(path, tmp_path / "editions", 2023, inputs={"2023": ["abc"]}, now=NOW)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> EditionResult:
    return published(tmp_path_factory.mktemp("edition"), Warehouse())


@pytest.fixture(scope="module")
def real_edition(tmp_path_factory: pytest.TempPathFactory) -> EditionResult:
    return published(tmp_path_factory.mktemp("real"), Warehouse(origin="real"))


@pytest.fixture(scope="module")
def page(edition: EditionResult) -> str:
    return (edition.internal / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def package(edition: EditionResult) -> dict[str, Any]:
    package: dict[str, Any] = json.loads((edition.internal / "datapackage.json").read_text(encoding="utf-8"))
    return package


def in_text(edition: EditionResult, report: str) -> str:
    """The page with the numbers in the text of a report."""
    return (edition.internal / f"explain/{report}/in-text.html").read_text(encoding="utf-8")


def cells_of(edition: EditionResult, report: str, table_id: str) -> list[dict[str, str]]:
    """The lines of a table in the file of all cells."""
    rows = read_csv(edition.internal / "cells.csv")
    return [row for row in rows if (row["report"], row["table_id"]) == (report, table_id)]


def sections(page: str) -> list[str]:
    """The sections of the page: the tables, figures and texts, then the symbols and the downloads."""
    return page.split("<section ")[1:]


def marks_of(edition: Path, path: str) -> str:
    """All text of a file in which the mark may be, as its own readers would find it."""
    file = edition / path
    match file.suffix:
        case ".png" | ".pdf":
            return file.read_bytes().decode("utf-8", "ignore")
        case ".parquet":
            rows = duckdb.execute(
                "select decode(key), decode(value) from parquet_kv_metadata(?)", [str(file)]
            ).fetchall()
            return " ".join(f"{key} {value}" for key, value in rows)
        case ".duckdb":
            with duckdb.connect(file, read_only=True) as connection:
                return str(connection.execute("from about_this_edition").fetchall())
        case ".xlsx":
            with ZipFile(file) as parts:
                return " ".join(parts.read(name).decode("utf-8") for name in parts.namelist())
        case _:
            return file.read_text(encoding="utf-8")


def test_years_are_side_by_side_below_their_table_and_the_panel_is_for_inside(edition: EditionResult) -> None:
    for part, panel in (("internal", True), ("public", False)):
        table = (edition.folder / part / "explain/landelijk2023/tabel_1_10.en.html").read_text(encoding="utf-8")
        assert "Over the years" in table
        assert '<td class="break">50% <span class="n">n = 1,200' in table
        assert f">−2.5{' (' if panel else '</span>'}" in table
        assert ("+1.0" in table) == panel
        assert "Not simply comparable" in table
        assert "Asked otherwise." in table
        years = read_csv(edition.folder / part / "series.csv")
        assert [(one["survey_year"], one["comparability"]) for one in years] == [("2022", "first"), ("2023", "changed")]
        assert ("panel_municipalities" in years[0]) == panel


def test_the_page_lists_what_was_not_made_and_why_and_the_printed_reports_of_other_editions(
    edition: EditionResult,
) -> None:
    page = (edition.internal / "index.en.html").read_text(encoding="utf-8")
    absent = page[page.index('id="landelijk2023-not-made"') :]
    assert "Not asked." in absent
    assert "Topics" in absent
    assert 'href="#landelijk2023-not-made"' in page
    assert "thema2022-not-made" not in page
    assert "Older report" in page
    assert "National report (2023)" not in page


class TestOrigin:
    def test_the_synthetic_mark_is_in_every_file(self, edition: EditionResult) -> None:
        in_words = [name for name in edition.files if not name.endswith(("SHA256SUMS", "style.css", ".csv"))]
        unmarked = [
            name for name in in_words if not any(mark in marks_of(edition.folder, name) for mark in SYNTHETIC_MARK)
        ]
        assert unmarked == []
        for file in edition.folder.rglob("*.csv"):  # numbers have it as a code, and in the data package in words
            if rows := read_csv(file):
                assert {row["origin"] for row in rows} == {"synthetic"}

    def test_with_real_answers_it_is_in_none(self, real_edition: EditionResult) -> None:
        assert real_edition.origin == "real"
        marked = [name for name in real_edition.files if "synthet" in marks_of(real_edition.folder, name).lower()]
        assert marked == []

    def test_it_is_once_at_the_top_of_every_page_and_in_every_picture(self, edition: EditionResult) -> None:
        for file in edition.internal.rglob("*.html"):
            page, mark = file.read_text(), SYNTHETIC_MARK.en if ".en." in file.name else SYNTHETIC_MARK.nl
            assert page.index('class="banner"') < page.index("<h1>")
            assert page.count(f"</strong> {mark}</p>") == 1
        for language, mark in SYNTHETIC_MARK._asdict().items():
            svg = (
                edition.internal / f"figures/landelijk2023/figuur_1_4{'.en' if language == 'en' else ''}.svg"
            ).read_text()
            assert re.search(rf"<text [^>]*>{re.escape(mark)}</text>", svg)

    def test_the_mark_is_drawn_in_the_png(self, edition: EditionResult, real_edition: EditionResult) -> None:
        png = "figures/landelijk2023/figuur_1_4.png"
        marked, plain = (unpack_from(">II", (one.internal / png).read_bytes(), 16) for one in (edition, real_edition))
        assert marked[0] == plain[0]
        assert marked[1] > plain[1]

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
            connection.execute(f"attach '{edition.internal / 'lea_vve.duckdb'}' as copy (read_only)")
            parquet = f"read_parquet('{edition.internal / 'parquet' / mart}.parquet')"
            for copy in (parquet, f"copy.main.{mart}"):
                for one, other in ((copy, f"warehouse.main.{mart}"), (f"warehouse.main.{mart}", copy)):
                    assert connection.execute(f"from {one} except all from {other}").fetchall() == []
            assert connection.execute(f"select count(*) > 0 from {parquet}").fetchall() == [(True,)]

    def test_only_marts_are_published(self, edition: EditionResult) -> None:
        with duckdb.connect(edition.internal / "lea_vve.duckdb", read_only=True) as connection:
            tables = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        assert sorted(tables) == ["about_columns", "about_this_edition", *MARTS]
        assert sorted(path.stem for path in (edition.internal / "parquet").iterdir()) == list(MARTS)

    def test_whole_numbers_of_128_bits_stay_whole_numbers(self, edition: EditionResult) -> None:
        described = duckdb.execute(f"describe from '{edition.internal}/parquet/fct_reach.parquet'").fetchall()
        assert {name: kind for name, kind, *_ in described}["target_toddlers"] == "BIGINT"

    def test_rows_are_sorted_and_compressed(self, edition: EditionResult) -> None:
        parquet = f"{edition.internal}/parquet/fct_reach.parquet"
        codes = [code for (code,) in duckdb.execute(f"select municipality_code from '{parquet}'").fetchall()]
        assert codes == sorted(codes)
        compressions = duckdb.execute(f"select distinct compression from parquet_metadata('{parquet}')").fetchall()
        assert compressions == [("ZSTD",)]

    def test_the_database_tells_of_itself_and_keeps_the_descriptions(self, edition: EditionResult) -> None:
        with duckdb.connect(edition.internal / "lea_vve.duckdb", read_only=True) as connection:
            about = connection.execute("from about_this_edition").fetchall()
            comment = connection.execute(
                "select comment from duckdb_tables() where table_name = 'fct_reach'"
            ).fetchall()
            storage = connection.execute(
                "select tags from duckdb_databases() where database_name = 'lea_vve'"
            ).fetchall()
        assert about == [(2023, 1, "internal", NOW.replace(tzinfo=None), "synthetic", None, *SYNTHETIC_MARK)]
        assert comment == [("Reach of a municipality in a year Key: survey_year, municipality_code.",)]
        assert "v1.3.0" in str(storage)


class TestCsv:
    def test_a_table_has_a_line_for_every_cell(self, edition: EditionResult) -> None:
        rows = cells_of(edition, "landelijk2023", "tabel_1_11")
        assert len(rows) == 6
        narrow = rows[0]
        assert (narrow["row_label_nl"], narrow["row_label_en"]) == ("Smal", "Narrow")
        assert (narrow["value"], narrow["unit"], narrow["value_text_nl"]) == ("0.78", "share", "78%")
        assert (narrow["numerator"], narrow["denominator"], narrow["n_municipalities"]) == ("7800", "10000", "83")

    def test_files_are_utf8_with_crlf_and_quotes(self, tmp_path: Path) -> None:
        made = published(tmp_path, PLAIN.but(narrow_label='Smal, "1–3"\nindicatoren'))
        raw = (made.internal / "cells.csv").read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert b"\r\n" in raw
        assert b'"Smal, ""1\xe2\x80\x933""\nindicatoren"' in raw
        assert cells_of(made, "landelijk2023", "tabel_1_11")[0]["row_label_nl"] == 'Smal, "1–3"\nindicatoren'

    def test_two_reports_may_share_a_table_id(self, edition: EditionResult) -> None:
        other = cells_of(edition, "thema2022", "tabel_1_10")
        assert len(cells_of(edition, "landelijk2023", "tabel_1_10")) > 0
        assert [row["value_text_nl"] for row in other] == ["116", "33,2%", "233", "66,8%", "–", "–"]
        assert other[-1]["value"] == ""

    def test_the_numbers_in_the_text_are_among_all_cells(self, edition: EditionResult) -> None:
        rows = cells_of(edition, "landelijk2023", "par_1_1")
        assert [(row["row_key"], row["column_key"], row["value_text_en"]) for row in rows] == [
            ("consulted", "total", "319"),
            ("consulted", "small", "40"),
            ("consulted_share", "total", "93.8%"),
            ("consulted_share", "small", "80.0%"),
            ("a_third", "total", "33%"),
        ]

    @pytest.mark.parametrize(
        ("name", "model", "added"),
        [
            ("cells", "rpt_cells", []),
            ("cell_breakdowns", "rpt_cell_breakdowns", ["origin"]),
            ("series", "rpt_series", ["origin"]),
            ("reconciliation", "rpt_reconciliation", ["origin"]),
        ],
    )
    def test_files_of_all_hold_all(self, edition: EditionResult, name: str, model: str, added: list[str]) -> None:
        rows = read_csv(edition.internal / f"{name}.csv")
        with duckdb.connect(edition.internal / "lea_vve.duckdb", read_only=True) as connection:
            columns = [column for column, *_ in connection.execute(f"describe {model}").fetchall()]
            ((count,),) = connection.execute(f"select count(*) from {model}").fetchall()
        assert list(rows[0]) == columns + added
        assert len(rows) == count

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
        with (made.internal / "cells.csv").open(newline="", encoding="utf-8") as file:
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
    def test_tables_stand_in_the_order_of_their_report_and_text_after_them(self, page: str) -> None:
        assert re.findall(r'<section id="([\w-]+)"', page) == [
            "landelijk2023-tabel_1_10",
            "landelijk2023-tabel_1_11",
            "landelijk2023-figuur_1_2",
            "landelijk2023-figuur_1_4",
            "landelijk2023-in-text",
            "thema2022-tabel_1_10",
            "thema2022-in-text",
            "symbols",
            "downloads",
        ]

    def test_the_contents_list_tables_and_figures_and_text_only_per_report(self, page: str) -> None:
        contents = page[page.index("<nav") : page.index("</nav>")]
        assert re.findall(r'href="#?([\w.-]+)', contents) == [
            "landelijk2023",
            "landelijk2023-tabel_1_10",
            "landelijk2023-tabel_1_11",
            "landelijk2023-figuur_1_2",
            "landelijk2023-figuur_1_4",
            "landelijk2023-in-text",
            "landelijk2023-not-made",
            "thema2022",
            "thema2022-tabel_1_10",
            "thema2022-in-text",
            "symbols",
            "glossary.html",
            "reconciliation.html",
            "downloads",
        ]

    def test_numbers_are_printed_as_the_warehouse_prints_them(self, edition: EditionResult) -> None:
        printed = {
            "index.html": ("53.257", "78%", "17.602", "33,2%", "–"),
            "index.en.html": ("53,257", "17,602", "33.2%"),
        }
        for name, numbers in printed.items():
            page = (edition.internal / name).read_text(encoding="utf-8")
            assert all(f">{number}<" in page for number in numbers)

    def test_base_source_and_downloads_stand_with_each_table(self, page: str) -> None:
        base = {
            "landelijk2023-tabel_1_10": "n = 291 tot 314 gemeenten",
            "landelijk2023-tabel_1_11": "n = 54 tot 119",
            "landelijk2023-figuur_1_2": "n = 340 gemeenten",
            "landelijk2023-figuur_1_4": "n = 88 gemeenten",
            "thema2022-tabel_1_10": "n = 349 gemeenten",  # the cells without a number have no base
        }
        for section in sections(page):
            table = section[len('id="') : section.index('"', len('id="'))]
            if table in base:
                assert base[table] in section
                assert "vragenlijst gemeenten, 2023" in section
                report, table_id = table.split("-")
                for path in (f"workbooks/{report}_nl.xlsx", f"explain/{report}/{table_id}.html"):
                    assert f'href="{path}"' in section

    def test_comparability_is_told_where_there_is_something_to_tell(self, page: str) -> None:
        message = [section for section in sections(page) if "Vergelijkbaarheid" in section]
        assert len(message) == 1
        assert message[0].startswith('id="landelijk2023-tabel_1_11"')
        assert "De vraag is in 2023 anders gesteld." in message[0]

    def test_count_and_percentage_stand_side_by_side_under_one_heading(self, page: str) -> None:
        (table,) = [section for section in sections(page) if section.startswith('id="thema2022-tabel_1_10"')]
        head = table[table.index("<thead>") : table.index("</thead>")]
        assert head.count("Vastgelegd") == 1
        assert 'colspan="2"' in head
        assert head.index(">aantal<") < head.index(">%<")

    def test_numbers_in_text_have_a_page_and_a_statement_is_said_once(self, edition: EditionResult, page: str) -> None:
        assert 'href="explain/landelijk2023/in-text.html#par_1_1"' in page
        text = in_text(edition, "landelijk2023")
        text = text[text.index('<table class="text">') :]
        assert text[: text.index("</table>")].count(">gemeenten met overleg<") == 1
        assert 'rowspan="4"' in text
        assert re.findall(r"<td>([^<]*)</td><td>", text)[:2] == ["Totaal", "Kleine gemeenten"]
        assert text.index(">319<") < text.index(">40<") < text.index(">93,8%<")

    def test_cells_in_text_that_share_a_column_have_their_own_group(self, tmp_path: Path) -> None:
        warehouse = PLAIN.write(tmp_path / "warehouse.duckdb")
        with duckdb.connect(warehouse) as connection:
            connection.execute(
                "update rpt_cells set column_label_nl = 'Grote gemeenten' where row_key = 'a_third' and column_key = "
                "'total'"
            )
        made = publish(warehouse, tmp_path / "editions")
        assert ">Grote gemeenten<" in in_text(made, "landelijk2023")
        rows = [row for row in read_csv(made.internal / "cells.csv") if row["table_id"] == "par_1_1"]
        assert [row["column_label_nl"] for row in rows][::2] == ["Totaal", "Totaal", "Grote gemeenten"]

    def test_a_mean_in_text_says_that_it_is_one(self, edition: EditionResult) -> None:
        text = in_text(edition, "thema2022")
        assert ">gemiddelde<" in text
        assert ">Groep<" not in text

    def test_breakdowns_are_on_the_page_of_their_table(self, edition: EditionResult, page: str) -> None:
        broken_down = (edition.internal / "explain/landelijk2023/tabel_1_11.html").read_text(encoding="utf-8")
        for label in ("Achterstandsgroep", "Zeer sterk stedelijk", "Niet stedelijk"):
            assert f">{label}" in broken_down
            assert label not in page
        assert "Uitsplitsing" not in (edition.internal / "explain/landelijk2023/figuur_1_4.html").read_text()

    def test_a_category_without_municipalities_in_a_cell_has_no_number(self, tmp_path: Path) -> None:
        warehouse = PLAIN.write(tmp_path / "warehouse.duckdb")
        with duckdb.connect(warehouse) as connection:
            connection.execute("delete from rpt_cell_breakdowns where category = 'not'")
            connection.execute("delete from rpt_cell_breakdowns where category = 'low' and row_key = 'narrow'")
        made = publish(warehouse, tmp_path / "editions")
        page = (made.internal / "explain/landelijk2023/tabel_1_11.html").read_text(encoding="utf-8")
        assert "Niet stedelijk" not in page
        folded = page[page.index("Achterstandsgroep") :]
        assert re.findall(r"<td>([^<]*)</td>", folded)[:3] == ["78%", "–", "78%"]

    def test_the_signs_are_explained(self, page: str) -> None:
        symbols = sections(page)[-2]
        assert re.findall(r"<dt>([^<]*)<", symbols)[:4] == ["–", "0", "%", "n"]

    def test_every_link_leads_to_a_file_of_the_edition(self, edition: EditionResult, page: str) -> None:
        links = [link for link in Elements(page).attributes("a", "href") if link]
        own = [link.split("#")[0] for link in links if not link.startswith(("#", "https://", "mailto:"))]
        assert [link for link in own if not (edition.internal / link).is_file()] == []
        files = {path.relative_to(edition.internal).as_posix() for path in edition.internal.rglob("*.*")}
        found = set(own) | {"index.html", "style.css"}
        in_english = {name for name in files if ".en." in name or name.endswith("_en.xlsx")}
        of_texts = {name for name in files if "/par_" in name}  # the page on the numbers in the text leads to these
        assert files - found - in_english - of_texts == set()

    def test_nothing_is_loaded_from_elsewhere(self, page: str) -> None:
        elements = Elements(page)
        assert elements.attributes("link", "href") == ["style.css", "index.en.html"]
        assert not elements.attributes("script", "src")
        assert elements.attributes("img", "src") == []
        assert not re.search(r"@import|url\((?!#)", page)

    def test_tables_and_figures_speak_to_screen_readers(self, page: str) -> None:
        elements = Elements(page)
        ids = [attributes["id"] for _, attributes in elements.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert elements.attributes("html", "lang") == ["nl"]
        assert set(elements.attributes("th", "scope")) == {"row", "col", "colgroup"}
        tables, captions = ([tag for tag, _ in elements.tags].count(tag) for tag in ("table", "caption"))
        assert tables == captions > 4
        for labels in elements.attributes("svg", "aria-labelledby"):
            assert set((labels or "").split()) <= set(ids)
        assert elements.attributes("svg", "role") == ["img"] * 4  # two figures, wide and narrow
        assert "Lijngrafiek. Doelgroeppeuters: 2020: 14.980, 2021: 15.023, 2022: 14.874;" in page

    @pytest.mark.parametrize("part", ["public", "internal"])
    def test_every_page_is_there_in_each_language_and_says_which(self, edition: EditionResult, part: str) -> None:
        for file in (edition.folder / part).rglob("*.html"):
            language = "en" if file.name.endswith(".en.html") else "nl"
            other = file.name.replace(".en.html", ".html") if language == "en" else file_in("en", file.name)
            elements = Elements(file.read_text(encoding="utf-8"))
            assert elements.attributes("html", "lang") == [language]
            assert elements.attributes("a", "hreflang") == [{"nl": "en", "en": "nl"}[language]]
            assert other in elements.attributes("a", "href")
            assert file.with_name(other).is_file()

    def test_markup_in_texts_is_shown_and_not_run(self, tmp_path: Path) -> None:
        made = published(tmp_path, PLAIN.but(narrow_label=MARKUP, source=MARKUP))
        page = (made.internal / "index.html").read_text(encoding="utf-8")
        assert "<script" not in page
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &#34;Smal&#34;" in page
        assert "{{ 7*7 }}" in page

    def test_markup_in_a_figure_is_drawn_as_text(self, tmp_path: Path) -> None:
        made = published(tmp_path, Warehouse(places_label=MARKUP))
        svg = (made.internal / "figures/landelijk2023/figuur_1_4.svg").read_text(encoding="utf-8")
        assert "<script" not in svg
        assert "&lt;script&gt;" in svg


class TestFigure:
    def test_it_is_drawn_from_its_cells(self, edition: EditionResult) -> None:
        svg = (edition.internal / "figures/landelijk2023/figuur_1_4.svg").read_text()
        texts = re.findall(r"<text [^>]*>([^<]*)</text>", svg)
        for expected in ("2020", "2022", "14.980", "17.602", "12.188", "Kindplaatsen", "0"):
            assert expected in texts

    def test_percentages_are_horizontal_bars_from_the_top_down(self, edition: EditionResult) -> None:
        svg = (edition.internal / "figures/landelijk2023/figuur_1_2.svg").read_text()
        assert "Staafgrafiek. Percentage: Bestrijden van onderwijsachterstanden: 79% (269 van 340)" in svg
        places = {text: float(y) for y, text in re.findall(r'<text [^>]*\by="([\d.]+)"[^>]*>(79%|30%|35%)<', svg)}
        assert places["79%"] < places["30%"] < places["35%"]

    @pytest.mark.parametrize("chart", ['"shares", "grey": []', '"parts", "grey": ["not_collected"]'])
    def test_a_cell_without_a_number_has_its_sign_and_a_count_is_not_drawn(self, tmp_path: Path, chart: str) -> None:
        svg = self.drawn(tmp_path, "thema2022", "tabel_1_10", f'{{"kind": {chart}, "of": []}}')
        assert set(re.findall(r"<text [^>]*>([^<]*\d%|–)</text>", svg)) == {"33,2%", "66,8%", "–"}
        assert "116 van 349" in svg
        assert ">116<" not in svg

    @pytest.mark.parametrize("grey", ["", '"no"'])
    def test_what_is_grey_is_none_of_the_answers(self, tmp_path: Path, grey: str) -> None:
        svg = self.drawn(tmp_path, "thema2022", "tabel_1_10", f'{{"kind": "parts", "grey": [{grey}], "of": []}}')
        assert (f'fill="{LIGHT_GREY}"' in svg) == bool(grey)

    def test_a_chain_says_of_whom_each_column_is(self, tmp_path: Path) -> None:
        of = '{"nl": "van wie <er>", "en": "of whom"}'
        svg = self.drawn(tmp_path, "landelijk2023", "tabel_1_11", f'{{"kind": "chain", "grey": [], "of": [{of}]}}')
        assert all(f">{text}</text>" in svg for text in ("Bereikpercentage", "van wie &lt;er&gt;", "7.800 van 10.000"))

    def drawn(self, tmp_path: Path, report: str, table_id: str, chart: str) -> str:
        """The Dutch picture of a table, were this its chart."""
        with duckdb.connect(PLAIN.write(tmp_path / "warehouse.duckdb")) as connection:
            where = f"where report = '{report}' and table_id = '{table_id}'"
            connection.execute(f"update rpt_tables set chart = ? {where}", [chart])
            content = read_content(connection, "main")
        draw_figures(content, tmp_path)
        return (tmp_path / f"figures/{report}/{table_id}.svg").read_text(encoding="utf-8")

    def test_no_date_and_no_tool_version(self, edition: EditionResult) -> None:
        for suffix in ("svg", "png"):
            file = (edition.internal / f"figures/landelijk2023/figuur_1_4.{suffix}").read_bytes()
            assert not re.search(rb"Software|resvg|tIME", file)


class TestMetadata:
    def test_every_resource_is_there_with_its_size_and_fields(
        self, edition: EditionResult, package: dict[str, Any]
    ) -> None:
        by_path = {resource["path"]: resource for resource in package["resources"]}
        data = [path for path in edition.internal.rglob("*.*") if path.suffix in (".csv", ".parquet", ".duckdb")]
        data += (edition.internal / "workbooks").iterdir()
        paths = {path.relative_to(edition.internal).as_posix() for path in data}
        assert {path for path in paths if not path.startswith("disclosure/")} == set(by_path)
        for path, resource in by_path.items():
            assert resource["bytes"] == (edition.internal / path).stat().st_size
            if path.endswith(".csv"):
                header = (edition.internal / path).read_text(encoding="utf-8").splitlines()[0]
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
        assert "licenses" not in package
        assert "Niet" in package["terms"] or "niet" in package["terms"]
        public = json.loads((real_edition.public / "datapackage.json").read_text(encoding="utf-8"))
        assert public["licenses"][0]["name"] == "CC-BY-4.0"
        assert "gegenereerde" in package["sources"][0]["title"]
        assert any("CBS" in source["title"] for source in package["sources"])
        assert any("DUO" in source["title"] for source in package["sources"])
        real = json.loads((real_edition.internal / "datapackage.json").read_text(encoding="utf-8"))
        assert real["origin"] == "real"
        assert "ingevuld door gemeenten" in real["sources"][0]["title"]

    def test_the_edition_tells_from_what_it_was_made(self, edition: EditionResult) -> None:
        facts = json.loads((edition.internal / "edition.json").read_text(encoding="utf-8"))
        assert (facts["survey_year"], facts["version"], facts["cells"]) == (2023, 1, 36)
        assert facts["created_at"] == "2026-11-21T12:00:00+00:00"
        assert facts["inputs"] == {"2023": ["abc"]}
        assert {"python", "duckdb", "resvg-py", "jinja2", "xlsxwriter", "code"} <= set(facts["made_with"])


class TestContent:
    @pytest.mark.parametrize(
        ("damage", "what"),
        [
            ("delete from rpt_tables", "nothing to publish"),
            ("delete from rpt_cells", "nothing to publish"),
            ("update rpt_tables set table_id = '../../x' where position = 1", "must be unique and made of a-z"),
            ("update rpt_tables set report = '..' where position = 1", "must be unique and made of a-z"),
            ("insert into rpt_tables select * from rpt_tables limit 1", "must be unique"),
        ],
    )
    def test_tables_that_cannot_be_published_are_refused(self, tmp_path: Path, damage: str, what: str) -> None:
        warehouse = Warehouse().write(tmp_path / "warehouse.duckdb")
        with duckdb.connect(warehouse) as connection:
            connection.execute(damage)

        with pytest.raises(BadInput, match=re.escape(what)):
            publish(warehouse, tmp_path / "editions")

        assert not (tmp_path / "editions/2023").exists()

    @pytest.mark.parametrize("name", ["../x", "Tabel", "a b", "", "1a", "a.b", "a/b"])
    def test_a_table_id_cannot_leave_its_folder(self, name: str) -> None:
        assert not SLUG.fullmatch(name)
