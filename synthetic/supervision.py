"""Works out possible risks and the selection of municipalities from answers alone, and reads the records of the cases.

It evaluates ``data/risk`` by itself, without the pipeline's SQL, so that the one checks the other. Belongs here: rules and
criteria over ``Responses``. Does not belong here: choosing answers (``profiles.py``), inventing cases (``cases.py``).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assets.questionnaires.model import Questionnaire
from assets.risk.criteria import SelectionCriterion, counted_by, load_criteria
from assets.risk.rules import RiskCondition, RiskRule, load_rules
from synthetic.responses import Responses, Row, has_option

# (municipality code, domain) → events in order, each with its date
Cases = Mapping[tuple[str, str], list[tuple[str, str]]]
TARGET_CONCEPT, PLACES_CONCEPT = "target_toddlers", "places"


@dataclass(frozen=True)
class Supervision:
    """What supervision rests on: rules, criteria, the codes of each survey year's register, and cases by survey year."""

    rules: tuple[RiskRule, ...]
    criteria: tuple[SelectionCriterion, ...]
    registered: Mapping[int, frozenset[str]]
    cases: Mapping[int, Cases]


def load_supervision(
    risk_dir: Path, questionnaires: Mapping[int, Questionnaire], registered: Mapping[int, frozenset[str]]
) -> Supervision:
    """The rules and criteria in ``data/risk``, without any case."""
    rules = load_rules(risk_dir, questionnaires)
    return Supervision(rules, load_criteria(risk_dir, rules), registered, {})


def read_cases(file: Path) -> Cases:
    """The cases in a file of ``data/supervision``; none when there is no file."""
    cases: dict[tuple[str, str], list[tuple[str, str]]] = {}
    if file.exists():
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                cases.setdefault((row["municipality_code"], row["domain"]), []).append((row["event"], row["date"]))
    return cases


def places_sufficiency(questionnaire: Questionnaire, row: Row) -> str:
    """sufficient, insufficient, or unknown when one of the two counts was not given."""
    places, target = (row.get(question_of(questionnaire, c, None)) for c in (PLACES_CONCEPT, TARGET_CONCEPT))
    if not isinstance(places, int) or not isinstance(target, int):
        return "unknown"
    return "sufficient" if places >= target else "insufficient"


def question_of(questionnaire: Questionnaire, concept: str, item: str | None) -> str:
    """The question that measures a concept."""
    return next(q.id for q in questionnaire.questions if (q.concept, q.item) == (concept, item))


def option_codes(questionnaire: Questionnaire, condition: RiskCondition) -> tuple[str, tuple[str, ...]]:
    """The question that a condition on an answer looks at, and the codes of the options with which it holds."""
    assert condition.concept is not None
    question = questionnaire.question(question_of(questionnaire, condition.concept, condition.item))
    return question.id, tuple(option.code for option in question.options if option.key in condition.options)


def triggered(rules: tuple[RiskRule, ...], questionnaire: Questionnaire, row: Row) -> list[RiskRule]:
    """The rules that this row triggers."""

    def holds(condition: RiskCondition) -> bool:
        if condition.derived is not None:
            return places_sufficiency(questionnaire, row) in condition.options
        question, codes = option_codes(questionnaire, condition)
        return has_option(row.get(question), codes)

    valid = [rule for rule in rules if rule.holds_in(questionnaire.survey_year)]
    return [rule for rule in valid if sum(map(holds, rule.when)) >= rule.at_least]


def risks(supervision: Supervision, questionnaire: Questionnaire, responses: Responses) -> dict[str, list[RiskRule]]:
    """Municipality code → the rules that it triggers, of every respondent."""
    return {code: triggered(supervision.rules, questionnaire, row) for code, row in responses.items()}


def selected(
    supervision: Supervision, questionnaire: Questionnaire, responses: Responses
) -> dict[tuple[str, str], list[str]]:
    """(municipality code, domain) → the criteria that select it, of the whole register."""
    year = questionnaire.survey_year
    found = risks(supervision, questionnaire, responses)
    criteria = [c for c in supervision.criteria if c.holds_in(year)]
    chosen: dict[tuple[str, str], list[str]] = {}

    def meets(criterion: SelectionCriterion, code: str) -> bool:
        if criterion.without_questionnaire:
            return code not in responses
        counted = counted_by(criterion, supervision.rules)
        return len({counted[rule.id] for rule in found.get(code, []) if rule.id in counted}) >= (
            criterion.at_least or 1
        )

    by_itself = {(code, c.domain) for c in criteria if c.beside is None for code in found if meets(c, code)}
    for criterion in criteria:
        for code in sorted(supervision.registered[year]):
            if meets(criterion, code) and (criterion.beside is None or (code, criterion.beside) in by_itself):
                chosen.setdefault((code, criterion.domain), []).append(criterion.id)
    return dict(sorted(chosen.items()))
