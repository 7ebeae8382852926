"""The workbooks of an edition: every number as the page prints it, as a number; every text as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
from openpyxl import Workbook, load_workbook

from assets.base.texts import Text
from assets.editions.content.mark import SYNTHETIC_MARK
from assets.editions.content.reading import read_content
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import ReportTable
from assets.editions.files.sheets import number_format, once_each
from assets.editions.files.workbooks import sheet_names, workbook_path, write_workbooks
from assets.editions.pictures.lettering import Look, text_width
from tests.unit.editions.edition_warehouse import REPORTS, Warehouse

pytestmark = pytest.mark.slow

STAMP = Stamp(2023, 2, datetime(2026, 11, 21, 12, tzinfo=UTC), None, 0)
LANGUAGES = Text._fields
DBT = Path(__file__).parents[3] / "dbt_project"
Grid = list[list[Any]]


def written(folder: Path, warehouse: Warehouse) -> Path:
    """The folder in which the workbooks of this warehouse are."""
    folder.mkdir(exist_ok=True)
    with duckdb.connect(warehouse.write(folder / "warehouse.duckdb"), read_only=True) as connection:
        write_workbooks(read_content(connection, "main"), STAMP, folder)
    return folder


def opened(folder: Path, report: str, language: str) -> Workbook:
    return load_workbook(folder / workbook_path(report, language))  # type: ignore[arg-type]


def grid(book: Workbook, sheet: str) -> Grid:
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


def all_cells(folder: Path) -> Iterator[Any]:
    for path in (folder / "workbooks").iterdir():
        for sheet in load_workbook(path):
            for row in sheet.iter_rows():
                yield from row


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("workbooks"), Warehouse())


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[tuple[str, str], ReportTable]:
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
        content = read_content(connection, "main")
    return {(table.report, table.table_id): table for table in content.tables}


def as_printed(text: str) -> float | str:
    """What a cell should hold for a printed English text."""
    if text == "–":
        return text
    number = float(text.rstrip("%").replace(",", ""))
    return round(number / 100, 6) if text.endswith("%") else number


def read_off(heads: list[Any], line: list[Any], label: str) -> tuple[float | str, int | None, int | None]:
    """The number of a category as a reader takes it from a sheet, with its n and unknown: in the head where they are
    the same in all lines, else beside it."""
    (at,) = [no for no, head in enumerate(heads) if re.fullmatch(rf"{label}( \(.*\))?", str(head))]
    beside = {head: value for head, value in zip(heads, line, strict=True) if str(head).startswith(f"{label}, ")}
    bases = []
    for name in ("n", "onbekend"):
        in_head = re.search(rf"[(\s]{name} = (\d+)", heads[at])
        bases.append(int(in_head[1]) if in_head else beside.get(f"{label}, {name}"))
    return line[at], *bases


class TestNumbers:
    def test_every_cell_of_every_table_is_as_printed(
        self, folder: Path, tables: dict[tuple[str, str], ReportTable]
    ) -> None:
        compared = 0
        for table in (table for table in tables.values() if table.kind != "text"):
            for index, language in enumerate(LANGUAGES):
                rows = grid(opened(folder, table.report, language), table.label[index])
                for row in table.rows:
                    (line, *_) = [line for line in rows if line[0] == row.label[index]]
                    expected = [table.cells[row.key, column.key].printed.en for column in table.columns]
                    assert line[1 : 1 + len(expected)] == [as_printed(text) for text in expected]
                    compared += len(expected)
        with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as connection:
            ((count,),) = connection.execute("select count(*) from rpt_cells where kind <> 'text'").fetchall()
        assert compared == 2 * count

    def test_every_number_by_category_is_as_printed(
        self, folder: Path, tables: dict[tuple[str, str], ReportTable]
    ) -> None:
        compared = 0
        for table in tables.values():
            for breakdown in table.breakdowns:
                rows = grid(opened(folder, table.report, "nl"), f"{table.label.nl} {breakdown.label.nl}")
                labels = ["Totaal", *(category.label.nl for category in breakdown.categories)]
                for line, cell in zip(rows[4:], table.cells.values(), strict=False):
                    assert line[0] == cell.row.label.nl
                    numbers = [cell, *(table.within(cell, breakdown, category) for category in breakdown.categories)]
                    for label, one in zip(labels, numbers, strict=True):
                        assert read_off(rows[3], line, label) == (
                            as_printed(one.printed.en),
                            one.n_municipalities,
                            one.n_unknown,
                        )
                    compared += len(numbers) - 1
        assert compared == sum(len(table.by_category) for table in tables.values())

    def test_every_number_in_the_text_is_as_printed(
        self, folder: Path, tables: dict[tuple[str, str], ReportTable]
    ) -> None:
        rows = grid(opened(folder, "landelijk2023", "en"), "In the text")
        first = rows.index(["Place", "Statement", "Group", "Kind", "Value", "In print"]) + 1
        text = tables["landelijk2023", "par_1_1"]
        assert rows[first : first + len(text.cells)] == [
            ["§1.1", cell.row.label.en, cell.column.label.en or None, kind, as_printed(cell.printed.en), None]
            for cell in text.cells.values()
            for kind in [cell.kind_of_number.en]
        ]

    @pytest.mark.parametrize(
        ("sheet", "cell", "value", "shown_as"),
        [
            ("Tabel 1.10", "B5", 116, "#,##0"),
            ("Tabel 1.10", "C5", 0.332, "0.0%"),
            ("Tabel 1.10", "B7", "–", "General"),
            ("In de tekst", "E5", 16.6, "#,##0.0"),
        ],
    )
    def test_a_number_has_the_format_in_which_it_is_printed(
        self, folder: Path, sheet: str, cell: str, value: float | str, shown_as: str
    ) -> None:
        found = opened(folder, "thema2022", "nl")[sheet][cell]
        assert (found.value, found.number_format) == (value, shown_as)

    @pytest.mark.parametrize(
        ("scaled", "unit", "decimals", "number"),
        [
            (48, "share", 0, 0.48),
            (774, "share", 1, 0.774),
            (1053257, "count", 0, 1053257),
            (166, "number", 1, 16.6),
            (-3, "count", 0, -3),
            (0, "count", 0, 0),
            (None, "share", 0, None),
        ],
    )
    def test_what_a_cell_holds_is_what_is_printed(
        self, scaled: int | None, unit: str, decimals: int, number: float | None
    ) -> None:
        """The macro ``rounded_value``, of what ``value_text`` prints."""
        macros = (DBT / "macros" / "rounding.sql").read_text(encoding="utf-8")
        sql = jinja2.Environment().from_string(f"{macros}select {{{{ rounded_value() }}}}").render()
        cell = "(select ?::bigint as scaled_value, ? as unit, ?::integer as decimals)"
        assert duckdb.execute(f"{sql} from {cell}", [scaled, unit, decimals]).fetchall() == [(number,)]

    @pytest.mark.parametrize(
        ("unit", "decimals", "shown_as"),
        [("share", 0, "0%"), ("share", 1, "0.0%"), ("count", 0, "#,##0"), ("number", 2, "#,##0.00")],
    )
    def test_formats(self, unit: str, decimals: int, shown_as: str) -> None:
        assert number_format(unit, decimals) == shown_as


class TestText:
    @pytest.mark.parametrize(
        "text", ["=1+1", "+31 6", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", "https://example.org", "12", "{=1}"]
    )
    def test_free_text_stays_text(self, tmp_path: Path, text: str) -> None:
        folder = written(tmp_path, Warehouse(narrow_label=text, source=text))
        found = [cell for cell in all_cells(folder) if cell.value == text]
        assert len(found) >= 3  # the row of the table and of its two breakdowns
        assert {cell.data_type for cell in found} == {"s"}
        assert all(cell.quotePrefix for cell in found)
        assert [cell.hyperlink for cell in found if cell.hyperlink] == []

    def test_nothing_is_a_formula(self, folder: Path) -> None:
        assert {cell.data_type for cell in all_cells(folder)} <= {"s", "n"}

    def test_columns_that_share_a_heading_say_what_they_count(self, folder: Path) -> None:
        rows = grid(opened(folder, "thema2022", "en"), "Table 1.10")
        assert rows[3] == ["Row", "Recorded (number)", "Recorded (%)"]


class TestSheets:
    def test_there_is_a_workbook_for_each_report_and_language(self, folder: Path) -> None:
        assert sorted(path.name for path in (folder / "workbooks").iterdir()) == [
            f"{report}_{language}.xlsx" for report in sorted(REPORTS) for language in sorted(LANGUAGES)
        ]

    def test_there_is_a_sheet_for_each_table_named_by_its_place(self, folder: Path) -> None:
        assert opened(folder, "landelijk2023", "nl").sheetnames == [
            "Inhoud",
            "Verklaring van tekens",
            *(
                f"{place}{breakdown}"
                for place in ("Tabel 1.10", "Tabel 1.11", "Figuur 1.2")
                for breakdown in ("", " Achterstandsgroep", " Stedelijkheid")
            ),
            "Figuur 1.4",
            "In de tekst",
        ]
        assert opened(folder, "thema2022", "en").sheetnames == [
            "Contents",
            "Symbols",
            "Table 1.10",
            "Table 1.10 Disadvantage group",
            "Table 1.10 Urbanisation",
            "In the text",
        ]

    def test_the_contents_lead_to_every_sheet(self, folder: Path) -> None:
        book = opened(folder, "landelijk2023", "en")
        links = [cell.hyperlink.location for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink]
        assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]

    def test_the_contents_say_which_edition_it_is(self, folder: Path) -> None:
        rows = grid(opened(folder, "landelijk2023", "en"), "Contents")
        assert rows[0][0] == "National report LEA/vve 2023"
        assert ["Survey year", "2023"] in rows
        assert ["Version", "2"] in rows

    def test_every_sheet_bears_the_mark_on_screen_and_on_paper(self, folder: Path) -> None:
        for report in REPORTS:
            for index, language in enumerate(LANGUAGES):
                for sheet in opened(folder, report, language):
                    assert sheet["A2"].value == SYNTHETIC_MARK[index]
                    assert sheet.oddFooter is not None
                    assert sheet.oddFooter.left.text == SYNTHETIC_MARK[index]

    def test_with_real_answers_none_does(self, tmp_path: Path) -> None:
        folder = written(tmp_path, Warehouse(origin="real"))
        assert [cell for cell in all_cells(folder) if "synthet" in str(cell.value).lower()] == []

    def test_notes_are_shown_under_their_table(self, folder: Path) -> None:
        rows = [row[0] for row in grid(opened(folder, "landelijk2023", "nl"), "Tabel 1.11")]
        assert "Vergelijkbaarheid: De vraag is in 2023 anders gesteld." in rows
        assert "Bron: vragenlijst gemeenten, 2023" in rows
        assert "n = 54 tot 119 gemeenten, verschillend per cel; onbekend: 0" in rows

    @pytest.mark.parametrize(
        ("places", "names"),
        [
            (["Tabel 1.2", "Tabel 1.2"], ["Tabel 1.2", "Tabel 1.2 (2)"]),
            (["Bijlage 2: [Tabel] 1/2?"], ["Bijlage 2   Tabel  1 2"]),
            (
                ["Inhoud", "verklaring van tekens", "History"],
                ["Inhoud (2)", "verklaring van tekens (2)", "History (2)"],
            ),
            (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
            (["'"], ["tabel_0"]),
        ],
    )
    def test_names_are_those_that_excel_allows(
        self, tables: dict[tuple[str, str], ReportTable], places: list[str], names: list[str]
    ) -> None:
        made = [_placed(next(iter(tables.values())), f"tabel_{i}", place) for i, place in enumerate(places)]
        assert list(sheet_names(made, "nl").values()) == names


class TestTables:
    """What a sheet is for who reads it with a program, on paper, or with a screen reader."""

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("report", REPORTS)
    def test_each_sheet_has_one_marked_table_whose_head_stays_in_sight(
        self, folder: Path, report: str, language: str
    ) -> None:
        names = set()
        for sheet in opened(folder, report, language).worksheets[2:]:
            (table,) = sheet.tables.values()
            names.add(table.name)
            first, last = table.ref.split(":")
            assert sheet[first].row == 4
            assert table.column_names == [cell.value for cell in sheet[4] if cell.value]
            assert sheet[last].column == len(table.column_names)
            assert sheet.freeze_panes == "B5"
            assert sheet.print_title_rows == "$4:$4"
            below = [cell.value for cell in sheet[sheet[last].row + 1]]
            assert set(below) == {None}  # what follows is no part of it
        assert len(names) == len(opened(folder, report, language).worksheets) - 2

    def test_the_document_says_its_language_and_author(self, folder: Path) -> None:
        for language, code in (("nl", "nl-NL"), ("en", "en-GB")):
            book = opened(folder, "landelijk2023", language)
            assert book.custom_doc_props["Language"].value == code  # type: ignore[attr-defined]
            assert book.properties.creator == "LEA/vve-monitor"

    @pytest.mark.parametrize(("sheet", "row"), [("Tabel 1.11", 5), ("In de tekst", 5)])
    def test_what_print_has_otherwise_is_beside_the_figure_with_its_arithmetic(
        self, folder: Path, sheet: str, row: int
    ) -> None:
        report = "landelijk2023" if sheet == "Tabel 1.11" else "thema2022"
        line = [cell.value for cell in opened(folder, report, "nl")[sheet][row]]
        heads = [cell.value for cell in opened(folder, report, "nl")[sheet][4]]
        assert heads[-1] == "In druk"
        wanted = {
            "Tabel 1.11": "Drukfout, Bereikpercentage: 87%. NL 7800/10000 = 78.0%. Digits <swapped> & printed.",
            "In de tekst": "Wijkt af: 17 to 18. NL The data give 16,6 (base 350).",
        }
        assert line[-1] == wanted[sheet]

    def test_a_table_that_print_has_likewise_has_no_such_column(self, folder: Path) -> None:
        assert "In druk" not in [cell.value for cell in opened(folder, "thema2022", "nl")["Tabel 1.10"][4]]

    def test_every_text_fits_its_row(self, tmp_path: Path) -> None:
        long = " ".join(["Een opschrift dat over meer regels loopt dan er een is"] * 3)
        folder = written(tmp_path, Warehouse(narrow_label=long, source=long * 2, places_label=long))
        checked = 0
        for path in (folder / "workbooks").iterdir():
            for sheet in load_workbook(path):
                merged = {one.coord.split(":")[0]: one for one in sheet.merged_cells.ranges}
                groups = sheet.column_dimensions.values()
                widths = {no: group.width for group in groups for no in range(group.min or 0, (group.max or 0) + 1)}
                for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
                    if not cell.alignment.wrap_text:
                        continue
                    columns = [cell.column]
                    if cell.coordinate in merged:
                        columns = list(range(cell.column, merged[cell.coordinate].max_col + 1))
                    width = sum(widths[no] for no in columns)
                    height = sheet.row_dimensions[cell.row].height or 15
                    assert height >= needed_height(str(cell.value), width, cell.font), (sheet.title, cell.coordinate)
                    checked += 1
        assert checked > 500

    def test_once_each(self) -> None:
        assert once_each(["", "A", "a", "", "A"]) == ["–", "A", "a (2)", "– (2)", "A (3)"]


def needed_height(text: str, width: float, font: Any) -> float:
    """The least number of points in which a text can be: its letters beside each other, cut off at the column's end."""
    look = Look(font.size * 96 / 72, bool(font.bold))
    lines = sum(max(1, ceil(text_width(line, look) / (width * 7))) for line in text.split("\n"))
    return float(lines * font.size * 1.17)


def _placed(table: ReportTable, table_id: str, place: str) -> ReportTable:
    return replace(table, table_id=table_id, label=Text(place, place), breakdowns=())


def test_the_same_edition_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (written(tmp_path / name, Warehouse()) / "workbooks" for name in ("one", "other"))
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in other.iterdir()
    }
