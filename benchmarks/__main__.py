"""``python -m benchmarks``: times whole processes in turn, A B C … A B C …, and prints medians and ratios as Markdown.

Each contender is a fresh process on the bundled data in a folder of its own, after one run that does not count. Before
a whole ``lea run`` all that it would find made is removed. Peak memory is the largest resident set that the operating
system counted for the process.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

PROJECT = Path(__file__).resolve().parent.parent
COMES_OUT = ("lake", "warehouse", "editions")


@dataclass
class Contender:
    """A command, and what was measured of it: wall and processor seconds and MiB, one entry a counted run.

    ``state``: what it finds of an earlier run. ``edition``: the seconds that ``lea run`` says its edition took.
    """

    name: str
    command: list[str]
    dagster_home: str = "dagster_home"
    state: Literal["nothing", "all", "all but an answer"] = "all"
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    edition: list[float] = field(default_factory=list)

    def run(self, environment: Mapping[str, str], folder: Path, *, counts: bool) -> None:
        """Runs once, and adds its seconds and memory where it ``counts``."""
        if self.state == "nothing":
            _forget(folder / "data")
        elif self.state == "all but an answer":
            _correct(folder / "data")
        started = time.monotonic()
        process = subprocess.Popen(
            self.command,
            env={**environment, "DAGSTER_HOME": str(folder / self.dagster_home)},
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        message = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"{self.name} failed with {process.returncode}:\n{message[-3000:]}")
        if counts:
            self.wall.append(time.monotonic() - started)
            self.cpu.append(usage.ru_utime + usage.ru_stime)
            self.memory.append(usage.ru_maxrss / 1024)
            self.edition += [
                float(seconds) for seconds in re.findall(r"editions edition: (\d+\.\d) s$", message, re.MULTILINE)
            ]


def _forget(data: Path) -> None:
    """Removes what a run makes, but for what dbt has parsed."""
    for name in ("editions", "lake"):
        shutil.rmtree(data / name, ignore_errors=True)
    (data / "warehouse" / "made_of.json").unlink(missing_ok=True)


def _correct(data: Path) -> None:
    """Corrects one answer, each time to another value."""
    file = data / "corrections" / "2023.yaml"
    value = 532 if file.exists() and "'531'" in file.read_text(encoding="utf-8") else 531
    what = f"municipality: GM0014, question: R2, expected: '530', value: '{value}'"
    file.write_text(
        f"corrections:\n  - {{{what}, reason: benchmark, who: nobody, when: 2023-10-10}}\n", encoding="utf-8"
    )


def contenders(data: Path) -> dict[str, Contender]:
    """What is compared, by a short name."""
    python, folder = sys.executable, Path(sys.executable).parent
    dbt = [str(folder / "dbt"), "--quiet", "--log-level-file", "none", "build"]
    dbt += [
        "--exclude-resource-type",
        "unit_test",
        "exposure",
        "--project-dir",
        "dbt_project",
        "--profiles-dir",
        "dbt_project",
    ]
    target = str(data / "warehouse" / "dbt_target_bare")
    dbt += ["--target-path", target, "--log-path", target]
    return {
        "run": Contender("lea run, whole", [str(folder / "lea"), "run"], state="nothing"),
        "unchanged": Contender("lea run, nothing changed", [str(folder / "lea"), "run"]),
        "corrected": Contender(
            "lea run, one answer corrected", [str(folder / "lea"), "run"], state="all but an answer"
        ),
        "stock": Contender(
            "lea run, whole, with Dagster's stock SQLite event log",
            [str(folder / "lea"), "run"],
            "stock_home",
            "nothing",
        ),
        "dbt": Contender("bare warm dbt build", dbt),
        "import": Contender("import dagster, dagster_dbt", [python, "-c", "import dagster, dagster_dbt"]),
        "sql": Contender("compiled SQL in DuckDB alone", [python, "-m", "benchmarks.compiled_sql", str(data)]),
        "pandas": Contender(
            "plain pandas script, the same tables", [python, "-m", "benchmarks.plain_pandas", str(data)]
        ),
    }


def main() -> None:
    """Measures, and prints the table of docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--runs", type=int, default=5, help="counted runs of each (default 5)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="lea-bench-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        for source in (PROJECT / "data").iterdir():
            if source.name not in COMES_OUT:
                (shutil.copytree if source.is_dir() else shutil.copyfile)(source, data / source.name)
        environment = {**os.environ, "LEA_DATA_DIR": str(data)}
        # A bare dbt build reads the same lake, and writes a database of its own.
        environment |= {"LEA_LAKE": str(data / "lake"), "LEA_WAREHOUSE": f"{folder}/bare/lea_vve.duckdb"}
        Path(folder, "bare").mkdir()
        config = yaml.safe_load((PROJECT / "dagster_home" / "dagster.yaml").read_text(encoding="utf-8"))
        del config["event_log_storage"]
        Path(folder, "stock_home").mkdir()
        Path(folder, "stock_home", "dagster.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        measured = contenders(data)
        for turn in range(runs + 1):
            for contender in measured.values():
                contender.run(environment, Path(folder), counts=turn > 0)
    print(table(measured, runs))


def table(measured: Mapping[str, Contender], runs: int) -> str:
    """The measurements as Markdown."""
    lines = [
        f"Median of {runs}, in turn in one run (minimum–maximum). Ratios are of medians.",
        "",
        "| | wall s | processor s | peak MiB |",
        "|---|---|---|---|",
    ]
    for c in measured.values():
        lines.append(f"| {c.name} | {_spread(c.wall)} | {statistics.median(c.cpu):.2f} | {max(c.memory):.0f} |")
        if c.edition:
            lines.append(f"| … of which its edition | {_spread(c.edition)} | | |")
    wall = {name: statistics.median(c.wall) for name, c in measured.items()}
    cpu = {name: statistics.median(c.cpu) for name, c in measured.items()}
    without = [run - edition for run, edition in zip(measured["run"].wall, measured["run"].edition, strict=True)]
    built = [dbt + imports for dbt, imports in zip(measured["dbt"].wall, measured["import"].wall, strict=True)]
    pairs = [run / dbt for run, dbt in zip(without, built, strict=True)]
    lines += [
        "",
        "| ratio | wall | processor |",
        "|---|---|---|",
        f"| lea run without its edition ÷ (bare warm dbt build + import), at most 1.5 | "
        f"**{statistics.median(without) / (wall['dbt'] + wall['import']):.2f}** "
        f"({min(pairs):.2f}–{max(pairs):.2f} turn by turn) | |",
        f"| lea run, whole ÷ (bare warm dbt build + import) | {wall['run'] / (wall['dbt'] + wall['import']):.2f} "
        f"| {cpu['run'] / (cpu['dbt'] + cpu['import']):.2f} |",
        f"| nothing changed ÷ whole | {wall['unchanged'] / wall['run']:.3f} | {cpu['unchanged'] / cpu['run']:.3f} |",
        f"| one answer corrected ÷ whole | {wall['corrected'] / wall['run']:.2f} "
        f"| {cpu['corrected'] / cpu['run']:.2f} |",
        f"| stock event log ÷ lea run | {wall['stock'] / wall['run']:.2f} | {cpu['stock'] / cpu['run']:.2f} |",
        f"| lea run ÷ compiled SQL in DuckDB alone | {wall['run'] / wall['sql']:.1f} | {cpu['run'] / cpu['sql']:.1f} |",
        f"| lea run ÷ plain pandas script | {wall['run'] / wall['pandas']:.1f} | {cpu['run'] / cpu['pandas']:.1f} |",
    ]
    return "\n".join(lines)


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


if __name__ == "__main__":
    main()
