"""A part of an edition goes to its readers whole, checked, in one move, and to no others."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from assets.base.errors import BadInput
from assets.editions.content.terms import Audience
from assets.editions.files.metadata import files_in, write_checksums
from assets.editions.publication.handing_out import hand_out


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    return made(tmp_path / "editions" / "2030" / "v1")


def made(folder: Path, words: str = "first") -> Path:
    """The parts of an edition: a page each, with what tells of it."""
    for name, audience in (
        ("public", "public"),
        ("internal", "internal"),
        ("municipalities/GM0001", "municipality"),
        ("municipalities/GM0002", "municipality"),
    ):
        part = folder / name
        part.mkdir(parents=True)
        (part / "index.html").write_text(f"{words} {name}", encoding="utf-8")
        code = {"municipality_code": part.name} if audience == "municipality" else {}
        (part / "edition.json").write_text(json.dumps({"audience": audience, **code}), encoding="utf-8")
        write_checksums(part)
    (folder / "internal").chmod(0o750)
    return folder


@pytest.mark.parametrize(
    ("audience", "municipality", "page", "words"),
    [
        ("public", None, "index.html", "first public"),
        ("internal", None, "index.html", "first internal"),
        ("municipality", None, "GM0002/index.html", "first municipalities/GM0002"),
        ("municipality", "GM0001", "index.html", "first municipalities/GM0001"),
    ],
)
def test_readers_find_the_newest_version_of_their_part(
    edition: Path, tmp_path: Path, audience: Audience, municipality: str | None, page: str, words: str
) -> None:
    to = tmp_path / "readers"
    assert hand_out(edition, audience, to, municipality) == (to / "2030/v1", True)
    assert (to / "latest" / page).read_text(encoding="utf-8") == words
    assert hand_out(edition, audience, to, municipality) == (to / "2030/v1", False)
    hand_out(made(edition.with_name("v2"), "second"), audience, to, municipality)
    assert (to / "latest" / page).read_text(encoding="utf-8") == words.replace("first", "second")
    assert sorted(path.name for path in to.iterdir()) == ["2030", "latest"]


def test_what_is_not_public_stays_closed_to_others(edition: Path, tmp_path: Path) -> None:
    copy, _ = hand_out(edition, "internal", tmp_path / "inside")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o750


@pytest.mark.parametrize("damage", ["changed", "missing", "added", "no checksums"])
def test_a_damaged_edition_is_not_handed_out(edition: Path, tmp_path: Path, damage: str) -> None:
    page = edition / "public" / "index.html"
    if damage == "changed":
        page.write_text("other", encoding="utf-8")
    elif damage == "missing":
        page.unlink()
    elif damage == "added":
        page.with_name("answers.csv").write_text("GM0001", encoding="utf-8")
    else:
        page.with_name("SHA256SUMS").unlink()
    with pytest.raises(BadInput, match="not what the edition's checksums say"):
        hand_out(edition, "public", tmp_path / "readers")
    assert files_in(tmp_path / "readers") == []


@pytest.mark.parametrize(
    ("audience", "municipality", "to", "what"),
    [
        ("internal", None, "readers", "already has the public part"),
        ("municipality", "GM0001", "readers", "already has the public part"),
        ("public", "GM0001", "elsewhere", "not of one municipality"),
        ("municipality", "GM0009", "elsewhere", "no such part"),
        ("public", None, "editions/copy", "the project's own"),
    ],
)
def test_what_would_reach_others_is_refused(
    edition: Path, tmp_path: Path, audience: Audience, municipality: str | None, to: str, what: str
) -> None:
    hand_out(edition, "public", tmp_path / "readers")
    with pytest.raises(BadInput, match=what):
        hand_out(edition, audience, tmp_path / to, municipality)
    assert (tmp_path / "readers/latest/index.html").read_text(encoding="utf-8") == "first public"


def test_the_folder_of_one_municipality_is_not_that_of_another(edition: Path, tmp_path: Path) -> None:
    hand_out(edition, "municipality", tmp_path / "readers", "GM0001")
    with pytest.raises(BadInput, match="already has the municipality part of GM0001"):
        hand_out(edition, "municipality", tmp_path / "readers", "GM0002")


def test_another_edition_under_the_same_name_is_not_overwritten(edition: Path, tmp_path: Path) -> None:
    hand_out(edition, "public", tmp_path / "readers")
    shutil.rmtree(edition)
    made(edition, "again")
    with pytest.raises(BadInput, match="is there already"):
        hand_out(edition, "public", tmp_path / "readers")


def test_a_copy_that_broke_off_leaves_what_readers_had(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(edition, "public", tmp_path / "readers")
    newer = made(edition.with_name("v2"), "second")

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr("assets.editions.publication.handing_out.appear", full)
        with pytest.raises(OSError, match="no space left"):
            hand_out(newer, "public", tmp_path / "readers")
    assert (tmp_path / "readers/latest/index.html").read_text(encoding="utf-8") == "first public"
    assert sorted(path.name for path in (tmp_path / "readers/2030").iterdir()) == ["v1"]
    assert list((tmp_path / "readers").glob(".building*")) == []


def test_checksums_that_are_written_again_leave_themselves_out(edition: Path) -> None:
    before = (edition / "public" / "SHA256SUMS").read_text(encoding="utf-8")
    write_checksums(edition / "public")
    assert (edition / "public" / "SHA256SUMS").read_text(encoding="utf-8") == before
