"""``lea check`` and ``lea accept``: a delivered file before it counts."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import typer
from pydantic import ValidationError

from assets.answers.answer_tables import build_answers
from assets.answers.checks import QUARANTINE_CHECKS
from assets.answers.municipalities import municipalities_of
from assets.answers.row_owners import NOT_SUBMITTED
from assets.base.errors import BadInput
from assets.base.files import sha256_of
from assets.base.models import first_mistake
from assets.base.paths import DataPaths, data_paths
from assets.questionnaires.editing import add_delivery
from assets.questionnaires.loader import dialects_beside, load_questionnaire, named_dialect
from assets.questionnaires.model import Delivery, Questionnaire
from assets.raw.deliveries import take_in_one
from assets.raw.workbook import first_sheet
from orchestration.cli.console import console, errors
from orchestration.cli.review import Review, review, review_text

SHOWN = 25
REMEDIES = {
    "municipality_is_known": "give the CBS code of a municipality of that date",
    "name_is_of_the_code": "mend the code or the name",
    "row_has_an_answer": "send the answers, or leave the row out",
    "municipality_answers_once": "send one row per municipality",
    "code_is_an_option": "give one of these codes, or leave the cell empty",
    "count_is_a_whole_number": "write it in digits only, or leave the cell empty",
    "count_is_not_negative": "give 0 or more, or leave the cell empty",
    "count_is_in_range": "look at the number again",
    "answers_follow_routing": "leave the cell empty, or mend the answer that decides whether it is asked",
    "exclusive_option_stands_alone": "choose either that option or the others",
    "free_text_is_plain": "write it as plain text",
    "cell_is_not_merged": "unmerge the cells, and give each municipality its own answer",
    "missing_code_is_declared": "name it under 'missing' of the question, or of the year, in the questionnaire",
}


def check_file(file: Path, year: int, reading: Mapping[str, Any]) -> None:
    """Prints what is wrong with a delivery; exits with 1 when anything is. ``reading``: how to read it, where it is
    said."""
    paths = data_paths()
    questionnaire = load_questionnaire(paths.questionnaires / str(year))
    found = _reviewed(paths, questionnaire, file, reading)
    reasons = _reasons_to_refuse(found, with_problems=True)
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
    """Copies a file beside its questionnaire and registers it as the next delivery. Nothing changes when it is
    refused."""
    paths = data_paths()
    folder = paths.questionnaires / str(year)
    questionnaire = load_questionnaire(folder)
    delivery = _next_delivery(paths, questionnaire, file, reading)
    same = next((d for d in questionnaire.deliveries if d.sha256 == delivery.sha256), None)
    if same is not None:
        raise BadInput(f"This file is delivery {same.number} of {year} already", str(file), "nothing needs to be done")
    target = folder / delivery.path
    in_place = target.exists() and target.samefile(file)
    if target.exists() and not in_place:
        raise BadInput(
            f"There is another file {target.name} beside the questionnaire already, which is not registered",
            str(target),
            "move that file away, or give this one another name",
        )
    found = _reviewed(paths, questionnaire, file, reading)
    if not found.problems.empty:
        _print_problems(paths, file, reading, found)
    if text := review_text(found):
        console.print(text)
    if reasons := _reasons_to_refuse(found, with_problems=with_problems, with_emptied=with_emptied):
        errors.print("\n".join(["Not accepted, nothing was changed:", *(f"- {reason}" for reason in reasons)]))
        raise typer.Exit(1)
    if not in_place:
        shutil.copyfile(file, target)
    try:
        add_delivery(folder, delivery)
    except BaseException:
        if not in_place:
            target.unlink()
        raise
    console.print(f"{file.name} is delivery {delivery.number} of {year} now: {target}\n{_what_is_next(found)}")


def _reviewed(paths: DataPaths, questionnaire: Questionnaire, file: Path, reading: Mapping[str, Any]) -> Review:
    """The file beside what counts now. Raises BadInput, with the dialect in which the file can be read if there is
    one."""
    try:
        return review(paths, questionnaire, file, _next_delivery(paths, questionnaire, file, reading))
    except BadInput as refused:
        hint = _better_dialects(paths, questionnaire, file, reading)
        raise BadInput(refused.what, refused.where, f"{refused.remedy}{hint and '; '}{hint}") from None


def _print_problems(paths: DataPaths, file: Path, reading: Mapping[str, Any], found: Review) -> None:
    errors.print(problems_text(file, found.problems))
    if hint := _better_dialects(paths, found.questionnaire, file, reading):
        errors.print(f"- {hint}")


def _better_dialects(paths: DataPaths, questionnaire: Questionnaire, file: Path, reading: Mapping[str, Any]) -> str:
    """The dialects that mend three quarters of what is wrong with a file; '' when none does, or when one was named."""
    if "dialect" in reading:
        return ""
    found = _problems_in(paths, questionnaire, file, reading)
    by_name = {
        name: _problems_in(paths, questionnaire, file, {**reading, "dialect": name})
        for name in dialects_beside(paths.questionnaires)
    }
    best = min(by_name.values(), default=found)
    if best == found or best > found / 4:
        return ""
    return "it reads better as " + " or ".join(f"--dialect {name}" for name, count in by_name.items() if count == best)


def _problems_in(paths: DataPaths, questionnaire: Questionnaire, file: Path, reading: Mapping[str, Any]) -> float:
    """How many cells of a file cannot be used; infinite when it is refused whole."""
    try:
        raw = take_in_one(questionnaire, _next_delivery(paths, questionnaire, file, reading), file)
    except BadInput:
        return math.inf
    municipalities = municipalities_of(paths.registers, questionnaire.register_date)
    quarantine = build_answers(questionnaire, [raw], municipalities).quarantine
    return int((quarantine["rule"] != NOT_SUBMITTED).sum())


def _what_is_next(found: Review) -> str:
    """What to do after a delivery was accepted: rows of which nobody knows whose they are stop every run."""
    year = found.questionnaire.survey_year
    stopping = {rule for check, rules in QUARANTINE_CHECKS.items() if check.blocking for rule in rules}
    rows = sorted(found.problems.loc[found.problems["rule"].isin(stopping), "source_row"].unique().tolist())
    if rows:
        return (
            f"next: every run stops until row{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows))} "
            f"{'are' if len(rows) > 1 else 'is'} set aside in data/corrections/{year}.yaml, or delivered anew"
        )
    return f"next: 'lea run --year {year}' takes it in"


def _reasons_to_refuse(found: Review, *, with_problems: bool = False, with_emptied: bool = False) -> list[str]:
    """Why a delivery is not accepted, each with what may be done."""
    reasons = []
    if not found.problems.empty and not with_problems:
        reasons.append(
            "have the file mended, or accept it as it is with --with-problems: what is wrong then goes to quarantine"
        )
    if not found.emptied.empty and not with_emptied:
        reasons.append(
            "answers that count now would become empty: ask the municipality; if it withdraws them, accept with "
            "--with-emptied"
        )
    if found.unfit:
        year = found.questionnaire.survey_year
        reasons.append(
            f"corrections no longer fit, so that every run would stop: mend data/corrections/{year}.yaml first"
        )
    return reasons


def problems_text(file: Path, quarantine: pd.DataFrame) -> str:
    """The problems as the sender reads them: one line a problem, with row, column, what is wrong and how to mend it."""
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


def _next_delivery(paths: DataPaths, questionnaire: Questionnaire, file: Path, reading: Mapping[str, Any]) -> Delivery:
    """The file as the next delivery, read in the way of the newest delivery of its format where nothing else is said; a
    dialect that is named says how its CSV files are written."""
    if not file.is_file():
        raise BadInput("There is no such file", str(file), "name the delivered file")
    suffix = file.suffix.lower().removeprefix(".")
    if suffix not in ("csv", "xlsx", "sav"):
        raise BadInput(f"A file of kind {suffix!r} cannot be read", str(file), "deliver it as .csv, .xlsx or .sav")
    number = len(questionnaire.deliveries) + 1
    stem = re.sub(r"[^\w .()-]", "_", re.sub(r"_v\d+$", "", file.stem)).strip(" .") or "delivery"
    like = next((d for d in reversed(questionnaire.deliveries) if d.format == suffix), None)
    fields = like.model_dump(include={"sheet", "header_row", "encoding", "delimiter", "decimal"}) if like else {}
    dialect = named_dialect(paths.questionnaires, reading["dialect"]) if "dialect" in reading else None
    form = dialect.csv if dialect else None if like else questionnaire.dialect.csv
    fields |= form.model_dump() if form and suffix == "csv" else {}
    fields |= {**reading, "dialect": dialect or (like.dialect if like else None)}
    if suffix == "xlsx":
        fields["sheet"] = fields.get("sheet") or first_sheet(file)
    try:
        return Delivery.model_validate(
            {
                **fields,
                "number": number,
                "path": f"{stem}_v{number:02d}.{suffix}",
                "format": suffix,
                "sha256": sha256_of(file),
                "received_on": datetime.now(UTC).date(),
            }
        )
    except ValidationError as error:
        mistake = first_mistake(error)
        option = "--" + "-".join(map(str, mistake.place)).replace("_", "-")
        raise BadInput(
            f"{option}: {mistake.problem}", "the command line", "'lea check --help' says what it may be"
        ) from None
