"""What an edition says of the quality of its numbers, as read from the marts.

Belongs here: the queries, and the typed form of what they find, in both languages. Does not belong here: computing a
number or rounding one (dbt does that), the pictures (``quality_drawing.py``), the page (``quality.py``,
``templates/quality.html.j2``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.texts import Text, counted, text_of
from assets.editions.content.words import ANSWER_STATUSES, STATUSES
from assets.editions.pages.records import has_tables, read_records

if TYPE_CHECKING:
    import duckdb

TABLES = (
    "dim_plausibility_rule",
    "fct_counts_not_given",
    "fct_panel",
    "fct_panel_exclusions",
    "fct_plausibility",
    "fct_reach_decomposition",
    "rpt_call_list",
    "rpt_reach_bounds",
    "rpt_reach_decomposition",
    "rpt_response",
)
COUNTS = {
    "target_toddlers": Text("Doelgroeppeuters", "Target toddlers"),
    "places": Text("Kindplaatsen", "Places"),
    "reached_toddlers": Text("Bereikte doelgroeppeuters", "Reached target toddlers"),
}
_OF_WHAT = {
    "target_toddlers": Text("het aantal doelgroeppeuters", "the target toddlers"),
    "places": Text("het aantal kindplaatsen", "the places"),
    "reached_toddlers": Text("het aantal bereikte doelgroeppeuters", "the target toddlers reached"),
}
_BEYOND = {"at_least": Text("minder dan", "less than"), "at_most": Text("meer dan", "more than")}
_LAST_YEAR = Text("het aantal van vorig jaar", "last year's number")
PANELS = {
    "strict": (
        Text("Strikt", "Strict"),
        Text(
            "Gemeenten met dezelfde code en hetzelfde grondgebied in alle jaren, die in elk jaar alle drie de "
            "aantallen gaven.",
            "Municipalities with the same code and territory in all years, that gave all three counts in each.",
        ),
    ),
    "harmonised": (
        Text("Geharmoniseerd", "Harmonised"),
        Text(
            "Gemeenten naar de indeling van het jaar van deze editie; voorgangers zijn opgeteld als zij alle drie de "
            "aantallen gaven.",
            "Municipalities by the borders of this edition's year; predecessors are added up when all of them gave "
            "all three counts.",
        ),
    ),
}
_OF_PANEL = {
    "strict": ("territory_changed", "not_a_respondent", "incomplete"),
    "harmonised": ("split_not_harmonisable", "not_a_respondent", "incomplete"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a waterfall: a ``level`` (percent), a ``part`` of the change or the ``total`` change (percentage
    points).

    ``n`` and ``territory_changed`` are None where they do not apply, as are the target toddlers (of either year).
    ``reach_from``, ``reach_to``: the reach of its municipalities together.
    """

    component: str
    kind: str
    label: Text
    value: Decimal
    printed: Text
    starts_at: Decimal | None
    ends_at: Decimal | None
    n: int | None
    territory_changed: int | None
    target_from: int | None
    target_to: int | None
    reach_from: Text
    reach_to: Text


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reference years, and how the reach of the one becomes that of the other."""

    from_year: int
    to_year: int
    steps: tuple[Step, ...]

    @property
    def key(self) -> str:
        return f"{self.from_year}_{self.to_year}"

    def step(self, component: str) -> Step:
        return next(step for step in self.steps if step.component == component)


class PanelYears(NamedTuple):
    """A set of reference years: how many are in its panel, and how many drop out at which condition."""

    years: Text
    n: int
    excluded: Mapping[str, int]

    @property
    def total(self) -> int:
        return self.n + sum(self.excluded.values())


class Panel(NamedTuple):
    key: str
    label: Text
    definition: Text
    reasons: tuple[str, ...]
    sets: tuple[PanelYears, ...]


class YearResponse(NamedTuple):
    survey_year: int
    reference_year: int
    registered: int
    respondents: int
    response: Text


class QuestionResponse(NamedTuple):
    """``by_status``: the municipalities that were asked, by their answer status."""

    question_id: str
    wording: Text
    asked: int
    by_status: Mapping[str, int]
    response: Text


class NotGiven(NamedTuple):
    """How many municipalities of the register did not give a count, by status; ``known_before``: gave it in an earlier
    year."""

    survey_year: int
    reference_year: int
    what: Text
    registered: int
    by_status: Mapping[str, int]
    known_before: int

    @property
    def n(self) -> int:
        return sum(self.by_status.values())


@dataclass(frozen=True, slots=True)
class Bounds:
    """The published reach of a category, which rests on ``n`` of its ``municipalities``, between its bounds
    (shares)."""

    survey_year: int
    reference_year: int
    breakdown: str
    breakdown_label: Text
    label: Text
    reach: float | None
    lower: float | None
    upper: float | None
    reach_printed: Text
    lower_printed: Text
    upper_printed: Text
    n: int
    municipalities: int
    grounds: Mapping[str, int]

    @property
    def name(self) -> Text:
        """What it is of, with its year."""
        whole = self.breakdown == "total"
        return Text(
            *(
                f"{label}, {self.reference_year}" if whole else f"{breakdown}: {label.lower()}, {self.reference_year}"
                for breakdown, label in zip(self.breakdown_label, self.label, strict=True)
            )
        )


class Rule(NamedTuple):
    """A plausibility rule, when an answer is odd by it, and what it says of municipalities: status → number, by survey
    year."""

    rule: str
    label: Text
    odd: Text
    by_year: Mapping[int, Mapping[str, int]]


class Call(NamedTuple):
    """A question to a municipality. ``compared_with``: what ``value`` is held against, of the same or of last year."""

    call_no: int
    municipality_code: str
    municipality: str
    province: str
    label: Text
    question_ids: str
    value: int | None
    compared_with: int | None
    ask: Text


@dataclass(frozen=True, slots=True)
class Quality:
    """All that the page says. ``newest``: the newest survey year with answers, which ``questions`` and ``calls`` are
    of."""

    newest: int
    pairs: tuple[Pair, ...]
    panels: tuple[Panel, ...]
    response: tuple[YearResponse, ...]
    questions: tuple[QuestionResponse, ...]
    not_given: tuple[NotGiven, ...]
    bounds: tuple[Bounds, ...]
    rules: tuple[Rule, ...]
    calls: tuple[Call, ...]

    @property
    def shown_bounds(self) -> tuple[Bounds, ...]:
        """All municipalities in every year, then the newest year by group."""
        whole = [bounds for bounds in self.bounds if bounds.breakdown == "total"]
        by_group = [b for b in self.bounds if b.breakdown != "total" and b.survey_year == self.bounds[-1].survey_year]
        return tuple(whole + by_group)

    @property
    def not_given_statuses(self) -> tuple[str, ...]:
        """The statuses that counts not given have."""
        return tuple(status for status in STATUSES if any(status in one.by_status for one in self.not_given))

    @property
    def rule_years(self) -> tuple[int, ...]:
        """The survey years in which a rule holds, the newest first."""
        return tuple(sorted({year for rule in self.rules for year in rule.by_year}, reverse=True))

    @property
    def callees(self) -> int:
        """How many municipalities are to be called."""
        return len({call.municipality_code for call in self.calls})


def read_quality(connection: duckdb.DuckDBPyConnection, schema: str) -> Quality | None:
    """Read the page's content from ``schema``; None where one of TABLES is absent, or nobody was asked anything."""
    if not has_tables(connection, schema, TABLES):
        return None
    response = read_records(
        connection, f"from {schema}.rpt_response where breakdown = 'total' order by survey_year, question_no"
    )
    if not response:
        return None
    newest: int = max(record["survey_year"] for record in response)
    years = [_year_response(record) for record in response if record["level"] == "questionnaire"]
    return Quality(
        newest=newest,
        pairs=_pairs(connection, schema),
        panels=_panels(connection, schema),
        response=tuple(years),
        questions=tuple(_question(r) for r in response if r["survey_year"] == newest and r["level"] == "question"),
        not_given=_not_given(connection, schema, {year.survey_year: year.registered for year in years}),
        bounds=_bounds(connection, schema),
        rules=_rules(connection, schema),
        calls=tuple(map(_call, read_records(connection, f"from {schema}.rpt_call_list order by call_no, question_no"))),
    )


