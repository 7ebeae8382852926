"""Chooses options: for each block of questions that share figures, the likeliest answers that meet all of them.

A block is one CP-SAT model. Its variables are "municipality chose option"; routing is known, because the questions that
a block is routed on are solved before it, so every base is a fixed set and every figure a linear constraint. The
objective adds up how likely each answer is (``tendencies.py``): figures decide how many, tendencies decide who.

Belongs here: choices. Does not belong here: counts (``counts.py``), open texts (``texts.py``), files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from ortools.sat.python import cp_model

from assets.questionnaires.model import Question, Questionnaire
from synthetic.constraint import CHOICE_KINDS, Constraint, Item
from synthetic.figures import Survey, base, half_up, percent, population
from synthetic.responses import Missing, is_asked

# municipality code → weight of choosing this option, in hundredths of a logit
Weight = Callable[[str, Question, str], int]
_SOLVER_SEED = 2023


class NoSuchAnswers(ValueError):
    """The figures of one block contradict each other, or its routing."""


@dataclass
class Given:
    """What is settled before choices are made.

    ``options``: (code, question) → the option that it must be. ``number_chosen``: (code, question) → how many options.
    ``unanswered``: (code, question) that stay without an answer.
    """

    options: dict[tuple[str, str], str] = field(default_factory=dict)
    number_chosen: dict[tuple[str, str], int] = field(default_factory=dict)
    unanswered: set[tuple[str, str]] = field(default_factory=set)


def choose(
    survey: Survey,
    survey_year: int,
    constraints: Iterable[Constraint],
    given: Given,
    weight: Weight,
    only: set[str] | None = None,
) -> None:
    """Fills the rows of one year with the answers to all (or ``only`` some) single and multiple choice questions.

    Questions that a row already holds are left alone. Raises NoSuchAnswers naming the block that cannot be solved.
    """
    questionnaire = survey.questionnaires[survey_year]
    relevant = [c for c in constraints if c.survey_year == survey_year and c.kind in CHOICE_KINDS]
    done = {q for row in survey.responses[survey_year].values() for q in row}
    open_questions = [
        q.id
        for q in questionnaire.questions
        if q.answer_type in ("single", "multiple") and q.id not in done and (only is None or q.id in only)
    ]
    for block in _in_order(_blocks(open_questions, relevant), questionnaire, relevant):
        _Block(survey, questionnaire, [questionnaire.question(q) for q in block], given, weight, relevant).solve()


def _blocks(questions: list[str], constraints: list[Constraint]) -> list[list[str]]:
    """The questions, grouped so that no constraint counts answers of two groups."""
    leader = {q: q for q in questions}

    def find(question: str) -> str:
        while leader[question] != question:
            question = leader[question]
        return question

    for constraint in constraints:
        counted = [q for q in constraint.questions if q in leader]
        for other in counted[1:]:
            leader[find(other)] = find(counted[0])
    groups: dict[str, list[str]] = {}
    for question in questions:
        groups.setdefault(find(question), []).append(question)
    return list(groups.values())


def _in_order(blocks: list[list[str]], questionnaire: Questionnaire, constraints: list[Constraint]) -> list[list[str]]:
    """Blocks after those that their routing or the populations of their figures rest on."""
    needs = []
    for block in blocks:
        resting_on: set[str] = set()
        for question in block:
            if (routing := questionnaire.question(question).routing) is not None:
                resting_on |= set(routing.questions())
        for constraint in constraints:
            if set(constraint.questions) & set(block) and constraint.among is not None:
                resting_on |= set(constraint.among.questions())
        needs.append(resting_on - set(block))
    ordered: list[list[str]] = []
    waiting = list(range(len(blocks)))
    while waiting:
        unsolved = {q for i in waiting for q in blocks[i]}
        ready = [i for i in waiting if not needs[i] & unsolved]
        if not ready:
            raise NoSuchAnswers(f"figures and routing go round in a circle: {[blocks[i] for i in waiting]}")
        ordered += [blocks[i] for i in ready]
        waiting = [i for i in waiting if i not in ready]
    return ordered


class _Block:
    """One block's model."""

    def __init__(
        self,
        survey: Survey,
        questionnaire: Questionnaire,
        questions: list[Question],
        given: Given,
        weight: Weight,
        constraints: list[Constraint],
    ) -> None:
        self.survey, self.questionnaire, self.questions = survey, questionnaire, questions
        self.given, self.weight, self.constraints = given, weight, constraints
        self.rows = survey.responses[questionnaire.survey_year]
        self.model = cp_model.CpModel()
        self.chosen: dict[tuple[str, str, str], cp_model.IntVar] = {}
        self.one_hot: dict[tuple[tuple[Item, ...], str], list[cp_model.IntVar]] = {}

    def solve(self) -> None:
        asked = {q.id for q in self.questions}
        constraints = [c for c in self.constraints if set(c.questions) & asked]
        for question in self.questions:
            self._ask(question, any(c.kind == "missing_count" and question.id in c.questions for c in constraints))
        for constraint in constraints:
            _ADD[constraint.kind](self, constraint)
        self.model.maximize(
            sum(self.weight(code, self._question(q), option) * x for (code, q, option), x in self.chosen.items())
        )
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = _SOLVER_SEED
        # All is counting: the linear relaxation is nearly whole, and without it even a single sum may not be found.
        solver.parameters.linearization_level = 2
        # Good enough: a few hundredths of a logit for each respondent and question below the best.
        solver.parameters.absolute_gap_limit = 10.0 * len(self.rows) * len(self.questions)
        solver.parameters.max_deterministic_time = 12.0
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise NoSuchAnswers(
                f"no answers to {', '.join(q.id for q in self.questions)} meet {', '.join(c.id for c in constraints)}"
            )
        for question in self.questions:
            for code, row in self.rows.items():
                if (code, question.id, question.option_codes[0]) in self.chosen:
                    options = tuple(o for o in question.option_codes if solver.value(self.chosen[code, question.id, o]))
                    if question.answer_type == "multiple" and options:
                        row[question.id] = options
                    elif options:
                        row[question.id] = options[0]

    def _question(self, question_id: str) -> Question:
        return next(q for q in self.questions if q.id == question_id)

    def _ask(self, question: Question, may_be_missing: bool) -> None:
        """Makes the variables of one question, for those who are asked it."""
        for code, row in self.rows.items():
            if not is_asked(question.routing, row):
                continue
            row[question.id] = Missing.NO_ANSWER
            if (code, question.id) in self.given.unanswered:
                continue
            variables = {o: self.model.new_bool_var(f"{code} {question.id} {o}") for o in question.option_codes}
            self.chosen.update({(code, question.id, o): x for o, x in variables.items()})
            number = self.given.number_chosen.get((code, question.id))
            if question.answer_type == "single":
                if may_be_missing:
                    self.model.add_at_most_one(variables.values())
                else:
                    self.model.add_exactly_one(variables.values())
            elif number is not None:
                self.model.add(sum(variables.values()) == number)
            else:
                self.model.add_bool_or(variables.values())
            for option in question.options:
                if option.exclusive:
                    for other, x in variables.items():
                        if other != option.code:
                            self.model.add_implication(variables[option.code], ~x)
            if (fixed := self.given.options.get((code, question.id))) is not None:
                self.model.add(variables[fixed] == 1)

    def variables_of(self, items: tuple[Item, ...], code: str) -> list[cp_model.IntVar]:
        """The variables of all options of the items, for as far as this municipality is asked the questions."""
        keys = [(code, item.question, option) for item in items for option in item.options]
        return [self.chosen[key] for key in keys if key in self.chosen]

    def items_in(self, items: tuple[Item, ...], codes: Iterable[str]) -> cp_model.LinearExpr:
        """How many of the items these municipalities choose."""
        return _total(x for code in codes for x in self.variables_of(items, code))

    def hot(self, items: tuple[Item, ...], code: str) -> list[cp_model.IntVar]:
        """For k = 0, 1, 2, …: whether exactly k of the items are chosen."""
        if (items, code) not in self.one_hot:
            hot = [self.model.new_bool_var(f"{code} {k} of {items[0].question}…") for k in range(len(items) + 1)]
            self.model.add_exactly_one(hot)
            self.model.add(_total(k * z for k, z in enumerate(hot)) == self.items_in(items, [code]))
            self.one_hot[items, code] = hot
        return self.one_hot[items, code]

    def none_of(self, items: tuple[Item, ...], code: str) -> cp_model.IntVar:
        """Whether none of the items is chosen."""
        if (items, code) in self.one_hot:
            return self.one_hot[items, code][0]
        chosen = self.variables_of(items, code)
        none = self.model.new_bool_var(f"{code} none of {items[0].question}…")
        for x in chosen:
            self.model.add_implication(none, ~x)
        self.model.add_bool_or([none, *chosen])
        return none

    def within(self, c: Constraint, number: cp_model.LinearExpr, whole: int) -> None:
        """The number, as a percentage of the whole, prints as the constraint says."""
        whole_group = c.kind == "option_percent" and c.population == "all" and not c.category and c.among is None
        fitting = [
            k
            for k in range(whole + 1)
            if _fits(c, percent(k, whole))
            and (not whole_group or all(self.can_be_base(i.question, i.options, k) for i in c.chosen_items))
        ]
        if not fitting:
            raise NoSuchAnswers(
                f"{c.id}: no whole number of {whole} is {c.value}%, also for the questions that follow from it"
            )
        self.model.add_linear_expression_in_domain(number, cp_model.Domain.from_values(fitting))

    def can_be_base(self, question: str, options: tuple[str, ...], whole: int) -> bool:
        """Whether the percentages of the questions put to just those that chose the options can all come out of so
        many."""
        return all(
            any(
                _fits(c, percent(k, whole - self.unanswered(c)))
                and all(self.can_be_base(i.question, i.options, k) for i in c.chosen_items)
                for k in range(whole - self.unanswered(c) + 1)
            )
            for c in self.constraints
            if c.kind == "option_percent" and c.base != "all" and c.among is None and not c.category
            for routing in [self.questionnaire.question(c.questions[0]).routing]
            if routing is not None and routing.question == question and routing.is_ == options
        )

    def counted(self, c: Constraint) -> tuple[cp_model.LinearExpr, int]:
        """How many of the base choose the constraint's options, and the base's size."""
        rows = base(c.model_copy(update={"base": "asked"}) if c.base == "answered" else c, self.survey)
        return self.items_in(c.chosen_items, rows), len(rows) - self.unanswered(c)

    def unanswered(self, c: Constraint) -> int:
        """How many of a base of those who answered will not have: what the constraints ask for."""
        if c.base != "answered":
            return 0
        return sum(
            int(m.value or 0) for m in self.constraints if m.kind == "missing_count" and m.question in c.questions
        )


