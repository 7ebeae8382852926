"""The questionnaire as Dutch text: what a survey bureau puts into its survey tool.

Belongs here: its wording and its layout. Does not belong here: what a question is (``assets/questionnaires``).
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from assets.editions.content.mark import mark_of
from assets.editions.handouts.variables import Labels, called
from assets.editions.handouts.wording import asked_of, missing_codes, possible_counts
from assets.questionnaires.model import Question, Questionnaire

_WIDTH, _INDENT = 100, " " * 4


def questionnaire_text(questionnaire: Questionnaire, labels: Labels) -> str:
    """The text in Dutch, lines of at most 100 characters: per question who is asked, the options, and the columns of
    the delivery."""
    lines = list(_headed(questionnaire.title.nl, "="))
    lines += [f"Uitvraag {questionnaire.survey_year}, over {questionnaire.reference_year}."]
    if mark := mark_of(questionnaire.origin):
        lines += [mark.nl]
    section = None
    for question in questionnaire.questions:
        if question.section != section:
            section = question.section
            lines += ["", *_headed(called(labels, "section", section).nl, "-")]
        lines += ["", *_question(questionnaire, question, labels)]
    return "\n".join(lines) + "\n"


def _headed(title: str, line: str) -> Iterator[str]:
    yield title
    yield line * len(title)


def _question(questionnaire: Questionnaire, question: Question, labels: Labels) -> Iterator[str]:
    yield from wrap(f"{question.id}. {question.wording.nl}", _WIDTH, break_on_hyphens=False)
    how = called(labels, "answer_type", question.answer_type).nl
    counts = possible_counts(question)
    facts = [
        f"Gevraagd aan: {asked_of(questionnaire, question).nl}",
        f"Antwoord: {how}{f', {counts.nl}' if counts else ''}",
    ]
    for option in question.options:
        facts.append(f"  [{option.code}] {option.label.nl}{' (sluit de andere uit)' if option.exclusive else ''}")
    if missing := missing_codes(questionnaire, question, labels):
        facts.append("In plaats van een antwoord: " + "; ".join(f"{code} = {meaning.nl}" for code, meaning in missing))
    columns = (question.columns or "").replace("{code}", "…")
    facts.append(f"Kolom: {question.column}" if question.column else f"Kolom per antwoord, met zijn code: {columns}")
    for fact in facts:
        yield from wrap(fact, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + "  ", break_on_hyphens=False)