def _pairs(connection: duckdb.DuckDBPyConnection, schema: str) -> tuple[Pair, ...]:
    """The level of a year has the target toddlers of all who gave both counts in it: who continues, and who leaves or
    enters."""
    records = read_records(
        connection,
        f"""
        with parts as (from {schema}.fct_reach_decomposition),
        levels as (
            select from_reference_year, to_reference_year,
                sum(target_toddlers_from) filter (where component in ('within', 'leaving'))::bigint as target_from,
                sum(target_toddlers_to) filter (where component in ('within', 'entering'))::bigint as target_to
            from parts group by all
        )
        select steps.*, parts.n_territory_changed, parts.group_percent_from, parts.group_percent_to,
            case steps.component when 'reach_from' then levels.target_from when 'leaving' then
            parts.target_toddlers_from
                when 'within' then parts.target_toddlers_from when 'between' then parts.target_toddlers_from
            end as target_from,
            case steps.component when 'reach_to' then levels.target_to when 'entering' then parts.target_toddlers_to
                when 'within' then parts.target_toddlers_to when 'between' then parts.target_toddlers_to
            end as target_to
        from {schema}.rpt_reach_decomposition as steps
        left join parts using (from_reference_year, to_reference_year, component)
        left join levels using (from_reference_year, to_reference_year)
        order by from_reference_year, to_reference_year, step_no""",
    )
    by_years = groupby(records, lambda record: (record["from_reference_year"], record["to_reference_year"]))
    return tuple(Pair(*years, tuple(map(_step, own))) for years, own in by_years)


