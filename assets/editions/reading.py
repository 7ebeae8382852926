"""What every reader of the warehouse for an edition shares: records, texts in both languages, counts in words.

Belongs here: what more than one page reads alike. Does not belong here: a query (it is with the page that it is for).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assets.editions.mark import Text

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


def text_of(record: Mapping[str, Any], name: str) -> Text:
    """The columns ``<name>_nl`` and ``<name>_en``; empty where they are."""
    return Text(record[f"{name}_nl"] or "", record[f"{name}_en"] or "")


_DUTCH_SIGNS = str.maketrans(".,", ",.")


def counted(number: int | Decimal | None, unit: str = "") -> Text:
    """A number with its thousands apart: 53.257 in Dutch, 53,257 in English; – where there is none."""
    if number is None:
        return Text("–", "–")
    english = f"{number:,}"
    return Text(english.translate(_DUTCH_SIGNS) + unit, english + unit)
