"""Invariant 4: no number is published over a failed or skipped blocking check, also when only the publication is
run."""

from __future__ import annotations

import json

import pytest

from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow

# Asks the instance for the publication alone, again and again, each time after something was reported to it.
PUBLISH = """
import json, sys
from dagster import AssetCheckEvaluation, AssetCheckSeverity, AssetKey, AssetMaterialization, DagsterInstance
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationPlanned
from dagster._core.events import DagsterEvent, DagsterEventType
from orchestration.definitions import defs
job = defs().resolve_job_def("publication")
quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
with DagsterInstance.get() as instance:
    for before in json.loads(sys.argv[1]):
        exec(before)
        result = job.execute_in_process(instance=instance, run_config=quiet, raise_on_error=False)
        failures = [e.step_failure_data.user_failure_data.description for e in result.all_events if e.is_step_failure]
        print(json.dumps("published" if result.success else failures[0]))
"""


def publish(installation: Installation, *reported: str) -> list[str]:
    """What came of publishing after each of the things that were reported: 'published', or why not."""
    message = installation.python(PUBLISH, json.dumps(reported))
    assert message.returncode == 0, message.stderr
    return [json.loads(line) for line in message.stdout.splitlines()]


def check(name: str, asset: str, *, passed: bool) -> str:
    return (
        f"instance.report_runless_asset_event(AssetCheckEvaluation(asset_key=AssetKey({asset.split('/')!r}), "
        f"check_name={name!r}, passed={passed}, metadata={{}}, severity=AssetCheckSeverity.ERROR))"
    )


def planned(name: str, asset: str) -> str:
    """A run that was killed before it came to this check."""
    return (
        "run = instance.create_run_for_job(job); instance.report_dagster_event(DagsterEvent("
        "event_type_value=DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED.value, job_name='annual_run', "
        "event_specific_data=AssetCheckEvaluationPlanned("
        f"asset_key=AssetKey({asset.split('/')!r}), check_name={name!r})), run_id=run.run_id)"
    )


def versions(installation: Installation) -> list[str]:
    return sorted(f.name for f in (installation.editions / "2023").iterdir() if not f.name.startswith("."))


def test_it_is_refused_over_a_failed_check_and_says_which(installation: Installation) -> None:
    once = ("every_municipality_answers_once", "answers/answers")
    closes = ("bookkeeping_closes_every_year", "registers/municipality_changes")
    one_row = ("fct_reach__one_row_per_key", "marts/fct_reach")
    message = publish(
        installation,
        "pass",
        *(check(*one, passed=passed) for one in (once, closes, one_row) for passed in (False, True)),
    )
    assert message[0] == "published"
    for refused, accepted, (name, asset) in zip(message[1::2], message[2::2], (once, closes, one_row), strict=True):
        assert f"{name} on {asset}: failed" in refused
        assert "the last edition stays as it is" in refused
        assert accepted == "published"
    assert versions(installation) == ["v1"]


def test_it_is_refused_when_an_asset_was_made_after_its_check(installation: Installation) -> None:
    killed = planned("every_municipality_answers_once", "answers/answers")
    made_again = (
        'instance.report_runless_asset_event(AssetMaterialization(AssetKey(["answers", "answers"]), partition="2023"))'
    )
    source_again = 'instance.report_runless_asset_event(AssetMaterialization(AssetKey(["catalogue", "cells"])))'
    after_a_kill, newer_source, refused = publish(installation, killed, source_again, made_again)
    assert "catalogue/cells was made after the warehouse" in newer_source
    assert after_a_kill == "published"  # what was killed made nothing: the last evaluation still holds
    assert (
        "every_delivered_cell_is_accounted_for on answers/answers: was not evaluated since its asset was last made"
        in refused
    )


def test_it_is_refused_where_nothing_was_ever_checked(installation: Installation) -> None:
    for file in installation.dagster_home.rglob("*"):
        if file.is_file() and file.name != "dagster.yaml":
            file.unlink()
    (refused,) = publish(installation, "pass")
    assert "was not evaluated" in refused


def test_every_other_asset_and_every_blocking_check_is_behind_the_gate(installation: Installation) -> None:
    message = installation.python("""
from orchestration.definitions import defs
loaded = defs()
graph, gate = loaded.resolve_asset_graph(), loaded.resources["gate"]
blocking = {key for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
made = {key for key in graph.materializable_asset_keys if key.path[0] != "editions"}
unwatched = [blocking ^ set(gate.checks), made ^ {*gate.sources, *gate.tables}]
print(len(blocking), len(made), *(sorted(map(str, keys)) for keys in unwatched))
""")
    assert message.returncode == 0, message.stderr
    checks, assets, unwatched = message.stdout.strip().split(" ", 2)
    assert int(checks) > 20
    assert int(assets) > 80
    assert unwatched == "[] []"