def _total(terms: Iterable[cp_model.LinearExprT]) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.sum(list(terms))


def _fits(c: Constraint, exact: Fraction) -> bool:
    if c.value is not None:
        return half_up(exact, c.decimals) == Fraction(str(c.value))
    return (c.min is None or exact >= Fraction(str(c.min))) and (c.max is None or exact <= Fraction(str(c.max)))


def _add_option_count(block: _Block, c: Constraint) -> None:
    number, whole = block.counted(c)
    if c.value is not None:
        block.model.add(number == int(c.value))
    else:
        block.model.add_linear_constraint(number, int(c.min or 0), int(c.max if c.max is not None else whole))


def _add_option_percent(block: _Block, c: Constraint) -> None:
    block.within(c, *block.counted(c))


def _add_option_order(block: _Block, c: Constraint) -> None:
    rows = base(c, block.survey)
    numbers = [block.items_in((item,), rows) for item in c.chosen_items]
    for more, fewer in pairwise(numbers):
        block.model.add(more >= fewer)


def _add_missing_count(block: _Block, c: Constraint) -> None:
    assert c.question is not None
    assert c.value is not None
    rows = population(c, block.survey)
    question = block._question(c.question)
    item = Item(question=question.id, options=tuple(question.option_codes))
    answered = block.items_in((item,), rows)
    block.model.add(answered == sum(question.id in row for row in rows.values()) - int(c.value))


