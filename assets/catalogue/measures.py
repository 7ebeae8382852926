"""Measures as data: ``data/catalogue/measures.yaml``, what is counted in whom, defined once and for every survey year.

Belongs here: the fields of a measure, and the measures that a catalogue's questions and options imply. Does not belong
here: computing one (``dbt_project``: ``fct_measure_choices`` counts options, ``fct_measure_members`` divides amounts).

A measure is Σ numerator ÷ Σ denominator over municipalities (``ratio``), Σ numerator (``total``), or the mean or median
of numerator ÷ denominator (``ratio_mean``, ``ratio_median``). A counted measure says which options it counts per
municipality:

- with ``exactly``, ``at_least`` or ``at_most`` it is the share of municipalities that chose so many of them;
- without, it is the mean number that a municipality chose.

Its base is who was asked any of its questions (``asked``), all ``respondents``, who chose one of the options under
``among``, or every question apart of everybody asked (``pooled``). A cell of the catalogue can also rest on who
answered (``answered``), with the reason. docs/definitions.md says what each means, and which the reports print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from assets.base.models import Filled, Slug, StrictModel, TextPair, in_columns, once_each
from assets.base.schemas import QUESTION_ID, LakeTable, flag, in_both_languages, name, one_of, text, whole
from assets.base.yaml_file import load_model

if TYPE_CHECKING:
    import pandas as pd

CellBase = Literal["asked", "answered", "respondents"]
MeasureBase = Literal["asked", "respondents", "pooled"]
MeasureKind = Literal["total", "ratio", "ratio_mean", "ratio_median"]
Whose = Literal["respondents", "municipalities", "panel"]
MeasureUnit = Literal["count", "number", "score", "share"]
MeasurePart = Literal["count", "among", "rests_on"]
_BASES = dict.fromkeys((*get_args(CellBase), *get_args(MeasureBase), "among"))
MEASURES = LakeTable(
    "catalogue/measures",
    "One row per measure: those of data/catalogue/measures.yaml, and those that cells imply by naming a question.",
    {
        "measure": text("The measure."),
        "kind": one_of("How municipalities' amounts become its value.", get_args(MeasureKind)),
        "unit": one_of("In what its value is; a share is between 0 and 1.", get_args(MeasureUnit)),
        "is_counted": flag("Whether it counts options that were chosen."),
        "is_option": flag("Whether a cell implies it by naming a question and options."),
        "lowest": whole("Fewest options with which a municipality counts; empty: no fewest.", 0, 1_000, nullable=True),
        "highest": whole("Most options with which a municipality counts; empty: no most.", 0, 1_000, nullable=True),
        "base": one_of("Of a counted measure: whom it is of.", _BASES, nullable=True),
        "whose": one_of("Whose amounts are added up; empty where options are counted.", get_args(Whose), nullable=True),
        "numerator": name("The amount above the line.", nullable=True),
        "denominator": text("The amount below the line, or a whole number.", nullable=True),
        "unknown": name("The amount that says whether it is unknown if a municipality counts.", nullable=True),
        **in_both_languages("label", "What a defined measure is called", nullable=True),
        **in_both_languages("definition", "What a defined measure is", nullable=True),
        "source": text("Report and place of a defined measure.", nullable=True),
    },
    key=("measure",),
)
MEASURE_TERMS = LakeTable(
    "catalogue/measure_terms",
    "One row per option that a measure counts, or concept that it rests on. part: count, among or rests_on. A term of "
    "a defined measure names a concept (and an item, or none for all), one of an implied measure names a question.",
    {
        "measure": text("The measure that has the term."),
        "part": one_of("What the term is for.", get_args(MeasurePart)),
        "concept": name("The concept whose questions are meant.", nullable=True),
        "item": text("The theme or topic; empty: all of the concept.", nullable=True),
        "question_id": replace(QUESTION_ID, description="The question of an implied measure.", nullable=True),
        "option_key": name("The option; empty where a measure only rests on a concept.", nullable=True),
    },
    key=("measure", "part", "concept", "item", "question_id", "option_key"),
)
MISSING = "missing"  # in place of an option: was asked, and gave no usable answer
_REMEDY = "mend that place; assets/catalogue/measures.py says what each field may hold"


class MeasureTerm(StrictModel):
    """Options of a concept's questions: of these ``items`` (none given: of all), those with these keys;
    ``missing`` is who was asked, and gave no usable answer."""

    concept: Slug
    items: tuple[str, ...] | None = Field(default=None, min_length=1)
    options: tuple[Slug, ...] = Field(min_length=1)


class Measure(StrictModel):
    """A measure with its definition in words. ``source``: the report and place that it was taken from.

    A measure that is no count of options is of this ``kind``, and ``rests_on`` the questions of these concepts. It is
    the
    ``numerator`` by the ``denominator`` of the municipalities ``whose`` amounts these are, as ``fct_measure_members``
    names
    them, or by a whole number; a ``total`` has no denominator. Its base is whoever has both, and more than 0 of the
    latter;
    ``unknown``: the amount that is 1 where it is unknown whether a municipality counts. Without all this it is of
    ``fct_supervision_measures``. ``unit``: in what its value is, where that does not follow from the rest.
    """

    id: Slug
    label: TextPair
    definition: TextPair
    source: Filled
    count: tuple[MeasureTerm, ...] = ()
    exactly: int | None = Field(default=None, ge=0)
    at_least: int | None = Field(default=None, ge=0)
    at_most: int | None = Field(default=None, ge=0)
    base: MeasureBase | None = None
    among: tuple[MeasureTerm, ...] = ()
    kind: MeasureKind | None = None
    rests_on: tuple[Slug, ...] = ()
    whose: Whose | None = None
    numerator: Slug | None = None
    denominator: Slug | Annotated[int, Field(gt=0)] | None = None
    unknown: Slug | None = None
    unit: Literal["score"] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        bounds = (self.exactly, self.at_least, self.at_most)
        counting = (*bounds, self.base, self.among or None)
        if bool(self.count) == bool(self.kind):
            raise ValueError("a measure counts options ('count') or has a 'kind', not both and not neither")
        if self.kind and any(field is not None for field in counting):
            raise ValueError("only a measure that counts options has bounds and a base")
        if self.count and (self.rests_on or self.numerator):
            raise ValueError("what a count rests on follows from its options: it has no 'rests_on' and no 'numerator'")
        if bool(self.whose) != bool(self.numerator) or (not self.numerator and (self.denominator or self.unknown)):
            raise ValueError("'numerator', 'denominator' and 'unknown' are amounts of municipalities: say 'whose'")
        if self.numerator and (self.kind == "total") == bool(self.denominator):
            raise ValueError("a total has no 'denominator', every other measure has one")
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise ValueError("'exactly' says it all: leave out 'at_least' and 'at_most'")
        if self.base and self.among:
            raise ValueError("a measure has one base: 'base' or 'among'")
        if self.base == "pooled" and any(bound is not None for bound in bounds):
            raise ValueError("a pooled measure adds up its questions: it has no bounds")
        return self

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The numbers of options between which a municipality counts; None, None where the number itself counts."""
        if self.exactly is not None:
            return self.exactly, self.exactly
        if self.at_most is not None and self.at_least is None:
            return 0, self.at_most
        return self.at_least, self.at_most

    @property
    def unit_of_value(self) -> MeasureUnit:
        """A total is a count, the options that a municipality chose are a number, all else is a share."""
        if self.unit:
            return self.unit
        is_number = self.count and self.base != "pooled" and self.bounds == (None, None)
        return "count" if self.kind == "total" else "number" if is_number else "share"


