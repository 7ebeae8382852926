"""Writes deliveries in the shapes that such files really have, byte for byte the same every time.

Belongs here: CSV in cp1252 with decimal commas, XLSX with or without title rows, SPSS with labels and user-missing
values. Does not belong here: which answers there are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import xlsxwriter

from assets.questionnaires.model import Delivery, Question, Questionnaire
from synthetic.responses import Missing, Response, Responses, Row

MARK_NL = "SYNTHETISCHE ANTWOORDEN: geen echte gegevens van gemeenten"
Cell = str | int | None


def write_delivery(
    file: Path, questionnaire: Questionnaire, delivery: Delivery, responses: Responses, names: Mapping[str, str]
) -> None:
    """Writes the rows, ordered by code, as the delivery's format says."""
    rows = [
        [
            code,
            names[code],
            *(cell for q in questionnaire.questions for cell in cells_of(questionnaire, q, responses[code])),
        ]
        for code in sorted(responses)
    ]
    write_rows(file, questionnaire, delivery, rows)


def write_rows(file: Path, questionnaire: Questionnaire, delivery: Delivery, rows: list[list[Cell]]) -> None:
    """Writes rows of cells, in the order of the questionnaire's columns, as the delivery's format says."""
    file.parent.mkdir(parents=True, exist_ok=True)
    {"csv": _write_csv, "xlsx": _write_xlsx, "sav": _write_sav}[delivery.format](file, questionnaire, delivery, rows)


def cells_of(questionnaire: Questionnaire, question: Question, row: Row) -> list[Cell]:
    """The delivered cells of one question: a code or a count as a number, a text as a text, None where there
    is nothing."""
    given = row.get(question.id)
    if given is None or isinstance(given, Missing):
        return [_missing(questionnaire, question, given)] * len(question.cells)
    if isinstance(given, tuple):
        return [int(option in given) for _, option in question.cells]
    if question.answer_type == "single":
        return [int(str(given))]
    return [given]


def _missing(questionnaire: Questionnaire, question: Question, given: Response | None) -> Cell:
    """Not available and not collected have a code; no answer is a blank, and so is what was not asked (2020:
    'n.v.t.')."""
    codes: tuple[str, ...] = ()
    if given is None:
        codes = questionnaire.missing.not_asked if question.answer_type != "text" else ()
    elif given is Missing.NOT_AVAILABLE:
        codes = questionnaire.missing.not_available
    elif given is Missing.NOT_COLLECTED:
        codes = questionnaire.missing.not_collected
    if not codes:
        return None
    return int(codes[-1]) if codes[-1].lstrip("-").isdigit() else codes[-1]


def _write_csv(file: Path, questionnaire: Questionnaire, delivery: Delivery, rows: list[list[Cell]]) -> None:
    """Counts carry the decimals of the software that exported them: '123,0', or '123.0' where commas separate the
    cells."""
    zero = ".0" if delivery.delimiter == "," else ",0"
    counts = {column for q in questionnaire.questions if q.answer_type == "count" for column, _ in q.cells}
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delivery.delimiter, lineterminator="\r\n")
    writer.writerow(questionnaire.columns)
    for row in rows:
        writer.writerow(
            f"{cell}{zero}" if isinstance(cell, int) and column in counts else "" if cell is None else cell
            for column, cell in zip(questionnaire.columns, row, strict=True)
        )
    file.write_bytes(buffer.getvalue().encode(delivery.encoding))


def _write_xlsx(file: Path, questionnaire: Questionnaire, delivery: Delivery, rows: list[list[Cell]]) -> None:
    """The title is in the rows above the header where there is room for it, or else on a sheet of its own."""
    workbook = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties(
        {
            "title": f"{questionnaire.title.nl} ({MARK_NL})",
            "comments": MARK_NL,
            "created": datetime(delivery.received_on.year, delivery.received_on.month, delivery.received_on.day),  # noqa: DTZ001  a workbook has no zones
        }
    )
    sheet = workbook.add_worksheet(delivery.sheet)
    header = workbook.add_format({"bold": True})
    above = [
        questionnaire.title.nl,
        MARK_NL,
        f"Levering {delivery.number}, {delivery.received_on.strftime('%d-%m-%Y')}, {len(rows)} gemeenten",
    ]
    page = sheet if delivery.header_row > len(above) else workbook.add_worksheet("Toelichting")
    for number, title in enumerate(above):
        page.write_string(number, 0, title)
    top = delivery.header_row - 1
    for number, column in enumerate(questionnaire.columns):
        sheet.write_string(top, number, column, header)
    for down, row in enumerate(rows, start=top + 1):
        for number, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(down, number, cell)
            elif cell is not None:
                sheet.write_string(down, number, cell)
    sheet.freeze_panes(top + 1, 2)
    workbook.close()


def _write_sav(file: Path, questionnaire: Questionnaire, delivery: Delivery, rows: list[list[Cell]]) -> None:
    """SPSS: variable labels, value labels, and the missing codes as one user-missing range."""
    columns = questionnaire.columns
    frame = pd.DataFrame(rows, columns=columns)
    missing = sorted(int(code) for code in questionnaire.missing.by_code())
    keys = columns[:2]
    labels: dict[str, str | None] = {keys[0]: "Gemeentecode (CBS)", keys[1]: "Gemeentenaam"}
    value_labels: dict[str, dict[int | float, str]] = {}
    ranges: dict[str, list[Any]] = {}
    for question in questionnaire.questions:
        for column, option_code in question.cells:
            label = question.wording.nl
            if question.answer_type == "text":
                frame[column] = frame[column].astype("object").fillna("").astype(str)
            else:
                frame[column] = frame[column].astype("float64")
                value_labels[column] = {int(c): _MISSING_LABELS[s] for c, s in questionnaire.missing.by_code().items()}
                ranges[column] = [{"lo": missing[0], "hi": missing[-1]}]
            if option_code is not None:
                option = next(o for o in question.options if o.code == option_code)
                label = f"{label} [{option.label.nl}]"
                value_labels[column] |= {0: "Nee", 1: "Ja"}
            elif question.answer_type == "single":
                value_labels[column] |= {int(o.code): o.label.nl for o in question.options}
            labels[column] = label[:250]
    pyreadstat.write_sav(
        frame,
        str(file),
        file_label="SYNTHETISCHE ANTWOORDEN",
        column_labels=labels,
        variable_value_labels=value_labels,
        missing_ranges=ranges,
        note=MARK_NL,
    )
    _set_sav_date(file, delivery)


_MISSING_LABELS = {
    "no_answer": "Geen antwoord",
    "not_available": "Niet beschikbaar",
    "not_collected": "Niet uitgevraagd",
    "not_asked": "Niet van toepassing",
}
# In the header record of an SPSS file 'dd mmm yy' is at byte 92 and 'hh:mm:ss' right after it.
_SAV_DATE = slice(92, 109)
_SAV_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _set_sav_date(file: Path, delivery: Delivery) -> None:
    data = bytearray(file.read_bytes())
    on = delivery.received_on
    data[_SAV_DATE] = f"{on.day:02d} {_SAV_MONTHS[on.month - 1]} {on.year % 100:02d}12:00:00".encode("ascii")
    file.write_bytes(bytes(data))
