"""Reads ``data/coding/frames/<frame>.yaml``: the codes in which the open answers to a question are summed up.

A frame is of concepts, not of a year's questions: a reason has the same code in every year and under every theme.
Belongs here: which codes there are, and what belongs in each. Does not belong here: who gave an answer which code
(``coded.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field

from assets.base.errors import BadInput
from assets.base.models import Filled, Slug, StrictModel, TextPair, in_columns, once_each
from assets.base.schemas import LakeTable, in_both_languages, name, place
from assets.base.yaml_file import load_model

if TYPE_CHECKING:
    import pandas as pd

FRAMES_FOLDER = "frames"
CODES = LakeTable(
    "coding/codes",
    "One row per code of a frame and concept that the frame sums up, in the order of data/coding/frames.",
    {
        "concept": name("What the open question asks across years."),
        "frame": name("The code frame: the name of its file."),
        "code_no": place("Place of the code in its frame."),
        "code": name("The code."),
        **in_both_languages("label", "What the code is called"),
        **in_both_languages("belongs", "What belongs in it"),
    },
    key=("concept", "code"),
)


class Code(StrictModel):
    """One category. ``belongs``: what is to be given this code. ``examples``: answers that were, word for word."""

    id: Slug
    label: TextPair
    belongs: TextPair
    examples: tuple[Filled, ...] = ()


class _FrameFile(StrictModel):
    concepts: tuple[Slug, ...] = Field(min_length=1)
    codes: Annotated[tuple[Code, ...], Field(min_length=2), once_each("code")]


class Frame(NamedTuple):
    """The codes of one frame, by id, in their order."""

    id: str
    concepts: tuple[str, ...]
    codes: Mapping[str, Code]


def frame_files(coding_dir: Path) -> list[Path]:
    """The files with code frames, by name."""
    return sorted((coding_dir / FRAMES_FOLDER).glob("*.yaml"))


def load_frames(coding_dir: Path, open_concepts: Collection[str]) -> dict[str, Frame]:
    """Concept → its frame, in the order of the files.

    ``open_concepts``: what any questionnaire asks as an open question. Raises BadInput, with file and remedy, for a
    frame that cannot be used, a concept that nobody asks, and one that two frames sum up.
    """
    found: dict[str, Frame] = {}
    for file in frame_files(coding_dir):
        read = load_model(file, _FrameFile, "code frame", "assets/coding/frames.py says what each field may hold")
        frame = Frame(file.stem, read.concepts, {code.id: code for code in read.codes})
        for concept in frame.concepts:
            if concept not in open_concepts:
                raise BadInput(
                    f"No questionnaire asks {concept} as an open question", str(file), "write the concept of one"
                )
            if concept in found:
                raise BadInput(
                    f"{concept} has a second code frame; {found[concept].id} is the first",
                    str(file),
                    "leave it in one of the two",
                )
            found[concept] = frame
    return found


def codes_table(frames: Mapping[str, Frame]) -> pd.DataFrame:
    """``CODES``."""
    return CODES.frame(
        {
            "concept": concept,
            "frame": frame.id,
            "code_no": code_no,
            "code": code.id,
            **in_columns(label=code.label, belongs=code.belongs),
        }
        for concept, frame in frames.items()
        for code_no, code in enumerate(frame.codes.values(), 1)
    )
