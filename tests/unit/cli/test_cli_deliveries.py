"""``lea check`` and ``lea accept`` beyond the scenarios: how a file is read, named and registered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import Delivery
from tests.conftest import SCENARIOS, Lea, bytes_of
from tests.scenarios.made_files import AMSTERDAM, HEADER, workbook, xlsx_with_title_rows

GOOD = (SCENARIOS / "accepted" / "levering.csv").read_text()
PROJECT = Path(__file__).parents[3]


@pytest.fixture
def inbox(tmp_path: Path, data_dir: Path) -> Path:
    """A folder of a sender's, outside of the data folder in force."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    assert not folder.is_relative_to(data_dir)
    return folder


def csv_file(inbox: Path, text: str = GOOD, name: str = "levering.csv", encoding: str = "utf-8") -> Path:
    file = inbox / name
    file.write_bytes(text.encode(encoding))
    return file


def deliveries_in(data_dir: Path) -> tuple[Delivery, ...]:
    return load_questionnaire(data_dir / "questionnaires" / "2023").deliveries


def test_an_accepted_file_is_registered_with_its_hash_and_lies_beside_the_questionnaire(
    inbox: Path, data_dir: Path, lea: Lea
) -> None:
    import hashlib

    file = csv_file(inbox)
    wording = lea("accept", file, "--year", 2023)

    assert wording.exit_code == 0
    assert "levering.csv is delivery 1 of 2023 now" in wording.stdout
    assert "lea run' takes it in" in wording.stdout
    [delivery] = deliveries_in(data_dir)
    assert (delivery.path, delivery.number, delivery.format) == ("levering_v01.csv", 1, "csv")
    assert delivery.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (data_dir / "questionnaires" / "2023" / "levering_v01.csv").read_bytes() == file.read_bytes()


@pytest.mark.slow
def test_the_next_delivery_is_read_like_the_one_before(inbox: Path, data_dir: Path, lea: Lea) -> None:
    xlsx_with_title_rows(first := inbox / "levering_v01.xlsx")
    assert lea("accept", first, "--year", 2023, "--sheet", "Data", "--header-row", 5).exit_code == 0
    titles: list[list[object]] = [[], [], [], []]
    workbook(second := inbox / "levering_v02.xlsx", [*titles, list(HEADER), AMSTERDAM], sheet="Data")
    assert lea("accept", second, "--year", 2023).exit_code == 0
    workbook(third := inbox / "nagekomen.xlsx", [list(HEADER), [*AMSTERDAM[:-1], "x"]], sheet="Blad1")
    assert lea("accept", third, "--year", 2023, "--sheet", "Blad1", "--header-row", 1).exit_code == 0

    assert [(d.path, d.sheet, d.header_row) for d in deliveries_in(data_dir)] == [
        ("levering_v01.xlsx", "Data", 5),
        ("levering_v02.xlsx", "Data", 5),
        ("nagekomen_v03.xlsx", "Blad1", 1),
    ]


def test_the_first_sheet_is_read_when_none_is_named(inbox: Path, lea: Lea) -> None:
    workbook(file := inbox / "levering.xlsx", [list(HEADER), AMSTERDAM], sheet="Van de gemeenten")
    assert lea("check", file, "--year", 2023).exit_code == 0


def test_how_a_csv_is_read_can_be_said_and_is_registered(inbox: Path, data_dir: Path, lea: Lea) -> None:
    text = "Titel\n" + GOOD.replace(";", "|").replace("|1200|", "|1200.0|")
    file = csv_file(inbox, text, encoding="cp1252")
    how = ["--encoding", "cp1252", "--delimiter", "|", "--header-row", "2"]

    assert lea("accept", file, "--year", 2023, *how).exit_code == 0

    [d] = deliveries_in(data_dir)
    assert (d.encoding, d.delimiter, d.header_row) == ("cp1252", "|", 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("earlier", "text", "advice"),
    [
        ("cp1252", GOOD, "or name the one that it has (--encoding utf-8; 'encoding' in the questionnaire)"),
        ("utf-16", GOOD, "'encoding' in the questionnaire); it reads better as --encoding utf-8"),
        (
            "cp1252",
            GOOD.replace(";", ","),
            "'encoding' in the questionnaire); it reads better as --encoding utf-8 --delimiter ','",
        ),
    ],
)
def test_another_form_of_csv_is_no_other_survey_tool(
    inbox: Path, lea: Lea, earlier: str, text: str, advice: str
) -> None:
    first = csv_file(inbox, GOOD.replace(";1200;", ";1201;"), "eerder.csv", earlier)
    assert lea("accept", first, "--year", 2023, "--encoding", earlier).exit_code == 0

    checked = lea("check", csv_file(inbox, text), "--year", 2023)

    assert checked.exit_code == 1
    assert checked.stderr.splitlines()[-1].endswith(advice)


