"""What changed against the edition before, cell by cell, and why.

Belongs here: comparing two ``cells.csv``, and which differences in what two editions were made from can explain a
change. Does not belong here: deciding whether a new version is made (``publish.py``), saying it in words
(``pages/changes``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from assets.editions.content.mark import Origin
from assets.editions.content.stamp import EDITION_FILE
from assets.editions.files.csv_files import CELLS_FILE, ORIGIN_FIELD, read_csv, write_csv
from assets.editions.publication.folder import part_folder
from assets.editions.publication.withdrawal import Withdrawal

CHANGES_FILE = "changes.csv"
WITHDRAWN = "withdrawn"
"""A line of an edition, not of a cell."""
MADE_OF = "made_of"
"""Among the inputs in ``edition.json``: file below the data folder, or ``code`` → fingerprint."""
KEY = ("report", "table_id", "row_key", "column_key")
# What of a cell can differ → its columns of ``cells.csv``. Numerator and denominator are public of a quotient only.
COMPARED: dict[str, tuple[str, ...]] = {
    "value": ("value",),
    "quotient": ("numerator", "denominator"),
    "base": ("n_municipalities",),
    "printed": ("value_text_nl", "value_text_en"),
    "definition": ("measure", "statistic", "population", "breakdown", "category"),
    "label": ("row_label_nl", "row_label_en", "column_label_nl", "column_label_en"),
}
_SHOWN: dict[str, tuple[str, str, dict[str, str]]] = {
    "row_label_nl": ("string", "Label of the row, in Dutch", {}),
    "column_label_nl": ("string", "Label of the column, in Dutch", {}),
    "value": ("number", "Exact value", {"unit": "that of the cell"}),
    "value_text_nl": ("string", "The number as printed, in Dutch", {}),
    "n_municipalities": ("integer", "Number of municipalities that it rests on", {"unit": "municipalities"}),
}
_NAMES = {"value_text_nl": "printed_nl"}
CHANGE_FIELDS = [
    {"name": "change", "type": "string", "description": "added, removed or changed; withdrawn of an edition."},
    {"name": "report", "type": "string", "description": "The report."},
    {"name": "table_id", "type": "string", "description": "The table; unique within its report."},
    {"name": "row_key", "type": "string", "description": "Key of the row."},
    {"name": "column_key", "type": "string", "description": "Key of the column."},
    {
        "name": "differs",
        "type": "string",
        "description": f"What of a changed cell differs, with commas between: {', '.join(COMPARED)}.",
    },
    {"name": "why", "type": "string", "description": "What explains it, as codes of the vocabulary change_reason."},
    *(
        {"name": f"{when}_{_NAMES.get(name, name)}", "type": kind, "description": f"{text}, {where}.", **unit}
        for name, (kind, text, unit) in _SHOWN.items()
        for when, where in (("old", "in the edition before"), ("new", "in this edition"))
    ),
    {"name": "note", "type": "string", "description": "Of an edition that was withdrawn: which, when and why."},
    ORIGIN_FIELD,
]
YEAR = "year"  # the edition before is of another survey year
# In order: what a file is for, of which survey year where it is of one. ``code`` is no file.
_KINDS = {
    "delivery": r"questionnaires/(?P<year>\d{4})/(?!questionnaire\.yaml$).+",
    "correction": r"corrections/(?P<year>\d{4})\.yaml",
    "questionnaire": r"questionnaires/(?P<year>\d{4})/questionnaire\.yaml",
    "register": r"registers/.+",
    "measure": r"catalogue/(measures|breakdowns)\.yaml",
    "rule": r"(risk|supervision|signals)/.+|plausibility\.yaml",
    "disclosure": r"disclosure\.yaml",
    "report": r"catalogue/reports/.+",
    "label": r"labels\.yaml",
    "code": r"code",
}
_OF_NUMBERS = ("delivery", "correction", "questionnaire", "register", "measure", "rule", "disclosure", "report", "code")
_EXPLAINED_BY = {
    **dict.fromkeys(("value", "quotient", "base"), _OF_NUMBERS),
    "printed": ("disclosure", "report", "code"),
    "definition": ("report", "measure", "code"),
    "label": ("report", "label", "questionnaire", "code"),
    "added": ("report", "questionnaire", "measure", "code"),
    "removed": ("report", "questionnaire", "measure", "code"),
}
_OF_SUPERVISION = ("risk_", "contact_", "lea_case_", "vve_case_")

Cells = Mapping[tuple[str, ...], Mapping[str, str]]


class Reason(NamedTuple):
    """A kind of thing that two editions were made from and that differs, and the survey year that it is of."""

    kind: str
    survey_year: int | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """The edition that another one is compared with, if any; ``because``: what the two were made from differently;
    ``withdrawn``: those in between."""

    edition: Path | None = None
    because: Sequence[Reason] = ()
    withdrawn: Sequence[Withdrawal] = ()


def reasons(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[Reason, ...]:
    """What differs between what two editions were made from (file below the data folder, or ``code`` → fingerprint). A
    questionnaire that names a new delivery has changed, too: the delivery says it."""
    different = [name for name in {*then, *now} if then.get(name) != now.get(name)]
    found = set()
    for name in different:
        for kind, pattern in _KINDS.items():
            if match := re.fullmatch(pattern, name):
                year = match.groupdict().get("year")
                found.add(Reason(kind, int(year) if year else None))
                break
    delivered = {one.survey_year for one in found if one.kind == "delivery"}
    kept = (one for one in found if one.kind != "questionnaire" or one.survey_year not in delivered)
    return tuple(sorted(kept, key=lambda one: (list(_KINDS).index(one.kind), one.survey_year or 0)))


def reasons_since(before: Path | None, made_of: Mapping[str, str], survey_year: int) -> tuple[Reason, ...]:
    """The same for an edition of ``survey_year``, and the edition in the folder ``before``, as far as that one says
    what it was made from."""
    if before is None:
        return ()
    facts = json.loads((part_folder(before, "internal") / EDITION_FILE).read_text(encoding="utf-8"))
    then = facts.get("inputs", {}).get(MADE_OF)
    found = reasons(then, made_of) if then else ()
    return found if facts["survey_year"] == survey_year else (Reason(YEAR), *found)


def read_cells(path: Path) -> Cells:
    """The cells of an edition's ``cells.csv`` by report, table, row and column."""
    return {tuple(row[name] for name in KEY): row for row in read_csv(path)}


