"""Tables of the lake as Dagster assets: their keys, their specs, and what is said of them once they are written.

Belongs here: what every stage that writes tables says alike. Does not belong here: what is in a table (its stage), how a file is
written (``lake.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd
from dagster import AssetKey, AssetSpec, MaterializeResult, MetadataValue

from assets.base.lake import write_table
from assets.base.made_of import MadeOf, as_metadata


def asset_key(name: str) -> AssetKey:
    """'<stage>/<name>' as an asset key."""
    return AssetKey(name.split("/"))


def table_specs(
    stage: str, descriptions: Mapping[str, str | None], kinds: set[str], deps: Mapping[str, Iterable[str]] | None = None
) -> list[AssetSpec]:
    """One asset per table of a stage: name → description. ``deps``: name → the assets that it is made from."""
    return [
        AssetSpec(
            asset_key(f"{stage}/{name}"),
            deps=[asset_key(one) for one in (deps or {}).get(name, ())],
            group_name=stage,
            description=description,
            kinds=kinds | {"parquet"},
        )
        for name, description in descriptions.items()
    ]


def write_tables(lake: Path, stage: str, frames: Mapping[str, pd.DataFrame], made: MadeOf) -> None:
    """Writes the tables of a stage to the lake, each whole or not at all, with what they are ``made`` of."""
    for name, frame in frames.items():
        write_table(frame, lake / stage / f"{name}.parquet", as_metadata(made))


def written(stage: str, frames: Mapping[str, pd.DataFrame]) -> Iterator[MaterializeResult[None]]:
    """That these tables were written, with their number of rows."""
    for name, frame in frames.items():
        rows = {"dagster/row_count": MetadataValue.int(len(frame))}
        yield MaterializeResult(asset_key=asset_key(f"{stage}/{name}"), metadata=rows)