@pytest.mark.parametrize(
    ("options", "wording"),
    [
        (["--encoding", "ebcdic"], "--encoding: Input should be 'utf-8'"),
        (["--delimiter", "::"], "--delimiter: Input should be ';'"),
        (["--header-row", "0"], "--header-row: Input should be greater"),
    ],
)
def test_an_option_that_cannot_be(inbox: Path, lea: Lea, options: list[str], wording: str) -> None:
    checked = lea("check", csv_file(inbox), "--year", 2023, *options)
    assert checked.exit_code == 1
    assert checked.stderr.startswith(wording)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Levering 2023 (def).CSV", "Levering 2023 (def)_v01.csv"),
        (".verborgen.csv", "verborgen_v01.csv"),
        ("a\\b: c?.csv", "a_b_ c__v01.csv"),
        ("gemeente 's-Hertogenbosch é_v7.csv", "gemeente _s-Hertogenbosch é_v01.csv"),
        ("...csv", "delivery_v01.csv"),
        (":smile:.csv", "_smile__v01.csv"),
    ],
)
def test_any_file_name_can_be_accepted(inbox: Path, data_dir: Path, lea: Lea, name: str, path: str) -> None:
    wording = lea("accept", csv_file(inbox, name=name), "--year", 2023)
    assert wording.exit_code == 0, wording.output
    assert wording.stdout.startswith(name)
    assert [d.path for d in deliveries_in(data_dir)] == [path]


def test_a_file_that_lies_beside_its_questionnaire_already_stays_there(data_dir: Path, lea: Lea) -> None:
    file = csv_file(data_dir / "questionnaires" / "2023", name="levering_v01.csv")
    assert lea("accept", file, "--year", 2023).exit_code == 0
    assert [d.path for d in deliveries_in(data_dir)] == ["levering_v01.csv"]


def test_another_file_of_that_name_is_never_overwritten(inbox: Path, data_dir: Path, lea: Lea) -> None:
    csv_file(data_dir / "questionnaires" / "2023", "something else", "levering_v01.csv")
    before = bytes_of(data_dir)
    wording = lea("accept", csv_file(inbox), "--year", 2023)
    assert wording.exit_code == 1
    assert "There is another file levering_v01.csv" in wording.stderr
    assert bytes_of(data_dir) == before


def test_the_same_file_is_accepted_once(inbox: Path, data_dir: Path, lea: Lea) -> None:
    file = csv_file(inbox)
    lea("accept", file, "--year", 2023)
    before = bytes_of(data_dir)
    again = lea("accept", file, "--year", 2023)
    assert again.exit_code == 1
    assert "This file is delivery 1 of 2023 already" in again.stderr
    assert bytes_of(data_dir) == before


