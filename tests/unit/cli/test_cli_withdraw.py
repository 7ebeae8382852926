"""``lea withdraw-delivery``: an accepted delivery no longer counts, and is kept with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.plausibility import withdrawing
from assets.questionnaires.loader import FILE_NAME, load_questionnaire
from tests.conftest import SCENARIOS, Lea, bytes_of

pytestmark = pytest.mark.slow

FIRST = SCENARIOS / "second_delivery" / "levering.csv"
SECOND = SCENARIOS / "second_delivery" / "levering_2.csv"
WHY = ("--reason", "the wrong file: a test of the bureau")


@pytest.fixture
def folder(data_dir: Path, lea: Lea) -> Path:
    """The folder of a survey year with two deliveries, taken in once."""
    for file in (FIRST, SECOND):
        assert lea("accept", file, "--year", 2023, "--with-problems").exit_code == 0
    for table in ("answers", "deliveries"):
        (data_dir / "lake" / table).mkdir(parents=True)
        (data_dir / "lake" / table / "2023.parquet").touch()
    return data_dir / "questionnaires" / "2023"


def numbers(folder: Path) -> tuple[list[int], list[int]]:
    found = load_questionnaire(folder)
    return [d.number for d in found.deliveries], [d.number for d in found.withdrawn_deliveries]


@pytest.mark.parametrize(
    ("which", "counts", "withdrawn", "message"),
    [
        (["2"], [1], [2], "GM0363, GM1979: their older answers count again"),
        (["levering_2_v02.csv"], [1], [2], "GM0363, GM1979: their older answers count again"),
        (["1"], [2], [1], "GM1900: they have no answers in this survey year any more"),
        (["1", "2"], [], [1, 2], "GM0363, GM1979: they have no answers in this survey year any more"),
        (["2", "1"], [], [2, 1], "GM0363, GM1900, GM1979: they have no answers in this survey year any more"),
    ],
)
def test_the_others_count(
    folder: Path, lea: Lea, which: list[str], counts: list[int], withdrawn: list[int], message: str
) -> None:
    for one in which:
        result = lea("withdraw-delivery", 2023, one, *WHY)
        assert result.exit_code == 0, result.output
    assert message in result.stdout
    assert numbers(folder) == (counts, withdrawn)
    kept = load_questionnaire(folder).withdrawn_deliveries
    assert {one.reason for one in kept} == {WHY[1]}
    assert sorted(file.name for file in (folder / "withdrawn").iterdir()) == sorted(one.path for one in kept)
    tables = list((folder.parents[1] / "lake").glob("*/2023.parquet"))
    assert len(tables) == (2 if counts else 0)


def test_it_can_come_back_under_a_number_of_its_own(folder: Path, lea: Lea) -> None:
    before = (folder / FILE_NAME).read_text(encoding="utf-8")
    lea("withdraw-delivery", 2023, "2", *WHY)
    again = lea("accept", folder / "withdrawn" / "levering_2_v02.csv", "--year", 2023)
    assert again.exit_code == 0, again.output
    assert numbers(folder) == ([1, 3], [2])
    after = (folder / FILE_NAME).read_text(encoding="utf-8")
    assert set(before.splitlines()) <= set(after.splitlines())  # what its author wrote


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["9", *WHY], "There is no delivery 9 of 2023"),
        (["2", "--reason", "  "], "A reason is needed"),
    ],
)
def test_what_cannot_be_withdrawn_changes_nothing(folder: Path, lea: Lea, arguments: list[str], message: str) -> None:
    before = bytes_of(folder)
    result = lea("withdraw-delivery", 2023, *arguments)
    assert (result.exit_code, message in result.stderr) == (1, True)
    assert "remedy:" in result.stderr
    assert bytes_of(folder) == before


def test_a_correction_that_rests_on_it_is_withdrawn_first(folder: Path, lea: Lea) -> None:
    corrections = folder.parents[1] / "corrections" / "2023.yaml"
    corrections.parent.mkdir()
    line = "municipality: GM0363, question: R1, expected: 1250, value: 1251, reason: r, who: w, when: 2023-06-01"
    corrections.write_text(f"corrections:\n  - {{{line}}}\n")
    before = bytes_of(folder)
    result = lea("withdraw-delivery", 2023, "2", *WHY)
    assert result.exit_code == 1
    assert "a correction expects '1250', but '1200' was delivered; every run would stop" in result.stderr
    assert bytes_of(folder) == before
    corrections.write_text(f"corrections:\n  - {{{line}, withdrawn: {{reason: r, who: w, when: 2023-07-01}}}}\n")
    assert lea("withdraw-delivery", 2023, "2", *WHY).exit_code == 0


def test_a_process_that_died_half_way_is_finished_by_the_next(
    folder: Path, lea: Lea, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(withdrawing, "_put_aside", lambda *_: exit(9))
        lea("withdraw-delivery", 2023, "2", *WHY)
    assert (numbers(folder), (folder / "withdrawn").exists()) == (([1], [2]), False)
    result = lea("withdraw-delivery", 2023, "2", "--reason", "another")
    assert "delivery 2 of 2023 was withdrawn already" in result.stdout
    assert (folder / "withdrawn" / "levering_2_v02.csv").read_bytes() == SECOND.read_bytes()
    assert load_questionnaire(folder).withdrawn_deliveries[0].reason == WHY[1]


def test_a_damaged_file_can_be_withdrawn(folder: Path, lea: Lea) -> None:
    (folder / "levering_2_v02.csv").write_text("damaged")
    assert lea("withdraw-delivery", 2023, "2", *WHY).exit_code == 0
    assert numbers(folder) == ([1], [2])
