"""Reads ``data/reports/<report>.yaml``: which cells a report prints, each a selection from the warehouse's measures.

Belongs here: the fields of the catalogue, and unfolding a table's rows and columns into cells. Does not belong here:
what a measure means or how a number is printed (``dbt_project``), layout (``assets/editions``).

A cell is described by the fields of ``CellFields``. They can stand at the report, at a table, at a row or at a column:
the closer one counts, and row and column must not both give the same field. A cell names a ``measure`` of
``fct_measures``, or a ``question`` with the key of an ``option``: that option's row in ``fct_frequencies``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assets.errors import BadInput
from assets.questionnaires.model import QuestionId, Slug, Text

COLUMNS = {
    "report": "str",
    "position": "int32",
    "table_id": "str",
    "kind": "str",
    "title_nl": "str",
    "title_en": "str",
    "source_nl": "str",
    "source_en": "str",
    "note_nl": "str",
    "note_en": "str",
    "row_heading_nl": "str",
    "row_heading_en": "str",
    "row_no": "int32",
    "row_key": "str",
    "row_label_nl": "str",
    "row_label_en": "str",
    "column_no": "int32",
    "column_key": "str",
    "column_label_nl": "str",
    "column_label_en": "str",
    "measure": "str",
    "statistic": "str",
    "survey_year": "Int32",
    "reference_year": "Int32",
    "population": "str",
    "breakdown": "str",
    "category": "str",
    "unit": "str",
    "decimals": "int32",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CellFields(_Strict):
    """What makes a cell.

    ``statistic``: which number of the measure is printed. A ``percent`` is printed times 100, with a sign.
    ``survey_year`` or ``reference_year``: whichever the table speaks of, never both.
    """

    measure: Slug | None = None
    question: QuestionId | None = None
    option: Slug | None = None
    statistic: Literal["value", "numerator", "denominator", "n_municipalities"] | None = None
    survey_year: int | None = None
    reference_year: int | None = None
    population: Slug | None = None
    breakdown: Slug | None = None
    category: str | None = None
    unit: Literal["count", "percent", "number", "municipalities"] | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)

    @property
    def given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in CellFields.model_fields if getattr(self, name) is not None}


class Heading(CellFields):
    """A row or a column: its key, its label as the report prints it, and what it says about its cells."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    label: Text


