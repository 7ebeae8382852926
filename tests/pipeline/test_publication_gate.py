"""Invariant 4: nothing is published over a blocking check that has not passed on what is there, whoever starts it; nor
from a warehouse that is not the one that was built from what is there.

One installation after its run; on a copy of it, each tampering is done, refused by its name, and undone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import duckdb
import pytest

from tests.pipeline.conftest import PROJECT, Installation, install

pytestmark = pytest.mark.slow

# Publishes for each line that it is given, or makes the assets that the line names, each time after something was
# reported to the instance. Each line has a process of its own, which has the definitions from the one before it.
PUBLISHER = """
import json, os, sys
from dagster import AssetCheckEvaluation, AssetCheckSeverity, AssetKey, AssetMaterialization, DagsterInstance
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationPlanned
from dagster._core.events import DagsterEvent, DagsterEventType
from orchestration.definitions import defs
from orchestration.runs import run_job
job = defs().resolve_job_def("publish")
described = lambda e: e.step_failure_data.user_failure_data.description
for line in sys.stdin:
    if child := os.fork():
        print(json.dumps(os.waitpid(child, 0)[1]), flush=True)
        continue
    reported, assets = json.loads(line)
    with DagsterInstance.get() as instance:
        for before in reported:
            exec(before)
            failures = []
            keep = lambda e: failures.append(described(e)) if e.is_step_failure else None
            succeeded = run_job(job, instance, keep, assets=[AssetKey(one.split("/")) for one in assets])
            print(json.dumps("published" if succeeded else failures[0]), flush=True)
    os._exit(0)
"""
Publish = Callable[..., list[str]]


@contextmanager
def publisher(installation: Installation) -> Iterator[Publish]:
    """Publishes, or makes ``assets``, and says what came of it after each of the things that were ``reported``:
    'published', or why not."""
    with (
        TemporaryFile("w+") as errors,
        subprocess.Popen(
            [sys.executable, "-c", PUBLISHER],
            env=installation.environment,
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        ask, answers = process.stdin, process.stdout

        def publish(*reported: str, assets: tuple[str, ...] = ("editions/edition",)) -> list[str]:
            print(json.dumps([reported or ["pass"], assets]), file=ask, flush=True)
            outcomes: list[str] = []
            for line in answers:
                if line.strip().isdigit():  # the exit status
                    errors.seek(0)
                    assert line == "0\n", errors.read()
                    return outcomes
                outcomes += [json.loads(line)] if line.startswith('"') else []
            errors.seek(0)
            raise AssertionError(errors.read())

        yield publish


def check(name: str, asset: str, *, passed: bool, year: str | None = None) -> str:
    return (
        f"instance.report_runless_asset_event(AssetCheckEvaluation(asset_key=AssetKey({asset.split('/')!r}), "
        f"check_name={name!r}, passed={passed}, metadata={{}}, severity=AssetCheckSeverity.ERROR, partition={year!r}))"
    )


def planned(name: str, asset: str) -> str:
    """A run that was killed before it came to this check."""
    return (
        "run = instance.create_run_for_job(job); instance.report_dagster_event(DagsterEvent("
        "event_type_value=DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED.value, job_name='publish', "
        "event_specific_data=AssetCheckEvaluationPlanned("
        f"asset_key=AssetKey({asset.split('/')!r}), check_name={name!r})), run_id=run.run_id)"
    )


def versions(installation: Installation) -> list[str]:
    return sorted(f.name for f in (installation.editions / "2023").iterdir() if not f.name.startswith("."))


@pytest.fixture(scope="module")
def tampered(ran: tuple[Installation, str], tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A copy for all tamperings: each is undone."""
    return install(tmp_path_factory.mktemp("gate") / "installation", like=ran[0])


@pytest.fixture(scope="module")
def publish(tampered: Installation) -> Iterator[Publish]:
    with publisher(tampered) as publish:
        yield publish


def change_a_number(installation: Installation) -> None:
    """By hand, in the warehouse; and the clock of the file set back."""
    before = installation.warehouse.stat()
    with duckdb.connect(str(installation.warehouse)) as connection:
        connection.execute("update rpt_cells set value = 99 where row_key = 'narrow' and table_id = 'tabel_1_11'")
    os.utime(installation.warehouse, ns=(before.st_atime_ns, before.st_mtime_ns))


def put_another_in_its_place(installation: Installation) -> None:
    with duckdb.connect(str(installation.folder / "other.duckdb")) as connection:
        connection.execute("create table rpt_cells as select 1 as value")
    shutil.move(installation.folder / "other.duckdb", installation.warehouse)


def take_its_word_too(installation: Installation) -> None:
    """Another file, and what lies beside the warehouse made to agree with it."""
    put_another_in_its_place(installation)
    claimed = installation.warehouse.with_name("made_of.json")
    from assets.base.files import sha256_of

    claimed.write_text(json.dumps(json.loads(claimed.read_text()) | {"sha256": sha256_of(installation.warehouse)}))


def edit(*names: str) -> Callable[[Installation], None]:
    def do(installation: Installation) -> None:
        for name in names:
            file = installation.data / name
            file.write_bytes(file.read_bytes() + b"\n")
            os.utime(file, (0, 0))  # with a clock set back

    return do


