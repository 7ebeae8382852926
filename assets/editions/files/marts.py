"""The marts for analysts: in each part of an edition those that are for its audience, each as a Parquet file.

Belongs here: which tables of the warehouse are marts, and their copies. Does not belong here: what is in a mart (the
descriptions in dbt_project say that), the DuckDB file (``database.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.errors import BadInput
from assets.base.lake import identifier, literal
from assets.editions.content.mark import Origin, mark_in_both_languages
from assets.editions.content.terms import Audience

if TYPE_CHECKING:
    import duckdb

    from assets.editions.content.audiences import Audiences

PREFIXES = ("dim_", "fct_", "rpt_")
PUBLIC_PREFIX = "rpt_public_"
PARQUET = "parquet"
SOURCE = "warehouse"
DUCKDB_FILE = "lea_vve.duckdb"

_FIELD_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    **dict.fromkeys(
        ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"), "integer"
    ),
}


@dataclass(frozen=True, slots=True)
class Mart:
    """A mart's name, its table in the warehouse, its columns with their DuckDB types as copied, what the warehouse says
    of it, and the columns that identify a row."""

    name: str
    table: str
    columns: dict[str, str]
    comment: str
    column_comments: dict[str, str]
    key: tuple[str, ...] = ()

    def field_type(self, column: str) -> str:
        """The column's type in the terms of a data package."""
        duckdb_type = self.columns[column]
        if duckdb_type.endswith("[]"):
            return "array"
        if duckdb_type.startswith("DECIMAL"):
            return "number"
        if duckdb_type.startswith("TIMESTAMP"):
            return "datetime"
        return _FIELD_TYPES.get(duckdb_type, "any")


def attach_warehouse(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    """Attach the warehouse as ``SOURCE``, read-only. Raises BadInput where it is missing, locked or broken."""
    import duckdb

    remedy = "Run the warehouse first (lea run); if a run is going on, wait for it to end."
    if not warehouse.is_file():
        raise BadInput("There is no warehouse to publish from.", str(warehouse), remedy)
    try:
        connection.execute(f"attach {literal(warehouse)} as {SOURCE} (read_only)")
    except duckdb.Error as error:
        raise BadInput(f"The warehouse cannot be read: {error}", str(warehouse), remedy) from error


def list_marts(connection: duckdb.DuckDBPyConnection) -> tuple[Mart, ...]:
    """All marts of the attached warehouse, by name."""
    comments = dict(
        connection.execute(
            f"select table_name, comment from duckdb_tables() where database_name = '{SOURCE}'"
            f" union all select view_name, comment from duckdb_views() where database_name = '{SOURCE}'"
        ).fetchall()
    )
    columns = connection.execute(
        "select table_name, column_name, data_type, comment from duckdb_columns()"
        f" where database_name = '{SOURCE}' and schema_name = 'main' order by table_name, column_index"
    ).fetchall()
    found: dict[str, Mart] = {}
    for table, column, data_type, comment in columns:
        if table.startswith(PREFIXES):
            mart = found.setdefault(table, Mart(table, table, {}, comments.get(table) or "", {}))
            mart.columns[column] = "BIGINT" if data_type == "HUGEINT" else data_type
            if comment:
                mart.column_comments[column] = comment
    return tuple(found.values())


def marts_for(marts: Iterable[Mart], audiences: Audiences, audience: Audience) -> tuple[Mart, ...]:
    """The marts and columns that an audience may have. The public one has ``rpt_public_cells`` as ``rpt_cells``: the
    name under which the others have it in full."""
    found = {}
    for mart in marts:
        if columns := audiences.columns(mart.table, mart.columns, audience):
            key = audiences.tables[mart.table].key if mart.table in audiences.tables else ()
            name = mart.table.replace(PUBLIC_PREFIX, "rpt_") if audience == "public" else mart.table
            comments = {column: text for column, text in mart.column_comments.items() if column in columns}
            kinds = {column: mart.columns[column] for column in columns}
            found[name] = replace(mart, name=name, columns=kinds, column_comments=comments, key=key)
    return tuple(found[name] for name in sorted(found))


def show_marts(connection: duckdb.DuckDBPyConnection, marts: Iterable[Mart], schema: str) -> None:
    """A schema of the connection that has these marts and nothing else: who reads there cannot see more."""
    connection.execute(f"create schema if not exists {identifier(schema)}")
    for mart in marts:
        columns = ", ".join(map(identifier, mart.columns))
        view = f"{identifier(schema)}.{identifier(mart.name)}"
        connection.execute(
            f"create or replace view {view} as select {columns} from {SOURCE}.main.{identifier(mart.table)}"
        )


def write_parquet(
    connection: duckdb.DuckDBPyConnection, marts: tuple[Mart, ...], folder: Path, origin: Origin, schema: str
) -> None:
    """``parquet/<mart>.parquet``, from ``schema``: zstd, rows sorted by all columns, the origin in the file's metadata.

    A sum that DuckDB holds in 128 bits is written in 64, because Parquet would make it a floating-point number.
    """
    (folder / PARQUET).mkdir()
    for mart in marts:
        selected = ", ".join(f"{identifier(c)}::{kind} as {identifier(c)}" for c, kind in mart.columns.items())
        connection.execute(
            f"copy (select {selected} from {schema}.{identifier(mart.name)} order by all)"
            f" to {literal(folder / parquet_path(mart))}"
            f" {marked_parquet(origin)}"
        )


def marked_parquet(origin: Origin) -> str:
    """How DuckDB writes a Parquet file that says of what origin the answers are."""
    metadata = {"origin": origin, "note": mark_in_both_languages(origin)}
    key_values = ", ".join(f"{key}: {literal(value)}" for key, value in metadata.items() if value)
    return f"(format parquet, compression zstd, kv_metadata {{{key_values}}})"


def parquet_path(mart: Mart) -> str:
    """Where the Parquet file of a mart is in an edition."""
    return f"{PARQUET}/{mart.name}.parquet"
