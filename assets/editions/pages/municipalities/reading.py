"""What the page of each municipality shows, as read from the marts of an edition (or of the warehouse).

Belongs here: one query a topic, for all municipalities at once, into records. Does not belong here: computing a share
or a reach (``fct_comparisons`` and ``rpt_municipality_reach`` do that), how a page shows it (``municipalities.py``,
``templates/``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.texts import Text
from assets.editions.content.words import OptionLabels, read_option_labels
from assets.editions.pages.records import read_records

if TYPE_CHECKING:
    import duckdb

# The marts that a page cannot do without.
NEEDED = ("rpt_municipality_reach", "fct_comparisons")
# The groups that an answer is set beside, in the order of the columns.
BREAKDOWNS = ("total", "urbanisation_class", "disadvantage_group", "urbanisation_and_disadvantage")
_YEARS_OF_PANEL = 3


class Compared(NamedTuple):
    """The share of a group that chose an option: ``percent`` 0 to 100, of ``base`` municipalities that answered."""

    percent: int | None
    base: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the survey year. ``options``: code → label, in their order."""

    question_id: str
    concept: str
    section: str
    answer_type: str
    wording: Text
    options: Mapping[str, Text]


class Answer(NamedTuple):
    """What a municipality answered: ``chosen`` option codes, or the ``number`` of a count. Free text is not in the
    marts."""

    status: str
    chosen: tuple[str, ...]
    number: int | None


class Signal(NamedTuple):
    """A rule that is triggered (with the answers that do so), or that cannot be assessed (with the reason)."""

    rule: str
    domain: str
    label: Text
    signal: str
    evidence: str | None
    not_assessable_reason: str | None


class Case(NamedTuple):
    """A case of the supervisors, with the criteria that selected it; dates are None as long as nothing happened."""

    domain: str
    selected_on: date | None
    conversation_on: date | None
    outcome: str | None
    closed_on: date | None
    age_days: int | None
    criteria: tuple[Text, ...]


class Confirmed(NamedTuple):
    """An odd answer that the municipality has confirmed: what is odd, and when it said so."""

    label: Text
    confirmed_on: date


class NotGiven(NamedTuple):
    """A count that the municipality did not give in the survey year: which one, and the status that says why."""

    concept: str
    status: str
    reference_year: int


