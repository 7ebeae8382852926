"""A questionnaire in words, Dutch and English: who is asked, and how it can be answered.

Belongs here: sentences about a question. Does not belong here: where they are shown.
"""

from __future__ import annotations

from assets.base.texts import Text, counted
from assets.editions.handouts.variables import Labels, called
from assets.questionnaires.model import Question, Questionnaire, RoutingCondition

EVERYONE = Text("alle gemeenten", "all municipalities")
EVIDENCE = {
    "V": Text("de vraag is afgedrukt in een rapport", "the wording is printed in a report"),
    "P": Text("de vraag is omschreven in een rapport", "the wording is paraphrased by a report"),
    "A": Text("de vraag is door ons aangenomen", "the wording is our assumption"),
}


def asked_of(questionnaire: Questionnaire, question: Question) -> Text:
    """Who is asked a question."""
    if question.routing is None:
        return EVERYONE
    condition = _condition(questionnaire, question.routing)
    return Text(f"gemeenten waarvoor geldt: {condition.nl}", f"municipalities for which {condition.en}")


def _condition(questionnaire: Questionnaire, condition: RoutingCondition, within: bool = False) -> Text:
    """A condition as a clause; between brackets where it is one of several parts."""
    if condition.question is not None and condition.is_ is not None:
        labels = {option.code: option.label for option in questionnaire.question(condition.question).options}
        chosen = Text(
            " of ".join(f"‘{labels[code].nl}’" for code in condition.is_),
            " or ".join(f"‘{labels[code].en}’" for code in condition.is_),
        )
        return Text(f"{condition.question} is {chosen.nl}", f"{condition.question} is {chosen.en}")
    if condition.below is not None:
        return Text(
            f"{condition.question} is kleiner dan {condition.below}",
            f"{condition.question} is smaller than {condition.below}",
        )
    parts = [
        _condition(questionnaire, part, within=True) for part in (*(condition.all_ or ()), *(condition.any_ or ()))
    ]
    joined = Text(" en ", " and ") if condition.all_ else Text(" of ", " or ")
    whole = Text(joined.nl.join(part.nl for part in parts), joined.en.join(part.en for part in parts))
    return Text(f"({whole.nl})", f"({whole.en})") if within and len(parts) > 1 else whole


def compared(question: Question, labels: Labels) -> Text:
    """How it compares with the survey year before, with the reason where it changed."""
    status, reason = called(labels, "comparability", question.comparability.status), question.comparability.reason
    return Text(f"{status.nl}: {reason.nl}", f"{status.en}: {reason.en}") if reason else status


def possible_counts(question: Question) -> Text | None:
    """The range of a count; None for any other question."""
    if question.range is None:
        return None
    least, most = counted(question.range.min), counted(question.range.max)
    return Text(f"een heel getal van {least.nl} tot en met {most.nl}", f"a whole number from {least.en} to {most.en}")


def missing_codes(questionnaire: Questionnaire, question: Question, labels: Labels) -> list[tuple[str, Text]]:
    """What may be in a cell instead of an answer, as delivered, with what it means."""
    return [
        (code, called(labels, "answer_status", status))
        for holder in (questionnaire.missing, question.missing)
        for status, codes in holder
        for code in codes
    ]
