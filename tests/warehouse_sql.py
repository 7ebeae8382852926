"""The SQL and the tables of ``dbt_project/``, for tests that run a model or a check on a few rows of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

from assets.editions.content.audiences import TableAudience, key_of

PROJECT = Path(__file__).parents[1] / "dbt_project"


def compiled_sql(name: str, ref: Callable[[str], str] = lambda name: name) -> str:
    """The model or test of this name with the project's macros; ``ref``: model → what is read in its place."""
    return _template(name).render(ref=ref).strip()


def create_tables(connection: duckdb.DuckDBPyConnection, *models: str) -> None:
    """Empty tables with the columns and types of the models' contracts. Not their constraints: a test gives what it is
    about."""
    for model in models:
        columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in properties(model)["columns"])
        connection.execute(f"create or replace table {model} ({columns})")


def insert(connection: duckdb.DuckDBPyConnection, table: str, *rows: Mapping[str, Any]) -> None:
    """Rows by column; what a row does not name is null."""
    for row in rows:
        connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values())
        )


@cache
def yaml_of(file: Path) -> dict[str, Any]:
    """The fields of a YAML file, parsed once: the yml of the models takes seconds."""
    fields = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    assert isinstance(fields, dict)
    return fields


@cache
def properties(model: str) -> dict[str, Any]:
    """What the yml of a model says of it."""
    (file,) = (PROJECT / "models").rglob(f"{model}.yml")
    (found,) = yaml_of(file)["models"]
    assert isinstance(found, dict)
    return found


@cache
def declared_audiences() -> dict[str, TableAudience]:
    """For whom each model is, as its yml and its folder say; what dbt makes of it is a contract test."""
    of_folders = yaml.load((PROJECT / "dbt_project.yml").read_bytes(), Loader=yaml.CSafeLoader)["models"]["lea_vve"]
    found = {}
    for file in (PROJECT / "models").rglob("[a-z]*.yml"):
        for model in yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader).get("models", ()):
            audience, folder = of_folders["+meta"]["audience"], of_folders
            for name in file.relative_to(PROJECT / "models").parts[:-1]:
                folder = folder.get(name, {})
                audience = folder.get("+meta", {}).get("audience", audience)
            audience = model.get("config", {}).get("meta", {}).get("audience", audience)
            columns = {one["name"]: one.get("config", {}).get("meta", {}).get("audience") for one in model["columns"]}
            found[model["name"]] = TableAudience(
                audience, {name: of for name, of in columns.items() if of}, key_of(model)
            )
    return found


@cache
def _template(name: str) -> jinja2.Template:
    (file,) = (*(PROJECT / "models").rglob(f"{name}.sql"), *(PROJECT / "tests").rglob(f"{name}.sql"))
    macros = "".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "macros").glob("*.sql")))
    return jinja2.Environment().from_string(macros + file.read_text(encoding="utf-8"))
