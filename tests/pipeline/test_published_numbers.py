"""Every number of a part of an edition, on the page, in the workbooks and in the CSV files, is its cell of
``rpt_cells``."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook

from assets.base.texts import Language, file_in
from assets.editions.files.csv_files import read_csv
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow
Key = tuple[str, str]  # report, table


class Cells:
    """``rpt_cells`` in print: by table the printed numbers, row by row, and the table's kind, place and row labels."""

    def __init__(self, edition: Path, language: str) -> None:
        with duckdb.connect(str(edition / "lea_vve.duckdb"), read_only=True) as connection:
            rows = connection.execute(f"""
                select
                    report, table_id, cells.kind, place_{language}, row_no, row_label_{language}, value_text_{language}
                from rpt_cells as cells
                inner join rpt_tables as tables using (report, table_id)
                order by report, tables.position, row_no, column_no
            """).fetchall()
        self.printed: dict[Key, list[list[str]]] = {}
        self.kind: dict[Key, str] = {}
        self.place: dict[Key, str] = {}
        self.labels: dict[Key, list[str]] = defaultdict(list)
        last = None
        for report, table, kind, place, row_no, label, text in rows:
            key = (report, table)
            self.kind[key], self.place[key] = kind, place
            lines = self.printed.setdefault(key, [])
            if last != (key, row_no):
                lines.append([])
                self.labels[key].append(label)
            lines[-1].append(text)
            last = (key, row_no)

    def of(self, *kinds: str) -> list[Key]:
        return [key for key, kind in self.kind.items() if kind in kinds]


@pytest.fixture(scope="module", params=["public", "internal"])
def edition(ran: tuple[Installation, str], request: pytest.FixtureRequest) -> Path:
    return ran[0].editions / "latest" / str(request.param)


class Page(HTMLParser):
    """The data cells of the first table under each id."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.cells: dict[str, list[list[str]]] = {}
        self._id: str | None = None
        self._is_open = self._in_body = self._in_cell = False
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        output = dict(attrs)
        if tag in ("section", "div") and output.get("id"):
            self._id, self._is_open = output["id"], False
        if tag == "table" and self._id and self._id not in self.cells:
            self.cells[self._id], self._is_open = [], True
        if tag == "tbody":
            self._in_body = self._is_open
        if tag == "tr" and self._in_body and self._id:
            self.cells[self._id].append([])
        if tag == "td" and self._in_body and self._id:
            self.cells[self._id][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "tbody":
            self._in_body = False
        if tag == "table":
            self._is_open = False
        if tag == "td":
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell and self._id:
            self.cells[self._id][-1][-1] += data


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_print_every_cell(edition: Path, language: Language) -> None:
    cells, page = Cells(edition, language), Page(edition / file_in(language, "index.html"))
    for key in cells.of("table", "figure"):
        assert page.cells["-".join(key)] == cells.printed[key], key
    for key in cells.of("text"):
        in_text = Page(edition / file_in(language, f"explain/{key[0]}/in-text.html"))
        output = [row[-1].split()[-1] for row in in_text.cells[key[1]]]  # what kind of number is before it
        assert output == [row[0] for row in cells.printed[key]], key


def number(printed: str, language: str) -> float | str:
    """A printed number as a spreadsheet should hold it."""
    if printed == "–":
        return printed
    thousands, decimal = (".", ",") if language == "nl" else (",", ".")
    plain = printed.rstrip("%").replace(thousands, "").replace(decimal, ".")
    return float(plain) / 100 if printed.endswith("%") else float(plain)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_workbooks_hold_every_cell_as_a_number(edition: Path, language: str) -> None:
    cells = Cells(edition, language)
    books = {report: load_workbook(edition / "workbooks" / f"{report}_{language}.xlsx") for report, _ in cells.kind}
    for key in cells.of("table", "figure"):
        rows = [row for row in books[key[0]][cells.place[key]].iter_rows(values_only=True) if row[0]]
        found = []
        for label in cells.labels[key]:
            while rows[0][0] != label:
                rows.pop(0)
            found.append(rows.pop(0))
        for row, printed in zip(found, cells.printed[key], strict=True):
            held: list[Any] = [value if value == "–" else pytest.approx(value) for value in row[1 : len(printed) + 1]]
            assert held == [number(text, language) for text in printed], key
    for report, book in books.items():
        texts = [key for key in cells.of("text") if key[0] == report]
        if not texts:
            continue
        (sheet,) = [sheet for sheet in book if sheet.title in ("In de tekst", "In the text")]
        held = [row[4] for row in sheet.iter_rows(min_row=5, values_only=True) if row[4] is not None]
        printed_numbers = [number(row[0], language) for key in texts for row in cells.printed[key]]
        assert held == [n if n == "–" else pytest.approx(n) for n in printed_numbers]


def test_the_csv_files_hold_every_cell(edition: Path) -> None:
    cells = Cells(edition, "nl")
    of_all = defaultdict(list)
    for row in read_csv(edition / "cells.csv"):
        of_all[row["report"], row["table_id"]].append(row["value_text_nl"])
    for key in cells.kind:
        assert of_all[key] == [text for line in cells.printed[key] for text in line]


def test_every_table_and_figure_is_broken_down(ran: tuple[Installation, str]) -> None:
    """By urbanisation class and disadvantage group, whose categories together count what the cell counts."""
    with duckdb.connect(str(ran[0].inside / "lea_vve.duckdb"), read_only=True) as connection:
        lacking = connection.execute("""
            with wanted as (
                select distinct report, unnest([
                    'urbanisation_class' || if(report = 'thema2022', '_thema2022', ''),
                    'disadvantage_group' || if(report = 'thema2022', '_thema2022', '')
                ]) as by
                from rpt_tables
            )
            select cells.report, cells.table_id, cells.row_key, cells.column_key, wanted.by
            from rpt_cells as cells
            inner join wanted on cells.report = wanted.report
            left join rpt_cell_breakdowns as parts
                on cells.report = parts.report and cells.table_id = parts.table_id and cells.row_key = parts.row_key
                and cells.column_key = parts.column_key and wanted.by = parts.breakdown
            -- Figuur 1.5 is the course of one group, and is not broken down.
            where cells.kind != 'text' and cells.table_id != 'figuur_1_5' and cells.n_municipalities > 0
            group by all
            having sum(parts.n_municipalities) is distinct from any_value(cells.n_municipalities)
                or sum(parts.numerator) is distinct from any_value(cells.numerator)
        """).fetchall()
    assert lacking == []


def test_the_report_begins_with_response_reach_and_panel(ran: tuple[Installation, str]) -> None:
    for part in (ran[0].public, ran[0].inside):
        page = (part / "index.html").read_text(encoding="utf-8")
        key = page[page.index('<dl class="key">') : page.index("</dl>", page.index('<dl class="key">'))]
        assert re.findall(r"<dd>(.*?)</dd>", key) == ["340 van 342", "77%", "81%", "61%"]
