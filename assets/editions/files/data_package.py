"""``datapackage.json`` (Frictionless Data Package): the data files of a part of an edition, field by field.

Belongs here: which files are data, and what each holds. Does not belong here: pages and pictures, which are for
reading; what a column is (``fields.py``); the record for a catalogue (``catalogue_record.py``).

A CSV is a ``table``, whose fields, key and references anybody can validate. What the standard's readers cannot open as
a table is a ``file``; of Parquet the fields are described all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from assets.base.files import sha256_of
from assets.editions.content.imprint import Imprint
from assets.editions.content.mark import Origin, mark_in_both_languages, mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.terms import LICENCE, sources_of
from assets.editions.files.csv_files import (
    CATEGORY_CELLS_FILE,
    CELLS_FILE,
    ORIGIN_FIELD,
    RECONCILIATION_FILE,
    SERIES_FILE,
)
from assets.editions.files.fields import Field, Reference, fields_of, references_of
from assets.editions.files.lists import LISTS, list_fields
from assets.editions.files.marts import Mart, parquet_path
from assets.editions.files.metadata import files_in, imprint_facts, write_json
from assets.editions.pages.supervision.page import LISTS as SUPERVISION_LISTS
from assets.editions.publication.changes import CHANGE_FIELDS, CHANGES_FILE

PACKAGE_FILE = "datapackage.json"
MEDIA_TYPES = {
    ".csv": ("csv", "text/csv"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"),
    ".duckdb": ("duckdb", "application/vnd.duckdb"),
    ".xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_NOT_DATA = ("codebook/", "disclosure/")  # what documents the questionnaire, what the next edition reads
_CELL = ("report", "table_id", "row_key", "column_key")


class Described(NamedTuple):
    """A file in a data package: its fields as the package names them, what it holds, the fields that identify a row,
    and which other files (by path) it refers to by theirs."""

    fields: Sequence[Field] = ()
    what: str = ""
    key: Sequence[str] = ()
    references: Sequence[Reference] = ()


def write_data_package(
    folder: Path, origin: Origin, stamp: Stamp, files: Mapping[str, Described]
) -> list[dict[str, Any]]:
    """The package: every data file of the folder, as ``files`` describes it by path; returns its resources."""
    resources = [
        _resource(folder, path, files.get(path, Described()), origin)
        for path in files_in(folder)
        if Path(path).suffix in MEDIA_TYPES and not path.startswith(_NOT_DATA)
    ]
    write_json(
        folder / PACKAGE_FILE,
        {
            "profile": "data-package",
            "name": f"lea-vve-monitor-{stamp.survey_year}-{stamp.audience}",
            "title": f"LEA/vve-monitor {stamp.survey_year}",
            "version": f"{stamp.version}.0.0",
            "created": stamp.created_at.isoformat(timespec="seconds"),
            "origin": origin,
            **({"description": mark_in_both_languages(origin)} if mark_of(origin) else {}),
            **({"terms": f"{stamp.terms.nl} / {stamp.terms.en}"} if stamp.terms else {"licenses": [LICENCE._asdict()]}),
            **({"contributors": [_contributor(stamp.imprint)], **imprint_facts(stamp)} if stamp.imprint else {}),
            "sources": [
                {"title": f"{source.title.nl} / {source.title.en}", "path": source.path}
                for source in sources_of(origin)
            ],
            "resources": resources,
        },
    )
    return resources


def described(marts: Sequence[Mart]) -> dict[str, Described]:
    """The data files of a part with report tables."""
    of_marts = {mart.name: fields_of(mart) for mart in marts}
    keys = {mart.name: mart.key for mart in marts}
    lists = list_fields(marts, of_marts)
    in_csv = {
        **{path: (mart, [*of_marts.get(mart, []), ORIGIN_FIELD]) for path, mart in SUPERVISION_LISTS.items()},
        **{path: (LISTS[path].mart, fields) for path, fields in lists.items()},
        CELLS_FILE: ("rpt_cells", of_marts["rpt_cells"]),
        CATEGORY_CELLS_FILE: ("rpt_cell_breakdowns", [*of_marts["rpt_cell_breakdowns"], ORIGIN_FIELD]),
        SERIES_FILE: ("rpt_series", [*of_marts.get("rpt_series", []), ORIGIN_FIELD]),
        RECONCILIATION_FILE: ("rpt_reconciliation", [*of_marts.get("rpt_reconciliation", []), ORIGIN_FIELD]),
    }
    words = {path: f"{one.what.nl} / {one.what.en}" for path, one in LISTS.items()}
    to_cells = {CATEGORY_CELLS_FILE: [Reference(_CELL, CELLS_FILE)]}
    return {
        **{parquet_path(mart): _of_mart(mart, marts) for mart in marts},
        **{
            path: Described(_as_text(fields), words.get(path, ""), keys.get(mart, ()), to_cells.get(path, ()))
            for path, (mart, fields) in in_csv.items()
        },
        CHANGES_FILE: Described(CHANGE_FIELDS, key=_CELL),
    }


def _of_mart(mart: Mart, marts: Sequence[Mart]) -> Described:
    paths = {one.name: parquet_path(one) for one in marts}
    references = [Reference(one.columns, paths[one.table]) for one in references_of(mart, marts)]
    return Described(fields_of(mart), mart.comment, mart.key, references)


def _as_text(fields: Sequence[Field]) -> list[Field]:
    """The fields of a mart that is written as CSV, where lists and structures are text."""
    return [{**field, "type": "string"} if field["type"] in ("array", "any") else field for field in fields]


def _resource(folder: Path, path: str, described: Described, origin: Origin) -> dict[str, Any]:
    kind, media_type = MEDIA_TYPES[Path(path).suffix]
    schema: dict[str, Any] = {"fields": described.fields}
    if described.key:
        schema["primaryKey"] = list(described.key)
    if described.references:
        schema["foreignKeys"] = [
            {
                "fields": list(one.columns),
                "reference": {"resource": resource_name(one.table), "fields": list(one.columns)},
            }
            for one in described.references
        ]
    return {
        "name": resource_name(path),
        "path": path,
        "type": "table" if kind == "csv" else "file",
        **({"description": described.what} if described.what else {}),
        "format": kind,
        "mediatype": media_type,
        **({"encoding": "utf-8"} if kind == "csv" else {}),
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{sha256_of(folder / path)}",
        "origin": origin,
        **({"origin_note": mark_in_both_languages(origin)} if mark_of(origin) else {}),
        **({"schema": schema} if described.fields else {}),
    }


def resource_name(path: str) -> str:
    """What a file is called in the package."""
    return path.replace("/", ".").lower()


def _contributor(imprint: Imprint) -> dict[str, str]:
    return {"title": f"{imprint.publisher.nl} / {imprint.publisher.en}", "role": "publisher", "email": imprint.contact}
