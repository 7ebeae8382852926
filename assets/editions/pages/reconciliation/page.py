"""What the printed reports say beside what the data give: how an edition shows ``rpt_reconciliation``.

Belongs here: the printed figures as typed records, how they are ordered and counted, their words in both languages.
Does not belong here: comparing (dbt does that), the page itself (``templates/reconciliation.html.j2``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from assets.base.texts import Text
from assets.editions.content.tables import KINDS_OF_NUMBER, NO_NUMBER, Content, ReportTable

STATUSES = {
    "match": Text("stemt overeen", "agrees"),
    "misprint": Text("drukfout", "misprint"),
    "not_derivable": Text("niet af te leiden", "not derivable"),
    "differs": Text("wijkt af", "differs"),
}
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
class PrintedFigure:
    """One figure of a report: ``printed`` as the report has it, ``computed`` as the data give it (– for no number).

    ``reason``: the arithmetic of a misprint, or why a figure cannot be derived or differs.
    """

    report: str
    place: Text
    anchor: str | None
    label: str
    kind: Text
    printed: Text
    base: int | None
    status: str
    reason: Text
    computed: Text


class Group(NamedTuple):
    """Figures that share a place, or a reason. ``at_odds``: how many of them are not what the data give."""

    name: Text
    figures: tuple[PrintedFigure, ...]

    @property
    def at_odds(self) -> int:
        return sum(figure.status in ("misprint", "differs") for figure in self.figures)


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """The printed figures of one report, in its order."""

    title: Text
    figures: tuple[PrintedFigure, ...]

    def of(self, status: str) -> tuple[PrintedFigure, ...]:
        return tuple(figure for figure in self.figures if figure.status == status)

    @property
    def by_place(self) -> tuple[Group, ...]:
        return _grouped((figure.place, figure) for figure in self.figures)

    @property
    def underivable_by_reason(self) -> tuple[Group, ...]:
        """What cannot be derived, by the reason why."""
        return _grouped((figure.reason, figure) for figure in self.of("not_derivable"))


def reconciled(content: Content) -> tuple[ReportFigures, ...]:
    """The printed figures of every report, in the order of ``rpt_reconciliation``; nothing where it is empty."""
    tables = {(table.report, table.table_id): table for table in content.tables}
    titles = {report.key: report.title for report in content.reports}
    figures = [_figure(record, tables) for record in content.reconciliation.records()]
    reports = dict.fromkeys([*titles, *(figure.report for figure in figures)])
    by_report = {report: tuple(figure for figure in figures if figure.report == report) for report in reports}
    return tuple(ReportFigures(titles.get(key, Text(key, key)), own) for key, own in by_report.items() if own)


def _grouped(named: Iterable[tuple[Text, PrintedFigure]]) -> tuple[Group, ...]:
    groups: dict[Text, list[PrintedFigure]] = {}
    for name, figure in named:
        groups.setdefault(name, []).append(figure)
    return tuple(Group(name, tuple(figures)) for name, figures in groups.items())


def _figure(record: dict[str, Any], tables: dict[tuple[str, str], ReportTable]) -> PrintedFigure:
    table = tables.get((record["report"], record["table_id"]))
    labels = [label for label in (record["row_label"], record["column_label"]) if label]
    return PrintedFigure(
        report=record["report"],
        place=table.label if table else Text(record["place"], record["place"]),
        anchor=table.anchor if table else None,
        label=" – ".join(labels),
        kind=KINDS_OF_NUMBER.get(record["printed_as"], Text(record["printed_as"], record["printed_as"])),
        printed=in_words(record["printed"] or "", record["printed_as"]),
        base=record["base"],
        status=record["status"],
        reason=Text(record["reason_nl"] or "", record["reason_en"] or ""),
        computed=Text(record["value_text_nl"] or NO_NUMBER.nl, record["value_text_en"] or NO_NUMBER.en),
    )


def in_words(printed: str, printed_as: str) -> Text:
    """A figure as it was keyed, as a reader would say it: "about 33.3" percent → ongeveer 33,3% / about 33.3%."""
    sign = "%" if printed_as == "percent" and re.search(r"\d", printed) else ""
    return Text(*(_WORDS_OR_NUMBERS.sub(_said(language), printed) + sign for language in Text._fields))


def _said(language: str) -> Callable[[re.Match[str]], str]:
    def say(found: re.Match[str]) -> str:
        if found[0] in _VAGUE:
            return str(getattr(_VAGUE[found[0]], language))
        whole, _, decimals = found[0].partition(".")
        english = f"{int(whole):,}" + (f".{decimals}" if decimals else "")
        return english if language == "en" else english.translate(str.maketrans(",.", ".,"))

    return say