def _step(record: dict[str, Any]) -> Step:
    moves = record["component"] in ("entering", "leaving")
    return Step(
        component=record["component"],
        kind=record["kind"],
        label=text_of(record, "label"),
        value=record["value"],
        printed=text_of(record, "value_text"),
        starts_at=record["starts_at"],
        reach_from=counted(record["group_percent_from"], "%"),
        reach_to=counted(record["group_percent_to"], "%"),
        ends_at=record["ends_at"],
        n=record["n_municipalities"],
        territory_changed=record["n_territory_changed"] if moves else None,
        target_from=record["target_from"],
        target_to=record["target_to"],
    )


def _panels(connection: duckdb.DuckDBPyConnection, schema: str) -> tuple[Panel, ...]:
    records = read_records(
        connection,
        f"""
        select panel, reference_years, 'in_panel' as reason, count(distinct municipality_code) as n
        from {schema}.fct_panel group by all
        union all
        select panel, reference_years, exclusion_reason, count(*) from {schema}.fct_panel_exclusions group by all
        order by panel, len(string_split(reference_years, ',')), reference_years, reason""",
    )
    by_panel: dict[str, dict[str, dict[str, int]]] = {panel: {} for panel in PANELS}
    for record in records:
        sets = by_panel.setdefault(record["panel"], {})
        sets.setdefault(record["reference_years"], {})[record["reason"]] = record["n"]
    return tuple(
        Panel(
            panel, *PANELS[panel], _OF_PANEL[panel], tuple(_panel_years(*one, _OF_PANEL[panel]) for one in sets.items())
        )
        for panel, sets in by_panel.items()
        if sets
    )


def _panel_years(years: str, by_reason: Mapping[str, int], reasons: Iterable[str]) -> PanelYears:
    *before, last = years.split(",")
    listed = Text(*(f"{', '.join(before)} {word} {last}" for word in ("en", "and")))
    return PanelYears(listed, by_reason.get("in_panel", 0), {reason: by_reason.get(reason, 0) for reason in reasons})


def _year_response(record: dict[str, Any]) -> YearResponse:
    return YearResponse(
        record["survey_year"],
        record["reference_year"],
        record["registered"],
        record["respondents"],
        text_of(record, "response_text"),
    )


def _question(record: dict[str, Any]) -> QuestionResponse:
    return QuestionResponse(
        question_id=record["question_id"],
        wording=text_of(record, "wording"),
        asked=record["asked"],
        by_status={status: record[status] for status in ANSWER_STATUSES if status != "not_asked"},
        response=text_of(record, "response_text"),
    )


def _not_given(
    connection: duckdb.DuckDBPyConnection, schema: str, registered: Mapping[int, int]
) -> tuple[NotGiven, ...]:
    records = read_records(
        connection,
        f"""
        select survey_year, reference_year, concept, status, count(*) as n, count(last_given_number) as known_before
        from {schema}.fct_counts_not_given group by all order by survey_year desc, concept, status""",
    )
    by_count: dict[tuple[int, int, str], list[dict[str, Any]]] = {}
    for record in records:
        by_count.setdefault((record["survey_year"], record["reference_year"], record["concept"]), []).append(record)
    order = list(COUNTS)
    return tuple(
        NotGiven(
            survey_year=survey_year,
            reference_year=reference_year,
            what=COUNTS[concept],
            registered=registered[survey_year],
            by_status={record["status"]: record["n"] for record in own},
            known_before=sum(record["known_before"] for record in own),
        )
        for (survey_year, reference_year, concept), own in sorted(
            by_count.items(), key=lambda item: (-item[0][0], order.index(item[0][2]))
        )
    )


