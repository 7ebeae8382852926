"""Whether an edition is still what it was when it appeared."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.editions.publication.verification import faults_of, faults_of_part
from tests.unit.editions.test_handing_out import made


@pytest.mark.parametrize(
    ("spoil", "faults"),
    [
        (Path.exists, []),
        (lambda edition: (edition / "public" / "WITHDRAWN.txt").touch(), []),
        (lambda edition: (edition / "public" / "index.html").write_text("x"), ["public/index.html is damaged"]),
        (lambda edition: (edition / "public" / "index.html").unlink(), ["public/index.html is missing"]),
        (
            lambda edition: (edition / "municipalities" / "GM0002" / "a").touch(),
            ["municipalities/GM0002/a does not belong there"],
        ),
        (lambda edition: (edition / "internal" / "SHA256SUMS").unlink(), ["internal/SHA256SUMS is missing"]),
        (lambda edition: shutil.rmtree(edition / "public"), ["public/ is missing"]),
        (lambda edition: shutil.rmtree(edition / "internal"), ["internal/ is missing"]),
        (lambda edition: shutil.rmtree(edition), ["public/ is missing", "internal/ is missing"]),
    ],
)
def test_each_fault_is_reported_with_its_file(
    tmp_path: Path, spoil: Callable[[Path], object], faults: list[str]
) -> None:
    edition = made(tmp_path / "2030" / "v1")
    spoil(edition)
    assert faults_of(edition) == faults


def test_all_that_is_wrong_with_a_part_is_reported(tmp_path: Path) -> None:
    part = made(tmp_path / "2030" / "v1") / "public"
    (part / "edition.json").write_text("{}", encoding="utf-8")
    (part / "index.html").rename(part / "other.html")
    assert faults_of_part(part) == [
        "index.html is missing",
        "other.html does not belong there",
        "edition.json is damaged",
    ]