def write_changes(
    before: Path | None,
    folder: Path,
    origin: Origin,
    because: Sequence[Reason] = (),
    withdrawn: Iterable[str] = (),
) -> int:
    """Write ``changes.csv``: every cell added, removed or changed since the same part of the edition before, with what
    of it differs and why; return how many. First a line with a note for each edition that was ``withdrawn`` in between.

    Without an edition before there is nothing to compare and the file has only its header. ``because``: what the two
    editions were made from differently.
    """
    new = read_cells(folder / CELLS_FILE)
    names = [one["name"] for one in CHANGE_FIELDS]
    empty = dict.fromkeys(names, "")
    notes = [tuple({**empty, "change": WITHDRAWN, "note": note, "origin": origin}.values()) for note in withdrawn]
    found = [] if before is None else list(changes(read_cells(before / CELLS_FILE), new, because))
    write_csv(folder / CHANGES_FILE, names, [*notes, *((*one, "", origin) for one in found)])
    return len(found)


def changes(old: Cells, new: Cells, because: Sequence[Reason]) -> Iterator[tuple[str, ...]]:
    """A row of ``changes.csv`` for each cell that differs, without its origin; those of this edition first."""
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key, {}), new.get(key, {})
        change = "changed" if was and now else "added" if now else "removed"
        differing = _differing(was, now) if change == "changed" else [change]
        if differing:
            shown = (cell.get(name, "") for name in _SHOWN for cell in (was, now))
            what = ", ".join(differing) if change == "changed" else ""
            yield change, *key, what, ", ".join(_why(differing, now or was, because)), *shown


def _differing(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    known = [what for what in COMPARED if what != "quotient" or now.get("statistic") == "value"]
    # What an older edition did not say is not compared.
    return [what for what in known if any(was.get(one, now.get(one)) != now.get(one) for one in COMPARED[what])]


def _why(differing: Sequence[str], cell: Mapping[str, str], because: Sequence[Reason]) -> list[str]:
    """The kinds of reasons that explain a cell's change: those of its own survey year, else those of others (a panel is
    of several years); ``unknown`` where none does."""
    if any(one.kind == YEAR for one in because) and {"added", "removed"} & set(differing):
        return [YEAR]
    is_of_supervision = cell.get("measure", "").startswith(_OF_SUPERVISION)
    explaining = {kind for what in differing for kind in _EXPLAINED_BY[what]}
    fitting = [one for one in because if one.kind in explaining and (one.kind != "rule" or is_of_supervision)]
    own = [one for one in fitting if one.survey_year in (None, int(cell.get("survey_year") or 0))]
    best = [one for one in own if one.kind != "code"] or [one for one in fitting if one.kind != "code"] or own
    return list(dict.fromkeys(one.kind for one in best)) or ["unknown"]
