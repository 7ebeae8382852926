"""Invents what two coders made of the open answers: mostly the same code, here and there another, or none yet.

A coder takes what is suggested for an answer by the examples of its frame. Belongs here: the files of ``data/coding``.
Does not belong here: the answers (``texts.py``), the frames (``data/coding/frames``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assets.coding.coded import SETTLED, CodedAnswer, write_coded
from assets.coding.frames import Frame, load_frames
from assets.coding.suggestions import by_words, suggest
from assets.questionnaires.model import Questionnaire
from synthetic.chance import pick, uniform
from synthetic.responses import Missing, Responses

CODERS = ("coder_1", "coder_2")
NOT_CODED_YET, ANOTHER_CODE, NOT_SETTLED_YET = 0.06, 0.05, 0.3
LEFT = "explanation"
"""The frame whose answers of the last year nobody has coded yet."""


def write_codes(
    questionnaires: Mapping[int, Questionnaire], responses: Mapping[int, Responses], data_dir: Path, out: Path
) -> list[Path]:
    """Writes the files of every year with open answers that have a frame; frames are read from ``data_dir``."""
    asked = {q.concept for one in questionnaires.values() for q in one.questions if q.answer_type == "text"}
    frames = load_frames(data_dir / "coding", asked)
    written = []
    for year, questionnaire in questionnaires.items():
        files: dict[str, list[CodedAnswer]] = {coder: [] for coder in (*CODERS, SETTLED)}
        for question in questionnaire.questions:
            frame = frames.get(question.concept)
            if frame is not None and frame.id != LEFT:
                for code, row in responses[year].items():
                    text = row.get(question.id, Missing.NO_ANSWER)
                    if not isinstance(text, Missing):
                        for coder, given in _codes(frame, str(text), (year, question.id, code)).items():
                            files[coder].append(_coded(code, question.id, str(text), given))
        for coder, answers in files.items():
            if answers:
                written.append(out / "coding" / str(year) / f"{coder}.csv")
                write_coded(written[-1], answers)
    return written


def _codes(frame: Frame, text: str, key: tuple[object, ...]) -> dict[str, str]:
    """What each coder gave; where they differ, sometimes what they settled."""
    examples = by_words((example, code.id) for code in frame.codes.values() for example in code.examples)
    found = suggest(text, examples)
    right = found.code if found else list(frame.codes)[-1]
    given = {}
    for coder in CODERS:
        chance = uniform("coding", coder, *key)
        if chance >= NOT_CODED_YET:
            is_right = chance >= NOT_CODED_YET + ANOTHER_CODE
            given[coder] = right if is_right else pick(list(frame.codes), "another code", coder, *key)
    if len({*given.values()}) > 1 and uniform("settled", *key) >= NOT_SETTLED_YET:
        given[SETTLED] = right
    return given


def _coded(municipality: str, question: str, text: str, code: str) -> CodedAnswer:
    return CodedAnswer(municipality_code=municipality, question_id=question, text=text, code=code, origin="synthetic")
