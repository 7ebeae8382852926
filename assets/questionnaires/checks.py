"""The checks on the registry as a whole: what no single questionnaire can know."""

from __future__ import annotations

from collections.abc import Mapping

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.questionnaires.model import Question, Questionnaire

COMPARABLE = CheckDefinition(
    "comparable_questions_are_alike",
    "questionnaires/questions",
    False,
    "A question that is declared the same as the year before exists there, with the same answer type and options.",
    "declare the question 'changed' with the reason, or 'new', in data/questionnaires/<survey_year>/questionnaire.yaml",
)
QUESTIONNAIRE_CHECKS = [COMPARABLE]


def check_questionnaires(questionnaires: Mapping[int, Questionnaire]) -> list[CheckOutcome]:
    """The outcome of every check of ``QUESTIONNAIRE_CHECKS``, in that order."""
    import pandas as pd

    failing = []
    checked = 0
    years = sorted(questionnaires)
    for before, year in zip([None, *years], years, strict=False):
        earlier = _by_concept(questionnaires[before]) if before is not None else {}
        for question in questionnaires[year].questions:
            if question.comparability.status != "same":
                continue
            checked += 1
            if problem := _unlike(question, earlier.get((question.concept, question.item))):
                failing.append({"survey_year": year, "question_id": question.id, "problem": problem})
    return [COMPARABLE.outcome(pd.DataFrame(failing, columns=["survey_year", "question_id", "problem"]), checked)]


def _by_concept(questionnaire: Questionnaire) -> dict[tuple[str, str | None], Question]:
    return {(q.concept, q.item): q for q in questionnaire.questions}


def _unlike(question: Question, earlier: Question | None) -> str | None:
    if earlier is None:
        return f"no question of the year before measures {question.concept}"
    if question.answer_type != earlier.answer_type:
        return f"was {earlier.answer_type} as {earlier.id}, is {question.answer_type}"
    before, now = {o.key for o in earlier.options}, {o.key for o in question.options}
    if before != now:
        return f"options differ from {earlier.id}: {', '.join(sorted(before ^ now))}"
    return None
