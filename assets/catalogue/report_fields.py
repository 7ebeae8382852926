"""The fields of ``data/catalogue/reports/<report>.yaml``: what a report prints, table by table.

Belongs here: the fields and their meaning. Does not belong here: unfolding a table's rows and columns into cells
(``report_cells.py``), what a year makes of them (``report_years.py``), what a measure means (``measures.py``,
``dbt_project``).

A cell is described by the fields of ``CellFields``. They can be given at the report, at a table, at a row or at a
column: the closer one counts, and row and column must not both give the same field. A cell names a ``measure``, or a
question with the keys of its ``options``: the share that chose one of them. The question is the one with an id
(``question``), or the one that measures a ``concept`` in the cell's survey year.

A printed report is in the edition of one survey year, a standing one (``edition: every``) in that of each. Texts, years
and populations may have fields that the edition's year fills in: ``{survey_year}``, ``{reference_year}``, both also
with a number of years added (``{survey_year-1}``), and ``{population}``, those that the questionnaire's shares are of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from assets.base.models import QuestionId, Slug, StrictModel, TextPair, once_each, refuse_double
from assets.catalogue.measures import CellBase

PrintedAs = Literal["count", "percent", "mean", "min", "max", "score", "base"]
"""Which kind of number a reader sees: the column ``measure`` of a published figure."""

HeadingKey = Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9_]*|\{[a-z_]+([+-]\d+)?\})$")]
# A register's class is a measure too: 'urbanisation_class=1', the share of municipalities in it.
MeasureId = Annotated[str, Field(pattern=r"^(\{item\}_)?[a-z][a-z0-9_]*(=[a-z0-9]+|[=_]\{item\})?$")]
# A year that the edition's year gives, or a population with such a year in its name.
YearField = Annotated[str, Field(pattern=r"^\{(survey|reference)_year([+-]\d+)?\}$")]
PopulationId = Annotated[str, Field(pattern=r"^([a-z0-9_]|\{[a-z_]+([+-]\d+)?\})+$")]
CellQuestionId = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9_]*(\{item\})?$")]


@dataclass(frozen=True)
class CellForm:
    """What a cell prints of its measure: which number, in which unit, and what kind of number a reader sees."""

    statistic: str
    unit: str
    printed_as: PrintedAs


FORMS = {
    "percent": CellForm("value", "share", "percent"),  # numerator ÷ denominator, printed times 100
    "count": CellForm("numerator", "municipalities", "count"),  # municipalities in the numerator
    "base": CellForm("denominator", "municipalities", "base"),  # municipalities in the denominator
    "municipalities": CellForm(
        "n_municipalities", "municipalities", "count"
    ),  # municipalities that the measure rests on
    "total": CellForm("value", "count", "count"),  # toddlers, places
    "mean": CellForm("value", "number", "mean"),
    "min": CellForm("min", "number", "min"),
    "max": CellForm("max", "number", "max"),
    "score": CellForm("value", "score", "score"),
    "lowest_score": CellForm("min", "score", "min"),
}


class CellAmong(StrictModel):
    """The base of a cell: who chose one of these options of a question, or of the one that measures a concept."""

    question: QuestionId | None = None
    concept: Slug | None = None
    options: tuple[Slug, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_one_question(self) -> Self:
        if bool(self.question) == bool(self.concept):
            raise ValueError("'among' names a 'question' or a 'concept'")
        return self


class CellFields(StrictModel):
    """What makes a cell.

    ``as``: which number of the measure is printed (``FORMS``). ``printed_as``: where the report calls it otherwise,
    such as a percentage that is the lowest of a table (``min``). ``base`` and ``among`` go with ``question``: of whom
    the share is, when not of everybody who was asked; ``base: answered`` says why in ``base_reason``. ``survey_year``
    or ``reference_year``: whichever the table speaks of, never both. ``item``: what ``{item}`` in question, measure or
    category stands for: a row with item "01" asks A21_01 under a column of question "A21_{item}"; of a ``concept`` that
    is asked of several themes or topics, which of them.
    """

    measure: MeasureId | None = None
    question: CellQuestionId | None = None
    concept: Slug | None = None
    item: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] | None = None
    option: Slug | None = None
    options: tuple[Slug, ...] | None = Field(default=None, min_length=1)
    base: CellBase | None = None
    base_reason: TextPair | None = None
    among: CellAmong | None = None
    as_: str | None = Field(default=None, alias="as")
    printed_as: PrintedAs | None = None
    survey_year: int | YearField | None = None
    reference_year: int | YearField | None = None
    population: PopulationId | None = None
    breakdown: Slug | None = None
    category: str | None = None
    decimals: int | None = Field(default=None, ge=0, le=6)

    @field_validator("as_")
    @classmethod
    def _is_a_form(cls, form: str) -> str:
        if form not in FORMS:
            raise ValueError(f"'as' is one of {', '.join(FORMS)}")
        return form

    @property
    def given(self) -> dict[str, Any]:
        """The fields that are given here, by name."""
        return {name: getattr(self, name) for name in CellFields.model_fields if getattr(self, name) is not None}


class CatalogueHeading(CellFields):
    """A row or a column: its key, its label as the report prints it, and what it says about its cells."""

    key: HeadingKey
    label: TextPair


class CatalogueStatement(CellFields):
    """A number in running text. ``of``: for which theme, class or year, where one sentence gives it for several."""

    key: HeadingKey
    label: TextPair
    of: TextPair | None = None


class NotInPrint(StrictModel):
    """Cells in which the report itself has no number, and why: of these rows and columns (none given: of all)."""

    rows: tuple[HeadingKey, ...] = ()
    columns: tuple[HeadingKey, ...] = ()
    reason: TextPair

    def holds(self, row: str, column: str) -> bool:
        """Whether it is about the cell of this row and column."""
        return (not self.rows or row in self.rows) and (not self.columns or column in self.columns)


class CatalogueStep(StrictModel):
    """A box of a flow chart; ``after``: the key of the one that it follows on."""

    key: HeadingKey
    label: TextPair
    after: HeadingKey | None = None


class CatalogueChart(StrictModel):
    """How a table is drawn. ``shares``: a bar for each row, on a scale to 100%; ``chain``: such bars in columns, each a
    share of the column before it (``of``: of whom, column by column); ``parts``: the parts of a whole in one bar, the
    rows in ``grey`` being none of its answers; ``lines``: a line over the years; ``flow``: a box for each of ``steps``,
    with the numbers of the row of its name where there is one.
    """

    kind: Literal["shares", "chain", "parts", "lines", "flow"]
    grey: tuple[HeadingKey, ...] = ()
    of: tuple[TextPair, ...] = ()
    steps: tuple[CatalogueStep, ...] = ()

    @model_validator(mode="after")
    def _steps_follow_on_each_other(self) -> Self:
        keys = [step.key for step in self.steps]
        refuse_double("step", keys)
        for number, step in enumerate(self.steps):
            if step.after is not None and step.after not in keys[:number]:
                raise ValueError(f"step {step.key} follows on {step.after}, which is none of the steps before it")
        return self


Headings = Annotated[tuple[CatalogueHeading, ...], Field(min_length=1)]
FromQuestion = Literal["options", "items"]
"""Rows or columns that the questionnaire gives: the options of the table's concept, or the themes or topics of which it
is asked, as that year has them."""


class CatalogueTable(StrictModel):
    """A table or a figure. ``place``: its number, as printed; a standing report numbers its tables itself. ``{n}`` in
    its title becomes the number of municipalities on which all its cells rest. ``chart``: how it is drawn, which a
    figure cannot do without. ``labels``: of ``options`` and ``items``, where not as the questionnaire has them.
    ``rests_on``: concepts beside those of its cells, asked in that survey year or before."""

    id: Slug
    kind: Literal["table", "figure"]
    place: TextPair | None = None
    title: TextPair
    source: TextPair
    note: TextPair | None = None
    row_heading: TextPair | None = None
    chart: CatalogueChart | None = None
    cells: CellFields = CellFields()
    rows: Headings | FromQuestion
    columns: Headings | FromQuestion
    labels: dict[HeadingKey, TextPair] = Field(default_factory=dict)
    rests_on: tuple[Slug, ...] = ()
    not_in_print: tuple[NotInPrint, ...] = ()

    @model_validator(mode="after")
    def _names_what_is_there(self) -> Self:
        for name, headings in (("rows", self.rows), ("columns", self.columns)):
            if isinstance(headings, str):
                if not self.cells.concept:
                    raise ValueError(
                        f"'{name}: {headings}' are those of the 'concept' of the table's cells: give it one"
                    )
                continue
            refuse_double(name.removesuffix("s"), (heading.key for heading in headings))
            named = {key for line in self.not_in_print for key in getattr(line, name)}
            if unknown := sorted(named - {heading.key for heading in headings}):
                raise ValueError(f"not_in_print names {', '.join(unknown)}, which is none of the table's {name}")
        if self.kind == "figure" and not self.chart:
            raise ValueError("a figure needs a 'chart'")
        grey = self.chart.grey if self.chart and not isinstance(self.rows, str) else ()
        if unknown := sorted(set(grey) - {row.key for row in self.rows if not isinstance(row, str)}):
            raise ValueError(f"'grey' names {', '.join(unknown)}, which is none of the table's rows")
        return self


class VariantHeading(CellFields):
    """A row or a column of the table that it is a variant of, by its key, or another one; ``label``: where print has
    another."""

    key: HeadingKey
    label: TextPair | None = None


class CatalogueVariant(StrictModel):
    """A table of the standing report as a printed report has it: what is not said here is as it is there.

    ``rows`` and ``columns``: those that print has, in its order.
    """

    id: Slug
    of: Slug
    kind: Literal["table", "figure"] = "table"
    place: TextPair
    title: TextPair | None = None
    source: TextPair | None = None
    note: TextPair | None = None
    row_heading: TextPair | None = None
    chart: CatalogueChart | None = None
    rows: tuple[VariantHeading, ...] | None = Field(default=None, min_length=1)
    columns: tuple[VariantHeading, ...] | None = Field(default=None, min_length=1)
    not_in_print: tuple[NotInPrint, ...] = ()


class CataloguePassage(StrictModel):
    """The numbers in the running text of one section, a ``CatalogueStatement`` each."""

    id: Slug
    kind: Literal["text"]
    place: TextPair
    title: TextPair
    source: TextPair
    note: TextPair | None = None
    cells: CellFields = CellFields()
    rows: Annotated[tuple[CatalogueStatement, ...], Field(min_length=1), once_each("row", "key")]


def _form(table: Any) -> str:
    """Which model an entry of ``tables`` is checked against."""
    if not isinstance(table, dict):
        return "variant" if isinstance(table, CatalogueVariant) else str(table.kind)
    return "variant" if "of" in table else str(table.get("kind"))


AnyTable = Annotated[
    Annotated[CatalogueTable, Tag("table")]
    | Annotated[CatalogueTable, Tag("figure")]
    | Annotated[CataloguePassage, Tag("text")]
    | Annotated[CatalogueVariant, Tag("variant")],
    Discriminator(_form),
]


class CatalogueReport(StrictModel):
    """All tables, figures and numbers in the text of one report, in its order.

    ``edition``: the survey year whose edition has the report, or ``every``. ``breakdowns``: by what the report's tables
    are broken down (its technical report).
    """

    report: Slug
    edition: int | Literal["every"]
    title: TextPair
    breakdowns: tuple[Slug, ...] = ()
    cells: CellFields = CellFields()
    tables: Annotated[tuple[AnyTable, ...], Field(min_length=1), once_each("table")]

    @property
    def is_standing(self) -> bool:
        """Whether every survey year's edition has it."""
        return self.edition == "every"

    @property
    def own_tables(self) -> tuple[CatalogueTable, ...]:
        """The tables and figures that are no variants of those of the standing report."""
        return tuple(table for table in self.tables if isinstance(table, CatalogueTable))

    @model_validator(mode="after")
    def _tables_fit_the_report(self) -> Self:
        own = self.own_tables
        if self.is_standing and (others := [table.id for table in self.tables if table not in own]):
            raise ValueError(f"a standing report has tables of its own only, and {others[0]} is none")
        for table in () if self.is_standing else own:
            if table.place is None or isinstance(table.rows, str) or isinstance(table.columns, str):
                raise ValueError(f"{table.id} of a printed report needs a 'place', 'rows' and 'columns' as printed")
        return self
