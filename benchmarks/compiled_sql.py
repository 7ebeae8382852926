"""The SQL that dbt compiled, run in DuckDB alone: no tests, no documentation, no contracts, no models in Python nor
what rests on them. ``python -m benchmarks.compiled_sql DATA_DIR`` after a run there."""

from __future__ import annotations

import json
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb


def main(data: Path) -> None:
    """Makes every table of the warehouse in memory, parents first."""
    nodes = json.loads((data / "warehouse" / "dbt_target" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
    parents = {name: [p for p in node["depends_on"]["nodes"] if p in models] for name, node in models.items()}
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as lea_vve")
        connection.execute("create schema lea_vve.internal")
        left_out: set[str] = set()
        for name in TopologicalSorter(parents).static_order():
            model = models[name]
            if model["language"] != "sql" or left_out & set(parents[name]):
                left_out.add(name)
                continue
            compiled = (
                data / "warehouse" / "dbt_target" / "compiled" / model["package_name"] / model["original_file_path"]
            )
            connection.execute(f"create table {model['relation_name']} as {compiled.read_text(encoding='utf-8')}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
