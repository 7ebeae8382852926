"""Delivered files that make no sense in git: workbooks, SPSS files, a huge file. One function a scenario, of its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import xlsxwriter
from openpyxl import Workbook

HEADER = [
    *("gemeentecode", "gemeente", "overleg", "partner_1", "partner_2", "partner_8", "partner_9", "partner_anders"),
    *("evaluatie", "peuters", "plaatsen", "reden", "toelichting"),
]
AMSTERDAM = ["GM0363", "Amsterdam", 1, 1, 1, 0, 0, "", "01", 1200, 1300, "", "Geen bijzonderheden"]
SUDWEST = ["GM1900", "Súdwest-Fryslân", 1, 0, 0, 1, 0, "Bibliotheek", "02", 210, 180, 1, ""]


def workbook(file: Path, rows: list[list[object]], sheet: str = "Blad1") -> None:
    """A workbook with these rows; a text that begins with '=' is a formula."""
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)


def wrong_sheet(file: Path) -> None:
    workbook(file, [list(HEADER), AMSTERDAM], sheet="Data 2023")


def xlsx_with_title_rows(file: Path) -> None:
    titles: list[list[object]] = [["Vragenlijst vve 2023"], ["Export van 12 mei 2023"], [], ["Alle gemeenten"]]
    workbook(file, [*titles, list(HEADER), AMSTERDAM, SUDWEST], sheet="Data")


def truncated_xlsx(file: Path) -> None:
    workbook(file, [list(HEADER), AMSTERDAM, SUDWEST])
    file.write_bytes(file.read_bytes()[:-2000])


def csv_named_xlsx(file: Path) -> None:
    file.write_text(";".join(HEADER) + "\n")


def formula_in_a_workbook(file: Path) -> None:
    amsterdam = [*AMSTERDAM[:9], "=600+600", *AMSTERDAM[10:12], '=HYPERLINK("http://example.org","klik")']
    workbook(file, [list(HEADER), amsterdam, SUDWEST])


def error_value_in_a_workbook(file: Path) -> None:
    """As Excel stores a pasted #N/A: a value, not a formula."""
    book = Workbook()
    page = book.create_sheet("Blad1", 0)
    page.append(HEADER)
    page.append([*AMSTERDAM[:9], "#N/A", *AMSTERDAM[10:]])
    book.save(file)


def lone_cell_far_away(file: Path) -> None:
    book = Workbook()
    page = book.create_sheet("Blad1", 0)
    page.append(HEADER)
    page.append(AMSTERDAM)
    page.cell(1_048_576, 1, "x")
    book.save(file)


def huge_single_line(file: Path) -> None:
    file.write_text(";".join(HEADER) + ";GM0363;Amsterdam;1;1;1" * 100_000)


def spss_with_user_missing(file: Path) -> None:
    """As SPSS writes it: numbers, with -9 to -7 declared as user-missing."""
    table = pd.DataFrame([AMSTERDAM, SUDWEST], columns=HEADER)
    for name in ("overleg", "partner_1", "partner_2", "partner_8", "partner_9", "peuters", "plaatsen", "reden"):
        table[name] = pd.to_numeric(table[name]).astype("float64")
    table.loc[1, ["peuters", "plaatsen", "reden"]] = [-8, -9, float("nan")]
    missing: Any = {name: [{"lo": -9, "hi": -7}] for name in ("peuters", "plaatsen")}
    pyreadstat.write_sav(table, str(file), missing_ranges=missing)


def truncated_sav(file: Path) -> None:
    spss_with_user_missing(file)
    file.write_bytes(file.read_bytes()[:-30])


MADE: dict[str, Callable[[Path], None]] = {
    make.__name__: make
    for make in (
        wrong_sheet,
        xlsx_with_title_rows,
        truncated_xlsx,
        csv_named_xlsx,
        formula_in_a_workbook,
        error_value_in_a_workbook,
        lone_cell_far_away,
        huge_single_line,
        spss_with_user_missing,
        truncated_sav,
    )
}
