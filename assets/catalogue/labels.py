"""Reads ``data/labels.yaml``: what the codes of the marts are called, in Dutch and English.

Belongs here: the fields of a vocabulary. Does not belong here: which codes there are (the models that give them), or labels of
what is data itself (options, rules, criteria, breakdowns).
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from assets.base.errors import BadInput
from assets.base.yaml_file import load_model, refuse_double
from assets.questionnaires.model import Slug, Text

COLUMNS = {"vocabulary": "str", "code": "str", "code_no": "int32", "label_nl": "str", "label_en": "str"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Vocabulary(_Strict):
    """The codes of one kind with their labels, in the order in which they are shown."""

    id: Slug
    labels: dict[Slug, Text] = Field(min_length=1)


class Labels(_Strict):
    vocabularies: tuple[Vocabulary, ...]

    @field_validator("vocabularies")
    @classmethod
    def _appear_once(cls, vocabularies: tuple[Vocabulary, ...]) -> tuple[Vocabulary, ...]:
        refuse_double("vocabulary", (one.id for one in vocabularies))
        return vocabularies


def load_labels(file: Path) -> pd.DataFrame:
    """One row per code of a vocabulary, in order; columns and types as ``COLUMNS``.

    Raises BadInput when the file cannot be used.
    """
    if not file.is_file():
        raise BadInput("There are no labels", str(file), "put the file back from version control")
    remedy = "mend that place; assets/catalogue/labels.py says what each field may hold"
    rows = [
        (vocabulary.id, code, number, *label.values())
        for vocabulary in load_model(file, Labels, "file of labels", remedy).vocabularies
        for number, (code, label) in enumerate(vocabulary.labels.items(), 1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
