"""The parts of an edition: for the public, for each municipality, for inside; each complete in itself.

A part is written from a schema that shows only what its audience may have, so that no page or file can hold more.

Belongs here: which products a part is written with, and in which order. Does not belong here: how one is written (the
wings beside this one), who may have what (``data/audiences.yaml``), whether a new version is made (``publish.py``).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.errors import BadInput
from assets.base.settings import Signals
from assets.base.texts import Text, file_in
from assets.editions.content.audiences import Audiences
from assets.editions.content.reading import read_content
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.content.terms import AUDIENCES, Audience
from assets.editions.files.catalogue_record import write_catalogue_record
from assets.editions.files.csv_files import write_tables
from assets.editions.files.data_package import Described, described, write_data_package
from assets.editions.files.database import write_database
from assets.editions.files.marts import SOURCE, Mart, list_marts, marts_for, show_marts, write_parquet
from assets.editions.files.metadata import read_edition_facts, write_checksums, write_edition_facts, write_readme
from assets.editions.files.workbooks import write_workbooks
from assets.editions.handouts.codebook import write_codebook
from assets.editions.pages.changes.page import write_changes_page
from assets.editions.pages.dossiers.page import write_dossiers
from assets.editions.pages.explain.page import write_explanations
from assets.editions.pages.municipalities.page import (
    ANSWER_FIELDS,
    ANSWERS,
    PAGE,
    WORKBOOK,
    Folders,
    write_municipalities,
)
from assets.editions.pages.quality.page import write_quality
from assets.editions.pages.reconciliation.page import write_reconciliation
from assets.editions.pages.report.page import write_report
from assets.editions.pages.supervision.page import write_supervision
from assets.editions.pages.technical_report.page import write_technical_report
from assets.editions.pages.templating import STYLE, write_style
from assets.editions.pictures.figures import draw_figures
from assets.editions.print.printing import write_prints
from assets.editions.publication.changes import Since, write_changes
from assets.editions.publication.folder import part_folder
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    import duckdb

CODEBOOK = "codebook"
MUNICIPALITIES_REST_ON = "municipalities_rest_on"
"""The field of the internal edition.json that says on what the folder of each municipality rests."""
_SHOWN: tuple[Audience, ...] = ("public", "municipality")
NUMBERS = frozenset({"tables", "marts", "changes"})
"""The products that programs read. The others look at the same numbers, and show them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part with report tables, the public or the internal one, while it is made. ``schema`` of the connection has
    ``marts``, what its audience may have; ``before``: the folder whose pictures can be taken over."""

    audience: Audience
    folder: Path
    schema: str
    marts: tuple[Mart, ...]
    content: Content
    audiences: Audiences
    stamp: Stamp
    before: Path | None = None
    questionnaires: Mapping[int, Questionnaire] = field(default_factory=dict)

    def has(self, product: str) -> bool:
        """Whether a product is for its audience."""
        return self.audiences.has(self.audience, product)

    def but(self, **different: Any) -> Part:
        """The same part with something different."""
        return replace(self, **different)


def show_schemas(connection: duckdb.DuckDBPyConnection, audiences: Audiences) -> dict[Audience, tuple[Mart, ...]]:
    """What each audience may have of the warehouse, which is attached as ``SOURCE``: in a schema of its name, and for
    inside the warehouse itself."""
    _refuse_unknown_products(audiences)
    marts = list_marts(connection)
    found = {audience: marts_for(marts, audiences, audience) for audience in AUDIENCES}
    for audience in _SHOWN:
        show_marts(connection, found[audience], audience)
    return found


def part_with_tables(
    connection: duckdb.DuckDBPyConnection,
    audiences: Audiences,
    audience: Audience,
    marts: tuple[Mart, ...],
    stamp: Stamp,
    building: Path,
) -> Part:
    """The public or the internal part, read but not yet written."""
    schema = audience if audience in _SHOWN else f"{SOURCE}.main"
    return Part(
        audience=audience,
        folder=part_folder(building, audience),
        schema=schema,
        marts=marts,
        content=read_content(connection, schema, audience),
        audiences=audiences,
        stamp=stamp_for(stamp, audiences, audience),
    )


def stamp_for(stamp: Stamp, audiences: Audiences, audience: Audience) -> Stamp:
    """The stamp of an audience's part: with its terms, where they are not the licence."""
    terms = audiences.file.audiences[audience].terms
    return replace(stamp, audience=audience, terms=Text(terms.nl, terms.en) if terms else None)


def write_numbers(connection: duckdb.DuckDBPyConnection, part: Part, since: Since) -> int:
    """The products of NUMBERS, but for the database; how many cells changed since the same part of the edition
    before."""
    part.folder.mkdir(parents=True)
    write_tables(part.content, part.folder)
    write_parquet(connection, part.marts, part.folder, part.content.origin, part.schema)
    before = part_folder(since.edition, part.audience) if since.edition else None
    before = before if before and before.is_dir() else None
    return write_changes(before, part.folder, part.content.origin, since.because, map(str, since.withdrawn))


