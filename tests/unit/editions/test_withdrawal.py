"""What was published can be withdrawn: ``latest`` is the one before, and what was withdrawn never comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from assets.base.errors import BadInput
from assets.editions.files.csv_files import read_csv
from assets.editions.publication.folder import is_withdrawn, point_latest
from assets.editions.publication.handing_out import hand_out, handed_out, record
from assets.editions.publication.publish import EditionResult, _withdrawn_folders
from assets.editions.publication.renewal import by_publication
from assets.editions.publication.verification import faults_of
from assets.editions.publication.versions import (
    kept_versions,
    next_version,
    note_version,
    note_versions,
    versions_below,
)
from assets.editions.publication.withdrawal import Withdrawal, note_of, withdraw
from tests.unit.editions.edition_warehouse import FIGURES, Warehouse, publish
from tests.unit.editions.test_handing_out import made

TODAY = date(2026, 11, 28)
PLAIN = Warehouse(left_out=FIGURES)
WRONG = PLAIN.but(places=71000)


@pytest.mark.parametrize(
    ("published", "withdrawn", "latest"),
    [
        ("2023/v1", "", "2023/v1"),
        ("2023/v1 2022/v1", "", "2023/v1"),  # the latest survey year, whatever was published last
        ("2022/v1 2023/v1 2022/v2", "", "2023/v1"),
        ("2022/v1 2023/v1 2023/v2", "2023/v2", "2023/v1"),
        ("2022/v1 2023/v1 2023/v2", "2023/v1", "2023/v2"),
        ("2022/v1 2023/v1 2023/v2", "2023/v2 2023/v1", "2022/v1"),
        ("2023/v9 2023/v10", "2023/v10", "2023/v9"),
        ("2022/v1 2022/v2 2023/v1", "2022/v2 2023/v1", "2022/v1"),
        ("2023/v1", "2023/v1", None),
    ],
)
def test_latest_is_the_newest_that_stands_of_the_latest_survey_year(
    tmp_path: Path, published: str, withdrawn: str, latest: str | None
) -> None:
    for name in published.split():
        made(tmp_path / name)
        point_latest(tmp_path)
    for name in withdrawn.split():
        year, version = name.split("/v")
        withdraw(tmp_path, int(year), int(version), "a wrong delivery", TODAY)
    link = tmp_path / "latest"
    assert (str(link.readlink()) if link.is_symlink() else None) == latest


def test_it_stays_whole_and_says_why_in_every_part(tmp_path: Path) -> None:
    made(tmp_path / "2023/v1")
    edition = made(tmp_path / "2023/v2")
    withdraw(tmp_path, 2023, None, "a wrong delivery", TODAY)
    again = withdraw(tmp_path, 2023, 2, "another reason", TODAY)
    assert str(again) == "2023/v2 was withdrawn on 2026-11-28: a wrong delivery"
    assert faults_of(edition) == []
    notices = sorted(str(file.relative_to(edition)) for file in edition.rglob("WITHDRAWN.txt"))
    assert notices == [
        f"{part}/WITHDRAWN.txt"
        for part in sorted(["internal", "municipalities/GM0001", "municipalities/GM0002", "public"])
    ]
    text = (edition / "public/WITHDRAWN.txt").read_text(encoding="utf-8")
    assert "ingetrokken en geldt niet meer: a wrong delivery" in text
    assert "2023/v1" in text


@pytest.mark.parametrize(("version", "message"), [(3, "no version 3 of 2023"), (None, "no edition of 2023")])
def test_what_is_not_there_cannot_be_withdrawn(tmp_path: Path, version: int | None, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        withdraw(tmp_path, 2023, version, "a reason", TODAY)


def test_a_withdrawal_reaches_those_it_was_handed_out_to(tmp_path: Path) -> None:
    first, second = (made(tmp_path / "editions/2023" / version, version) for version in ("v1", "v2"))
    readers = tmp_path / "readers of mine"
    for edition in (first, second):
        hand_out(edition, "public", readers)
        record(edition, readers)
    assert handed_out(tmp_path / "editions") == [("2023/v1", readers), ("2023/v2", readers)]
    withdraw(tmp_path / "editions", 2023, 2, "a wrong delivery", TODAY)
    with pytest.raises(BadInput, match="withdrawn on 2026-11-28: a wrong delivery"):
        hand_out(second, "public", readers)
    hand_out(first, "public", readers)
    assert str((readers / "latest").readlink()) == "2023/v1"


@pytest.mark.parametrize(
    ("folders", "kept", "version"), [("", {}, 1), ("v1 v2", {}, 3), ("", {2023: 4}, 5), ("v5", {2023: 4, 2022: 9}, 6)]
)
def test_versions_never_repeat_though_editions_are_lost(
    tmp_path: Path, folders: str, kept: dict[int, int], version: int
) -> None:
    file = tmp_path / "home" / "versions.json"
    for name in folders.split():
        (tmp_path / "2023" / name).mkdir(parents=True)
    note_versions(file, kept)
    assert next_version(tmp_path, 2023, file) == version
    note_version(file, 2023, version)
    note_version(file, 2023, 1)
    assert kept_versions(file)[2023] == version


def test_the_newest_version_of_each_survey_year_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "home" / "versions.json"
    note_version(None, 2023, 1)
    assert (kept_versions(None), kept_versions(file), next_version(tmp_path, 2023, None)) == ({}, {}, 1)
    note_versions(file, {2023: 4, 2021: 1})
    note_versions(file, {2023: 3, 2022: 2})
    assert kept_versions(file) == {2021: 1, 2022: 2, 2023: 4}
    assert file.read_text(encoding="utf-8") == '{\n "2021": 1,\n "2022": 2,\n "2023": 4\n}'


@pytest.mark.parametrize("text", ["{", "[]", '{"2023": "x"}', '{"2023": null}', '{"x": 1}', "\xff"])
def test_versions_that_cannot_be_read_are_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "versions.json"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(BadInput) as refused:
        next_version(tmp_path, 2023, file)
    assert refused.value.args == (
        "The versions that were ever given cannot be read",
        str(file),
        'write the newest of each survey year, withdrawn ones too: {"2023": 4}',
    )


def test_the_newest_version_in_a_folder_of_editions(tmp_path: Path) -> None:
    for name in ("2022/v1", "2023/v9", "2023/v10", "2023/vx", "other/v11"):
        (tmp_path / name).mkdir(parents=True)
    assert versions_below(tmp_path) == {2022: 1, 2023: 10}


def published(tmp_path: Path, warehouse: Warehouse, days: int = 0) -> EditionResult:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(days=days)
    return publish(warehouse.write(tmp_path / "warehouse.duckdb"), tmp_path / "editions", 2023, inputs={}, now=now)


def test_whose_folder_was_another_one_in_a_version_that_was_withdrawn(tmp_path: Path) -> None:
    """GM0034's was, GM0050's was the same; GM0059 was not in it, and GM1111 is no more."""
    for name, of in {
        "2023/v2": {"GM0034": "wrong", "GM0050": "right", "GM1111": "right"},
        "building": {"GM0034": "right", "GM0050": "right", "GM0059": "right"},
    }.items():
        for code, digest in of.items():
            part = tmp_path / name / "municipalities" / code
            part.mkdir(parents=True)
            (part / "SHA256SUMS").write_text(f"{digest}  index.html\n", encoding="utf-8")
    note = Withdrawal("2023/v2", "2026-11-28", "a wrong delivery")
    assert [*_withdrawn_folders(tmp_path / "building" / "municipalities", tmp_path, [note])] == ["GM0034"]


@pytest.mark.slow
def test_what_comes_after_a_withdrawn_edition(tmp_path: Path) -> None:
    published(tmp_path, PLAIN)
    published(tmp_path, WRONG, days=1)
    withdraw(tmp_path / "editions", 2023, 2, "a wrong delivery", TODAY)

    with pytest.raises(BadInput, match="what was withdrawn: 2023/v2 was withdrawn on 2026-11-28: a wrong delivery"):
        published(tmp_path, WRONG, days=2)
    back = published(tmp_path, PLAIN, days=2)
    assert (back.version, back.is_new) == (1, False)
    third = published(tmp_path, PLAIN.but(places=72000), days=3)
    assert (third.version, third.is_new, third.changed_cells) == (3, True, 1)
    note, change = read_csv(third.public / "changes.csv")
    assert (note["change"], note["note"]) == ("withdrawn", str(note_of(tmp_path / "editions/2023/v2")))
    assert (change["old_value"], change["new_value"], change["note"]) == ("71562", "72000", "")
    fourth = published(tmp_path, PLAIN.but(places=73000), days=4)
    assert [line["change"] for line in read_csv(fourth.public / "changes.csv")] == ["changed"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answered_otherwise", "withdrawn", "shown_as_in"),
    [
        ([0, 20, 1], [2], 1),  # too near to what holds
        ([0, 20, 19], [2], 1),  # too near to what was withdrawn
        ([0, 20, 10], [2], 3),  # far from both
        ([0, 1], [1], None),  # nothing holds, and it is too near to what was withdrawn
        ([0, 10], [1], 2),
    ],
)
def test_numbers_by_class_of_a_withdrawn_edition_do_not_come_back_and_are_not_given_away(
    tmp_path: Path, answered_otherwise: list[int], withdrawn: list[int], shown_as_in: int | None
) -> None:
    """Twenty municipalities, of which so many gave another answer than at first; ten have to differ."""
    editions = tmp_path / "editions"
    for version, differing in enumerate(answered_otherwise, 1):
        file = PLAIN.write(tmp_path / "warehouse.duckdb")
        with duckdb.connect(file) as connection:
            until = f"GM{differing:04d}"
            connection.execute("update fct_measure_members set numerator = 0 where municipality_code <= ?", [until])
            for table in ("rpt_cell_breakdowns", "rpt_public_cell_breakdowns"):
                sql = f"update {table} set value_text_nl = ? where category = 'low' and table_id = 'tabel_1_11'"
                connection.execute(sql, [f"in {version}"])
        made_now = publish(file, editions, 2023, now=datetime(2026, 11, version, tzinfo=UTC))
        assert made_now.version == version
        if version in withdrawn:
            withdraw(editions, 2023, version, "a wrong delivery", TODAY)
    rows = read_csv(made_now.public / "cell_breakdowns.csv")
    printed = {row["value_text_nl"] for row in rows if row["category"] == "low" and row["table_id"] == "tabel_1_11"}
    assert printed == {f"in {shown_as_in}" if shown_as_in else "."}
    page = (made_now.public / "index.html").read_text(encoding="utf-8")
    assert ("zijn die van editie 2023/v" in page) == (shown_as_in not in (None, version))
    assert [is_withdrawn(one) for one in by_publication(editions)].count(True) == len(withdrawn)
