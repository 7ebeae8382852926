"""Names and texts within SQL: the only place that quotes them. Values go in as parameters wherever DuckDB takes them."""

from __future__ import annotations


def identifier(name: str) -> str:
    """A name of a table or column, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A text, quoted."""
    return "'" + str(value).replace("'", "''") + "'"
