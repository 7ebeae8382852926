"""``lea what-if``: what the risk lists and the selection would be with another threshold.

Belongs here: saying on a terminal what differs. Does not belong here: what differs (``assets/risk/what_if.py``).
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from assets.base.errors import BadInput, shown
from assets.base.paths import data_paths
from assets.editions.content.mark import mark_of, origin_of
from assets.risk.what_if import Change, Outcome
from assets.risk.what_if import what_if as with_thresholds
from orchestration.cli.console import Language, Voice

LINE = 110


def what_if(names: Sequence[str], thresholds: Sequence[int], language: Language) -> None:
    """Prints what would change. Raises BadInput where a threshold cannot be set, or there is no warehouse yet."""
    if len(names) != len(thresholds):
        raise BadInput(
            f"{len(names)} rules and {len(thresholds)} thresholds",
            "lea what-if",
            "give a --threshold after each --rule",
        )
    if double := sorted({name for name in names if list(names).count(name) > 1}):
        raise BadInput(f"{shown(double[0])} appears twice", "lea what-if", "give each rule one threshold")
    found = with_thresholds(data_paths(), dict(zip(names, thresholds, strict=True)), language)
    say = Voice(language)
    if mark := mark_of(origin_of(found.origins)):
        say.line(say.of(mark), "yellow")
    of_now = say.words("de omschrijving is die van de huidige drempel", "the wording is that of the present threshold")
    for threshold, at_least in found.changed.items():
        say.line(f"{threshold.key}: {say.of(threshold.label)}", "bold")
        say.line(
            f"  {say.words('drempel', 'threshold')} {threshold.at_least} → {at_least}"
            f" ({say.words('van', 'of')} {threshold.of}; {of_now})"
        )
    for outcome in found.outcomes:
        _print(say, outcome)
    say.line(say.words("\nEr is niets gewijzigd of gepubliceerd.", "\nNothing was changed or published."))


def _print(say: Voice, outcome: Outcome) -> None:
    say.line(f"\n{say.words('Vragenlijst', 'Survey year')} {outcome.survey_year}", "bold")
    contacts = say.words("Contactgemeenten volgens de criteria", "Contact municipalities by the criteria")
    for title, n, counts in (
        (say.words("Signalen", "Signals"), outcome.registered, outcome.signals),
        (say.words("Mogelijke risico's", "Possible risks"), outcome.respondents, outcome.risks),
        (contacts, outcome.registered, outcome.contacts),
    ):
        if counts:
            say.line(f"\n{title} (n = {n})", "bold")
        for label, before, after in counts:
            difference = f" ({after - before:+d})" if after != before else ""
            say.line(f"  {say.of(label)}: {before} → {after}{difference}")
    for change in outcome.changes:
        say.line(f"\n{say.of(change.title)}: {len(change.municipalities)}", "bold")
        say.line(f"  {_reason(say, change)}")
        listed = ", ".join(change.municipalities)
        say.line(textwrap.fill(listed, LINE, initial_indent=" " * 4, subsequent_indent=" " * 4, break_on_hyphens=False))
    if not outcome.changes:
        say.line(say.words("\nGeen gemeente komt erbij of valt af.", "\nNo municipality comes or goes."))


def _reason(say: Voice, change: Change) -> str:
    lost = [f"{say.words('niet meer', 'no longer')}: {say.of(label)}" for label in change.lost]
    return "; ".join([*map(say.of, change.gained), *lost]) or say.words(
        "er ontbreekt een antwoord waarvan het dan afhangt", "an answer is missing on which it then depends"
    )