def test_problems_can_be_accepted_with_open_eyes(inbox: Path, data_dir: Path, lea: Lea) -> None:
    file = csv_file(inbox, GOOD.replace(";1200;", ";x;"))
    refused = lea("accept", file, "--year", 2023)
    assert refused.exit_code == 1
    assert "--with-problems" in refused.stderr
    assert lea("accept", file, "--year", 2023, "--with-problems").exit_code == 0
    assert len(deliveries_in(data_dir)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("instead", ["", "-8"])
def test_answers_are_emptied_with_open_eyes(inbox: Path, data_dir: Path, lea: Lea, instead: str) -> None:
    assert lea("accept", csv_file(inbox), "--year", 2023).exit_code == 0
    before = bytes_of(data_dir)
    emptied = csv_file(inbox, GOOD.replace(";1200;", f";{instead};"), "levering_2.csv")

    refused = lea("accept", emptied, "--year", 2023)
    assert refused.exit_code == 1
    assert "- GM0363 (Amsterdam): R1 becomes empty" in refused.stdout
    assert refused.stderr.startswith("Not accepted, nothing was changed:")
    assert bytes_of(data_dir) == before
    assert lea("accept", emptied, "--year", 2023, "--with-problems").exit_code == 1

    assert lea("accept", emptied, "--year", 2023, "--with-emptied").exit_code == 0
    assert len(deliveries_in(data_dir)) == 2


def test_a_correction_that_no_longer_fits_is_mended_before_the_delivery_counts(
    inbox: Path, data_dir: Path, lea: Lea
) -> None:
    assert lea("accept", csv_file(inbox), "--year", 2023).exit_code == 0
    corrections = data_dir / "corrections" / "2023.yaml"
    corrections.parent.mkdir(exist_ok=True)
    line = 'municipality: GM0363, question: R1, expected: "1200", value: "1250", reason: r, who: w, when: 2023-06-01'
    corrections.write_text(f"corrections: [{{{line}}}]")
    mended = csv_file(inbox, GOOD.replace(";1200;", ";1250;"), "levering_2.csv")

    assert lea("accept", mended, "--year", 2023, "--with-problems", "--with-emptied").exit_code == 1
    corrections.unlink()
    assert lea("accept", mended, "--year", 2023).exit_code == 0


def test_counts_are_asked_about_beside_last_year(inbox: Path, data_dir: Path, lea: Lea) -> None:
    """What last year's files and corrections say, in memory: no run was needed."""
    last = data_dir / "questionnaires" / "2022" / "questionnaire.yaml"
    text = (SCENARIOS / "questionnaire.yaml").read_text()
    text = text.replace("survey_year: 2023", "survey_year: 2022").replace(
        "reference_year: 2022", "reference_year: 2021"
    )
    last.parent.mkdir()
    last.write_text(text.replace("register_date: 2023-01-01", "register_date: 2021-01-01"))
    assert lea("accept", csv_file(inbox, GOOD.replace(";1200;", ";400;")), "--year", 2022).exit_code == 0

    checked = lea("check", csv_file(inbox, name="nieuw.csv"), "--year", 2023)
    assert checked.exit_code == 0
    assert "- GM0363 (Amsterdam): number of target toddlers far from last year's: 1200 beside 400" in checked.stdout
    assert "- GM0363 (Amsterdam): number of places exactly last year's: 1300 beside 1300" in checked.stdout

    confirmed = "municipality: GM0363, rule: target_toddlers_jump, value: 1200, reason: r, who: w, when: 2023-06-01"
    (data_dir / "corrections").mkdir(exist_ok=True)
    (data_dir / "corrections" / "2023.yaml").write_text(f"confirmed: [{{{confirmed}}}]")
    assert "far from last year's" not in lea("check", inbox / "nieuw.csv", "--year", 2023).stdout

    (last.parent / "levering_v01.csv").unlink()
    checked = lea("check", inbox / "nieuw.csv", "--year", 2023)
    assert checked.exit_code == 0
    assert "counts were not compared with last year's: the answers of 2022 cannot be read" in checked.stdout


def test_many_changes_are_counted_and_the_worst_are_shown(inbox: Path, lea: Lea) -> None:
    row = GOOD.splitlines()[1]
    codes = ["GM0363", "GM0518", "GM0757", "GM0865", "GM1900", "GM1979"]
    rows = [row.replace("GM0363;Amsterdam", f"{code};") for code in codes]
    header = GOOD.splitlines()[0]
    assert lea("accept", csv_file(inbox, "\n".join([header, *rows, ""])), "--year", 2023).exit_code == 0
    other = [r.replace(";1200;1300;", ";12;13;").replace(";01;", ";02;").replace("bijz", "Bijz") for r in rows]
    checked = lea("check", csv_file(inbox, "\n".join([header, *other, ""]), "nieuw.csv"), "--year", 2023)
    assert "6 again (6 with other answers), 24 answers changed, 0 emptied" in checked.stdout
    assert len(checked.stdout.splitlines()) <= 2 + 1 + 25 + 1


def test_nothing_is_left_behind_when_the_questionnaire_cannot_be_changed(
    inbox: Path, data_dir: Path, lea: Lea, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "questionnaire.yaml")

    monkeypatch.setattr("assets.base.files.os.replace", fail)
    before = bytes_of(data_dir)
    wording = lea("accept", csv_file(inbox), "--year", 2023)
    assert (wording.exit_code, wording.stderr.splitlines()[0]) == (1, "The disk is full")
    assert bytes_of(data_dir) == before


@pytest.mark.parametrize("command", ["check", "accept"])
@pytest.mark.parametrize(
    ("name", "year", "wording"),
    [
        ("weg.csv", 2023, "There is no such file"),
        ("map.csv", 2023, "There is no such file"),
        ("levering.docx", 2023, "A file of kind 'docx' cannot be read"),
        ("levering", 2023, "A file of kind '' cannot be read"),
        ("levering.csv", 2031, "There is no questionnaire for 2031"),
    ],
)
def test_what_cannot_be_judged(inbox: Path, lea: Lea, command: str, name: str, year: int, wording: str) -> None:
    (inbox / "map.csv").mkdir()
    for made in ("levering.docx", "levering", "levering.csv"):
        csv_file(inbox, name=made)
    refused = lea(command, inbox / name, "--year", year)
    assert refused.exit_code == 1
    assert refused.stderr.startswith(wording)
    assert refused.stdout == ""


def test_what_was_delivered_is_shown_as_it_is(inbox: Path, lea: Lea) -> None:
    """No markup of the terminal, no emoji, no colour codes out of a delivered cell."""
    text = GOOD.replace(";1200;", ";[red]:smile:\x1b[31m;")
    wording = lea("check", csv_file(inbox, text), "--year", 2023)
    assert "'[red]:smile:\\x1b[31m' is not a whole number" in wording.stderr


def lea_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "importtime", "-m", "orchestration.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT, env=dict(os.environ))


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--help"], ["check", "levering.csv", "--year", "2023"]])
def test_dagster_is_not_loaded_for_what_needs_no_run(inbox: Path, arguments: list[str]) -> None:
    """It costs seconds. (And the command works as a program.)"""
    csv_file(inbox)
    wording = lea_process(*[str(inbox / a) if a.endswith(".csv") else a for a in arguments])
    assert wording.returncode == 0, wording.stderr[-2000:]
    loaded = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in wording.stderr.splitlines() if "|" in line}
    assert loaded.isdisjoint({"dagster", "dagster_dbt", "dbt", "pandera", "resvg_py", "duckdb"})
    if arguments == ["--help"]:
        assert loaded.isdisjoint({"pandas", "pydantic", "yaml"})


