"""Reads ``data/catalogue/reports/<report>.yaml``: which cells a report prints, each a number of one measure.

Belongs here: the fields of the catalogue, and unfolding a table's rows and columns into cells. Does not belong here:
what a measure means (``measures.py``, ``dbt_project``), how a number is printed (``dbt_project``), layout
(``assets/editions``).

A cell is described by the fields of ``CellFields``. They can be at the report, at a table, at a row or at a column:
the closer one counts, and row and column must not both give the same field. A cell names a ``measure``, or a ``question``
with the keys of its ``options``: the share that chose one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assets.base.errors import BadInput
from assets.base.yaml_file import load_model, refuse_double
from assets.catalogue.measures import Base, OptionMeasure
from assets.published_figures.printed import PrintedAs
from assets.questionnaires.model import QuestionId, Slug, Text

COLUMNS = {
    "report": "str",
    "report_title_nl": "str",
    "report_title_en": "str",
    "breakdowns": "str",
    "position": "int32",
    "table_id": "str",
    "kind": "str",
    "place_nl": "str",
    "place_en": "str",
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
    "printed_as": "str",
    "survey_year": "Int32",
    "reference_year": "Int32",
    "population": "str",
    "breakdown": "str",
    "category": "str",
    "unit": "str",
    "decimals": "int32",
    "base_reason_nl": "str",
    "base_reason_en": "str",
    "not_in_print_nl": "str",
    "not_in_print_en": "str",
}
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
# A register's class is a measure too: 'urbanisation_class=1', the share of municipalities in it.
MeasureId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(=([a-z0-9]+|\{item\}))?$")]
CellQuestionId = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9_]*(\{item\})?$")]
_ITEM = "{item}"
_REMEDY = "mend that place; assets/catalogue/report_cells.py says what each field may hold"


@dataclass(frozen=True)
class Form:
    """What a cell prints of its measure: which number, in which unit, and what kind of number a reader sees."""

    statistic: str
    unit: str
    printed_as: PrintedAs


FORMS = {
    "percent": Form("value", "percent", "percent"),  # 100 × numerator ÷ denominator
    "count": Form("numerator", "municipalities", "count"),  # municipalities in the numerator
    "base": Form("denominator", "municipalities", "base"),  # municipalities in the denominator
    "municipalities": Form("n_municipalities", "municipalities", "count"),  # municipalities that the measure rests on
    "total": Form("value", "count", "count"),  # toddlers, places
    "mean": Form("value", "number", "mean"),
    "min": Form("min", "number", "min"),
    "max": Form("max", "number", "max"),
    "score": Form("value", "score", "score"),
    "lowest_score": Form("min", "score", "min"),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Among(_Strict):
    """The base of a cell: who chose one of these options."""

    question: QuestionId
    options: tuple[Slug, ...] = Field(min_length=1)


class CellFields(_Strict):
    """What makes a cell.

    ``as``: which number of the measure is printed (``FORMS``). ``printed_as``: where the report calls it otherwise, such as a
    percentage that is the lowest of a table (``min``). ``base`` and ``among`` go with ``question``: of whom the share is,
    when not of everybody who was asked; ``base: answered`` says why in ``base_reason``.
    ``survey_year`` or ``reference_year``: whichever the table speaks of, never both.
    ``item``: what ``{item}`` in question, measure or category stands for: a row with item "01" asks A21_01 under a column
    of question "A21_{item}".
    """

    measure: MeasureId | None = None
    question: CellQuestionId | None = None
    item: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] | None = None
    option: Slug | None = None
    options: tuple[Slug, ...] | None = Field(default=None, min_length=1)
    base: Base | None = None
    base_reason: Text | None = None
    among: Among | None = None
    as_: str | None = Field(default=None, alias="as")
    printed_as: PrintedAs | None = None
    survey_year: int | None = None
    reference_year: int | None = None
    population: Slug | None = None
    breakdown: Slug | None = None
    category: str | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)

    @field_validator("as_")
    @classmethod
    def _is_a_form(cls, said: str) -> str:
        if said not in FORMS:
            raise ValueError(f"'as' is one of {', '.join(FORMS)}")
        return said

    @property
    def given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in CellFields.model_fields if getattr(self, name) is not None}


class Heading(CellFields):
    """A row or a column: its key, its label as the report prints it, and what it says about its cells."""

    key: Key
    label: Text


class Statement(CellFields):
    """A number in running text. ``of``: for which theme, class or year, where one sentence gives it for several."""

    key: Key
    label: Text
    of: Text | None = None


class NotInPrint(_Strict):
    """Cells in which the report itself has no number, and why: of these rows and columns (none given: of all)."""

    rows: tuple[Key, ...] = ()
    columns: tuple[Key, ...] = ()
    reason: Text

    def holds(self, row: str, column: str) -> bool:
        return (not self.rows or row in self.rows) and (not self.columns or column in self.columns)


class Table(_Strict):
    """A table or a figure. ``place``: its number, as printed. ``{n}`` in its title becomes the number of municipalities on
    which all its cells rest."""

    id: Slug
    kind: Literal["table", "figure"]
    place: Text
    title: Text
    source: Text
    note: Text | None = None
    row_heading: Text | None = None
    cells: CellFields = CellFields()
    rows: tuple[Heading, ...] = Field(min_length=1)
    columns: tuple[Heading, ...] = Field(min_length=1)
    not_in_print: tuple[NotInPrint, ...] = ()

    @model_validator(mode="after")
    def _keys_appear_once(self) -> Self:
        refuse_double("row", (heading.key for heading in self.rows))
        refuse_double("column", (heading.key for heading in self.columns))
        for name, headings in (("rows", self.rows), ("columns", self.columns)):
            said = {key for line in self.not_in_print for key in getattr(line, name)}
            if unknown := sorted(said - {heading.key for heading in headings}):
                raise ValueError(f"not_in_print names {', '.join(unknown)}, which is none of the table's {name}")
        return self


class Passage(_Strict):
    """The numbers in the running text of one section, a ``Statement`` each."""

    id: Slug
    kind: Literal["text"]
    place: Text
    title: Text
    source: Text
    note: Text | None = None
    cells: CellFields = CellFields()
    rows: tuple[Statement, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _keys_appear_once(self) -> Self:
        refuse_double("row", (heading.key for heading in self.rows))
        return self


class Report(_Strict):
    """All tables, figures and numbers in the text of one report, in its order.

    ``breakdowns``: by what the report's tables are broken down (its technical report).
    """

    report: Slug
    title: Text
    breakdowns: tuple[Slug, ...] = ()
    cells: CellFields = CellFields()
    tables: tuple[Annotated[Table | Passage, Field(discriminator="kind")], ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _tables_appear_once(self) -> Self:
        refuse_double("table", (table.id for table in self.tables))
        return self


@dataclass(frozen=True, eq=False)
class Catalogue:
    """``cells``: one row per cell, as ``COLUMNS``. ``options``: the measures that cells imply by naming a question."""

    cells: pd.DataFrame
    options: tuple[OptionMeasure, ...]


class _Conflict(ValueError):
    """A cell that its table describes twice, or not enough."""


def load_catalogue(reports_dir: Path) -> Catalogue:
    """Every report's cells, in the order of report, table, row and column.

    ``survey_year`` and ``reference_year``: one of the two is empty. ``breakdowns``: separated by commas. Raises BadInput, with
    file, place and remedy, for the first report that cannot be used.
    """
    files = sorted(reports_dir.glob("*.yaml"))
    if not files:
        raise BadInput(
            "There is no report catalogue", str(reports_dir), "add <report>.yaml with the tables of a report"
        )
    unfolded = [cell for file in files for cell in _load_report(file)]
    cells = pd.DataFrame([cell for cell, _ in unfolded], columns=list(COLUMNS)).astype(COLUMNS)
    return Catalogue(cells, tuple(option for _, option in unfolded if option))


def _load_report(file: Path) -> Iterator[tuple[dict[str, Any], OptionMeasure | None]]:
    report = load_model(file, Report, "catalogue", _REMEDY)
    if report.report != file.stem:
        raise BadInput(
            f"The catalogue says report {report.report}, its file is called {file.stem}",
            f"{file}, report",
            "make them the same",
        )
    for position, table in enumerate(report.tables, 1):
        yield from _cells(file, report, position, table)


def _cells(
    file: Path, report: Report, position: int, table: Table | Passage
) -> Iterator[tuple[dict[str, Any], OptionMeasure | None]]:
    shared = {
        "report": report.report,
        **_both("report_title", report.title),
        "breakdowns": ",".join(report.breakdowns),
        "position": position,
        "table_id": table.id,
        "kind": table.kind,
        **_both("place", table.place),
        **_both("title", table.title),
        **_both("source", table.source),
        **_both("note", table.note),
        **_both("row_heading", getattr(table, "row_heading", None)),
    }
    rows: tuple[Heading | Statement, ...] = table.rows
    for row_no, row in enumerate(rows, 1):
        for column_no, (key, label, column) in enumerate(_columns(table, row), 1):
            try:
                fields, option = _merge(report.cells, table.cells, row, column)
            except _Conflict as conflict:
                raise BadInput(
                    f"The cell {conflict}",
                    f"{file}, {table.id}, row {row.key}, column {key}",
                    "give each field of a cell once: at the row, the column, the table or the report",
                ) from None
            cell = {
                **shared,
                "row_no": row_no,
                "row_key": row.key,
                **_both("row_label", row.label),
                "column_no": column_no,
                "column_key": key,
                **_both("column_label", label),
                **_both("not_in_print", _not_in_print(table, row.key, key)),
                **fields,
            }
            yield cell, option


def _columns(table: Table | Passage, row: Heading | Statement) -> list[tuple[str, Text | None, CellFields]]:
    if isinstance(row, Statement):
        return [("value", row.of, CellFields())]
    return [(column.key, column.label, column) for column in getattr(table, "columns", ())]


def _not_in_print(table: Table | Passage, row: str, column: str) -> Text | None:
    lines = table.not_in_print if isinstance(table, Table) else ()
    return next((line.reason for line in lines if line.holds(row, column)), None)


def _both(name: str, text: Text | None) -> dict[str, str]:
    return {f"{name}_nl": text.nl if text else "", f"{name}_en": text.en if text else ""}


def _merge(
    report: CellFields, table: CellFields, row: CellFields, column: CellFields
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
    option = _option_measure(fields := _with_item(fields))
    if option:
        fields["measure"] = option.measure
    fields |= _both("base_reason", fields.pop("base_reason", None))
    if form := FORMS.get(fields.pop("as_", "")):
        said = fields.get("printed_as", form.printed_as)
        fields |= {"statistic": form.statistic, "unit": form.unit, "printed_as": said}
    missing = [name for name in ("measure", "population", "breakdown", "category") if name not in fields]
    missing += ["as"] if "statistic" not in fields else []
    if not fields.keys() & {"survey_year", "reference_year"}:
        missing.append("survey_year or reference_year")
    if missing:
        raise _Conflict(f"has no {', no '.join(missing)}")
    return fields, option


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


_OPTION = {"question", "option", "options", "base", "base_reason", "among"}
_ALTERNATIVES = (
    ({"measure"}, _OPTION),
    (_OPTION, {"measure"}),
    ({"option"}, {"options"}),
    ({"options"}, {"option"}),
    ({"base"}, {"among"}),
    ({"among"}, {"base", "base_reason"}),
    ({"survey_year"}, {"reference_year"}),
    ({"reference_year"}, {"survey_year"}),
)
