"""Reads ``data/labels.yaml``: what the codes of the marts are called, in Dutch and English.

Belongs here: the fields of a vocabulary. Does not belong here: which codes there are (the models that give them), or
labels of what is data itself (options, rules, criteria, breakdowns).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from assets.base.models import Slug, StrictModel, TextPair, in_columns, once_each
from assets.base.schemas import LakeTable, in_both_languages, name, place
from assets.base.yaml_file import load_model

if TYPE_CHECKING:
    import pandas as pd

LABELS = LakeTable(
    "catalogue/labels",
    "One row per code of a vocabulary with what it is called, in order, from data/labels.yaml.",
    {
        "vocabulary": name("What kind of code it is."),
        "code": name("The code as marts and reports have it."),
        "code_no": place("Place of the code in its vocabulary."),
        **in_both_languages("label", "What the code is called"),
    },
    key=("vocabulary", "code"),
)


class Vocabulary(StrictModel):
    """The codes of one kind with their labels, in the order in which they are shown."""

    id: Slug
    labels: dict[Slug, TextPair] = Field(min_length=1)


class Labels(StrictModel):
    """The file of labels."""

    vocabularies: Annotated[tuple[Vocabulary, ...], once_each("vocabulary")]


def load_labels(file: Path) -> pd.DataFrame:
    """``LABELS``. Raises BadInput when the file cannot be used."""
    remedy = "mend that place; assets/catalogue/labels.py says what each field may hold"
    return LABELS.frame(
        {"vocabulary": vocabulary.id, "code": code, "code_no": number, **in_columns(label=label)}
        for vocabulary in load_model(file, Labels, "file of labels", remedy).vocabularies
        for number, (code, label) in enumerate(vocabulary.labels.items(), 1)
    )
