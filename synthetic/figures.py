"""Works out the figures that constraints are about, from answers alone.

Belongs here: counts, shares, means and panels over ``Responses``. It knows nothing of how the answers were made, so
that the verifier does not repeat the generator's mistakes. Does not belong here: comparing with print (``verify.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from assets.questionnaires.model import Question, Questionnaire
from synthetic.constraint import Constraint, Item
from synthetic.responses import Missing, Responses, Row, has_option, is_asked
from synthetic.supervision import Supervision

BREADTH_CONCEPT = "definition_indicators"
LOST_CONCEPTS = ("topic_goal", "topic_goal_reached")


@dataclass(frozen=True)
class Survey:
    """Everything that figures rest on: questionnaires and answers by survey year, and the classes of municipalities.

    ``categories``: breakdown → municipality code → class. ``changed_territory``: (code, survey year) whose territory
    differs from that of the survey year before. ``supervision``: the rules of the risk analysis and the cases.
    """

    questionnaires: Mapping[int, Questionnaire]
    responses: Mapping[int, Responses]
    categories: Mapping[str, Mapping[str, str]]
    changed_territory: frozenset[tuple[str, int]]
    supervision: Supervision


def half_up(value: Fraction, decimals: int = 0) -> Fraction:
    """Rounds half up, exactly."""
    return Fraction(floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def percent(part: int, whole: int) -> Fraction:
    """Part of whole in percent, exactly; 0 of nothing is 0."""
    return Fraction(100 * part, whole) if whole else Fraction(0)


def population(constraint: Constraint, survey: Survey) -> dict[str, Row]:
    """The rows that the constraint is about, before it is asked who was asked."""
    rows = dict(survey.responses[constraint.survey_year])
    if constraint.population == "analysis":
        narrower = survey.questionnaires[constraint.survey_year].analysis_population
        if narrower is None:
            raise ValueError(f"{constraint.id}: {constraint.survey_year} has no analysis population")
        for year in narrower.answered_in:
            rows = {code: row for code, row in rows.items() if code in survey.responses[year]}
    if constraint.among is not None:
        rows = {code: row for code, row in rows.items() if is_asked(constraint.among, row)}
    for breakdown, category in constraint.category.items():
        rows = {code: row for code, row in rows.items() if survey.categories[breakdown].get(code) == category}
    return rows


def base(constraint: Constraint, survey: Survey) -> dict[str, Row]:
    """The rows of the denominator."""
    rows = population(constraint, survey)
    if constraint.base == "all":
        return rows
    rows = {code: row for code, row in rows.items() if any(q in row for q in constraint.questions)}
    if constraint.base == "answered":
        return {
            code: row
            for code, row in rows.items()
            if any(q in row and not isinstance(row[q], Missing) for q in constraint.questions)
        }
    return rows


def items_chosen(items: tuple[Item, ...], row: Row) -> int:
    """How many of the items this municipality chose."""
    return sum(has_option(row.get(item.question), item.options) for item in items)


def number_given(row: Row, question: str) -> int | None:
    """The count, or None where none was given."""
    given = row.get(question)
    return given if isinstance(given, int) else None


def counts_by_concept(questionnaire: Questionnaire) -> dict[str, str]:
    """Concept → question id, of the counts."""
    return {q.concept: q.id for q in questionnaire.questions if q.answer_type == "count"}


def indicators(survey: Survey, survey_year: int, code: str) -> int | None:
    """How many indicators the target-group definition has: this year's answer, or the year before's where it still
    holds.

    Source: landelijk2023, Tabel 1.11 ("vragenlijst gemeenten, 2022, 2023") and its footnote 9. Linked by code alone.
    """
    for year in (survey_year, survey_year - 1):
        if year not in survey.questionnaires:
            return None
        asked = next((q.id for q in survey.questionnaires[year].questions if q.concept == BREADTH_CONCEPT), None)
        given = survey.responses[year].get(code, {}).get(asked) if asked else None
        if isinstance(given, tuple) and given:
            return len(given)
    return None


def panel(survey: Survey, survey_years: tuple[int, ...], concepts: tuple[str, ...]) -> list[str]:
    """The municipalities that gave all counts in all years under the same code and on unchanged territory."""
    first, *later = survey_years
    complete = []
    for code in sorted(survey.responses[first]):
        if any((code, year) in survey.changed_territory for year in later):
            continue
        if all(
            number_given(survey.responses[year].get(code, {}), counts_by_concept(survey.questionnaires[year])[concept])
            is not None
            for year in survey_years
            for concept in concepts
        ):
            complete.append(code)
    return complete


def missing_in(rows: Mapping[str, Row], question: str) -> int:
    """How many were asked the question and gave no answer."""
    return sum(isinstance(row.get(question), Missing) for row in rows.values())


def has_lost_column(questionnaire: Questionnaire, question: Question, printed: set[str]) -> bool:
    """Whether the year's instrument lost this whole column: a goal of a topic for which no figure is printed."""
    return (
        question.concept in LOST_CONCEPTS and bool(questionnaire.missing.not_collected) and question.id not in printed
    )
