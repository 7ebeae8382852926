"""kill -9 before the operations on files that matter, and before others: what readers open is whole all the while, the
next run needs no repair, and it publishes what is there by then.

Readers go on reading the newest edition from first to last.
"""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from assets.editions.files.csv_files import read_csv
from assets.editions.publication.verification import faults_of
from tests.pipeline.conftest import Installation
from tests.reliability import note

pytestmark = pytest.mark.slow

DYING = Path(__file__).parent / "dying"
# What is about to be done to which file, and how many like it are done before. Each is reached by a run that takes in a
# correction: history, lake, warehouse, edition, in this order.
RECORDS = [
    *("open .*/writer.lock:0", "mkdir .*/dagster_home/history:0", "connect .*/runs.db:0", "connect .*/runs.db:9"),
    *("connect .*/index.db:0", "connect .*/index.db:40", "connect .*/index.db:90", "open .*/warehouse/runs/.*lock:0"),
]
LAKE = [
    *("rename .*/lake/plausibility/:0", "rename .*/lake/plausibility/:1", "rename .*/lake/deliveries/:0"),
    *("rename .*/lake/answers/:0", "remove .*/lake/answers/:0", "rename .*/lake/quarantine/:0"),
]
WAREHOUSE = [
    *("rmtree .*/warehouse/building:0", "mkdir .*/warehouse/building:0", "open .*/dbt_target/graph_summary:0"),
    *("open .*/compiled/:0", "open .*/compiled/:30", "open .*/compiled/:60", "open .*/run/:90"),
    *("rename .*/building/lea_vve.duckdb:0", "rename .*/warehouse/made_of:0", "remove .*/warehouse/runs/.*lock:1"),
]
EDITION = [
    *("mkdir .*/.building-:0", "open .*/cells.csv:0", "open .*/changes.csv:0", "open .*/public/explain:20"),
    *("open .*/figures/.*svg:3", "link .*png:0", "open .*/workbooks:0", "open .*/print:1", "open .*/dossiers:99"),
    *("open .*/.building-.*/municipalities/:0", "link .*/.building-.*/municipalities/:1500", "open .*/SHA256SUMS:1"),
    *("rename .*/.building-\\d+ .*/v\\d+$:0", "rename .*/versions.json:0", "symlink:0", "rename .*/latest$:0"),
]
MOMENTS = [*RECORDS, *LAKE, *WAREHOUSE, *EDITION]
ASKED = ("GM0014", "R2", 530)
"""A municipality, a question and its answer, that each run finds corrected to another number."""


class Readers:
    """Somebody who opens the newest edition again and again, and counts; ``wrong``: what was not whole."""

    def __init__(self, editions: Path) -> None:
        self.editions, self.reads, self.seen = editions, 0, set[str]()
        self.wrong: list[str] = []

    def read(self) -> None:
        edition = (self.editions / "latest").resolve()
        lines = len(read_csv(edition / "public" / "cells.csv"))
        with duckdb.connect(edition / "internal" / "lea_vve.duckdb", read_only=True) as connection:
            ((cells,),) = connection.execute("select count(*) from rpt_cells").fetchall()
        if lines != cells:
            self.wrong.append(f"{edition.name}: {lines} lines, {cells} cells")
        if edition.name not in self.seen:
            self.wrong += [f"{edition.name}: {fault}" for fault in faults_of(edition)]
        self.seen.add(edition.name)
        self.reads += 1

    @contextmanager
    def reading(self) -> Iterator[None]:
        over = threading.Event()

        def loop() -> None:
            while not over.wait(0.2):
                try:
                    self.read()
                except Exception as error:
                    self.wrong.append(repr(error))

        reader = threading.Thread(target=loop)
        reader.start()
        yield
        over.set()
        reader.join()


def correct(installation: Installation, value: int) -> None:
    municipality, question, given = ASKED
    what = f"municipality: {municipality}, question: {question}, expected: '{given}', value: '{value}'"
    (installation.data / "corrections" / "2023.yaml").write_text(
        f"corrections:\n  - {{{what}, reason: counted anew, who: steward, when: 2023-10-10}}\n", encoding="utf-8"
    )


def published(installation: Installation) -> str:
    """The number that the newest edition gives its municipality back."""
    municipality, question, _ = ASKED
    with (installation.editions / "latest" / "municipalities" / municipality / "answers.csv").open() as file:
        return next(row["number"] for row in csv.DictReader(file) if row["question_id"] == question)


def kill(installation: Installation, before: str) -> str:
    """A run that is killed before that operation; what it said."""
    path = os.pathsep.join([str(DYING), *filter(None, [os.environ.get("PYTHONPATH")])])
    died = subprocess.run(
        installation.command("run"),
        env={**installation.environment, "PYTHONPATH": path, "LEA_DIES_BEFORE": before},
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, f"never came to {before}: {died.stdout[-2000:]}"
    return died.stdout + died.stderr


def die_and_go_on(installation: Installation, moments: list[str]) -> int:
    """Kills a run before each moment, and lets every second be followed by a whole run; how many publications that
    made."""
    publications = 0
    for number, moment in enumerate(moments, start=1):
        correct(installation, 530 + number)
        assert "Traceback" not in kill(installation, moment)
        if number % 2 == 0 or number == len(moments):
            result = installation.lea("run")
            assert result.returncode == 0, f"after {moment}: {result.stdout}{result.stderr}"
            assert "Traceback" not in result.stdout + result.stderr
            assert published(installation) == str(530 + number)
            publications += 1
    return publications


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param(MOMENTS, marks=pytest.mark.long, id="all"),
        pytest.param(
            ["rename .*/building/lea_vve.duckdb:0", "rename .*/.building-\\d+ .*/v\\d+$:0"],
            marks=[pytest.mark.long, pytest.mark.sample],
            id="the two that matter most",
        ),
    ],
)
def test_whenever_a_run_is_killed_readers_see_a_whole_edition_and_the_next_run_needs_no_repair(
    installation: Installation, moments: list[str]
) -> None:
    readers = Readers(installation.editions)
    with readers.reading():
        publications = die_and_go_on(installation, moments)
    assert readers.wrong == []
    assert readers.reads > len(moments)
    assert installation.lea("doctor").stdout == "nothing is wrong\n"
    if len(moments) == len(MOMENTS):
        counted = f"{len(moments)} kills, {publications} publications after them, {readers.reads} reads meanwhile"
        note("kill -9 before an operation on files", f"{counted}: 0 lost, 0 half-written, 0 stuck")
