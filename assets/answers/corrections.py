"""A steward's corrections: ``data/corrections/<survey_year>.yaml``.

Belongs here: reading them and putting them in the place of what was delivered. Nothing is lost: the delivered text
stays in raw. When what is there is not what the steward expected, the run stops and says so. Does not belong here: what
is done with a confirmation (``assets/plausibility/confirmations.py``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from assets.base.errors import BadInput, shown
from assets.base.models import EMPTY_IS_NO_ENTRY, Filled, MunicipalityCode, StrictModel, once_each
from assets.base.yaml_file import load_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def _digits(text: Any) -> Any:
    if not re.fullmatch(r"\d+", str(text)):  # 5.320 and 5e3 are numbers too, of something else
        raise ValueError(f"a value is written in digits alone: 5320, not {text}")
    return text


class _Signed(StrictModel, str_strip_whitespace=True):
    reason: Filled
    who: Filled
    when: date


class _SignedLine(_Signed):
    """A line counts until it is ``withdrawn``; it stays in the file, and says who withdrew it, when and why."""

    withdrawn: _Signed | None = None


class Correction(_SignedLine):
    """One cell that counts with another value. ``option`` only for a multiple choice. Empty is an empty cell."""

    municipality: MunicipalityCode
    question: str
    option: str | None = None
    expected: str
    value: str

    @property
    def cell(self) -> str:
        """The question, and the option of a multiple choice."""
        return f"{self.question} option {self.option}" if self.option else self.question


class UnfitCorrection(BadInput):
    """A correction that does not fit what was delivered."""

    def __init__(self, correction: Correction, what: str, remedy: str) -> None:
        where = f"correction of {correction.municipality} {correction.cell} by {correction.who} on {correction.when}"
        super().__init__(what, where, remedy)
        self.correction = correction


class SetAside(_SignedLine):
    """A quarantined row that a steward has seen and that rightly stays out."""

    delivery: int = Field(ge=1)
    row: int = Field(ge=1)


class Confirmation(_SignedLine):
    """An implausible answer that the municipality says is right: a rule, and the value that it warns of."""

    municipality: MunicipalityCode
    rule: Filled
    value: Annotated[int, BeforeValidator(_digits)]

    @property
    def subject(self) -> str:
        """The municipality, and the rule that finds its answer odd."""
        return f"{self.municipality} {self.rule}"


_ONLY_STANDING = AfterValidator(lambda lines: tuple(line for line in lines if line.withdrawn is None))
"""Lines that were withdrawn are read, and do not count."""


class Corrections(StrictModel):
    """All of one survey year that count. Every list may be empty."""

    corrections: Annotated[tuple[Correction, ...], EMPTY_IS_NO_ENTRY, _ONLY_STANDING] = ()
    set_aside: Annotated[tuple[SetAside, ...], EMPTY_IS_NO_ENTRY, _ONLY_STANDING] = ()
    confirmed: Annotated[
        tuple[Confirmation, ...], EMPTY_IS_NO_ENTRY, _ONLY_STANDING, once_each("confirmation of", "subject")
    ] = ()


def correction_files(corrections_dir: Path) -> list[Path]:
    """The files with corrections, in order of survey year; none when nothing was ever corrected."""
    return sorted(corrections_dir.glob("[0-9][0-9][0-9][0-9].yaml"))


def load_corrections(corrections_dir: Path, survey_year: int) -> Corrections:
    """The corrections of a year; none when there is no file. Raises BadInput when the file is wrong."""
    file = corrections_dir / f"{survey_year}.yaml"
    if not file.exists():
        return Corrections()
    return load_model(
        file,
        Corrections,
        "list of corrections",
        "a correction has municipality, question, expected, value, reason, who and when (option too in a multiple "
        "choice); a set_aside has delivery, row, reason, who and when; a confirmed has municipality, rule, value, "
        "reason, who and when, and appears once; one that no longer holds keeps its line, and gets withdrawn: {reason, "
        "who, when}",
    )


def apply_corrections(
    corrections: Corrections,
    current: Mapping[str, int],
    texts: NDArray[np.object_],
    columns: Mapping[tuple[str, str | None], int],
) -> dict[tuple[int, int], str]:
    """Puts each corrected value in the place of the delivered text.

    ``texts``: the delivered cells, rows × columns, changed in place; ``current``: municipality → the row that counts;
    ``columns``: (question, option) → column. Returns (row, column) → who corrected it, when and why. Raises
    UnfitCorrection for the first that does not fit what is there.
    """
    marks: dict[tuple[int, int], str] = {}
    for correction in corrections.corrections:
        column = columns.get((correction.question, correction.option))
        if column is None:
            raise UnfitCorrection(
                correction,
                f"There is no question {correction.cell}",
                "name a question of this year's questionnaire, and the option's code for a multiple choice only",
            )
        row = current.get(correction.municipality)
        if row is None:
            raise UnfitCorrection(
                correction,
                f"{correction.municipality} has no accepted row in this survey year",
                "remove the correction, or mend its code",
            )
        if texts[row, column] != correction.expected:
            raise UnfitCorrection(
                correction,
                f"A correction expects {correction.expected!r}, but {shown(texts[row, column])} was delivered",
                "look at the newest delivery: if the sender has mended it, remove the correction; else renew "
                "'expected'",
            )
        texts[row, column] = correction.value
        marks[(row, column)] = f"{correction.when} {correction.who}: {correction.reason}"
    return marks


def check_set_aside(corrections: Corrections, quarantined: Collection[tuple[int, int]]) -> None:
    """Raises BadInput when a row is set aside that is not in quarantine (``quarantined``: delivery number, row)."""
    for line in corrections.set_aside:
        if (line.delivery, line.row) not in quarantined:
            raise BadInput(
                f"Row {line.row} of delivery {line.delivery} is set aside, but it is not in quarantine",
                f"set_aside by {line.who} on {line.when}",
                "remove the line, or mend its delivery or row",
            )
