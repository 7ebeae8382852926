"""Takes CBS's files into ``data/registers``: all of what they say of a date, or nothing.

Belongs here: reading and writing the registers as text, and refusing what their checks refuse, by name. Does not belong
here: what the registers of a date are (``new_register.py``).
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.errors import BadInput
from assets.base.files import written_aside
from assets.register_files.new_register import Published, make_register
from assets.register_files.published import PublishedRow, read_published
from assets.register_files.rows import CHANGED, Tables, in_words, newest_names, read_tables
from assets.registers.checks import check_registers
from assets.registers.loader import load_registers
from assets.registers.tables import REGISTERS

if TYPE_CHECKING:
    from assets.base.checks import CheckOutcome

_SHOWN = 12


def take_in(
    registers_dir: Path, on: date, files: Mapping[str, Path], changes: Sequence[PublishedRow] | None = None
) -> tuple[str, ...]:
    """Makes the registers of a date of CBS's ``files`` (and ``changes`` that were said instead), writes them, and
    returns what that adds, changes and ends. Raises BadInput, and writes nothing, when anything does not fit."""
    given: dict[Any, Any] = {kind: read_published(file, kind, registers_dir) for kind, file in files.items()}
    if changes is not None:
        given["changes"] = changes
    source: dict[str, str] = {kind: f"CBS, {file.name}" for kind, file in files.items()}
    tables = read_tables(registers_dir)
    made = make_register(tables, on, Published(**given, source=source))
    with tempfile.TemporaryDirectory() as folder:
        for file in registers_dir.glob("*.csv"):
            (Path(folder) / file.name).write_bytes(file.read_bytes())
        for name in CHANGED:
            _write(Path(folder) / f"{name}.csv", registers_dir / f"{name}.csv", made.tables)
        _refuse_misfits(Path(folder), made.tables)
    with ExitStack() as all_or_nothing:
        for name in CHANGED:
            if made.tables[name] != tables[name]:
                aside = all_or_nothing.enter_context(written_aside(registers_dir / f"{name}.csv"))
                _write(aside, registers_dir / f"{name}.csv", made.tables)
    return made.says


def _write(to: Path, like: Path, tables: Tables) -> None:
    """Rows in the columns of the file that they are to replace."""
    with like.open(encoding="utf-8-sig", newline="") as stream:
        columns = next(csv.reader(stream))
    with to.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(tables[like.stem])


def _refuse_misfits(folder: Path, tables: Tables) -> None:
    frames = load_registers(folder)
    outcomes = [REGISTERS[name].outcome(frames[name]) for name in CHANGED]
    outcomes += [one for one in check_registers(frames) if one.blocking]
    if failed := next((one for one in outcomes if not one.passed), None):
        raise BadInput(
            f"The registers would not fit together: {failed.check.replace('_', ' ')}\n"
            f"{failing_by_name(failed, newest_names(tables))}",
            f"data/{failed.asset}.csv (nothing was written)",
            f"{failed.definition.remedy} Of one file: is --changes missing, or is it of another date?",
        )


def failing_by_name(outcome: CheckOutcome, names: Mapping[str, str]) -> str:
    """The first rows that fail a check, a line each, their municipalities by name; on one line where there is one
    column."""
    if len(outcome.failing.columns) == 1:
        values = [
            in_words(names, text) if (text := str(value)) in names else text for value in outcome.failing.iloc[:, 0]
        ]
        return f"  {', '.join(values[:_SHOWN])}" + (f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else "")
    rows = outcome.failing.head(_SHOWN).astype("object").to_dict("records")
    lines = [
        "  "
        + ", ".join(
            in_words(names, text) if (text := str(value)) in names else f"{column} {text}"
            for column, value in row.items()
        )
        for row in rows
    ]
    more = len(outcome.failing) - len(rows)
    return "\n".join([*lines, *([f"  and {more} more"] if more else [])])
