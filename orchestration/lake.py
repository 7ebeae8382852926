"""The parts of the lake, and the run that takes one in: for the sensors, the schedule and ``lea run``.

A part is a survey year (its raw deliveries and answers), or a stage of declarations. Does not belong here: whether it
is out of date, or has passed its checks (``assets/warehouse/gate.py``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from dagster import AssetKey, AssetsDefinition, RunRequest

from assets.base.made_of import Stage, fingerprint
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

    def parts(self, paths: DataPaths) -> list[str]:
        """All parts, declarations first. Raises BadInput when a questionnaire cannot be read."""
        declared = [stage.name for stage in self.stages if not stage.by_year]
        return [*declared, *map(str, delivered_years(paths.questionnaires))]

    def mark(self, paths: DataPaths, part: str) -> str:
        """What a part would be made of now, as one hash."""
        year = part if part.isdigit() else ""
        made = [stage.made_of(paths, year) for stage in self.stages if stage.name == part or (year and stage.by_year)]
        return fingerprint([part, *made])

    def asset_keys(self, part: str) -> list[AssetKey]:
        """The assets that are made when it is taken in."""
        names = [stage.name for stage in self.stages if stage.by_year] if part.isdigit() else [part]
        return [key for name in names for key in self.keys[name]]

    def request(self, part: str, tags: Mapping[str, str]) -> RunRequest:
        """The run of ``take_in`` for it. Without a run key: a state that comes back is a change too."""
        partition = part if part.isdigit() else None
        return RunRequest(asset_selection=self.asset_keys(part), partition_key=partition, tags=dict(tags))
