"""The publication gate: no edition over a blocking check that failed, or that was not evaluated since its asset was
made, and none from a warehouse that is older than what it is made from.

Dagster's blocking checks guard only the run in which they fail; a later run of only the publication would pass them by.
So the instance is asked, whatever is run (DESIGN, invariant 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from dagster import AssetCheckKey, AssetKey, AssetsDefinition, DagsterInstance
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecord
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus as Status

HISTORY = 25  # runs killed in a row before a check counts as not evaluated


@dataclass(frozen=True)
class Unmet:
    """A blocking check that keeps the edition from being published, and why."""

    check: AssetCheckKey
    why: str

    def __str__(self) -> str:
        return f"{self.check.name} on {self.check.asset_key.to_user_string()}: {self.why}"


@dataclass(frozen=True)
class Outdated:
    """Something that was made again after the warehouse, which therefore does not show it."""

    source: AssetKey

    def __str__(self) -> str:
        return f"{self.source.to_user_string()} was made after the warehouse"


@dataclass(frozen=True)
class Gate:
    """What an edition rests on: all blocking ``checks``, the ``tables`` of the warehouse, and its ``sources``."""

    checks: tuple[AssetCheckKey, ...]
    tables: tuple[AssetKey, ...]
    sources: tuple[AssetKey, ...]

    @classmethod
    def before(cls, edition: AssetKey, assets: Iterable[AssetsDefinition]) -> Self:
        """The gate before ``edition``, which watches all other assets: no list to forget one in."""
        made = [one for one in assets if one.is_executable and edition not in one.keys]
        (published,) = (one for one in assets if edition in one.keys)
        (warehouse,) = (one for one in made if published.asset_deps[edition] & one.keys)
        return cls(
            tuple(spec.key for one in made for spec in one.check_specs if spec.blocking),
            tuple(warehouse.keys),
            tuple(key for one in made if one is not warehouse for key in one.keys),
        )

    def refusals(self, instance: DagsterInstance) -> list[Unmet | Outdated]:
        """Why nothing may be published now; empty when it may."""
        return [*unmet_checks(instance, self.checks), *outdated(instance, self.sources, self.tables)]


def unmet_checks(instance: DagsterInstance, checks: Iterable[AssetCheckKey]) -> list[Unmet]:
    """The blocking checks over which nothing may be published now."""
    checks = list(checks)
    made = _last_made(instance, {check.asset_key for check in checks})
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(checks)
    unmet = []
    for check in checks:
        record = latest.get(check)
        if record is not None and record.status == Status.PLANNED:
            record = _last_evaluated(instance, check)
        if record is None or record.event is None:
            unmet.append(Unmet(check, "was not evaluated"))
        elif record.status != Status.SUCCEEDED:
            unmet.append(Unmet(check, "failed"))
        elif check.asset_key not in made:
            unmet.append(Unmet(check, "its asset was never made"))
        elif record.event.timestamp < made[check.asset_key]:
            unmet.append(Unmet(check, "was not evaluated since its asset was last made"))
    return unmet


def outdated(instance: DagsterInstance, sources: Iterable[AssetKey], warehouse: Iterable[AssetKey]) -> list[Outdated]:
    """The sources that are newer than the oldest table of the warehouse."""
    sources, tables = list(sources), set(warehouse)
    made = _last_made(instance, {*sources, *tables})
    oldest = min((made[table] for table in tables if table in made), default=0.0)
    return [Outdated(source) for source in sources if made.get(source, 0.0) > oldest]


def _last_evaluated(instance: DagsterInstance, check: AssetCheckKey) -> AssetCheckExecutionRecord | None:
    """The last evaluation that came to an end: a run that was killed leaves its checks planned."""
    history = instance.event_log_storage.get_asset_check_execution_history(check, limit=HISTORY)
    return next((record for record in history if record.status in (Status.SUCCEEDED, Status.FAILED)), None)


def _last_made(instance: DagsterInstance, keys: set[AssetKey]) -> dict[AssetKey, float]:
    records = instance.get_asset_records(list(keys))
    return {
        r.asset_entry.asset_key: r.asset_entry.last_materialization.timestamp
        for r in records
        if r.asset_entry.last_materialization is not None
    }