def _add_number_percent(block: _Block, c: Constraint) -> None:
    rows = base(c, block.survey)
    if c.number == (0,):
        number = _total(block.none_of(c.items, code) for code in rows)
    else:
        number = _total(block.hot(c.items, code)[k] for code in rows for k in c.number)
    block.within(c, number, len(rows))


def _add_number_mean(block: _Block, c: Constraint) -> None:
    number, whole = block.counted(c)
    fitting = [k for k in range(whole * len(c.items) + 1) if _fits(c, Fraction(k, whole))]
    block.model.add_linear_constraint(number, fitting[0], fitting[-1])


def _add_number_range(block: _Block, c: Constraint) -> None:
    rows = base(c, block.survey)
    low, high = int(c.min or 0), int(c.max if c.max is not None else len(c.items))
    for code in rows:
        block.model.add_linear_constraint(block.items_in(c.items, [code]), low, high)
    if c.spread:
        for extreme in (low, high):
            block.model.add_bool_or([block.hot(c.items, code)[extreme] for code in rows])


def _add_direction(block: _Block, c: Constraint) -> None:
    rows = base(c, block.survey)
    classes = block.survey.categories[c.by or ""]
    groups = [[code for code in rows if classes.get(code) == category] for category in c.order]
    sums = [block.items_in(c.chosen_items, group) for group in groups]
    for (lower, a), (higher, b) in pairwise(zip(groups, sums, strict=True)):
        block.model.add(b * len(lower) >= a * len(higher))
    scale = len(groups[0]) * len(groups[-1])
    block.model.add(sums[-1] * len(groups[0]) - sums[0] * len(groups[-1]) >= int(c.difference * scale) + 1)


_ADD: dict[str, Callable[[_Block, Constraint], None]] = {
    "option_count": _add_option_count,
    "option_percent": _add_option_percent,
    "option_order": _add_option_order,
    "missing_count": _add_missing_count,
    "number_percent": _add_number_percent,
    "number_mean": _add_number_mean,
    "number_range": _add_number_range,
    "direction": _add_direction,
}