class Predecessor(NamedTuple):
    """A municipality whose territory, or a part of it, became this one's, and its last day."""

    name: str
    code: str
    valid_to: date


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the register of the survey year and all that its page shows.

    ``delivery``: the number of the delivery that counts; None for one that did not answer. ``groups``: its category in
    each of ``BREAKDOWNS``, None where it has none. ``reach``: a row of ``rpt_municipality_reach`` a year, oldest first.
    ``exclusion``: why it is not in the panel (a row of ``fct_panel_exclusions``); None for a member.
    """

    code: str
    name: str
    province: str
    urbanisation: Text | None
    disadvantage: Text | None
    is_respondent: bool
    delivery: int | None
    groups: tuple[str | None, ...]
    answers: Mapping[str, Answer]
    reach: tuple[Mapping[str, Any], ...]
    risk: str | None
    signals: tuple[Signal, ...]
    cases: tuple[Case, ...]
    calls: tuple[Text, ...]
    not_given: tuple[NotGiven, ...]
    confirmed: tuple[Confirmed, ...]
    exclusion: Mapping[str, Any] | None
    predecessors: tuple[Predecessor, ...]


@dataclass(frozen=True, slots=True)
class Municipalities:
    """All of them by code, what they were asked, and what their answers are set beside.

    ``compared``: by question, option, breakdown and category. ``panel``: the reference years of the strict panel that
    the pages speak of, oldest first; empty where there is none.
    """

    members: tuple[Municipality, ...]
    questions: Mapping[str, Question]
    option_labels: OptionLabels
    compared: Mapping[tuple[str, str, str, str], Compared]
    panel: tuple[int, ...]


def read_municipalities(connection: duckdb.DuckDBPyConnection, schema: str, survey_year: int) -> Municipalities:
    """Every municipality of the register of the survey year, by code."""
    read = _Reader(connection, schema, survey_year)
    panel = read.panel()
    topics: dict[str, Mapping[str, Any]] = {
        "answers": read.answers(),
        "reach": read.reach(),
        "signals": read.signals(),
        "cases": read.cases(),
        "calls": read.calls(),
        "not_given": read.not_given(),
        "confirmed": read.confirmed(),
        "predecessors": read.predecessors(),
    }
    exclusions, risks = read.exclusions(panel), read.risks()
    members = tuple(
        Municipality(
            code=code,
            name=row["municipality_name"],
            province=row["province"],
            urbanisation=_text(row, "urbanisation"),
            disadvantage=_text(row, "disadvantage"),
            is_respondent=row["is_respondent"],
            delivery=row["delivery"],
            groups=_groups(row),
            risk=risks.get(code),
            exclusion=exclusions.get(code),
            **{name: of.get(code, {} if name == "answers" else ()) for name, of in topics.items()},
        )
        for row in read.register()
        for code in [row["municipality_code"]]
    )
    labels = read_option_labels(connection, schema, survey_year)
    return Municipalities(members, read.questions(), labels, read.compared(), panel)


class _Reader:
    """The queries; each method is one topic, of all municipalities."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, schema: str, survey_year: int) -> None:
        self._connection, self._schema, self._year = connection, schema, survey_year

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query.format(schema=self._schema, year=self._year)).fetchall()

    def _records(self, query: str) -> list[dict[str, Any]]:
        return read_records(self._connection, query.format(schema=self._schema, year=self._year))

    def register(self) -> list[dict[str, Any]]:
        return self._records(_REGISTER)

    def questions(self) -> dict[str, Question]:
        options: dict[str, dict[str, Text]] = defaultdict(dict)
        for question, code, *label in self._rows(_OPTIONS):
            options[question][code] = Text(*label)
        return {
            question: Question(question, concept, section, answer_type, Text(*wording), options[question])
            for question, concept, section, answer_type, *wording in self._rows(_QUESTIONS)
        }

    def compared(self) -> dict[tuple[str, str, str, str], Compared]:
        return {
            (question, option, breakdown, category): Compared(None if percent is None else int(percent), base, is_shown)
            for question, option, breakdown, category, percent, base, is_shown in self._rows(_COMPARED)
        }

    def answers(self) -> dict[str, dict[str, Answer]]:
        found: dict[str, dict[str, Answer]] = defaultdict(dict)
        for code, question, status, chosen, number in self._rows(_ANSWERS):
            found[code][question] = Answer(status, tuple(chosen or ()), number)
        return found

    def reach(self) -> dict[str, tuple[dict[str, Any], ...]]:
        return _by_code(self._records(_REACH))

    def risks(self) -> dict[str, str]:
        return dict(self._rows(_RISKS))

    def signals(self) -> dict[str, tuple[Signal, ...]]:
        found: dict[str, tuple[Signal, ...]] = defaultdict(tuple)
        for code, rule, domain, label_nl, label_en, *rest in self._rows(_SIGNALS):
            found[code] += (Signal(rule, domain, Text(label_nl, label_en), *rest),)
        return found

    def cases(self) -> dict[str, tuple[Case, ...]]:
        found: dict[str, tuple[Case, ...]] = defaultdict(tuple)
        labels = {criterion: Text(*label) for criterion, *label in self._rows(_CRITERIA)}
        for code, domain, selected_on, conversation_on, outcome, closed_on, age, selected_by in self._rows(_CASES):
            by = tuple(labels.get(key, Text(key, key)) for key in (selected_by or "").split(", ") if key)
            found[code] += (Case(domain, selected_on, conversation_on, outcome, closed_on, age, by),)
        return found

    def calls(self) -> dict[str, tuple[Text, ...]]:
        found: dict[str, tuple[Text, ...]] = defaultdict(tuple)
        for code, *ask in self._rows(_CALLS):
            found[code] += (Text(*ask),)
        return found

    def not_given(self) -> dict[str, tuple[NotGiven, ...]]:
        found: dict[str, tuple[NotGiven, ...]] = defaultdict(tuple)
        for code, *rest in self._rows(_NOT_GIVEN):
            found[code] += (NotGiven(*rest),)
        return found

    def confirmed(self) -> dict[str, tuple[Confirmed, ...]]:
        found: dict[str, tuple[Confirmed, ...]] = defaultdict(tuple)
        for code, label_nl, label_en, confirmed_on in self._rows(_CONFIRMED):
            found[code] += (Confirmed(Text(label_nl, label_en), confirmed_on),)
        return found

    def predecessors(self) -> dict[str, tuple[Predecessor, ...]]:
        found: dict[str, tuple[Predecessor, ...]] = defaultdict(tuple)
        for code, *rest in self._rows(_PREDECESSORS):
            found[code] += (Predecessor(*rest),)
        return found

    def panel(self) -> tuple[int, ...]:
        """The reference year of the survey year and the two before it, where a strict panel of these years was made."""
        rows = self._rows(_PANEL_YEARS)
        return tuple(int(year) for year in rows[0][0].split(",")) if rows else ()

    def exclusions(self, panel: tuple[int, ...]) -> dict[str, dict[str, Any]]:
        years = ",".join(map(str, panel))
        query = f"from {{schema}}.fct_panel_exclusions where panel = 'strict' and reference_years = '{years}'"
        return {row["municipality_code"]: row for row in self._records(query)}


