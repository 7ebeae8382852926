"""Delivered files as text: what is read is what is there, and what cannot be read is reported in one message."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula
from python_calamine import CalamineWorkbook

import assets.base.csv_file as csv_file_module
import assets.raw.workbook as workbook_module
from assets.base.errors import BadInput
from assets.raw import readers
from assets.raw.number_formats import plain
from assets.raw.readers import CellNote, read_cells
from assets.raw.workbook import read_sheet
from tests.conftest import delivery

# What UTF-8 files can hold. A zero byte and what was encoded twice are refused, and are tested by themselves.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00ÃÂ"), max_size=20)
quickly = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read(file: Path, **how: Any) -> list[list[str]]:
    return cells_of(file, **how).to_numpy().tolist()


def cells_of(file: Path, **how: Any) -> pd.DataFrame:
    return read_cells(file, delivery(file, **how)).cells


def problem_of(file: Path, **how: Any) -> BadInput | None:
    try:
        read(file, **how)
    except BadInput as problem:
        return problem
    return None


def csv_file(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "levering.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def workbook(tmp_path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    file = tmp_path / "levering.xlsx"
    book = Workbook()
    page = book.create_sheet("Data", 0)
    for at_row, row in enumerate(rows, 1):
        for at, value in enumerate(row, 1):
            page.cell(at_row, at, value)
    book.save(file)
    return file


@quickly
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5), st.sampled_from([";", ",", "\t", "|"]))
def test_what_is_in_a_csv_is_read_but_for_spaces_around_it(
    tmp_path: Path, rows: list[tuple[str, str]], delimiter: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    file = csv_file(tmp_path, text.getvalue())
    expected = [[left.strip(), right.strip()] for left, right in rows if left.strip() or right.strip()]

    if expected:
        assert read(file, delimiter=delimiter) == expected
    else:
        with pytest.raises(BadInput, match="There are no rows below the header"):
            read(file, delimiter=delimiter)


@quickly
@given(st.binary(max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_any_bytes_are_a_table_or_one_message(tmp_path: Path, content: bytes, encoding: str) -> None:
    for name in ("levering.csv", "levering.xlsx", "levering.sav"):
        file = tmp_path / name
        file.write_bytes(content)
        problem = problem_of(file, encoding=encoding, **({"sheet": "Data"} if name.endswith("xlsx") else {}))
        assert problem is None or all((problem.what, problem.where, problem.remedy))


def test_rows_are_numbered_as_their_sender_sees_them(tmp_path: Path) -> None:
    file = csv_file(tmp_path, 'Export\n\na;b\n1;"op twee\nregels"\n;\n2;x\n')

    cells = cells_of(file, header_row=3)

    assert cells.index.tolist() == [4, 7]
    assert cells["b"].tolist() == ["op twee\nregels", "x"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way(tmp_path: Path, line_end: str) -> None:
    assert read(csv_file(tmp_path, line_end.join(["a;b", "1;2", "3;4", ""]))) == [["1", "2"], ["3", "4"]]


def test_a_byte_order_mark_is_not_part_of_the_first_name(tmp_path: Path) -> None:
    file = csv_file(tmp_path, b"\xef\xbb\xbf" + "gemeente;b\né;2\n".encode())
    assert cells_of(file).columns.tolist() == ["gemeente", "b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "cp850", "iso-8859-1", "iso-8859-15"])
def test_every_encoding_that_a_questionnaire_can_name(tmp_path: Path, encoding: str) -> None:
    file = csv_file(tmp_path, "a;b\nSúdwest-Fryslân;2\n".encode(encoding))
    assert read(file, encoding=encoding) == [["Súdwest-Fryslân", "2"]]


@pytest.mark.parametrize(
    ("content", "how", "what", "where"),
    [
        (b"a;b\n1;\x00\n", {}, "holds a zero byte", "line 2"),
        ("a;b\n1;2\n".encode("utf-16-le"), {}, "UTF-16 without its byte order mark", "levering.csv"),
        ("\ufeffa;b\né;2\n".encode(), {"encoding": "cp1252"}, "begins with its byte order mark", "line 1"),
        ("a;b\nDrenthe, één;2\n".encode("cp1252"), {"encoding": "cp850"}, "looks like Windows-1252", "line 2"),
        ("a;b\nfoto’s;2\n".encode("cp1252"), {"encoding": "iso-8859-1"}, "looks like Windows-1252", "line 2"),
        ("a;b\nvóór;2\n".encode("cp850"), {"encoding": "iso-8859-1"}, "looks like cp850", "line 2"),
        ("a;b\né;2\n".encode(), {"encoding": "utf-16"}, "is not UTF-16", "levering.csv"),
        (b"a;b\n\x81;2\n", {"encoding": "cp1252"}, "is not Windows-1252", "line 2"),
        (b'a;b\n1;"x"y\n', {}, "quotation mark", "line 2"),
        (b"a;b\n1;2\n3;4;5\n", {}, "Line 3 has 3 cells; expected 2", "line 3"),
        (b"a;;c\n1;x;3\n", {}, "'x' is in a column without a name", "row 2, column 2"),
        (b"a;b;a\n1;2;3\n", {}, "Column 'a' appears more than once", "header in row 1"),
        (b";\n;\n1;2\n", {}, "There is no header", "header in row 1"),
        (b"a;b\n1;2\n", {"header_row": 9}, "There is no header", "header in row 9"),
        (b"a;b\n ; \n", {}, "no rows below the header", "header in row 1"),
        (b" ", {}, "There is no header", "header in row 1"),
    ],
)
def test_a_csv_that_cannot_be_read(tmp_path: Path, content: bytes, how: dict[str, Any], what: str, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(csv_file(tmp_path, content), **how)
    assert what in refused.value.what
    assert where in refused.value.where


@pytest.mark.parametrize(
    ("module", "limit", "value", "what"),
    [
        (readers, "MAX_BYTES", 10, "MB"),
        (csv_file_module, "MAX_LINE", 20, "characters long"),
        (readers, "MAX_ROWS", 2, "rows"),
        (readers, "MAX_COLUMNS", 1, "columns"),
        (readers, "MAX_AREA", 10, "columns"),
    ],
)
def test_a_file_larger_than_a_delivery_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, limit: str, value: int, what: str
) -> None:
    monkeypatch.setattr(module, limit, value)
    with pytest.raises(BadInput, match=what):
        read(csv_file(tmp_path, "a;b\n" + "1;2\n" * 9 + "x" * 30 + ";2\n"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not there"):
        read(tmp_path / "levering.csv")


def test_cells_of_a_workbook_are_read_as_their_sender_types_them(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["a", "b", "c", "d", "e", "f"], [12, 12.5, True, date(2023, 5, 1), " tekst ", None]]
    assert read(workbook(tmp_path, rows), sheet="Data") == [["12", "12.5", "TRUE", "2023-05-01", "tekst", ""]]


def test_a_formula_is_what_was_delivered_not_its_last_result(tmp_path: Path) -> None:
    file = tmp_path / "levering.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, ["a", "b"])
        page.write(1, 0, 1)
        page.write_formula(1, 1, "=A2+1", None, 2)
    assert read(file, sheet="Data") == [["1", "=A2+1"]]


def test_formulas_without_a_result_are_not_lost(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["a", "b"], [1, ArrayFormula("B2:B2", "=SUM(A2:A2*2)")], [None, "=1+1"]]
    assert read(workbook(tmp_path, rows), sheet="Data") == [["1", "=SUM(A2:A2*2)"], ["", "=1+1"]]


def test_a_formula_in_a_column_without_a_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"'=1\+1' is in a column without a name"):
        read(workbook(tmp_path, [["a", "b"], [1, 2, None, "=1+1"]]), sheet="Data")


def test_errors_in_a_workbook_are_not_lost(tmp_path: Path) -> None:
    assert read(workbook(tmp_path, [["a", "b"], [1, "#REF!"]]), sheet="Data") == [["1", "#REF!"]]


def test_a_formula_written_with_a_prefix_is_a_formula(tmp_path: Path) -> None:
    """Some programs write <x:f> and <x:c> where Excel writes <f> and <c>."""
    file = workbook(tmp_path, [["a", "b"], [1, "=600+600"]])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = next(name for name in parts if name.startswith("xl/worksheets/") and b"<f>" in parts[name])
    plain = parts[sheet].replace(b'xmlns="', b'xmlns:x="')
    parts[sheet] = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", plain)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert read(file, sheet="Data") == [["1", "=600+600"]]


def test_a_lone_cell_far_to_the_right_and_below_fills_no_memory(tmp_path: Path) -> None:
    file = workbook(tmp_path, [["a", "b"], [1, 2]])
    book = load_workbook(file)
    book["Data"]["XFD90000"] = 1
    book.save(file)
    with pytest.raises(BadInput, match="'1' is in a column without a name") as refused:
        read(file, sheet="Data")
    assert "row 90000, column 16384" in refused.value.where


@pytest.mark.parametrize("reference", ["A99999999", "AAAA1", "A0", "1A", "A1B", "A٣"])
def test_a_reference_that_no_sheet_has_is_refused(tmp_path: Path, reference: str) -> None:
    file = rewritten(workbook(tmp_path, [["a", "b"], [1, 2]]), b'r="A2"', f'r="{reference}"'.encode())
    with pytest.raises(BadInput, match="not a readable Excel workbook"):
        read(file, sheet="Data")


def test_xml_that_explodes_is_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
    file = rewritten(workbook(tmp_path, [["a", "b"], [1, 2]]), b"<worksheet", bomb)
    with pytest.raises(BadInput, match="not a readable Excel workbook"):
        read(file, sheet="Data")


def rewritten(file: Path, old: bytes, new: bytes) -> Path:
    """The workbook with the first ``old`` of its sheet replaced."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(old, new, 1) if name.startswith("xl/worksheets/") else content)
    return file


