"""``lea new-year``: a guide to the next survey year, from its questionnaire to what a person must decide."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date

import typer
from click import Choice, DateTime

from assets.base.paths import DataPaths, data_paths
from assets.base.writer import writing
from assets.quality.year_check import check_year
from assets.questionnaires import editing
from assets.questionnaires.loader import parse_questionnaire
from assets.questionnaires.model import Questionnaire
from assets.register_files.changes import changes_in_words
from assets.register_files.writing import take_in
from assets.risk.ending import end_unasked
from orchestration.cli.console import console


@dataclass(frozen=True)
class Wishes:
    """What is known of the new year: questions that it drops, mergers and splits ('GM0001,GM0002=GM0003'), the date of
    its register, and whether its answers are real."""

    dropped: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    on: date | None = None
    origin: str | None = None


def guide(survey_year: int, wishes: Wishes) -> None:
    """Starts the year and says what is next. Asks at a terminal when nothing is known yet."""
    paths = data_paths()
    editing.start_year(paths.questionnaires, survey_year)  # nobody is asked about a year that cannot be started
    if wishes == Wishes() and sys.stdin.isatty():
        wishes = _asked(survey_year)
    changes = editing.YearChanges(wishes.dropped, wishes.origin, wishes.on)
    started = editing.start_year(paths.questionnaires, survey_year, changes)
    questionnaire = parse_questionnaire(started)
    on = questionnaire.register_date
    merged = changes_in_words(wishes.merged, on)
    with writing(paths):
        says = take_in(paths.registers, on, {}, merged) if merged else ()
        editing.write_year(started)
        ended = end_unasked(paths.risk, questionnaire) if paths.risk.exists() else []
    console.print("\n".join([f"started {started.file}", *says]))
    points = [f"- {point}" for point in _to_decide(questionnaire, wishes, ended)]
    console.print("\n".join(["a person must decide:", *points]))
    _print_check(paths, survey_year)
    console.print(
        f"next: 'lea register --date {questionnaire.register_date} --municipalities FILE …' and 'lea check --year "
        f"{survey_year}';\n      'lea check FILE --year {survey_year}' and 'lea accept FILE --year {survey_year}' when "
        "the answers come in"
    )


def _asked(survey_year: int) -> Wishes:
    dropped = typer.prompt("Questions that are no longer asked, by id, with commas", default="", show_default=False)
    merged: list[str] = []
    while text := typer.prompt(
        "A merger (GM0001,GM0002=GM0003 Name) or split (GM0001=GM0002,GM0003); empty: no more",
        default="",
        show_default=False,
    ):
        merged.append(text)
    on = typer.prompt("Date of the register", default=f"{survey_year}-01-01", type=DateTime(["%Y-%m-%d"]))
    origin = typer.prompt("Origin of the answers", default="real", type=Choice(["real", "synthetic"]))
    names = tuple(name.strip() for name in dropped.split(",") if name.strip())
    return Wishes(names, tuple(merged), on.date(), origin)


def _to_decide(questionnaire: Questionnaire, wishes: Wishes, ended: list[str]) -> list[str]:
    """What was copied unseen, by how much of it there is."""
    questions = questionnaire.questions
    same = [question for question in questions if question.comparability.status == "same"]
    options = sum(len(question.options) for question in questions)
    points = [
        f"wording and labels: {len(questions)} questions and {options} options are copied from the year before",
        f"source and evidence: all {len(questions)} speak of the year before",
        f"comparability: all {len(same)} questions are 'same', unseen; write 'changed' or 'new', with the reason",
    ]
    if wishes.origin is None:
        points.insert(0, f"origin: '{questionnaire.origin}', as the year before; 'real' for real answers")
    if wishes.dropped:
        points.append(f"dropped: {', '.join(wishes.dropped)}; reports leave out what rests on them")
    if ended:
        points.append(f"ended, as they rest on what was dropped: {', '.join(ended)}; write what takes their place")
    return points


def _print_check(paths: DataPaths, survey_year: int) -> None:
    """What stops a run of the year now, or should be seen."""
    for found in check_year(paths, survey_year):
        console.print(f"- {'stops a run: ' if found.blocks else ''}{found.text}")
