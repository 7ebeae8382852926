"""The desk as text: what is open, worst first, with what to do about each; then the rows that a steward calls about.

Belongs here: how it reads. Does not belong here: finding what is open (``open_points.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from assets.answers.remedies import REMEDIES
from assets.answers.tables import QUARANTINE
from assets.base.dagster_checks import as_markdown
from assets.base.lake import read_table
from assets.quality.open_points import OpenPoint
from assets.questionnaires.tables import QUESTIONS
from assets.registers.tables import REGISTERS

SHOWN = 50
_ALL_YEARS = "all"


def desk_text(points: Sequence[OpenPoint], cells: pd.DataFrame, calls: pd.DataFrame, edition: str) -> str:
    """The whole desk. ``cells``: of ``unused_cells``; ``calls``: of ``calls``; ``edition``: a sentence on the last
    one."""
    blocking = [point for point in points if point.is_blocking]
    warnings = [point for point in points if not point.is_blocking]
    return "\n\n".join(
        [
            f"**{_counted(len(blocking), 'point')} that block publication, {_counted(len(warnings), 'warning')}, "
            f"{_counted(len(cells), 'cell')} in quarantine, {_counted(len(calls), 'question')} to municipalities.** "
            + edition,
            "### What blocks publication",
            _points(blocking),
            "### Warnings",
            _points(warnings),
            "### Cells that could not be used",
            _rows(cells, "lake/quarantine"),
            "### Whom to call, and what to ask",
            _rows(calls, "the mart rpt_call_list"),
        ]
    )


def _points(points: Sequence[OpenPoint]) -> str:
    if not points:
        return "Nothing."
    ordered = sorted(points, key=lambda one: (one.survey_year or _ALL_YEARS, one.failing), reverse=True)
    lines = ["| Survey year | What | Rows | Change | What to do |", "|---|---|---|---|---|"]
    for point in ordered:
        change = "" if point.change is None else f"{point.change:+d}"
        to_do = " ".join(point.to_do.split()).replace("|", "¦")
        what = f"[{point.what} on {point.asset}]({point.link})"
        lines.append(f"| {point.survey_year or _ALL_YEARS} | {what} | {point.failing or ''} | {change} | {to_do} |")
    return "\n".join(lines)


def _rows(frame: pd.DataFrame, whole: str) -> str:
    if frame.empty:
        return "None."
    more = f"\n\n{len(frame) - SHOWN} more are in {whole}." if len(frame) > SHOWN else ""
    return as_markdown(frame.head(SHOWN)) + more


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def unused_cells(lake: Path, survey_years: Sequence[str]) -> pd.DataFrame:
    """The cells that no newer delivery and no steward has resolved, newest survey year first: survey_year,
    municipality, question, original_text, why, what_to_do, where."""
    files = [file for year in survey_years if (file := lake / "quarantine" / f"{year}.parquet").exists()]
    frames = [frame[~frame["is_resolved"]] for frame in map(read_table, reversed(files))]
    cells = pd.concat(frames, ignore_index=True) if frames else QUARANTINE.frame()
    if cells.empty:
        return pd.DataFrame()
    names = _names(lake)
    wording = _wordings(lake)
    return pd.DataFrame(
        {
            "survey_year": cells["survey_year"],
            "municipality": [named(code, names) for code in cells["municipality_code"]],
            "question": [
                f"{question}: {wording[year, question]}" if (year, question) in wording else question
                for year, question in zip(cells["survey_year"], cells["question_id"], strict=True)
            ],
            "original_text": cells["original_text"],
            "why": cells["message"],
            "what_to_do": cells["rule"].map(REMEDIES),
            "where": cells["file"]
            + ", row "
            + cells["source_row"].astype(str)
            + ", "
            + cells["source_column"].fillna(""),
        }
    )


def _wordings(lake: Path) -> Mapping[tuple[int, str], str]:
    questions = read_table(QUESTIONS.file(lake))
    return dict(
        zip(
            zip(questions["survey_year"], questions["question_id"], strict=True),
            questions["wording_nl"],
            strict=True,
        )
    )


def _names(lake: Path) -> Mapping[str, str]:
    municipalities = read_table(REGISTERS["municipalities"].file(lake)).sort_values("reference_date")
    return dict(zip(municipalities["municipality_code"], municipalities["municipality_name"], strict=True))


def named(code: str | None, names: Mapping[str, str]) -> str:
    """'Altena (GM1959)'; only the code where no register has it."""
    if code is None or pd.isna(code):
        return ""
    return f"{names[code]} ({code})" if code in names else code


def calls(warehouse: Path) -> pd.DataFrame:
    """Whom to call about the newest survey year, in the order of the call list: municipality, question, ask."""
    import duckdb

    if not warehouse.exists():
        return pd.DataFrame()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.table("rpt_call_list").df()
    names = dict(zip(found["municipality_code"], found["municipality_name"], strict=True))
    return pd.DataFrame(
        {
            "municipality": [named(code, names) for code in found["municipality_code"]],
            "question": found["question_ids"],
            "ask": found["ask_nl"],
        }
    )