CELLS = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False),
    st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Z"]), max_size=12),
)


@quickly
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_two_other_readers_see_the_same_cells(tmp_path: Path, rows: list[list[Any]]) -> None:
    """Beside python-calamine and openpyxl, which know nothing of number formats, merged cells and formulas."""
    file = workbook(tmp_path, [[None if isinstance(c, str) and c.startswith("=") else c for c in row] for row in rows])

    texts = read_sheet(file, "Data").texts

    calamine = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("Data").to_python(skip_empty_area=False)
    openpyxl = load_workbook(file)["Data"].iter_rows(values_only=True)
    for table in (calamine, openpyxl):
        cells = {
            (row, column): text
            for row, values in enumerate(table, 1)
            for column, value in enumerate(values, 1)
            if (text := "" if value is None else plain(value) if isinstance(value, int | float) else str(value).strip())
        }
        assert cells == texts


def test_what_excel_shows_is_what_was_delivered(tmp_path: Path) -> None:
    file = tmp_path / "levering.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, ["a", "b", "c", "d"])
        for at, (value, code) in enumerate([(1, "0%"), (1, "0.000"), (1043, "#,##0"), (45000, "dd-mm-yyyy")]):
            page.write_number(1, at, value, book.add_format({"num_format": code}))
    assert read(file, sheet="Data") == [["100%", "1.000", "1043", "2023-03-15"]]


