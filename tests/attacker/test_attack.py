"""Nothing that is public tells, alone or together, what a single municipality answered (DESIGN §8, invariant 11)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assets.disclosure.renewal import carried_over, rests_on, settle
from assets.disclosure.summary import as_markdown
from assets.questionnaires.loader import load_questionnaires
from tests.attacker.attack import Questionnaires, attack, difference, unanimous
from tests.attacker.mutants import MUTANTS, Withholding, full, keys_withheld, publish
from tests.attacker.published import (
    BREAKDOWNS,
    CELLS,
    PRINTED,
    RESPONSE,
    SERIES,
    Published,
    read,
    without,
    write_groups,
)
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow
MAY_BE_UNANIMOUS = ("urbanisation_class", "disadvantage_group", "disadvantage_score", "S1=yes|no|missing", "N20_")
"""Facts of registers, and rows that say who answered at all."""


@pytest.fixture(scope="module")
def warehouse(ran: tuple[Installation, str]) -> Path:
    return ran[0].warehouse


@pytest.fixture(scope="module")
def questionnaires(ran: tuple[Installation, str]) -> Questionnaires:
    return load_questionnaires(ran[0].data / "questionnaires")


@pytest.fixture(scope="module")
def published(ran: tuple[Installation, str], tmp_path_factory: pytest.TempPathFactory) -> Published:
    return read(ran[0].public, write_groups(ran[0].warehouse, tmp_path_factory.mktemp("classes")))


def test_no_answer_can_be_worked_out(published: Published, questionnaires: Questionnaires, warehouse: Path) -> None:
    found = attack(published, questionnaires)

    assert found.facts > 10_000
    assert found.determined == frozenset()
    assert found.recovered & keys_withheld(warehouse) == frozenset()
    assert unanimous(published, MAY_BE_UNANIMOUS).empty


@pytest.mark.parametrize("mistake", MUTANTS, ids=lambda one: str(one.__name__))
def test_withholding_too_little_is_found_out(
    mistake: Withholding, published: Published, questionnaires: Questionnaires, warehouse: Path
) -> None:
    assert attack(publish(published, full(warehouse), mistake), questionnaires).determined


def test_text_files_say_the_same(published: Published, ran: tuple[Installation, str], tmp_path: Path) -> None:
    write_groups(ran[0].warehouse, tmp_path)
    for name in (CELLS, BREAKDOWNS, PRINTED, SERIES, RESPONSE):
        duckdb.execute(f"copy (from '{ran[0].public / 'parquet' / name}.parquet') to '{tmp_path / name}.csv'")

    pd.testing.assert_frame_equal(read(tmp_path).numbers, published.numbers)
    pd.testing.assert_frame_equal(read(tmp_path).groups, published.groups)


def test_the_csv_files_of_the_public_part_say_no_more(ran: tuple[Installation, str], published: Published) -> None:
    known = published.numbers["value"].notna()
    for file, is_national in (("cells.csv", True), ("cell_breakdowns.csv", False)):
        rows = pd.read_csv(ran[0].public / file)
        of_kind = (published.numbers["breakdown"] == "total") == is_national
        of_kind &= published.numbers["table_id"].isin(rows["table_id"])  # not those of the series and of the response
        assert rows["value"].notna().sum() == (known & of_kind).sum() + _without_a_year(rows)


def _without_a_year(rows: pd.DataFrame) -> int:
    """Numbers of no single survey year: no sets of answers that could be compared."""
    return int((rows["value"].notna() & rows["survey_year"].isna()).sum()) if "survey_year" in rows else 0


LATE = ("GM0034", "GM0150", "GM0294", "GM0363", "GM0518", "GM0546", "GM0599", "GM0757")


def test_two_editions_give_away_who_is_late(
    published: Published, questionnaires: Questionnaires, warehouse: Path
) -> None:
    """Eight municipalities answer late. Breakdowns of both editions, each safe by itself, together tell what they
    answered; national numbers tell far less, and assets/disclosure/renewal.py refuses the second breakdowns."""
    before = without(LATE, 2023, published, warehouse)
    nationally = Published(published.numbers[published.numbers["breakdown"] == "total"], published.groups)

    by_class = attack(difference(before, published), questionnaires).determined
    of_nation = attack(difference(before, nationally), questionnaires).determined
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        now = rests_on(connection)
    earlier = now[~(now["municipality_code"].isin(LATE) & (now["survey_year"] == 2023))]
    first = settle(earlier, None, "2023/v1", 10)

    assert len(by_class) > 2 * len(of_nation)
    assert carried_over(settle(now, first, "2023/v2", 10), "2023/v2") == {2023: "2023/v1"}


def test_four_in_five_numbers_by_class_are_shown(warehouse: Path) -> None:
    """Of those that are broken down: numbers about fewer than thirty municipalities are not."""
    inside = full(warehouse)
    numbers = inside[(inside["n_municipalities"] > 0) & (inside["rule"] != "too_few_to_divide")]
    assert numbers["verdict"].isin(["shown", "printed"]).mean() >= 0.8


def test_what_is_printed_is_shown(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        hidden = connection.execute(
            """
            select figures.figure_no
            from rpt_reconciliation as figures
            inner join rpt_public_cells as cells using (report, table_id, row_key, column_key)
            where figures.value_text_nl is distinct from cells.value_text_nl
            """
        ).fetchall()
    assert hidden == []


def test_the_document_is_up_to_date(warehouse: Path) -> None:
    document = Path(__file__).parents[2] / "docs" / "disclosure.md"
    assert document.read_text(encoding="utf-8") == as_markdown(warehouse), "'make disclosure' writes it anew"