_GROUNDS = ("both_given", "reached_not_given", "target_not_given", "neither_given", "no_questionnaire")
_FILLED_IN = ("from_last_year_given", "from_pupils", "left_out", "above_target")
GROUNDS = {
    "both_given": Text("beide gegeven", "both given"),
    "reached_not_given": Text("geen bereik", "no reach"),
    "target_not_given": Text("geen doelgroep", "no target group"),
    "neither_given": Text("geen van beide", "neither"),
    "no_questionnaire": Text("geen vragenlijst", "no questionnaire"),
    "from_last_year_given": Text("doelgroep uit eerder jaar", "target of earlier year"),
    "from_pupils": Text("doelgroep uit leerlingen", "target from pupils"),
    "left_out": Text("weggelaten", "left out"),
    "above_target": Text("bereik boven 100%", "reach above 100%"),
}


def _bounds(connection: duckdb.DuckDBPyConnection, schema: str) -> tuple[Bounds, ...]:
    records = read_records(
        connection,
        f"from {schema}.rpt_reach_bounds order by survey_year, breakdown = 'total' desc, breakdown, category_no",
    )
    return tuple(
        Bounds(
            survey_year=record["survey_year"],
            reference_year=record["reference_year"],
            breakdown=record["breakdown"],
            breakdown_label=text_of(record, "breakdown_label"),
            label=text_of(record, "label"),
            reach=record["reach"],
            lower=record["lower"],
            upper=record["upper"],
            reach_printed=text_of(record, "reach_text"),
            lower_printed=text_of(record, "lower_text"),
            upper_printed=text_of(record, "upper_text"),
            n=record["n"],
            municipalities=record["municipalities"],
            grounds={ground: record[f"n_{ground}"] for ground in (*_GROUNDS, *_FILLED_IN)},
        )
        for record in records
    )


def _rules(connection: duckdb.DuckDBPyConnection, schema: str) -> tuple[Rule, ...]:
    counted = read_records(
        connection,
        f"select rule, survey_year, status, count(*) as n from {schema}.fct_plausibility group by all order by all",
    )
    by_rule: dict[str, dict[int, dict[str, int]]] = {}
    for record in counted:
        by_year = by_rule.setdefault(record["rule"], {})
        by_year.setdefault(record["survey_year"], {})[record["status"]] = record["n"]
    return tuple(
        Rule(record["rule"], text_of(record, "label"), _when_odd(record), by_rule.get(record["rule"], {}))
        for record in read_records(connection, f"from {schema}.dim_plausibility_rule order by rule_no")
    )


def _when_odd(rule: dict[str, Any]) -> Text:
    """When an answer is odd by a rule, in words; its thresholds are data."""
    if rule["kind"] == "equal_to_last_year":
        return Text(
            f"precies gelijk aan vorig jaar, vanaf {rule['smallest']}",
            f"exactly last year's, from {rule['smallest']} on",
        )
    if rule["kind"] == "choice_changed":
        return Text(
            "andere indicatoren dan vorig jaar, ook als het er evenveel zijn",
            "other indicators than last year, as many or not",
        )
    beside = _OF_WHAT.get(rule["other_concept"], _LAST_YEAR)
    limits = [
        Text(f"{word.nl} {_percent(rule[bound]).replace('.', ',')}", f"{word.en} {_percent(rule[bound])}")
        for bound, word in _BEYOND.items()
        if rule[bound] is not None
    ]
    margin = rule["margin"]
    apart = Text(f", en meer dan {margin} verschil", f", and more than {margin} apart") if margin else Text("", "")
    return Text(
        " of ".join(limit.nl for limit in limits) + f" van {beside.nl}{apart.nl}",
        " or ".join(limit.en for limit in limits) + f" of {beside.en}{apart.en}",
    )


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _call(record: dict[str, Any]) -> Call:
    other, last_year = record["other_value"], record["last_year_value"]
    return Call(
        call_no=record["call_no"],
        municipality_code=record["municipality_code"],
        municipality=record["municipality_name"],
        province=record["province"],
        label=text_of(record, "label"),
        question_ids=record["question_ids"],
        value=record["value"],
        compared_with=last_year if other is None else other,
        ask=text_of(record, "ask"),
    )
