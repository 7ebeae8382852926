"""The gate: nothing is built or published over a blocking check that has not passed on what is there now.

Dagster's blocking checks guard only the run in which they fail; a later run of only the warehouse, or only the edition,
would pass them by. So the warehouse and the edition ask here first, whoever starts them (DESIGN, invariant 4). What is
there is compared with what it was made of, never by a clock. Belongs here: what keeps them from being made, and why.
Does not belong here: what is upstream (Dagster's graph says so), or which files a stage reads (its ``STAGE``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from dagster import AssetCheckEvaluation, AssetCheckKey, AssetKey, AssetsDefinition, DagsterInstance, Failure

from assets.base.dagster_checks import MADE_OF
from assets.base.dagster_private import DATA_VERSION_TAG, AssetCheckExecutionRecord, PartitionKeyFilter
from assets.base.dagster_private import AssetCheckExecutionRecordStatus as Status
from assets.base.files import sha256_of
from assets.base.made_of import Stage, difference, fingerprint, made_of, table_file
from assets.base.paths import DataPaths
from assets.questionnaires.loader import delivered_years
from assets.warehouse.made_of import read_made_of, warehouse_code

HISTORY = 25  # evaluations of something else, or reported from outside, before a check counts as not evaluated
SHOWN = 10
_ENDED = {Status.SUCCEEDED, Status.FAILED}
_FAILED = "failed"  # why a check is not met that was evaluated on what is there now


@dataclass(frozen=True)
class Table:
    """A table of the lake, of one survey year where it is partitioned by it ('' where it is not)."""

    key: AssetKey
    survey_year: str

    @property
    def name(self) -> str:
        """'<stage>/<table>'."""
        return self.key.to_user_string()

    def file(self, lake: Path) -> Path:
        """Where it is in the lake."""
        return table_file(lake, self.name, self.survey_year)

    def __str__(self) -> str:
        return f"{self.name} of {self.survey_year}" if self.survey_year else self.name


@dataclass(frozen=True)
class Gate:
    """``tables``: of the lake → whether each is partitioned by year. ``of_lake``, ``of_warehouse``: the blocking checks
    before the warehouse, and on it. ``stages``: of the lake, by name."""

    database: AssetKey
    tables: Mapping[AssetKey, bool]
    of_lake: tuple[AssetCheckKey, ...]
    of_warehouse: tuple[AssetCheckKey, ...]
    stages: Mapping[str, Stage]

    @classmethod
    def around(cls, database: AssetKey, assets: Iterable[AssetsDefinition], stages: Iterable[Stage]) -> Self:
        """The gate around the warehouse that holds ``database``, by what Dagster knows to be before it."""
        assets = list(assets)
        (warehouse,) = (one for one in assets if database in one.keys)
        checks = [spec.key for one in assets for spec in one.check_specs if spec.blocking]
        of_lake = tuple(key for key in checks if key.asset_key not in warehouse.keys)
        by_stage = {stage.name: stage for stage in stages}
        lake = {key for one in assets if one.is_executable for key in one.keys if key.path[0] in by_stage}
        return cls(
            database,
            {key: by_stage[key.path[0]].by_year for key in sorted(lake)},
            of_lake,
            tuple(key for key in checks if key.asset_key in warehouse.keys),
            by_stage,
        )

    def before_warehouse(self, instance: DagsterInstance, paths: DataPaths) -> list[str]:
        """Why the warehouse may not be built now; empty when it may."""
        tables = self._tables(paths)
        unmet = self._unmet(instance, self.of_lake, self._marks(paths, tables))
        return [why for _, why in (*self._not_of_now(paths, tables), *unmet)] + list(self._left_behind(paths, tables))

    def before_edition(self, instance: DagsterInstance, paths: DataPaths) -> list[str]:
        """Why nothing may be published now; empty when it may."""
        return [*self.before_warehouse(instance, paths), *self._of_the_warehouse(instance, paths)]

    def to_take_in(self, instance: DagsterInstance, paths: DataPaths, *, failed: bool = True) -> set[Table]:
        """The tables of the lake that are not made of what is there now, or on which a blocking check has not passed.
        Not ``failed``: without those on which one has failed as they are, as it would fail again."""
        tables = self._tables(paths)
        old = {table for table, _ in self._not_of_now(paths, tables)}
        unmet = self._unmet(instance, self.of_lake, self._marks(paths, tables))
        return old | {table for table, why in unmet if failed or not why.endswith(_FAILED)}

    def lake(self, paths: DataPaths) -> dict[str, str]:
        """Table, or table and survey year → the fingerprint of what it was made of."""
        return {str(table): mark for table, mark in self._marks(paths, self._tables(paths)).items() if mark}

    def _tables(self, paths: DataPaths) -> list[Table]:
        years = [str(year) for year in delivered_years(paths.questionnaires)]
        return [Table(key, year) for key, by_year in self.tables.items() for year in (years if by_year else [""])]

    def _not_of_now(self, paths: DataPaths, tables: Iterable[Table]) -> Iterator[tuple[Table, str]]:
        now: dict[tuple[str, str], Mapping[str, str]] = {}
        for table in tables:
            stage = table.key.path[0]
            if (stage, table.survey_year) not in now:
                now[stage, table.survey_year] = self.stages[stage].made_of(paths, table.survey_year)
            if why := difference(made_of(table.file(paths.lake)), now[stage, table.survey_year]):
                yield table, f"{table} {why}"

    def _left_behind(self, paths: DataPaths, tables: Iterable[Table]) -> Iterator[str]:
        """The survey years in the lake of which nothing is delivered any more: the warehouse would read them."""
        for key in (key for key, by_year in self.tables.items() if by_year):
            known = {table.file(paths.lake) for table in tables if table.key == key}
            for file in sorted(set(table_file(paths.lake, key.to_user_string(), "0").parent.glob("*.parquet")) - known):
                yield f"{key.to_user_string()} of {file.stem} has no delivery any more: remove {file}"

    def _marks(self, paths: DataPaths, tables: Iterable[Table]) -> dict[Table, str | None]:
        made = {table: made_of(table.file(paths.lake)) for table in tables}
        return {table: fingerprint(what) if what else None for table, what in made.items()}

    def _of_the_warehouse(self, instance: DagsterInstance, paths: DataPaths) -> Iterator[str]:
        made = read_made_of(paths.warehouse)
        if made is None or not paths.warehouse.is_file():
            yield "the warehouse was never made"
            return
        if sha256_of(paths.warehouse) != made.sha256:
            yield f"the warehouse is not the file that was built: {paths.warehouse} was changed or replaced"
        elif _recorded(instance, self.database) != made.fingerprint:
            yield "the warehouse is not the one that Dagster recorded last: it was put in place outside of it"
        lake = self.lake(paths)
        for table in sorted(name for name in {*lake, *made.lake} if lake.get(name) != made.lake.get(name)):
            yield f"the warehouse was made of another {table} than is there now"
        if made.code != warehouse_code():
            yield "the warehouse was made before a change in the dbt project, or in the code that runs it"
        marks = {Table(key.asset_key, ""): made.fingerprint for key in self.of_warehouse}
        yield from (why for _, why in self._unmet(instance, self.of_warehouse, marks))

    def _unmet(
        self, instance: DagsterInstance, checks: Iterable[AssetCheckKey], marks: Mapping[Table, str | None]
    ) -> Iterator[tuple[Table, str]]:
        """The checks that have not passed on what is there; ``marks``: checked table → its fingerprint."""
        wanted: dict[str, list[AssetCheckKey]] = {}
        for check in checks:
            for table in (one for one in marks if one.key == check.asset_key):
                wanted.setdefault(table.survey_year, []).append(check)
        for year, keys in wanted.items():
            only = PartitionKeyFilter(key=year) if year else None
            latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys, partition_filter=only)
            for check in keys:
                table = Table(check.asset_key, year)
                mark = marks[table]
                if not _is_pass(latest.get(check), mark):
                    history = instance.event_log_storage.get_asset_check_execution_history(
                        check, limit=HISTORY, status=_ENDED, partition_filter=only
                    )
                    if why := _why_unmet(history, mark):
                        yield table, f"{check.name} on {table} {why}"


def refuse(refusals: list[str], what: str, stays: str) -> None:
    """Ends the step where there are reasons to. ``what`` is not made, ``stays`` says what is left as it is."""
    if refusals:
        listed = "\n".join(f"- {one}" for one in refusals[:SHOWN])
        more = f"\n- and {len(refusals) - SHOWN} more" if len(refusals) > SHOWN else ""
        raise Failure(
            f"{what}: {len(refusals)} conditions are not met\n{listed}{more}\n"
            f"  where:  {stays}\n"
            "  remedy: mend what a check that failed names; then 'lea run', which makes again what is out of date\n"
            "          (in the UI: materialize what is named, by survey year, and then the whole warehouse)",
            allow_retries=False,
        )


def _recorded(instance: DagsterInstance, database: AssetKey) -> str | None:
    event = instance.get_latest_materialization_event(database)
    made = event.asset_materialization if event else None
    return (made.tags or {}).get(DATA_VERSION_TAG) if made else None


def _is_pass(record: AssetCheckExecutionRecord | None, mark: str | None) -> bool:
    return record is not None and record.status == Status.SUCCEEDED and mark is not None and _mark(record) == mark


def _why_unmet(history: Iterable[AssetCheckExecutionRecord], mark: str | None) -> str:
    """Why a check is not met; '' when it is. A pass counts only for what it was evaluated on; a failure without a mark
    always."""
    for record in history:
        if _is_pass(record, mark):
            return ""
        if record.status == Status.FAILED:
            return _FAILED if _mark(record) in (mark, None) else "was not evaluated on what is there now"
    return "was not evaluated on what is there now"


def _mark(record: AssetCheckExecutionRecord) -> str | None:
    """The fingerprint of what was checked; None where the result does not say."""
    event = record.event.dagster_event if record.event else None
    evaluation = event.event_specific_data if event else None
    if not isinstance(evaluation, AssetCheckEvaluation) or MADE_OF not in evaluation.metadata:
        return None
    return str(evaluation.metadata[MADE_OF].value)
