"""The technical report of a part of an edition: ``technical_report.html``.

Belongs here: filling its template. Does not belong here: what it says (``reading.py``), its words and looks
(``technical_report.html.j2``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import counted
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.handouts.codebook import codebook_files
from assets.editions.pages.technical_report.reading import read_technical_report
from assets.editions.pages.templating import write_page

if TYPE_CHECKING:
    import duckdb

PAGE = "technical_report.html"


def write_technical_report(
    connection: duckdb.DuckDBPyConnection, content: Content, stamp: Stamp, folder: Path, schema: str
) -> None:
    """``technical_report.html`` in the part of an edition in ``folder``, where its codebook already is; nothing where
    ``schema`` lacks what it is about."""
    found = read_technical_report(connection, content, schema, stamp.survey_year)
    if found is None:
        return
    codebook = f"codebook/{codebook_files(stamp.survey_year)[0]}"
    write_page(
        folder,
        PAGE,
        "pages/technical_report/technical_report.html.j2",
        content.origin,
        stamp,
        found=found,
        codebook=codebook if (folder / codebook).is_file() else None,
        counted=counted,
    )
