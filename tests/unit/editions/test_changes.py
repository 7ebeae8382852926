"""What changed against the edition before and why, in a sequence of ten editions of a few made-up cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from assets.editions.files.csv_files import read_csv, write_csv
from assets.editions.publication.changes import (
    CHANGE_FIELDS,
    CHANGES_FILE,
    Reason,
    reasons,
    reasons_since,
    write_changes,
)

COLUMNS = (
    *("report", "table_id", "row_key", "column_key", "row_label_nl", "row_label_en", "column_label_nl"),
    *("column_label_en", "measure", "statistic", "population", "breakdown", "category", "survey_year"),
    *("numerator", "denominator", "value", "value_text_nl", "value_text_en", "n_municipalities"),
)
# What the first edition was made from.
FILES = {
    "questionnaires/2023/questionnaire.yaml": "1",
    "questionnaires/2023/levering_1.csv": "1",
    "questionnaires/2022/questionnaire.yaml": "1",
    "questionnaires/2022/levering_1.csv": "1",
    "catalogue/reports/landelijk.yaml": "1",
    "labels.yaml": "1",
    "risk/rules.yaml": "1",
    "disclosure.yaml": "1",
    "code": "1",
}
Cell = dict[str, str]


def cell(row: str, value: float | None, n: int = 100, **other: str) -> Cell:
    """A cell of the survey year 2023: a share of n."""
    text = "." if value is None else f"{round(value * 100)}%"
    return {
        **dict.fromkeys(COLUMNS, ""),
        "report": "r",
        "table_id": "t",
        "row_key": row,
        "column_key": "share",
        "row_label_nl": row,
        "measure": row,
        "statistic": "value",
        "population": "respondents",
        "survey_year": "2023",
        "numerator": "" if value is None else str(round(value * n)),
        "denominator": str(n),
        "value": "" if value is None else str(value),
        "value_text_nl": text,
        "value_text_en": text,
        "n_municipalities": str(n),
        **other,
    }


FIRST = (
    cell("reach", 0.5),
    cell("places", 0.25),
    cell("risk_any", 0.1),
    cell("last_year", 0.4, survey_year="2022"),
    cell("panel", 0.6, population="panel_strict_2021_2022"),
)


class Edition(NamedTuple):
    """An edition as it differs from the one before: cells in place of those of the same row (None: gone), files that
    changed, and what is expected: row, change, what of it differs, why."""

    what: str
    cells: Mapping[str, Cell | None]
    files: Mapping[str, str]
    expected: list[tuple[str, str, str, str]]
    survey_year: int = 2023


SEQUENCE = [
    Edition(
        "a late delivery, and with it the questionnaire that names it",
        {"reach": cell("reach", 0.52, 102), "panel": cell("panel", 0.61, 101, population="panel_strict_2021_2022")},
        {"questionnaires/2023/levering_2.csv": "1", "questionnaires/2023/questionnaire.yaml": "2"},
        [
            ("reach", "changed", "value, quotient, base, printed", "delivery"),
            ("panel", "changed", "value, quotient, base, printed", "delivery"),
        ],
    ),
    Edition(
        "a correction of last year's answers",
        {"last_year": cell("last_year", 0.41, survey_year="2022")},
        {"corrections/2022.yaml": "1"},
        [("last_year", "changed", "value, quotient, printed", "correction")],
    ),
    Edition(
        "a delivery of this year beside a correction of last year's: each explains its own",
        {"reach": cell("reach", 0.53, 102), "last_year": cell("last_year", 0.42, survey_year="2022")},
        {"questionnaires/2023/levering_3.csv": "1", "corrections/2022.yaml": "2"},
        [
            ("reach", "changed", "value, quotient, printed", "delivery"),
            ("last_year", "changed", "value, quotient, printed", "correction"),
        ],
    ),
    Edition(
        "a panel rests on other years too",
        {"panel": cell("panel", 0.62, 101, population="panel_strict_2021_2022")},
        {"corrections/2022.yaml": "3"},
        [("panel", "changed", "value, quotient, printed", "correction")],
    ),
    Edition(
        "a new rule of supervision",
        {"risk_any": cell("risk_any", 0.2)},
        {"risk/rules.yaml": "2"},
        [("risk_any", "changed", "value, quotient, printed", "rule")],
    ),
    Edition(
        "a mended label",
        {"places": cell("places", 0.25, row_label_nl="Kindplaatsen")},
        {"labels.yaml": "2"},
        [("places", "changed", "label", "label")],
    ),
    Edition(
        "a cell that a table has from now on, and one that it has no longer",
        {"extra": cell("extra", 0.9), "places": None},
        {"catalogue/reports/landelijk.yaml": "2"},
        [("extra", "added", "", "report"), ("places", "removed", "", "report")],
    ),
    Edition(
        "a number that is withheld",
        {"extra": cell("extra", None)},
        {"disclosure.yaml": "2"},
        [("extra", "changed", "value, quotient, printed", "disclosure")],
    ),
    Edition(
        "a mended computation, and only that",
        {"reach": cell("reach", 0.54, 102)},
        {"code": "2"},
        [("reach", "changed", "value, quotient, printed", "code")],
    ),
    Edition(
        "the first edition of a new year: other reports, whatever else changed",
        {
            **dict.fromkeys(("reach", "risk_any", "last_year", "panel", "extra"), None),
            "next": cell("next", 0.7, survey_year="2024"),
        },
        {"questionnaires/2024/levering_1.csv": "1", "questionnaires/2024/questionnaire.yaml": "1", "code": "3"},
        [
            ("next", "added", "", "year"),
            *((row, "removed", "", "year") for row in ("reach", "risk_any", "last_year", "panel", "extra")),
        ],
        2024,
    ),
    Edition(
        "an edition from which nothing differs",
        {},
        {"code": "4"},
        [],
        2024,
    ),
]


def write(editions: Path, no: int, cells: Mapping[str, Cell], files: Mapping[str, str], survey_year: int) -> Path:
    """The public part of an edition, as far as changes are concerned, and what the internal one says it was made of."""
    public, internal = editions / str(no) / "public", editions / str(no) / "internal"
    for part in (public, internal):
        part.mkdir(parents=True)
    write_csv(public / "cells.csv", list(COLUMNS), ([one[name] for name in COLUMNS] for one in cells.values()))
    facts = {"survey_year": survey_year, "inputs": {"made_of": dict(files)}}
    (internal / "edition.json").write_text(json.dumps(facts), encoding="utf-8")
    return public


def changed(cells: Mapping[str, Cell], different: Mapping[str, Cell | None]) -> dict[str, Cell]:
    return {row: one for row, one in {**cells, **different}.items() if one is not None}


def test_a_sequence_of_editions_says_what_changed_and_why(tmp_path: Path) -> None:
    cells: dict[str, Cell] = {one["row_key"]: one for one in FIRST}
    files = dict(FILES)
    before = write(tmp_path, 0, cells, files, 2023)
    assert write_changes(None, before, "synthetic", reasons_since(None, files, 2023)) == 0
    for no, one in enumerate(SEQUENCE, start=1):
        cells, files = changed(cells, one.cells), {**files, **one.files}
        public = write(tmp_path, no, cells, files, one.survey_year)
        because = reasons_since(before.parent, files, one.survey_year)
        count = write_changes(before, public, "synthetic", because)
        rows = read_csv(public / CHANGES_FILE)
        found = [(row["row_key"], row["change"], row["differs"], row["why"]) for row in rows]
        assert found == one.expected, one.what
        assert count == len(rows)
        before = public


def test_a_row_has_old_and_new(tmp_path: Path) -> None:
    old, new = (write(tmp_path, no, {"reach": cell("reach", value)}, {}, 2023) for no, value in enumerate((0.5, 0.25)))
    write_changes(old, new, "synthetic")
    (row,) = read_csv(new / CHANGES_FILE)
    assert list(row) == [field["name"] for field in CHANGE_FIELDS]
    shown = [row[f"{when}_{name}"] for name in ("value", "printed_nl", "n_municipalities") for when in ("old", "new")]
    assert shown == ["0.5", "0.25", "50%", "25%", "100", "100"]
    assert row["why"] == "unknown"  # nothing says what the edition before was made from


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ({}, {}, []),
        ({"labels.yaml": "1"}, {"labels.yaml": "1"}, []),
        ({"labels.yaml": "1"}, {"labels.yaml": "2"}, [Reason("label")]),
        ({}, {"corrections/2023.yaml": "1"}, [Reason("correction", 2023)]),
        ({"code": "1"}, {"code": "2", "elsewhere.txt": "1"}, [Reason("code")]),
        (
            {"questionnaires/2023/questionnaire.yaml": "1"},
            {"questionnaires/2023/questionnaire.yaml": "2"},
            [Reason("questionnaire", 2023)],
        ),
        (
            {"questionnaires/2023/questionnaire.yaml": "1", "questionnaires/2022/questionnaire.yaml": "1"},
            {
                "questionnaires/2023/questionnaire.yaml": "2",
                "questionnaires/2023/a.xlsx": "1",
                "questionnaires/2022/questionnaire.yaml": "2",
            },
            [Reason("delivery", 2023), Reason("questionnaire", 2022)],
        ),
        ({"registers/a.csv": "1"}, {"catalogue/measures.yaml": "2"}, [Reason("register"), Reason("measure")]),
    ],
)
def test_reasons_are_the_kinds_of_what_differs(
    then: dict[str, str], now: dict[str, str], expected: list[Reason]
) -> None:
    assert list(reasons(then, now)) == expected
