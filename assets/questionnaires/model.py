"""What a questionnaire is: the typed form of ``data/questionnaires/<survey_year>/questionnaire.yaml``.

Belongs here: the fields, their meaning, and the rules that hold within one questionnaire. Does not belong here: reading
the YAML and naming the line that is wrong (``loader.py``), reading delivered files (``assets/raw``), judging answers
(``assets/answers``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assets.base.models import EMPTY_IS_NO_ENTRY, Filled, QuestionId, Slug, StrictModel, TextPair, refuse_double
from assets.questionnaires.dialect import Delimiter, Dialect, Encoding, NothingChosen, plain_text

AnswerType = Literal["single", "multiple", "count", "text"]
Compared = Literal["same", "changed", "new"]
Evidence = Literal["V", "P", "A"]
Origin = Literal["real", "synthetic"]
MOST = 1_000_000_000  # the largest count that a range can allow
Progress = Literal["planned", "open", "provisional", "final", "revised"]
FileName = Annotated[str, Field(pattern=r"^[^/\\.][^/\\]*$")]


class Misplaced(ValueError):
    """A rule between parts of the questionnaire is broken; ``loc`` is the part that has to be mended."""

    def __init__(self, message: str, *loc: str | int) -> None:
        super().__init__(message)
        self.loc = loc


class Option(StrictModel):
    """One answer that can be chosen. ``exclusive``: in a multiple choice, rules out every other option.
    ``delivered_as``: other texts by which an export says it, beside the code (and the label, where the dialect says
    so)."""

    code: Filled
    key: Slug
    label: TextPair
    exclusive: bool = False
    delivered_as: tuple[Filled, ...] = ()


class RoutingCondition(StrictModel):
    """Who is asked a question, as data. Exactly one of three forms:

    - ``question`` with ``is``: the question has one of these option codes (for a multiple choice: has one of them
      chosen);
    - ``question`` with ``below``: both counts are given and the first is smaller than the second;
    - ``all`` or ``any`` of further conditions.
    """

    question: QuestionId | None = None
    is_: tuple[Filled, ...] | None = Field(default=None, alias="is", min_length=1)
    below: QuestionId | None = None
    all_: tuple[RoutingCondition, ...] | None = Field(default=None, alias="all", min_length=1)
    any_: tuple[RoutingCondition, ...] | None = Field(default=None, alias="any", min_length=1)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        by_code = self.question is not None and self.is_ is not None
        by_count = self.question is not None and self.below is not None
        if [by_code, by_count, self.all_ is not None, self.any_ is not None].count(True) != 1:
            raise ValueError(
                "a condition is one of {question, is: [codes]}, {question, below: question}, {all: [...]}, {any: [...]}"
            )
        if not (by_code or by_count) and (self.question is not None or self.is_ is not None or self.below is not None):
            raise ValueError("'question' goes with 'is' (a list of option codes) or 'below' (a count question)")
        return self

    def questions(self) -> Iterator[str]:
        """The ids of all questions on which this condition rests."""
        for part in (*(self.all_ or ()), *(self.any_ or ())):
            yield from part.questions()
        yield from (q for q in (self.question, self.below) if q is not None)


class Range(StrictModel):
    """The counts that are possible, bounds included."""

    min: int = Field(default=0, ge=0)
    max: int = Field(le=MOST)

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min {self.min} is more than max {self.max}")
        return self


class Comparability(StrictModel):
    """Whether this question measures the same as the question of its concept in the survey year before."""

    status: Compared
    reason: TextPair | None = None

    @model_validator(mode="after")
    def _changed_says_why(self) -> Self:
        if self.status == "changed" and self.reason is None:
            raise ValueError("comparability 'changed' needs a reason in nl and en")
        return self


class MissingCodes(StrictModel):
    """What is in a cell instead of an answer, by reason: the text of the whole cell, in every column of the export.

    An empty cell needs no code: it is ``no_answer`` when the question was asked and ``not_asked`` when it was not.
    """

    no_answer: tuple[Filled, ...] = ()
    not_available: tuple[Filled, ...] = ()
    not_collected: tuple[Filled, ...] = ()
    not_asked: tuple[Filled, ...] = ()

    def by_code(self) -> dict[str, str]:
        """Code → status; codes as ``plain_text``, for capitals do not matter."""
        return {plain_text(code): status for status, codes in self.model_dump().items() for code in codes}

    @model_validator(mode="after")
    def _one_meaning_each(self) -> Self:
        codes = [plain_text(code) for status_codes in self.model_dump().values() for code in status_codes]
        if double := sorted({c for c in codes if codes.count(c) > 1}):
            raise ValueError(f"missing code {', '.join(double)} is used for more than one reason")
        return self


class Question(StrictModel):
    """One question of one year.

    ``concept`` is what it measures across years (``target_toddlers``); ``id`` is its name in this year's questionnaire.
    ``column`` is its column in this year's export; a multiple choice has one column per option, named by ``columns``
    with ``{code}`` for the option's code; what means 'chosen' there is the dialect's to say. ``routing`` empty:
    everyone is asked. ``missing``: codes that are missing codes of this question only. ``asked_from_delivery``: the
    delivery from which it was asked; in an earlier one that lacks it, it is not collected. ``nothing_chosen``: where it
    differs from the dialect's. ``evidence``: V wording printed in a report, P paraphrased by a report, A assumed by us.
    ``source``: report and lines.
    """

    id: QuestionId
    concept: Slug
    section: Slug
    answer_type: AnswerType
    wording: TextPair
    evidence: Evidence
    source: Filled
    column: str | None = None
    columns: str | None = None
    options: tuple[Option, ...] = ()
    routing: RoutingCondition | None = None
    range: Range | None = None
    comparability: Comparability
    missing: MissingCodes = MissingCodes()
    asked_from_delivery: int = Field(default=1, ge=1)
    nothing_chosen: NothingChosen | None = None
    item: Slug | None = None  # the entry of the list that a question 'over' a list was made for

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        multiple = self.answer_type == "multiple"
        if multiple != (self.columns is not None) or multiple == (self.column is not None):
            raise ValueError("a multiple choice has 'columns' (with {code}), every other question has 'column'")
        if self.columns is not None and "{code}" not in self.columns:
            raise ValueError("'columns' must contain {code}, the place of the option's code")
        if (self.answer_type in ("single", "multiple")) != bool(self.options):
            raise ValueError("a single or multiple choice has options; a count or a text has none")
        if (self.answer_type == "count") != (self.range is not None):
            raise ValueError("a count has a range (min, max); no other question has one")
        if self.nothing_chosen is not None and not multiple:
            raise ValueError("'nothing_chosen' speaks of the boxes of a multiple choice")
        for what, values in (("code", self.option_codes), ("key", [o.key for o in self.options])):
            refuse_double(f"option {what}", values)
        if self.columns is not None and any(option.delivered_as for option in self.options):
            raise ValueError("a box of a multiple choice says whether it is chosen: that is the dialect's ('chosen')")
        refuse_double("option text", (*self.option_codes, *(text for o in self.options for text in o.delivered_as)))
        return self

    @property
    def option_codes(self) -> list[str]:
        """The codes of the options, in their order."""
        return [option.code for option in self.options]

    @property
    def cells(self) -> list[tuple[str, str | None]]:
        """The delivered columns of this question, each with its option code (None but for a multiple choice)."""
        if self.columns is None:
            return [(self.column or "", None)]
        return [(self.columns.replace("{code}", code), code) for code in self.option_codes]


class KeyColumns(StrictModel):
    """The columns that say whose row it is."""

    municipality_code: str
    municipality_name: str


class Delivery(StrictModel):
    """One delivered file, beside the questionnaire. Deliveries only add up: a later one never removes an earlier one.

    ``dialect``: where it differs from the questionnaire's. ``encoding`` of an SPSS file: where its texts are in another
    encoding than it declares (utf-8: as it declares).
    """

    number: int = Field(ge=1)
    path: FileName
    format: Literal["csv", "xlsx", "sav"]
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    received_on: date
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1)
    encoding: Encoding = "utf-8"
    delimiter: Delimiter = ";"
    dialect: Dialect | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _xlsx_has_a_sheet(self) -> Self:
        if self.format == "xlsx" and self.sheet is None:
            raise ValueError("an xlsx delivery names its sheet")
        return self


class WithdrawnDelivery(Delivery):
    """A delivery that was accepted and no longer counts: since when, and why. Its number is not given again."""

    withdrawn_on: date
    reason: Filled


class AnalysisPopulation(StrictModel):
    """A base narrower than all respondents: those who also answered in the other survey years that are named."""

    key: Slug
    label: TextPair
    answered_in: tuple[int, ...]
    source: str


class Questionnaire(StrictModel):
    """One year's questionnaire: what was asked, of whom, and which files came back.

    ``status``: planned, open, provisional, final or revised. ``origin``: real, or synthetic (then every output says
    so). ``register_date``: the date whose municipal register applies.
    """

    survey_year: int
    reference_year: int
    title: TextPair
    status: Progress
    origin: Origin
    register_date: date
    analysis_population: AnalysisPopulation | None = None
    key_columns: KeyColumns
    missing: MissingCodes
    dialect: Dialect = Dialect()
    deliveries: Annotated[tuple[Delivery, ...], EMPTY_IS_NO_ENTRY] = ()
    withdrawn_deliveries: Annotated[tuple[WithdrawnDelivery, ...], EMPTY_IS_NO_ENTRY] = ()
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question:
        """The question with this id; KeyError when there is none."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    def dialect_of(self, delivery: Delivery) -> Dialect:
        """The dialect in which a file was delivered."""
        return self.dialect if delivery.dialect is None else delivery.dialect

    def missing_codes_of(self, question: Question) -> dict[str, str]:
        """The missing codes that hold for a question: code → status, as ``MissingCodes.by_code``."""
        return self.missing.by_code() | question.missing.by_code()

    @property
    def next_number(self) -> int:
        """The number of the next delivery."""
        return len(self.deliveries) + len(self.withdrawn_deliveries) + 1

    @property
    def columns(self) -> list[str]:
        """Every column that a delivery has, in the questionnaire's order."""
        keys = [self.key_columns.municipality_code, self.key_columns.municipality_name]
        return keys + [column for question in self.questions for column, _ in question.cells]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        self._check_deliveries()
        known: dict[str, Question] = {}
        columns = {
            self.key_columns.municipality_code: "the municipality",
            self.key_columns.municipality_name: "the municipality",
        }
        for index, question in enumerate(self.questions):
            at = ("questions", index)
            if question.id in known:
                raise Misplaced(f"question {question.id} appears more than once", *at, "id")
            for column, _ in question.cells:
                if column in columns:
                    field = "column" if question.columns is None else "columns"
                    message = f"column {column} of question {question.id} is already used for {columns[column]}"
                    raise Misplaced(message, *at, field)
                columns[column] = f"question {question.id}"
            codes = self.missing_codes_of(question)
            if double := [c for c in question.option_codes if plain_text(c) in codes]:
                status = codes[plain_text(double[0])]
                message = f"question {question.id} has option {', '.join(double)}, which 'missing' has as {status}"
                raise Misplaced(message, *at, "options")
            if self.deliveries and question.asked_from_delivery > self.next_number:
                message = (
                    f"question {question.id} is asked from delivery {question.asked_from_delivery}, which is not there"
                )
                raise Misplaced(message, *at, "asked_from_delivery")
            if question.range is not None and (double := [c for c in codes if _is_in(c, question.range)]):
                message = f"missing code {', '.join(double)} is also a possible count of question {question.id}"
                raise Misplaced(message, *at, "range")
            if question.routing is not None:
                _check_condition(question, question.routing, known, at)
            known[question.id] = question
        return self

    def _check_deliveries(self) -> None:
        numbers, withdrawn = ([d.number for d in listed] for listed in (self.deliveries, self.withdrawn_deliveries))
        if numbers != sorted(numbers) or sorted(numbers + withdrawn) != list(range(1, self.next_number)):
            raise Misplaced(
                f"deliveries are numbered 1, 2, 3 … in order, withdrawn ones too; found {numbers + withdrawn}",
                "deliveries",
            )
        paths = [d.path for d in self.deliveries]
        if double := sorted({p for p in paths if paths.count(p) > 1}):
            raise Misplaced(f"file {', '.join(double)} is delivered more than once", "deliveries")
        if self.status == "planned" and self.deliveries:
            raise Misplaced("a planned questionnaire has no deliveries yet; set status to open", "status")


def _is_in(code: str, possible: Range) -> bool:
    return code.removeprefix("-").isdecimal() and possible.min <= int(code) <= possible.max


def _check_condition(
    asked: Question, condition: RoutingCondition, known: dict[str, Question], at: tuple[str | int, ...]
) -> None:
    for part in (*(condition.all_ or ()), *(condition.any_ or ())):
        _check_condition(asked, part, known, at)
    for name in (condition.question, condition.below):
        if name is not None and name not in known:
            raise Misplaced(f"question {asked.id} is routed on {name}, which does not come before it", *at, "routing")
    if condition.is_ is not None and condition.question is not None:
        unknown = [code for code in condition.is_ if code not in known[condition.question].option_codes]
        if unknown:
            message = f"question {asked.id} is routed on {condition.question} = {', '.join(unknown)}: no such option"
            raise Misplaced(message, *at, "routing")
    if condition.below is not None and condition.question is not None:
        for name in (condition.question, condition.below):
            if known[name].answer_type != "count":
                raise Misplaced(f"question {asked.id} compares {name}, which is not a count", *at, "routing")
