"""Whether a run on hostile but valid input did what it should.

Belongs here: what holds for every valid data folder. Does not belong here: what holds for the bundled one only.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from assets.questionnaires.loader import load_questionnaires
from tests.attacker.attack import attack
from tests.attacker.mutants import keys_withheld
from tests.attacker.published import read, write_groups
from tests.pipeline.conftest import Installation, bring_parsed
from tests.rough.leftovers import leftovers
from tests.second_opinion.compare import compare

_CELLS = "report, table_id, row_key, column_key"
SHOWN = 20


def run(installation: Installation) -> list[str]:
    """Runs the monitor and says what is wrong with what came of it; nothing is wrong when the list is empty."""
    bring_parsed(installation)
    result = installation.lea("run")
    if stopped := _stopped(result):
        return stopped
    edition = (installation.editions / "latest").resolve()
    problems = [*_missing_cells(installation), *(f"left over: {found}" for found in leftovers(edition))]
    return problems + _differences(installation) + _given_away(installation)


def _stopped(result: subprocess.CompletedProcess[str]) -> list[str]:
    output = result.stdout + result.stderr
    if result.returncode == 0 and " 0 failed" in output and "Traceback" not in output:
        return []
    message = output[output.find("\nchecks:") :]
    return [f"the run stopped, exit code {result.returncode}:{message}"]


def _missing_cells(installation: Installation) -> list[str]:
    catalogue = installation.data / "lake" / "catalogue" / "cells.parquet"
    edition = installation.inside / "lea_vve.duckdb"
    with duckdb.connect(str(edition), read_only=True) as connection:
        missing = connection.execute(
            f"select {_CELLS} from '{catalogue}' anti join rpt_cells using ({_CELLS}) order by all"
        ).fetchall()
    return [f"no cell: {' '.join(map(str, cell))}" for cell in missing]


def _differences(installation: Installation) -> list[str]:
    """What the second opinion finds otherwise; how many values it compared is printed, for 'pytest -rP'."""
    found = compare(installation.data, installation.warehouse)
    print(f"{found.total:,} values compared with the second opinion")
    nothing = [] if found.total else ["the second opinion compared nothing"]
    return nothing + [f"second opinion: {difference}" for difference in found.differences]


def _given_away(installation: Installation) -> list[str]:
    """What an outsider can work out from what is public."""
    with TemporaryDirectory() as folder:
        published = read(installation.public, write_groups(installation.warehouse, Path(folder)))
        found = attack(published, load_questionnaires(installation.data / "questionnaires"))
    withheld = keys_withheld(installation.warehouse)
    print(f"{found.facts:,} facts attacked")
    determined = [
        f"given away: {name} in signature {signature}" for name, signature in sorted(found.determined, key=str)
    ]
    return determined + [f"recovered: {' '.join(key)}" for key in sorted(found.recovered & withheld)]


def message(problems: list[str]) -> str:
    """The problems for a person: the first of them, and how many there are."""
    more = [f"and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
    return "\n".join([f"{len(problems)} problems", *problems[:SHOWN], *more])
