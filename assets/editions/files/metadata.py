"""The files that describe an edition: edition.json, datapackage.json, README.txt and SHA256SUMS.

Belongs here: what a program or a person needs in order to use the other files. Does not belong here: their content.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assets.base.files import sha256_of
from assets.editions.content.mark import Origin, mark_in_both_languages, mark_of
from assets.editions.content.stamp import EDITION_FILE, Stamp
from assets.editions.content.tables import Content
from assets.editions.content.terms import LICENCE, sources_of
from assets.editions.files.csv_files import (
    BREAKDOWN_COLUMNS,
    CATEGORY_CELLS_FILE,
    CELLS_FILE,
    RECONCILIATION_FILE,
    TABLE_COLUMNS,
)
from assets.editions.files.lists import LISTS, list_fields
from assets.editions.files.marts import DUCKDB_FILE, Mart, parquet_path
from assets.editions.pages.municipalities.page import INDEX as MUNICIPALITIES_PAGE
from assets.editions.pages.municipalities.page import MUNICIPALITIES
from assets.editions.pages.report.page import rendered
from assets.editions.pages.supervision.page import LISTS as SUPERVISION_LISTS
from assets.editions.publication.changes import CHANGE_COLUMNS

SUMS_FILE = "SHA256SUMS"
_EDITIONS = Path(__file__).parents[1]
_TOOLS = ("duckdb", "jinja2", "resvg-py", "xlsxwriter")
_MEDIA_TYPES = {
    ".csv": ("csv", "text/csv"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"),
    ".duckdb": ("duckdb", "application/vnd.duckdb"),
    ".svg": ("svg", "image/svg+xml"),
    ".png": ("png", "image/png"),
    ".html": ("html", "text/html"),
    ".xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def files_in(folder: Path) -> list[str]:
    """All files below ``folder``, as sorted relative paths."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def made_with() -> dict[str, str]:
    """What determines how the same numbers look: versions of the tools, and a checksum of code and templates."""
    sources = sorted(path for path in _EDITIONS.rglob("*") if path.suffix in (".py", ".j2", ".css", ".js", ".ttf"))
    code = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
    return {"python": platform.python_version(), **{tool: version(tool) for tool in _TOOLS}, "code": f"sha256:{code}"}


def was_made_with(edition: Path) -> dict[str, str]:
    """The same of a standing edition; empty where it does not say."""
    facts = edition / EDITION_FILE
    return json.loads(facts.read_text(encoding="utf-8")).get("made_with", {}) if facts.is_file() else {}


def write_edition_facts(folder: Path, content: Content, stamp: Stamp, inputs: Mapping[str, Any]) -> None:
    """``edition.json``: which edition, of what origin, compared with which, from which inputs, made with what."""
    _write_json(
        folder / EDITION_FILE,
        {
            "survey_year": stamp.survey_year,
            "version": stamp.version,
            "created_at": stamp.created_at.isoformat(timespec="seconds"),
            "origin": content.origin,
            **_note(content.origin),
            "cells": len(content.cells.rows),
            "compared_with": stamp.compared_with,
            "changed_cells": stamp.changed_cells,
            "inputs": dict(inputs),
            "made_with": made_with(),
        },
    )


def write_data_package(folder: Path, content: Content, marts: Sequence[Mart], stamp: Stamp) -> None:
    """``datapackage.json`` (Frictionless Data Package): every file for reading, with the fields of the tabular ones."""
    fields, descriptions = _fields_of_files(content, marts), _descriptions(folder, content, marts)
    _write_json(
        folder / "datapackage.json",
        {
            "profile": "data-package",
            "name": f"lea-vve-monitor-{stamp.survey_year}",
            "title": f"LEA/vve-monitor {stamp.survey_year}",
            "version": f"{stamp.version}.0.0",
            "created": stamp.created_at.isoformat(timespec="seconds"),
            "origin": content.origin,
            **({"description": mark_in_both_languages(content.origin)} if mark_of(content.origin) else {}),
            "licenses": [LICENCE._asdict()],
            "sources": [
                {"title": f"{source.title.nl} / {source.title.en}", "path": source.path}
                for source in sources_of(content.origin)
            ],
            "resources": [
                _resource(folder, path, fields.get(path), descriptions.get(path), content.origin)
                for path in files_in(folder)
                if Path(path).suffix in _MEDIA_TYPES
            ],
        },
    )


