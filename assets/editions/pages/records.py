"""How every page reads the warehouse: the rows of one model as records, with their texts in both languages.

Belongs here: reading as it is. Does not belong here: SQL (``dbt_project``: what a page shows is a ``rpt_`` model), or
what a page makes of its records.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from assets.base.texts import Language, Text
from assets.editions.content.tables import Rows

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]


def records(connection: duckdb.DuckDBPyConnection, schema: str, model: str, **where: object) -> list[Record]:
    """The rows of ``schema.model`` in the order in which they are stored, by column; only those in which each column
    of ``where`` has that value. ``<name>_nl`` and ``<name>_en`` become one ``Text`` ``<name>``: empty where both are
    null."""
    stored = stored_rows(connection, schema, model, **where)
    texts = [
        (name, f"{name}_nl", f"{name}_en")
        for name in (column.removesuffix("_nl") for column in stored.columns if column.endswith("_nl"))
        if f"{name}_en" in stored.columns
    ]
    found = stored.records()
    for record in found if texts else ():
        for name, nl, en in texts:
            record[name] = Text(record.pop(nl) or "", record.pop(en) or "")
    return found


def in_language(language: Language, record: Record) -> Record:
    """The record with its texts in one language."""
    return {name: getattr(value, language) if isinstance(value, Text) else value for name, value in record.items()}


def stored_rows(connection: duckdb.DuckDBPyConnection, schema: str, model: str, **where: object) -> Rows:
    """The same rows with the columns as they stand, for a file that is a model."""
    condition = " and ".join(f"{column} is not distinct from ${column}" for column in where)
    result = connection.execute(f"from {schema}.{model}" + (f" where {condition}" if where else ""), where)
    return Rows(tuple(column[0] for column in result.description or ()), tuple(result.fetchall()))


def labels(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, dict[str, Text]]:
    """Vocabulary → code → what the code is called, in the order in which codes are shown (``dim_label``)."""
    found: dict[str, dict[str, Text]] = {}
    for row in records(connection, schema, "dim_label"):
        found.setdefault(row["vocabulary"], {})[row["code"]] = row["label"]
    return found


def rules_to_confirm(connection: duckdb.DuckDBPyConnection, schema: str, survey_year: int) -> dict[str, Record]:
    """Kind of rule → its row of ``rpt_rule_confirmations``: those of which some wait for a person to confirm them for
    the survey year."""
    rows = records(connection, schema, "rpt_rule_confirmations", survey_year=survey_year)
    return {row["kind"]: row for row in rows if row["to_be_confirmed"]}


def digest(connection: duckdb.DuckDBPyConnection, schema: str, model: str) -> str:
    """Changes with the rows of a model, in whatever order they are."""
    [(count, of_all)] = connection.execute(
        f"select count(*), bit_xor(hash(one)) from {schema}.{model} as one"
    ).fetchall()
    return f"{count} rows, {of_all}"


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