def test_merged_cells_and_formulas_are_noted(tmp_path: Path) -> None:
    file = tmp_path / "levering.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        page = book.add_worksheet("Data")
        page.merge_range("A1:B1", "titel")
        for row, texts in enumerate([["a", "b", "c"], [1, 2, "=A3"], [3, "", 5]], 1):
            page.write_row(row, 0, texts)
        page.merge_range("B3:B4", 7)

    table = read_cells(file, delivery(file, sheet="Data", header_row=2))

    merged = CellNote("merged", "B3:B4")
    assert table.cell_notes == {(3, "b"): merged, (4, "b"): merged, (3, "c"): CellNote("formula")}


def test_a_text_that_looks_like_a_formula_is_none(tmp_path: Path) -> None:
    """openpyxl stores every text with '=' in front as a formula, also what no formula can be."""
    file = workbook(tmp_path, [["a", "b"], ["=> zie bijlage", "=1+1"]])
    table = read_cells(file, delivery(file, sheet="Data"))
    assert table.cells.to_numpy().tolist() == [["=> zie bijlage", "=1+1"]]
    assert table.cell_notes == {(2, "b"): CellNote("formula")}


def test_hidden_rows_and_columns_are_read_and_named(tmp_path: Path) -> None:
    file = workbook(tmp_path, [["a", "b"], [1, 2], [3, 4], [5, 6]])
    book = load_workbook(file)
    book["Data"].row_dimensions[3].hidden = True
    book["Data"].column_dimensions["B"].hidden = True
    book.save(file)

    table = read_cells(file, delivery(file, sheet="Data"))

    assert table.cells["b"].tolist() == ["2", "4", "6"]
    assert table.remarks == (
        "1 row that the workbook hides is read too: 3",
        "1 column that the workbook hides is read too: B ('b')",
    )


def test_a_workbook_cut_off_at_any_place_is_refused_in_one_message(tmp_path: Path) -> None:
    whole = workbook(tmp_path, [["a", "b"], [1, "=1+1"], [3, 4]]).read_bytes()
    file = tmp_path / "cut.xlsx"
    for length in range(1, len(whole), 97):
        file.write_bytes(whole[:length])
        with pytest.raises(BadInput, match="not a complete Excel workbook"):
            read(file, sheet="Data")


