"""Texts that readers see, in Dutch and in English.

Belongs here: the pair of both, numbers written out, and what a file of either is called. Does not belong here: any
sentence (it is data, or belongs to its page).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


class Text(NamedTuple):
    """One text that a reader sees, in Dutch and in English."""

    nl: str
    en: str


def file_in(language: Language, path: str) -> str:
    """What a file is called in a language: ``index.html`` in Dutch, ``index.en.html`` in English."""
    stem, suffix = path.rsplit(".", 1)
    return path if language == "nl" else f"{stem}.{language}.{suffix}"


def text_of(record: Mapping[str, Any], name: str) -> Text:
    """The columns ``<name>_nl`` and ``<name>_en``; empty where they are null."""
    return Text(record[f"{name}_nl"] or "", record[f"{name}_en"] or "")


_DUTCH_SEPARATORS = str.maketrans(".,", ",.")


def counted(number: int | Decimal | None, unit: str = "") -> Text:
    """A number with its thousands separated: 53.257 in Dutch, 53,257 in English; – where there is none."""
    if number is None:
        return Text("–", "–")
    english = f"{number:,}"
    return Text(english.translate(_DUTCH_SEPARATORS) + unit, english + unit)


def exact(value: float | None) -> str:
    """A number unrounded, whole ones without a decimal symbol; – where there is none."""
    if value is None:
        return "–"
    return str(int(value)) if value == int(value) else repr(float(value))


def sort_key(name: str) -> str:
    """A name's letters in lower case without accents: 's-Gravenhage is found at the s, Súdwest-Fryslân at Sudwest."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return "".join(letter for letter in plain if letter.isalnum() or letter == " ")
