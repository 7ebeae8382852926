"""Who publishes, whom to ask, how to cite, and how final it is: on every page, sheet and metadata file."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from assets.base.errors import BadInput
from assets.base.paths import data_paths
from assets.editions.content.imprint import load_publication
from assets.editions.publication.folder import parts_of
from assets.editions.publication.publish import EditionResult
from tests.unit.editions.edition_warehouse import FIGURES, Warehouse, publish

PUBLISHER, CONTACT = "voorbeelduitgave", "monitor@example.org"


def published(folder: Path, status: str | None) -> EditionResult:
    file = Warehouse(left_out=FIGURES).write(folder / "warehouse.duckdb")
    with duckdb.connect(file) as connection:
        connection.execute("update dim_survey_year set status = ?", [status])
    return publish(file, folder / "editions")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "label", "is_provisional"),
    [("provisional", "voorlopig", True), ("final", "definitief", False), ("revised", "herzien", False)],
)
def test_every_part_says_how_final_it_is_and_who_publishes(
    tmp_path: Path, status: str, label: str, is_provisional: bool
) -> None:
    made = published(tmp_path, status)
    for part in parts_of(made.folder):
        page = (part / "index.html").read_text(encoding="utf-8")
        assert f">{label}<" in page
        assert ("Voorlopige cijfers" in page) == is_provisional
        for name in ("index.html", "README.txt", "edition.json", "datapackage.json"):
            text = (part / name).read_text(encoding="utf-8")
            assert PUBLISHER in text, name
            assert CONTACT in text, name
        assert json.loads((part / "edition.json").read_text(encoding="utf-8"))["status_nl"] == label
    sheet = load_workbook(made.public / "workbooks" / "landelijk2023_nl.xlsx").worksheets[0]
    cover = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert (cover["Status"], cover["Vragen"]) == (label, CONTACT)
    assert f"vragenlijst 2023, versie {made.version}" in str(cover["Citeer als"])


@pytest.mark.slow
def test_another_status_makes_a_new_edition(tmp_path: Path) -> None:
    published(tmp_path, "provisional")
    assert not published(tmp_path, "provisional").is_new
    assert published(tmp_path, "final").is_new


@pytest.mark.slow
def test_a_warehouse_that_does_not_tell_the_status_has_none(tmp_path: Path) -> None:
    facts = json.loads((published(tmp_path, None).public / "edition.json").read_text(encoding="utf-8"))
    assert "status_nl" not in facts
    assert facts["contact"] == CONTACT


@pytest.mark.parametrize(
    ("written", "replaced", "what"),
    [
        ("contact: monitor@example.org\n", "", "contact"),
        ("{survey_year}", "{yeer}", "citation"),
        ("({year})", "({year", "citation"),
        ("next_releases:\n  2023:", "next_releases:\n  soon:", "next_releases"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, written: str, replaced: str, what: str) -> None:
    text = data_paths().publication.read_text(encoding="utf-8")
    assert written in text
    file = tmp_path / "publication.yaml"
    file.write_text(text.replace(written, replaced), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_publication(file)
    assert what in str(refused.value)
