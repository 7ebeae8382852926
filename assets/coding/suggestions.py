"""Suggests a code for an open answer: that of an answer with the same words, or else of one with nearly the same.

Belongs here: likeness of texts. Does not belong here: which answers have been coded (``coded.py``), and the choice,
which is the coder's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

NEAR = 80
"""From this likeness on (0 to 100) two answers are near: a slip of the key or an added word apart."""


class Suggestion(NamedTuple):
    """A code, and how like (0 to 100) the answer is to the one that has it; 100 is the same words."""

    code: str
    likeness: int


def plain(text: str) -> str:
    """The words of a text in lower case, without punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in white space only, which a spreadsheet does not keep."""
    return one.split() == other.split()


def by_words(coded: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The words of each answer → its code, of (answer, code); the last code of the same words counts."""
    return {plain(text): code for text, code in coded}


def suggest(text: str, coded: Mapping[str, str]) -> Suggestion | None:
    """A code by exact or near repetition; None where nothing is near. ``coded``: of ``by_words``."""
    words = plain(text)
    if words in coded:
        return Suggestion(coded[words], 100)
    from rapidfuzz import fuzz, process

    found = process.extractOne(words, coded.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=NEAR)
    return Suggestion(coded[found[0]], min(99, int(found[1]))) if found else None
