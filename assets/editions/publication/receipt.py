"""The receipt of the last publication: what all was made of, to see without Dagster whether anything has changed since.

Belongs here: writing it, and comparing it with what is there. Does not belong here: whether something may be published
(the gate asks the instance), or which edition is made (``publish.py``)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assets.base.files import sha256_of, written_aside
from assets.base.made_of import Stage, code_version, fingerprint
from assets.base.paths import PROJECT_DIR, DataPaths
from assets.editions.publication.folder import is_withdrawn
from assets.editions.publication.verification import faults_of
from assets.questionnaires.loader import delivered_years
from assets.warehouse.made_of import read_made_of, warehouse_code

_LOOKS = (".j2", ".css", ".js", ".typ")


def write_receipt(paths: DataPaths, edition: Path, rests_on: Mapping[str, str]) -> None:
    """Says what the edition that was just published rests on: what ``of_now`` gave before the gate let it through."""
    receipt = {"edition": edition.relative_to(paths.root).as_posix(), "made_of": rests_on}
    with written_aside(_file(paths)) as aside:
        aside.write_text(json.dumps(receipt, indent=1), encoding="utf-8")


def current_edition(paths: DataPaths, stages: Iterable[Stage]) -> Path | None:
    """The folder of the last edition when it holds, and everything is as it was when it was published, its own files
    too; else None.
    Raises BadInput when a questionnaire cannot be read."""
    if (receipt := _receipt(paths)) is None:
        return None
    edition: Path = paths.root / receipt["edition"]
    is_of_now = _stands(edition) and receipt["made_of"] == of_now(paths, stages)
    return edition if is_of_now and not faults_of(edition) else None


def changed_since(paths: DataPaths, stages: Iterable[Stage]) -> list[str] | None:
    """What is other than when the last edition was published, by name; None where none was, or it no longer holds.
    Raises BadInput when a questionnaire cannot be read."""
    if (receipt := _receipt(paths)) is None or not _stands(paths.root / receipt["edition"]):
        return None
    then, now = receipt["made_of"], of_now(paths, stages)
    return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))


def _receipt(paths: DataPaths) -> dict[str, Any] | None:
    try:
        receipt: dict[str, Any] = json.loads(_file(paths).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return receipt


def _stands(edition: Path) -> bool:
    return edition.is_dir() and not is_withdrawn(edition)


def of_now(paths: DataPaths, stages: Iterable[Stage]) -> dict[str, str]:
    """The warehouse that is in place, what it says that it was made of, and all that an edition is made of besides."""
    warehouse = read_made_of(paths.warehouse)
    years = [str(year) for year in delivered_years(paths.questionnaires)]
    return {
        **{
            f"{stage.name} {year}".strip(): fingerprint(stage.made_of(paths, year))
            for stage in stages
            for year in (years if stage.by_year else [""])
        },
        "lake": fingerprint(sorted(f.relative_to(paths.lake).as_posix() for f in paths.lake.rglob("*.parquet"))),
        "warehouse": warehouse.fingerprint if warehouse else "",
        "database": sha256_of(paths.warehouse) if paths.warehouse.is_file() else "",
        "warehouse code": warehouse_code(),
        "editions code": code_version("editions"),
        **{
            f.name: sha256_of(f) if f.is_file() else "absent"
            for f in (paths.audiences, paths.publication, paths.settings)
        },
        "editions looks": fingerprint([sha256_of(f) for f in _templates()]),
    }


def _templates() -> list[Path]:
    return sorted(f for f in (PROJECT_DIR / "assets" / "editions").rglob("*") if f.suffix in _LOOKS)


def _file(paths: DataPaths) -> Path:
    return paths.warehouse.with_name("published.json")
