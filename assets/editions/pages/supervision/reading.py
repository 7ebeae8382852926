"""What an edition says of risk analysis and supervision, read from the marts as typed records.

Belongs here: ``rpt_supervision_flow``, ``rpt_open_cases``, ``dim_risk_rule``, ``dim_supervision_criterion`` and the
facts on risk and cases, of one survey year. Does not belong here: counting steps or judging risks (dbt does that),
showing any of it (``supervision.py``, ``flow.py``, ``templates/supervision.html.j2``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.texts import Text
from assets.editions.content.mark import Origin, origin_of
from assets.editions.content.words import DOMAINS, RISKS, evidence_in_words, read_option_labels
from assets.editions.pages.records import has_tables
from assets.editions.pictures.flow import Count, Step

if TYPE_CHECKING:
    import duckdb

_NEEDED = (
    "rpt_supervision_flow",
    "rpt_open_cases",
    "dim_risk_rule",
    "dim_supervision_criterion",
    "dim_municipality_year",
    "dim_option",
    "fct_risk_signals",
    "fct_risk_assessment",
    "fct_supervision_selection",
    "fct_supervision_cases",
)


class Risk(NamedTuple):
    """How many respondents have a risk, in which domains."""

    label: Text
    municipalities: int


class Rule(NamedTuple):
    """A rule, and for how many municipalities of the register it is triggered, not, or cannot be told.

    ``not_assessable_of_respondents``: how many of the latter sent a questionnaire all the same.
    """

    key: str
    domain: Text
    label: Text
    at_least: int
    of_conditions: int
    conditions: str
    rests_on: str
    triggered: int
    not_triggered: int
    not_assessable: int
    not_assessable_of_respondents: int


class Criterion(NamedTuple):
    """A reason to contact municipalities about a domain, and how many met it."""

    key: str
    domain: Text
    label: Text
    rests_on: str
    municipalities: int


class Reason(NamedTuple):
    """A rule that a municipality triggers, and the answers that do it."""

    label: Text
    evidence: Text


class Contact(NamedTuple):
    """What a municipality is contacted about: a domain, by which criteria, and for which possible risks."""

    code: str
    name: str
    domain: Text
    criteria: tuple[Text, ...]
    reasons: tuple[Reason, ...]


class OpenCase(NamedTuple):
    """A case in which something is left to be done. ``age``: days from selection to the newest record."""

    code: str
    name: str
    domain: Text
    selected_on: date
    last_event: Text
    last_event_on: date
    age: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Supervision:
    """Everything, of one survey year. ``risk_list`` and ``cases`` are the rows of the two CSV files without their
    origin.

    ``respondents`` is the base of the risks; ``registered`` that of the rules and the selection; ``recorded_to`` the
    date of the newest record, None where there are none.
    """

    survey_year: int
    reference_year: int
    registered: int
    respondents: int
    steps: tuple[Step, ...]
    risks: tuple[Risk, ...]
    rules: tuple[Rule, ...]
    criteria: tuple[Criterion, ...]
    contacts: tuple[Contact, ...]
    open_cases: tuple[OpenCase, ...]
    recorded_to: date | None
    risk_list: tuple[tuple[Any, ...], ...]
    cases: tuple[tuple[Any, ...], ...]
    origin: Origin

    @property
    def contacted(self) -> int:
        """The municipalities that the criteria select."""
        return len({contact.code for contact in self.contacts})

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)


def read_supervision(
    connection: duckdb.DuckDBPyConnection, schema: str, survey_year: int, origin: Origin
) -> Supervision | None:
    """The survey year's risk analysis and what followed, from ``schema``; None where it has none, or lacks a table.

    ``origin`` is that of the answers; records of cases that were generated make all of it synthetic.
    """
    if not has_tables(connection, schema, _NEEDED):
        return None
    read = _Reader(connection, schema, survey_year)
    flow = read.rows(
        "select step, label_nl, label_en, after, domain, municipalities, base, without_questionnaire, origin, "
        "reference_year"
        " from {schema}.rpt_supervision_flow where survey_year = $year order by step_no, domain"
    )
    if not flow:
        return None
    recorded = read.rows("select origin from {schema}.fct_supervision_cases where survey_year = $year")
    ((registered, respondents),) = read.rows(
        "select count(*), count(*) filter (where is_respondent) from {schema}.fct_risk_assessment where survey_year = "
        "$year"
    )
    ((recorded_to,),) = read.rows("select max(recorded_to) from {schema}.rpt_open_cases where survey_year = $year")
    return Supervision(
        survey_year=survey_year,
        reference_year=flow[0][9],
        registered=registered,
        respondents=respondents,
        steps=_steps(flow),
        risks=_risks(read),
        rules=_rules(read),
        criteria=_criteria(read),
        contacts=_contacts(read),
        open_cases=_open_cases(read),
        recorded_to=recorded_to,
        risk_list=tuple(read.rows(_RISK_LIST)),
        cases=tuple(read.rows(_CASES)),
        origin=origin_of([origin, *(row[8] for row in flow), *(row[0] for row in recorded)]),
    )


@dataclass(slots=True)
class _Reader:
    """Rows of one survey year."""

    connection: duckdb.DuckDBPyConnection
    schema: str
    year: int

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        parameters = {"year": self.year} if "$year" in query else {}
        return self.connection.execute(query.format(schema=self.schema), parameters).fetchall()


def _steps(flow: list[tuple[Any, ...]]) -> tuple[Step, ...]:
    """The steps that the figure shows: what the analysis could not assess only where that happened."""
    steps: dict[str, Step] = {}
    for key, label_nl, label_en, after, domain, *count in flow:
        step = steps.setdefault(key, Step(key, Text(label_nl, label_en), after, {}))
        step.counts[domain] = Count(*count[:3])
    return tuple(step for step in steps.values() if step.key != "not_assessable" or not step.is_empty)


def _risks(read: _Reader) -> tuple[Risk, ...]:
    found = dict(
        read.rows(
            "select risk, count(*) from {schema}.fct_risk_assessment where survey_year = $year and is_respondent "
            "group by risk"
        )
    )
    return tuple(
        Risk(label, found.get(key, 0)) for key, label in RISKS.items() if key != "not_assessable" or found.get(key)
    )


def _rules(read: _Reader) -> tuple[Rule, ...]:
    rows = read.rows("""
        select
            rules.rule, rules.domain, rules.label_nl, rules.label_en, rules.at_least, rules.conditions, rules.rests_on,
            count(*) filter (where signals.signal = 'triggered'),
            count(*) filter (where signals.signal = 'not_triggered'),
            count(*) filter (where signals.signal = 'not_assessable'),
            count(*) filter (where signals.signal = 'not_assessable' and signals.is_respondent)
        from {schema}.dim_risk_rule as rules
        inner join {schema}.fct_risk_signals as signals on rules.rule = signals.rule and signals.survey_year = $year
        group by all order by any_value(rules.rule_no)""")
    return tuple(
        Rule(key, DOMAINS[domain], Text(nl, en), at_least, conditions.count(" | ") + 1, conditions, *others)
        for key, domain, nl, en, at_least, conditions, *others in rows
    )


_MET = """
    select survey_year, municipality_code, domain, unnest(string_split(selected_by, ', ')) as criterion
    from {schema}.fct_supervision_selection where survey_year = $year"""


def _criteria(read: _Reader) -> tuple[Criterion, ...]:
    rows = read.rows(f"""
        select criteria.criterion, criteria.domain, criteria.label_nl, criteria.label_en, criteria.rests_on,
            count(met.municipality_code)
        from {{schema}}.dim_supervision_criterion as criteria
        left join ({_MET}) as met using (criterion)
        where $year between criteria.valid_from and coalesce(criteria.valid_to, $year)
        group by all order by any_value(criteria.criterion_no)""")
    return tuple(Criterion(key, DOMAINS[domain], Text(nl, en), *others) for key, domain, nl, en, *others in rows)


def _contacts(read: _Reader) -> tuple[Contact, ...]:
    """By the municipality's code, LEA before vve; reasons in the order of the rules."""
    labels = {
        key: Text(nl, en)
        for key, nl, en in read.rows("select criterion, label_nl, label_en from {schema}.dim_supervision_criterion")
    }
    options = read_option_labels(read.connection, read.schema, read.year)
    reasons: dict[tuple[str, str], list[Reason]] = {}
    for code, domain, nl, en, evidence in read.rows(
        "select signals.municipality_code, signals.domain, rules.label_nl, rules.label_en, signals.evidence"
        " from {schema}.fct_risk_signals as signals inner join {schema}.dim_risk_rule as rules using (rule)"
        " where signals.survey_year = $year and signals.signal = 'triggered' order by 1, signals.rule_no"
    ):
        reasons.setdefault((code, domain), []).append(Reason(Text(nl, en), evidence_in_words(evidence, options)))
    selected = read.rows(
        "select municipality_code, municipality_name, domain, selected_by from {schema}.fct_supervision_selection"
        " inner join {schema}.dim_municipality_year using (survey_year, municipality_code)"
        " where survey_year = $year order by municipality_name, municipality_code, domain"
    )
    return tuple(
        Contact(
            code,
            name,
            DOMAINS[domain],
            tuple(labels.get(key, Text(key, key)) for key in selected_by.split(", ")),
            tuple(reasons.get((code, domain), ())),
        )
        for code, name, domain, selected_by in selected
    )


