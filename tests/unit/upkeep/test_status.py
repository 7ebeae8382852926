"""``lea status``: one screen, before the first run, after a failed one, and with damage."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from dagster import AssetKey, AssetMaterialization, DagsterInstance, DagsterRun, DagsterRunStatus, MetadataValue

from assets.base.dagster_private import origin_of
from assets.base.paths import PROJECT_DIR, DataPaths
from assets.editions.publication.receipt import of_now, write_receipt
from assets.editions.publication.withdrawal import withdraw
from orchestration.stages import stages_of_lake
from tests.conftest import Lea
from tests.unit.upkeep.test_doctor import overwritten


def a_run(status: DagsterRunStatus) -> Callable[[DataPaths, Path], None]:
    def add(_: DataPaths, dagster_home: Path) -> None:
        with DagsterInstance.from_config(str(dagster_home)) as instance:
            origin = origin_of("take_in", PROJECT_DIR / "workspace.yaml")
            tags = {"dagster/partition": "2023"}
            instance.add_run(DagsterRun("take_in", run_id="r", status=status, tags=tags, remote_job_origin=origin))

    return add


def a_desk(_: DataPaths, dagster_home: Path) -> None:
    counts = {"n_blocking": 1, "n_warnings": 3, "n_not_used": 7, "n_calls": 2}
    metadata = {
        **{k: MetadataValue.int(n) for k, n in counts.items()},
        "blocks": MetadataValue.md("- 2023, a check fails"),
    }
    with DagsterInstance.from_config(str(dagster_home)) as instance:
        instance.report_runless_asset_event(AssetMaterialization(AssetKey(["quality", "desk"]), metadata=metadata))


def nothing(_: DataPaths, __: Path) -> None:
    pass


def without_results(paths: DataPaths, _: Path) -> None:
    for folder in (paths.warehouse.parent, paths.lake):
        shutil.rmtree(folder)


def published(paths: DataPaths, _: Path) -> None:
    write_receipt(paths, paths.editions / "2023" / "v2", of_now(paths, stages_of_lake()))


def change(paths: DataPaths, dagster_home: Path) -> None:
    published(paths, dagster_home)
    paths.plausibility.write_text(paths.plausibility.read_text(encoding="utf-8") + "# another\n", encoding="utf-8")


CASES: dict[str, tuple[Callable[[DataPaths, Path], object], list[str]]] = {
    "a whole installation": (
        nothing,
        [
            "years\n  2023  open, synthetic: 1 delivery, the newest received on ",
            "editions\n  latest is 2023/v2; 2 versions are there\n",
            "checks\n! never evaluated",
            "the annual run is due on ",
        ],
    ),
    "nothing was delivered": (
        lambda paths, _: shutil.copy(Path("tests/scenarios/questionnaire.yaml"), paths.questionnaires / "2023"),
        ["! 2023  open, synthetic: no delivery yet: 'lea accept FILE --year 2023'"],
    ),
    "no edition": (lambda paths, _: shutil.rmtree(paths.editions), ["! none yet: 'lea run' publishes the first one"]),
    "an edition is withdrawn": (
        lambda paths, _: withdraw(paths.editions, 2023, None, "a wrong delivery", date(2026, 11, 28)),
        ["latest is 2023/v1; 2 versions", "2023/v2 was withdrawn on 2026-11-28: a wrong delivery"],
    ),
    "no history": (lambda _, dagster_home: shutil.rmtree(dagster_home / "history"), ["runs\n  none yet\n"]),
    "no warehouse and no lake": (
        without_results,
        ["! 'lea run': new or changed since the last edition: all"],
    ),
    "a run is stuck": (a_run(DagsterRunStatus.STARTED), ["! take in 2023 is stuck: 'lea doctor --mend' or 'lea run'"]),
    "a run waits": (a_run(DagsterRunStatus.QUEUED), ["  take in 2023 waits in the queue"]),
    "the last run failed": (a_run(DagsterRunStatus.FAILURE), ["! the last, take in 2023, failed on "]),
    "a check blocks": (
        a_desk,
        ["! 1 block, 3 warn (the desk, ", "! 2023, a check fails", "7 cells are not used, 2 calls to make"],
    ),
    "nothing has changed": (published, ["  nothing has changed since the last edition: 'lea run' has nothing to do"]),
    "something has changed": (
        change,
        ["! 'lea run': new or changed since the last edition: plausibility"],
    ),
    "Dagster's databases are damaged": (
        lambda _, dagster_home: overwritten(dagster_home / "history" / "runs.db"),
        [
            "damaged\n! Dagster's databases cannot be used: ",
            "'lea doctor' says all that is wrong",
            "the annual run is due",
        ],
    ),
    "a questionnaire cannot be read": (
        lambda paths, _: (paths.questionnaires / "2023" / "questionnaire.yaml").write_text("a: [1"),
        ["damaged\n! The questionnaire is not valid YAML", "latest is 2023/v2"],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_status_says_what_is_so(paths: DataPaths, dagster_home: Path, lea: Lea, name: str) -> None:
    make, says = CASES[name]
    make(paths, dagster_home)
    result = lea("status")
    assert result.exit_code == 0, result.output
    for text in says:
        assert text in result.stdout
    assert "Traceback" not in result.output


def test_status_before_anything_was_done(data_dir: Path, dagster_home: Path, lea: Lea) -> None:
    assert data_dir.exists()
    shutil.rmtree(dagster_home)
    shutil.rmtree(data_dir)
    result = lea("status")
    assert result.exit_code == 0, result.output
    assert "! none yet: 'lea run' publishes the first one" in result.stdout
