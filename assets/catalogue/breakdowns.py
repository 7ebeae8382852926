"""Reads ``data/catalogue/breakdowns.yaml``: what municipalities are grouped by, and what each group is called.

Belongs here: labels and order of groups. Does not belong here: which municipality is in which group (the registers,
dbt).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from assets.base.models import Slug, StrictModel, TextPair, in_columns, refuse_double
from assets.base.schemas import LakeTable, flag, in_both_languages, matches, name, one_of, place, text
from assets.base.yaml_file import load_model

if TYPE_CHECKING:
    import pandas as pd

KnownFrom = Literal["registers", "answers"]
CATEGORIES = LakeTable(
    "catalogue/categories",
    "One row per category of a breakdown with its labels, in order, from data/catalogue/breakdowns.yaml.",
    {
        "breakdown": name("What municipalities are grouped by."),
        **in_both_languages("breakdown_label", "What the breakdown is called"),
        "column_name": name("The column of dim_municipality_year that has the category."),
        "origin": one_of(
            "Who knows the category: registers of every municipality, answers of a respondent.", get_args(KnownFrom)
        ),
        "is_measured": flag("Whether the share of municipalities in each category is a measure."),
        "category": text("The group.", matches(r"[A-Za-z0-9_]+", "is letters, digits and underscores")),
        "category_no": place("Place of the category in its breakdown."),
        **in_both_languages("label", "What the category is called"),
    },
    key=("breakdown", "category"),
)


class CatalogueCategory(StrictModel):
    """One category of a breakdown."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]
    label: TextPair


class CatalogueBreakdown(StrictModel):
    """``categories`` in the order in which they are shown.

    ``column``: of ``dim_municipality_year``, where it does not have the breakdown's name. ``from``: ``registers`` know
    every municipality's category, ``answers`` only a respondent's. ``measured``: the share of municipalities in each
    category is a measure.
    """

    id: Slug
    label: TextPair
    column: Slug | None = None
    origin: KnownFrom = Field(default="registers", alias="from")
    measured: bool = False
    categories: tuple[CatalogueCategory, ...] = Field(min_length=1)


class CatalogueBreakdowns(StrictModel):
    """The file of breakdowns."""

    breakdowns: tuple[CatalogueBreakdown, ...]

    @model_validator(mode="after")
    def _appear_once(self) -> Self:
        refuse_double("category", (f"{b.id} {c.key}" for b in self.breakdowns for c in b.categories))
        return self


def load_breakdowns(file: Path) -> pd.DataFrame:
    """``CATEGORIES``. Raises BadInput when the file cannot be used."""
    remedy = "mend that place; assets/catalogue/breakdowns.py says what each field may hold"
    return CATEGORIES.frame(
        {
            "breakdown": breakdown.id,
            "column_name": breakdown.column or breakdown.id,
            "origin": breakdown.origin,
            "is_measured": breakdown.measured,
            "category": category.key,
            "category_no": number,
            **in_columns(breakdown_label=breakdown.label, label=category.label),
        }
        for breakdown in load_model(file, CatalogueBreakdowns, "file of breakdowns", remedy).breakdowns
        for number, category in enumerate(breakdown.categories, 1)
    )
