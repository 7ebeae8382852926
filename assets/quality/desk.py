"""The desk as text: what is open, worst first, with what to do about each; then the rows that a steward calls about.

Belongs here: how it reads. Does not belong here: finding what is open (``open_points.py``).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from assets.answers.remedies import REMEDIES
from assets.answers.tables import QUARANTINE
from assets.base.dagster_checks import with_names
from assets.base.lake import read_table
from assets.quality.open_points import OpenPoint

SHOWN = 50
_ALL_YEARS = "all"


def desk_in_parts(
    points: Sequence[OpenPoint], cells: pd.DataFrame, calls: pd.DataFrame, waits_for: Sequence[str]
) -> dict[str, str]:
    """The desk, worst first, each part a list of its own, as Markdown: the UI shows short ones at once, and opens long
    ones. ``cells``: of ``unused_cells``; ``calls``: of ``calls``; ``waits_for``: what the gate says before an
    edition."""
    ordered = sorted(points, key=lambda one: (one.survey_year or _ALL_YEARS, one.failing), reverse=True)
    return {
        "blocks": _listed([_of_point(one) for one in ordered if one.is_blocking], "the checks"),
        "warns": _listed([_of_point(one) for one in ordered if not one.is_blocking], "the checks"),
        "not_used": _listed([_of_cell(row) for row in cells.to_dict("records")], "lake/quarantine"),
        "call": _listed([_of_call(row) for row in calls.to_dict("records")], "the mart rpt_call_list"),
        "waits_for": _listed([_escaped(reason) for reason in waits_for], "the message of a run"),
    }


def _listed(lines: Sequence[str], whole: str) -> str:
    """``whole``: where all of it is."""
    more = [f"{len(lines) - SHOWN} more: see {whole}"] if len(lines) > SHOWN else []
    return "\n".join(f"- {line}" for line in [*lines[:SHOWN], *more]) or "Nothing."


def _escaped(text: str) -> str:
    """A text within Markdown: what would be markup is shown as it is."""
    return re.sub(r"([\\`*_<>\[\]|#])", r"\\\1", text)


def _of_point(point: OpenPoint) -> str:
    counted = f": {point.failing} row{'' if point.failing == 1 else 's'}" if point.failing else ""
    change = f" ({point.change:+d})" if point.change else ""
    what = f"[{point.what.replace('_', ' ')}]({point.link}) on {point.asset}"
    return f"{point.survey_year or _ALL_YEARS}, {what}{counted}{change}. {_escaped(' '.join(point.to_do.split()))}"


def _of_cell(row: Mapping[Hashable, Any]) -> str:
    question = f", {row['question_id']} {row.get('question') or ''}" if row["question_id"] else ""
    delivered = f": {_escaped(row['original_text'])}" if row["original_text"] else ""
    what = f"{row['survey_year']}, {row.get('municipality_name') or ''} {row['municipality_code']}{question}{delivered}"
    return f"{what}. {_escaped(row['why'])}; {row['what_to_do']} ({row['where'].strip()})"


def _of_call(row: Mapping[Hashable, Any]) -> str:
    return f"{row['municipality_name']} {row['municipality_code']}, {row['question_ids']}: {_escaped(row['ask'])}"


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
