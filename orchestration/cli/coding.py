"""``lea code``: the workbook for a coder, what comes back, and how far coders agree.

Belongs here: printing. Does not belong here: which answers are to be coded and whether a code can be used
(``assets/coding/tasks.py``).
"""

from __future__ import annotations

from pathlib import Path

from assets.base.errors import BadInput
from assets.base.paths import data_paths
from assets.base.writer import writing
from assets.coding.agreement import agreement
from assets.coding.coded import checked_coder, write_coded
from assets.coding.coding import load_coding
from assets.coding.tasks import take_back, tasks_of
from assets.coding.workbook import read_workbook, write_workbook
from assets.editions.content.mark import mark_in_both_languages
from orchestration.cli.console import console


def export_answers(file: Path, year: int, coder: str) -> None:
    """Writes the workbook of a coder. Raises BadInput where there is nothing to code."""
    paths, coding = data_paths(), load_coding(data_paths())
    tasks = tasks_of(paths, coding, year, checked_coder(coder, "--coder"))
    if not tasks:
        raise BadInput(f"There is nothing to code for {coder} in {year}", "lea code export", "nothing needs to be done")
    note = mark_in_both_languages(coding.questionnaires[year].origin) or ""
    write_workbook(file, f"LEA/vve {year}, {coder}", note, tasks)
    without = sum(not task.code for task in tasks)
    console.print(
        f"{file}: {len(tasks)} answers, {without} without a code\n"
        f"next: choose codes, then 'lea code import {file} --year {year} --coder {coder}'"
    )


def import_codes(file: Path, year: int, coder: str) -> None:
    """Takes a workbook back into ``data/coding``. Raises BadInput, and changes nothing, where it cannot be used."""
    paths = data_paths()
    with writing(paths):
        coding = load_coding(paths)
        tasks = tasks_of(paths, coding, year, checked_coder(coder, "--coder"))
        coded = take_back(tasks, read_workbook(file), coding.questionnaires[year].origin)
        write_coded(paths.coding / str(year) / f"{coder}.csv", coded)
    console.print(
        f"{len(coded)} of {len(tasks)} answers coded by {coder}, {len(tasks) - len(coded)} not yet; "
        "'lea run' counts them"
    )


def show_agreement(year: int) -> None:
    """Prints, by frame, how many answers were coded twice, on how many coders differ, and Krippendorff's alpha."""
    found = [one for one in agreement(load_coding(data_paths())) if one.survey_year == year]
    for one in found:
        alpha = "no alpha (a single code was used)" if one.alpha is None else f"alpha {one.alpha:.2f}"
        console.print(f"{one.frame}: {one.answers} answers coded twice, {one.differing} differently, {alpha}")
    if any(one.differing for one in found):
        console.print(f"next: 'lea code export FILE --year {year} --coder settled' lists where coders differ")
    if not found:
        console.print(f"No answer of {year} was coded by two coders")
