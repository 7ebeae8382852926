"""How the published numbers are to be read: the symbols, in Dutch and in English.

Belongs here: the one wording of what –, 0, % and n mean, for page and workbook. Does not belong here: how a number is
rounded and printed (dbt_project does that).
"""

from __future__ import annotations

from typing import NamedTuple

from assets.base.texts import Text


class Symbol(NamedTuple):
    """A symbol, and what it means."""

    symbol: Text
    meaning: Text


def _same(symbol: str) -> Text:
    return Text(symbol, symbol)


SYMBOLS = (
    Symbol(
        _same("–"),
        Text(
            "Er is geen getal: niet gevraagd, niet verzameld, of geen gemeente waarover het kan gaan (geen noemer).",
            "There is no number: not asked, not collected, or no municipality that it could be about (no denominator).",
        ),
    ),
    Symbol(
        _same("0"),
        Text("Gevraagd en beantwoord, en geen enkele keer.", "Asked and answered, and not once."),
    ),
    Symbol(
        _same("%"),
        Text(
            "Teller gedeeld door noemer, uit hele aantallen berekend en rekenkundig afgerond (een half naar boven) op "
            "het aantal decimalen dat het rapport afdrukt. Afgeronde percentages tellen niet altijd op tot 100.",
            "Numerator over denominator, computed from whole numbers and rounded half up to the decimals that the "
            "report prints. Rounded percentages need not add up to 100.",
        ),
    ),
    Symbol(
        _same("n"),
        Text(
            "Het aantal gemeenten waarop een getal rust.",
            "The number of municipalities that a number rests on.",
        ),
    ),
    Symbol(
        Text("leeg", "empty"),
        Text("Hier hoort geen getal.", "No number belongs here."),
    ),
)
