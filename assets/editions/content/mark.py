"""What an edition says about the origin of its answers.

Belongs here: the one wording of the synthetic mark, in Dutch and English, and the rule when it shows. Does not belong
here: how a page, a picture or a file displays it (each writer takes the text from here).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from assets.base.texts import Text

Origin = Literal["synthetic", "real"]


SYNTHETIC_MARK = Text(
    nl="Synthetische gegevens: deze antwoorden zijn gegenereerd en zijn niet de antwoorden van gemeenten.",
    en="Synthetic data: these answers were generated and are not the answers of municipalities.",
)


def origin_of(origins: Iterable[str | None]) -> Origin:
    """``real`` only where every part is declared real; anything else, also nothing at all, counts as ``synthetic``."""
    return "real" if set(origins) == {"real"} else "synthetic"


def mark_of(origin: Origin) -> Text | None:
    """What every page, picture, table and file of this origin carries; None where there is nothing to warn of."""
    return SYNTHETIC_MARK if origin == "synthetic" else None


def mark_in_both_languages(origin: Origin) -> str:
    """The mark as one line for files without a language switch; empty for real answers."""
    mark = mark_of(origin)
    return f"{mark.nl} / {mark.en}" if mark else ""
