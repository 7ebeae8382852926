"""What every reader of the warehouse for an edition shares: its rows as records.

Belongs here: what more than one page reads alike. Does not belong here: a query (it stands with the page that it is for).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def read_records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query, by column."""
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def has_tables(connection: duckdb.DuckDBPyConnection, schema: str, tables: Iterable[str]) -> bool:
    """Whether ``schema`` has all of these tables."""
    import duckdb

    try:
        for table in tables:
            connection.execute(f"from {schema}.{table} limit 0")
    except duckdb.CatalogException:
        return False
    return True
