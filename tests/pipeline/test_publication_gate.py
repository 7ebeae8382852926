"""Invariant 4: no number is published over a failed or skipped blocking check, also when only the publication is run."""

from __future__ import annotations

import pytest

from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow

# Asks the instance for the publication alone, after something was reported to it.
PUBLISH = """
import sys
from dagster import AssetCheckEvaluation, AssetCheckSeverity, AssetKey, AssetMaterialization, DagsterInstance
from orchestration.definitions import defs
job = defs.resolve_job_def("publication")
quiet = {{"loggers": {{"console": {{"config": {{"log_level": "CRITICAL"}}}}}}}}
with DagsterInstance.get() as instance:
    {before}
    result = job.execute_in_process(instance=instance, run_config=quiet, raise_on_error=False)
print("published" if result.success else "refused")
for event in result.all_events:
    if event.is_step_failure:
        print(event.step_failure_data.user_failure_data.description)
"""


def publish(installation: Installation, before: str = "pass") -> str:
    told = installation.python(PUBLISH.format(before=before))
    assert told.returncode == 0, told.stderr
    return told.stdout


def report_check(name: str, asset: str, *, passed: bool) -> str:
    return (
        "instance.report_runless_asset_event(AssetCheckEvaluation("
        f"asset_key=AssetKey({asset.split('/')!r}), check_name={name!r}, passed={passed}, "
        "metadata={}, severity=AssetCheckSeverity.ERROR))"
    )


def versions(installation: Installation) -> list[str]:
    return sorted(f.name for f in (installation.editions / "2023").iterdir() if not f.name.startswith("."))


def test_the_publication_alone_passes_when_every_check_is_met(installation: Installation) -> None:
    assert publish(installation).startswith("published")


@pytest.mark.parametrize(
    ("check", "asset"),
    [
        ("every_municipality_answers_once", "answers/answers"),
        ("bookkeeping_closes_every_year", "registers/municipality_changes"),
    ],
)
def test_it_is_refused_over_a_failed_check_and_says_which(installation: Installation, check: str, asset: str) -> None:
    told = publish(installation, report_check(check, asset, passed=False))
    assert told.startswith("refused")
    assert f"{check} on {asset}: failed" in told
    assert versions(installation) == ["v1"]
    assert publish(installation, report_check(check, asset, passed=True)).startswith("published")


def test_it_is_refused_when_an_asset_was_made_after_its_check(installation: Installation) -> None:
    made_again = (
        'instance.report_runless_asset_event(AssetMaterialization(AssetKey(["answers", "answers"]), partition="2023"))'
    )
    told = publish(installation, made_again)
    assert told.startswith("refused")
    assert (
        "every_delivered_cell_is_accounted_for on answers/answers: was not evaluated since its asset was last made"
        in told
    )


def test_it_is_refused_where_nothing_was_ever_checked(installation: Installation) -> None:
    for file in installation.dagster_home.rglob("*"):
        if file.is_file() and file.name != "dagster.yaml":
            file.unlink()
    assert "was not evaluated" in publish(installation)


def test_every_blocking_check_of_the_definitions_is_behind_the_gate(installation: Installation) -> None:
    told = installation.python("""
from assets.editions.assets import UPSTREAM
from orchestration.definitions import defs
from orchestration.gate import blocking_checks
graph = defs.resolve_asset_graph()
every = {key for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
print(len(every), sorted(k.name for k in every ^ set(blocking_checks(UPSTREAM))))
""")
    assert told.returncode == 0, told.stderr
    count, difference = told.stdout.strip().split(" ", 1)
    assert int(count) > 20
    assert difference == "[]"
