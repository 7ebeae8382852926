"""What each municipality adds to each number: definitions.md 2, 4 and 5; data/catalogue/measures.yaml names what is
counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from tests.second_opinion import risk
from tests.second_opinion.answers import ANSWERED, NOT_COLLECTED, UNUSABLE, Reply
from tests.second_opinion.panels import name, panels
from tests.second_opinion.populations import RESPONDENTS, World
from tests.second_opinion.reach import reaching
from tests.second_opinion.reading import Question, load_yaml
from tests.second_opinion.registers import UNKNOWN

MISSING = "missing"


class Part(NamedTuple):
    """What a municipality adds above and below the line (below: None for a total), and how much of it is unknown."""

    numerator: int
    denominator: int | None
    unknown: int = 0


Members = dict[str, Part]


@dataclass(frozen=True)
class Term:
    """Options of questions, named by their concept (and items), or by their id."""

    concept: str | None
    items: frozenset[str] | None
    question: str | None
    options: frozenset[str]

    def questions(self, world: World, year: int) -> list[Question]:
        if self.question is not None:
            found = world.years[year].by_id.get(self.question)
            return [found] if found else []
        assert self.concept is not None
        return world.questions(year, self.concept, self.items)


@dataclass(frozen=True)
class Counted:
    """A measure that counts options."""

    id: str
    count: tuple[Term, ...]
    lowest: int | None
    highest: int | None
    base: str
    among: tuple[Term, ...] = ()


def defined(world: World) -> tuple[list[Counted], list[str]]:
    """The counted measures of data/catalogue/measures.yaml, and the names of the others."""
    counted, others = [], []
    for output in load_yaml(world.data_dir / "catalogue" / "measures.yaml")["measures"]:
        if "count" not in output:
            others.append(output["id"])
            continue
        exactly, lowest, highest = (output.get(name) for name in ("exactly", "at_least", "at_most"))
        lowest, highest = (exactly, exactly) if exactly is not None else (lowest, highest)
        if highest is not None and lowest is None:
            lowest = 0
        counted.append(
            Counted(
                id=output["id"],
                count=_terms(output["count"]),
                lowest=None if lowest is None else int(lowest),
                highest=None if highest is None else int(highest),
                base="among" if "among" in output else output.get("base", "asked"),
                among=_terms(output.get("among", ())),
            )
        )
    return counted, others


def _terms(output: Iterable[Mapping[str, Any]]) -> tuple[Term, ...]:
    return tuple(
        Term(t["concept"], frozenset(t["items"]) if "items" in t else None, None, frozenset(t["options"]))
        for t in output
    )


def of_options(question: str, options: Sequence[str], base: str, among: Mapping[str, Any] | None) -> Counted:
    """The share that chose one of the options of a question: what a cell of a report says by itself."""
    terms = (Term(None, None, among["question"], frozenset(among["options"])),) if among else ()
    own = (Term(None, None, question, frozenset(options)),)
    return Counted(f"{question}={'|'.join(options)}", own, 1, None, "among" if among else base, terms)


class Unit(NamedTuple):
    """What can be known of one thing that is counted: a single choice as a whole, or a box of a multiple choice."""

    asked: bool
    status: str
    yes: int
    unknown: int


def _units(replies: Mapping[str, Reply], terms: Sequence[tuple[Term, Sequence[Question]]]) -> list[list[Unit]]:
    """Per question its units. A single choice is one, however many of its options count: only one of them can be
    chosen."""
    found: dict[str, list[Unit]] = {}
    for term, questions in terms:
        for question in questions:
            reply = replies[question.id]
            codes = [o.code for o in question.options if o.key in term.options]
            has_missing = MISSING in term.options
            if question.type == "multiple":
                units = [_unit(reply, [code], has_missing) for code in codes]
            else:
                units = [_unit(reply, codes, has_missing)]
            found.setdefault(question.id, []).extend(units)
    return list(found.values())


def _unit(reply: Reply, codes: Sequence[str], has_missing: bool) -> Unit:
    asked = reply.asked is True
    status = reply.status(codes[0]) if codes else reply.overall()
    yes = asked and (any(reply.chose(code) for code in codes) or (has_missing and status in UNUSABLE))
    unknown = asked and status != ANSWERED and not yes
    return Unit(asked, status, int(yes), int(unknown))


def counted_members(world: World, year: int, measure: Counted) -> Members | None:
    """Who is in the base, and whether it counts. None in a year that does not ask what is counted."""
    count = [(term, term.questions(world, year)) for term in measure.count]
    among = [(term, term.questions(world, year)) for term in measure.among]
    if not all(questions for _, questions in (*count, *among)):
        return None
    members: Members = {}
    for code, replies in world.replies[year].items():
        questions = _units(replies, count)
        units = [unit for own in questions for unit in own]
        if measure.base == "pooled":
            part = _pooled(questions)
        elif _in_base(measure.base, units, _units(replies, among)):
            part = _bounded(measure, units)
        else:
            continue
        if part.denominator:
            members[code] = part
    return members


def _in_base(base: str, units: Sequence[Unit], among: Sequence[Sequence[Unit]]) -> bool:
    """The table of definitions.md 2."""
    asked = [unit for unit in units if unit.asked]
    if base == "respondents":
        return True
    if base == "asked":
        return any(unit.status != NOT_COLLECTED for unit in asked)
    if base == "answered":
        return bool(asked) and all(unit.status == ANSWERED for unit in asked)
    lost = all(unit.status == NOT_COLLECTED for unit in asked or units)
    return any(unit.yes for own in among for unit in own) and not lost


def _bounded(measure: Counted, units: Sequence[Unit]) -> Part:
    """definitions.md 4: it counts when its number surely lies within the bounds; without bounds the number itself
    counts."""
    yes, unknown = sum(unit.yes for unit in units), sum(unit.unknown for unit in units)
    if measure.lowest is None and measure.highest is None:
        return Part(yes, 1, int(unknown > 0))
    low, high = measure.lowest or 0, measure.highest
    if yes >= low and (high is None or yes + unknown <= high):
        return Part(1, 1)
    surely_out = yes + unknown < low or (high is not None and yes > high)
    return Part(0, 1, int(not surely_out))


def _pooled(questions: Sequence[Sequence[Unit]]) -> Part:
    """Every question apart: of those asked and not lost, how many count, and how many are unknown."""
    kept = [own for own in questions if any(unit.asked and unit.status != NOT_COLLECTED for unit in own)]
    yes = [any(unit.yes for unit in own) for own in kept]
    unknown = [any(unit.unknown for unit in own) and not sure for own, sure in zip(kept, yes, strict=True)]
    return Part(sum(yes), len(kept), sum(unknown))


def other_members(world: World, year: int) -> dict[str, Members]:
    """The measures that count no options, by name; those of panels as ``measure@population``."""
    found: dict[str, Members] = {}
    registered, answered = world.registered(year), world.replies[year]
    found["response"] = {code: Part(int(code in answered), 1) for code in registered}
    found["non_response"] = {code: Part(int(code not in answered), 1) for code in registered}
    for concept in ("target_toddlers", "places", "reached_toddlers"):
        given = {code: world.count(year, code, concept) for code in answered}
        found[f"{concept}_total"] = {code: Part(number, None) for code, number in given.items() if number is not None}
    reach = reaching(world, year)
    for measure in ("reach_national", "reach_mean", "reach_median"):
        found[measure] = {code: Part(reached, target) for code, (target, reached) in reach.items()}
    found["reach_below_target"] = {code: Part(int(r < t), 1) for code, (t, r) in reach.items()}
    found["reach_above_target"] = {code: Part(int(r > t), 1) for code, (t, r) in reach.items()}
    if world.questions(year, "places") and world.questions(year, "target_toddlers"):
        own = {code: risk.sufficiency(world, year, code) for code in answered}
        for kind in ("sufficient", "insufficient", "unknown"):
            untold = 0 if kind == "unknown" else 1
            found[f"places_{kind}"] = {c: Part(int(o == kind), 1, untold * (o == "unknown")) for c, o in own.items()}
    found |= _registers(world, year) | _supervision(world, year)
    return found


def _registers(world: World, year: int) -> dict[str, Members]:
    found: dict[str, Members] = {"disadvantage_score": {}}
    for code in world.registered(year):
        if row := world.registers.disadvantage(code, year):
            score = Fraction(row["disadvantage_score"]) * 10000
            found["disadvantage_score"][code] = Part(int(score), 10000)
    for breakdown in world.breakdowns(RESPONDENTS):
        if breakdown.startswith(("urbanisation_class", "disadvantage_group")):
            classes = {code: world.category(year, code, breakdown) for code in world.registered(year)}
            for category in world.categories(breakdown):
                if category != UNKNOWN:
                    members = {c: Part(int(own == category), 1, int(own == UNKNOWN)) for c, own in classes.items()}
                    found[f"{breakdown}={category}"] = members
    return found


def _supervision(world: World, year: int) -> dict[str, Members]:
    found: dict[str, Members] = {}
    answered, signals = world.replies[year], risk.signals(world, year)
    for code in answered if signals else ():
        for measure, part in _risk(risk.assessment(signals[code])).items():
            found.setdefault(measure, {})[code] = part
    cases = risk.cases(world, year)
    for domain in (*risk.DOMAINS, "any", "without_questionnaire") if cases else ():
        about = {code for code, own in cases if domain not in risk.DOMAINS or own == domain}
        if domain != "any":
            about = {code for code in about if (code in answered) == (domain != "without_questionnaire")}
        found[f"contact_{domain}"] = {code: Part(int(code in about), 1) for code in world.registered(year)}
    for domain in risk.DOMAINS:
        talked = {code: events for (code, own), events in cases.items() if own == domain and "conversation" in events}
        for result in ("no_risk", "improvement_agreement", "investigation"):
            members = {}
            for code, events in talked.items():
                outcomes = [e for e in events if e in ("no_risk", "improvement_agreement", "investigation")]
                hit = result in events if result == "investigation" else outcomes[-1:] == [result]
                members[code] = Part(int(hit), 1)
            found[f"{domain}_case_{result}"] = members
    return found


def _risk(own: Mapping[str, Any]) -> dict[str, Part]:
    """definitions.md 2: unknown where no rule is triggered and one is not assessable, in that domain or in any."""
    hits = {domain: own[f"{domain}_signals"] > 0 for domain in risk.DOMAINS}
    unclear = {domain: not hits[domain] and own[f"{domain}_not_assessable"] > 0 for domain in risk.DOMAINS}
    untold = int(own["risk"] == "not_assessable")
    found = {f"risk_{domain}": Part(int(hits[domain]), 1, int(unclear[domain])) for domain in risk.DOMAINS}
    for one in ("none", "lea_only", "vve_only", "both"):
        found[f"risk_{one}"] = Part(int(own["risk"] == one), 1, untold)
    found["risk_any"] = Part(int(any(hits.values())), 1, untold)
    return found


def panel_members(world: World) -> dict[tuple[str, int], dict[str, Members]]:
    """(population, survey year) → measure → members, of every panel (definitions.md 6)."""
    found: dict[tuple[str, int], dict[str, Members]] = {}
    for panel in panels(world):
        population = name(world, panel.kind, panel.years)
        for year in panel.years:
            measures = found.setdefault((population, year), {m: {} for m in PANEL_MEASURES})
            if panel.reason is None:
                sums = {
                    c: sum(world.count(year, own, c) or 0 for own in panel.parts[year]) for c in PANEL_COUNTS.values()
                }
                for measure, concept in PANEL_COUNTS.items():
                    measures[measure][panel.code] = Part(sums[concept], None)
                if sums["target_toddlers"]:
                    measures["panel_reach"][panel.code] = Part(sums["reached_toddlers"], sums["target_toddlers"])
    return found


PANEL_COUNTS = {f"panel_{concept}_total": concept for concept in ("target_toddlers", "places", "reached_toddlers")}
PANEL_MEASURES = (*PANEL_COUNTS, "panel_reach")
