"""The variables of a survey year: a name for each delivered column, and what its values mean.

The SPSS file, the DDI file and the codebook call a variable by the same name and give its values the same numbers.

Belongs here: names and numbers. Does not belong here: words (``wording.py``), files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assets.base.models import TextPair
from assets.base.texts import Text
from assets.questionnaires.model import Option, Question, Questionnaire

Labels = Mapping[str, Mapping[str, Text]]
"""Vocabulary → code → what it is called, of ``data/labels.yaml``."""

MUNICIPALITY_CODE, MUNICIPALITY_NAME = "municipality_code", "municipality_name"
MISSING_VALUES = {"no_answer": -9, "not_available": -8, "not_collected": -7, "not_asked": -6, "invalid": -5}
"""What a number is where there is no answer: the same in every survey year, whatever its export wrote."""
_BOX = {"1": TextPair(nl="gekozen", en="chosen"), "0": TextPair(nl="niet gekozen", en="not chosen")}


@dataclass(frozen=True, slots=True)
class Variable:
    """A delivered column under a name that statistical packages take. ``option``: of a box of a multiple choice."""

    name: str
    column: str
    question: Question
    option: Option | None = None

    @property
    def values(self) -> dict[str, tuple[int, TextPair]]:
        """Code of an answer → its number and label; empty for a count and a text.

        A code that is a whole number is that number. Where one of a question's codes is none, or two are the same
        number (1 and 01), the number is the option's place.
        """
        if self.option is not None:
            return {code: (int(code), label) for code, label in _BOX.items()}
        options = self.question.options
        numbers = [int(option.code) for option in options if re.fullmatch(r"\d{1,9}", option.code)]
        if len(set(numbers)) < len(options):
            numbers = list(range(1, len(options) + 1))
        return {option.code: (number, option.label) for option, number in zip(options, numbers, strict=True)}

    @property
    def label(self) -> Text:
        """The question, of a box followed by its option."""
        wording = self.question.wording
        if self.option is None:
            return Text(wording.nl, wording.en)
        return Text(f"{wording.nl} [{self.option.label.nl}]", f"{wording.en} [{self.option.label.en}]")


def variables_of(questionnaire: Questionnaire) -> list[Variable]:
    """The variables in the order of the questionnaire: the question's id, of a box with the option's code behind it."""
    found: list[Variable] = []
    taken = {MUNICIPALITY_CODE, MUNICIPALITY_NAME, *(question.id.lower() for question in questionnaire.questions)}
    for question in questionnaire.questions:
        if question.columns is None:
            found.append(Variable(question.id, question.column or "", question))
            continue
        for (column, code), option in zip(question.cells, question.options, strict=True):
            name = re.sub(r"\W", "_", f"{question.id}_{code}", flags=re.ASCII)
            while name.lower() in taken:
                name += "_"
            taken.add(name.lower())
            found.append(Variable(name, column, question, option))
    return found


def called(labels: Labels, vocabulary: str, code: str) -> Text:
    """What a code is called; the code itself where ``data/labels.yaml`` does not have it yet."""
    return labels.get(vocabulary, {}).get(code, Text(code, code))
