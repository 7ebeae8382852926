"""The lake: every table that ingestion hands to the warehouse, one Parquet file each.

Belongs here: how a table is read and written, and the only place that quotes names and texts within SQL (values go in
as parameters wherever DuckDB takes them). Does not belong here: what is in a table.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.files import written_aside

if TYPE_CHECKING:
    import pandas as pd


def write_table(frame: pd.DataFrame, file: Path, metadata: dict[str, str] | None = None) -> None:
    """Writes a frame as Parquet in one move: a reader sees the old file or the new one, never a part."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    added = {key.encode(): value.encode() for key, value in (metadata or {}).items()}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **added})
    with written_aside(file) as aside:
        pq.write_table(table, aside, compression="zstd")


def read_table(file: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """A table of the lake."""
    import pyarrow.parquet as pq

    return pq.read_table(file, columns=columns).to_pandas()


def read_metadata(file: Path, key: str) -> str:
    """What ``write_table`` wrote as metadata under this key; '' when it wrote nothing."""
    import pyarrow.parquet as pq

    return (pq.read_metadata(file).metadata or {}).get(key.encode(), b"").decode()


def identifier(name: str) -> str:
    """A name of a table or column, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A text, quoted."""
    return "'" + str(value).replace("'", "''") + "'"
