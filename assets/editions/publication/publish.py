"""Publishing: from the warehouse to an edition that appears whole, or not at all.

Belongs here: the order of the steps and the choice whether a new version is made. Does not belong here: how each file
is written (the wings beside this one), whether publishing is allowed (``assets/warehouse/gate.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.files import sha256_of
from assets.editions.content.mark import Origin
from assets.editions.content.reading import read_content
from assets.editions.content.stamp import Stamp, read_stamp
from assets.editions.content.tables import Content
from assets.editions.files.csv_files import write_tables
from assets.editions.files.marts import (
    DUCKDB_FILE,
    SOURCE,
    Mart,
    attach_warehouse,
    list_marts,
    write_database,
    write_parquet,
)
from assets.editions.files.metadata import (
    files_in,
    made_with,
    read_checksums,
    was_made_with,
    write_checksums,
    write_data_package,
    write_edition_facts,
    write_readme,
)
from assets.editions.files.workbooks import write_workbooks
from assets.editions.pages.explain.page import write_explanations
from assets.editions.pages.municipalities.page import write_municipalities
from assets.editions.pages.quality.page import write_quality
from assets.editions.pages.report.page import render_page, render_reconciliation
from assets.editions.pages.supervision.page import write_supervision
from assets.editions.pictures.figures import draw_figures
from assets.editions.publication.changes import CHANGES_FILE, write_changes
from assets.editions.publication.folder import (
    building_folder,
    edition_folder,
    make_appear,
    newest_edition,
    newest_version,
    point_latest,
)

if TYPE_CHECKING:
    import duckdb

PAGE, RECONCILIATION_PAGE = "index.html", "reconciliation.html"
# They tell of the version itself; all that they hold of the numbers is compared in the other files.
_NOT_COMPARED = {CHANGES_FILE, DUCKDB_FILE}


@dataclass(frozen=True, slots=True)
class EditionResult:
    """The edition that now stands for the survey year.

    ``is_new``: made by this call; otherwise nothing differed from it. ``cells``: published cells; ``changed_cells``:
    those added, removed or changed by this call. ``files``: relative paths.

    """

    folder: Path
    version: int
    is_new: bool
    cells: int
    changed_cells: int
    files: tuple[str, ...]
    origin: Origin


def publish_edition(
    warehouse: Path, editions_dir: Path, survey_year: int, *, inputs: Mapping[str, Any], now: datetime | None = None
) -> EditionResult:
    """Make ``editions_dir/<survey_year>/v<n>/`` from the report tables and marts of ``warehouse``.

    A new version is made only where a reader would see a difference: in a table, a figure, a mart or a page. It is
    compared with the newest version of the same survey year, else with the newest edition of the latest year before.
    ``inputs`` (anything JSON can hold, such as delivery hashes) goes into ``edition.json`` as it is; ``now`` is the
    moment of publication. Raises BadInput where the warehouse is missing, locked, or has nothing to publish.
    """
    import duckdb

    with building_folder(editions_dir) as building, duckdb.connect() as connection:
        attach_warehouse(connection, warehouse)
        content, marts = read_content(connection, f"{SOURCE}.main"), list_marts(connection)
        stamp = _write_numbers(connection, content, marts, editions_dir, building, survey_year, now)
        newest = newest_version(editions_dir, survey_year)
        standing = edition_folder(editions_dir, survey_year, newest)
        if newest and _would_be_the_same(connection, content, marts, building, standing):
            point_latest(editions_dir)
            return _result(standing, newest, content, is_new=False, changed_cells=0)
        _write_looks(connection, content, marts, stamp, building)
        _write_descriptions(content, marts, stamp, building, inputs)
        edition = edition_folder(editions_dir, survey_year, stamp.version)
        make_appear(building, edition)
        point_latest(editions_dir)
    return _result(edition, stamp.version, content, is_new=True, changed_cells=stamp.changed_cells)


def _write_numbers(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    marts: tuple[Mart, ...],
    editions_dir: Path,
    building: Path,
    survey_year: int,
    now: datetime | None,
) -> Stamp:
    """What programs read: CSV and Parquet, and what changed."""
    compared_with = newest_edition(editions_dir, up_to=survey_year)
    write_tables(content, building)
    write_parquet(connection, marts, building, content.origin)
    return Stamp(
        survey_year=survey_year,
        version=newest_version(editions_dir, survey_year) + 1,
        created_at=(now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0),
        compared_with=compared_with.relative_to(editions_dir).as_posix() if compared_with else None,
        changed_cells=write_changes(compared_with, building, content.origin),
    )


def _write_looks(
    connection: duckdb.DuckDBPyConnection, content: Content, marts: tuple[Mart, ...], stamp: Stamp, building: Path
) -> None:
    """What people open: the database, pictures, explanations, workbooks, and the pages that link to them.

    The pictures take as long as all else, mostly outside Python, as does the database: so they are drawn beside it.
    """
    before = building.parent / stamp.compared_with if stamp.compared_with else None
    if before and was_made_with(before) != made_with():
        before = None  # its pictures may look otherwise
    with ThreadPoolExecutor(max_workers=1) as beside:
        drawn = beside.submit(draw_figures, content, building, before)
        quality = beside.submit(write_quality, connection.cursor(), content, stamp, building, before=before)
        write_database(marts, building, content.origin, stamp)
        write_explanations(connection, content, building)
        write_workbooks(content, stamp, building)
        write_supervision(connection, content, stamp, building, before=before)
        write_municipalities(connection, content, stamp, building)
        drawn.result()
        quality.result()
    if content.reconciliation.rows:
        _write_page(building / RECONCILIATION_PAGE, render_reconciliation(content, stamp))
    _write_page(building / PAGE, render_page(content, stamp, [mart.name for mart in marts], building))


def _write_page(path: Path, page: str) -> None:
    path.write_text(page, encoding="utf-8")


def _would_be_the_same(
    connection: duckdb.DuckDBPyConnection, content: Content, marts: tuple[Mart, ...], building: Path, standing: Path
) -> bool:
    """Whether the standing edition, made again now, would come out byte for byte the same.

    Where the numbers are the same and made with the same tools and code, they would look the same: that is not done
    over. After an upgrade it is, because only then can the result tell.
    """
    if not _holds(standing, building):
        return False
    if made_with() == was_made_with(standing):
        return True
    _write_looks(connection, content, marts, read_stamp(standing), building)
    return _holds(standing, building)


def _holds(standing: Path, building: Path) -> bool:
    """Whether the standing edition has exactly the built files, of the parts (top folders and files) that are built."""
    built = {path: sha256_of(building / path) for path in files_in(building) if path not in _NOT_COMPARED}
    parts = {path.split("/")[0] for path in built}
    return built == {path: digest for path, digest in read_checksums(standing).items() if path.split("/")[0] in parts}


def _write_descriptions(
    content: Content, marts: tuple[Mart, ...], stamp: Stamp, building: Path, inputs: Mapping[str, Any]
) -> None:
    """What tells of the edition itself."""
    write_readme(building, content, stamp)
    write_edition_facts(building, content, stamp, inputs)
    write_data_package(building, content, marts, stamp)
    write_checksums(building)


def _result(folder: Path, version: int, content: Content, *, is_new: bool, changed_cells: int) -> EditionResult:
    return EditionResult(
        folder=folder,
        version=version,
        is_new=is_new,
        cells=len(content.cells.rows),
        changed_cells=changed_cells,
        files=tuple(files_in(folder)),
        origin=content.origin,
    )
