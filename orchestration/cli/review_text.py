"""What a delivery would change, as a steward reads it before accepting it.

Belongs here: the sentences and their order. Does not belong here: what changes (``assets/plausibility/review.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from assets.answers.delivery_changes import LARGE, OTHER
from assets.plausibility.counts import Odd
from assets.plausibility.review import Review

SHOWN = 25
NAMED_IN_A_LINE = 5


def review_text(found: Review) -> str:
    """What a steward reads before accepting: counts first, then what to look at, worst first."""
    lines = list(_lines(found))
    more = [f"- and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    heading = _counts(found) or (["To look at before it is accepted:"] if lines else [])
    return "\n".join([*heading, *lines[:SHOWN], *more])


def _counts(found: Review) -> list[str]:
    """The counts, when anything counts now."""
    changes, year = found.changes, found.questionnaire.survey_year
    if not changes.counted:
        return []
    changed = changes.cells["municipality_code"].nunique()
    return [
        f"Beside the {_number(len(changes.counted), 'municipality', 'municipalities')} that count in {year} now: "
        f"{len(changes.new)} new, {len(changes.again)} again ({changed} with other answers), "
        f"{_number(changes.questions, 'answer', 'answers')} changed, {len(found.emptied)} emptied"
        + (f"; {_number(len(found.odd), 'implausible number', 'implausible numbers')}" if found.odd else "")
    ]


def _lines(found: Review) -> Iterator[str]:
    """What to look at, worst first."""
    changes, name = found.changes, found.municipalities.names
    for unfit in found.unfit:
        yield f"- {unfit.where}: {unfit.what}; {unfit.remedy}"
    for code, lost in found.emptied.groupby("municipality_code", sort=True):
        verb = "becomes" if len(lost) == 1 else "become"
        yield f"- {code} ({name[str(code)]}): {_named(lost['question_id'])} {verb} empty"
    for cell in changes.of(LARGE).to_dict("records"):
        code = cell["municipality_code"]
        yield f"- {code} ({name[code]}): {cell['question_id']} becomes {cell['after']}, was {cell['before']}"
    yield from (f"- {remark}" for remark in found.remarks)
    if len(found.not_submitted):
        rows = found.not_submitted["source_row"].astype("str") + found.not_submitted["municipality_code"].map(
            lambda code: f" ({code})", na_action="ignore"
        ).fillna("")
        count = _number(len(rows), "row that was not submitted is", "rows that were not submitted are")
        yield f"- {count} set aside: {_named(rows)}"
    if changes.new and changes.counted:
        yield f"- new: {_named([f'{code} ({name[code]})' for code in changes.new])}"
    if changes.absent:
        count = _number(len(changes.absent), "municipality whose answers stay", "municipalities whose answers stay")
        yield f"- not in this file: {count}: {_named(changes.absent)}"
    if found.not_asked:
        yield f"- counts were not compared with last year's: {found.not_asked}"
    for row, message in zip(found.blank["source_row"], found.blank["message"], strict=True):
        yield f"- row {row}: {message}: no response, it replaces nothing"
    for row, message in zip(found.names["source_row"], found.names["message"], strict=True):
        yield f"- row {row}: {message}; if that is another spelling, add it to data/registers/name_variants.csv"
    for odd in found.odd:
        yield f"- {odd.municipality} ({name[odd.municipality]}): {_question(odd)}"
    for code, other in changes.of(OTHER).groupby("municipality_code", sort=True):
        verb = "changes" if len(other) == 1 else "change"
        yield f"- {code} ({name[str(code)]}): {_named(other['question_id'])} {verb}"


def _question(odd: Odd) -> str:
    label = odd.rule.label.en
    label = label[0].lower() + label[1:]
    return f"{label}: {odd.value} beside {odd.compared} ({odd.rule.id})"


def _named(names: pd.Series | list[str]) -> str:
    listed = [str(name) for name in names]
    more = f" and {len(listed) - NAMED_IN_A_LINE} more" if len(listed) > NAMED_IN_A_LINE else ""
    return ", ".join(listed[:NAMED_IN_A_LINE]) + more


def _number(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
