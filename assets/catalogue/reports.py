"""Reads ``data/catalogue/reports``: the reports of an edition with their cells, and what its survey year cannot give.

Belongs here: which reports and tables a survey year has. Does not belong here: what a year makes of a report
(``report_years.py``), unfolding a table into cells (``report_cells.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
_REMEDY = "mend that place; assets/catalogue/report_fields.py says what each field may hold"
_N = re.compile(r"\s*\(n=\{n\}[^)]*\)")


@dataclass(frozen=True, eq=False)
class Catalogue:
    """``cells``: as ``CELLS``, of the reports of one edition. ``reports``: as ``REPORTS``. ``not_made``: as
    ``NOT_MADE``. ``options``: the measures that cells imply by naming a question."""

    cells: pd.DataFrame
    reports: pd.DataFrame
    not_made: pd.DataFrame
    options: tuple[OptionMeasure, ...]


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
                **{
                    f"title_{language}": text.replace("{survey_year}", str(edition))
                    for language, text in filled.items()
                },
                "is_standing": report.is_standing,
                "edition": edition,
                "is_in_edition": edition == survey_year,
            }


def _printed(
    file: Path, report: CatalogueReport, asked: Asked, standing: dict[str, CatalogueTable]
) -> Iterator[tuple[Cell, OptionMeasure | None]]:
    for position, table in enumerate(report.tables, 1):
        printed = as_printed(table, standing, str(file))
        unfolded = unfold(file, report, position, printed, asked)
        for row, absent in unfolded.absent:
            raise BadInput(
                str(absent), f"{file}, {table.id}, row {row.key}", "name what the questionnaire of that year asks"
            )
        yield from unfolded.cells


def _standing(
    file: Path, report: CatalogueReport, survey_year: int, asked: Asked, tables: dict[str, CatalogueTable]
) -> tuple[list[tuple[Cell, OptionMeasure | None]], list[dict[str, Any]]]:
    """The cells that a survey year gives, and as ``NOT_MADE`` what it does not; adds to ``tables`` those with cells."""
    made: list[tuple[Cell, OptionMeasure | None]] = []
    not_made: list[dict[str, Any]] = []
    for position, table in enumerate(report.own_tables, 1):
        shared = {"report": report.report, "survey_year": survey_year, "position": position, "table_id": table.id}
        shared |= {name: _N.sub("", text or "") for name, text in in_columns(title=table.title).items()}
        try:
            of_year = with_headings(table, survey_year, asked)
        except Absent as absent:
            not_made.append(shared | _reason(None, absent))
            continue
        unfolded = unfold(file, report, position, of_year, asked)
        if unfolded.cells:
            tables[table.id] = of_year
            made += unfolded.cells
        gone = gone_since(table, survey_year, asked)
        not_made += [shared | one for one in _reasons(unfolded, gone)]
    return made, not_made


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
