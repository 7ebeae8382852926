"""Reads ``data/catalogue/reports/<report>.yaml``: which cells a report prints, each a number of one measure.

Belongs here: unfolding a table's rows and columns into cells. Does not belong here: the fields (``report_fields.py``),
how a number is printed (``dbt_project``), layout (``assets/editions``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from assets.base.errors import BadInput
from assets.base.models import TextPair, in_columns
from assets.base.schemas import LakeTable, any_text, flag, in_both_languages, name, one_of, place, text, whole, year
from assets.base.yaml_file import load_model
from assets.catalogue.asked import WHATS_ABSENT, Absent, Asked
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
from assets.catalogue.report_years import as_printed, gone_since, report_of_year, with_headings

if TYPE_CHECKING:
    import pandas as pd

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
_REMEDY = "mend that place; assets/catalogue/report_fields.py says what each field may hold"


REPORTS = LakeTable(
    "catalogue/reports",
    "One row per report of data/catalogue/reports. edition: the survey year whose edition has it; a standing report is "
    "in that of every survey year, and here as that of the edition.",
    {
        "report": name("The report; of a standing one, with its survey year."),
        **in_both_languages("title", "Title of the report"),
        "is_standing": flag("Whether every survey year's edition has it."),
        "edition": year("The survey year whose edition has it."),
        "is_in_edition": flag("Whether this edition has it."),
    },
    key=("report",),
)
NOT_MADE = LakeTable(
    "catalogue/not_made",
    "One row per table of the standing report, or part of one, that the edition's survey year cannot give, and what it "
    "lacks. part: the rows or columns, '' where it is the whole table.",
    {
        "report": name("The standing report of the edition's survey year."),
        "survey_year": year("The survey year."),
        "position": place("Place of the table in its report."),
        "table_id": name("The table."),
        **in_both_languages("title", "Its title"),
        **in_both_languages("part", "The rows or columns that are not there, '' for the whole table", filled=False),
        "absent": one_of("What kind of thing the survey year lacks.", WHATS_ABSENT),
        "absent_key": text("Which year, panel, concept, theme or option it lacks."),
        **in_both_languages("reason", "Why it could not be made"),
    },
    key=("report", "table_id", "part_nl", "absent", "absent_key"),
)
Cell = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """``cells``: as ``CELLS``, of the reports of one edition. ``reports``: as ``REPORTS``. ``not_made``: as
    ``NOT_MADE``. ``options``: the measures that cells imply by naming a question."""

    cells: pd.DataFrame
    reports: pd.DataFrame
    not_made: pd.DataFrame
    options: tuple[OptionMeasure, ...]


@dataclass(frozen=True)
class _Unfolded:
    """The cells of a table, each with the measure that it implies, and those that cannot be made."""

    cells: tuple[tuple[Cell, OptionMeasure | None], ...]
    absent: tuple[tuple[CatalogueHeading | CatalogueStatement, CatalogueHeading | None, Absent], ...]


class _Conflict(ValueError):
    """A cell that its table describes twice, or not enough."""


def load_catalogue(reports_dir: Path, asked: Asked, survey_year: int | None) -> Catalogue:
    """The cells of the reports of a survey year's edition; none where there is no edition. Raises BadInput, with file,
    place and remedy, for the first report that cannot be used."""
    files = sorted(reports_dir.glob("*.yaml"))
    if not files:
        raise BadInput(
            "There is no report catalogue", str(reports_dir), "add <report>.yaml with the tables of a report"
        )
    reports = {file: _load_report(file) for file in files}
    standing = [(file, report) for file, report in reports.items() if report.is_standing]
    unfolded: list[tuple[Cell, OptionMeasure | None]] = []
    not_made: list[dict[str, Any]] = []
    tables: dict[str, CatalogueTable] = {}
    for file, report in standing if survey_year else ():
        of_year = report_of_year(report, survey_year or 0, asked)
        made, absent = _standing(file, of_year, survey_year or 0, asked, tables)
        unfolded += made
        not_made += absent
    for file, report in reports.items():
        if survey_year and report.edition == survey_year:
            unfolded += _printed(file, report_of_year(report, survey_year, asked), asked, tables)
    return Catalogue(
        CELLS.frame(cell for cell, _ in unfolded),
        REPORTS.frame(_report_rows(reports.values(), survey_year)),
        NOT_MADE.frame(not_made),
        tuple(option for _, option in unfolded if option),
    )


def _load_report(file: Path) -> CatalogueReport:
    report = load_model(file, CatalogueReport, "catalogue", _REMEDY)
    if report.report != file.stem:
        raise BadInput(
            f"The catalogue says report {report.report}, its file is called {file.stem}",
            f"{file}, report",
            "make them the same",
        )
    return report


def _report_rows(reports: Iterable[CatalogueReport], survey_year: int | None) -> Iterator[dict[str, Any]]:
    for report in reports:
        if edition := survey_year if report.is_standing else report.edition:
            filled = report.title.model_dump()
            yield {
                "report": f"{report.report}{edition}" if report.is_standing else report.report,
                **{f"title_{language}": text.replace("{survey_year}", str(edition)) for language, text in filled.items()},
                "is_standing": report.is_standing,
                "edition": edition,
                "is_in_edition": edition == survey_year,
            }


def _printed(
    file: Path, report: CatalogueReport, asked: Asked, standing: dict[str, CatalogueTable]
) -> Iterator[tuple[Cell, OptionMeasure | None]]:
    for position, table in enumerate(report.tables, 1):
        printed = as_printed(table, standing, str(file))
        unfolded = _unfold(file, report, position, printed, asked)
        for row, _, absent in unfolded.absent:
            raise BadInput(
                str(absent), f"{file}, {table.id}, row {row.key}", "name what the questionnaire of that year asks"
            )
        if isinstance(printed, CatalogueTable) and printed.chart:
            _check_chart(f"{file}, {table.id}, chart", printed.chart, [cell for cell, _ in unfolded.cells])
        yield from unfolded.cells


def _standing(
    file: Path, report: CatalogueReport, survey_year: int, asked: Asked, tables: dict[str, CatalogueTable]
) -> tuple[list[tuple[Cell, OptionMeasure | None]], list[dict[str, Any]]]:
    """The cells that a survey year gives, and as ``NOT_MADE`` what it does not; adds to ``tables`` those with cells."""
    made: list[tuple[Cell, OptionMeasure | None]] = []
    not_made: list[dict[str, Any]] = []
    for position, table in enumerate(report.tables, 1):
        shared = {"report": report.report, "survey_year": survey_year, "position": position, "table_id": table.id}
        shared |= {f"title_{language}": _N.sub("", text) for language, text in table.title.model_dump().items()}
        try:
            of_year = with_headings(table, survey_year, asked)
        except Absent as absent:
            not_made.append(shared | _reason(None, absent))
            continue
        unfolded = _unfold(file, report, position, of_year, asked)
        if unfolded.cells:
            tables[table.id] = of_year
            made += unfolded.cells
            if of_year.chart:
                _check_chart(f"{file}, {table.id}, chart", of_year.chart, [cell for cell, _ in unfolded.cells])
        gone = gone_since(table, survey_year, asked)
        not_made += [shared | one for one in _reasons(unfolded, gone)]
    return made, not_made


def _reasons(unfolded: _Unfolded, gone: Iterable[tuple[TextPair, Absent]]) -> list[dict[str, Any]]:
    """Once for each thing that is absent: the rows that lack it, or the whole table."""
    found: dict[tuple[str, str], tuple[Absent, list[TextPair]]] = {}
    for row, _, absent in unfolded.absent:
        labels = found.setdefault((absent.what, absent.key), (absent, []))[1]
        if unfolded.cells and row.label not in labels:
            labels.append(row.label)
    for label, absent in gone:
        found.setdefault((absent.what, absent.key), (absent, [label]))
    return [_reason(labels, absent) for absent, labels in found.values()]


def _reason(labels: list[TextPair] | None, absent: Absent) -> dict[str, Any]:
    part = {language: "; ".join(getattr(label, language) for label in labels or ()) for language in ("nl", "en")}
    return {
        **{f"part_{language}": text for language, text in part.items()},
        "absent": absent.what,
        "absent_key": absent.key,
        **in_columns(reason=absent.reason),
    }


def _check_chart(place: str, chart: CatalogueChart, cells: list[dict[str, Any]]) -> None:
    """Raises BadInput where a table has not what its chart shows."""
    percentages = {cell["column_key"] for cell in cells if cell["unit"] == "percent"}
    years = {cell.get("reference_year") or cell.get("survey_year") for cell in cells}
    one = ("one column of percentages", len(percentages) == 1)
    chain = ("a text in 'of' for each column of percentages", 0 < len(percentages) == len(chart.of))
    needed = {"shares": one, "parts": one, "chain": chain, "lines": ("several years", len(years) > 1)}
    what, is_there = needed[chart.kind]
    if not is_there:
        raise BadInput(f"A chart of kind {chart.kind} needs {what}", place, "give the table that, or another chart")


def _unfold(
    file: Path, report: CatalogueReport, position: int, table: CatalogueTable | CataloguePassage, asked: Asked
) -> _Unfolded:
    shared = {
        "report": report.report,
        **in_columns("", report_title=report.title),
        "breakdowns": ",".join(report.breakdowns),
        "position": position,
        "table_id": table.id,
        "kind": table.kind,
        **in_columns("", place=table.place, title=table.title, source=table.source, note=table.note),
        **in_columns("", row_heading=getattr(table, "row_heading", None)),
        "chart": table.chart.model_dump_json() if isinstance(table, CatalogueTable) and table.chart else "",
    }
    cells, not_made = [], []
    for row_no, row in enumerate(table.rows, 1):
        for column_no, (key, label, column) in enumerate(_columns(table, row), 1):
            try:
                fields, option = _merge(asked, report.cells, table.cells, row, column)
                if report.edition == "every":
                    asked.require(fields, option)
            except Absent as absent:
                not_made.append((row, column, absent))
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
    return _Unfolded(tuple(cells), tuple(not_made))


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
    if not fields.keys() & {"survey_year", "reference_year"}:
        missing.append("survey_year or reference_year")
    if missing:
        raise _Conflict(f"has no {', no '.join(missing)}")
    return fields, option


def _with_question(asked: Asked, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the question that measures their concept. Raises Absent where that year has none."""
    named = {name: value for name, value in fields.items() if name != "concept"}
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


_N = re.compile(r"\s*\(n=\{n\}[^)]*\)")
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
