"""What the questionnaires ask, for a catalogue that speaks of concepts: the question that measures one in a survey
year, or what is absent and why.

Belongs here: finding a question, its options and its themes, and the words for what is not there. Does not belong here:
which tables a report has (``report_years.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from assets.base.models import TextPair
from assets.catalogue.measures import MISSING, Measure, OptionMeasure
from assets.questionnaires.model import Option, Question, Questionnaire

WhatIsAbsent = Literal["year", "panel", "concept", "item", "option"]
WHATS_ABSENT = get_args(WhatIsAbsent)
_PANEL = re.compile(r"panel_(?:strict|harmonised)_(\d{4})_(\d{4})")


class Absent(Exception):
    """What a number needs and a survey year has not: ``what`` kind of thing, its ``key``, and the ``reason``."""

    def __init__(self, what: WhatIsAbsent, key: str, nl: str, en: str) -> None:
        super().__init__(en)
        self.what, self.key, self.reason = what, key, TextPair(nl=nl, en=en)


class Asked:
    """The questionnaires that were answered, by survey year, and the measures of the catalogue."""

    def __init__(self, questionnaires: Mapping[int, Questionnaire], measures: Iterable[Measure]) -> None:
        answered = (q for q in questionnaires.values() if q.deliveries and q.status != "planned")
        self._years = {q.survey_year: q for q in sorted(answered, key=lambda q: q.survey_year)}
        self._measures = {measure.id: measure for measure in measures}

    @property
    def survey_years(self) -> tuple[int, ...]:
        """The survey years with answers, in order."""
        return tuple(self._years)

    @property
    def newest(self) -> int | None:
        """The newest survey year with answers, None where there are no answers yet."""
        return max(self._years, default=None)

    def questionnaire(self, survey_year: int) -> Questionnaire:
        """That of a survey year. Raises Absent where it has no answers."""
        if found := self._years.get(survey_year):
            return found
        raise Absent(
            "year",
            str(survey_year),
            f"Er zijn geen antwoorden van {survey_year}.",
            f"There are no answers of {survey_year}.",
        )

    def survey_year(self, fields: Mapping[str, Any]) -> int:
        """The survey year of a cell. Raises Absent where nobody answered about its reference year."""
        if "survey_year" in fields:
            return int(fields["survey_year"])
        year = fields["reference_year"]
        if found := [q.survey_year for q in self._years.values() if q.reference_year == year]:
            return found[0]
        raise Absent("year", str(year), f"Er zijn geen antwoorden over {year}.", f"There are no answers about {year}.")

    def questions(self, survey_year: int, concept: str) -> tuple[Question, ...]:
        """Those that measure a concept. Raises Absent where none does."""
        if found := tuple(q for q in self.questionnaire(survey_year).questions if q.concept == concept):
            return found
        wording = self._wording(concept)
        raise Absent(
            "concept",
            concept,
            f"De vragenlijst van {survey_year} vraagt dit niet: {wording.nl}",
            f"The questionnaire of {survey_year} does not ask this: {wording.en}",
        )

    def question(self, survey_year: int, concept: str, item: str | None) -> Question:
        """The one that measures a concept, of one theme or topic where it is asked of several. Raises Absent."""
        found = self.questions(survey_year, concept)
        if of_item := [question for question in found if question.item == item]:
            return of_item[0]
        if item:
            raise _asked_otherwise(survey_year, found[0], f"niet over '{item}'", f"not of '{item}'")
        raise _asked_otherwise(survey_year, found[0], "alleen per onderwerp", "by subject only")

    def items(self, survey_year: int, concept: str) -> tuple[Question, ...]:
        """The questions of a concept by theme or topic. Raises Absent where it is not asked by theme or topic."""
        found = self.questions(survey_year, concept)
        if of_items := tuple(question for question in found if question.item):
            return of_items
        raise _asked_otherwise(survey_year, found[0], "niet per onderwerp", "not by subject")

    def options(self, survey_year: int, concept: str) -> tuple[Option, ...]:
        """The options of the questions of a concept, once each."""
        found = {option.key: option for q in self.questions(survey_year, concept) for option in q.options}
        return tuple(found.values())

    def year_before(self, survey_year: int, concept: str) -> int | None:
        """The last survey year before that asked about a concept."""
        years = [year for year in self._years if year < survey_year and self._measures_in(year, concept)]
        return max(years, default=None)

    def require_by_now(self, survey_year: int, concept: str) -> None:
        """Raises Absent unless this survey year or one before asks about a concept."""
        if self.year_before(survey_year + 1, concept) is None:
            self.questions(survey_year, concept)

    def require(self, fields: Mapping[str, Any], option: OptionMeasure | None) -> None:
        """Raises Absent unless there is all that a cell's number is made from. ``option``: the measure that it
        implies."""
        year = self.survey_year(fields)
        questionnaire = self.questionnaire(year)
        if panel := _PANEL.fullmatch(fields["population"]):
            self._require_panel(*map(int, panel.groups()))
        if option:
            _require_options(questionnaire, option.question, option.options)
            if option.among:
                _require_options(questionnaire, *option.among)
        elif measure := self._measures.get(fields["measure"]):
            self._require_measure(year, measure)

    def _measures_in(self, survey_year: int, concept: str) -> bool:
        return any(question.concept == concept for question in self._years[survey_year].questions)

    def _wording(self, concept: str) -> TextPair:
        """As it was last asked."""
        for year in reversed(self._years.values()):
            for question in year.questions:
                if question.concept == concept:
                    return question.wording
        return TextPair(nl=concept, en=concept)

    def _require_panel(self, first: int, last: int) -> None:
        for year in range(first, last + 1):
            if year not in {q.reference_year for q in self._years.values()}:
                raise Absent(
                    "panel",
                    f"{first}-{last}",
                    f"Het panel van {first} tot en met {last} heeft geen antwoorden over {year}.",
                    f"The panel of {first} up to {last} has no answers about {year}.",
                )

    def _require_measure(self, survey_year: int, measure: Measure) -> None:
        for concept in measure.rests_on:
            self.questions(survey_year, concept)
        for term in (*measure.count, *measure.among):
            for item in term.items or ():
                self.question(survey_year, term.concept, item)
            known = {option.key for option in self.options(survey_year, term.concept)}
            for key in set(term.options) - known - {MISSING}:
                raise _no_option(survey_year, self.questions(survey_year, term.concept)[0], key)


def _require_options(questionnaire: Questionnaire, question_id: str, keys: Iterable[str]) -> None:
    question = questionnaire.question(question_id)
    known = {MISSING, *(option.key for option in question.options)}
    for key in keys:
        if key not in known:
            raise _no_option(questionnaire.survey_year, question, key)


def _asked_otherwise(survey_year: int, question: Question, nl: str, en: str) -> Absent:
    return Absent(
        "item",
        question.concept,
        f"De vragenlijst van {survey_year} vraagt dit {nl}: {question.wording.nl}",
        f"The questionnaire of {survey_year} asks this {en}: {question.wording.en}",
    )


def _no_option(survey_year: int, question: Question, key: str) -> Absent:
    return Absent(
        "option",
        f"{question.concept}={key}",
        f"In {survey_year} heeft de vraag geen antwoord '{key}': {question.wording.nl}",
        f"In {survey_year} the question has no option '{key}': {question.wording.en}",
    )