def test_a_workbook_with_broken_contents_is_refused_in_one_message(tmp_path: Path) -> None:
    whole = workbook(tmp_path, [["a", "b"], [1, 2], [3, 4]])
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    file = tmp_path / "broken.xlsx"
    for broken in parts:
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content[: len(content) // 2] if name == broken else content)
        unharmed = problem_of(file, sheet="Data") is None
        assert not unharmed or read(file, sheet="Data") == [["1", "2"], ["3", "4"]], broken


def test_a_damaged_archive_is_refused_in_one_message(tmp_path: Path) -> None:
    whole = workbook(tmp_path, [["a", "b"], *([i, i] for i in range(50))]).read_bytes()
    file = tmp_path / "damaged.xlsx"
    for place in range(30, len(whole) - 30, 61):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        assert problem_of(file, sheet="Data") or read(file, sheet="Data") == [[str(i), str(i)] for i in range(50)]


def test_a_workbook_that_explodes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_module, "MAX_BYTES_UNPACKED", 1000)
    with pytest.raises(BadInput, match="unpacks to"):
        read(workbook(tmp_path, [["a"], [1]]), sheet="Data")


def test_an_spss_file_cut_off_at_any_place_is_refused_in_one_message(tmp_path: Path) -> None:
    whole = tmp_path / "whole.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2.0], "b": ["Súdwest", "x"]}), str(whole))
    file = tmp_path / "levering.sav"
    for length in range(1, whole.stat().st_size - 16, 37):
        file.write_bytes(whole.read_bytes()[:length])
        with pytest.raises(BadInput, match=r"not a readable SPSS file|no rows|no header"):
            read(file)


def test_user_missing_values_of_an_spss_file_are_read_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "levering.sav"
    frame = pd.DataFrame({"a": [-9.0, 5.0, None], "b": ["é ", "", "x"]})
    user_missing: Any = {"a": [{"lo": -9, "hi": -7}]}
    pyreadstat.write_sav(frame, str(file), missing_ranges=user_missing)
    assert read(file) == [["-9", "é"], ["5", ""], ["", "x"]]


def test_a_percentage_of_spss_is_no_count(tmp_path: Path) -> None:
    file = tmp_path / "levering.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [80.0, None]}), str(file), variable_format={"a": "PCT8.0"})
    assert read(file) == [["80%"]]


def test_what_spss_declares_as_missing_is_noted(tmp_path: Path) -> None:
    file = tmp_path / "levering.sav"
    missing: Any = {"a": [{"lo": 990, "hi": 999}, {"lo": 9, "hi": 9}], "b": [{"lo": "nvt", "hi": "nvt"}]}
    frame = pd.DataFrame({"a": [9.0, 999.0, 10.0], "b": ["x", "nvt", "y"]})
    pyreadstat.write_sav(frame, str(file), missing_ranges=missing)
    places = {(1, "a"), (2, "a"), (2, "b")}
    assert read_cells(file, delivery(file)).cell_notes == dict.fromkeys(places, CellNote("missing_in_file"))


def test_texts_of_spss_that_were_read_as_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "levering.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": ["Súdwest".encode().decode("cp1252")]}), str(file))
    with pytest.raises(BadInput, match="'SÃºdwest' cannot be Dutch") as refused:
        read(file)
    assert refused.value.where == "levering.sav, case 1"


@pytest.mark.parametrize("word", ["één", "café", "België", "crèche", "ça va", "óf", "vóór", "coördinatie"])
def test_a_letter_of_cp850_is_seen_at_the_edge_of_a_word_too(tmp_path: Path, word: str) -> None:
    (tmp_path / "a.csv").write_bytes(f"a;b\n{word};2\n".encode("cp850"))
    with pytest.raises(BadInput, match="looks like cp850"):
        read_cells(tmp_path / "a.csv", delivery(tmp_path / "a.csv", encoding="cp1252"))


@pytest.mark.parametrize(
    "text", ["ja…nee", "groep•leider", "zei: “wens”van", "zei „ja”en", "€ 5", "vóór één café in België", "10‰"]
)
def test_ordinary_signs_of_windows_are_texts(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_bytes(f"a;b\n{text};2\n".encode("cp1252"))
    cells = read_cells(tmp_path / "a.csv", delivery(tmp_path / "a.csv", encoding="cp1252")).cells
    assert cells["a"].tolist() == [text]
