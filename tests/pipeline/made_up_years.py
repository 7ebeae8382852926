"""Survey years after the bundled ones, made up: what changes in each, and the commands that a person types for it.

Belongs here: the years as data, and typing what docs/runbook.md says under *Adding a year*. Does not belong here: what
has to come of it (the tests).
"""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl

from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import Question, Questionnaire
from tests.pipeline.conftest import Installation

Edit = Callable[[str], str]
Cells = dict[tuple[str, str | None], Any]
"""What a municipality gave, by question and option code."""
OLD, INTO = "GM0384", "GM0362"  # made up: Diemen into Amstelveen; all of them gave all counts
PARTS, NEW = ("GM0375", "GM0450"), "GM9001"
SPLIT = "GM0377"
MERGED = (f"{OLD}={INTO}", f"{','.join(PARTS)}={NEW} Kennemerduin", f"{SPLIT}=GM0392,GM0473")


@dataclass(frozen=True)
class MadeUpYear:
    """What a survey year drops, which municipalities change, CBS's files that are there in time, and what an editor
    writes into its questionnaire."""

    survey_year: int
    dropped: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    cbs: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()


def go_back_to_2023(data: Path) -> None:
    """Leaves the registers as they were in 2023."""
    for name in ("municipalities", "municipality_changes", "urbanisation", "disadvantage"):
        file = data / "registers" / f"{name}.csv"
        header, *lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join([header, *(line for line in lines if line < "2024")]), encoding="utf-8")


def add_year(installation: Installation, year: MadeUpYear, folder: Path) -> dict[str, str]:
    """Types everything; command → what it printed. Each has to succeed."""
    number, printed = str(year.survey_year), {}

    def type_in(name: str, *arguments: str) -> None:
        result: subprocess.CompletedProcess[str] = installation.lea(*arguments)
        assert result.returncode == 0, f"{name}\n{result.stdout}{result.stderr}"
        printed[name] = result.stdout

    options = [*(("--dropped", one) for one in year.dropped), *(("--merged", one) for one in year.merged)]
    type_in("new-year", "new-year", number, *(word for pair in options for word in pair), "--origin", "synthetic")
    file = installation.data / "questionnaires" / number / "questionnaire.yaml"
    text = file.read_text(encoding="utf-8")
    for edit in year.edits:
        text = edit(text)
    file.write_text(text, encoding="utf-8")
    if year.cbs:
        files = dict(_published(installation.data / "registers", year, folder))
        named = [word for kind in year.cbs for word in (f"--{kind}", str(files[kind]))]
        type_in("register", "register", "--date", f"{number}-01-01", *named)
    type_in("check year", "check", "--year", number)
    delivery = str(_deliver(installation.data, year.survey_year, folder / f"answers_{number}.xlsx"))
    type_in("check file", "check", delivery, "--year", number)
    type_in("accept", "accept", delivery, "--year", number)
    type_in("run", "run")
    return printed


def rename(old: str, new: str) -> Edit:
    """Gives columns another name."""
    return partial(_replace, old, new)


def add_option(question: str, option: str) -> Edit:
    """Puts an option before those of a question, and says that it changed."""

    def edit(text: str) -> str:
        start, end = _place(text, question)
        block = re.sub(r"(\n +)options:\n( +)", rf"\1options:\n\2{option}\n\2", text[start:end], count=1)
        return text[:start] + _changed(block, "Een optie is nieuw.", "An option is new.") + text[end:]

    return edit


def route(question: str, old: str, new: str) -> Edit:
    """Asks a question of others, and says that it changed."""

    def edit(text: str) -> str:
        start, end = _place(text, question)
        block = _replace(f"routing: {old}", f"routing: {new}", text[start:end])
        return text[:start] + _changed(block, "Aan anderen gevraagd.", "Asked of others.") + text[end:]

    return edit


def ask(block: str, before: str = "X1") -> Edit:
    """Asks a new question before another one."""

    def edit(text: str) -> str:
        start, _ = _place(text, before)
        return f"{text[:start]}{block.strip(chr(10))}\n\n{text[start:]}"

    return edit


def ask_again(question: str, of: Path, before: str = "X1") -> Edit:
    """Asks a question as an earlier questionnaire did."""

    def edit(text: str) -> str:
        earlier = of.read_text(encoding="utf-8")
        start, end = _place(earlier, question)
        block = re.sub(r"\n *#.*|comparability: .*", "", earlier[start:end]).rstrip()
        return ask(f"{block}\n    comparability: {{status: new}}", before)(text)

    return edit


def _changed(block: str, nl: str, en: str) -> str:
    reason = f'comparability: {{status: changed, reason: {{nl: "{nl}", en: "{en}"}}}}'
    return _replace("comparability: {status: same}", reason, block)


