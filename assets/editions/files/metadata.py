"""The files that describe a part of an edition: edition.json, datapackage.json, README.txt and SHA256SUMS.

Belongs here: what a program or a person needs in order to use the other files. Does not belong here: their content.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from assets.base.files import sha256_of
from assets.base.texts import LANGUAGES
from assets.editions.content.audiences import Audiences, Product
from assets.editions.content.imprint import Imprint
from assets.editions.content.mark import Origin, mark_in_both_languages, mark_of
from assets.editions.content.stamp import EDITION_FILE, Stamp
from assets.editions.content.tables import Content
from assets.editions.content.terms import LICENCE, sources_of, terms_in_words
from assets.editions.files.csv_files import (
    BREAKDOWN_COLUMNS,
    CATEGORY_CELLS_FILE,
    CELLS_FILE,
    RECONCILIATION_FILE,
    TABLE_COLUMNS,
)
from assets.editions.files.lists import LISTS, list_fields
from assets.editions.files.marts import Mart, parquet_path
from assets.editions.pages.supervision.page import LISTS as SUPERVISION_LISTS
from assets.editions.pages.templating import environment
from assets.editions.publication.changes import CHANGE_COLUMNS, CHANGES_FILE

SUMS_FILE = "SHA256SUMS"
NOTICE_FILE = "WITHDRAWN.txt"  # comes into a part that was withdrawn, so no checksum knows it
_EDITIONS = Path(__file__).parents[1]
_TOOLS = ("duckdb", "jinja2", "resvg-py", "typst", "xlsxwriter")
_MEDIA_TYPES = {
    ".csv": ("csv", "text/csv"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"),
    ".duckdb": ("duckdb", "application/vnd.duckdb"),
    ".svg": ("svg", "image/svg+xml"),
    ".png": ("png", "image/png"),
    ".html": ("html", "text/html"),
    ".pdf": ("pdf", "application/pdf"),
    ".xml": ("xml", "application/xml"),
    ".xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class Described(NamedTuple):
    """A file in a data package: its fields as the package names them, and what it holds."""

    fields: Sequence[Mapping[str, Any]] = ()
    what: str = ""


def files_in(folder: Path) -> list[str]:
    """All files below ``folder``, as sorted relative paths."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def made_with(audiences: Audiences) -> dict[str, str]:
    """What determines how the same numbers look: versions of the tools, a checksum of code and templates, and who may
    have what."""
    sources = sorted(
        path for path in _EDITIONS.rglob("*") if path.suffix in (".py", ".j2", ".css", ".js", ".ttf", ".typ")
    )
    code = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
    tools = {tool: version(tool) for tool in _TOOLS}
    return {
        "python": platform.python_version(),
        **tools,
        "code": f"sha256:{code}",
        "audiences": f"sha256:{audiences.fingerprint}",
    }


def was_made_with(part: Path) -> dict[str, str]:
    """The same of a part of a standing edition; empty where it does not say."""
    facts = part / EDITION_FILE
    return json.loads(facts.read_text(encoding="utf-8")).get("made_with", {}) if facts.is_file() else {}


def write_edition_facts(folder: Path, origin: Origin, stamp: Stamp, facts: Mapping[str, Any]) -> None:
    """``edition.json``: which edition and which part, of what origin, compared with which, and other ``facts``."""
    _write_json(
        folder / EDITION_FILE,
        {
            "survey_year": stamp.survey_year,
            "version": stamp.version,
            "audience": stamp.audience,
            "created_at": stamp.created_at.isoformat(timespec="seconds"),
            "origin": origin,
            **_note(origin),
            **({"terms_nl": stamp.terms.nl, "terms_en": stamp.terms.en} if stamp.terms else {}),
            **_imprint(stamp),
            "compared_with": stamp.compared_with,
            "changed_cells": stamp.changed_cells,
            **facts,
        },
    )


def write_data_package(folder: Path, origin: Origin, stamp: Stamp, files: Mapping[str, Described]) -> None:
    """``datapackage.json`` (Frictionless Data Package): every file for reading, as ``files`` describes it by path."""
    _write_json(
        folder / "datapackage.json",
        {
            "profile": "data-package",
            "name": f"lea-vve-monitor-{stamp.survey_year}-{stamp.audience}",
            "title": f"LEA/vve-monitor {stamp.survey_year}",
            "version": f"{stamp.version}.0.0",
            "created": stamp.created_at.isoformat(timespec="seconds"),
            "origin": origin,
            **({"description": mark_in_both_languages(origin)} if mark_of(origin) else {}),
            **({"terms": f"{stamp.terms.nl} / {stamp.terms.en}"} if stamp.terms else {"licenses": [LICENCE._asdict()]}),
            **({"contributors": [_contributor(stamp.imprint)], **_imprint(stamp)} if stamp.imprint else {}),
            "sources": [
                {"title": f"{source.title.nl} / {source.title.en}", "path": source.path}
                for source in sources_of(origin)
            ],
            "resources": [
                _resource(folder, path, files.get(path, Described()), origin)
                for path in files_in(folder)
                if Path(path).suffix in _MEDIA_TYPES
            ],
        },
    )


