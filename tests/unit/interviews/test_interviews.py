"""A varied selection for interviews: how places are allotted, that a draw can be checked, that it is drawn once."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.interviews.drawing import allot, draw
from assets.interviews.record import SELECTED, load_selected, select

BUNDLED = Path(__file__).parents[3] / "data" / "interviews"
ON = date(2022, 3, 1)
A, B, C = ("1", "low"), ("1", "high"), ("5", "low")


@pytest.mark.parametrize(
    ("sizes", "number", "places"),
    [
        ({A: 60, B: 30, C: 2}, 3, {A: 1, B: 1, C: 1}),  # no kind is left out
        ({A: 60, B: 30, C: 2}, 2, {A: 1, B: 1, C: 0}),  # where they do not go round, the largest have one
        ({A: 60, B: 30, C: 2}, 9, {A: 5, B: 3, C: 1}),  # the rest in proportion: quotients 60/3, 60/5, 30/3, 60/7, …
        ({A: 1, B: 1}, 5, {A: 1, B: 1}),  # no more than there are
        ({A: 10, B: 10}, 1, {A: 0, B: 1}),  # of equal ones the first by name
        ({}, 5, {}),
    ],
)
def test_every_kind_has_a_place_and_large_ones_more(
    sizes: dict[tuple[str, str], int], number: int, places: dict[tuple[str, str], int]
) -> None:
    assert allot(sizes, number) == places


STRATA = {f"GM{number:04}": (A, B, C)[number % 3] for number in range(60)}


def test_a_draw_is_the_same_with_the_same_seed_and_another_with_another() -> None:
    drawn = draw(STRATA, 7, seed=1)
    assert drawn == draw(dict(reversed(STRATA.items())), 7, seed=1)
    assert drawn != draw(STRATA, 7, seed=2)
    assert drawn == ["GM0010", "GM0028", "GM0037", "GM0042", "GM0045", "GM0050", "GM0056"]
    assert {*Counter(STRATA[code] for code in drawn).values()} == {2, 3}


def warehouse(folder: Path) -> DataPaths:
    """Two respondents of 2021 that can be drawn; one that has no class, one that did not answer."""
    paths = DataPaths(folder)
    paths.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(paths.warehouse)) as connection:
        connection.execute("create table dim_survey_year as select 2021 as survey_year, 'synthetic' as origin")
        connection.execute(
            """create table dim_municipality_year as select 2021 as survey_year, * from (values
            ('GM0001', 1, 'low', true), ('GM0002', 5, 'high', true), ('GM0003', null, 'low', true),
            ('GM0004', 2, 'low', false)
            ) as t (municipality_code, urbanisation_class, disadvantage_group, is_respondent)"""
        )
    return paths


def test_respondents_with_class_and_group_are_drawn_and_recorded_once(tmp_path: Path) -> None:
    paths = warehouse(tmp_path)
    select(paths, 2021, 22, 7, ON)
    file = paths.interviews / "2021.csv"
    assert file.read_text(encoding="utf-8").splitlines() == [
        "municipality_code,selected_on,urbanisation_class,disadvantage_group,seed,origin",
        "GM0001,2022-03-01,1,low,7,synthetic",
        "GM0002,2022-03-01,5,high,7,synthetic",
    ]
    before = file.read_bytes()
    with pytest.raises(BadInput, match="The selection of 2021 has been drawn"):
        select(paths, 2021, 1, 8, ON)
    assert file.read_bytes() == before
    found = load_selected(paths.interviews, lambda _: ("GM0001", "GM0002"))
    assert SELECTED.misfits(found).empty


def test_nobody_is_drawn_without_respondents(tmp_path: Path) -> None:
    paths = warehouse(tmp_path)
    with pytest.raises(BadInput, match="no respondents of 2022"):
        select(paths, 2022, 22, 7, ON)
    with pytest.raises(BadInput, match="There is no warehouse yet"):
        select(DataPaths(tmp_path / "elsewhere"), 2021, 22, 7, ON)
    assert not paths.interviews.exists()


@pytest.mark.parametrize(
    ("lines", "what", "where"),
    [
        (["GM0009,2022-03-01,1,low,7,real"], "GM0009 is not in the register of survey year 2021", "line 2"),
        (["GM0001,2022-03-01,1,low,7,real"] * 2, r"GM0001 is selected twice \(line 2 too\)", "line 3"),
        (["GM0001,2022-03-01,6,low,7,real"], "'6' cannot be used", "line 2, column urbanisation_class"),
        (["GM0001,2022-03-01,1,lowest,7,real"], "'lowest' cannot be used", "line 2, column disadvantage_group"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused(tmp_path: Path, lines: list[str], what: str, where: str) -> None:
    header = "municipality_code,selected_on,urbanisation_class,disadvantage_group,seed,origin"
    (tmp_path / "2021.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    with pytest.raises(BadInput, match=what) as refused:
        load_selected(tmp_path, lambda _: ("GM0001",))
    assert refused.value.where.endswith(where)


def test_the_bundled_selection_is_of_22_of_every_class_and_group() -> None:
    """thema2022 §2.3.2."""
    found = load_selected(BUNDLED, lambda _: {f"GM{number:04}" for number in range(10_000)})
    assert len(found) == 22
    assert len(found[["urbanisation_class", "disadvantage_group"]].drop_duplicates()) == 15
    assert {*found["origin"]} == {"synthetic"}
