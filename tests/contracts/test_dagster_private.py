"""What is private to Dagster is imported in one place, and is what the monitor takes it for: a new release that changes
it fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetKey,
    AssetSpec,
    DagsterEventType,
    DagsterInstance,
    DataVersion,
    Definitions,
    DynamicPartitionsDefinition,
    MaterializeResult,
    asset,
    define_asset_job,
    in_process_executor,
    multi_asset,
    multi_asset_check,
)

from assets.base.dagster_private import (
    DATA_VERSION_TAG,
    PARTITION_NAME_TAG,
    AssetCheckExecutionRecordStatus,
    PartitionKeyFilter,
    evaluation_of,
    execute_here,
    origin_of,
)
from assets.base.paths import PROJECT_DIR

pytestmark = pytest.mark.slow

PRIVATE = re.compile(r"^\s*(?:from|import) dagster\w*\._", re.MULTILINE)
ALLOWED = {"assets/base/dagster_private.py", "orchestration/event_log.py"}


def test_private_names_are_imported_in_one_place_only() -> None:
    sources = [file for name in ("assets", "orchestration") for file in (PROJECT_DIR / name).rglob("*.py")]
    private = {
        file.relative_to(PROJECT_DIR).as_posix() for file in sources if PRIVATE.search(file.read_text(encoding="utf-8"))
    }
    assert private == ALLOWED


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[DagsterInstance]:
    with DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def test_a_run_of_this_process_has_its_partition_its_origin_and_a_check_of_each_year(instance: DagsterInstance) -> None:
    years = DynamicPartitionsDefinition(name="year")
    instance.add_dynamic_partitions("year", ["2022", "2023"])

    @asset(partitions_def=years, check_specs=[AssetCheckSpec("good", asset="taken", partitions_def=years)])
    def taken(context):  # type: ignore[no-untyped-def]  # Dagster cannot read an annotation that is a text
        yield MaterializeResult(data_version=DataVersion(f"of {context.partition_key}"))
        yield AssetCheckResult(check_name="good", passed=context.partition_key == "2023")

    definitions = Definitions(
        assets=[taken], jobs=[define_asset_job("take", selection=[taken])], executor=in_process_executor
    )
    job = definitions.resolve_job_def("take")
    for year in ("2022", "2023"):
        run = instance.create_run_for_job(
            job,
            tags={PARTITION_NAME_TAG: year},
            remote_job_origin=origin_of("take", PROJECT_DIR / "workspace.yaml"),
        )
        assert execute_here(job, run, instance)
        event = instance.get_latest_materialization_event(AssetKey("taken"))
        assert event is not None
        assert event.asset_materialization is not None
        assert (event.asset_materialization.tags or {})[DATA_VERSION_TAG] == f"of {year}"

    (check,) = (spec.key for spec in taken.check_specs)
    found = {
        year: instance.event_log_storage.get_latest_asset_check_execution_by_key(
            [check], partition_filter=PartitionKeyFilter(key=year)
        )[check].status
        for year in ("2022", "2023")
    }
    assert found == {
        "2022": AssetCheckExecutionRecordStatus.FAILED,
        "2023": AssetCheckExecutionRecordStatus.SUCCEEDED,
    }
    assert {run.remote_job_origin.location_name for run in instance.get_runs() if run.remote_job_origin} == {
        "orchestration.definitions"
    }


@pytest.mark.parametrize("is_good", [True, False])
def test_a_check_without_an_output_holds_up_what_waits_for_the_other(instance: DagsterInstance, is_good: bool) -> None:
    @multi_asset(specs=[AssetSpec("table"), AssetSpec("database")])
    def built():  # type: ignore[no-untyped-def]
        yield MaterializeResult(asset_key="table")
        yield MaterializeResult(asset_key="database")

    specs = [AssetCheckSpec("is_whole", asset="database", blocking=True)]
    specs += [AssetCheckSpec("is_good", asset="table", blocking=True)]

    @multi_asset_check(specs=specs, can_subset=True)
    def checks(context):  # type: ignore[no-untyped-def]
        yield AssetCheckResult(asset_key="database", check_name="is_whole", passed=True)
        yield evaluation_of(AssetCheckResult(asset_key="table", check_name="is_good", passed=is_good), context)

    @asset(deps=["database"])
    def edition() -> None:
        pass

    definitions = Definitions(
        assets=[built, edition],
        asset_checks=[checks],
        jobs=[define_asset_job("publish", selection="*")],
        executor=in_process_executor,
    )
    run = definitions.resolve_job_def("publish").execute_in_process(instance=instance, raise_on_error=False)
    assert run.success is is_good
    outputs = [event.step_key for event in run.all_events if event.event_type == DagsterEventType.STEP_OUTPUT]
    assert outputs.count("checks") == 1
    assert ("edition" in outputs) is is_good
    key = specs[1].key
    record = instance.event_log_storage.get_latest_asset_check_execution_by_key([key])[key]
    assert record.status == AssetCheckExecutionRecordStatus[("FAILED", "SUCCEEDED")[is_good]]
    assert record.event is not None
    evaluation = record.event.dagster_event.asset_check_evaluation_data if record.event.dagster_event else None
    assert evaluation is not None
    assert evaluation.target_materialization_data is not None
    assert evaluation.blocking