def test_an_unreadable_file_is_told_without_a_traceback(inbox: Path, lea: Lea, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise PermissionError(13, "Permission denied", "levering.csv")

    monkeypatch.setattr("assets.answers.readings.sha256_of", refuse)
    wording = lea("check", csv_file(inbox), "--year", 2023)
    assert (wording.exit_code, wording.stderr) == (1, "Permission denied\n  where:  levering.csv\n")


def test_rows_that_stop_every_run_are_named_when_they_are_accepted(inbox: Path, data_dir: Path, lea: Lea) -> None:
    file = csv_file(inbox, GOOD.replace("GM0363", "GM9999"))
    accepted = lea("accept", file, "--year", 2023, "--with-problems")
    assert accepted.exit_code == 0
    assert len(deliveries_in(data_dir)) == 1
    assert "every run stops until row 2 is set aside in data/corrections/2023.yaml, or delivered anew" in " ".join(
        accepted.stdout.split()
    )


@pytest.mark.slow
def test_two_that_accept_at_once_are_both_registered(inbox: Path, data_dir: Path) -> None:
    files = [csv_file(inbox, GOOD + end, f"{name}.csv") for name, end in (("one", ""), ("other", "\n"))]
    command = [sys.executable, "-m", "orchestration.cli", "accept"]
    environment = {**os.environ, "LEA_DATA_DIR": str(data_dir)}
    options = ["--year", "2023", "--with-problems", "--with-emptied"]
    before = len(deliveries_in(data_dir))
    running = [subprocess.Popen([*command, str(file), *options], env=environment) for file in files]
    assert [one.wait() for one in running] == [0, 0]
    assert len(deliveries_in(data_dir)) == before + 2
