"""Risk analysis, selection and cases: data/risk/README.md, data/supervision/README.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.second_opinion.answers import ANSWERED, INVALID, NOT_ASKED, NOT_COLLECTED
from tests.second_opinion.populations import Rows, World
from tests.second_opinion.reading import load_yaml
from tests.second_opinion.registers import read_csv

TRIGGERED, NOT_TRIGGERED, NOT_ASSESSABLE = "triggered", "not_triggered", "not_assessable"
DOMAINS = ("lea", "vve")


@dataclass(frozen=True)
class Signal:
    rule: Mapping[str, Any]
    outcome: str
    evidence: str | None
    reason: str | None


def _holds_in(said: Mapping[str, Any], year: int) -> bool:
    return int(said.get("valid_from", 0)) <= year <= int(said.get("valid_to", 9999))


def sufficiency(world: World, year: int, code: str) -> str:
    """definitions.md 5, sufficient places."""
    target, places = world.count(year, code, "target_toddlers"), world.count(year, code, "places")
    if target is None or places is None:
        return "unknown"
    return "sufficient" if places >= target else "insufficient"


def signals(world: World, year: int) -> dict[str, list[Signal]]:
    """What every rule of the year says of every municipality of the register."""
    rules = [rule for rule in load_yaml(world.data_dir / "risk" / "rules.yaml")["rules"] if _holds_in(rule, year)]
    codes = sorted(world.registered(year)) if rules else ()
    return {code: [_signal(world, year, code, rule) for rule in rules] for code in codes}


def _signal(world: World, year: int, code: str, rule: Mapping[str, Any]) -> Signal:
    if code not in world.replies[year]:
        return Signal(rule, NOT_ASSESSABLE, None, "no_questionnaire")
    needed = int(rule.get("at_least", 1))
    found = [_condition(world, year, code, condition) for condition in rule["when"]]
    shown = [evidence for holds, evidence in found if holds]
    if len(shown) >= needed:
        return Signal(rule, TRIGGERED, ", ".join(shown), None)
    lacking = sorted({why for holds, why in found if holds is None})
    if len(shown) + sum(holds is None for holds, _ in found) >= needed:
        return Signal(rule, NOT_ASSESSABLE, None, ", ".join(lacking))
    return Signal(rule, NOT_TRIGGERED, None, None)


def _condition(world: World, year: int, code: str, said: Mapping[str, Any]) -> tuple[bool | None, str]:
    """Whether it holds, and the evidence; None with the status of what is missing."""
    if "derived" in said:
        if not all(world.questions(year, concept) for concept in ("places", "target_toddlers")):
            return None, "not_in_questionnaire"
        own = sufficiency(world, year, code)
        given = {concept: _given(world, year, code, concept) for concept in ("places", "target_toddlers")}
        lacking = [text for text in given.values() if not text.isdigit()]
        lost = [status for status in (NOT_COLLECTED, INVALID) if status in lacking]
        if lacking and (lost or own not in said["options"]):  # what was lost or is wrong does not say that nobody knows
            return None, (lost or lacking)[0]
        return own in said["options"], ", ".join(f"{concept} {text}" for concept, text in given.items())
    items = frozenset({said["item"]}) if "item" in said else None
    questions = world.questions(year, said["concept"], items)
    if not questions:
        return None, "not_in_questionnaire"
    reply = world.replies[year][code][questions[0].id]
    for option in reply.question.options:
        if option.key in said["options"] and reply.chose(option.code):
            return True, f"{reply.question.id}={option.key}"
    status = reply.overall()
    if settled := said.get("settled_by"):
        for question in world.questions(year, settled["concept"], items):
            before = world.replies[year][code][question.id]
            if any(o.key == settled["option"] and before.chose(o.code) for o in question.options):
                return False, ""
            if status == NOT_ASKED and before.overall() != ANSWERED:
                status = before.overall()  # that is the answer that is missing
    return (False, "") if status == ANSWERED else (None, status)


def _given(world: World, year: int, code: str, concept: str) -> str:
    reply = world.reply(year, code, concept)
    assert reply is not None
    return reply.overall() if reply.number is None else str(reply.number)


def assessment(own: list[Signal]) -> dict[str, Any]:
    """What comes of all rules for one municipality that answered."""
    hits = {d: sum(s.rule["domain"] == d and s.outcome == TRIGGERED for s in own) for d in DOMAINS}
    unclear = {d: sum(s.rule["domain"] == d and s.outcome == NOT_ASSESSABLE for s in own) for d in DOMAINS}
    if all(hits.values()):
        risk = "both"
    elif any(hits.values()):
        risk = f"{next(d for d in DOMAINS if hits[d])}_only"
    else:
        risk = "not_assessable" if any(unclear.values()) else "none"
    return (
        {"risk": risk}
        | {f"{d}_signals": hits[d] for d in DOMAINS}
        | {f"{d}_not_assessable": unclear[d] for d in DOMAINS}
    )


def selection(world: World, year: int, found: dict[str, list[Signal]]) -> Iterator[tuple[str, str, str]]:
    """Municipality, domain, and the criteria that select it."""
    said = [c for c in load_yaml(world.data_dir / "risk" / "criteria.yaml")["criteria"] if _holds_in(c, year)]
    for code in sorted(world.registered(year)) if said else ():
        own = found.get(code, [])
        answered = code in world.replies[year]
        met = {c["id"]: _met(c, own, answered) for c in said}
        alone = {c["domain"] for c in said if met[c["id"]] and "beside" not in c}
        for domain in DOMAINS:
            by = [
                c["id"]
                for c in said
                if c["domain"] == domain and met[c["id"]] and ("beside" not in c or c["beside"] in alone)
            ]
            if by:
                yield code, domain, ", ".join(by)


def _met(criterion: Mapping[str, Any], own: list[Signal], answered: bool) -> bool:
    if criterion.get("without_questionnaire") == "true":
        return not answered
    named = criterion.get("rules", ())
    hits = [
        s.rule
        for s in own
        if s.outcome == TRIGGERED and (s.rule["id"] in named or s.rule["domain"] == criterion.get("rules_of"))
    ]
    number = len({rule["subject"] for rule in hits}) if criterion.get("counts") == "subjects" else len(hits)
    return number >= int(criterion["at_least"])


def cases(world: World, year: int) -> dict[tuple[str, str], list[str]]:
    """Municipality and domain → the events of its case, in order."""
    file = world.data_dir / "supervision" / f"{year}.csv"
    found: dict[tuple[str, str], list[str]] = {}
    for row in read_csv(file) if file.exists() else ():
        found.setdefault((row["municipality_code"], row["domain"]), []).append(row["event"])
    return found


def risk_signals(world: World) -> Rows:
    for year in world.years:
        for code, own in signals(world, year).items():
            for signal in own:
                yield (
                    (year, code, signal.rule["id"]),
                    {
                        "is_respondent": code in world.replies[year],
                        "domain": signal.rule["domain"],
                        "subject": signal.rule["subject"],
                        "signal": signal.outcome,
                        "evidence": signal.evidence,
                        "not_assessable_reasons": signal.reason,
                    },
                )


def risk_assessment(world: World) -> Rows:
    for year in world.years:
        for code, own in signals(world, year).items():
            yield (year, code), {"is_respondent": code in world.replies[year]} | assessment(own)


def supervision_selection(world: World) -> Rows:
    for year in world.years:
        for code, domain, by in selection(world, year, signals(world, year)):
            yield (year, code, domain), {"selected_by": by}
