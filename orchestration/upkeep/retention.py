"""Making room: what the settings (``storage``) no longer keep, and nothing that anything rests on.

Kept whatever the settings say: what ``latest`` is, the newest whole version of each survey year, what numbers by class
are compared with and carried over from, what was withdrawn; and the runs that the gate's checks, the lake and the
warehouse were made by. What processes that died were writing goes too. Does not belong here: what is damaged
(``doctor.py``).
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dagster import AssetCheckKey, AssetKey, AssetRecordsFilter, DagsterInstance, DagsterRunStatus, RunsFilter

from assets.base.dagster_private import PartitionKeyFilter
from assets.base.paths import DataPaths
from assets.base.settings import Storage, load_settings
from assets.editions.publication.folder import newest_edition, standing_editions
from assets.editions.publication.renewal import by_publication
from assets.editions.publication.verification import faults_of
from assets.questionnaires.loader import delivered_years

_ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
_DAY = 24 * 60 * 60
# What is written before it takes its place ('.aside': as it was called once).
_ASIDE = re.compile(r"\..+\.\d+|.*\.aside|\.latest-next")


def tidy(
    instance: DagsterInstance, paths: DataPaths, assets: Iterable[AssetKey], checks: Iterable[AssetCheckKey]
) -> int:
    """Removes what the settings no longer keep of files and of runs; how many of both. Whoever calls holds the writer's
    lock. Raises BadInput when the settings cannot be used."""
    storage = load_settings(paths.settings).storage
    years = [str(year) for year in delivered_years(paths.questionnaires)]
    return len(tidy_files(paths, storage)) + tidy_runs(instance, storage, assets, sorted(checks), years)


def left_behind(paths: DataPaths) -> list[Path]:
    """What processes that died were writing."""
    editions, warehouse = paths.editions, paths.warehouse.parent
    found = [*editions.glob(".building-*"), *editions.glob("*/.removed-*"), *warehouse.glob(".removed-*")]
    found += [*warehouse.glob("building"), *paths.root.glob(".aside-*")]
    for folder in (paths.root, editions, warehouse):
        found += [file for file in folder.glob("*") if file.is_file() and _ASIDE.fullmatch(file.name)]
    for folder in (one for one in paths.root.glob("[!.]*/") if one not in (editions, warehouse)):
        found += [file for file in folder.rglob("*") if file.is_file() and _ASIDE.fullmatch(file.name)]
    return sorted({one for one in found if one.exists()})


def tidy_files(paths: DataPaths, storage: Storage) -> list[Path]:
    """Removes old versions of editions, an old failed build, and what processes that died were writing; what was
    removed. Whoever calls holds the writer's lock."""
    gone = list(_old_versions(paths.editions, storage.versions)) if storage.versions != "all" else []
    failed = paths.warehouse.parent / "failed"
    days = storage.failed_build_days
    if days != "all" and failed.exists() and time.time() - failed.stat().st_mtime >= days * _DAY:
        gone.append(failed)
    for folder in gone:
        aside = folder.with_name(f".removed-{folder.name}")  # it is gone at once, or there
        folder.rename(aside)
        shutil.rmtree(aside)
    for dead in left_behind(paths):
        remove(dead)
        gone.append(dead)
    return gone


def remove(file_or_folder: Path) -> None:
    """Removes it, whichever it is."""
    if file_or_folder.is_dir():
        shutil.rmtree(file_or_folder)
    else:
        file_or_folder.unlink(missing_ok=True)


def tidy_runs(
    instance: DagsterInstance,
    storage: Storage,
    assets: Iterable[AssetKey],
    checks: Sequence[AssetCheckKey],
    years: Sequence[str],
) -> int:
    """Removes the runs that ended longer ago than the settings keep them, with what they said; how many."""
    if storage.run_days == "all":
        return 0
    before = datetime.now(UTC) - timedelta(days=storage.run_days)
    old = [run.run_id for run in instance.get_runs(RunsFilter(statuses=_ENDED, created_before=before))]
    needed = set(_runs_behind(instance, assets, checks, years)) if old else set()
    for run_id in (one for one in old if one not in needed):
        instance.delete_run(run_id)
    return len([one for one in old if one not in needed])


def _old_versions(editions_dir: Path, versions: int) -> Iterator[Path]:
    standing = standing_editions(editions_dir)
    published = [one for one in by_publication(editions_dir) if one in standing]
    needed = {newest_edition(editions_dir), *published[-1:]}
    for year in sorted({one.parent.name for one in standing}):
        of_year = [one for one in standing if one.parent.name == year]
        if len(of_year) > versions:
            whole = [one for one in of_year if not faults_of(one)]
            yield from (one for one in of_year if one not in {*whole[-versions:], *of_year[-versions:], *needed})


def _runs_behind(
    instance: DagsterInstance, assets: Iterable[AssetKey], checks: Sequence[AssetCheckKey], years: Sequence[str]
) -> Iterator[str]:
    """The runs that made what is there, or checked it."""
    for year in ("", *years):
        only = PartitionKeyFilter(key=year) if year else None
        latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(checks, partition_filter=only)
        yield from (record.run_id for record in latest.values())
    for key in assets:
        for partitions in (None, *([year] for year in years)):
            made = instance.fetch_materializations(AssetRecordsFilter(key, asset_partitions=partitions), limit=1)
            yield from (record.run_id for record in made.records)
