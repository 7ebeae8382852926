"""What of the lake is not made of what is there now, and the run that takes it in: for the sensor, the schedule and
``lea run``.

A part of the lake is a survey year (its raw deliveries and answers), or a stage of declarations. Does not belong here:
whether a check has passed on it (``assets/warehouse/gate.py``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from dagster import AssetKey, AssetsDefinition, RunRequest

from assets.base.made_of import Stage, difference, fingerprint, made_of, table_file
from assets.base.paths import DataPaths
from assets.questionnaires.loader import delivered_years


@dataclass(frozen=True)
class Lake:
    """``stages``: all that write to it; ``keys``: stage → its assets."""

    stages: tuple[Stage, ...]
    keys: dict[str, list[AssetKey]]

    @classmethod
    def of(cls, stages: Iterable[Stage], assets: Iterable[AssetsDefinition]) -> Self:
        """The lake that these stages write, with the assets that Dagster knows of them."""
        by_stage = {stage.name: stage for stage in stages}
        keys: dict[str, list[AssetKey]] = {name: [] for name in by_stage}
        for key in (key for one in assets if one.is_executable for key in one.keys):
            if key.path[0] in keys:
                keys[key.path[0]].append(key)
        return cls(tuple(by_stage.values()), keys)

    def changed(self, paths: DataPaths) -> dict[str, str]:
        """Part → what it would be made of now, as one hash, where that is not what it was made of; declarations first.
        Raises BadInput when a questionnaire cannot be read."""
        marks: dict[str, list[str]] = {}
        changed: set[str] = set()
        for stage in sorted(self.stages, key=lambda one: one.by_year):
            for year in map(str, delivered_years(paths.questionnaires)) if stage.by_year else [""]:
                part, now = year or stage.name, stage.made_of(paths, year)
                marks.setdefault(part, []).append(fingerprint(now))
                if any(difference(made_of(file), now) for file in self._files(paths.lake, stage, year)):
                    changed.add(part)
        return {part: fingerprint(mark) for part, mark in marks.items() if part in changed}

    def asset_keys(self, part: str) -> list[AssetKey]:
        """The assets that are made when it is taken in."""
        names = [stage.name for stage in self.stages if stage.by_year] if part.isdigit() else [part]
        return [key for name in names for key in self.keys[name]]

    def request(self, part: str) -> RunRequest:
        """The run of ``take_in`` for it. Without a run key: a state that comes back is a change too."""
        return RunRequest(asset_selection=self.asset_keys(part), partition_key=part if part.isdigit() else None)

    def _files(self, lake: Path, stage: Stage, year: str) -> list[Path]:
        return [table_file(lake, key.to_user_string(), year) for key in self.keys[stage.name]]
