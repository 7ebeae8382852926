"""When a new version is made, and what it says changed (DESIGN §6)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.editions.files.csv_files import read_csv
from assets.editions.publication import parts
from assets.editions.publication import publish as publishing
from assets.editions.publication.publish import EditionResult
from assets.editions.publication.verification import faults_of
from tests.unit.editions.edition_warehouse import FIGURES, Warehouse, publish

pytestmark = pytest.mark.whole  # editions again and again

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLAIN = Warehouse(left_out=FIGURES)  # without figures, whose drawing takes longer than all else


def published(
    tmp_path: Path, warehouse: Warehouse, inputs: dict[str, Any] | None = None, year: int = 2023, days: int = 0
) -> EditionResult:
    path = warehouse.write(tmp_path / "warehouse.duckdb")
    return publish(path, tmp_path / "editions", year, inputs=inputs or {}, now=NOW + timedelta(days=days))


def changes(made: EditionResult) -> list[dict[str, str]]:
    return read_csv(made.internal / "changes.csv")


def test_no_new_version_when_nothing_changed(tmp_path: Path) -> None:
    first = published(tmp_path, Warehouse())
    again = published(tmp_path, Warehouse(), inputs={"deliveries": {"2023": "another hash"}}, days=1)

    assert (again.folder, again.version, again.is_new, again.changed_cells) == (first.folder, 1, False, 0)
    assert again.files == first.files


@pytest.mark.parametrize("part", ["draw_figures", "write_workbooks", "write_explanations", "write_report"])
def test_nothing_is_made_again_when_nothing_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    published(tmp_path, PLAIN)
    monkeypatch.setattr(parts, part, lambda *_: pytest.fail(f"{part} again"))

    assert not published(tmp_path, PLAIN).is_new


def test_other_tools_that_give_the_same_edition_make_no_new_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, Warehouse())
    monkeypatch.setattr(publishing, "made_with", lambda _: {"resvg-py": "99"})

    assert not published(tmp_path, Warehouse(), days=1).is_new


def test_other_tools_that_give_another_page_make_a_new_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path, PLAIN)
    monkeypatch.setattr(publishing, "made_with", lambda _: {"code": "changed"})
    monkeypatch.setattr(parts, "write_report", lambda *given: (given[-2] / "index.html").write_text("New looks"))

    second = published(tmp_path, PLAIN)

    assert (second.version, second.is_new, second.changed_cells) == (2, True, 0)
    assert faults_of(second.folder) == []


@pytest.mark.parametrize(
    "different",
    [
        {"places": 71563},
        {"narrow_label": "Nauw"},
        {"source": "vragenlijst gemeenten"},
        {"answer_text": "Súdwest Fryslân"},
        {"origin": "real"},
        {"left_out": (*FIGURES, "tabel_1_11")},
        {"reconciled": False},
    ],
    ids=lambda different: next(iter(different)),
)
def test_whatever_a_reader_sees_changing_makes_a_new_version(tmp_path: Path, different: dict[str, Any]) -> None:
    published(tmp_path, PLAIN)

    second = published(tmp_path, PLAIN.but(**different))

    assert (second.version, second.is_new) == (2, True)


def test_a_changed_cell_is_listed_with_its_old_and_new_value(tmp_path: Path) -> None:
    published(tmp_path, PLAIN)
    second = published(tmp_path, PLAIN.but(places=71000))

    assert second.changed_cells == 1
    (change,) = changes(second)
    assert change["change"] == "changed"
    assert (change["table_id"], change["row_key"], change["column_key"]) == ("tabel_1_10", "amount", "places")
    assert (change["old_value"], change["new_value"]) == ("71562", "71000")
    assert (change["old_printed_nl"], change["new_printed_nl"]) == ("71.562", "71.000")
    assert change["old_n_municipalities"] == change["new_n_municipalities"] == "291"


def test_cells_of_two_reports_with_one_table_id_are_told_apart(tmp_path: Path) -> None:
    published(tmp_path, PLAIN)
    changed = PLAIN.write(tmp_path / "warehouse.duckdb")
    with duckdb.connect(changed) as connection:
        connection.execute(
            "update rpt_cells set value = 117, value_text_nl = '117', value_text_en = '117'"
            " where report = 'thema2022' and table_id = 'tabel_1_10' and row_key = 'yes' and column_key = 'count'"
        )
    second = publish(changed, tmp_path / "editions", 2023, inputs={}, now=NOW)

    (change,) = changes(second)
    assert (change["report"], change["table_id"], change["row_key"]) == ("thema2022", "tabel_1_10", "yes")
    assert (change["old_value"], change["new_value"]) == ("116", "117")


def test_a_changed_number_of_a_category_makes_a_new_version_without_a_changed_cell(tmp_path: Path) -> None:
    published(tmp_path, PLAIN)
    changed = PLAIN.write(tmp_path / "warehouse.duckdb")
    with duckdb.connect(changed) as connection:
        connection.execute("update rpt_cell_breakdowns set value_text_nl = '1' where category = 'low'")
    second = publish(changed, tmp_path / "editions", 2023, inputs={}, now=NOW)

    assert (second.version, second.changed_cells) == (2, 0)


def test_added_and_removed_cells_are_listed(tmp_path: Path) -> None:
    published(tmp_path, Warehouse(left_out=("figuur_1_2", "tabel_1_11")))
    second = published(tmp_path, Warehouse(left_out=FIGURES))

    listed = changes(second)
    assert [c["table_id"] for c in listed if c["change"] == "added"] == ["tabel_1_11"] * 6
    assert [c["table_id"] for c in listed if c["change"] == "removed"] == ["figuur_1_4"] * 9
    assert {(c["old_value"] == "", c["new_value"] == "", c["change"]) for c in listed} == {
        (True, False, "added"),
        (False, True, "removed"),
    }
    assert second.changed_cells == len(listed) == 15


def test_the_first_edition_of_a_year_is_compared_with_the_newest_of_the_year_before(tmp_path: Path) -> None:
    first = published(tmp_path, PLAIN, year=2022)
    published(tmp_path, PLAIN, year=2024)
    made = published(tmp_path, PLAIN.but(places=1), year=2023)

    assert changes(first) == []
    assert json.loads((first.internal / "edition.json").read_text())["compared_with"] is None
    assert json.loads((made.internal / "edition.json").read_text())["compared_with"] == "2022/v1"
    assert [change["new_value"] for change in changes(made)] == ["1"]


def test_the_page_says_how_many_cells_changed(tmp_path: Path) -> None:
    published(tmp_path, PLAIN)
    second = published(tmp_path, PLAIN.but(places=71000))

    assert "cellen die verschillen van editie 2023/v1: 1" in (second.internal / "index.html").read_text()


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    warehouse = Warehouse().write(tmp_path / "warehouse.duckdb")
    one, other = (publish(warehouse, tmp_path / name, 2023, inputs={}, now=NOW) for name in ("one", "other"))

    different = [name for name in one.files if (one.folder / name).read_bytes() != (other.folder / name).read_bytes()]
    assert {Path(name).name for name in different} <= {"lea_vve.duckdb", "datapackage.json", "SHA256SUMS"}
