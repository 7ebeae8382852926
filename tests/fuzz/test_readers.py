"""Mutated files through every reader of what people hand in: a table or one message, never anything else.

``make test`` tries five hundred a reader, ``make fuzz`` twenty thousand, and writes the counts to docs/reliability.md.
"""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from assets.base.csv_file import read_csv_file
from assets.base.errors import BadInput
from assets.questionnaires.loader import load_questionnaire
from assets.raw.apart import read_apart
from assets.raw.readers import read_cells
from assets.raw.workbook import first_sheet
from tests.conftest import delivery
from tests.fuzz.mutating import mutated
from tests.reliability import note
from tests.scenarios import made_files

DATA = Path(__file__).parents[2] / "data"
BATCH = 100
SECONDS = 20
"""The longest that a mutated file may take."""
READ, REFUSED, ENDED = "read", "refused", "ended their reader"
EXPECTED = {READ, REFUSED, ENDED}
LONGEST = 600
"""Characters of a message: it quotes at most a line of what was delivered."""


def delivered(file: Path) -> None:
    sheet = {"sheet": first_sheet(file)} if file.suffix == ".xlsx" else {}
    read_cells(file, delivery(file, delimiter=";", **sheet) if file.suffix == ".csv" else delivery(file, **sheet))


def declared(file: Path) -> None:
    """In a folder of the year that it says: another is refused before all else."""
    year = re.search(rb"survey_year: (\d{4})", file.read_bytes())
    folder = file.parent / file.stem / (year[1].decode() if year else "2022")
    folder.mkdir(parents=True, exist_ok=True)
    file.rename(folder / "questionnaire.yaml")
    load_questionnaire(folder)


def listed(file: Path) -> None:
    read_csv_file(file, "register", "put it back")


def _semicolons(file: Path) -> None:
    rows = (made_files.HEADER, made_files.AMSTERDAM, made_files.SUDWEST)
    file.write_text("".join(";".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")


def _workbook(file: Path) -> None:
    made_files.workbook(file, [list(made_files.HEADER), made_files.AMSTERDAM, made_files.SUDWEST])


def _of_spss(file: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"code": ["GM0363", "GM1900"], "peuters": [1200.0, None]}), str(file))


def _questionnaire(file: Path) -> None:
    shutil.copyfile(DATA / "questionnaires" / "2022" / "questionnaire.yaml", file)


def _register(file: Path) -> None:
    rows = (DATA / "registers" / "municipalities.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(rows[:20]), encoding="utf-8")


@dataclass(frozen=True)
class Reader:
    """``write``: writes the small file that most mutations begin with; ``real``: one as large as they come, every
    tenth time."""

    read: Callable[[Path], None]
    write: Callable[[Path], None]
    real: Path


READERS = {
    "csv": Reader(delivered, _semicolons, DATA / "questionnaires/2020/levering_v01.csv"),
    "xlsx": Reader(delivered, _workbook, DATA / "questionnaires/2023/leaVve2023_v01.xlsx"),
    "sav": Reader(delivered, _of_spss, DATA / "questionnaires/2022/leavve2022_v01.sav"),
    "yaml": Reader(declared, _questionnaire, DATA / "questionnaires/2023/questionnaire.yaml"),
    "register": Reader(listed, _register, DATA / "registers/municipalities.csv"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_a_mutated_file_gives_a_table_or_one_message(name: str, tmp_path: Path) -> None:
    assert set(outcomes_of(name, range(500), tmp_path)) <= EXPECTED


@pytest.mark.fuzz
@pytest.mark.parametrize("name", READERS)
def test_twenty_thousand_mutated_files_give_tables_or_messages(name: str, tmp_path: Path) -> None:
    found = outcomes_of(name, range(500, 20_500), tmp_path)
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(found.items()))
    note(f"mutated files, {name}", f"{found.total():,}: {counts}")
    assert set(found) <= EXPECTED


def outcomes_of(name: str, numbers: range, folder: Path) -> Counter[str]:
    """How many were read, refused, or ended the process apart: where that ends over a hundred, each has its own."""
    found: Counter[str] = Counter()
    for first in range(numbers.start, numbers.stop, BATCH):
        batch = range(first, min(first + BATCH, numbers.stop))
        try:
            found += read_apart(_outcomes, folder, name, batch)
        except BadInput:
            for number in batch:
                found += _outcome_apart(folder, name, number)
    return found


def _outcome_apart(folder: Path, name: str, number: int) -> Counter[str]:
    try:
        return read_apart(_outcomes, folder, name, range(number, number + 1))
    except BadInput as problem:
        return Counter({ENDED if "was ended by it" in problem.what else f"{name} {number}: {problem}": 1})


def _outcomes(folder: Path, name: str, numbers: range) -> Counter[str]:
    """In the process apart."""
    reader = READERS[name]
    small = folder / f"seed.{name}"
    reader.write(small)
    return Counter(_outcome(reader, f"{name} {number}", _mutant(reader, small, number, folder)) for number in numbers)


def _mutant(reader: Reader, small: Path, number: int, folder: Path) -> Path:
    file = folder / f"{number}{small.suffix}"
    file.write_bytes(mutated((small if number % 10 else reader.real).read_bytes(), f"{small.suffix} {number}"))
    return file


def _outcome(reader: Reader, name: str, file: Path) -> str:
    started = time.monotonic()
    try:
        reader.read(file)
        outcome = READ
    except BadInput as problem:
        is_short = len(str(problem)) - len(str(file)) <= LONGEST and "\n" not in problem.what
        is_whole = problem.what and problem.where and problem.remedy
        outcome = REFUSED if is_short and is_whole else f"{name}: {problem}"
    except Exception as error:  # a trace is what nobody may see
        outcome = f"{name}: {error!r}"
    file.unlink(missing_ok=True)
    return outcome if time.monotonic() - started < SECONDS else f"{name}: takes too long"
