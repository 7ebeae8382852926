"""The numbers by class of a survey year are published once: a later edition has those of before unless enough
municipalities differ."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from assets.base.errors import BadInput
from assets.editions.files.csv_files import read_csv
from assets.editions.publication.publish import EditionResult
from tests.unit.editions.edition_warehouse import FIGURES, Warehouse, publish

pytestmark = pytest.mark.slow  # whole editions


def published(folder: Path, answered_otherwise: int = 0, printed: str | None = None, year: int = 2023) -> EditionResult:
    """An edition of a warehouse in which so many of twenty municipalities gave another answer than at first, and the
    number about them is ``printed``."""
    file = Warehouse(left_out=FIGURES).write(folder / "warehouse.duckdb")
    with duckdb.connect(file) as connection:
        connection.execute(
            "update fct_measure_members set numerator = 0 where municipality_code <= 'GM' || lpad(?::varchar, 4, '0')",
            [answered_otherwise],
        )
        for table in ("rpt_cell_breakdowns", "rpt_public_cell_breakdowns") if printed else ():
            connection.execute(
                f"update {table} set value_text_nl = ? where category = 'low' and table_id = 'tabel_1_11'", [printed]
            )
    return publish(file, folder / "editions", year)


def printed_in(part: Path) -> set[str]:
    rows = read_csv(part / "cell_breakdowns.csv")
    return {row["value_text_nl"] for row in rows if row["category"] == "low" and row["table_id"] == "tabel_1_11"}


@pytest.mark.parametrize(
    ("answered_otherwise", "is_renewed"), [(1, False), (9, False), (10, True), (20, True)], ids=str
)
def test_it_is_broken_down_anew_only_where_enough_municipalities_differ(
    tmp_path: Path, answered_otherwise: int, is_renewed: bool
) -> None:
    first = published(tmp_path)
    second = published(tmp_path, answered_otherwise, "7")
    assert second.is_new
    assert printed_in(second.internal) == {"7"}
    assert printed_in(second.public) == ({"7"} if is_renewed else printed_in(first.public))
    facts = json.loads((second.public / "edition.json").read_text(encoding="utf-8"))
    assert facts["breakdowns_carried_over"] == ({} if is_renewed else {"2023": "2023/v1"})
    page = (second.public / "index.html").read_text(encoding="utf-8")
    assert ("zijn die van editie 2023/v1" in page) == (not is_renewed)


def test_every_file_of_the_public_part_has_what_was_carried_over(tmp_path: Path) -> None:
    published(tmp_path)
    second = published(tmp_path, 1, "12345678")
    with duckdb.connect(second.public / "lea_vve.duckdb", read_only=True) as connection:
        found = connection.execute("from rpt_cell_breakdowns where value_text_nl = '12345678'").fetchall()
    assert found == []
    texts = [file.read_bytes() for file in second.public.rglob("*.*") if file.suffix in (".html", ".csv", ".json")]
    assert not any(b"12345678" in text for text in texts)


def test_what_was_carried_over_is_compared_with_its_own_edition_and_not_with_the_last(tmp_path: Path) -> None:
    """Six differ from the first edition, then six others from the second: twelve from the first, which is enough."""
    published(tmp_path)
    published(tmp_path, 6, "6")
    third = published(tmp_path, 12, "12")
    assert printed_in(third.public) == {"12"}


def test_an_edition_of_another_survey_year_counts_too(tmp_path: Path) -> None:
    published(tmp_path, year=2022)
    second = published(tmp_path, 1, "7")
    assert "7" not in printed_in(second.public)


@pytest.mark.parametrize("file", ["internal/disclosure/rests_on.parquet", "public/parquet/rpt_cell_breakdowns.parquet"])
def test_what_was_published_and_cannot_be_read_stops_the_next_edition(tmp_path: Path, file: str) -> None:
    damaged = published(tmp_path).public.parent / file
    damaged.parent.chmod(0o700)
    damaged.chmod(0o600)
    damaged.write_bytes(b"PAR1")
    with pytest.raises(BadInput, match="what the edition before published cannot be read") as raised:
        published(tmp_path, 1, "7")
    assert str(damaged) in raised.value.where
