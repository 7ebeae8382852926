"""Measures and breakdowns as data: what the bundled files say, and what a mistake looks like to its author."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assets.base.errors import BadInput
from assets.catalogue.breakdowns import load_breakdowns
from assets.catalogue.measures import (
    MEASURE_TERMS,
    MEASURES,
    Measure,
    OptionMeasure,
    load_measures,
    measure_tables,
)

DATA = Path(__file__).parents[3] / "data"
FILE = """\
measures:
  - id: two_goals
    label: {nl: Twee doelen, en: Two goals}
    definition: {nl: Precies twee., en: Exactly two.}
    source: report r.1
    count: [{concept: goal, items: [a, b], options: ["yes", partly]}]
    exactly: 2
  - id: reach
    label: {nl: Bereik, en: Reach}
    definition: {nl: Bereikt op doel., en: Reached of target.}
    source: report r.2
    kind: ratio
    rests_on: [target, reached]
    whose: respondents
    numerator: reached
    denominator: target
    unknown: is_unknown
"""


AMOUNTS = FILE[FILE.index("    whose") :]
WHOSE = "'numerator', 'denominator' and 'unknown' are amounts of municipalities: say 'whose'"
RESTS = "what a count rests on follows from its options: it has no 'rests_on' and no 'numerator'"
LINE = "a total has no 'denominator', every other measure has one"


def written(tmp_path: Path, *changes: tuple[str, str]) -> tuple[Measure, ...]:
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "measures.yaml").write_text(text, encoding="utf-8")
    return load_measures(tmp_path / "measures.yaml")


def filled(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """What each row says, without what it leaves empty."""
    return [{str(name): value for name, value in row.items() if pd.notna(value)} for row in frame.to_dict("records")]


def test_what_a_measure_says_becomes_a_row(tmp_path: Path) -> None:
    measures, _ = measure_tables(written(tmp_path), ())
    assert {name: str(dtype) for name, dtype in measures.dtypes.items()} == MEASURES.dtypes
    assert filled(measures) == [
        {
            "measure": "two_goals",
            "kind": "ratio",
            "unit": "share",
            "is_counted": True,
            "is_option": False,
            "lowest": 2,
            "highest": 2,
            "base": "asked",
            "label_nl": "Twee doelen",
            "label_en": "Two goals",
            "definition_nl": "Precies twee.",
            "definition_en": "Exactly two.",
            "source": "report r.1",
        },
        {
            "measure": "reach",
            "kind": "ratio",
            "unit": "share",
            "is_counted": False,
            "is_option": False,
            "whose": "respondents",
            "numerator": "reached",
            "denominator": "target",
            "unknown": "is_unknown",
            "label_nl": "Bereik",
            "label_en": "Reach",
            "definition_nl": "Bereikt op doel.",
            "definition_en": "Reached of target.",
            "source": "report r.2",
        },
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("exactly: 2", "base: pooled", {"base": "pooled", "unit": "share"}),
        ("exactly: 2", "base: respondents", {"base": "respondents", "unit": "number"}),
        ("exactly: 2", "among: [{concept: c, options: [x]}]", {"base": "among", "unit": "number"}),
        ("denominator: target", "denominator: 40", {"denominator": "40"}),
        ("kind: ratio", "kind: ratio_mean\n    unit: score", {"kind": "ratio_mean", "unit": "score"}),
    ],
)
def test_what_a_measure_says_otherwise(tmp_path: Path, old: str, new: str, says: dict[str, Any]) -> None:
    rows = filled(measure_tables(written(tmp_path, (old, new)), ())[0])
    assert [row for row in rows if says.items() <= row.items()] != []


def test_a_total_has_nothing_below_the_line(tmp_path: Path) -> None:
    _, total = filled(
        measure_tables(written(tmp_path, ("kind: ratio", "kind: total"), ("    denominator: target\n", "")), ())[0]
    )
    assert (total["kind"], total["unit"], total.get("denominator")) == ("total", "count", None)


def test_an_option_of_a_concept_is_a_term(tmp_path: Path) -> None:
    among = "among: [{concept: other, options: [x]}]"
    _, terms = measure_tables(written(tmp_path, ("exactly: 2", among)), ())
    assert {name: str(dtype) for name, dtype in terms.dtypes.items()} == MEASURE_TERMS.dtypes
    assert [tuple(row.values()) for row in filled(terms)] == [
        ("two_goals", "count", "goal", "a", "yes"),
        ("two_goals", "count", "goal", "a", "partly"),
        ("two_goals", "count", "goal", "b", "yes"),
        ("two_goals", "count", "goal", "b", "partly"),
        ("two_goals", "among", "other", "x"),
        ("reach", "rests_on", "target"),
        ("reach", "rests_on", "reached"),
    ]


@pytest.mark.parametrize(
    ("option", "name", "base", "terms"),
    [
        (OptionMeasure(question="Q1", options=("a", "b")), "Q1=a|b", "asked", []),
        (OptionMeasure(question="Q1", options=("a", "b"), base="answered"), "Q1=a|b/answered", "answered", []),
        (
            OptionMeasure(question="Q1", options=("a", "b"), among=("Q2", ("c", "d"))),
            "Q1=a|b/Q2=c|d",
            "among",
            [("among", "Q2", "c"), ("among", "Q2", "d")],
        ),
    ],
)
def test_a_cell_that_names_a_question_implies_a_measure_once(
    option: OptionMeasure, name: str, base: str, terms: list[tuple[str, str, str]]
) -> None:
    measures, found = measure_tables((), (option, option))
    is_so = {"kind": "ratio", "unit": "share", "is_counted": True, "is_option": True, "lowest": 1}
    assert filled(measures) == [{"measure": name, **is_so, "base": base}]
    assert [tuple(row.values()) for row in filled(found)] == [
        (name, *term) for term in [("count", "Q1", "a"), ("count", "Q1", "b"), *terms]
    ]


@pytest.mark.parametrize(
    ("output", "bounds"),
    [
        ("at_least: 1", (1, None)),
        ("at_most: 1", (0, 1)),
        ("at_least: 1\n    at_most: 3", (1, 3)),
        ("base: asked", (None, None)),
    ],
)
def test_bounds(tmp_path: Path, output: str, bounds: tuple[int | None, int | None]) -> None:
    assert written(tmp_path, ("exactly: 2", output))[0].bounds == bounds


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        (
            "exactly: 2",
            "exactly: 2\n    at_least: 1",
            "'exactly' says it all: leave out 'at_least' and 'at_most'",
            "two_goals",
        ),
        ("exactly: 2", "exactly: -1", "Input should be greater than or equal to 0", "two_goals › exactly"),
        (
            "exactly: 2",
            "kind: ratio",
            "a measure counts options ('count') or has a 'kind', not both and not neither",
            "two_goals",
        ),
        (
            "    kind: ratio\n",
            "",
            "a measure counts options ('count') or has a 'kind', not both and not neither",
            "reach",
        ),
        ("exactly: 2", "whose: panel\n    numerator: reached", RESTS, "two_goals"),
        ("    whose: respondents\n", "", WHOSE, "reach"),
        ("    numerator: reached\n", "", WHOSE, "reach"),
        (AMOUNTS, "    denominator: target\n", WHOSE, "reach"),
        (AMOUNTS, "    unknown: is_unknown\n", WHOSE, "reach"),
        ("    denominator: target\n", "", LINE, "reach"),
        ("kind: ratio", "kind: total", LINE, "reach"),
        (
            "kind: ratio",
            "kind: ratio\n    at_least: 1",
            "only a measure that counts options has bounds and a base",
            "reach",
        ),
        (
            "exactly: 2",
            "base: asked\n    among: [{concept: c, options: [x]}]",
            "a measure has one base: 'base' or 'among'",
            "two_goals",
        ),
        (
            "exactly: 2",
            "exactly: 2\n    base: pooled",
            "a pooled measure adds up its questions: it has no bounds",
            "two_goals",
        ),
        ("exactly: 2", "rests_on: [goal]", RESTS, "two_goals"),
        ("id: reach", "id: two_goals", "measure two_goals appears more than once", "measures"),
        ("en: Reach}", "fr: Portée}", "'en' is missing", "reach › label › en"),
    ],
)
def test_a_mistake_says_where_it_stands(tmp_path: Path, old: str, new: str, what: str, where: str) -> None:
    with pytest.raises(BadInput) as error:
        written(tmp_path, (old, new))
    assert error.value.what == f"The file of measures cannot be used: {what}"
    assert where in error.value.where
    assert "measures.yaml" in error.value.where
    assert error.value.remedy == "mend that place; assets/catalogue/measures.py says what each field may hold"


def test_files_that_are_not_there_are_missed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file of measures"):
        load_measures(tmp_path / "measures.yaml")
    with pytest.raises(BadInput, match="no file of breakdowns"):
        load_breakdowns(tmp_path / "breakdowns.yaml")


def test_bundled_measures_are_defined_in_two_languages_with_a_source() -> None:
    for measure in load_measures(DATA / "catalogue" / "measures.yaml"):
        assert measure.definition.nl != measure.definition.en
        assert measure.definition.nl.endswith(".")
        assert measure.definition.en.endswith(".")


def test_bundled_breakdowns_are_in_the_order_of_the_report() -> None:
    labels = load_breakdowns(DATA / "catalogue" / "breakdowns.yaml").groupby("breakdown")["label_nl"].apply(list)
    assert labels["urbanisation_class"][:5] == [
        "Zeer sterk stedelijk",
        "Sterk stedelijk",
        "Matig stedelijk",
        "Weinig stedelijk",
        "Niet stedelijk",
    ]
    assert labels["disadvantage_group"][:3] == ["Laag", "Midden", "Hoog"]


def test_a_breakdown_is_a_column_of_its_own_name_of_the_registers_unless_it_says_otherwise() -> None:
    bundled = (
        load_breakdowns(DATA / "catalogue" / "breakdowns.yaml").drop_duplicates("breakdown").set_index("breakdown")
    )
    assert dict(bundled["column_name"]) == {name: name for name in bundled.index} | {"province": "province_code"}
    assert list(bundled.index[bundled["origin"] == "answers"]) == ["definition_breadth"]
    assert list(bundled.index[bundled["is_measured"]]) == ["urbanisation_class", "disadvantage_group"]


def test_a_category_that_appears_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "breakdowns.yaml"
    category = "{key: a, label: {nl: A, en: A}}"
    file.write_text(f"breakdowns:\n  - {{id: b, label: {{nl: B, en: B}}, categories: [{category}, {category}]}}\n")
    with pytest.raises(BadInput, match="b a appears more than once"):
        load_breakdowns(file)
