"""The DuckDB file of a part of an edition: its marts as tables, described within the file.

Belongs here: the file, its comments and what it says of itself. Does not belong here: which marts a part has
(``marts.py``), what their columns are (``fields.py``).

A key is stated, not enforced: the warehouse has held it already, and an index would make the file four times as large.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.lake import identifier, literal
from assets.editions.content.mark import Origin, mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.terms import LICENCE
from assets.editions.files.fields import fields_of, references_of
from assets.editions.files.marts import DUCKDB_FILE, Mart, parquet_path

if TYPE_CHECKING:
    import duckdb

# DuckDB 1.3 and later open it. That of 1.0 would be twice as large.
STORAGE_VERSION = "v1.3.0"
BLOCK = 16_384  # bytes, the smallest: most tables are small
TOTALS = "_totals"
_COPY = "edition"
_OF_ALL = "Only the totals of {}: the rows of its breakdown total, one for all municipalities of a population."
_ABOUT_EDITION = {
    "survey_year": "The survey year that the edition is of.",
    "version": "Its version; a correction is a new one.",
    "audience": "For whom this part of the edition is.",
    "created_at": "When it was made, in UTC.",
    "origin": "Whether municipalities gave the answers behind it, or any was generated.",
    "licence": "The licence; null where the part has terms of its own (README.txt).",
    "note_nl": "What is to be said of the origin, in Dutch; null of real answers.",
    "note_en": "The same in English.",
}
_ABOUT_COLUMNS = {
    "table_name": "The table.",
    "column_name": "Its column.",
    "column_no": "Place of the column in its table.",
    "column_type": "Type in DuckDB.",
    "unit": "In what its numbers are; null where it holds none.",
    "key_no": "Place in the key that identifies a row; null where it is no part of it.",
    "refers_to": "The tables whose key this column is a part of; null where there are none.",
    "description": "What it holds.",
}


def write_database(marts: tuple[Mart, ...], folder: Path, origin: Origin, stamp: Stamp) -> None:
    """The DuckDB file, anew: each mart as a table, from its Parquet file, with comments that say its key and units;
    ``<mart>_totals`` of those that are broken down; ``about_this_edition`` and ``about_columns``."""
    import duckdb

    (folder / DUCKDB_FILE).unlink(missing_ok=True)
    with duckdb.connect() as connection:
        how = f"storage_version '{STORAGE_VERSION}', block_size {BLOCK}"
        connection.execute(f"attach {literal(folder / DUCKDB_FILE)} as {_COPY} ({how})")
        connection.execute(f"use {_COPY}")
        connection.execute("begin")  # one for all: each comment by itself would be written to the file
        for mart in marts:
            parquet = literal(folder / parquet_path(mart))
            connection.execute(f"create table {identifier(mart.name)} as from read_parquet({parquet})")
        _describe_edition(connection, origin, stamp)
        _describe_columns(connection, marts)
        connection.execute(";".join(one for mart in marts for one in (*_comments(mart), *_totals(mart))))
        connection.execute("commit")
        connection.execute("use memory")
        connection.execute(f"detach {_COPY}")


def _comments(mart: Mart) -> Iterator[str]:
    key = f"Key: {', '.join(mart.key)}." if mart.key else ""
    yield f"comment on table {identifier(mart.name)} is {literal(f'{mart.comment} {key}'.strip())}"
    for field in fields_of(mart):
        unit = f"Unit: {field['unit']}." if "unit" in field else ""
        text = f"{field.get('description', '')} {unit}".strip()
        yield f"comment on column {identifier(mart.name)}.{identifier(field['name'])} is {literal(text)}"


def _totals(mart: Mart) -> Iterator[str]:
    """A view of a mart that a breakdown and a category are part of the key of: who forgets them there counts double."""
    is_broken_down = {"breakdown", "category"} <= set(mart.key) and mart.name.startswith(("fct_", "rpt_"))
    if is_broken_down and not mart.name.endswith("_breakdowns"):
        name, view = identifier(mart.name), identifier(mart.name + TOTALS)
        yield (
            f"create view {view} as select * exclude (breakdown, category) from {name} where breakdown = 'total';"
            f"comment on view {view} is {literal(_OF_ALL.format(mart.name))}"
        )


def _describe_columns(connection: duckdb.DuckDBPyConnection, marts: tuple[Mart, ...]) -> None:
    """``about_columns``: what ``fields.py`` says, as a table."""
    rows = []
    for mart in marts:
        targets = references_of(mart, marts)
        for no, field in enumerate(fields_of(mart), start=1):
            name = field["name"]
            refers_to = ", ".join(one.table for one in targets if name in one.columns)
            key_no = mart.key.index(name) + 1 if name in mart.key else None
            facts = (mart.name, name, no, mart.columns[name], field.get("unit"), key_no, refers_to or None)
            rows.append(dict(zip(_ABOUT_COLUMNS, (*facts, field.get("description")), strict=True)))
    kinds = {name: "integer" if name.endswith("_no") else "varchar" for name in _ABOUT_COLUMNS}
    struct = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    connection.execute(f"create table about_columns as select unnest(?::struct({struct})[], recursive := true)", [rows])
    _comment_on(connection, "about_columns", "Every column of these tables, one a row.", _ABOUT_COLUMNS)


def _describe_edition(connection: duckdb.DuckDBPyConnection, origin: Origin, stamp: Stamp) -> None:
    note_nl, note_en = mark_of(origin) or (None, None)
    kinds = ("integer", "integer", "varchar", "timestamp", *["varchar"] * 4)
    columns = ", ".join(f"?::{kind} as {name}" for name, kind in zip(_ABOUT_EDITION, kinds, strict=True))
    connection.execute(
        f"create table about_this_edition as select {columns}",
        [
            stamp.survey_year,
            stamp.version,
            stamp.audience,
            stamp.created_at.replace(tzinfo=None),
            origin,
            LICENCE.name if stamp.audience == "public" else None,
            note_nl,
            note_en,
        ],
    )
    _comment_on(connection, "about_this_edition", "Which edition this file is of. One row.", _ABOUT_EDITION)


def _comment_on(connection: duckdb.DuckDBPyConnection, table: str, text: str, columns: Mapping[str, str]) -> None:
    connection.execute(f"comment on table {table} is {literal(text)}")
    for name, description in columns.items():
        connection.execute(f"comment on column {table}.{name} is {literal(description)}")
