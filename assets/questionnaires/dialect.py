"""What a survey tool does to a delivery, as data: the typed form of ``data/dialects/*.yaml`` and of a field
``dialect``.

Belongs here: the fields, their meaning, and which texts mean a chosen box or an option. Does not belong here:
reading YAML (``loader.py``), reading delivered files (``assets/raw``), statuses (``assets/answers``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from typing import Literal, Self

from pydantic import Field, model_validator

from assets.base.models import Filled, StrictModel

Encoding = Literal["utf-8", "utf-16", "cp1252", "cp850", "iso-8859-1", "iso-8859-15"]
Delimiter = Literal[";", ",", "\t", "|"]
NothingChosen = Literal["no_answer", "answered"]

CODE, LABEL = "{code}", "{label}"


class CsvForm(StrictModel):
    """How the tool writes a CSV file: what ``lea check`` and ``lea accept`` take where the command line says
    nothing."""

    encoding: Encoding = "utf-8"
    delimiter: Delimiter = ";"


class Submitted(StrictModel):
    """When a row counts as submitted: what ``column`` (a name, or a pattern such as ``*_complete``) holds is one of
    ``is``, or is not empty where no ``is`` is given. A file without the column has only rows that count."""

    column: Filled
    is_: tuple[Filled, ...] | None = Field(default=None, alias="is", min_length=1)

    def holds(self, text: str) -> bool:
        """Whether a text says that the row was submitted."""
        return bool(text) if self.is_ is None else plain_text(text) in {plain_text(value) for value in self.is_}


class Dialect(StrictModel):
    """The dialect of an instrument.

    ``unused_columns``: names or patterns (``*``, ``?``) of columns that are delivered and not used; a question's column
    never is. ``submitted``: which rows count; the others are set aside. ``extra_header_rows``: rows between the header
    and the answers. ``chosen`` and ``not_chosen``: what a box of a multiple choice holds; ``{code}`` is the option's
    own code and ``{label}`` its label. ``labels``: options may be delivered by their label. ``options_may_be_absent``:
    an option that nobody chose may have no column. ``nothing_chosen``: what a multiple choice is that was asked and of
    which every box says 'not chosen'.
    """

    name: Filled | None = None
    description: Filled | None = None
    csv: CsvForm | None = None
    extra_header_rows: int = Field(default=0, ge=0, le=9)
    unused_columns: tuple[Filled, ...] = ()
    submitted: Submitted | None = None
    chosen: tuple[Filled, ...] = Field(default=("1",), min_length=1)
    not_chosen: tuple[Filled, ...] = ("0",)
    labels: bool = False
    options_may_be_absent: bool = False
    nothing_chosen: NothingChosen = "no_answer"

    @model_validator(mode="after")
    def _one_meaning_each(self) -> Self:
        if double := sorted({*map(plain_text, self.chosen)} & {*map(plain_text, self.not_chosen)}):
            raise ValueError(f"{', '.join(double)} is both chosen and not chosen")
        return self

    def is_unused(self, column: str) -> bool:
        """Whether the survey tool adds this column for itself."""
        return any(fnmatchcase(column.lower(), pattern.lower()) for pattern in self.unused_columns)

    def submitted_columns(self, columns: Iterable[str]) -> list[str]:
        """The columns of a file that say whether a row was submitted."""
        if self.submitted is None:
            return []
        return [column for column in columns if fnmatchcase(column.lower(), self.submitted.column.lower())]

    def box(self, texts: Collection[str], code: str, labels: Collection[str]) -> bool | None:
        """Whether a box of the option with this code and these labels is chosen; None when its text says neither or
        both.

        ``texts``: the forms of the delivered text ('1,0' is '1' too).
        """
        forms = {plain_text(text) for text in texts}
        chosen = bool(forms & _values(self.chosen, code, labels))
        not_chosen = bool(forms & _values(self.not_chosen, code, labels))
        return chosen if chosen != not_chosen else None


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for capitals and spaces."""
    return plain_text(one) == plain_text(other)


def _values(values: Iterable[str], code: str, labels: Collection[str]) -> set[str]:
    found: set[str] = set()
    for value in values:
        found |= set(map(plain_text, labels if value == LABEL else [code if value == CODE else value]))
    return found


def plain_text(text: str) -> str:
    """A text as it is compared: without capitals, and with single spaces."""
    return re.sub(r"\s+", " ", text).strip().casefold()
