"""Whose name a text is: municipalities as deliveries write them.

Belongs here: comparing names. Nothing is joined on a name: it is only held against the code beside it. Does not belong here:
the spellings themselves (``data/registers``), what is done with a row whose name is another's (``row_owners.py``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Set
from itertools import combinations
from typing import NamedTuple

_BRACKETS = re.compile(r"\([^()]*\)\s*$")

#: What a sender writes around the name of its own municipality, in plain words. None of them is a municipality.
GENERIC = {
    *("stad", "namens", "samenwerking", "van", "de", "het", "en", "voor"),
    *("afdeling", "afd", "cluster", "dienst", "directie", "domein", "sector", "team", "beleid"),
    *("onderwijs", "jeugd", "kinderopvang", "lea", "vve", "sociaal", "welzijn", "zorg"),
}


def plain_words(name: str) -> tuple[str, ...]:
    """A name without case, accents, punctuation and the word 'gemeente': 'Gemeente Súdwest-Fryslân' → sudwest, fryslan."""
    return tuple(word.casefold() for word in _words(name))


def _words(name: str) -> list[str]:
    """As ``plain_words``, but with the capitals as they are."""
    letters = "".join(
        character for character in unicodedata.normalize("NFKD", name) if not unicodedata.combining(character)
    )
    words = re.findall(r"[^\W_]+", letters.replace("'", " ").replace("\u2019", " "))
    return [word for word in words if word.casefold() not in ("gemeente", "gem")]


class _Named(NamedTuple):
    """A name in a text: the codes that have it, and whether it is written with a capital."""

    codes: Set[str]
    has_capital: bool


class Spellings:
    """The known spellings of municipalities' names.

    ``known``: code and name, of every register and list. ``became``: for a code that ended, the codes that its territory has
    now. A name is found whatever its case, accents, punctuation and spaces; a province in brackets may be left out, and the
    words of ``GENERIC`` may be around it.
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
        named, others = self._names_in(name)
        return named[0].codes if len(named) == 1 and others <= GENERIC else set()

    def now(self, code: str) -> Set[str]:
        """The codes that the territory of a code has on the register date: the code itself unless it ended."""
        return set(self._became.get(code, {code}))

    def several(self, text: str) -> list[str]:
        """The codes of a text that names several municipalities ('samenwerking Veere en Vlissingen'), one per name; else none.

        Beside other words only a capital tells a name from a word: 'Breda, best wel' does not name Best.
        """
        named, others = self._names_in(text)
        if not others <= GENERIC:
            named = [] if text.isupper() else [name for name in named if name.has_capital]
        territories = [set[str]().union(*map(self.now, name.codes)) for name in named]
        apart = any(one.isdisjoint(other) for one, other in combinations(territories, 2))
        return sorted({min(name.codes) for name in named}) if apart else []

    def _names_in(self, text: str) -> tuple[list[_Named], set[str]]:
        """The names in a text, each as long as can be, and its other words."""
        words, at = _words(text), 0
        plain = [word.casefold() for word in words]
        named, others = list[_Named](), set[str]()
        while at < len(words):
            ends = range(min(len(words), at + self._longest), at, -1)
            end = next((end for end in ends if "".join(plain[at:end]) in self._codes), None)
            if end is None:
                others.add(plain[at])
            else:
                has_capital = any(word[0].isupper() for word in words[at:end])
                named.append(_Named(self._codes["".join(plain[at:end])], has_capital))
            at = end or at + 1
        return named, others

    def name(self, code: str) -> str:
        """A code with its name: 'GM0599 (Rotterdam)'."""
        return f"{code} ({self._names[code]})"
