"""Tables of the lake as Dagster assets: their keys, their specs, and what is recorded of them once they are written.

Belongs here: what is the same for every stage that writes tables. Does not belong here: what is in a table (its stage),
how a file is written (``lake.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster import (
    AssetKey,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    TableColumn,
    TableColumnConstraints,
    TableSchema,
)

from assets.base.lake import write_table
from assets.base.schemas import Column, LakeTable

if TYPE_CHECKING:
    import pandas as pd


def asset_key(name: str) -> AssetKey:
    """'<stage>/<name>' as an asset key."""
    return AssetKey(name.split("/"))


def table_spec(table: LakeTable, kinds: Iterable[str] = (), deps: Iterable[str] = (), **fields: Any) -> AssetSpec:
    """A table as an asset. ``kinds``: what it is read from. ``deps``: the names of the assets that it is made from."""
    return AssetSpec(
        asset_key(table.name),
        deps=[asset_key(name) for name in deps],
        group_name=table.name.split("/")[0],
        description=table.description,
        kinds={*kinds, "parquet"},
        metadata={"dagster/column_schema": _column_schema(table)},
        **fields,
    )


def _column_schema(table: LakeTable) -> TableSchema:
    columns = {name: Column(one, nullable=True) if isinstance(one, str) else one for name, one in table.columns.items()}
    return TableSchema(
        [
            TableColumn(
                name,
                column.dtype,
                constraints=TableColumnConstraints(
                    nullable=column.nullable, unique=table.key == (name,), other=[rule.words for rule in column.rules]
                ),
            )
            for name, column in columns.items()
        ]
    )


def write_tables(lake: Path, frames: Mapping[LakeTable, pd.DataFrame]) -> None:
    """Writes tables to the lake, each whole or not at all."""
    for table, frame in frames.items():
        write_table(frame, table.file(lake))


def materialized(frames: Mapping[LakeTable, pd.DataFrame], **counts: int) -> Iterator[MaterializeResult[None]]:
    """That these tables were written, with their number of rows and what else was counted."""
    for table, frame in frames.items():
        numbers = {"dagster/row_count": len(frame), **counts}
        metadata = {name: MetadataValue.int(number) for name, number in numbers.items()}
        yield MaterializeResult(asset_key=asset_key(table.name), metadata=metadata)
