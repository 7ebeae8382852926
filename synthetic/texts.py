"""Writes the open answers, short and in Dutch, from ``texts.yaml``; some not quite as they are there, as people do.

Does not belong here: anything that is counted, the codes that coders give them (``coding.py``).
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from assets.questionnaires.model import Questionnaire
from synthetic.chance import pick, uniform
from synthetic.municipalities import Municipality
from synthetic.responses import Missing, Responses, is_asked

TEXTS_FILE = Path(__file__).parent / "texts.yaml"


def write_texts(
    questionnaire: Questionnaire, responses: Responses, municipalities: dict[str, Municipality], file: Path = TEXTS_FILE
) -> None:
    """Adds an answer, or none, to every open question that was asked. Raises LookupError for a question without
    texts."""
    lines = yaml.safe_load(file.read_text(encoding="utf-8"))
    for question in questionnaire.questions:
        if question.answer_type != "text":
            continue
        line = next((line for line in lines if fnmatchcase(question.id, line["question"])), None)
        if line is None:
            raise LookupError(f"{question.id} has no line in {file.name}")
        for code, row in responses.items():
            if question.id not in row and is_asked(question.routing, row):
                key = (questionnaire.survey_year, question.id, code)
                if uniform("has text", *key) < line["share"]:
                    text = pick(line["texts"], "text", *key).replace("{name}", municipalities[code].name)
                    row[question.id] = _as_typed(text, key)
                else:
                    row[question.id] = Missing.NO_ANSWER


def _as_typed(text: str, key: tuple[object, ...]) -> str:
    """Two in three as they are; the others begin small, end with a full stop, lack a letter or say where more is."""
    chance = uniform("as typed", *key)
    if chance < 0.66:
        return text
    if chance < 0.76:
        return text[:1].lower() + text[1:]
    if chance < 0.86:
        return f"{text}."
    if chance < 0.95:
        longest = max(text.split(), key=len)
        return text.replace(longest, longest[:3] + longest[4:], 1)
    return f"{text} (zie bijlage)"
