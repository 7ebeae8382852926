"""How often every option was chosen, of whom, and who answered: definitions.md 1, 2 and 7."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from tests.second_opinion.answers import ANSWERED, INVALID, NO_ANSWER, NOT_AVAILABLE, NOT_COLLECTED, UNUSABLE, Reply
from tests.second_opinion.populations import REGISTERED, Rows, World, shown_categories
from tests.second_opinion.reading import Question
from tests.second_opinion.rounding import half_up


def answers(world: World) -> Rows:
    for year, all_replies in world.replies.items():
        for code, replies in all_replies.items():
            for reply in replies.values():
                for option in reply.question.options or (None,):
                    own = option.code if option else None
                    status = reply.status(own) if own else reply.cells[None][0]
                    yield (
                        (year, code, reply.question.id, own),
                        {
                            "is_asked": reply.asked is True,
                            "status": status,
                            "question_status": reply.overall(),
                            "is_selected": reply.chose(own) if own and status == ANSWERED else None,
                            "number": reply.number if reply.question.type == "count" else None,
                        },
                    )


def _options(question: Question) -> list[str | None]:
    return [option.code for option in question.options] or [None]


def frequencies(world: World) -> Rows:
    """definitions.md 2, for every question and option."""
    for year in world.years:
        for population, codes in world.populations(year).items():
            for breakdown in world.breakdowns(population):
                if breakdown == "definition_breadth":
                    continue
                classes = {code: world.category(year, code, breakdown) for code in codes}
                registered = {world.category(year, code, breakdown) for code in world.registered(year)}
                present = registered if breakdown == "province" else set(classes.values())
                for category in shown_categories(world, breakdown, present):
                    own = [world.replies[year][code] for code in codes if classes[code] == category]
                    for question in world.years[year].questions:
                        for option in _options(question):
                            key = (year, population, breakdown, category, question.id, option)
                            yield key, _frequency([replies[question.id] for replies in own], question, option)


def _frequency(replies: list[Reply], question: Question, option: str | None) -> dict[str, Any]:
    tally = Counter(
        reply.cells[option if question.type == "multiple" else None][0] for reply in replies if reply.asked is True
    )
    lost, base = tally[NOT_COLLECTED], sum(tally.values()) - tally[NOT_COLLECTED]
    answered = [reply for reply in replies if reply.asked is True and (option is None or reply.chose(option))]
    count = tally[ANSWERED] if option is None else len(answered)
    share = Fraction(count, base) if base and option is not None else None
    return {
        "option_key": question.keys()[option] if option else None,
        "concept": question.concept,
        "item": question.item,
        "answer_type": question.type,
        "count": count,
        "base": base,
        "unknown": sum(tally[status] for status in UNUSABLE),
        "share": share,
        "percent_0": None if share is None else half_up(share * 100),
        "percent_1": None if share is None else Fraction(half_up(share * 1000), 10),
        "answered": tally[ANSWERED],
        "not_asked": len(replies) - base - lost,
        "no_answer": tally[NO_ANSWER],
        "not_available": tally[NOT_AVAILABLE],
        "not_collected": lost,
        "invalid": tally[INVALID],
        "respondents": len(replies),
    }


def response(world: World) -> Rows:
    for year in world.years:
        registered = world.registered(year)
        for breakdown in world.breakdowns(REGISTERED):
            classes = {code: world.category(year, code, breakdown) for code in registered}
            for category in shown_categories(world, breakdown, set(classes.values())):
                codes = [code for code, own in classes.items() if own == category]
                sent = [world.replies[year][code] for code in codes if code in world.replies[year]]
                for question in world.years[year].questions:
                    asked = [replies[question.id].overall() for replies in sent if replies[question.id].asked is True]
                    tally = Counter(asked)
                    base = len(asked) - tally[NOT_COLLECTED]
                    yield (
                        (year, question.id, breakdown, category),
                        {
                            "registered": len(codes),
                            "respondents": len(sent),
                            "asked": len(asked),
                            "base": base,
                            "response": Fraction(tally[ANSWERED], base) if base else None,
                        }
                        | {status: tally[status] for status in (ANSWERED, *UNUSABLE, NOT_COLLECTED)},
                    )
