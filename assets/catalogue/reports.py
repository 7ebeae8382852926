"""Reads ``data/catalogue/reports``: the reports of an edition with their cells, and what its survey year cannot give.

Belongs here: which reports and tables a survey year has. Does not belong here: what a year makes of a report
(``report_years.py``), unfolding a table into cells (``report_cells.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.errors import BadInput
from assets.base.models import TextPair, in_columns
from assets.base.schemas import LakeTable, flag, in_both_languages, name, one_of, place, text, year
from assets.base.yaml_file import load_model
from assets.catalogue.asked import WHATS_ABSENT, Absent, Asked
from assets.catalogue.measures import OptionMeasure
from assets.catalogue.report_cells import CELLS, Cell, Unfolded, unfold
from assets.catalogue.report_fields import CatalogueReport, CatalogueTable
from assets.catalogue.report_years import as_printed, gone_since, report_of_year, with_headings

if TYPE_CHECKING:
    import pandas as pd

_SERIES_CELL = (
    *("row_no", "row_key", "row_label_nl", "row_label_en"),
    *("column_no", "column_key", "column_label_nl", "column_label_en"),
)
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
SERIES = LakeTable(
    "catalogue/series",
    "One row per national cell of the standing report of the edition's survey year and survey year up to it that gives "
    "the same cell: what its series is made of. Tables that no earlier survey year gives are left out.",
    {
        "report": name("The standing report of the edition's survey year."),
        "position": place("Place of the table in its report."),
        "table_id": name("The table."),
        **{column: CELLS.columns[column] for column in _SERIES_CELL},
        "survey_year": year("The survey year whose number it is."),
        "measure": text("The measure, by that survey year's question."),
        **{column: CELLS.columns[column] for column in ("statistic", "population", "unit", "decimals")},
    },
    key=("report", "table_id", "row_key", "column_key", "survey_year"),
)
_REMEDY = "mend that place; assets/catalogue/report_fields.py says what each field may hold"
_N = re.compile(r"\s*\(n=\{n\}[^)]*\)")


_MadeCell = tuple[Cell, OptionMeasure | None]
"""A cell, and the measure that it implies."""


@dataclass(frozen=True)
class _OfYear:
    """What a survey year gives of the standing report, what it does not (as ``NOT_MADE``), and the tables that it has
    by id."""

    cells: list[_MadeCell]
    not_made: list[dict[str, Any]]
    tables: dict[str, CatalogueTable]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """``cells``: as ``CELLS``, of the reports of one edition. ``reports``: as ``REPORTS``. ``not_made``: as
    ``NOT_MADE``. ``series``: as ``SERIES``. ``options``: the measures that cells imply by naming a question."""

    cells: pd.DataFrame
    reports: pd.DataFrame
    not_made: pd.DataFrame
    series: pd.DataFrame
    options: tuple[OptionMeasure, ...]


def load_catalogue(reports_dir: Path, asked: Asked, survey_year: int | None) -> Catalogue:
    """The cells of the reports of a survey year's edition; none where there is no edition. Raises BadInput, with file,
    place and remedy, for the first report that cannot be used."""
    files = sorted(reports_dir.glob("*.yaml"))
    if not files:
        raise BadInput(
            "There is no report catalogue", str(reports_dir), "add <report>.yaml with the tables of a report"
        )
    reports = {file: load_report(file) for file in files}
    cells: list[_MadeCell] = []
    series: list[_MadeCell] = []
    not_made: list[dict[str, Any]] = []
    tables: dict[str, CatalogueTable] = {}
    if survey_year:
        for file in (file for file, report in reports.items() if report.is_standing):
            by_year = _by_year(file, reports[file], asked, survey_year)
            now = by_year[survey_year]
            cells += now.cells
            not_made += now.not_made
            tables |= now.tables
            series += _series(now.cells, by_year)
        for file in (file for file, report in reports.items() if report.edition == survey_year):
            cells += _printed(file, report_of_year(reports[file], survey_year, asked), asked, tables)
    return Catalogue(
        CELLS.frame(cell for cell, _ in cells),
        REPORTS.frame(_report_rows(reports.values(), survey_year)),
        NOT_MADE.frame(not_made),
        SERIES.frame(cell for cell, _ in series),
        tuple(option for _, option in (*cells, *series) if option),
    )


def _by_year(file: Path, report: CatalogueReport, asked: Asked, survey_year: int) -> dict[int, _OfYear]:
    """What the standing report has in each survey year up to this one."""
    years = (then for then in asked.survey_years if then <= survey_year)
    return {then: _standing(file, report_of_year(report, then, asked), then, asked) for then in years}


def _series(cells: Iterable[_MadeCell], by_year: Mapping[int, _OfYear]) -> Iterator[_MadeCell]:
    """As ``SERIES``: the national numbers of ``cells`` in every survey year that has them, of tables that several
    have."""
    found: dict[str, list[_MadeCell]] = {}
    of_now = {_place_of(cell): cell for cell, _ in cells if cell["breakdown"] == "total"}
    for survey_year, of_year in by_year.items():
        for then, option in of_year.cells:
            now = of_now.get(_place_of(then))
            if now and then.get("survey_year") == survey_year:
                number = {name: then[name] for name in ("measure", "statistic", "population", "unit", "decimals")}
                kept = {name: now[name] for name in ("report", "position", "table_id", *_SERIES_CELL)}
                cell = {**kept, **number, "survey_year": survey_year}
                found.setdefault(now["table_id"], []).append((cell, option))
    for rows in found.values():
        if len({cell["survey_year"] for cell, _ in rows}) > 1:
            yield from rows


def _place_of(cell: Cell) -> tuple[str, str, str]:
    return cell["table_id"], cell["row_key"], cell["column_key"]


def load_report(file: Path) -> CatalogueReport:
    """A report as its file describes it. Raises BadInput, with file, place and remedy, when it cannot be used."""
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
            title = {name: text or "" for name, text in in_columns(title=report.title).items()}
            yield {
                "report": f"{report.report}{edition}" if report.is_standing else report.report,
                **{name: text.replace("{survey_year}", str(edition)) for name, text in title.items()},
                "is_standing": report.is_standing,
                "edition": edition,
                "is_in_edition": edition == survey_year,
            }


def _printed(
    file: Path, report: CatalogueReport, asked: Asked, standing: dict[str, CatalogueTable]
) -> Iterator[_MadeCell]:
    for position, table in enumerate(report.tables, 1):
        printed = as_printed(table, standing, str(file))
        unfolded = unfold(file, report, position, printed, asked)
        for row, absent in unfolded.absent:
            raise BadInput(
                str(absent), f"{file}, {table.id}, row {row.key}", "name what the questionnaire of that year asks"
            )
        yield from unfolded.cells


def _standing(file: Path, report: CatalogueReport, survey_year: int, asked: Asked) -> _OfYear:
    of_year = _OfYear([], [], {})
    for position, table in enumerate(report.own_tables, 1):
        shared = {"report": report.report, "survey_year": survey_year, "position": position, "table_id": table.id}
        shared |= {name: _N.sub("", text or "") for name, text in in_columns(title=table.title).items()}
        try:
            filled = with_headings(table, survey_year, asked)
        except Absent as absent:
            of_year.not_made.append(shared | _reason(None, absent))
            continue
        unfolded = unfold(file, report, position, filled, asked)
        if unfolded.cells:
            of_year.tables[table.id] = filled
            of_year.cells.extend(unfolded.cells)
        gone = gone_since(table, survey_year, asked)
        of_year.not_made.extend(shared | one for one in _reasons(unfolded, gone))
    return of_year


def _reasons(unfolded: Unfolded, gone: Iterable[tuple[TextPair, Absent]]) -> list[dict[str, Any]]:
    """Once for each thing that is absent: the rows that lack it, or the whole table."""
    found: dict[tuple[str, str], tuple[Absent, list[TextPair]]] = {}
    for row, absent in unfolded.absent:
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
