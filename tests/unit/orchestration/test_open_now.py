"""What people have to know: found in the history of runs and in the files, and without anything that was delivered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dagster import (
    AssetKey,
    AssetsDefinition,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    Failure,
    MaterializeResult,
    asset,
    materialize,
)

from assets.base.checks import CheckDefinition
from assets.base.dagster_checks import check_result, check_specs
from assets.base.errors import BadInput
from assets.base.installation import plain_failures
from assets.base.paths import DataPaths
from assets.base.settings import Settings
from assets.warehouse.gate import Gate
from orchestration.notices.notice import Notice
from orchestration.notices.open_now import Looking
from orchestration.notices.sending import send_new
from orchestration.notices.sensor import look_and_send
from tests.unit.orchestration.receivers import web_address

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 28, 16, 40, tzinfo=UTC)
DELIVERED = ("GM0014", "Groningen", "heel veel", "5 320")
"""Parts of a delivery: a code, a name, and two answers."""
QUOTING = "Answer 'heel veel' of GM0014 Groningen is no number (5 320)"

NUMBERS = CheckDefinition(
    "every_count_is_a_number", "answers/answers", True, "Counts are numbers.", "write digits only"
)
BLOCKS = "fails, so nothing is published"
LATE = "answers of 2024 were expected by 2024-05-31, and none were accepted"
ODD = CheckDefinition("no_count_is_odd", "answers/answers", False, "Counts are plausible.", "call the municipality")
FAILING = pd.DataFrame({"municipality_code": ["GM0014"], "municipality_name": ["Groningen"], "answer": ["heel veel"]})


@pytest.fixture
def paths(data_dir: Path) -> DataPaths:
    return DataPaths(data_dir)


def looking(
    instance: DagsterInstance, paths: DataPaths, *, settings: Any = None, now: datetime = NOW, checks: Any = ()
) -> Looking:
    gate = Gate(AssetKey(["warehouse", "database"]), {}, (), (), {})
    return Looking(instance, paths, Settings.model_validate(settings or {}), gate, checks, now)


def register_delivery(paths: DataPaths) -> None:
    with (paths.questionnaires / "2023" / "questionnaire.yaml").open("a", encoding="utf-8") as file:
        sha256 = "0" * 64
        entry = f"{{number: 1, path: a.csv, format: csv, sha256: '{sha256}', received_on: 2023-05-01}}"
        file.write(f"\ndeliveries: [{entry}]\n")


def with_checks(*failing: CheckDefinition) -> AssetsDefinition:
    """Answers on which these checks fail, and the others pass."""

    @asset(key=AssetKey(["answers", "answers"]), check_specs=check_specs([NUMBERS, ODD]))
    def answers() -> Iterator[Any]:
        if NUMBERS not in failing:
            yield MaterializeResult()
        for check in (NUMBERS, ODD):
            outcome = check.outcome(FAILING if check in failing else FAILING.head(0), 10)
            yield check_result(outcome, "of now", Path("nowhere"))
        if NUMBERS in failing:
            raise Failure(f"Not taken in: answers 2023. Blocking checks failed: 1\n- every_count_is_a_number {QUOTING}")

    return answers


def that_raises(error: Exception) -> AssetsDefinition:
    @asset(key=AssetKey(["raw", "deliveries"]))
    def deliveries() -> None:
        with plain_failures():
            raise error

    return deliveries


REFUSED = that_raises(BadInput(QUOTING, "Groningen.xlsx, row 3, column GM0014", "ask Groningen"))
FAILED = that_raises(RuntimeError(QUOTING))
BOTH_FAIL = with_checks(NUMBERS, ODD)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (with_checks(), []),
        (with_checks(ODD), [("answers/answers", "no count is odd: warns", "1 row", "call the municipality")]),
        (
            BOTH_FAIL,
            [
                ("answers/answers", f"every count is a number: {BLOCKS}", "1 row", "write digits only"),
                ("answers/answers", "no count is odd: warns", "1 row", "call the municipality"),
            ],
        ),
        (REFUSED, [("raw/deliveries", "was refused", "", None)]),
        (FAILED, [("raw/deliveries", "failed for a reason that nobody foresaw", "", None)]),
    ],
)
def test_what_a_run_left_open_and_nothing_that_was_delivered(
    instance: DagsterInstance,
    paths: DataPaths,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    made: AssetsDefinition,
    expected: list[tuple[str, str, str, str | None]],
) -> None:
    materialize([made], instance=instance, raise_on_error=False)
    settings = {"notices": {"channel": "webhook"}}
    look = looking(instance, paths, settings=settings, checks=[*made.check_specs])
    found = [one for one in look.open_now() if not one.asset.startswith("editions/")]
    assert [(one.asset, one.what, one.how_much) for one in found] == [one[:3] for one in expected]
    assert [one.to_do for one, wanted in zip(found, expected, strict=True) if wanted[3]] == [
        one[3] for one in expected if one[3]
    ]
    with web_address() as web:
        monkeypatch.setenv("LEA_NOTICES_URL", web.url)
        assert send_new(found, look.settings, tmp_path, NOW)
        sent = json.dumps(web.posts) + "".join(file.read_text() for file in tmp_path.glob("*.json"))
    assert [part for part in DELIVERED if part in sent] == []


def test_another_refusal_of_the_same_step_is_another_state(instance: DagsterInstance, paths: DataPaths) -> None:
    def found(made: AssetsDefinition) -> Notice:
        materialize([made], instance=instance, raise_on_error=False)
        (notice,) = [one for one in looking(instance, paths).open_now() if one.asset == "raw/deliveries"]
        return notice

    first, same, other = found(REFUSED), found(REFUSED), found(that_raises(BadInput("another", "there", "mend it")))
    assert first.key == same.key == other.key
    assert first.state == same.state != other.state


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([("take_in", "FAILURE")], ["a run of take_in was killed, or could not begin"]),
        ([("__ASSET_JOB", "FAILURE")], ["a run of publish was killed, or could not begin"]),
        ([("take_in", "FAILURE"), ("take_in", "SUCCESS")], []),
        ([("take_in", "FAILURE"), ("publish", "SUCCESS")], ["a run of take_in was killed, or could not begin"]),
        ([("take_in", "CANCELED")], []),
    ],
)
def test_a_run_that_was_killed(
    instance: DagsterInstance, paths: DataPaths, runs: list[tuple[str, str]], expected: list[str]
) -> None:
    for job, status in runs:
        instance.add_run(DagsterRun(job, status=DagsterRunStatus(status)))
    found = looking(instance, paths).open_now()
    assert [one.what for one in found if "run of" in one.what] == expected


@pytest.mark.parametrize(
    ("name", "mistake", "notice"),
    [
        (
            "questionnaires/2023/questionnaire.yaml",
            "heel veel: [",
            "a declaration cannot be read, so nothing can be made",
        ),
        ("settings.yaml", "writers: {}\n", "the settings cannot be used, so nothing can be made"),
    ],
)
def test_what_cannot_be_read_hides_nothing_that_was_sent(
    instance: DagsterInstance,
    paths: DataPaths,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    mistake: str,
    notice: str,
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    paths.settings.write_text("notices: {channel: webhook}\n", encoding="utf-8")
    made, file = with_checks(ODD), paths.root / name
    materialize([made], instance=instance)
    whole, heard = file.read_text(encoding="utf-8"), []
    with web_address() as web:
        monkeypatch.setenv("LEA_NOTICES_URL", web.url)
        for text in (whole, f"{whole}{mistake}", whole):
            file.write_text(text, encoding="utf-8")
            assert look_and_send(instance, paths, looking(instance, paths).gate, [*made.check_specs])
            heard.append([notice["what"] for post in web.posts for notice in post["notices"]])
            web.posts.clear()
    assert "no count is odd: warns" in heard[0]
    assert heard[1:] == [[notice], []]


@pytest.mark.parametrize(
    ("now", "due", "expected"),
    [
        ("2024-05-31T12:00", {2024: "2024-05-31"}, []),
        ("2024-05-31T23:00", {2024: "2024-05-31"}, [LATE]),
        ("2024-06-01T12:00", {2024: "2024-05-31"}, [LATE]),
        ("2024-06-01T12:00", {2023: "2023-05-31"}, []),
        ("2024-06-01T12:00", {}, []),
    ],
)
def test_answers_that_are_late(
    instance: DagsterInstance, paths: DataPaths, now: str, due: dict[int, str], expected: list[str]
) -> None:
    """In the time zone of the annual run, where 23:00 UTC is the next day; answers of 2023 are there."""
    register_delivery(paths)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = looking(instance, paths, settings={"deadlines": {"answers": due}}, now=moment).open_now()
    assert [one.what for one in found if one.asset == "delivered/files"] == expected


@pytest.mark.parametrize(
    ("now", "status", "published", "expected"),
    [
        ("2023-08-31T12:00", "open", [], []),
        ("2023-09-01T12:00", "open", [], ["the edition of 2023 was due by 2023-09-01, and is not there"]),
        ("2024-08-31T12:00", "open", ["2022"], ["the edition of 2023 was due by 2023-09-01, and is not there"]),
        ("2023-09-01T12:00", "open", ["2023"], []),
        ("2023-09-01T12:00", "planned", [], []),
    ],
)
def test_an_edition_that_is_late(
    instance: DagsterInstance, paths: DataPaths, now: str, status: str, published: list[str], expected: list[str]
) -> None:
    file = paths.questionnaires / "2023" / "questionnaire.yaml"
    file.write_text(re.sub(r"^status: \w+", f"status: {status}", file.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    for year in published:
        (paths.editions / year / "v1").mkdir(parents=True)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = looking(instance, paths, now=moment).open_now()
    assert [one.what for one in found if one.asset == "editions/edition"] == expected
