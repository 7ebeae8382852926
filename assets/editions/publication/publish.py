"""Publishing: from the warehouse to an edition that appears whole, or not at all.

Belongs here: the order of the steps and the choice whether a new version is made. Does not belong here: what is in a
part (``parts.py``), how each file is written (the wings beside this one), whether publishing is allowed
(``assets/warehouse/gate.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.errors import BadInput
from assets.base.files import sha256_of
from assets.base.made_of import fingerprint
from assets.base.settings import Database, Signals
from assets.base.texts import LANGUAGES, Text, file_in
from assets.editions.content.audiences import Audiences
from assets.editions.content.imprint import Publication, imprint_of
from assets.editions.content.mark import Origin
from assets.editions.content.stamp import EDITION_FILE, Stamp, read_stamp
from assets.editions.content.terms import Audience
from assets.editions.files.marts import DUCKDB_FILE, SOURCE, attach_warehouse
from assets.editions.files.metadata import SUMS_FILE, files_in, made_with, read_checksums, was_made_with
from assets.editions.pages.changes.page import CHANGES_PAGE
from assets.editions.pages.dossiers.page import rests_on
from assets.editions.pages.municipalities.page import Folders
from assets.editions.pages.records import has_tables, labels, records
from assets.editions.publication.changes import CHANGES_FILE, MADE_OF, Since, reasons_since
from assets.editions.publication.folder import (
    building_folder,
    edition_folder,
    make_appear,
    part_folder,
    parts_of,
    point_latest,
    standing_editions,
)
from assets.editions.publication.parts import (
    MUNICIPALITIES_REST_ON,
    Part,
    describe,
    draw,
    part_with_tables,
    show_schemas,
    stamp_for,
    write_looks,
    write_municipal_parts,
    write_numbers,
)
from assets.editions.publication.renewal import RESTS_ON, Settled, settle_breakdowns
from assets.editions.publication.verification import faults_of
from assets.editions.publication.versions import next_version, note_version
from assets.editions.publication.withdrawal import Withdrawal, withdrawals
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    import duckdb

# They tell of the version itself; all that they hold of the numbers is compared in the other files.
_CHANGES = {CHANGES_FILE, *(file_in(language, CHANGES_PAGE) for language in LANGUAGES)}
_NOT_COMPARED = _CHANGES | {DUCKDB_FILE, SUMS_FILE, Path(RESTS_ON).name}
_WITH_TABLES: tuple[Audience, ...] = ("public", "internal")


@dataclass(frozen=True, slots=True)
class EditionResult:
    """The edition that now holds for the survey year.

    ``is_new``: made by this call; otherwise nothing differed from it. ``cells``: published cells; ``changed_cells``:
    those added, removed or changed by this call. ``files``: relative paths. ``lacks``: products that this edition could
    not have, such as a risk analysis of a year without rules. ``changed_municipalities``: codes of those in whose
    folders this call made something new.
    """

    folder: Path
    version: int
    is_new: bool
    cells: int
    changed_cells: int
    files: tuple[str, ...]
    origin: Origin
    lacks: tuple[Text, ...]
    changed_municipalities: tuple[str, ...]

    @property
    def public(self) -> Path:
        """The part that anybody may have."""
        return part_folder(self.folder, "public")

    @property
    def internal(self) -> Path:
        """The part that stays inside."""
        return part_folder(self.folder, "internal")


@dataclass(frozen=True, slots=True)
class Terms:
    """What an edition is made with besides the warehouse: who may have what, who publishes, what was asked, when a
    municipality sees its signals, and what DuckDB may use."""

    audiences: Audiences
    publication: Publication
    questionnaires: Mapping[int, Questionnaire] = field(default_factory=dict)
    signals: Signals = "after_contact"
    database: Database = field(default_factory=Database)

    def looks(self) -> dict[str, str]:
        """What determines how the same numbers look."""
        publication = fingerprint(self.publication.model_dump(mode="json"))
        return {**made_with(self.audiences), "publication": publication, "signals": self.signals}

    def made_with(self, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
        """The same, and what only dossiers show."""
        return {**self.looks(), **rests_on(connection)}


def publish_edition(
    warehouse: Path,
    editions_dir: Path,
    survey_year: int,
    *,
    terms: Terms,
    inputs: Mapping[str, Any],
    versions: Path | None = None,
    now: datetime | None = None,
) -> EditionResult:
    """Make ``editions_dir/<survey_year>/v<n>/`` from the report tables and marts of ``warehouse``.

    A new version is made only where a reader would see a difference: in a table, a figure, a mart or a page. It is
    compared with the newest version of the same survey year that holds, else with that of the latest year before.
    ``inputs`` (anything JSON can hold, such as delivery hashes) goes into the internal ``edition.json`` as it is; its
    MADE_OF explains changes; ``versions``: the file of the versions that were ever given; ``now``: the moment of
    publication. Raises BadInput where the warehouse is missing or locked, or has only what was withdrawn.
    """
    import duckdb

    with building_folder(editions_dir) as building, duckdb.connect() as connection:
        terms.database.hold(connection, building)
        attach_warehouse(connection, warehouse)
        compared_with = _newest_whole(editions_dir, survey_year)
        since = _since(compared_with, editions_dir, survey_year, inputs)
        stamp = _with_imprint(connection, terms, _stamp(survey_year, compared_with, editions_dir, versions, now))
        settled, public, inside = _write_numbers(connection, terms, stamp, editions_dir, building, since)
        standing = compared_with if compared_with == _newest_standing(editions_dir, survey_year) else None
        if standing and _would_be_the_same(connection, (public, inside), terms, building, standing):
            point_latest(editions_dir)
            return _result(standing, inside, None)
        _refuse_again(connection, (public, inside), terms, building, editions_dir, since.withdrawn)
        municipal = _write_looks(connection, public, inside, terms, building, compared_with)
        changed = sorted({*municipal.new, *_withdrawn_folders(municipal.folder, editions_dir, since.withdrawn)})
        facts = {"inputs": dict(inputs), "municipalities_changed": changed, MUNICIPALITIES_REST_ON: municipal.rests_on}
        _describe(public, inside, settled, {**facts, "made_with": terms.made_with(connection)})
        make_appear(building, edition := edition_folder(editions_dir, survey_year, stamp.version))
        note_version(versions, survey_year, stamp.version)
        point_latest(editions_dir)
    return _result(edition, inside, changed)


def _since(before: Path | None, editions_dir: Path, survey_year: int, inputs: Mapping[str, Any]) -> Since:
    because = reasons_since(before, inputs.get(MADE_OF, {}), survey_year)
    return Since(before, because, withdrawals(editions_dir, survey_year, before))


def _describe(public: Part, inside: Part, settled: Settled, made_of: Mapping[str, Any]) -> None:
    carried = {str(year): of for year, of in settled.carried.items()}
    describe(public, {"cells": len(public.content.cells.rows), "breakdowns_carried_over": carried})
    describe(inside, {"cells": len(inside.content.cells.rows), **made_of})


def _withdrawn_folders(municipal: Path, editions_dir: Path, withdrawn: Sequence[Withdrawal]) -> Iterator[str]:
    """The municipalities whose folder of a withdrawn version was another than this one: they may have it."""
    for note in withdrawn:
        for own in _folders(part_folder(editions_dir / note.edition, "municipality")):
            now = municipal / own.name
            if now.is_dir() and read_checksums(own) != read_checksums(now):
                yield own.name


def _folders(municipal: Path) -> list[Path]:
    return [own for own in municipal.iterdir() if own.is_dir()] if municipal.is_dir() else []


def _newest_whole(editions_dir: Path, survey_year: int) -> Path | None:
    """The newest edition of the survey year or one before that holds and is still what it was: a damaged one is not
    compared with."""
    until_then = (one for one in reversed(standing_editions(editions_dir)) if int(one.parent.name) <= survey_year)
    return next((one for one in until_then if not faults_of(one)), None)


def _newest_standing(editions_dir: Path, survey_year: int) -> Path | None:
    of_year = [one for one in standing_editions(editions_dir) if int(one.parent.name) == survey_year]
    return of_year[-1] if of_year else None


def _refuse_again(
    connection: duckdb.DuckDBPyConnection,
    parts: tuple[Part, Part],
    terms: Terms,
    building: Path,
    editions_dir: Path,
    withdrawn: Sequence[Withdrawal],
) -> None:
    """Raises BadInput where what would be published is what was withdrawn."""
    for note in withdrawn:
        if _would_be_the_same(connection, parts, terms, building, editions_dir / note.edition):
            raise BadInput(
                f"What would be published now is what was withdrawn: {note}",
                str(editions_dir / note.edition),
                "mend what it was withdrawn for (a delivery: 'lea withdraw-delivery'; a correction: data/corrections), "
                "and run again",
            )


def _with_imprint(connection: duckdb.DuckDBPyConnection, terms: Terms, stamp: Stamp) -> Stamp:
    """The stamp with who publishes, and how final the survey year is as far as the warehouse tells."""
    schema, statuses = f"{SOURCE}.main", []
    if has_tables(connection, schema, ["dim_survey_year"]):
        statuses = records(connection, schema, "dim_survey_year", survey_year=stamp.survey_year)
    words = labels(connection, schema).get("survey_status", {})
    code = statuses[0]["status"] if statuses else None
    return replace(stamp, imprint=imprint_of(terms.publication, stamp, code, words))


def _write_numbers(
    connection: duckdb.DuckDBPyConnection,
    terms: Terms,
    stamp: Stamp,
    editions_dir: Path,
    building: Path,
    since: Since,
) -> tuple[Settled, Part, Part]:
    """What programs read of the public and the internal part, and which numbers by class are public."""
    marts = show_schemas(connection, terms.audiences)
    settled = settle_breakdowns(connection, "public", editions_dir, f"{stamp.survey_year}/v{stamp.version}")
    parts = [
        part_with_tables(connection, terms.audiences, audience, marts[audience], stamp, building)
        for audience in _WITH_TABLES
    ]
    changed = [write_numbers(connection, part, since) for part in parts][-1]
    questionnaires = terms.questionnaires
    public, inside = (
        part.but(stamp=replace(part.stamp, changed_cells=changed), questionnaires=questionnaires) for part in parts
    )
    settled.write(connection, inside.folder, inside.content.origin)
    return settled, public.but(content=replace(public.content, carried=settled.carried)), inside


def _stamp(
    survey_year: int, before: Path | None, editions_dir: Path, versions: Path | None, now: datetime | None
) -> Stamp:
    return Stamp(
        survey_year=survey_year,
        version=next_version(editions_dir, survey_year, versions),
        created_at=(now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0),
        compared_with=before.relative_to(editions_dir).as_posix() if before else None,
        changed_cells=0,
    )


def _write_looks(
    connection: duckdb.DuckDBPyConnection,
    public: Part,
    inside: Part,
    terms: Terms,
    building: Path,
    before: Path | None,
    as_in: Mapping[str, Stamp] | None = None,
) -> Folders:
    """What people open; the folders of municipalities among it. The figures are drawn beside the rest; those inside are
    the public ones, as far as they show the same."""
    if before and not terms.looks().items() <= was_made_with(part_folder(before, "internal")).items():
        before = None  # its pictures may look otherwise
    public, inside = (
        part.but(before=part_folder(before, part.audience) if before else None) for part in (public, inside)
    )
    with ThreadPoolExecutor(max_workers=1) as beside:
        drawn = beside.submit(draw, public)
        for part in (public, inside):
            write_looks(connection, part)
        municipal = write_municipal_parts(connection, inside, building, terms.signals, as_in)
        drawn.result()
    draw(inside.but(before=public.folder))
    return municipal


def _would_be_the_same(
    connection: duckdb.DuckDBPyConnection, parts: tuple[Part, Part], terms: Terms, building: Path, standing: Path
) -> bool:
    """Whether the standing edition, made again now, would come out byte for byte the same.

    Where the numbers are the same and made with the same tools and code, they would look the same: that is not done
    over. After an upgrade it is, because only then can the result tell.
    """
    if not _holds(standing, building):
        return False
    if terms.made_with(connection) == was_made_with(part_folder(standing, "internal")):
        return True
    stamp = _with_imprint(connection, terms, read_stamp(part_folder(standing, "internal")))
    public, inside = (part.but(stamp=stamp_for(stamp, terms.audiences, part.audience)) for part in parts)
    _write_looks(connection, public, inside, terms, building, None, _municipal_stamps(connection, terms, standing))
    return _holds(standing, building)


def _municipal_stamps(connection: duckdb.DuckDBPyConnection, terms: Terms, standing: Path) -> dict[str, Stamp]:
    """The stamp of each municipality's folder of an edition: of the version in which something in it changed last."""
    audience: Audience = "municipality"
    with_imprint = cache(lambda stamp: stamp_for(_with_imprint(connection, terms, stamp), terms.audiences, audience))
    folders = [own for own in _folders(part_folder(standing, audience)) if (own / EDITION_FILE).is_file()]
    return {own.name: with_imprint(read_stamp(own)) for own in folders}