def _place(text: str, question: str) -> tuple[int, int]:
    """Where the entry of a question begins and ends."""
    start = text.index(f"  - id: {question}\n")
    end = text.find("\n  - id: ", start)
    return start, len(text) if end < 0 else end + 1


def _replace(old: str, new: str, text: str) -> str:
    assert text.count(old) == 1, f"{old} appears {text.count(old)} times"
    return text.replace(old, new)


def _published(registers: Path, year: MadeUpYear, folder: Path) -> Iterator[tuple[str, Path]]:
    """CBS's files of a year in which nothing happened after the newest register: kind → file."""
    towns = _newest(registers / "municipalities.csv", "reference_date")
    codes = {row["municipality_code"]: row for row in towns}
    urban, scores = (
        [row for row in _newest(registers / f"{name}.csv", of) if row["municipality_code"] in codes]
        for name, of in (("urbanisation", "reference_year"), ("disadvantage", "layout_year"))
    )
    tables: dict[str, tuple[str, Iterable[tuple[str, ...]]]] = {
        "municipalities": (
            "GemeentecodeGM;Gemeentenaam;ProvinciecodePV;Provincienaam",
            ((code, row["municipality_name"], row["province_code"], row["province"]) for code, row in codes.items()),
        ),
        "changes": (
            "Ingangsdatum;Oude gemeentecode;Oude gemeentenaam;Nieuwe gemeentecode;Nieuwe gemeentenaam",
            [("24-3-2022", "0457", "Weesp", "0363", "Amsterdam")],
        ),
        "urbanisation": (
            "Regio's;MateVanStedelijkheid_105",
            ((f"{row['municipality_code']}    ", row["urbanisation_class"]) for row in urban),
        ),
        "disadvantage": (
            "Gemeentecode;Aantal scholen;Aantal leerlingen;Achterstandsscore zonder drempel",
            (
                (row["municipality_code"][2:], row["schools"], row["pupils"], row["score_sum"].replace(".", ","))
                for row in scores
            ),
        ),
    }
    for kind, (header, rows) in tables.items():
        file = folder / f"{kind}_{year.survey_year}.csv"
        file.write_text("\n".join([header, *(";".join(row) for row in rows)]) + "\n", encoding="utf-8")
        yield kind, file


def _newest(file: Path, column: str) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    newest = max(row[column] for row in rows)
    return [row for row in rows if row[column] == newest]


def _deliver(data: Path, survey_year: int, file: Path) -> Path:
    """Last year's answers as this year's questionnaire would export them, those of a question that returns from when it
    was asked last. A municipality that is new gives those of the first one that went into it."""
    now = load_questionnaire(data / "questionnaires" / str(survey_year))
    names = {
        row["municipality_code"]: row["municipality_name"]
        for row in _newest(data / "registers" / "municipalities.csv", "reference_date")
    }
    before: dict[str, Cells] = {}
    for year in range(2023, survey_year):
        for code, cells in _delivered(load_questionnaire(data / "questionnaires" / str(year)), data):
            before[code] = before.get(code, {}) | cells
    out = openpyxl.Workbook()
    sheet = out.active
    assert sheet is not None
    sheet.title = "Antwoorden"
    sheet.append(now.columns)
    for code, name in names.items():
        if own := before.get(code) or (before[PARTS[0]] if code == NEW else None):
            sheet.append([code, name, *(value for question in now.questions for value in _values(question, own))])
    out.save(file)
    return file


def _delivered(questionnaire: Questionnaire, data: Path) -> Iterator[tuple[str, Cells]]:
    keys = {column: (q.id, code) for q in questionnaire.questions for column, code in q.cells}
    for delivery in questionnaire.deliveries:
        path = data / "questionnaires" / str(questionnaire.survey_year) / delivery.path
        header, *rows = openpyxl.load_workbook(path, read_only=True)["Antwoorden"].iter_rows(values_only=True)
        for row in rows:
            cells = dict(zip(header, row, strict=True))
            code = cells[questionnaire.key_columns.municipality_code]
            yield str(code), {keys[str(column)]: value for column, value in cells.items() if column in keys}


def _values(question: Question, own: Cells) -> Iterator[Any]:
    """A box that is new was chosen by nobody; a question that is new got its first answer from everybody."""
    boxes = [own.get((question.id, code)) for _, code in question.cells]
    is_answered = any(value is not None for value in boxes)
    for (_, code), value in zip(question.cells, boxes, strict=True):
        if (question.id, code) in own:
            yield value
        elif code is None:
            yield question.option_codes[0] if question.option_codes else None
        else:
            yield 0 if is_answered else None