def described(content: Content, marts: Sequence[Mart]) -> dict[str, Described]:
    """The files of a part with report tables: the fields of the tabular ones, and what a file holds where its name does
    not say it."""
    of_marts = {mart.name: _mart_fields(mart) for mart in marts}
    with_origin = [{"name": "origin", "type": "string"}]
    of_series = [*of_marts.get("rpt_series", []), *with_origin, {"name": "origin_note", "type": "string"}]
    lists = list_fields(marts, of_marts)
    return {
        **{parquet_path(mart): Described(of_marts[mart.name], mart.comment) for mart in marts},
        **{
            path: Described(fields_of(columns), f"{table.label.nl}{what}. {table.title.nl}")
            for table in content.tables
            for path, columns, what in (
                (table.csv_path, TABLE_COLUMNS, ""),
                (table.breakdowns_path, BREAKDOWN_COLUMNS, ", uitgesplitst"),
            )
        },
        **{
            table.series_path: Described(of_series, f"{table.label.nl}, over de jaren. {table.title.nl}")
            for table in content.tables
            if table.series
        },
        CHANGES_FILE: Described(fields_of(CHANGE_COLUMNS)),
        **{path: Described(_csv_fields(of_marts.get(mart, []))) for path, mart in SUPERVISION_LISTS.items()},
        **{path: Described(lists.get(path, []), f"{one.what.nl} / {one.what.en}") for path, one in LISTS.items()},
        CELLS_FILE: Described(of_marts["rpt_cells"]),
        CATEGORY_CELLS_FILE: Described(of_marts["rpt_cell_breakdowns"] + with_origin),
        RECONCILIATION_FILE: Described(of_marts.get("rpt_reconciliation", []) + with_origin),
    }


def _resource(folder: Path, path: str, described: Described, origin: Origin) -> dict[str, Any]:
    kind, media_type = _MEDIA_TYPES[Path(path).suffix]
    return {
        "name": path.replace("/", ".").lower(),
        "path": path,
        **({"description": described.what} if described.what else {}),
        "format": kind,
        "mediatype": media_type,
        **({"encoding": "utf-8"} if kind in ("csv", "html", "svg") else {}),
        **({"profile": "tabular-data-resource"} if kind == "csv" else {}),
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{sha256_of(folder / path)}",
        "origin": origin,
        **({"schema": {"fields": described.fields}} if described.fields else {}),
    }


def fields_of(columns: Mapping[str, str]) -> list[dict[str, str]]:
    """Columns and their types, as a data package names them."""
    return [{"name": name, "type": kind} for name, kind in columns.items()]


def _mart_fields(mart: Mart) -> list[dict[str, str]]:
    fields = fields_of({column: mart.field_type(column) for column in mart.columns})
    return [
        {**field, "description": mart.column_comments[field["name"]]}
        if field["name"] in mart.column_comments
        else field
        for field in fields
    ]


def _csv_fields(of_mart: list[dict[str, str]]) -> list[dict[str, str]]:
    """The fields of a mart that was written as CSV, where lists are text, and the origin of its rows."""
    as_text = [{**field, "type": "string"} if field["type"] == "array" else field for field in of_mart]
    return [*as_text, *fields_of({"origin": "string", "origin_note": "string"})]


def write_readme(folder: Path, origin: Origin, stamp: Stamp, products: Iterable[Product]) -> None:
    """``README.txt``: what is in the folder, in Dutch and in English."""
    files = files_in(folder)
    text = (
        environment("nl")
        .get_template("files/README.txt.j2")
        .render(
            stamp=stamp,
            mark=mark_of(origin),
            terms=terms_in_words(stamp.terms),
            products=[product for product in products if any(product.holds(file) for file in files)],
        )
    )
    (folder / "README.txt").write_text(text, encoding="utf-8")


def write_checksums(folder: Path) -> None:
    """``SHA256SUMS`` of every other file, in the form that ``sha256sum -c`` reads."""
    lines = [f"{sha256_of(folder / path)}  {path}\n" for path in files_in(folder) if path != SUMS_FILE]
    (folder / SUMS_FILE).write_text("".join(lines), encoding="utf-8")


def read_checksums(folder: Path) -> dict[str, str]:
    """The checksum of every file of a part of an edition, by relative path; empty where it has none."""
    sums = folder / SUMS_FILE
    if not sums.is_file():
        return {}
    lines = (line.split("  ", 1) for line in sums.read_text(encoding="utf-8").splitlines())
    return {path: digest for digest, path in lines}


def _imprint(stamp: Stamp) -> dict[str, str]:
    """Status, citation and next release; nothing where the edition has no imprint."""
    if not (imprint := stamp.imprint):
        return {}
    texts = {
        "publisher": imprint.publisher,
        "status": imprint.status,
        "citation": imprint.citation,
        "next_release": imprint.next_release,
    }
    both = {
        f"{name}_{language}": getattr(text, language) for name, text in texts.items() if text for language in LANGUAGES
    }
    return {"contact": imprint.contact, **both}


def _contributor(imprint: Imprint) -> dict[str, str]:
    return {"title": f"{imprint.publisher.nl} / {imprint.publisher.en}", "role": "publisher", "email": imprint.contact}


def _note(origin: Origin) -> dict[str, str]:
    mark = mark_of(origin)
    return {"note_nl": mark.nl, "note_en": mark.en} if mark else {}


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