def draw(part: Part) -> None:
    """The pictures of the report: they take as long as all else, mostly outside Python."""
    if part.has("figures"):
        draw_figures(part.content, part.folder, part.before)


def write_looks(connection: duckdb.DuckDBPyConnection, part: Part) -> None:
    """What people open: the database and the pages, the report last, because it links to the others."""
    write_style(part.folder)
    for product, write in WRITERS.items():
        if part.has(product):
            write(connection, part)


Writer = Callable[["duckdb.DuckDBPyConnection", Part], None]
WRITERS: Mapping[str, Writer] = {
    "marts": lambda _, p: write_database(p.marts, p.folder, p.content.origin, p.stamp),
    "explanations": lambda c, p: write_explanations(c, p.content, p.stamp, p.folder, p.schema),
    "workbooks": lambda _, p: write_workbooks(p.content, p.stamp, p.folder),
    "reconciliation": lambda _, p: write_reconciliation(p.content, p.stamp, p.folder),
    "codebook": lambda _, p: write_codebook_of(p),
    "technical_report": lambda c, p: write_technical_report(c, p.content, p.stamp, p.folder, p.schema),
    "changes": lambda _, p: write_changes_page(p.content, p.stamp, p.folder),
    "print": lambda _, p: write_prints(p.content, p.stamp, p.folder, part_folder(p.folder.parent, "public")),
    "quality": lambda c, p: write_quality(c, p.content, p.stamp, p.folder, p.schema, p.before),
    "dossiers": lambda c, p: write_dossiers(c, p.content, p.stamp, p.folder, p.schema),
    "supervision": lambda c, p: write_supervision(c, p.content, p.stamp, p.folder, p.schema, p.before),
    "report": lambda c, p: write_report(c, p.content, p.stamp, [mart.name for mart in p.marts], p.folder, p.schema),
}
"""What people open, by product of ``data/audiences.yaml``; pictures and municipal parts are made beside it."""


def write_codebook_of(part: Part) -> None:
    """The codebook of the survey year; nothing where its questionnaire is not there."""
    year = part.stamp.survey_year
    if year in part.questionnaires:
        write_codebook(part.questionnaires, year, part.content.labels, part.folder / CODEBOOK)


def describe(part: Part, facts: Mapping[str, Any]) -> None:
    """What tells of the part itself, and of its files."""
    _describe(part.folder, part.content, part.stamp, part.audiences, described(part.marts), facts)


def write_municipal_parts(
    connection: duckdb.DuckDBPyConnection,
    inside: Part,
    building: Path,
    signals: Signals,
    as_in: Mapping[str, Stamp] | None = None,
) -> Folders:
    """To each municipality of the register its own folder. ``as_in``: the stamps of those that have another one than
    the edition. What an earlier look at the same edition left is removed."""
    audience: Audience = "municipality"
    audiences = inside.audiences
    stamp, folder = stamp_for(inside.stamp, audiences, audience), part_folder(building, audience)
    shutil.rmtree(folder, ignore_errors=True)
    before = None
    if inside.before:
        before = Folders(
            inside.before.parent / folder.name, read_edition_facts(inside.before).get(MUNICIPALITIES_REST_ON, {})
        )
    made = write_municipalities(connection, inside.content, stamp, folder, audience, signals, before, as_in)
    files = {
        PAGE: Described(what="De gemeente naast vergelijkbare gemeenten / The municipality beside comparable ones"),
        file_in("en", PAGE): Described(what="Dezelfde pagina in het Engels / The same page in English"),
        STYLE: Described(what="De stijl van de pagina / The style of the page"),
        ANSWERS: Described(ANSWER_FIELDS, "De eigen antwoorden / Its own answers", ("question_id",)),
        WORKBOOK: Described(what="Dezelfde antwoorden als werkboek / The same answers as a workbook"),
    }
    for code in made.new:
        own = (as_in or {}).get(code, stamp)
        _describe(folder / code, inside.content, own, audiences, files, {"municipality_code": code})
    return made


def _describe(
    folder: Path,
    content: Content,
    stamp: Stamp,
    audiences: Audiences,
    files: Mapping[str, Described],
    facts: Mapping[str, Any],
) -> None:
    write_readme(folder, content.origin, stamp, audiences.products(stamp.audience))
    write_edition_facts(folder, content.origin, stamp, facts)
    resources = write_data_package(folder, content.origin, stamp, files)
    if stamp.audience == "public":
        write_catalogue_record(folder, content, stamp, resources)
    write_checksums(folder)


def _refuse_unknown_products(audiences: Audiences) -> None:
    """Raises BadInput where the file of audiences names something that nothing writes."""
    known = {*WRITERS, *NUMBERS, "figures", "municipality", "disclosure"}
    if unknown := [product.id for product in audiences.file.products if product.id not in known]:
        raise BadInput(
            f"Nothing writes the product {', '.join(unknown)}",
            "data/audiences.yaml, products",
            f"name one of these: {', '.join(sorted(known))}",
        )
