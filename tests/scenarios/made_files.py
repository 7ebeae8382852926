"""Delivered files that make no sense in git: workbooks, SPSS files, a huge file. One function a scenario, of its name."""

from __future__ import annotations

import zipfile
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
    table = _numbers(pd.DataFrame([AMSTERDAM, SUDWEST], columns=HEADER))
    table.loc[1, ["peuters", "plaatsen", "reden"]] = [-8, -9, float("nan")]
    missing: Any = {name: [{"lo": -9, "hi": -7}] for name in ("peuters", "plaatsen")}
    pyreadstat.write_sav(table, str(file), missing_ranges=missing)


def truncated_sav(file: Path) -> None:
    spss_with_user_missing(file)
    file.write_bytes(file.read_bytes()[:-30])


def what_excel_shows_in_counts(file: Path) -> None:
    """Numbers whose format shows something else, a tick, a date, noise of the arithmetic, and an error."""
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("Blad1")
        shown = {code: book.add_format({"num_format": code}) for code in ("0%", "0.000", "0,", "#,##0", "dd-mm-yyyy")}
        rows: list[list[object]] = [
            [*AMSTERDAM[:9], (1, "0%"), (1, "0.000")],
            [*SUDWEST[:9], True, (45000, "dd-mm-yyyy")],
            ["GM0757", "Boxtel", 2, "", "", "", "", "", "01", (1043, "#,##0"), 282.0000000000001],
            ["GM0518", "'s-Gravenhage", 2, "", "", "", "", "", "01", (53, "0,"), "12.0000000000"],
        ]
        page.write_row(0, 0, HEADER)
        for at_row, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                number, code = value if isinstance(value, tuple) else (value, None)
                page.write(at_row, at, number, *([shown[code]] if code else []))


def merged_cells(file: Path) -> None:
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("Blad1")
        for at, row in enumerate([HEADER, AMSTERDAM, SUDWEST]):
            page.write_row(at, 0, row)
        page.merge_range("J2:J3", 900)


def hidden_rows_and_columns(file: Path) -> None:
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("Blad1")
        for at, row in enumerate([HEADER, AMSTERDAM, SUDWEST]):
            page.write_row(at, 0, row)
        page.set_row(2, None, None, {"hidden": True})
        page.set_column("L:M", None, None, {"hidden": True})


def what_excel_does_not_show(file: Path) -> None:
    """Formats that show nothing, a number of hundreds of digits, and a column without width."""
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("Blad1")
        nothing, no_zero, percent = (book.add_format({"num_format": code}) for code in (";;;", "0;-0;;@", "0%"))
        for at, row in enumerate([HEADER, AMSTERDAM, SUDWEST, ["GM0757", "Boxtel", 2, *[""] * 5, "01"]]):
            page.write_row(at, 0, row)
        page.write_number("J2", 1200, nothing)
        page.write_string("M2", "Geen bijzonderheden", nothing)
        page.write_number("J3", 1e300, percent)
        page.write_number("J4", 0, no_zero)
        page.write_number("K4", 5, no_zero)
        page.set_column("K:K", 0)


def error_value_in_free_text(file: Path) -> None:
    """As Excel stores a pasted #N/A: a value, not a formula."""
    book = Workbook()
    page = book.create_sheet("Blad1", 0)
    page.append(HEADER)
    page.append([*AMSTERDAM[:12], "#N/A"])
    book.save(file)


def workbook_text_that_begins_like_a_formula(file: Path) -> None:
    """openpyxl stores the first text as a formula, which it cannot be."""
    book = Workbook()
    page = book.create_sheet("Blad1", 0)
    page.append(HEADER)
    page.append([*AMSTERDAM[:12], "=> zie bijlage"])
    page.append([*SUDWEST[:12], "- zie www.x.nl | tot ziens!"])
    book.save(file)


def formula_in_a_strict_workbook(file: Path) -> None:
    """As Excel saves a 'Strict Open XML' workbook: with the names of the ISO standard, at which openpyxl stumbles."""
    workbook(file, [list(HEADER), [*AMSTERDAM[:9], "=600+600", *AMSTERDAM[10:]], SUDWEST])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            content = content.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            content = content.replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            archive.writestr(name, content)


def spss_texts_in_another_encoding(file: Path) -> None:
    """The file says that its texts are UTF-8, and they are not."""
    table = pd.DataFrame([AMSTERDAM, [*SUDWEST[:1], "Sudwest-Fryslan", *SUDWEST[2:]]], columns=HEADER).astype("str")
    pyreadstat.write_sav(table, str(file))
    file.write_bytes(file.read_bytes().replace(b"Sudwest-Fryslan", "Súdwest-Fryslân".encode("cp1252")))


def spss_missing_value_that_is_not_declared(file: Path) -> None:
    """The file declares 9 and 999 as missing, of which the questionnaire knows nothing."""
    table = _numbers(pd.DataFrame([AMSTERDAM, SUDWEST], columns=HEADER))
    table.loc[0, "peuters"], table.loc[1, "overleg"] = 999, 9
    missing: Any = {"overleg": [{"lo": 9, "hi": 9}], "peuters": [{"lo": 990, "hi": 999}]}
    pyreadstat.write_sav(table, str(file), missing_ranges=missing)


def spss_export(file: Path) -> None:
    """With a filter and a weight, as SPSS leaves them in a file."""
    table = _numbers(pd.DataFrame([AMSTERDAM, SUDWEST], columns=HEADER))
    pyreadstat.write_sav(table.assign(**{"filter_$": 1.0, "weging": 1.02}), str(file))


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    numbers = ["overleg", "partner_1", "partner_2", "partner_8", "partner_9", "peuters", "plaatsen", "reden"]
    return table.assign(**{name: pd.to_numeric(table[name]).astype("float64") for name in numbers})


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
        what_excel_shows_in_counts,
        merged_cells,
        hidden_rows_and_columns,
        what_excel_does_not_show,
        error_value_in_free_text,
        workbook_text_that_begins_like_a_formula,
        formula_in_a_strict_workbook,
        spss_texts_in_another_encoding,
        spss_missing_value_that_is_not_declared,
        spss_export,
    )
}