def _open_cases(read: _Reader) -> tuple[OpenCase, ...]:
    rows = read.rows(
        "select municipality_code, municipality_name, domain, selected_on, last_event_label_nl, last_event_label_en,"
        " last_event_on, age_days, waiting_days from {schema}.rpt_open_cases where survey_year = $year"
        " order by age_days desc, waiting_days desc, municipality_code, domain"
    )
    return tuple(
        OpenCase(code, name, DOMAINS[domain], selected, Text(nl, en), *others)
        for code, name, domain, selected, nl, en, *others in rows
    )


_RISK_LIST = """
select signals.survey_year, signals.reference_year, signals.municipality_code, municipalities.municipality_name,
    municipalities.province, assessed.risk, signals.domain, signals.subject, signals.rule, rules.label_nl,
    rules.label_en,
    signals.evidence, rules.rests_on, selected.selected_by is not null, selected.selected_by
from {schema}.fct_risk_signals as signals
inner join {schema}.dim_risk_rule as rules using (rule)
inner join {schema}.fct_risk_assessment as assessed using (survey_year, municipality_code)
inner join {schema}.dim_municipality_year as municipalities using (survey_year, municipality_code)
left join {schema}.fct_supervision_selection as selected
    on signals.survey_year = selected.survey_year and signals.municipality_code = selected.municipality_code
    and signals.domain = selected.domain
where signals.survey_year = $year and signals.signal = 'triggered'
order by signals.municipality_code, signals.rule_no"""
_CASES = """
select cases.survey_year, cases.reference_year, cases.municipality_code, municipalities.municipality_name,
    municipalities.province, cases.domain, cases.is_respondent, cases.selected_by, cases.selected_on,
    cases.conversation_on,
    cases.outcome, cases.was_investigated, cases.last_event, cases.closed_on, cases.is_closed, cases.age_days
from {schema}.fct_supervision_cases as cases
inner join {schema}.dim_municipality_year as municipalities using (survey_year, municipality_code)
where cases.survey_year = $year
order by cases.municipality_code, cases.domain"""