class Table(_Strict):
    """A table or a figure. ``{n}`` in its title becomes the number of municipalities on which all its cells rest."""

    id: Slug
    kind: Literal["table", "figure"]
    title: Text
    source: Text
    note: Text | None = None
    row_heading: Text | None = None
    cells: CellFields = CellFields()
    rows: tuple[Heading, ...] = Field(min_length=1)
    columns: tuple[Heading, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _keys_stand_once(self) -> Self:
        for what, headings in (("row", self.rows), ("column", self.columns)):
            keys = [heading.key for heading in headings]
            if double := sorted({key for key in keys if keys.count(key) > 1}):
                raise ValueError(f"{what} {', '.join(double)} stands more than once")
        return self


class Report(_Strict):
    """All tables and figures of one report, in its order."""

    report: Slug
    title: Text
    cells: CellFields = CellFields()
    tables: tuple[Table, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _tables_stand_once(self) -> Self:
        ids = [table.id for table in self.tables]
        if double := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"table {', '.join(double)} stands more than once")
        return self


class _Conflict(ValueError):
    """A cell that its table describes twice, or not enough."""


def load_catalogue(reports_dir: Path) -> pd.DataFrame:
    """One row a cell of every report, in the order of report, table, row and column; columns and types as ``COLUMNS``.

    ``survey_year`` and ``reference_year``: one of the two is empty. ``measure`` is ``<question>=<option>`` where a cell
    is an option's frequency. Raises BadInput, with file, place and remedy, for the first report that cannot be used.
    """
    files = sorted(reports_dir.glob("*.yaml"))
    if not files:
        raise BadInput(
            "There is no report catalogue", str(reports_dir), "add <report>.yaml with the tables of a report"
        )
    cells = [cell for file in files for cell in _load_report(file)]
    return pd.DataFrame(cells, columns=list(COLUMNS)).astype(COLUMNS)


def _load_report(file: Path) -> list[dict[str, Any]]:
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise BadInput("The catalogue is not UTF-8", f"{file}, byte {error.start}", "save it again as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadInput(
            "The catalogue is not valid YAML",
            f"{file}, line {mark.line + 1 if mark else 1}",
            "mend the indentation or the quotes at that line",
        ) from None
    try:
        report = Report.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(
            f"The catalogue cannot be used: {_plain(first)}",
            f"{file}, {_place(first['loc'], raw)}",
            "mend that place; assets/reports/catalogue.py says what each field may hold",
        ) from None
    if report.report != file.stem:
        raise BadInput(
            f"The catalogue says report {report.report}, its file is called {file.stem}",
            f"{file}, report",
            "make them the same",
        )
    return [cell for position, table in enumerate(report.tables, 1) for cell in _cells(file, report, position, table)]


def _plain(error: Any) -> str:
    name = error["loc"][-1] if error["loc"] else "the report"
    if error["type"] == "missing":
        return f"'{name}' is missing"
    if error["type"] == "extra_forbidden":
        return f"'{name}' is not a field that stands here"
    return str(error["msg"]).removeprefix("Value error, ")


def _place(loc: tuple[str | int, ...], raw: Any) -> str:
    """Where a mistake stands, with tables, rows and columns called by their own names."""
    names: list[str] = []
    node = raw
    for part in loc:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            node = None
        own = node.get("id") or node.get("key") if isinstance(part, int) and isinstance(node, dict) else None
        names.append(str(own or (part + 1 if isinstance(part, int) else part)))
    return " › ".join(names) or "the whole file"


def _cells(file: Path, report: Report, position: int, table: Table) -> Iterator[dict[str, Any]]:
    shared = {
        "report": report.report,
        "position": position,
        "table_id": table.id,
        "kind": table.kind,
        **_both("title", table.title),
        **_both("source", table.source),
        **_both("note", table.note),
        **_both("row_heading", table.row_heading),
    }
    for row_no, row in enumerate(table.rows, 1):
        for column_no, column in enumerate(table.columns, 1):
            try:
                fields = _merge(report.cells, table.cells, row, column)
            except _Conflict as conflict:
                raise BadInput(
                    f"The cell {conflict}",
                    f"{file}, {table.id}, row {row.key}, column {column.key}",
                    "give each field of a cell once: at the row, the column, the table or the report",
                ) from None
            yield {
                **shared,
                "row_no": row_no,
                "row_key": row.key,
                **_both("row_label", row.label),
                "column_no": column_no,
                "column_key": column.key,
                **_both("column_label", column.label),
                **fields,
            }


def _both(name: str, text: Text | None) -> dict[str, str | None]:
    return {f"{name}_nl": text.nl if text else None, f"{name}_en": text.en if text else None}


def _merge(report: CellFields, table: CellFields, row: CellFields, column: CellFields) -> dict[str, Any]:
    """The fields of one cell. The closest counts, also where it says the same thing in another way."""
    if double := sorted(row.given.keys() & column.given.keys()):
        raise _Conflict(f"gets {', '.join(double)} from its row and from its column")
    fields: dict[str, Any] = {"statistic": "value", "unit": "count", "decimals": 0}
    for given in (report.given, table.given, row.given | column.given):
        for one, others in _ALTERNATIVES:
            if one & given.keys():
                if others & given.keys():
                    raise _Conflict(f"gets both {' and '.join(sorted((one | others) & given.keys()))}")
                fields = {name: value for name, value in fields.items() if name not in others}
        fields |= given
    question, option = fields.pop("question", None), fields.pop("option", None)
    if question and option:
        fields["measure"] = f"{question}={option}"
    elif question or option:
        raise _Conflict("has a question without an option, or an option without a question")
    missing = [name for name in ("measure", "population", "breakdown", "category") if name not in fields]
    if not fields.keys() & {"survey_year", "reference_year"}:
        missing.append("survey_year or reference_year")
    if missing:
        raise _Conflict(f"has no {', no '.join(missing)}")
    return fields


_ALTERNATIVES = (
    ({"measure"}, {"question", "option"}),
    ({"question", "option"}, {"measure"}),
    ({"survey_year"}, {"reference_year"}),
    ({"reference_year"}, {"survey_year"}),
)
