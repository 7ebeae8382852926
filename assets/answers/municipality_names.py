"""Whose name a text is: municipalities as deliveries write them.

Belongs here: comparing names. Nothing is joined on a name: it is only held against the code beside it. Does not belong
here: the spellings themselves (``data/registers``), what is done with a row whose name is another's
(``row_owners.py``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Set
from itertools import combinations

_BRACKETS = re.compile(r"\([^()]*\)\s*$")


def plain_words(name: str) -> tuple[str, ...]:
    """A name without case, accents, punctuation and the word 'gemeente': 'Gemeente Súdwest-Fryslân' → sudwest,
    fryslan."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(sign for sign in letters if not unicodedata.combining(sign))
    words = re.findall(r"[^\W_]+", letters.replace("'", " ").replace("\u2019", " "))
    return tuple(word for word in words if word not in ("gemeente", "gem"))


class Spellings:
    """The known spellings of municipalities' names.

    ``known``: code and name, of every register and list. ``became``: for a code that ended, the codes that its
    territory has now. A name is found whatever its case, accents, punctuation and spaces; a province in brackets may be
    left out.
    """

    def __init__(
        self, known: Iterable[tuple[str, str]] = (), became: Mapping[str, Collection[str]] | None = None
    ) -> None:
        self._became = became or {}
        self._codes: dict[str, set[str]] = {}
        self._names: dict[str, str] = {}
        self._longest = 0
        for code, name in known:
            self._names.setdefault(code, name)
            for spelling in {name, _BRACKETS.sub("", name)}:
                words = plain_words(spelling)
                self._codes.setdefault("".join(words), set()).add(code)
                self._longest = max(self._longest, len(words))

    def whose(self, name: str) -> Set[str]:
        """The codes that have this name; several when it is ambiguous ('Bergen'), none when it is not known."""
        for spelling in (name, _BRACKETS.sub("", name)):
            if found := self._codes.get("".join(plain_words(spelling))):
                return found
        return set()

    def now(self, code: str) -> Set[str]:
        """The codes that the territory of a code has on the register date: the code itself unless it ended."""
        return set(self._became.get(code, {code}))

    def several(self, text: str) -> list[str]:
        """The codes of a text that names several municipalities ('samenwerking Veere en Vlissingen'), one per name;
        else none."""
        words, at, found = plain_words(text), 0, list[Set[str]]()
        while at < len(words):
            for end in range(min(len(words), at + self._longest), at, -1):
                if codes := self._codes.get("".join(words[at:end])):
                    found.append(codes)
                    at = end - 1
                    break
            at += 1
        territories = [set[str]().union(*map(self.now, codes)) for codes in found]
        apart = any(one.isdisjoint(other) for one, other in combinations(territories, 2))
        return sorted({min(codes) for codes in found}) if apart else []

    def name(self, code: str) -> str:
        """A code with its name: 'GM0599 (Rotterdam)'."""
        return f"{code} ({self._names[code]})"
