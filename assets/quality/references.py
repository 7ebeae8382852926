"""Whether what is kept by hand speaks of questions, options, measures and labels that a survey year has.

Belongs here: references from one file of data to another, which otherwise only the warehouse's tests would find. Does
not belong here: what a file may hold (its stage), running the checks of a year (``year_check.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from assets.catalogue.measures import MISSING
from assets.plausibility.rules import PlausibilityRule
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    import pandas as pd

VVE_COUNTS = ("target_toddlers", "places", "reached_toddlers")
"""The concepts that one count each is asked of, at most."""


class Reference(NamedTuple):
    """A reference that leads nowhere: what, and what speaks of it."""

    what: str
    of: str


def measures_without_questions(
    cells: pd.DataFrame,
    defined: Collection[str],
    terms: pd.DataFrame,
    questionnaires: Mapping[int, Questionnaire],
) -> Iterator[Reference]:
    """Cells of a survey year without a questionnaire or with a measure that nobody defines, and measures that rest on
    what no questionnaire asks, or that cells of a year show though that year does not ask it.

    ``cells`` and ``terms``: as the catalogue's loaders give them; ``defined``: the measures that there are.
    """
    asked = {year: set(_asked(questionnaire)) for year, questionnaire in questionnaires.items()}
    ever = set[tuple[object, ...]]().union(*asked.values())
    by_measure: dict[str, list[tuple[object, ...]]] = {}
    for term in terms.astype("object").where(terms.notna(), None).to_dict("records"):
        name = tuple(term[field] for field in ("question_id", "concept", "item", "option_key"))
        by_measure.setdefault(str(term["measure"]), []).append(name)
    for measure, named_terms in by_measure.items():
        yield from (Reference(f"no questionnaire asks {_in_words(t)}", measure) for t in named_terms if t not in ever)
    shown = cells[["report", "table_id", "survey_year", "measure"]].drop_duplicates()
    for report, table, year, measure in shown.astype("object").where(shown.notna(), None).itertuples(index=False):
        of = f"{measure}, in {report}, {table}"
        if measure not in defined:
            yield Reference("the measure is not defined", of)
        elif year is not None and int(year) not in asked:
            yield Reference(f"there is no questionnaire of {year}", of)
        elif year is not None and (named := by_measure.get(measure, [])) and asked[int(year)].isdisjoint(named):
            yield Reference(f"{year} does not ask {_in_words(named[0])}", of)


def _asked(questionnaire: Questionnaire) -> Iterator[tuple[object, ...]]:
    """All that a term of a measure can name: (question, concept, item, option), whatever it leaves out being None."""
    for question in questionnaire.questions:
        names = [(question.id, None, None), (None, question.concept, None), (None, question.concept, question.item)]
        for option in (None, MISSING, *(option.key for option in question.options)):
            yield from ((*name, option) for name in names)


def _in_words(term: tuple[object, ...]) -> str:
    question, concept, item, option = term
    name = str(question or concept) + (f" ({item})" if item else "")
    return f"{name} with option {option}" if option else name


def counts_asked_twice(questionnaire: Questionnaire) -> Iterator[Reference]:
    """Concepts of the vve counts with several questions, or with one whose answer is no count."""
    questions = [question for question in questionnaire.questions if question.concept in VVE_COUNTS]
    for concept, times in Counter(question.concept for question in questions).items():
        if times > 1:
            yield Reference(f"{concept} is asked by {times} questions; one number per municipality", "questions")
    for question in questions:
        if question.answer_type != "count":
            yield Reference(f"{question.concept} is asked as {question.answer_type}, not as count", question.id)


def sections_without_label(questionnaire: Questionnaire, labels: pd.DataFrame) -> Iterator[Reference]:
    """Sections of the questionnaire that data/labels.yaml does not have."""
    known: Collection[str] = set(labels.loc[labels["vocabulary"] == "section", "code"])
    for section in dict.fromkeys(question.section for question in questionnaire.questions):
        if section not in known:
            yield Reference("the section has no label in data/labels.yaml", section)


def rules_without_questions(rules: Iterable[PlausibilityRule], questionnaire: Questionnaire) -> Iterator[Reference]:
    """Plausibility rules that hold in the year and can never warn, because it does not ask what they compare."""
    concepts = {question.concept for question in questionnaire.questions}
    for rule in rules:
        named = [getattr(rule, field, None) for field in ("count", "other", "choice_of")]
        for concept in named:
            if rule.holds_in(questionnaire.survey_year) and concept and concept not in concepts:
                yield Reference(f"{questionnaire.survey_year} does not ask {concept}", rule.id)