def _fields_of_files(content: Content, marts: Sequence[Mart]) -> dict[str, list[dict[str, str]]]:
    """File → its fields, of the tabular files."""
    of_marts = {mart.name: _mart_fields(mart) for mart in marts}
    with_origin = [{"name": "origin", "type": "string"}]
    return {
        **{table.csv_path: _fields(TABLE_COLUMNS) for table in content.tables},
        **{table.breakdowns_path: _fields(BREAKDOWN_COLUMNS) for table in content.tables},
        **{parquet_path(mart): of_marts[mart.name] for mart in marts},
        "changes.csv": _fields(CHANGE_COLUMNS),
        **{path: _csv_fields(of_marts.get(mart, [])) for path, mart in SUPERVISION_LISTS.items()},
        **list_fields(marts, of_marts),
        CELLS_FILE: of_marts["rpt_cells"],
        CATEGORY_CELLS_FILE: of_marts["rpt_cell_breakdowns"] + with_origin,
        RECONCILIATION_FILE: of_marts.get("rpt_reconciliation", []) + with_origin,
    }


def _descriptions(folder: Path, content: Content, marts: Sequence[Mart]) -> dict[str, str]:
    """File → what it holds, where its name does not say it."""
    found = {parquet_path(mart): mart.comment for mart in marts if mart.comment}
    found |= {path: f"{one.what.nl} / {one.what.en}" for path, one in LISTS.items()}
    for table in content.tables:
        found[table.csv_path] = f"{table.label.nl}. {table.title.nl}"
        found[table.breakdowns_path] = f"{table.label.nl}, uitgesplitst. {table.title.nl}"
    for path in files_in(folder):
        if path.startswith(f"{MUNICIPALITIES}/") and path != MUNICIPALITIES_PAGE:
            code = Path(path).stem
            found[path] = f"{code} naast vergelijkbare gemeenten / {code} beside comparable municipalities"
    return found


def _resource(
    folder: Path, path: str, fields: list[dict[str, str]] | None, description: str | None, origin: Origin
) -> dict[str, Any]:
    kind, media_type = _MEDIA_TYPES[Path(path).suffix]
    return {
        "name": path.replace("/", ".").lower(),
        "path": path,
        **({"description": description} if description else {}),
        "format": kind,
        "mediatype": media_type,
        **({"encoding": "utf-8"} if kind in ("csv", "html", "svg") else {}),
        **({"profile": "tabular-data-resource"} if kind == "csv" else {}),
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{sha256_of(folder / path)}",
        "origin": origin,
        **({"schema": {"fields": fields}} if fields else {}),
    }


def _fields(columns: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in columns.items()]


def _mart_fields(mart: Mart) -> list[dict[str, str]]:
    fields = _fields({column: mart.field_type(column) for column in mart.columns})
    return [
        {**field, "description": mart.column_comments[field["name"]]}
        if field["name"] in mart.column_comments
        else field
        for field in fields
    ]


def _csv_fields(of_mart: list[dict[str, str]]) -> list[dict[str, str]]:
    """The fields of a mart that was written as CSV, where lists are text, and the origin of its rows."""
    as_text = [{**field, "type": "string"} if field["type"] == "array" else field for field in of_mart]
    return [*as_text, *_fields({"origin": "string", "origin_note": "string"})]


def write_readme(folder: Path, content: Content, stamp: Stamp) -> None:
    """``README.txt``: what is in the folder, in Dutch and in English."""
    text = rendered(
        "files/README.txt.j2", content, stamp, duckdb=DUCKDB_FILE, there={path.name for path in folder.iterdir()}
    )
    (folder / "README.txt").write_text(text, encoding="utf-8")


def write_checksums(folder: Path) -> None:
    """``SHA256SUMS`` of every other file, in the form that ``sha256sum -c`` reads."""
    lines = [f"{sha256_of(folder / path)}  {path}\n" for path in files_in(folder)]
    (folder / SUMS_FILE).write_text("".join(lines), encoding="utf-8")


def read_checksums(folder: Path) -> dict[str, str]:
    """The checksum of every file of an edition, by relative path; empty where the edition has none."""
    sums = folder / SUMS_FILE
    if not sums.is_file():
        return {}
    lines = (line.split("  ", 1) for line in sums.read_text(encoding="utf-8").splitlines())
    return {path: digest for digest, path in lines}


def _note(origin: Origin) -> dict[str, str]:
    mark = mark_of(origin)
    return {"note_nl": mark.nl, "note_en": mark.en} if mark else {}


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