_REGISTER = """
select
    register.municipality_code, register.municipality_name, register.province, register.is_respondent,
    register.urbanisation_class::varchar as urbanisation_class, register.disadvantage_group,
    urbanisation.label_nl as urbanisation_nl, urbanisation.label_en as urbanisation_en,
    disadvantage.label_nl as disadvantage_nl, disadvantage.label_en as disadvantage_en, delivered.delivery
from {schema}.dim_municipality_year as register
left join {schema}.dim_category as urbanisation
    on urbanisation.breakdown = 'urbanisation_class' and register.urbanisation_class::varchar = urbanisation.category
left join {schema}.dim_category as disadvantage
    on disadvantage.breakdown = 'disadvantage_group' and register.disadvantage_group = disadvantage.category
left join (
    select municipality_code, max(delivery) as delivery
    from {schema}.fct_answers where survey_year = {year} group by municipality_code
) as delivered on register.municipality_code = delivered.municipality_code
where register.survey_year = {year}
order by register.municipality_code"""
_QUESTIONS = """
select question_id, concept, section, answer_type, wording_nl, wording_en
from {schema}.dim_question where survey_year = {year} order by question_position"""
_OPTIONS = """
select question_id, option_code, label_nl, label_en
from {schema}.dim_option where survey_year = {year} order by question_id, option_position"""
_COMPARED = """
select question_id, option_code, breakdown, category, percent_0, base, is_shown
from {schema}.fct_comparisons where survey_year = {year}"""
# Of a multiple choice some options can be invalid while others are answered: it is answered then.
_ANSWERS = """
select
    municipality_code, question_id, if(bool_or(status = 'answered'), 'answered', min(status)),
    list(option_code order by option_position) filter (where is_selected), max(number)
from {schema}.fct_answers where survey_year = {year}
group by municipality_code, question_id"""
_REACH = """
from {schema}.rpt_municipality_reach where survey_year <= {year} order by municipality_code, survey_year"""
_RISKS = "select municipality_code, risk from {schema}.fct_risk_assessment where survey_year = {year}"
_SIGNALS = """
select
    signals.municipality_code, signals.rule, signals.domain, rules.label_nl, rules.label_en, signals.signal,
    signals.evidence,
    signals.not_assessable_reason
from {schema}.fct_risk_signals as signals
inner join {schema}.dim_risk_rule as rules on signals.rule = rules.rule
where signals.survey_year = {year} and signals.signal != 'not_triggered'
order by signals.municipality_code, signals.rule_no"""
_CASES = """
select municipality_code, domain, selected_on, conversation_on, outcome, closed_on, age_days, selected_by
from {schema}.fct_supervision_cases where survey_year = {year} order by municipality_code, domain"""
_CRITERIA = """
select criterion, label_nl, label_en
from {schema}.dim_supervision_criterion where {year} between valid_from and coalesce(valid_to, {year})"""
_CALLS = """
select municipality_code, ask_nl, ask_en
from {schema}.rpt_call_list where survey_year = {year} order by municipality_code, question_no"""
_NOT_GIVEN = """
select municipality_code, concept, status, reference_year
from {schema}.fct_counts_not_given where survey_year = {year}
order by municipality_code, list_position(['target_toddlers', 'places', 'reached_toddlers'], concept)"""
_CONFIRMED = """
select judged.municipality_code, rules.label_nl, rules.label_en, judged.confirmed_on
from {schema}.fct_plausibility as judged
inner join {schema}.dim_plausibility_rule as rules on judged.rule = rules.rule
where judged.survey_year = {year} and judged.status = 'confirmed'
order by judged.municipality_code, judged.rule_no"""
_PREDECESSORS = """
select register.municipality_code, ended.municipality_name, ended.municipality_code, ended.valid_to
from {schema}.dim_municipality_year as register
inner join {schema}.dim_municipality as ended
    on list_contains(string_split(ended.current_codes, ', '), register.municipality_code)
where register.survey_year = {year} and ended.valid_to is not null and ended.municipality_code !=
register.municipality_code
order by register.municipality_code, ended.valid_to, ended.municipality_name"""
_PANEL_YEARS = f"""
select distinct reference_years from {{schema}}.fct_panel
where
    panel = 'strict' and last_reference_year = (
        select max(reference_year) from {{schema}}.dim_municipality_year where survey_year = {{year}}
    )
    and first_reference_year = last_reference_year - {_YEARS_OF_PANEL - 1}
    and len(string_split(reference_years, ',')) = {_YEARS_OF_PANEL}"""


def _groups(row: Mapping[str, Any]) -> tuple[str | None, ...]:
    urbanisation, disadvantage = row["urbanisation_class"], row["disadvantage_group"]
    both = f"{urbanisation}_{disadvantage}" if urbanisation and disadvantage else None
    return ("all", urbanisation, disadvantage, both)


def _text(row: Mapping[str, Any], name: str) -> Text | None:
    return Text(row[f"{name}_nl"], row[f"{name}_en"]) if row[f"{name}_nl"] else None


def _by_code(records: list[dict[str, Any]]) -> dict[str, tuple[dict[str, Any], ...]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        found[record["municipality_code"]].append(record)
    return {code: tuple(rows) for code, rows in found.items()}
