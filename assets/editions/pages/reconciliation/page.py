"""What the printed reports say beside what the data give: ``reconciliation.html``, as an edition shows it.

Belongs here: how the printed figures are grouped, and how a reader would say them. Does not belong here: comparing
(dbt does that), the page itself (``reconciliation.html.j2``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assets.base.texts import Text, counted, text_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import NO_NUMBER, Content, Record, ReportTable
from assets.editions.pages.templating import write_page

_VAGUE = {
    "about": Text("ongeveer", "about"),
    "almost": Text("bijna", "almost"),
    "over": Text("ruim", "over"),
    "more than": Text("meer dan", "more than"),
    "less than": Text("minder dan", "less than"),
    "at least": Text("ten minste", "at least"),
    "to": Text("tot", "to"),
}
_WORDS_OR_NUMBERS = re.compile(r"\d+(?:\.\d+)?|" + "|".join(rf"\b{words}\b" for words in _VAGUE))


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """The printed figures of one report, in its order: rows of ``rpt_reconciliation`` with ``place``, ``label``,
    ``kind``,
    ``printed``, ``computed`` and ``reason`` as they are shown, and the ``anchor`` of the table that they belong to."""

    title: Text
    figures: tuple[Record, ...]

    def of(self, status: str) -> tuple[Record, ...]:
        """The figures with this outcome."""
        return tuple(figure for figure in self.figures if figure["status"] == status)

    @property
    def by_place(self) -> dict[Text, list[Record]]:
        """The figures by their place in the report."""
        return _grouped(self.figures, "place")

    @property
    def underivable_by_reason(self) -> dict[Text, list[Record]]:
        """What cannot be derived, by the reason why."""
        return _grouped(self.of("not_derivable"), "reason")


PAGE = "reconciliation.html"
AT_ODDS = ("misprint", "deviation", "differs")


def write_reconciliation(content: Content, stamp: Stamp, folder: Path) -> None:
    """``reconciliation.html``: every printed figure beside the computed one; nothing where no report was printed."""
    if content.reconciliation.rows:
        write_page(
            folder,
            PAGE,
            "pages/reconciliation/reconciliation.html.j2",
            content.origin,
            stamp,
            reports=reconciled(content),
            statuses=content.labels["reconciliation"],
        )


def reconciled(content: Content) -> tuple[ReportFigures, ...]:
    """The printed figures of every report, in the order of ``rpt_reconciliation``; nothing where it is empty."""
    tables = {(table.report, table.table_id): table for table in content.tables}
    kinds = content.labels["kind_of_number"]
    figures = [_shown(r, tables.get((r["report"], r["table_id"])), kinds) for r in content.reconciliation.records()]
    titles = {report.key: report.title for report in content.reports}
    reports = dict.fromkeys([*titles, *(figure["report"] for figure in figures)])
    by_report = ((key, tuple(figure for figure in figures if figure["report"] == key)) for key in reports)
    return tuple(ReportFigures(titles.get(key, Text(key, key)), own) for key, own in by_report if own)


def figures_at_odds(content: Content) -> dict[str, list[Record]]:
    """The anchor of a table → its printed figures that the data do not give, as they are shown."""
    found: dict[str, list[Record]] = {}
    for report in reconciled(content):
        for figure in report.figures:
            if figure["status"] in AT_ODDS and figure["anchor"]:
                found.setdefault(figure["anchor"], []).append(figure)
    return found


def _grouped(figures: Iterable[Record], name: str) -> dict[Text, list[Record]]:
    groups: dict[Text, list[Record]] = {}
    for figure in figures:
        groups.setdefault(figure[name], []).append(figure)
    return groups


def _shown(record: Record, table: ReportTable | None, kinds: Mapping[str, Text]) -> Record:
    kind, computed = record["printed_as"], text_of(record, "value_text")
    return record | {
        "place": table.label if table else Text(record["place"], record["place"]),
        "anchor": table.anchor if table else None,
        "label": " – ".join(filter(None, (record["row_label"], record["column_label"]))),
        "kind": kinds.get(kind, Text(kind, kind)),
        "printed": in_words(record["printed"] or "", kind),
        "computed": computed if computed.nl else NO_NUMBER,
        "reason": text_of(record, "reason"),
    }


def in_words(printed: str, printed_as: str) -> Text:
    """A figure as it was keyed, as a reader would say it: "about 33.3" percent → ongeveer 33,3% / about 33.3%."""
    symbol = "%" if printed_as == "percent" and re.search(r"\d", printed) else ""
    wording = {part: _VAGUE.get(part) or counted(Decimal(part)) for part in _WORDS_OR_NUMBERS.findall(printed)}
    nl = _WORDS_OR_NUMBERS.sub(lambda part: wording[part[0]].nl, printed)
    en = _WORDS_OR_NUMBERS.sub(lambda part: wording[part[0]].en, printed)
    return Text(nl + symbol, en + symbol)
