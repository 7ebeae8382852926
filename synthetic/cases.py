"""Invents what came of the selected municipalities: conversations, what they led to, and letters.

Who is selected follows from the answers (``supervision.py``), how many conversations led to what from the figures. Dates are
working days between the selection and the end of the year; a letter that would have gone out later is still to be sent.

Belongs here: the records. Does not belong here: who has a possible risk (``profiles.py``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import yaml

from assets.risk.rules import RiskRule
from assets.supervision.events import EventRecord
from synthetic.chance import normal, pick, uniform
from synthetic.constraint import Constraint
from synthetic.figures import Survey, half_up, percent
from synthetic.municipalities import Municipality
from synthetic.supervision import Cases, risks, selected

NOTES_FILE = Path(__file__).parent / "notes.yaml"
NO_RISK, AGREEMENT = "no_risk", "improvement_agreement"
SELECTED_ON = date(2023, 9, 4)
FIRST_CONVERSATION = date(2023, 9, 18)
LAST_LETTER = date(2023, 12, 22)
_CONVERSATION_DAYS = 56  # working days in which conversations were held
# How much a possible risk makes improvement agreements likely: landelijk2023 §3, "geen of weinig zicht op het aantal
# kindplaatsen", "het voeren van het overleg en het maken van afspraken".
_SERIOUS = {"vve_places_unknown": 2.0, "vve_places_insufficient": -1.0}


def invent_cases(
    survey: Survey, survey_year: int, constraints: Iterable[Constraint], by_code: dict[str, Municipality]
) -> Cases:
    """The cases of everyone that the criteria select, each with its events in order."""
    questionnaire, responses = survey.questionnaires[survey_year], survey.responses[survey_year]
    chosen = selected(survey.supervision, questionnaire, responses)
    signals = risks(survey.supervision, questionnaire, responses)
    wanted = [c for c in constraints if c.survey_year == survey_year]
    cases: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for domain in sorted({d for _, d in chosen}):
        codes = [code for code, d in chosen if d == domain]
        likely = sorted(codes, key=lambda code: (-_agreement_odds(domain, by_code[code], signals.get(code)), code))
        agreed = set(likely[: _agreements(wanted, domain, len(codes))])
        for code in codes:
            cases[code, domain] = _events(code, domain, AGREEMENT if code in agreed else NO_RISK)
    return dict(sorted(cases.items()))


def _agreements(constraints: list[Constraint], domain: str, conversations: int) -> int:
    """How many conversations led to agreements, when all that figures say of this domain comes out."""
    figures = [c for c in constraints if c.kind in ("case_count", "case_percent") and c.domain == domain]
    for number in range(conversations + 1):
        parts = {None: conversations, AGREEMENT: number, NO_RISK: conversations - number, "investigation": 0}
        if all(
            half_up(percent(parts[c.outcome], conversations)) == c.value
            if c.kind == "case_percent"
            else parts[c.outcome] == c.value
            for c in figures
        ):
            return number
    raise ValueError(f"no number of {conversations} conversations on {domain} meets {', '.join(c.id for c in figures)}")


def _agreement_odds(domain: str, municipality: Municipality, signals: list[RiskRule] | None) -> float:
    """For the LEA larger municipalities, which have less reason to call a theme not relevant; for vve what is not in order."""
    odds = normal("agreement", domain, municipality.code) - 0.3 * municipality.activity
    if domain == "lea":
        return odds + 0.8 * municipality.urbanity
    return odds + sum(_SERIOUS.get(rule.id, 0.5) for rule in signals or [] if rule.domain == domain)


def _working_day(start: date, days: int) -> date:
    """So many working days after a working day."""
    whole_weeks, rest = divmod(start.weekday() + days, 5)
    return start - timedelta(days=start.weekday()) + timedelta(weeks=whole_weeks, days=rest)


def _events(code: str, domain: str, outcome: str) -> list[tuple[str, str]]:
    """A conversation is about both domains at once; what it leads to may take until after the minutes."""
    conversation = _working_day(FIRST_CONVERSATION, int(uniform("conversation", code) * _CONVERSATION_DAYS))
    settled = _working_day(conversation, int(uniform("settled", code, domain) * 8))
    letter = _working_day(settled, 5 + int(uniform("letter", code, domain) * 10))
    events = [("selected", SELECTED_ON), ("conversation", conversation), (outcome, settled)]
    if outcome == NO_RISK and letter <= LAST_LETTER:
        events.append(("letter", letter))
    return [(event, on.isoformat()) for event, on in events]


def write_cases(cases: Cases, file: Path, notes_file: Path = NOTES_FILE) -> None:
    """Writes a file of ``data/supervision``: a line an event, with a note on some of the outcomes."""
    notes = yaml.safe_load(notes_file.read_text(encoding="utf-8"))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(EventRecord.model_fields)
    for (code, domain), events in cases.items():
        for event, on in events:
            texts = notes.get(domain, {}).get(event)
            note = pick(texts, "note", code, domain) if texts and uniform("has note", code, domain) < 0.4 else ""
            writer.writerow([code, domain, event, on, note, "synthetic"])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text.getvalue(), encoding="utf-8", newline="")
