"""Which cells a table of a report has, each a number of one measure.

Belongs here: unfolding a table's rows and columns into cells. Does not belong here: the fields (``report_fields.py``),
which tables a survey year has (``reports.py``), how a number is printed (``dbt_project``), layout
(``assets/editions``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from assets.base.errors import BadInput
from assets.base.models import TextPair, in_columns
from assets.base.schemas import LakeTable, any_text, in_both_languages, name, one_of, place, text, whole, year
from assets.catalogue.asked import Absent, Asked
from assets.catalogue.measures import OptionMeasure
from assets.catalogue.report_fields import (
    FORMS,
    CatalogueChart,
    CatalogueHeading,
    CataloguePassage,
    CatalogueReport,
    CatalogueStatement,
    CatalogueTable,
    CellAmong,
    CellFields,
    PrintedAs,
)

CELLS = LakeTable(
    "catalogue/cells",
    "One row per cell of a published table, figure or passage, from data/catalogue/reports, in the order of report, "
    "table, row and column. breakdowns: separated by commas. chart: a CatalogueChart as JSON, empty where the table is "
    "not drawn. One of survey_year and reference_year is empty.",
    {
        "report": name("The report that prints it."),
        **in_both_languages("report_title", "Title of the report"),
        "breakdowns": any_text("By what the tables of the report are broken down, separated by commas."),
        "position": place("Place of the table in its report."),
        "table_id": name("The table, figure or passage."),
        "kind": one_of("text: the numbers in the running text of a section.", ("table", "figure", "text")),
        **in_both_languages("place", "Its number as printed"),
        **in_both_languages("title", "Its title"),
        **in_both_languages("source", "Its source line", filled=False),
        **in_both_languages("note", "The note below it, '' where there is none", filled=False),
        **in_both_languages("row_heading", "What heads its row labels, '' where nothing does", filled=False),
        "chart": any_text("How the table is drawn: a CatalogueChart as JSON, '' where it is not drawn."),
        "row_no": place("Place of the row."),
        "row_key": text("Key of the row."),
        **in_both_languages("row_label", "Label of the row as printed"),
        "column_no": place("Place of the column."),
        "column_key": text("Key of the column."),
        **in_both_languages("column_label", "Label of the column as printed, '' where there is none", filled=False),
        "measure": text("The measure that it prints."),
        "statistic": one_of("Which number of the measure.", dict.fromkeys(form.statistic for form in FORMS.values())),
        "printed_as": one_of("Which kind of number a reader sees.", get_args(PrintedAs)),
        "survey_year": year("The survey year that it is of; empty where it is of a reference year.", nullable=True),
        "reference_year": year(
            "The year that its answers are about; empty where it is of a survey year.", nullable=True
        ),
        "population": name("Which municipalities it is of."),
        "breakdown": name("What they are grouped by."),
        "category": text("The group that it is of."),
        "unit": one_of("Unit of the number.", dict.fromkeys(form.unit for form in FORMS.values())),
        "decimals": whole("Decimals printed.", 0, 6),
        **in_both_languages("base_reason", "Why the base is not everybody who was asked, '' where it is", filled=False),
        **in_both_languages("not_in_print", "Why the report has no number here, '' where it has one", filled=False),
    },
    key=("report", "table_id", "row_key", "column_key"),
)
_ITEM = "{item}"


Cell = dict[str, Any]


@dataclass(frozen=True)
class Unfolded:
    """The cells of a table, each with the measure that it implies, and those that cannot be made."""

    cells: tuple[tuple[Cell, OptionMeasure | None], ...]
    absent: tuple[tuple[CatalogueHeading | CatalogueStatement, Absent], ...]


class _Conflict(ValueError):
    """A cell that its table describes twice, or not enough."""


def _check_chart(place: str, chart: CatalogueChart, cells: list[dict[str, Any]]) -> None:
    """Raises BadInput where a table has not what its chart shows."""
    percentages = {cell["column_key"] for cell in cells if cell["unit"] == "share"}
    years = {cell.get("reference_year") or cell.get("survey_year") for cell in cells}
    one = ("one column of percentages", len(percentages) == 1)
    chain = ("a text in 'of' for each column of percentages", 0 < len(percentages) == len(chart.of))
    flow = ("a step for each row", {cell["row_key"] for cell in cells} <= {step.key for step in chart.steps})
    lines = ("several years", len(years) > 1)
    needed = {"shares": one, "parts": one, "chain": chain, "lines": lines, "flow": flow}
    what, is_there = needed[chart.kind]
    if not is_there:
        raise BadInput(f"A chart of kind {chart.kind} needs {what}", place, "give the table that, or another chart")


def unfold(
    file: Path, report: CatalogueReport, position: int, table: CatalogueTable | CataloguePassage, asked: Asked
) -> Unfolded:
    """The cells of a table whose years and headings are filled in. Raises BadInput, with file, place and remedy, for
    the first cell that is described twice or not enough, or whose chart the table cannot give."""
    is_flow = isinstance(table, CatalogueTable) and table.chart and table.chart.kind == "flow"  # counts of a few
    shared = {
        "report": report.report,
        **in_columns("", report_title=report.title),
        "breakdowns": "" if is_flow else ",".join(report.breakdowns),
        "position": position,
        "table_id": table.id,
        "kind": table.kind,
        **in_columns("", place=table.place, title=table.title, source=table.source, note=table.note),
        **in_columns("", row_heading=getattr(table, "row_heading", None)),
        "chart": table.chart.model_dump_json() if isinstance(table, CatalogueTable) and table.chart else "",
    }
    cells, not_made = [], []
    rows: Sequence[CatalogueHeading | CatalogueStatement] = () if isinstance(table.rows, str) else table.rows
    for row_no, row in enumerate(rows, 1):
        for column_no, (key, label, column) in enumerate(_columns(table, row), 1):
            try:
                fields, option = _merge(asked, report.cells, table.cells, row, column)
                if report.is_standing:
                    asked.require(fields, option)
            except Absent as absent:
                not_made.append((row, absent))
                continue
            except _Conflict as conflict:
                raise BadInput(
                    f"The cell {conflict}",
                    f"{file}, {table.id}, row {row.key}, column {key}",
                    "give each field of a cell once: at the row, the column, the table or the report",
                ) from None
            numbers = {"row_no": row_no, "row_key": row.key, "column_no": column_no, "column_key": key}
            texts = {"row_label": row.label, "column_label": label, "not_in_print": _not_in_print(table, row.key, key)}
            cells.append(({**shared, **numbers, **in_columns("", **texts), **fields}, option))
    if cells and isinstance(table, CatalogueTable) and table.chart:
        _check_chart(f"{file}, {table.id}, chart", table.chart, [cell for cell, _ in cells])
    return Unfolded(tuple(cells), tuple(not_made))


def _columns(
    table: CatalogueTable | CataloguePassage, row: CatalogueHeading | CatalogueStatement
) -> list[tuple[str, TextPair | None, CellFields]]:
    if isinstance(row, CatalogueStatement):
        return [("value", row.of, CellFields())]
    return [(column.key, column.label, column) for column in getattr(table, "columns", ())]


def _not_in_print(table: CatalogueTable | CataloguePassage, row: str, column: str) -> TextPair | None:
    lines = table.not_in_print if isinstance(table, CatalogueTable) else ()
    return next((line.reason for line in lines if line.holds(row, column)), None)


def _merge(
    asked: Asked, report: CellFields, table: CellFields, row: CellFields, column: CellFields
) -> tuple[dict[str, Any], OptionMeasure | None]:
    """The fields of one cell, and the measure that it implies. The closest counts, also where it says the same thing in
    another way."""
    if double := sorted(row.given.keys() & column.given.keys()):
        raise _Conflict(f"gets {', '.join(name.strip('_') for name in double)} from its row and from its column")
    fields: dict[str, Any] = {"decimals": 0}
    for given in (report.given, table.given, row.given | column.given):
        for one, others in _ALTERNATIVES:
            if one & given.keys():
                if others & given.keys():
                    raise _Conflict(f"gets both {' and '.join(sorted((one | others) & given.keys()))}")
                fields = {name: value for name, value in fields.items() if name not in others}
        if "base" in given:
            fields.pop("base_reason", None)  # that was of the base further off
        fields |= given
    option = _option_measure(fields := _with_item(_with_question(asked, fields)))
    if option:
        fields["measure"] = option.measure
    fields |= in_columns("", base_reason=fields.pop("base_reason", None))
    if form := FORMS.get(fields.pop("as_", "")):
        printed_as = fields.get("printed_as", form.printed_as)
        fields |= {"statistic": form.statistic, "unit": form.unit, "printed_as": printed_as}
    missing = [name for name in ("measure", "population", "breakdown", "category") if name not in fields]
    missing += ["as"] if "statistic" not in fields else []
    if missing:
        raise _Conflict(f"has no {', no '.join(missing)}")
    return fields, option


def _with_question(asked: Asked, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the question that measures their concept. Raises Absent where that year has none."""
    named = {name: value for name, value in fields.items() if name != "concept"}
    if not fields.keys() & {"survey_year", "reference_year"}:
        raise _Conflict("has no survey_year or reference_year")
    if concept := fields.get("concept"):
        named["question"] = asked.question(asked.survey_year(fields), concept, named.pop("item", None)).id
    if (among := fields.get("among")) and among.concept:
        question = asked.question(asked.survey_year(fields), among.concept, None)
        named["among"] = CellAmong(question=question.id, options=among.options)
    return named


