"""The bookkeeping of mergers, exactly: CBS counted these municipalities."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from assets.registers.lineage import bookkeeping_gaps, codes_on, predecessors, successors
from assets.registers.loader import load_register

REGISTERS_DIR = Path(__file__).parents[3] / "data" / "registers"


@pytest.fixture(scope="module")
def municipalities() -> pd.DataFrame:
    return load_register(REGISTERS_DIR, "municipalities")


@pytest.fixture(scope="module")
def changes() -> pd.DataFrame:
    return load_register(REGISTERS_DIR, "municipality_changes")


@pytest.mark.parametrize(
    ("on", "count"),
    [
        (date(2019, 1, 1), 355),
        (date(2020, 1, 1), 355),
        (date(2020, 12, 31), 355),
        (date(2021, 1, 1), 352),
        (date(2022, 1, 1), 345),
        (date(2022, 3, 23), 345),
        (date(2022, 3, 24), 344),
        (date(2022, 12, 31), 344),
        (date(2023, 1, 1), 342),
        (date(2024, 1, 1), 342),
        (date(2025, 1, 1), 342),
    ],
)
def test_the_number_of_municipalities(
    municipalities: pd.DataFrame, changes: pd.DataFrame, on: date, count: int
) -> None:
    assert len(codes_on(municipalities, changes, on)) == count


def test_a_date_before_the_first_register_is_refused(municipalities: pd.DataFrame, changes: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="no register of on or before 2018-12-31"):
        codes_on(municipalities, changes, date(2018, 12, 31))


def test_the_bookkeeping_closes_every_year(municipalities: pd.DataFrame, changes: pd.DataFrame) -> None:
    assert bookkeeping_gaps(municipalities, changes).empty


def test_the_first_register_alone_and_the_changes_give_the_last(
    municipalities: pd.DataFrame, changes: pd.DataFrame
) -> None:
    first = municipalities[municipalities["reference_date"] == date(2019, 1, 1)]
    last = codes_on(municipalities, changes, date(2025, 1, 1))
    assert codes_on(first, changes, date(2025, 1, 1)) == last


@pytest.mark.parametrize(
    ("old", "new", "left", "arrived"),
    [
        (2019, 2020, 0, 0),
        (2020, 2021, 4, 1),
        (2021, 2022, 10, 3),
        (2022, 2023, 4, 1),
        (2023, 2024, 0, 0),
        (2024, 2025, 0, 0),
    ],
)
def test_who_left_and_who_arrived(
    municipalities: pd.DataFrame, changes: pd.DataFrame, old: int, new: int, left: int, arrived: int
) -> None:
    before, after = (codes_on(municipalities, changes, date(year, 1, 1)) for year in (old, new))
    assert (len(before - after), len(after - before)) == (left, arrived)


def test_successors_of_a_split_are_several(changes: pd.DataFrame) -> None:
    since, until = date(2018, 1, 1), date(2025, 1, 1)
    assert successors(changes, "GM0053", since, until) == {"GM1966", "GM1969"}
    assert successors(changes, "GM0788", since, until) == {"GM0757", "GM0824", "GM0855", "GM0865"}


def test_a_change_counts_from_its_own_date(changes: pd.DataFrame) -> None:
    assert successors(changes, "GM0457", date(2022, 1, 1), date(2022, 3, 23)) == {"GM0457"}
    assert successors(changes, "GM0457", date(2022, 1, 1), date(2022, 3, 24)) == {"GM0363"}
    assert predecessors(changes, "GM0363", date(2022, 3, 24), date(2023, 1, 1)) == {"GM0363"}
    assert predecessors(changes, "GM0363", date(2022, 3, 23), date(2023, 1, 1)) == {"GM0363", "GM0457"}


def test_predecessors_of_a_municipality_that_kept_its_code_while_it_grew(changes: pd.DataFrame) -> None:
    assert predecessors(changes, "GM0439", date(2020, 1, 1), date(2025, 1, 1)) == {"GM0370", "GM0439"}


def test_predecessors_of_a_new_municipality(changes: pd.DataFrame) -> None:
    assert predecessors(changes, "GM1992", date(2020, 1, 1), date(2023, 1, 1)) == {"GM0501", "GM0530", "GM0614"}
    assert predecessors(changes, "GM1982", date(2020, 1, 1), date(2023, 1, 1)) == {
        *("GM0756", "GM0786", "GM0815", "GM1684", "GM1702")
    }


def test_a_municipality_that_never_changed_is_its_own_predecessor_and_successor(changes: pd.DataFrame) -> None:
    since, until = date(2018, 1, 1), date(2025, 1, 1)
    assert predecessors(changes, "GM0344", since, until) == successors(changes, "GM0344", since, until) == {"GM0344"}


def test_successors_and_predecessors_mirror_each_other(municipalities: pd.DataFrame, changes: pd.DataFrame) -> None:
    since, until = date(2019, 1, 1), date(2025, 1, 1)
    touched = {*changes["old_code"], *changes["new_code"]}
    old, new = (codes_on(municipalities, changes, on) & touched for on in (since, until))
    forward = {(a, b) for a in old for b in successors(changes, a, since, until)}
    backward = {(a, b) for b in new for a in predecessors(changes, b, since, until)}
    assert forward == backward


def test_changes_in_a_row_are_followed() -> None:
    changes = pd.DataFrame(
        [
            (date(2020, 1, 1), "GM0001", "A", "GM0002", "B", "absorbed_into_existing"),
            (date(2020, 1, 1), "GM0002", "B", "GM0002", "B", "continues_enlarged"),
            (date(2021, 1, 1), "GM0002", "B", "GM0003", "C", "merged_into_new"),
            (date(2021, 1, 1), "GM0004", "D", "GM0003", "C", "merged_into_new"),
        ],
        columns=["effective_date", "old_code", "old_name", "new_code", "new_name", "kind"],
    )
    assert successors(changes, "GM0001", date(2019, 1, 1), date(2021, 1, 1)) == {"GM0003"}
    assert predecessors(changes, "GM0003", date(2019, 1, 1), date(2021, 1, 1)) == {"GM0001", "GM0002", "GM0004"}
    assert predecessors(changes, "GM0003", date(2020, 1, 1), date(2021, 1, 1)) == {"GM0002", "GM0004"}


def _register(*dated_codes: tuple[int, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(date(year, 1, 1), code) for year, code in dated_codes], columns=["reference_date", "municipality_code"]
    )


def _gaps(municipalities: pd.DataFrame, *changes: tuple[date, str, str]) -> list[list[object]]:
    frame = pd.DataFrame(changes, columns=["effective_date", "old_code", "new_code"])
    return bookkeeping_gaps(municipalities, frame).values.tolist()


def test_a_code_that_nobody_brought_is_a_gap() -> None:
    assert _gaps(_register((2020, "GM0001"), (2021, "GM0001"), (2021, "GM0002"))) == [
        [date(2021, 1, 1), "GM0002", "is in the register, but no change brought it"]
    ]


def test_a_code_that_nobody_ended_is_a_gap() -> None:
    assert _gaps(_register((2020, "GM0001"), (2020, "GM0002"), (2021, "GM0001"))) == [
        [date(2021, 1, 1), "GM0002", "is not in the register, but no change ended it"]
    ]


def test_a_change_of_a_code_that_did_not_exist_is_a_gap() -> None:
    assert _gaps(_register((2020, "GM0001"), (2021, "GM0001")), (date(2020, 7, 1), "GM0009", "GM0001")) == [
        [date(2020, 1, 1), "GM0009", "changes afterwards, but is not in the register"]
    ]
