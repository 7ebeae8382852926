"""The desk as text: what is open, worst first, with what to do about each; then the rows that a steward calls about.

Belongs here: how it reads. Does not belong here: finding what is open (``open_points.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from assets.answers.remedies import REMEDIES
from assets.answers.tables import QUARANTINE
from assets.base.dagster_checks import as_markdown, with_names
from assets.base.lake import read_table
from assets.quality.open_points import OpenPoint

SHOWN = 50
_REASONS = 20
_ALL_YEARS = "all"


def desk_in_parts(
    points: Sequence[OpenPoint], cells: pd.DataFrame, calls: pd.DataFrame, waits_for: Sequence[str]
) -> dict[str, str]:
    """The desk, worst first, each part a text of its own: the UI opens them one by one. ``cells``: of ``unused_cells``;
    ``calls``: of ``calls``; ``waits_for``: what the gate says before an edition."""
    waits = "\n".join(f"- {reason}" for reason in waits_for[:_REASONS])
    more = f"\n- and {len(waits_for) - _REASONS} more" if len(waits_for) > _REASONS else ""
    return {
        "what_blocks": _points([point for point in points if point.is_blocking]),
        "what_warns": _points([point for point in points if not point.is_blocking]),
        "rows_and_cells_not_used": _rows(cells, "lake/quarantine"),
        "whom_to_call": _rows(calls, "the mart rpt_call_list"),
        "what_the_next_edition_waits_for": waits + more or "Everything is as it was published.",
    }


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


def unused_cells(lake: Path, survey_years: Sequence[str]) -> pd.DataFrame:
    """What no newer delivery and no steward has resolved, newest survey year first; of a row that was refused whole,
    its first cell without its question and text: survey_year, municipality_code and municipality_name, question_id and
    question, original_text, why, what_to_do, where."""
    files = [file for year in survey_years if (file := QUARANTINE.file(lake, year)).exists()]
    frames = [frame[~frame["is_resolved"]] for frame in map(read_table, reversed(files))]
    cells = pd.concat(frames, ignore_index=True) if frames else QUARANTINE.frame()
    is_row = cells["scope"] == "row"
    cells.loc[is_row, ["question_id", "original_text", "source_column"]] = ""
    cells = cells[~(is_row & cells.duplicated(["survey_year", "delivery", "source_row", "rule"]))]
    shown = cells[["survey_year", "municipality_code", "question_id", "original_text"]].assign(
        why=cells["message"],
        what_to_do=cells["rule"].map(REMEDIES),
        where=cells["file"] + ", row " + cells["source_row"].astype(str) + " " + cells["source_column"].fillna(""),
    )
    return with_names(shown, lake)


def calls(warehouse: Path) -> pd.DataFrame:
    """Whom to call about the newest survey year, in the order of the call list: municipality_code, municipality_name,
    question_ids, ask."""
    import duckdb

    if not warehouse.exists():
        return pd.DataFrame()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.table("rpt_call_list").df()
    shown: pd.DataFrame = found[["municipality_code", "municipality_name", "question_ids"]]
    return shown.assign(ask=found["ask_nl"])