def _with_item(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with ``{item}`` filled in."""
    item = fields.pop("item", _ITEM)
    filled = {name: value.replace(_ITEM, item) if isinstance(value, str) else value for name, value in fields.items()}
    if any(_ITEM in value for value in filled.values() if isinstance(value, str)):
        raise _Conflict(f"says {_ITEM} and has no item")
    return filled


def _option_measure(fields: dict[str, Any]) -> OptionMeasure | None:
    """Takes what says a question's share out of the fields, and says it as a measure."""
    question, one, several = (fields.pop(name, None) for name in ("question", "option", "options"))
    base, among = fields.pop("base", None), fields.pop("among", None)
    if one and several:
        raise _Conflict("gets both option and options")
    if question and (one or several):
        if base and among:
            raise _Conflict("gets both base and among")
        if (base == "answered") != ("base_reason" in fields):
            raise _Conflict(
                "gets 'base: answered' without 'base_reason' (why not everybody who was asked), or the other way"
            )
        chosen = (among.question, among.options) if among else None
        return OptionMeasure(question=question, options=several or (one,), base=base or "asked", among=chosen)
    if question or one or several or base or among:
        raise _Conflict("has a question without an option, or an option or base without a question")
    return None


_OPTION = {"question", "concept", "option", "options", "base", "base_reason", "among"}
_ALTERNATIVES = (
    ({"measure"}, _OPTION),
    (_OPTION, {"measure"}),
    ({"question"}, {"concept"}),
    ({"concept"}, {"question"}),
    ({"option"}, {"options"}),
    ({"options"}, {"option"}),
    ({"base"}, {"among"}),
    ({"among"}, {"base", "base_reason"}),
    ({"survey_year"}, {"reference_year"}),
    ({"reference_year"}, {"survey_year"}),
)