class Measures(StrictModel):
    """The file of measures."""

    measures: Annotated[tuple[Measure, ...], once_each("measure")]


class OptionMeasure(StrictModel):
    """The share that chose one of the ``options`` of one question: what a catalogue's cell says without defining it.

    ``among``: a question and its options, of which the base chose one.
    """

    question: str
    options: tuple[str, ...]
    base: CellBase = "asked"
    among: tuple[str, tuple[str, ...]] | None = None

    @property
    def measure(self) -> str:
        """Its name: ``L3d=yes_new|yes_running``, then what the base is where it is not who was asked."""
        name = f"{self.question}={'|'.join(self.options)}"
        if self.among:
            return f"{name}/{self.among[0]}={'|'.join(self.among[1])}"
        return name if self.base == "asked" else f"{name}/{self.base}"


def load_measures(file: Path) -> tuple[Measure, ...]:
    """The measures that the file defines. Raises BadInput, with file, place and remedy, when it cannot be used."""
    return load_model(file, Measures, "file of measures", _REMEDY).measures


def measure_tables(measures: Iterable[Measure], implied: Iterable[OptionMeasure]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``MEASURES`` and ``MEASURE_TERMS``, the implied measures once each."""
    defined, unique = list(measures), {option.measure: option for option in implied}
    rows = [*map(_measure_row, defined), *map(_option_row, unique.values())]
    terms = [
        *(term for measure in defined for term in _measure_terms(measure)),
        *(term for option in unique.values() for term in _option_terms(option)),
    ]
    return MEASURES.frame(rows), MEASURE_TERMS.frame(terms)


def _measure_row(measure: Measure) -> dict[str, Any]:
    lowest, highest = measure.bounds
    base = "among" if measure.among else measure.base or "asked"
    return {
        "measure": measure.id,
        "kind": measure.kind or "ratio",
        "unit": measure.unit_of_value,
        "is_counted": bool(measure.count),
        "is_option": False,
        "lowest": lowest,
        "highest": highest,
        "base": base if measure.count else None,
        "whose": measure.whose,
        "numerator": measure.numerator,
        "denominator": str(measure.denominator) if measure.denominator else None,
        "unknown": measure.unknown,
        **in_columns(label=measure.label, definition=measure.definition),
        "source": measure.source,
    }


def _option_row(option: OptionMeasure) -> dict[str, Any]:
    return {
        "measure": option.measure,
        "kind": "ratio",
        "unit": "share",
        "is_counted": True,
        "is_option": True,
        "lowest": 1,
        "base": "among" if option.among else option.base,
    }


def _measure_terms(measure: Measure) -> Iterator[dict[str, str | None]]:
    for part, terms in (("count", measure.count), ("among", measure.among)):
        for term in terms:
            for item in term.items or (None,):
                for option in term.options:
                    yield _term(measure.id, part, concept=term.concept, item=item, option_key=option)
    for concept in measure.rests_on:
        yield _term(measure.id, "rests_on", concept=concept)


def _option_terms(option: OptionMeasure) -> Iterator[dict[str, str | None]]:
    for key in option.options:
        yield _term(option.measure, "count", question_id=option.question, option_key=key)
    if option.among:
        question, keys = option.among
        for key in keys:
            yield _term(option.measure, "among", question_id=question, option_key=key)


def _term(measure: str, part: str, **fields: str | None) -> dict[str, str | None]:
    return {"measure": measure, "part": part} | fields
