"""What changed against the edition before, in words and as a table: ``changes.html``.

Belongs here: how ``changes.csv`` is summed up for readers. Does not belong here: comparing
(``publication/changes.py``), the page itself (``changes.html.j2``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from assets.base.texts import Text
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.files.csv_files import read_csv
from assets.editions.pages.templating import write_page
from assets.editions.publication.changes import CHANGES_FILE, WITHDRAWN

CHANGES_PAGE = "changes.html"
Row = dict[str, str]


class TableChanges(NamedTuple):
    """What changed in a table: how many cells are new, gone and changed, and the changed ones as in ``changes.csv``."""

    place: Text
    counts: Counter[str]
    changed: tuple[Row, ...]


def write_changes_page(content: Content, stamp: Stamp, folder: Path) -> None:
    """The page; only that there is nothing to compare with where this is the first edition."""
    lines = read_csv(folder / CHANGES_FILE)
    rows = [line for line in lines if line["change"] != WITHDRAWN]
    write_page(
        folder,
        CHANGES_PAGE,
        "pages/changes/changes.html.j2",
        content.origin,
        stamp,
        counts=Counter(row["change"] for row in rows),
        reasons=Counter((row["change"], why) for row in rows for why in row["why"].split(", ")),
        tables=changes_by_table(content, rows),
        withdrawn=[line["note"] for line in lines if line["change"] == WITHDRAWN],
        labels=content.labels,
    )


def changes_by_table(content: Content, rows: Sequence[Row]) -> list[TableChanges]:
    """The changes of each table, in the order of the file; a table that is gone is called by its key."""
    titles = {report.key: report.title for report in content.reports}
    labels = {(table.report, table.table_id): table.label for table in content.tables}
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["report"], row["table_id"]), []).append(row)
    return [
        TableChanges(
            _place(titles.get(report), labels.get((report, table_id)), f"{report}, {table_id}"),
            Counter(row["change"] for row in own),
            tuple(row for row in own if row["change"] == "changed"),
        )
        for (report, table_id), own in found.items()
    ]


def _place(title: Text | None, label: Text | None, key: str) -> Text:
    if title is None or label is None:
        return Text(key, key)
    return Text(f"{title.nl}, {label.nl}", f"{title.en}, {label.en}")
