"""What comes of a delivery: one folder a scenario, see README.md."""

from __future__ import annotations

import shlex
from pathlib import Path

import pandas as pd
import pytest

from assets.answers.answer_tables import Answers, build_answers
from assets.answers.cell_judgements import ANSWERED, question_cells
from assets.answers.check_definitions import ACCOUNTED
from assets.answers.checks import YearInLake, check_answers
from assets.answers.corrections import load_corrections
from assets.answers.municipalities import municipalities_of
from assets.answers.schemas import answers_of, quarantine_of
from assets.base.errors import BadInput
from assets.base.lake import read_table, write_table
from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import take_in
from assets.raw.store import DELIVERIES, delivered_rows, deliveries_of, raw_table, read_raw
from tests.conftest import SCENARIOS, Lea, bytes_of, copy
from tests.scenarios.made_files import MADE

QUARANTINE = [
    *("delivery", "source_row", "source_column", "municipality_code", "original_text", "rule", "message", "is_resolved")
]


def having(name: str) -> list[str]:
    return sorted(file.parent.name for file in SCENARIOS.glob(f"*/{name}"))


def command_of(scenario: str, folder: Path) -> tuple[Path, list[str]]:
    """The delivered file, put in ``folder``, and the options that go with it, of a message's first line."""
    program, _, name, *options = shlex.split((SCENARIOS / scenario / "message.txt").read_text().splitlines()[0][2:])
    assert program == "lea"
    file = folder / name
    folder.mkdir(exist_ok=True)
    if scenario in MADE:
        MADE[scenario](file)
    else:
        copy(SCENARIOS / scenario / name, file)
    return file, options


def with_what_counts_already(scenario: str, data_dir: Path, lea: Lea) -> None:
    """Gives the questionnaire the scenario's dialect, accepts its earlier delivery, corrects it, and adds a question to
    the questionnaire, where it has these."""
    if (dialect := SCENARIOS / scenario / "dialect.yaml").exists():
        questionnaire = data_dir / "questionnaires" / "2023" / "questionnaire.yaml"
        text = questionnaire.read_text().replace("questions:\n", dialect.read_text() + "\nquestions:\n", 1)
        questionnaire.write_text(text)
    earlier, corrections, question = (
        SCENARIOS / scenario / n for n in ("earlier.csv", "corrections.yaml", "question.yaml")
    )
    if not earlier.exists():
        return
    accepted = lea("accept", earlier, "--year", 2023)
    assert accepted.exit_code == 0, accepted.output
    if corrections.exists():
        copy(corrections, data_dir / "corrections" / "2023.yaml")
    if question.exists():
        questionnaire = data_dir / "questionnaires" / "2023" / "questionnaire.yaml"
        text = questionnaire.read_text().replace("  - id: X1\n", question.read_text() + "\n  - id: X1\n")
        questionnaire.write_text(text)


