"""``python -m synthetic.larger FOLDER TIMES``: the bundled data folder with every municipality several times, as large
as when schools or day-care sites were asked.

Belongs here: more respondents that answer the same. Does not belong here: other answers (``rough``).

Copy 0 is the bundle; in copy n the code GM0363 is GM<n>0363, and the name ends with n. So a share, a mean and a median
are those of the bundle, and a number of municipalities, toddlers or places is that of the bundle so many times over.
Every survey year has one delivery, in CSV. What people coded stays that of copy 0.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from assets.questionnaires.loader import load_questionnaire
from synthetic.files_in import read_deliveries
from synthetic.files_out import write_delivery
from synthetic.rough.folder import BUNDLED, copy_inputs, hashed, names_on, write_questionnaire

REPEATED = ("registers", "supervision", "signals", "interviews")
_CODES, _NAMES = ("municipality_code", "old_code", "new_code"), ("municipality_name", "old_name", "new_name", "name")


def make_larger(folder: Path, times: int) -> None:
    """Writes a data folder that does not exist yet, with ``times`` as many municipalities. Raises FileExistsError."""
    copy_inputs(folder)
    for name in REPEATED:
        for file in sorted((folder / name).glob("*.csv")):
            _repeat_rows(file, times)
    for source in sorted((BUNDLED / "questionnaires").iterdir()):
        _deliver(source, folder / "questionnaires" / source.name, times)


def _repeat_rows(file: Path, times: int) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    if not set(_CODES) & set(columns):
        return
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerows(_copies(row, times))


def _copies(row: dict[str, str], times: int) -> Iterator[dict[str, str]]:
    for copy in range(times):
        codes = {column: _code(row[column], copy) for column in _CODES if column in row}
        yield row | codes | {column: _name(row[column], copy) for column in _NAMES if column in row}


def _code(code: str, copy: int) -> str:
    return f"GM{copy}{code[2:]}" if copy else code


def _name(name: str, copy: int) -> str:
    return f"{name} {copy}" if copy else name


def _deliver(source: Path, folder: Path, times: int) -> None:
    bundled = load_questionnaire(source)
    responses = read_deliveries(bundled, source)
    for old in bundled.deliveries:
        (folder / old.path).unlink()
    declared = {
        "number": "1",
        "path": "answers.csv",
        "format": "csv",
        "received_on": str(bundled.deliveries[-1].received_on),
        "sha256": "0" * 64,
        "encoding": "utf-8",
        "delimiter": ";",
        "note": f"Every municipality {times} times.",
    }
    file = folder / "questionnaire.yaml"
    write_questionnaire(file, [declared])
    questionnaire = load_questionnaire(folder)
    many = {_code(code, copy): row for code, row in responses.items() for copy in range(times)}
    names = names_on(folder.parents[1], questionnaire.register_date)
    write_delivery(folder / "answers.csv", questionnaire, questionnaire.deliveries[0], many, names)
    write_questionnaire(file, [hashed(declared, folder)])


if __name__ == "__main__":
    make_larger(Path(sys.argv[1]), int(sys.argv[2]))
