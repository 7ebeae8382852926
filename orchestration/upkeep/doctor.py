"""What is wrong with the state of an installation, all of it at once, each with what mends it.

Belongs here: finding damage, and the mends that lose nothing that cannot be made again. Does not belong here: what is
wrong with data (``assets/quality``), or Dagster's own files (``instance.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.files import sha256_of
from assets.base.paths import POSTGRES_URL, DataPaths, instance_settings
from assets.base.settings import load_settings
from assets.base.writer import NoRoom, is_writing, require_room
from assets.editions.publication.folder import (
    LATEST,
    all_editions,
    newest_edition,
    point_latest,
)
from assets.editions.publication.verification import faults_of
from assets.editions.publication.versions import kept_versions
from assets.questionnaires.loader import delivered_years, load_questionnaire
from assets.warehouse.made_of import read_made_of
from orchestration.upkeep.backup import VERSIONS
from orchestration.upkeep.instance import (
    HISTORY,
    damaged_databases,
    fault_of_configuration,
    is_begun,
    is_on_postgres,
    opened,
)
from orchestration.upkeep.retention import left_behind, remove

_LAST_STEP = "'lea doctor --mend'"


@dataclass(frozen=True)
class Damage:
    """Something that is wrong, and where; ``remedy``: the command that mends it. ``mend``: where it is safe to do."""

    what: str
    where: Path
    remedy: str
    mend: Callable[[], object] | None = None

    def __str__(self) -> str:
        return str(BadInput(self.what, str(self.where), self.remedy))


def examine(paths: DataPaths, home: Path) -> list[Damage]:
    """All that is wrong, the worst first: what every run would stop at. Nothing is changed."""
    found: list[Damage] = []
    looks = [_restore, _declared, _room, _configuration, _databases, _lake, _warehouse, _deliveries, _editions]
    if not is_writing(paths):  # a run that goes on has files aside, and runs
        looks += [_left_behind, _dead_runs]
    for look in looks:
        if look is _dead_runs and any(one.where.is_relative_to(home) for one in found):
            continue  # nobody can ask
        try:
            found += look(paths, home)
        except BadInput as error:
            found.append(Damage(error.what, Path(error.where), error.remedy))
    return found


def _restore(paths: DataPaths, _home: Path) -> Iterator[Damage]:
    if paths.unfinished_restore.exists():
        what = "A restore was not finished, so what is there is of two times"
        yield Damage(what, paths.unfinished_restore, "'lea restore --force' of the backup that it names finishes it")


def _declared(paths: DataPaths, home: Path) -> Iterator[Damage]:
    for read in (partial(load_settings, paths.settings), partial(kept_versions, home / VERSIONS)):
        try:
            read()
        except BadInput as error:
            yield Damage(error.what, Path(error.where), error.remedy)


def _room(paths: DataPaths, _home: Path) -> Iterator[Damage]:
    try:
        require_room(paths)
    except NoRoom as error:
        sizes = {what: _megabytes(folder) for what, folder in _can_go(paths).items() if folder.exists()}
        listed = ", ".join(f"{what} {size:,} MB" for what, size in sizes.items())
        yield Damage(error.what, paths.root, f"make room: {listed}; or lower storage.min_free_mb in data/settings.yaml")
    except BadInput:
        return  # of the settings, which is said


def _can_go(paths: DataPaths) -> dict[str, Path]:
    return {
        f"the last failed build ({paths.warehouse.parent / 'failed'})": paths.warehouse.parent / "failed",
        "editions ('storage.versions' removes old ones)": paths.editions,
    }


def _configuration(_paths: DataPaths, home: Path) -> Iterator[Damage]:
    if not home.exists() or not (fault := fault_of_configuration(home)):
        return
    what, file = f"Dagster's settings cannot be used: dagster.yaml {fault}", home / "dagster.yaml"
    if is_on_postgres(home):  # nobody begins a history of its own beside that
        yield Damage(what, file, f"mend it, or the variable {POSTGRES_URL} (deployment/README.md)")
        return
    yield Damage(
        what,
        file,
        f"{_LAST_STEP} puts the project's own in its place, and keeps this one aside",
        partial(_renew_configuration, home),
    )


def _renew_configuration(home: Path) -> None:
    file = home / "dagster.yaml"
    if file.exists():
        _set_aside(file)
    file.write_bytes(instance_settings().read_bytes())


def _databases(_paths: DataPaths, home: Path) -> Iterator[Damage]:
    for file, fault in damaged_databases(home):
        name = file.relative_to(home).as_posix()
        whole = home / "history" if name in HISTORY else home / "schedules" if name.startswith("schedules/") else file
        lost = {"history": "the history of runs, and the next run makes everything anew"}.get(
            whole.name, "which sensors and schedules are on: switch them on again in the UI"
        )
        if whole == file:
            lost = "what one run said"
        yield Damage(
            f"A database of Dagster's is damaged: {fault}",
            file,
            f"'lea restore' of a backup; else {_LAST_STEP} sets it aside, which loses {lost}",
            partial(_set_aside, whole),
        )


def _lake(paths: DataPaths, _home: Path) -> Iterator[Damage]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    years = _years(paths)
    for file in sorted(paths.lake.rglob("*.parquet")):
        remedy = f"{_LAST_STEP} removes it, and the next 'lea run' makes it anew"
        try:
            pq.read_table(file)
        except (pa.ArrowInvalid, OSError):
            yield Damage("A table of the lake is damaged", file, remedy, file.unlink)
            continue
        if years is not None and file.stem.isdigit() and int(file.stem) not in years:
            what = "A table of the lake is of a survey year that has no delivery any more"
            yield Damage(what, file, f"{_LAST_STEP} removes it", file.unlink)


def _years(paths: DataPaths) -> list[int] | None:
    try:
        return delivered_years(paths.questionnaires)
    except BadInput:
        return None  # 'lea check' says why


def _warehouse(paths: DataPaths, _home: Path) -> Iterator[Damage]:
    made = read_made_of(paths.warehouse)
    if not paths.warehouse.is_file() and made is None:
        return
    if made is None or not paths.warehouse.is_file() or sha256_of(paths.warehouse) != made.sha256:
        yield Damage("The warehouse is not the file that was built", paths.warehouse, "'lea run' builds it anew")


def _deliveries(paths: DataPaths, _home: Path) -> Iterator[Damage]:
    for year in _years(paths) or ():
        folder = paths.questionnaires / str(year)
        for delivery in load_questionnaire(folder).deliveries:
            file = folder / delivery.path
            if not file.is_file() or sha256_of(file) != delivery.sha256:
                yield Damage(
                    f"Delivery {delivery.number} of {year} is not the file that was accepted",
                    file,
                    f"put the accepted file back, or 'lea withdraw-delivery {year} {delivery.number} --reason …'",
                )


def _editions(paths: DataPaths, _home: Path) -> Iterator[Damage]:
    newest = newest_edition(paths.editions)
    for edition in all_editions(paths.editions):
        if faults := faults_of(edition):
            again = (
                "'lea run' publishes a whole version beside it" if edition == newest else "'lea restore' of a backup"
            )
            yield Damage(f"An edition is damaged: {'; '.join(faults[:3])}", edition, again)
    link = paths.editions / LATEST
    if (link.resolve() if link.is_symlink() else None) != (newest.resolve() if newest else None):
        remedy = f"{_LAST_STEP} points it there"
        yield Damage("'latest' is not the newest edition", link, remedy, partial(point_latest, paths.editions))


def _left_behind(paths: DataPaths, _home: Path) -> Iterator[Damage]:
    for one in left_behind(paths):
        yield Damage("A process that died has left this behind", one, f"{_LAST_STEP} removes it", partial(remove, one))


def _dead_runs(_paths: DataPaths, home: Path) -> Iterator[Damage]:
    if not is_begun(home):
        return
    from orchestration.runs import dead_runs, end_dead_runs

    def mend() -> None:
        with opened(home) as again:
            end_dead_runs(again)

    with opened(home) as instance:
        dead = dead_runs(instance)
    for run in dead:
        what = f"A run of {run.job_name} says that it goes on, and its process is dead: the queue waits for it"
        yield Damage(what, home, f"{_LAST_STEP}, or 'lea run', ends it", mend)


def _set_aside(path: Path) -> None:
    if path.exists():  # not with another that was damaged beside it
        path.rename(path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}"))


def _megabytes(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file()) // 10**6
