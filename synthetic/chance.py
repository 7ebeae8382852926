"""Chance that is the same on every machine and in every order of asking: each draw depends on its key alone."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from math import log
from statistics import NormalDist
from typing import TypeVar

SEED = "lea-vve-2023"
_T = TypeVar("_T")
_NORMAL = NormalDist()


def uniform(*key: object) -> float:
    """A draw between 0 and 1, both excluded."""
    digest = sha256("|".join([SEED, *map(str, key)]).encode()).digest()
    return (int.from_bytes(digest[:6], "big") + 0.5) / 2**48


def normal(*key: object) -> float:
    """A draw from the standard normal distribution, to six decimals."""
    return round(_NORMAL.inv_cdf(uniform(*key)), 6)


def logistic(*key: object) -> float:
    """A draw from the standard logistic distribution, to six decimals."""
    return round(logit(uniform(*key)), 6)


def logit(share: float) -> float:
    """The log odds of a share."""
    return log(share / (1 - share))


def pick(options: Sequence[_T], *key: object) -> _T:
    """One of the options."""
    return options[int(uniform(*key) * len(options))]
