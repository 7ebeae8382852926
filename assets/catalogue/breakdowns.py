"""Reads ``data/catalogue/breakdowns.yaml``: what municipalities are grouped by, and what each group is called.

Belongs here: labels and order of groups. Does not belong here: which municipality is in which group (the registers, dbt).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assets.base.errors import BadInput
from assets.base.yaml_file import load_model, refuse_double
from assets.questionnaires.model import Slug, Text

COLUMNS = {
    "breakdown": "str",
    "breakdown_label_nl": "str",
    "breakdown_label_en": "str",
    "column_name": "str",
    "origin": "str",
    "is_measured": "bool",
    "category": "str",
    "category_no": "int32",
    "label_nl": "str",
    "label_en": "str",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Category(_Strict):
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]
    label: Text


class Breakdown(_Strict):
    """``categories`` in the order in which they are shown.

    ``column``: of ``dim_municipality_year``, where it does not have the breakdown's name. ``from``: ``registers`` know every
    municipality's category, ``answers`` only a respondent's. ``measured``: the share of municipalities in each category is
    a measure.
    """

    id: Slug
    label: Text
    column: Slug | None = None
    origin: Literal["registers", "answers"] = Field(default="registers", alias="from")
    measured: bool = False
    categories: tuple[Category, ...] = Field(min_length=1)


class Breakdowns(_Strict):
    breakdowns: tuple[Breakdown, ...]

    @model_validator(mode="after")
    def _stand_once(self) -> Self:
        refuse_double("category", (f"{b.id} {c.key}" for b in self.breakdowns for c in b.categories))
        return self


def load_breakdowns(file: Path) -> pd.DataFrame:
    """One row a category, in order; columns and types as ``COLUMNS``. Raises BadInput when the file cannot be used."""
    if not file.is_file():
        raise BadInput("There are no breakdowns", str(file), "put the file back from version control")
    remedy = "mend that place; assets/catalogue/breakdowns.py says what each field may hold"
    rows = [
        {
            "breakdown": breakdown.id,
            "breakdown_label_nl": breakdown.label.nl,
            "breakdown_label_en": breakdown.label.en,
            "column_name": breakdown.column or breakdown.id,
            "origin": breakdown.origin,
            "is_measured": breakdown.measured,
            "category": category.key,
            "category_no": number,
            "label_nl": category.label.nl,
            "label_en": category.label.en,
        }
        for breakdown in load_model(file, Breakdowns, "file of breakdowns", remedy).breakdowns
        for number, category in enumerate(breakdown.categories, 1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
