"""The lake: every table that ingestion hands to the warehouse, one Parquet file each.

Belongs here: where a table lies and how it is written (whole or not at all). Does not belong here: what is in it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def write_table(frame: pd.DataFrame, file: Path, metadata: dict[str, str] | None = None) -> None:
    """Writes a frame as Parquet in one move: a reader sees the old file or the new one, never a part."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    added = {key.encode(): value.encode() for key, value in (metadata or {}).items()}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **added})
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        pq.write_table(table, aside, compression="zstd")
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)


def read_table(file: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """A table of the lake."""
    return pq.read_table(file, columns=columns).to_pandas()


def read_years(folder: Path) -> pd.DataFrame:
    """The years of a table that has one file per survey year, below each other."""
    files = sorted(folder.glob("[0-9]*.parquet"))
    return pd.concat([read_table(f) for f in files], ignore_index=True)
