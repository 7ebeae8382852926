"""Where the seconds of an edition go: ``python -m benchmarks.edition``, from the project's own warehouse, after a first
run.

Each product of each part is made by itself, one after the other; publishing draws pictures beside the rest, so that
these add up to more than the step. Nothing is published: what is written goes to a folder that is removed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from assets.base.paths import data_paths
from assets.editions.content.audiences import Audiences, load_audiences
from assets.editions.content.stamp import Stamp
from assets.editions.files.marts import SOURCE, attach_warehouse
from assets.editions.pages.templating import write_style
from assets.editions.publication.changes import Since
from assets.editions.publication.parts import (
    WRITERS,
    Part,
    draw,
    part_with_tables,
    show_schemas,
    write_municipal_parts,
    write_numbers,
)
from assets.editions.publication.renewal import settle_breakdowns
from assets.questionnaires.loader import load_questionnaires
from assets.warehouse.dbt import dbt_paths, load_manifest

NO_PAGE = {"numbers", "marts", "workbooks", "codebook", "print"}
"""Products that are no pages: files to compute with, or to print."""


def main() -> None:
    """Prints a Markdown table: part, product, files, MiB, wall and processor seconds; and the sum of the pages."""
    paths, site = data_paths(), 0.0
    audiences = load_audiences(paths.audiences, load_manifest(dbt_paths(paths)))
    print("| part | product | files | MiB | wall s | processor s |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="lea-bench-") as name, duckdb.connect() as connection:
        folder = Path(name)
        attach_warehouse(connection, paths.warehouse)
        for part in _parts(connection, audiences, folder):
            for product, make in _products(connection, part, folder).items():
                before, (wall, cpu) = _sizes(folder), (time.monotonic(), time.process_time())
                make()
                wall, cpu = time.monotonic() - wall, time.process_time() - cpu
                after = _sizes(folder)
                size = (sum(after.values()) - sum(before.values())) / 2**20
                made = len(after) - len(before)
                print(f"| {part.audience} | {product} | {made} | {size:.1f} | {wall:.2f} | {cpu:.2f} |")
                site += 0 if product in NO_PAGE else cpu
    print(f"\nPages and pictures together: {site:.1f} s of processor time.")


def _parts(connection: duckdb.DuckDBPyConnection, audiences: Audiences, folder: Path) -> Iterator[Part]:
    years = "select max(survey_year) from dim_survey_year where respondents > 0"
    ((year,),) = connection.execute(years.replace("from ", f"from {SOURCE}.main.")).fetchall()
    marts = show_schemas(connection, audiences)
    settle_breakdowns(connection, "public", folder, f"{year}/v1")
    stamp = Stamp(survey_year=year, version=1, created_at=datetime.now(UTC), compared_with=None, changed_cells=0)
    for audience in ("public", "internal"):
        part = part_with_tables(connection, audiences, audience, marts[audience], stamp, folder)
        yield part.but(questionnaires=load_questionnaires(data_paths().questionnaires))


def _products(connection: duckdb.DuckDBPyConnection, part: Part, folder: Path) -> Mapping[str, Callable[[], object]]:
    """What makes each product of a part; what inside takes from the public part is there by then."""

    def numbers() -> None:
        write_numbers(connection, part, Since(None, [], []))
        write_style(part.folder)

    others = {name: (lambda write=write: write(connection, part)) for name, write in WRITERS.items() if part.has(name)}
    before = folder / "public" if part.audience == "internal" else None
    made: dict[str, Callable[[], object]] = {"numbers": numbers, "pictures": lambda: draw(part.but(before=before))}
    made |= others
    if part.audience == "internal":
        made["municipalities"] = lambda: write_municipal_parts(connection, part, folder, "after_contact")
    return made


def _sizes(folder: Path) -> dict[Path, int]:
    return {file: file.stat().st_size for file in folder.rglob("*") if file.is_file()}


if __name__ == "__main__":
    main()
