"""Rough answers: half of what is there, redrawn within routing, and the cells in which a municipality writes them.

Belongs here: what one municipality answers and how its cells look. Does not belong here: who answers and in which
delivery (``folder.py``), files (``synthetic/files_out.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from assets.questionnaires.model import Question, Questionnaire
from synthetic.files_out import Cell
from synthetic.responses import Missing, Response, Row, is_asked
from synthetic.rough.traits import HALVES

# All of it can be in an open answer. A survey tool, a spreadsheet or a person put it there.
TEXTS = (
    "- geen overleg gevoerd",
    "-",
    "speciaal onderwijs; mbo; logopedie",
    'De wethouder noemt dit "maatwerk"',
    "Eén regel\nen nog een regel",
    "100%",
    "0",
    "2,5 keer per jaar, soms < 2",
    "Súdwest-Fryslân, ’s-Gravenhage & coördinatie – zie bijlage",
    "a|b\tc",
    "zie toelichting " * 20,
)


@dataclass(frozen=True)
class Habits:
    """What all answers of a survey year have in common.

    ``lost``: questions whose answers the instrument lost. ``blank``: questions that nobody answers. ``planned``:
    question → municipality → its answer; who is not named answers something else, so that exactly so many give that
    answer. ``slips``: the share of questions with a value outside their domain.
    """

    lost: Collection[str] = ()
    blank: Collection[str] = ()
    planned: Mapping[str, Mapping[str, Response]] = field(default_factory=dict)
    slips: float = 0


def plan_halves(questionnaire: Questionnaire, codes: Sequence[str], chance: Random) -> dict[str, dict[str, Response]]:
    """Lets exactly 8, 16, 40 or 200 municipalities give an answer on which other questions are routed."""
    plans: dict[str, dict[str, Response]] = {}
    bases = [base for base in HALVES if base <= 0.8 * len(codes)]
    for question in questionnaire.questions:
        routings = [q.routing for q in questionnaire.questions if q.routing and q.routing.question == question.id]
        decisive = sorted({code for routing in routings for code in routing.is_ or ()})
        is_planned = question.routing is None and question.answer_type == "single" and chance.random() < 0.5
        if is_planned and decisive and bases:
            chosen = chance.sample(sorted(codes), chance.choice(bases))
            plans[question.id] = dict.fromkeys(chosen, chance.choice(decisive))
    return plans


def draw_row(questionnaire: Questionnaire, base: Row, code: str, habits: Habits, chance: Random) -> Row:
    """One municipality's answers: of what it answers in ``base`` about half stays, everything else is drawn, within
    routing.

    It answers something: a row without an answer is no response (``silent_cells``).
    """
    while True:
        row = _draw_row(questionnaire, base, code, habits, chance)
        if any(not isinstance(answer, Missing) and answer != () for answer in row.values()):
            return row


def _draw_row(questionnaire: Questionnaire, base: Row, code: str, habits: Habits, chance: Random) -> Row:
    row: Row = {}
    blank_often = chance.choice((0.0, 0.05, 0.3))
    for question in questionnaire.questions:
        if question.id in habits.lost:
            row[question.id] = Missing.NOT_COLLECTED
        elif is_asked(question.routing, row):
            row[question.id] = _draw(questionnaire, question, base.get(question.id), code, habits, blank_often, chance)
    return row


def _draw(
    questionnaire: Questionnaire,
    question: Question,
    base: Response | None,
    code: str,
    habits: Habits,
    blank_often: float,
    chance: Random,
) -> Response:
    if question.id in habits.blank:
        return Missing.NO_ANSWER
    plan = habits.planned.get(question.id, {})
    if code in plan:
        return plan[code]
    if chance.random() < blank_often:
        return chance.choice(_missing(questionnaire))
    answer = base if base is not None and chance.random() < 0.5 else _answer(question, chance)
    return Missing.NO_ANSWER if answer in plan.values() else answer


def _missing(questionnaire: Questionnaire) -> list[Missing]:
    """What may be in the place of an answer; mostly a blank."""
    codes = questionnaire.missing
    others = [m for m in (Missing.NOT_AVAILABLE, Missing.NOT_COLLECTED) if getattr(codes, m.value)]
    return [Missing.NO_ANSWER, Missing.NO_ANSWER, *others]


def _answer(question: Question, chance: Random) -> Response:
    if question.range is not None:
        low, high = question.range.min, question.range.max
        drawn = chance.choice((0, 0, 1, 2, 3, 8, 40, 200, chance.randint(0, 60), chance.randint(0, 3000), high))
        return min(max(drawn, low), high)
    if question.answer_type == "single":
        return chance.choice(question.option_codes)
    if question.answer_type == "text":
        return chance.choice(TEXTS)
    alone = [option.code for option in question.options if option.exclusive]
    if alone and chance.random() < 0.15:
        return (chance.choice(alone),)
    likely = chance.choice((0.0, 0.2, 0.5, 1.0))
    return tuple(o.code for o in question.options if not o.exclusive and chance.random() < likely)


def rough_cells(questionnaire: Questionnaire, row: Row, habits: Habits, chance: Random) -> list[Cell]:
    """The cells of a row after its code and name. How a blank, a box that is not chosen and a question that was not
    asked look is a habit of the municipality."""
    says_missing = chance.random() < 0.5
    leaves_boxes_empty = chance.random() < 0.2
    zeros_where_not_asked = chance.random() < 0.2
    cells: list[Cell] = []
    for question in questionnaire.questions:
        given = row.get(question.id)
        width = len(question.cells)
        if given is None:
            is_zeros = zeros_where_not_asked and question.answer_type == "multiple"
            code = None if question.answer_type == "text" else _code(questionnaire.missing.not_asked, chance)
            cells += [0 if is_zeros else code] * width
        elif isinstance(given, Missing):
            says = says_missing or given is not Missing.NO_ANSWER
            codes = getattr(questionnaire.missing, given.value) if says else ()
            cells += [_code(codes, chance)] * width
        elif isinstance(given, tuple):
            not_chosen = None if leaves_boxes_empty and given else 0
            cells += [1 if option in given else not_chosen for _, option in question.cells]
        else:
            cells.append(int(given) if question.answer_type == "single" else given)
        if habits.slips and question.answer_type != "text" and chance.random() < habits.slips:
            cells[-1] = out_of_range(question)
    return cells


def out_of_range(question: Question) -> int:
    """A number that cannot be an answer to a question with options or with a range."""
    if question.range is not None:
        return question.range.max + 1
    return 1 + max(9, *(int(code) for code in question.option_codes))


def silent_cells(questionnaire: Questionnaire, chance: Random) -> list[Cell]:
    """The cells of a municipality that opened the questionnaire and answered nothing: blanks, or the code for no
    answer."""
    code = chance.choice((None, _code(questionnaire.missing.no_answer, chance)))
    return [code for question in questionnaire.questions for _ in question.cells]


def no_count(questionnaire: Questionnaire, concepts: Collection[str]) -> frozenset[str]:
    """The questions that ask for one of the concepts."""
    return frozenset(question.id for question in questionnaire.questions if question.concept in concepts)


def some_blank(questionnaire: Questionnaire, chance: Random) -> frozenset[str]:
    """A few questions that nobody answers, in a year that asks many."""
    number = len(questionnaire.questions) // 25
    return frozenset(chance.sample([question.id for question in questionnaire.questions], number))


def _code(codes: Sequence[str], chance: Random) -> Cell:
    if not codes:
        return None
    code = chance.choice(list(codes))
    return int(code) if code.lstrip("-").isdigit() else code