def remake_plausibility(installation: Installation) -> None:
    """A source is edited, and made again in the UI, after the warehouse."""
    edit("plausibility.yaml")(installation)
    message = installation.python("""
from dagster import AssetKey, DagsterInstance
from orchestration.definitions import defs
from orchestration.runs import run_job
job = defs().resolve_job_def("take_in")
with DagsterInstance.get() as instance:
    keys = [AssetKey(["plausibility", "rules"]), AssetKey(["plausibility", "confirmations"])]
    assert run_job(job, instance, lambda event: None, assets=keys)
""")
    assert message.returncode == 0, message.stderr


def lose_a_table(installation: Installation) -> None:
    (installation.data / "lake" / "answers" / "2022.parquet").unlink()


def leave_a_year_behind(installation: Installation) -> None:
    lake = installation.data / "lake" / "answers"
    shutil.copy(lake / "2022.parquet", lake / "2019.parquet")


TAMPERINGS: list[tuple[Callable[[Installation], None], tuple[str, ...]]] = [
    (change_a_number, ("the warehouse is not the file that was built",)),
    (put_another_in_its_place, ("the warehouse is not the file that was built",)),
    (take_its_word_too, ("the warehouse is not the one that Dagster recorded last",)),
    (edit("plausibility.yaml"), ("plausibility/rules was made before a change in plausibility.yaml",)),
    (remake_plausibility, ("the warehouse was made of another plausibility/rules than is there now",)),
    (
        edit("questionnaires/2021/questionnaire.yaml"),
        ("answers/answers of 2021 was made before a change in questionnaires/2021/questionnaire.yaml",),
    ),
    (edit("catalogue/measures.yaml"), ("catalogue/measures was made before a change in catalogue/measures.yaml",)),
    (lose_a_table, ("answers/answers of 2022 was never made",)),
    (leave_a_year_behind, ("answers/answers of 2019 has no delivery any more: remove ",)),
]


@pytest.mark.parametrize(("tamper", "reasons"), TAMPERINGS, ids=[reasons[0][:60] for _, reasons in TAMPERINGS])
def test_what_is_not_of_now_is_refused_by_its_name(
    tampered: Installation, publish: Publish, tamper: Callable[[Installation], None], reasons: tuple[str, ...]
) -> None:
    aside = tampered.folder.with_name("aside")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(tampered.folder, aside, symlinks=True)
    try:
        tamper(tampered)
        (refused,) = publish()
    finally:
        shutil.rmtree(tampered.folder)
        Path(aside).rename(tampered.folder)
    for reason in reasons:
        assert reason in refused
    assert "the last edition stays as it is" in refused


@pytest.mark.long
@pytest.mark.sample
def test_the_way_out_is_a_run(installation: Installation) -> None:
    change_a_number(installation)
    lose_a_table(installation)
    result = installation.lea("run")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "survey year 2022" in result.stdout
    with publisher(installation) as publish:
        assert publish() == ["published"]
    assert versions(installation) == ["v1"]  # no number differs


def test_it_is_refused_over_a_failed_check_and_a_pass_from_outside_does_not_help(
    tampered: Installation, publish: Publish
) -> None:
    once = ("every_municipality_answers_once", "answers/answers")
    rule = ("every_case_was_selected", "marts/fct_supervision_cases")
    message = publish(
        "pass",
        planned(*rule),  # what was killed made nothing: the last evaluation still holds
        check(*once, passed=False, year="2022"),
        check(*rule, passed=False),
        check(*rule, passed=True),
    )
    assert message[:2] == ["published", "published"]
    for refused in message[2:]:
        assert f"{once[0]} on answers/answers of 2022 failed" in refused
    for refused in message[3:]:
        assert f"{rule[0]} on {rule[1]} failed" in refused
    assert versions(tampered) == ["v1"]


def test_a_pass_from_outside_is_none_where_nothing_was_ever_checked(installation: Installation) -> None:
    for file in installation.dagster_home.rglob("*"):
        if file.is_file() and file.name != "dagster.yaml":
            file.unlink()
    name, asset = "every_delivered_cell_is_accounted_for", "answers/answers"
    reported = check(name, asset, passed=True, year="2020")
    with publisher(installation) as publish:
        for refused in publish("pass", reported):
            assert f"{name} on {asset} of 2020 was not evaluated on what is there now" in refused
        (refused,) = publish(assets=whole_warehouse(installation))
        assert "The warehouse is not built" in refused


def whole_warehouse(installation: Installation) -> tuple[str, ...]:
    """All tables of the warehouse: it is built whole, or not."""
    nodes = json.loads((installation.dbt_target / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
    models = (f"{node['fqn'][1]}/{node['name']}" for node in nodes if node["resource_type"] == "model")
    return (*models, "warehouse/database")


def test_a_part_of_the_warehouse_cannot_be_made(publish: Publish) -> None:
    with pytest.raises(AssertionError, match="subset"):
        publish(assets=("marts/fct_reach",))


def test_every_asset_of_the_lake_and_every_blocking_check_is_behind_the_gate(tampered: Installation) -> None:
    message = tampered.python("""
from orchestration.definitions import defs
loaded = defs()
graph, gate = loaded.resolve_asset_graph(), loaded.resources["gate"]
blocking = {key for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
lake = {key for key in graph.materializable_asset_keys if key.path[0] in gate.stages}
print(len(blocking), len(lake), sorted(map(str, blocking ^ {*gate.of_lake, *gate.of_warehouse})))
print(sorted(key.to_user_string() for key in lake - {*gate.tables}))
""")
    assert message.returncode == 0, message.stderr
    counted, unguarded = message.stdout.splitlines()
    checks, tables, unwatched = counted.split(" ", 2)
    assert int(checks) > 50
    assert int(tables) > 20
    assert unwatched == "[]"
    assert unguarded == "[]"
