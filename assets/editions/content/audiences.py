"""Who may have what of an edition: ``data/audiences.yaml``, and what dbt's manifest says of each table.

Belongs here: the fields of the file, and which tables, columns and products are for an audience. Does not belong here:
writing a part (``publication/parts.py``), which number of a group is withheld (``assets/disclosure``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from assets.base.made_of import fingerprint
from assets.base.models import Filled, Slug, StrictModel, TextPair, once_each
from assets.base.yaml_file import load_model
from assets.editions.content.terms import AUDIENCES, Audience


class AudienceWords(StrictModel):
    """An audience in words; ``terms``: on what terms it has its part, where that is not the licence."""

    who: TextPair
    terms: TextPair | None = None


class Product(StrictModel):
    """Something that an edition is made up of. ``files`` within a part: a file, or a folder with a / at the end."""

    id: Slug
    files: tuple[Filled, ...] = Field(min_length=1)
    audience: Audience
    what: TextPair
    why: Filled

    def holds(self, path: str) -> bool:
        """Whether a file of a part is this product's."""
        return any(path == file or (file.endswith("/") and path.startswith(file)) for file in self.files)


class AudienceFile(StrictModel):
    """The file; every audience is in it."""

    audiences: dict[Audience, AudienceWords]
    products: Annotated[tuple[Product, ...], once_each("product")]

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if absent := {*AUDIENCES} - {*self.audiences}:
            raise ValueError(f"there is no audience {', '.join(sorted(absent))}")
        return self


@dataclass(frozen=True, slots=True)
class TableAudience:
    """For whom a table of the warehouse is; ``narrower``: its columns that are for fewer; ``key``: those that identify
    a row."""

    audience: Audience
    narrower: Mapping[str, Audience]
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audiences:
    """The file, and the tables of the warehouse by name; one that is not there is internal."""

    file: AudienceFile
    tables: Mapping[str, TableAudience]

    def products(self, audience: Audience) -> tuple[Product, ...]:
        """What the part of an audience is made up of: the internal part also has what is public."""
        return tuple(product for product in self.file.products if self.has(audience, product.id))

    def has(self, audience: Audience, product: str) -> bool:
        """Whether a product is in the part of an audience; one that is not named is internal."""
        is_for = {one.id: one.audience for one in self.file.products}.get(product, "internal")
        return is_for == audience or (audience == "internal" and is_for == "public")

    def columns(self, table: str, columns: Iterable[str], audience: Audience) -> tuple[str, ...]:
        """Those that the audience may have; none where the table is for fewer."""
        found = self.tables.get(table, TableAudience("internal", {}))
        if not _may_have(audience, found.audience):
            return ()
        return tuple(name for name in columns if _may_have(audience, found.narrower.get(name, "public")))

    @property
    def fingerprint(self) -> str:
        """Changes with anything that is said of who may have what."""
        tables = {name: [one.audience, dict(one.narrower), one.key] for name, one in self.tables.items()}
        return fingerprint([self.file.model_dump(mode="json"), tables])


def load_audiences(file: Path, manifest: Mapping[str, Any]) -> Audiences:
    """The audiences. ``manifest``: dbt's. Raises BadInput when the file cannot be used."""
    remedy = "mend that place; assets/editions/content/audiences.py says what each field may hold"
    return Audiences(load_model(file, AudienceFile, "file of audiences", remedy), table_audiences(manifest))


def table_audiences(manifest: Mapping[str, Any]) -> dict[str, TableAudience]:
    """What the models say with ``meta.audience``; what says nothing is internal. A column may say that it is for
    fewer."""
    models = (node for node in manifest["nodes"].values() if node["resource_type"] == "model")
    return {
        model["name"]: TableAudience(
            model["config"]["meta"].get("audience", "internal"),
            {name: of for name, column in model["columns"].items() if (of := column["meta"].get("audience"))},
            key_of(model),
        )
        for model in models
    }


def key_of(model: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of the key that a model's contract states."""
    keys = (one["columns"] for one in model.get("constraints", ()) if one["type"] in ("primary_key", "unique"))
    return tuple(next(keys, ()))


def _may_have(audience: Audience, what_is_for: Audience) -> bool:
    return AUDIENCES.index(audience) >= AUDIENCES.index(what_is_for)
