"""Chooses the answers that the risk analysis looks at: for all municipalities and both domains at once.

How many have a possible risk, in which domain, and how many of them are selected for contact, ties questions of different
blocks and their routing together. So they are chosen here in one CP-SAT model, that also meets how often each option is
chosen; ``blocks.py`` then takes them as given and meets the rest.

Belongs here: the model of rules and criteria. Does not belong here: what they are (``data/risk``), evaluating them
(``supervision.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from ortools.sat.python import cp_model

from assets.questionnaires.model import Questionnaire
from assets.risk.criteria import SelectionCriterion, rules_behind
from assets.risk.rules import RiskCondition, RiskRule
from synthetic.blocks import Given, Weight
from synthetic.constraint import Constraint
from synthetic.figures import Survey
from synthetic.supervision import option_codes, places_sufficiency, question_of

Number: TypeAlias = cp_model.LinearExprT
_DOMAINS = ("lea", "vve")
_KINDS = ("option_count", "risk_count", "selected_count")


def choose_profiles(
    survey: Survey, survey_year: int, constraints: Iterable[Constraint], given: Given, weight: Weight
) -> None:
    """Adds the options that every respondent chooses to ``given.options``, for the questions that the rules rest on.

    Answers that a row or ``given`` already holds are kept. Raises ValueError when no answers meet all figures.
    """
    relevant = [c for c in constraints if c.survey_year == survey_year and c.kind in _KINDS]
    _Profiles(survey, survey.questionnaires[survey_year], relevant, given, weight).solve()


class _Profiles:
    """The model: a variable for each respondent, question and option, and what rules and criteria make of them."""

    def __init__(
        self, survey: Survey, questionnaire: Questionnaire, constraints: list[Constraint], given: Given, weight: Weight
    ) -> None:
        self.supervision = survey.supervision
        self.questionnaire, self.constraints, self.given = questionnaire, constraints, given
        self.rows = survey.responses[questionnaire.survey_year]
        self.weight = weight
        self.rules = [r for r in self.supervision.rules if r.holds_in(questionnaire.survey_year)]
        self.model = cp_model.CpModel()
        self.chosen: dict[tuple[str, str, str], cp_model.IntVar] = {}

    def solve(self) -> None:
        questions = self._questions()
        for code in self.rows:
            for question in questions:
                self._ask(code, question)
        for c in self.constraints:
            of_everyone = c.value is not None and c.among is None and not c.category
            if c.kind == "option_count" and of_everyone and set(c.questions) <= set(questions):
                self._equal(c, [self._of(code, i.question, i.options) for code in self.rows for i in c.chosen_items])
        signals = {code: {rule.id: self._signal(code, rule) for rule in self.rules} for code in self.rows}
        self._count_risks(signals)
        self._count_selected(signals)
        self.model.maximize(
            sum(self.weight(code, self.questionnaire.question(q), o) * x for (code, q, o), x in self.chosen.items())
        )
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 2023
        solver.parameters.linearization_level = 2
        solver.parameters.absolute_gap_limit = 10.0 * len(self.rows) * len(questions)
        solver.parameters.max_deterministic_time = 60.0
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise ValueError(f"no answers to {', '.join(questions)} meet {', '.join(c.id for c in self.constraints)}")
        for (code, question, option), x in self.chosen.items():
            if solver.value(x):
                self.given.options[code, question] = option

    def _questions(self) -> list[str]:
        """The questions that the rules look at and those that settle them, in the questionnaire's order."""
        named: set[str] = set()
        for condition in (c for rule in self.rules for c in rule.when if c.concept is not None):
            named.add(question_of(self.questionnaire, str(condition.concept), condition.item))
            if condition.settled_by is not None:
                named.add(question_of(self.questionnaire, condition.settled_by.concept, condition.item))
        return [q.id for q in self.questionnaire.questions if q.id in named]

    def _ask(self, code: str, question_id: str) -> None:
        """One answer when the question is asked, which may depend on a question before it."""
        question = self.questionnaire.question(question_id)
        assert question.answer_type == "single"
        options = {o: self.model.new_bool_var(f"{code} {question_id} {o}") for o in question.option_codes}
        self.chosen.update({(code, question_id, o): x for o, x in options.items()})
        asked: Number = 1
        if question.routing is not None:
            assert question.routing.question is not None
            asked = self._of(code, question.routing.question, question.routing.is_ or ())
        self.model.add(sum(options.values()) == asked)
        settled = self.rows[code].get(question_id, self.given.options.get((code, question_id)))
        if isinstance(settled, str) and settled in options:
            self.model.add(options[settled] == 1)

    def _of(self, code: str, question: str, options: tuple[str, ...]) -> Number:
        return sum(self.chosen[code, question, o] for o in options)

    def _equal(self, c: Constraint, numbers: Iterable[Number]) -> None:
        assert c.value is not None
        self.model.add(sum(numbers) == int(c.value))

    def _signal(self, code: str, rule: RiskRule) -> Number:
        """Whether the rule is triggered: at least so many of its conditions hold."""
        holding = [self._holds(code, condition) for condition in rule.when]
        return holding[0] if len(holding) == 1 else self._at_least(holding, rule.at_least)

    def _holds(self, code: str, condition: RiskCondition) -> Number:
        if condition.derived is not None:
            return int(places_sufficiency(self.questionnaire, self.rows[code]) in condition.options)
        question, codes = option_codes(self.questionnaire, condition)
        return self._of(code, question, codes)

    def _at_least(self, parts: list[Number], number: int) -> cp_model.IntVar:
        """Whether at least so many of the parts, each 0 or 1, are 1."""
        enough = self.model.new_bool_var("")
        total = sum(parts)
        self.model.add(total >= number * enough)
        self.model.add(total <= number - 1 + (len(parts) - number + 1) * enough)
        if number == 1:
            for part in parts:
                self.model.add(enough >= part)
        return enough

    def _count_risks(self, signals: dict[str, dict[str, Number]]) -> None:
        """As many municipalities with a possible risk in one domain, the other, both or none as the figures say."""
        domain = {d: [r.id for r in self.rules if r.domain == d] for d in _DOMAINS}
        found = {d: [self._at_least([s[r] for r in domain[d]], 1) for s in signals.values()] for d in _DOMAINS}
        lea, vve = (sum(found[d]) for d in _DOMAINS)
        either = sum(self._at_least(list(pair), 1) for pair in zip(*found.values(), strict=True))
        numbers: dict[str, Number] = {
            "lea": lea,
            "vve": vve,
            "any": either,
            "none": len(signals) - either,
            "lea_only": either - vve,
            "vve_only": either - lea,
            "both": lea + vve - either,
        }
        for c in self.constraints:
            if c.kind == "risk_count":
                self._equal(c, [numbers[c.risk or ""]])

    def _count_selected(self, signals: dict[str, dict[str, Number]]) -> None:
        """As many municipalities selected, by domain and in all, as the figures say."""
        criteria = [c for c in self.supervision.criteria if c.holds_in(self.questionnaire.survey_year)]
        silent = len(self.supervision.registered[self.questionnaire.survey_year] - set(self.rows))
        found: dict[str, list[Number]] = {domain: [] for domain in _DOMAINS}
        for signal in signals.values():
            by_itself = {d: self._meets_one(signal, [c for c in criteria if c.beside is None], d) for d in _DOMAINS}
            for d in _DOMAINS:
                beside = [
                    self._at_least([self._meets(signal, c), by_itself[c.beside]], 2)
                    for c in criteria
                    if c.domain == d and c.beside is not None
                ]
                found[d].append(self._at_least([by_itself[d], *beside], 1))
        numbers: dict[str, Number] = {d: sum(found[d]) for d in _DOMAINS}
        numbers["any"] = sum(self._at_least(list(pair), 1) for pair in zip(*found.values(), strict=True)) + silent
        for c in self.constraints:
            if c.kind == "selected_count" and c.selected in numbers:
                self._equal(c, [numbers[c.selected]])

    def _meets_one(self, signal: dict[str, Number], criteria: list[SelectionCriterion], domain: str) -> Number:
        own = [c for c in criteria if c.domain == domain and not c.without_questionnaire]
        return self._at_least([self._meets(signal, c) for c in own], 1) if own else 0

    def _meets(self, signal: dict[str, Number], criterion: SelectionCriterion) -> Number:
        # Rules of one subject are answers to one question and exclude each other: to count subjects is to count rules.
        behind = [signal[r] for r in rules_behind(criterion, self.supervision.rules)]
        return self._at_least(behind, criterion.at_least or 1)
