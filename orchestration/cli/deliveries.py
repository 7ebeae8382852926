"""``lea check`` and ``lea accept``: a delivered file before it counts.

Belongs here: printing. Does not belong here: how a file is read (``assets/answers/readings.py``), what it would change
and why it is refused (``assets/plausibility/review.py``), registering it (``assets/questionnaires/editing.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import typer

from assets.answers.readings import better_reading, next_delivery
from assets.answers.remedies import REMEDIES
from assets.base.paths import DataPaths, data_paths
from assets.base.writer import writing
from assets.plausibility.review import Review, review_file
from assets.questionnaires.editing import refuse_known, take_over
from assets.questionnaires.loader import load_questionnaire
from orchestration.cli.console import console, errors
from orchestration.cli.review_text import review_text

SHOWN = 25


def check_file(file: Path, year: int, reading: Mapping[str, Any]) -> None:
    """Prints what is wrong with a delivery; exits with 1 when anything is. ``reading``: how to read it, where it is
    said."""
    paths = data_paths()
    questionnaire = load_questionnaire(paths.questionnaires / str(year))
    found = review_file(paths, questionnaire, file, reading)
    reasons = found.reasons_to_refuse(with_problems=True)
    if not found.problems.empty:
        _print_problems(paths, file, reading, found)
    else:
        count = found.alone.answers["municipality_code"].nunique()
        municipalities = f"{count} {'municipality' if count == 1 else 'municipalities'}"
        accept = "" if reasons else f". 'lea accept' makes it a delivery of {year}"
        console.print(
            f"{file.name}: nothing is wrong{' in the file itself' if reasons else ''}\n"
            f"{municipalities}, {found.alone.delivered_cells:,} cells; nothing was written{accept}"
        )
    if text := review_text(found):
        console.print(text)
    if reasons:
        errors.print("\n".join(["'lea accept' refuses it:", *(f"- {reason}" for reason in reasons)]))
    if reasons or not found.problems.empty:
        raise typer.Exit(1)


def accept_file(
    file: Path, year: int, reading: Mapping[str, Any], *, with_problems: bool, with_emptied: bool = False
) -> None:
    """Copies a file beside its questionnaire and registers it as the next delivery, one writer at a time. Nothing
    changes when it is refused."""
    paths = data_paths()
    with writing(paths):
        _accept(paths, file, year, reading, with_problems=with_problems, with_emptied=with_emptied)


def _accept(
    paths: DataPaths, file: Path, year: int, reading: Mapping[str, Any], *, with_problems: bool, with_emptied: bool
) -> None:
    folder = paths.questionnaires / str(year)
    questionnaire = load_questionnaire(folder)
    delivery = next_delivery(paths, questionnaire, file, reading)
    refuse_known(questionnaire, folder / delivery.path, delivery, file)
    found = review_file(paths, questionnaire, file, reading)
    if not found.problems.empty:
        _print_problems(paths, file, reading, found)
    if text := review_text(found):
        console.print(text)
    if reasons := found.reasons_to_refuse(with_problems=with_problems, with_emptied=with_emptied):
        errors.print("\n".join(["Not accepted, nothing was changed:", *(f"- {reason}" for reason in reasons)]))
        raise typer.Exit(1)
    take_over(folder, delivery, file)
    console.print(
        f"{file.name} is delivery {delivery.number} of {year} now: {folder / delivery.path}\n{_what_is_next(found)}"
    )


def _print_problems(paths: DataPaths, file: Path, reading: Mapping[str, Any], found: Review) -> None:
    errors.print(problems_text(file, found.problems))
    if hint := better_reading(paths, found.questionnaire, file, reading):
        errors.print(f"- {hint}")


def _what_is_next(found: Review) -> str:
    """What to do after a delivery was accepted: rows of which nobody knows whose they are stop every run."""
    year = found.questionnaire.survey_year
    rows = found.stopping_rows
    if rows:
        return (
            f"next: every run stops until row{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows))} "
            f"{'are' if len(rows) > 1 else 'is'} set aside in data/corrections/{year}.yaml, or delivered anew"
        )
    return "next: 'lea run' takes it in"


def problems_text(file: Path, quarantine: pd.DataFrame) -> str:
    """The problems as the sender reads them: one line per problem, with row, column, what is wrong and how to mend
    it."""
    whole_rows = quarantine[quarantine["scope"] == "row"].drop_duplicates("source_row")
    again = (whole_rows["rule"] == "municipality_answers_once") & whole_rows.duplicated("message")
    problems = pd.concat([whole_rows[~again], quarantine[quarantine["scope"] == "cell"]])
    lines: list[tuple[int, str]] = []
    for _, same in problems.groupby(["source_row", "rule", "message"], sort=False):
        row, rule, message = int(same["source_row"].iloc[0]), str(same["rule"].iloc[0]), str(same["message"].iloc[0])
        place = f"row {row}"
        if (same["scope"] == "cell").all():
            columns = ", ".join(map(repr, same["source_column"]))
            place += f" ({same['municipality_code'].iloc[0]}), column{'s' if len(same) > 1 else ''} {columns}"
        lines.append((row, f"- {place}: {message}; {REMEDIES[rule]}"))
    lines.sort(key=lambda line: line[0])
    more = [f"- and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    count = f"{file.name}: {len(lines)} problem{'s' if len(lines) > 1 else ''}"
    return "\n".join([count, *(line for _, line in lines[:SHOWN]), *more])
