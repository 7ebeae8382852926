"""Where the seconds of an edition go: ``python -m benchmarks.edition``, from the project's own warehouse, after a first run.

Each part is made by itself, one after the other; publishing draws pictures beside the rest, so that the parts add up to more than
the step. Nothing is published: what is written goes to a folder that is removed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from assets.editions.content_reading import read_content
from assets.editions.csv_files import write_tables
from assets.editions.drawing import draw_figures
from assets.editions.explain import write_explanations
from assets.editions.marts import SOURCE, attach_warehouse, list_marts, write_database, write_parquet
from assets.editions.municipalities import write_municipalities
from assets.editions.quality import write_quality
from assets.editions.stamp import Stamp
from assets.editions.supervision import write_supervision
from assets.editions.workbook import write_workbooks
from orchestration.paths import data_paths


def main() -> None:
    """Prints a Markdown table: part, files, MiB, wall and processor seconds."""
    with tempfile.TemporaryDirectory(prefix="lea-bench-") as name, duckdb.connect() as connection:
        folder = Path(name)
        attach_warehouse(connection, data_paths().warehouse)
        content, marts = read_content(connection, f"{SOURCE}.main"), list_marts(connection)
        stamp = Stamp(
            survey_year=_newest(connection),
            version=1,
            created_at=datetime.now(UTC),
            compared_with=None,
            changed_cells=0,
        )
        parts: dict[str, Callable[[], object]] = {
            "tables as CSV": lambda: write_tables(content, folder),
            "marts as Parquet": lambda: write_parquet(connection, marts, folder, content.origin),
            "marts as a database": lambda: write_database(marts, folder, content.origin, stamp),
            "pictures of the figures": lambda: draw_figures(content, folder),
            "explanations": lambda: write_explanations(connection, content, folder),
            "workbooks": lambda: write_workbooks(content, stamp, folder),
            "supervision": lambda: write_supervision(connection, content, stamp, folder),
            "quality": lambda: write_quality(connection, content, stamp, folder),
            "pages of the municipalities": lambda: write_municipalities(connection, content, stamp, folder),
        }
        print("| part | files | MiB | wall s | processor s |\n|---|---|---|---|---|")
        for part, make in parts.items():
            before, (wall, cpu) = _sizes(folder), (time.monotonic(), time.process_time())
            make()
            wall, cpu = time.monotonic() - wall, time.process_time() - cpu
            after = _sizes(folder)
            size = (sum(after.values()) - sum(before.values())) / 2**20
            print(f"| {part} | {len(after) - len(before)} | {size:.1f} | {wall:.2f} | {cpu:.2f} |")


def _newest(connection: duckdb.DuckDBPyConnection) -> int:
    ((year,),) = connection.execute(
        f"select max(survey_year) from {SOURCE}.main.dim_survey_year where respondents > 0"
    ).fetchall()
    return int(year)


def _sizes(folder: Path) -> dict[Path, int]:
    return {file: file.stat().st_size for file in folder.rglob("*") if file.is_file()}


if __name__ == "__main__":
    main()