def _holds(standing: Path, building: Path) -> bool:
    """Whether the standing edition has exactly the built files, of the products (files and folders of a part) that are
    built."""
    built = {path: digest for path, digest in _digests(building) if path.name not in _NOT_COMPARED}
    products = {_product(path) for path in built}
    held = {
        part.relative_to(standing) / path: digest
        for part in parts_of(standing)
        for path, digest in read_checksums(part).items()
    }
    return built == {path: digest for path, digest in held.items() if _product(path) in products}


def _digests(building: Path) -> list[tuple[Path, str]]:
    return [(Path(path), sha256_of(building / path)) for path in files_in(building)]


def _product(path: Path) -> tuple[str, ...]:
    return path.parts[:2]


def _result(folder: Path, inside: Part, changed: Sequence[str] | None) -> EditionResult:
    """``changed``: the municipalities in whose folders something is new; None where nothing was made."""
    files = tuple(files_in(part_folder(folder, "internal")))
    products = inside.audiences.products("internal")
    lacking = [product.what for product in products if not any(product.holds(file) for file in files)]
    return EditionResult(
        folder=folder,
        version=int(folder.name[1:]),
        is_new=changed is not None,
        cells=len(inside.content.cells.rows),
        changed_cells=0 if changed is None else inside.stamp.changed_cells,
        files=tuple(files_in(folder)),
        origin=inside.content.origin,
        lacks=tuple(Text(what.nl, what.en) for what in lacking),
        changed_municipalities=tuple(changed or ()),
    )