@pytest.mark.parametrize(
    "scenario", [pytest.param(one, marks=pytest.mark.slow if one in MADE else ()) for one in having("message.txt")]
)
def test_what_its_sender_reads(scenario: str, data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    file, options = command_of(scenario, tmp_path / "inbox")
    with_what_counts_already(scenario, data_dir, lea)
    before = bytes_of(data_dir)

    checked = lea("check", file, *options)

    command = shlex.join(["lea", "check", file.name, *options])
    wording = f"$ {command}\n{checked.output}exit code {checked.exit_code}\n"
    assert wording == (SCENARIOS / scenario / "message.txt").read_text()
    assert bytes_of(data_dir) == before


@pytest.mark.slow
@pytest.mark.parametrize("scenario", having("message.txt"))
def test_it_is_accepted_or_changes_nothing(scenario: str, data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    file, options = command_of(scenario, tmp_path / "inbox")
    with_what_counts_already(scenario, data_dir, lea)
    before = bytes_of(data_dir)
    message = (SCENARIOS / scenario / "message.txt").read_text()

    accepted = lea("accept", file, *options)

    assert f"exit code {accepted.exit_code}\n" == message.splitlines(keepends=True)[-1]
    assert isinstance(accepted.exception, SystemExit | None), "a traceback"
    if accepted.exit_code == 1:
        assert bytes_of(data_dir) == before
        in_both = message.split("\n", 1)[1].rsplit("exit code", 1)[0].split("'lea accept' refuses it:")[0]
        assert set(in_both.splitlines()[2 * in_both.count("nothing is wrong") :]) <= set(accepted.output.splitlines())
    else:
        delivery = load_questionnaire(data_dir / "questionnaires" / "2023").deliveries[-1]
        assert (data_dir / "questionnaires" / "2023" / delivery.path).read_bytes() == file.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("scenario", having("answers.csv"))
def test_what_is_made_of_it(scenario: str, data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    questionnaire, made = accept_and_build(scenario, data_dir, tmp_path, lea)

    assert answers_as_csv(questionnaire, made.answers) == (SCENARIOS / scenario / "answers.csv").read_text()
    quarantine = SCENARIOS / scenario / "quarantine.csv"
    assert quarantine_as_csv(made.quarantine) == (quarantine.read_text() if quarantine.exists() else None)
    outcomes = {o.definition: o for o in check_answers({2023: in_lake(questionnaire, made, data_dir)})}
    assert outcomes[ACCOUNTED].passed, outcomes[ACCOUNTED].failing
    assert answers_of(questionnaire).misfits(made.answers).empty
    assert quarantine_of(questionnaire).misfits(made.quarantine).empty


@pytest.mark.parametrize("scenario", having("stops.txt"))
def test_why_the_run_stops(scenario: str, data_dir: Path, tmp_path: Path, lea: Lea) -> None:
    with pytest.raises(BadInput) as stopped:
        accept_and_build(scenario, data_dir, tmp_path, lea)

    assert f"{stopped.value}\n".replace(str(data_dir), "data") == (SCENARIOS / scenario / "stops.txt").read_text()


def accept_and_build(scenario: str, data_dir: Path, tmp_path: Path, lea: Lea) -> tuple[Questionnaire, Answers]:
    """Accepts every delivery of a scenario, with its problems, and makes answers of them by way of the lake."""
    folder, lake = data_dir / "questionnaires" / "2023", data_dir / "lake"
    first, options = command_of(scenario, tmp_path / "inbox")
    with_what_counts_already(scenario, data_dir, lea)
    for file in (first, *sorted(SCENARIOS.glob(f"{scenario}/levering_*.csv"))):
        accepted = lea("accept", file, *options, "--with-problems")
        assert accepted.exit_code == 0, accepted.output
    corrections = SCENARIOS / scenario / "corrections.yaml"
    if corrections.exists():
        copy(corrections, data_dir / "corrections" / "2023.yaml")
    questionnaire = load_questionnaire(folder)
    taken = raw_table(take_in(questionnaire, folder))
    assert deliveries_of(questionnaire).misfits(taken).empty
    write_table(taken, DELIVERIES.file(lake, "2023"))
    municipalities = municipalities_of(data_dir / "registers", questionnaire.register_date)
    made = build_answers(
        questionnaire,
        read_raw(lake, questionnaire, folder),
        municipalities,
        load_corrections(data_dir / "corrections", 2023),
    )
    return questionnaire, made


def in_lake(questionnaire: Questionnaire, made: Answers, data_dir: Path) -> YearInLake:
    """The year as it is read back from the lake."""
    lake = data_dir / "lake"
    write_table(made.answers, lake / "answers" / "2023.parquet")
    write_table(made.quarantine, lake / "quarantine" / "2023.parquet")
    answers, quarantine = (read_table(lake / name / "2023.parquet") for name in ("answers", "quarantine"))
    raw = read_raw(lake, questionnaire, data_dir)
    return YearInLake(questionnaire, delivered_rows(raw), answers, quarantine, 6)


def answers_as_csv(questionnaire: Questionnaire, answers: pd.DataFrame) -> str:
    """A row per delivered row, a column per delivered column: the value, or in brackets why there is none."""
    values = answers["code"].astype("object")
    values = values.fillna(answers["text"].astype("object")).fillna(answers["number"].astype("object")).astype("str")
    values = values.where(answers["status"] == ANSWERED, "(" + answers["status"].astype("str") + ")")
    values += answers["correction"].notna().map({True: "*", False: ""})
    wide = answers.assign(value=values).pivot(
        index=["delivery", "source_row", "municipality_code", "is_current"], columns="source_column", values="value"
    )
    return wide[[cell.column for cell in question_cells(questionnaire)]].reset_index().to_csv(index=False, sep=";")


def quarantine_as_csv(quarantine: pd.DataFrame) -> str | None:
    if quarantine.empty:
        return None
    whole = quarantine["scope"] == "row"
    short = quarantine.assign(
        source_column=quarantine["source_column"].mask(whole, "(the whole row)"),
        original_text=quarantine["original_text"].mask(whole, ""),
    )
    return short[QUARANTINE].drop_duplicates().to_csv(index=False, sep=";")
