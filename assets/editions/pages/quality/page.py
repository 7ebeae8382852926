"""The page of an edition on the quality of its numbers (``quality.html``), with its pictures and lists (``quality/``).

Belongs here: writing them. Does not belong here: what they say (``reading.py``, ``quality.html.j2``), the pictures
(``pictures.py``) and the lists (``files/lists.py``) themselves.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import counted
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.content.terms import sources_of
from assets.editions.files.lists import LISTS, QUALITY, QUALITY_PAGE, write_lists
from assets.editions.files.marts import SOURCE
from assets.editions.pages.quality.pictures import pictures_of_quality
from assets.editions.pages.quality.reading import read_quality
from assets.editions.pages.templating import write_page

if TYPE_CHECKING:
    import duckdb

_SHOWN_CALLS = 200  # on the page, which stays light in a year in which much is odd; the list has all


def write_quality(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    stamp: Stamp,
    folder: Path,
    schema: str = f"{SOURCE}.main",
    before: Path | None = None,
) -> None:
    """``quality.html``, its pictures and its lists in the edition's ``folder``; nothing where ``schema`` lacks a
    table."""
    quality = read_quality(connection, schema)
    if quality is None:
        return
    (folder / QUALITY).mkdir(exist_ok=True)
    write_lists(connection, content, folder, schema)
    source = sources_of(content.origin)[0].title
    pictures = pictures_of_quality(quality.waterfalls, quality.ranges, quality.provinces, source)
    for picture in pictures.values():
        picture.save(folder, content.origin, before)
    write_page(
        folder,
        QUALITY_PAGE,
        "pages/quality/quality.html.j2",
        content.origin,
        stamp,
        quality=quality,
        lists=LISTS,
        pictures=pictures,
        counted=counted,
        shown_calls=_SHOWN_CALLS,
    )
