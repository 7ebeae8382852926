"""What is read as data: one strict model, the fields that several stages share, and one wording for what is wrong with
them.

Belongs here: types and rules that hold whatever the file is about. Does not belong here: reading a file
(``yaml_file.py``, ``csv_file.py``), the fields of one stage.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from assets.base.errors import shown
from assets.base.limits import CODE

Place = tuple[str | int, ...]
"""Where something is within a file of data: the names of its fields, and the positions (from 0) in its lists."""


class StrictModel(BaseModel):
    """Unknown fields are mistakes, not extras; what was loaded never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _refuse_spaces(text: str) -> str:
    if not text:
        raise ValueError("is empty")
    if text != text.strip():
        raise ValueError("begins or ends with a space")
    return text


def only_as(pattern: str, problem: str) -> BeforeValidator:
    """For a type that is written in one way only. ``problem`` follows the text in the message."""

    def check(text: Any) -> Any:
        if isinstance(text, str) and not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(problem)
        return text

    return BeforeValidator(check)


def _parse_date(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("is not a date written as 2022-03-24")


EMPTY_IS_NONE = BeforeValidator(lambda text: None if text == "" else text)
EMPTY_IS_NO_ENTRY = BeforeValidator(lambda entries: entries or ())
"""A list under which nothing is written."""

Filled = Annotated[str, Field(min_length=1)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
QuestionId = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9_]*$")]
MunicipalityCode = Annotated[str, Field(pattern=f"^{CODE}$")]

# As the cells of a CSV file that is kept by hand are written.
TidyText = Annotated[str, AfterValidator(_refuse_spaces)]
WholeNumber = Annotated[int, only_as(r"-?[0-9]{1,18}", "is not a whole number")]
DecimalNumber = Annotated[float, only_as(r"-?[0-9]+(\.[0-9]+)?", "is not a number with a decimal point")]
IsoDate = Annotated[date, BeforeValidator(_parse_date)]
TrueOrFalse = Annotated[bool, only_as("true|false", "is not true or false")]


class TextPair(StrictModel):
    """A text that a reader sees, in Dutch and in English, as a file of data gives it: neither is empty."""

    nl: Filled
    en: Filled

    @property
    def both(self) -> tuple[str, str]:
        """Dutch, then English."""
        return self.nl, self.en


def in_columns(absent: str | None = None, **texts: TextPair | None) -> dict[str, str | None]:
    """Texts as the columns ``<name>_nl`` and ``<name>_en``; ``absent`` where there is none."""
    return {
        f"{name}_{language}": getattr(text, language) if text else absent
        for name, text in texts.items()
        for language in ("nl", "en")
    }


class ValidYears(StrictModel):
    """Something that holds for survey years ``valid_from`` up to and including ``valid_to`` (empty: until further
    notice)."""

    valid_from: int
    valid_to: int | None = None

    @model_validator(mode="after")
    def _is_not_over_before_it_starts(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is before valid_from {self.valid_from}")
        return self

    def holds_in(self, survey_year: int) -> bool:
        """Whether it is valid in that survey year."""
        return self.valid_from <= survey_year <= (self.valid_to or survey_year)


class HeldUntilEnded(StrictModel):
    """A file of what has ``ValidYears``. ``confirmed_until``: the last survey year for which a person confirmed them;
    None: that is not kept."""

    confirmed_until: int | None = None


def refuse_double(what: str, names: Iterable[str]) -> None:
    """For a model's validator: raises ValueError that names what appears more than once."""
    if double := sorted(name for name, times in Counter(names).items() if times > 1):
        raise ValueError(f"{what} {', '.join(double)} appears more than once")


def once_each(what: str, field: str = "id") -> AfterValidator:
    """For a list: each entry's ``field`` appears once."""

    def check(entries: tuple[Any, ...]) -> tuple[Any, ...]:
        refuse_double(what, (getattr(entry, field) for entry in entries))
        return entries

    return AfterValidator(check)


class Mistake(NamedTuple):
    """The first thing that a model refuses: where, in words, and how many ``mistakes`` there are in all.

    ``is_of_field``: ``problem`` begins with the name of the field, which is missing or unknown; otherwise it speaks of
    the value.
    """

    place: Place
    problem: str
    is_of_field: bool
    mistakes: int

    @property
    def after_value(self) -> str:
        """The problem, worded to follow the value."""
        return self.problem if self.problem[:1].islower() else f"cannot be used: {self.problem}"


def first_mistake(error: ValidationError) -> Mistake:
    """What is wrong, in words for the person who wrote the file. A ValueError's own ``loc`` says where, when it has
    one."""
    first = error.errors(include_url=False)[0]
    place: Place = getattr(first.get("ctx", {}).get("error"), "loc", None) or tuple(first["loc"])
    of_field = {"missing": "is missing", "extra_forbidden": "is not a field that belongs here"}.get(first["type"])
    problem = f"{shown(str(place[-1]))} {of_field}" if of_field else str(first["msg"]).removeprefix("Value error, ")
    return Mistake(place, problem, of_field is not None, error.error_count())
