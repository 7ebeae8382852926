"""How every page reads the warehouse: the rows of one model as records, with their texts in both languages.

Belongs here: reading as it is. Does not belong here: SQL (``dbt_project``: what a page shows is a ``rpt_`` model), or
what a page makes of its records.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from assets.base.texts import Text

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]


def records(connection: duckdb.DuckDBPyConnection, schema: str, model: str, **where: object) -> list[Record]:
    """The rows of ``schema.model`` in the order in which they are stored, by column; only those in which each column of
    ``where`` has that value. ``<name>_nl`` and ``<name>_en`` become one ``Text`` ``<name>``: empty where both are
    null."""
    condition = " and ".join(f"{column} is not distinct from ${column}" for column in where)
    query = f"from {schema}.{model}" + (f" where {condition}" if where else "")
    return [_with_texts(record) for record in read_records(connection, query, where)]


def _with_texts(record: Record) -> Record:
    texts = {
        name.removesuffix("_nl"): Text(value or "", record[f"{name.removesuffix('_nl')}_en"] or "")
        for name, value in record.items()
        if name.endswith("_nl") and f"{name.removesuffix('_nl')}_en" in record
    }
    paired = {f"{name}_{language}" for name in texts for language in Text._fields}
    return {name: value for name, value in record.items() if name not in paired} | texts


def read_records(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, object] | None = None
) -> list[Record]:
    """The rows of a query, by column."""
    result = connection.execute(query, parameters or {})
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
