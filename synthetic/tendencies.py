"""How likely an answer is for a municipality of its kind, apart from any figure that it must meet.

Belongs here: reading ``tendencies.yaml`` and turning it into weights. Does not belong here: how many must answer what.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from assets.questionnaires.model import Question
from synthetic.chance import logistic, logit
from synthetic.municipalities import Municipality

TENDENCIES_FILE = Path(__file__).parent / "tendencies.yaml"


class Tendency(BaseModel):
    """Effects on the log odds of an option (of every option when ``option`` is silent).

    ``question`` is a pattern ("D21_*"); the first line that fits counts. ``share`` is the expected share where no figure
    decides. ``urban`` works from -1 (not urban) to 1 (very urban), ``disadvantage`` from -1 (low) to 1 (high), ``active`` on
    a standard normal trait of the municipality.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    survey_year: int
    question: str
    option: str | None = None
    share: float | None = None
    urban: float = 0.0
    disadvantage: float = 0.0
    active: float = 0.0


class Tendencies:
    """All tendencies, as one weight per municipality, question and option."""

    def __init__(self, lines: list[Tendency]) -> None:
        self._lines = lines
        self._found: dict[tuple[int, str, str], Tendency | None] = {}

    @classmethod
    def load(cls, file: Path = TENDENCIES_FILE) -> Tendencies:
        """The tendencies of the file, in order."""
        return cls([Tendency.model_validate(line) for line in yaml.safe_load(file.read_text(encoding="utf-8"))])

    def weight(self, survey_year: int, municipality: Municipality, question: Question, option: str) -> int:
        """The log odds of this answer with its own chance added, in hundredths."""
        tendency = self._for(survey_year, question, option)
        share = tendency.share if tendency and tendency.share else _usual_share(question)
        odds = logit(share) + logistic(survey_year, municipality.code, question.id, option)
        if tendency:
            odds += tendency.urban * municipality.urbanity + tendency.disadvantage * municipality.disadvantage
            odds += tendency.active * municipality.activity
        return round(100 * odds)

    def _for(self, survey_year: int, question: Question, option: str) -> Tendency | None:
        key = (survey_year, question.id, option)
        if key not in self._found:
            self._found[key] = next(
                (
                    line
                    for line in self._lines
                    if line.survey_year == survey_year
                    and fnmatchcase(question.id, line.question)
                    and line.option in (None, option)
                ),
                None,
            )
        return self._found[key]


def _usual_share(question: Question) -> float:
    return 0.25 if question.answer_type == "multiple" else 0.5
