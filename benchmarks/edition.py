"""Where the seconds of an edition go: ``python -m benchmarks.edition``, from the project's own warehouse, after a first
run.

Each part is made by itself, one after the other; publishing draws pictures beside the rest, so that the parts add up to
more than the step. Nothing is published: what is written goes to a folder that is removed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from assets.base.paths import data_paths
from assets.editions.content.reading import read_content
from assets.editions.content.stamp import Stamp
from assets.editions.files.csv_files import write_tables
from assets.editions.files.database import write_database
from assets.editions.files.marts import SOURCE, attach_warehouse, list_marts, write_parquet
from assets.editions.files.workbooks import write_workbooks
from assets.editions.pages.explain.page import write_explanations
from assets.editions.pages.municipalities.page import write_municipalities
from assets.editions.pages.quality.page import write_quality
from assets.editions.pages.supervision.page import write_supervision
from assets.editions.pictures.figures import draw_figures
from assets.editions.print.printing import write_prints


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
            "marts as Parquet": lambda: write_parquet(connection, marts, folder, content.origin, f"{SOURCE}.main"),
            "marts as a database": lambda: write_database(marts, folder, content.origin, stamp),
            "pictures of the figures": lambda: draw_figures(content, folder),
            "explanations": lambda: write_explanations(connection, content, stamp, folder),
            "workbooks": lambda: write_workbooks(content, stamp, folder),
            "reports as PDF": lambda: write_prints(content, stamp, folder, folder),
            "supervision": lambda: write_supervision(connection, content, stamp, folder),
            "quality": lambda: write_quality(connection, content, stamp, folder),
            "pages of the municipalities": lambda: write_municipalities(
                connection, content, stamp, folder / "municipalities", f"{SOURCE}.main"
            ),
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
