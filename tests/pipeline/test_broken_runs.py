"""Invariants 3, 5 and 8 on whole runs: what is broken leaves the last edition and warehouse as they were."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from pathlib import Path

import duckdb
import pytest

from assets.base.paths import DataPaths
from assets.base.settings import Settings
from assets.editions.assets import _publish as publish
from assets.editions.publication.folder import newest_edition
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow


def state(installation: Installation) -> dict[str, str]:
    """Everything that a reader could open, by SHA-256."""
    files = [
        f for f in installation.editions.rglob("*") if f.is_file() and not any(p.startswith(".") for p in f.parts[-3:])
    ]
    return {str(f): hashlib.sha256(f.read_bytes()).hexdigest() for f in [*files, installation.warehouse]}


def test_a_changed_file_is_refused_by_name_and_nothing_is_published(installation: Installation) -> None:
    before = state(installation)
    file = next((installation.data / "questionnaires" / "2023").glob("*v01.xlsx"))
    file.write_bytes(file.read_bytes()[:-2000])
    result = installation.lea("run")
    assert result.returncode == 1
    assert "is not the file that was accepted" in result.stdout
    assert file.name in result.stdout
    assert "remedy:" in result.stdout
    assert "nothing was published" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
    assert state(installation) == before


def test_a_questionnaire_with_a_mistake_is_refused_with_its_line(installation: Installation) -> None:
    before = state(installation)
    file = installation.data / "questionnaires" / "2022" / "questionnaire.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if "answer_type: count" in line)
    lines[at] = lines[at].replace("count", "counts")
    file.write_text("\n".join(lines), encoding="utf-8")
    result = installation.lea("run")
    assert result.returncode == 1
    assert f"questionnaire.yaml, line {at + 1}" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert state(installation) == before


def test_a_case_without_selection_is_refused_by_its_record(installation: Installation) -> None:
    before = state(installation)
    file = installation.data / "supervision" / "2023.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, "GM0014,lea,selected,2023-09-04,,synthetic", ""]), encoding="utf-8")
    result = installation.lea("run")
    assert result.returncode == 1
    assert "every_case_was_selected on marts/fct_supervision_cases: 1 failing" in result.stdout
    assert f"data/supervision/2023.csv, line {len(lines) + 1}; municipality_code GM0014; domain lea" in result.stdout
    assert "remove its lines in data/supervision, add a criterion for that survey year" in result.stdout
    assert state(installation) == before


def test_a_municipality_that_appears_twice_stops_the_run_until_set_aside_and_a_late_correction_under_a_case_warns(
    installation: Installation, tmp_path: Path
) -> None:
    """GM0513 was selected because it held no consultation on disadvantage, and then says that it did."""
    before = state(installation)
    folder = installation.data / "questionnaires" / "2023"
    import openpyxl

    workbook = openpyxl.load_workbook(next(folder.glob("*v02.xlsx")))
    sheet = workbook["Antwoorden"]
    sheet.append([cell.value for cell in sheet[2]])
    file = tmp_path / "double.xlsx"
    workbook.save(file)
    assert installation.lea("accept", str(file), "--year", "2023").returncode == 1
    accepted = installation.lea("accept", str(file), "--year", "2023", "--with-problems")
    assert accepted.returncode == 0, accepted.stderr
    result = installation.lea("run", "--year", "2020")  # 2023 comes along: its answers rest on something else by now
    assert "survey years 2020, 2023" in result.stdout
    assert result.returncode == 1
    assert "every_municipality_answers_once on answers/answers" in result.stdout
    assert state(installation) == before
    last = sheet.max_row
    aside = "".join(
        f"  - {{delivery: 3, row: {row}, reason: sent twice, who: a steward, when: 2023-07-01}}\n" for row in (2, last)
    )
    late = (
        'municipality: GM0513, question: L1a, expected: "2", value: "1", reason: telephone, who: a '
        "steward, when: 2024-01-10"
    )
    (installation.data / "corrections" / "2023.yaml").write_text(
        f"set_aside:\n{aside}corrections:\n  - {{{late}}}\n", encoding="utf-8"
    )
    result = installation.lea("run", "--year", "2023")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "warned  every_case_is_still_selected on marts/fct_supervision_cases: 1 failing" in result.stdout
    assert "edition: v2 of 2023 (new)" in result.stdout
    first, second = (installation.editions / "2023" / version for version in ("v1", "v2"))
    for files in ("public/figures/*/*.png", "municipalities/*/answers.xlsx"):
        made = [file.relative_to(first) for file in first.glob(files)]
        taken_over = [file for file in made if (second / file).exists() and (second / file).samefile(first / file)]
        assert len(taken_over) > len(made) / 2  # one municipality changes few of them


def test_a_corrected_count_changes_the_folder_of_its_municipality_only(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = "municipality: GM0034, question: R2, expected: '1167', value: '1168'"
    (installation.data / "corrections" / "2023.yaml").write_text(
        f"corrections:\n  - {{{what}, reason: telephone, who: a steward, when: 2024-01-11}}\n", encoding="utf-8"
    )
    before = newest_edition(installation.editions)
    assert before
    result = installation.lea("run", "--year", "2023")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "new for: 1 municipality" in result.stdout
    after = newest_edition(installation.editions)
    assert after
    assert after != before
    files = [file.relative_to(before) for file in before.glob("municipalities/*/*")]
    made = {file.parent.name for file in files if not (after / file).samefile(before / file)}
    assert made == {"GM0034"}
    facts = json.loads((after / "internal" / "edition.json").read_text(encoding="utf-8"))
    assert facts["municipalities_changed"] == ["GM0034"]
    assert installation.lea("verify").returncode == 0
    # With other tools it is made again to compare: each folder of the version that it names.
    monkeypatch.setenv("DAGSTER_HOME", str(installation.folder / "dagster_home"))
    monkeypatch.setattr("assets.editions.publication.publish.made_with", lambda _: {"code": "another"})
    again, _ = publish(DataPaths(installation.data), Settings())
    assert (again.folder, again.is_new, again.changed_municipalities) == (after, False, ())


@pytest.mark.long
@pytest.mark.sample
def test_killed_runs_leave_the_last_edition_and_two_at_once_then_need_no_repair_and_lock_no_reader_out(
    installation: Installation,
) -> None:
    before = state(installation)
    for moment in ("building/lea_vve.duckdb", "editions/.building"):
        with (installation.data / "plausibility.yaml").open("a", encoding="utf-8") as rules:
            rules.write("# another state of it, so that the warehouse is built\n")
        run = installation.start("run")
        reached = _wait_for(installation, moment)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        assert reached, f"the run never came to {moment}"
    after = state(installation)
    assert {f: d for f, d in after.items() if f != str(installation.warehouse)} == {
        f: d for f, d in before.items() if f != str(installation.warehouse)
    }
    with duckdb.connect(str(installation.warehouse), read_only=True) as connection:
        assert connection.execute("select count(*) from rpt_cells").fetchall()[0][0] > 0


@pytest.mark.long
@pytest.mark.sample
def test_two_runs_at_once_both_succeed_and_a_reader_is_never_locked_out(installation: Installation) -> None:
    runs = [installation.start("run", "--year", "2023"), installation.start("run", "--year", "2023")]
    reads = 0
    while any(run.poll() is None for run in runs):
        with duckdb.connect(str(installation.warehouse), read_only=True) as connection:
            assert connection.execute("select count(*) from rpt_cells").fetchall()[0][0] > 0
        published = installation.inside / "lea_vve.duckdb"
        with duckdb.connect(str(published), read_only=True) as connection:
            assert connection.execute("select count(*) from rpt_cells").fetchall()[0][0] > 0
        reads += 1
        time.sleep(0.2)
    message = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], message
    assert ["survey year 2023\n" in output for output in message] == [
        True,
        True,
    ]  # taken in again, for it was asked for
    assert reads > 10
    versions = [f.name for f in (installation.editions / "2023").iterdir() if not f.name.startswith(".")]
    assert versions == ["v1"]  # nothing differed, so nothing was published anew


def _wait_for(installation: Installation, moment: str) -> bool:
    folder, name = (
        (installation.data / "warehouse", moment) if moment.startswith("building") else (installation.data, moment)
    )
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if any(folder.glob(f"{name}*")):
            return True
        time.sleep(0.005)
    return False
