"""``python -m benchmarks.scale [1 25 100]``: the bundle with every municipality so many times, up to the warehouse.

Prints the table of docs/scale.md: seconds and peak memory of a run that takes in, builds the warehouse and checks it.
DuckDB may use two fifths of the memory that the whole is to stay under; the rest is Python and its libraries.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parent.parent
LEA = Path(sys.executable).parent / "lea"
MEMORY_GIB = {1: 2, 25: 2, 100: 4}
# Its edition waits until somebody has seen what is implausible.
SETTINGS = "database: {{memory_limit: {limit}MiB, models_at_once: 1}}\nedition: {{waits_for_stewards: true}}\n"
COLUMNS = ("", "respondents", "answers", "take in s", "warehouse s", "checks s", "processor s", "peak MiB", "limit MiB")


@dataclass(frozen=True)
class Measured:
    """A run: wall and processor seconds, the largest resident set of its processes in MiB, and what it printed."""

    wall: float
    cpu: float
    peak: float
    output: str

    def seconds(self, stage: str) -> float:
        """Of the stages that are called so, together."""
        return sum(float(one) for one in re.findall(rf"^{stage}: ([0-9.]+) s$", self.output, re.MULTILINE))


def run(folder: Path, times: int, command: Sequence[str]) -> Measured:
    """Runs a command in a folder, to its end."""
    own = {"LEA_DATA_DIR": str(folder / "data"), "DAGSTER_HOME": str(folder), "LEA_LIMITS_TIMES": str(times)}
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        output.seek(0)
        text = output.read()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def measure(times: int, folder: Path) -> str:
    """A row of the table."""
    run(folder, times, [sys.executable, "-m", "synthetic.larger", str(folder / "data"), str(times)])
    shutil.copy(PROJECT / "dagster_home" / "dagster.yaml", folder)
    limit = MEMORY_GIB.get(times, 4) * 400
    (folder / "data" / "settings.yaml").write_text(SETTINGS.format(limit=limit), encoding="utf-8")
    built = run(folder, times, [str(LEA), "run"])
    warehouse = folder / "data" / "warehouse" / "lea_vve.duckdb"
    if not warehouse.exists():
        raise SystemExit(built.output[-3000:])
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        ((respondents, answers),) = connection.execute(
            "select count(distinct (survey_year, municipality_code)), count(*) from internal.stg_answers__answers"
        ).fetchall()
    cells = [
        f"×{times}",
        f"{respondents:,}",
        f"{answers:,}",
        *(f"{built.seconds(stage):.0f}" for stage in ("take in.*", "publish: warehouse", "publish: warehouse checks")),
        f"{built.cpu:.0f}",
        f"{built.peak:,.0f}",
        f"{limit:,}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measures, smallest first, and prints a row as soon as it has it."""
    print("|", " | ".join(COLUMNS), "|")
    print("|---" + "|---:" * (len(COLUMNS) - 1) + "|")
    for times in [int(one) for one in sys.argv[1:]] or [1, 25, 100]:
        with tempfile.TemporaryDirectory(prefix="lea-scale-") as folder:
            print(measure(times, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
