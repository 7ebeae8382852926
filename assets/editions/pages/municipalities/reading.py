"""What the page of each municipality shows: the models that are for it, grouped by municipality.

Belongs here: one model a topic, for all municipalities at once. Does not belong here: computing a share or a reach
(``fct_comparisons`` and ``rpt_municipality_reach`` do that), how a page shows it (``page.py``, the templates).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.settings import Signals
from assets.base.texts import Text
from assets.editions.pages.records import Record, labels, records

if TYPE_CHECKING:
    import duckdb

# The models that a page cannot do without.
NEEDED = ("rpt_municipalities", "rpt_municipality_answers", "rpt_municipality_reach", "fct_comparisons")
DOMAINS = ("lea", "vve")
# The groups that an answer is set beside, in the order of the columns.
BREAKDOWNS = ("total", "urbanisation_class", "disadvantage_group", "urbanisation_and_disadvantage")


class Question(NamedTuple):
    """A question of the survey year. ``options``: code → label, in their order."""

    question_id: str
    concept: str
    section: str
    answer_type: str
    wording: Text
    options: Mapping[str, Text]


class Answer(NamedTuple):
    """What a municipality answered: ``chosen`` option codes, or the ``number`` of a count; never free text."""

    status: str
    chosen: tuple[str, ...]
    number: int | None


@dataclass(frozen=True, slots=True)
class Municipality:
    """All that the page of a municipality shows.

    ``facts``: its row of ``rpt_municipalities``; ``groups``: its category in each of ``BREAKDOWNS``, None where it
    has none; ``answers`` by question. The rest is rows of one model each: ``reach`` a row of
    ``rpt_municipality_reach`` a year, oldest first; ``risks`` of ``rpt_risk_list``; ``not_assessable`` of
    ``fct_risk_signals``; ``cases`` of ``rpt_cases``; ``calls`` of ``rpt_call_list``; ``not_given`` of
    ``fct_counts_not_given``; ``confirmed`` of ``fct_plausibility``. ``knows``: the domains of whose signals it knows;
    risks and cases are of these only.
    """

    code: str
    name: str
    facts: Record
    groups: tuple[str | None, ...]
    answers: Mapping[str, Answer]
    reach: Sequence[Record]
    risks: Sequence[Record]
    not_assessable: Sequence[Record]
    cases: Sequence[Record]
    calls: Sequence[Record]
    not_given: Sequence[Record]
    confirmed: Sequence[Record]
    knows: frozenset[str]


@dataclass(frozen=True, slots=True)
class Municipalities:
    """All of them by code, what they were asked, and what their answers are set beside.

    ``compared``: rows of ``fct_comparisons`` by question, option, breakdown and category. ``rules``: rows of
    ``rpt_risk_rules`` by rule; ``criteria`` and ``oddities``: labels of the criteria of selection and of the rules of
    plausibility.
    """

    members: Sequence[Municipality]
    questions: Mapping[str, Question]
    compared: Mapping[tuple[str, str, str, str], Record]
    labels: Mapping[str, Mapping[str, Text]]
    rules: Mapping[str, Record]
    criteria: Mapping[str, Text]
    oddities: Mapping[str, Text]


def read_municipalities(
    connection: duckdb.DuckDBPyConnection, schema: str, survey_year: int, signals: Signals
) -> Municipalities:
    """Every municipality of the register of the survey year, by code, with as much of supervision as it may see."""

    def of_year(model: str, **where: object) -> list[Record]:
        return records(connection, schema, model, survey_year=survey_year, **where)

    words = labels(connection, schema)
    order_of_counts = list(words["count"])
    not_given = sorted(of_year("fct_counts_not_given"), key=lambda row: order_of_counts.index(row["concept"]))
    reach = records(connection, schema, "rpt_municipality_reach")
    topics = {
        "answers": _by_code(of_year("rpt_municipality_answers")),
        "reach": _by_code(row for row in reach if row["survey_year"] <= survey_year),
        "risks": _by_code(of_year("rpt_risk_list")),
        "not_assessable": _by_code(of_year("fct_risk_signals", signal="not_assessable")),
        "cases": _by_code(of_year("rpt_cases")),
        "calls": _by_code(of_year("rpt_call_list")),
        "not_given": _by_code(not_given),
        "confirmed": _by_code(of_year("fct_plausibility", status="confirmed")),
    }
    return Municipalities(
        members=[
            _municipality(row, {topic: by_code[row["municipality_code"]] for topic, by_code in topics.items()}, signals)
            for row in of_year("rpt_municipalities")
        ],
        questions=_questions(of_year("dim_question"), of_year("dim_option")),
        compared={
            (row["question_id"], row["option_code"], row["breakdown"], row["category"]): row
            for row in of_year("fct_comparisons")
        },
        labels=words,
        rules={row["rule"]: row for row in of_year("rpt_risk_rules")},
        criteria={row["criterion"]: row["label"] for row in of_year("rpt_selection_criteria")},
        oddities={row["rule"]: row["label"] for row in records(connection, schema, "dim_plausibility_rule")},
    )


def _municipality(row: Record, own: Mapping[str, Any], signals: Signals) -> Municipality:
    answers = {
        answer["question_id"]: Answer(answer["status"], tuple(answer["chosen"]), answer["number"])
        for answer in own["answers"]
    }
    knows = _known(own["cases"], signals)
    of_supervision = {
        topic: [one for one in own[topic] if one["domain"] in knows] for topic in ("risks", "not_assessable", "cases")
    }
    return Municipality(
        code=row["municipality_code"],
        name=row["municipality_name"],
        facts=row,
        groups=_groups(row),
        **{**own, **of_supervision, "answers": answers, "knows": knows},
    )


def _known(cases: Iterable[Record], signals: Signals) -> frozenset[str]:
    """The domains about which it may see its signals: all, none, or those about which the Inspectorate has spoken with
    it."""
    if signals == "after_contact":
        return frozenset(case["domain"] for case in cases if case["conversation_on"])
    return frozenset(DOMAINS if signals == "always" else ())


def _questions(questions: Iterable[Record], options: Iterable[Record]) -> dict[str, Question]:
    labels_of: dict[str, dict[str, Text]] = defaultdict(dict)
    for option in options:
        labels_of[option["question_id"]][option["option_code"]] = option["label"]
    return {
        row["question_id"]: Question(
            row["question_id"],
            row["concept"],
            row["section"],
            row["answer_type"],
            row["wording"],
            labels_of[row["question_id"]],
        )
        for row in questions
    }


def _groups(row: Record) -> tuple[str | None, ...]:
    urbanisation, disadvantage = row["urbanisation_class"], row["disadvantage_group"]
    both = f"{urbanisation}_{disadvantage}" if urbanisation and disadvantage else None
    return ("all", urbanisation, disadvantage, both)


def _by_code(rows: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row["municipality_code"]].append(row)
    return found
