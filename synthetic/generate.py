"""Makes the answers of all survey years: who answered, counts, choices, texts, and what was corrected later.

Belongs here: the order in which the parts are made, and the few quirks of a year (lost columns, frequencies). Does not
belong here: how a part is made, files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp
from pathlib import Path

from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import Question, Questionnaire
from synthetic.blocks import Given, Weight, choose
from synthetic.cases import invent_cases
from synthetic.chance import normal, uniform
from synthetic.constraint import CHOICE_KINDS, Constraint
from synthetic.corrections import first_deliveries
from synthetic.counts import CONCEPTS, LAST_YEAR, Figures, invent_counts
from synthetic.figures import BREADTH_CONCEPT, Survey, counts_by_concept, has_lost_column
from synthetic.municipalities import SURVEY_YEARS, Registers, load_registers
from synthetic.profiles import choose_profiles
from synthetic.responses import Missing, Responses, Row, is_asked
from synthetic.supervision import load_supervision
from synthetic.tendencies import Tendencies
from synthetic.texts import write_texts

# A municipality that is new in the last year has no earlier definition to carry forward: it makes its own.
NEW_IN_LAST_YEAR = "GM1992"


@dataclass(frozen=True)
class Generated:
    """The survey that the figures are about, and the rows as some municipalities first delivered them (None: not at
    all)."""

    survey: Survey
    registers: Registers
    first_delivered: dict[str, Row | None]


def generate(data_dir: Path, constraints: list[Constraint]) -> Generated:
    """All answers, from the questionnaires and registers in ``data_dir`` and the figures that they must meet."""
    registers = load_registers(data_dir / "registers")
    questionnaires = {year: load_questionnaire(data_dir / "questionnaires" / str(year)) for year in SURVEY_YEARS}
    responses: dict[int, Responses] = {y: {code: {} for code in registers.respondents(y)} for y in SURVEY_YEARS}
    supervision = load_supervision(data_dir / "risk", questionnaires, registers.registered)
    survey = Survey(questionnaires, responses, registers.categories, registers.changed_territory, supervision)
    tendencies = Tendencies.load()

    def weight_in(year: int) -> Weight:
        def weight(code: str, question: Question, option: str) -> int:
            return tendencies.weight(year, registers.by_year[year][code], question, option)

        return weight

    def choose_in(year: int, given: Given, only: set[str] | None = None) -> None:
        choose(survey, year, constraints, given, weight_in(year), only)

    choose_in(LAST_YEAR, Given(options={(NEW_IN_LAST_YEAR, "D1"): "1"}), only={"D1", "D2"})
    last = responses[LAST_YEAR]
    own_definition = {code for code, row in last.items() if row["D1"] == "1"}
    no_definition = {code for code, row in last.items() if row.get("D2") == "4"}

    concept_of = {(y, q): concept for y, qn in questionnaires.items() for concept, q in counts_by_concept(qn).items()}
    counts = invent_counts(registers, Figures(constraints, concept_of), own_definition, no_definition)
    for year, questionnaire in questionnaires.items():
        _give_counts(questionnaire, responses[year], counts.numbers)

    given = {year: Given() for year in SURVEY_YEARS}
    _reopen_reasons(last, given[LAST_YEAR])
    choose_profiles(survey, LAST_YEAR, constraints, given[LAST_YEAR], weight_in(LAST_YEAR))
    _settle_definitions(questionnaires, responses, given, counts.indicators, own_definition, no_definition)
    for year, questionnaire in questionnaires.items():
        _lose_columns(questionnaire, responses[year], constraints)
        choose_in(year, given[year])
        _leave_some_open(questionnaire, responses[year], constraints)
        _count_consultations(registers, questionnaire, responses[year])
        write_texts(questionnaire, responses[year], registers.by_year[year])
        responses[year] = {code: _in_order(questionnaire, row) for code, row in sorted(responses[year].items())}
    cases = invent_cases(survey, LAST_YEAR, constraints, registers.by_year[LAST_YEAR])
    survey = replace(survey, supervision=replace(supervision, cases={LAST_YEAR: cases}))
    return Generated(survey, registers, first_deliveries(questionnaires[LAST_YEAR], responses[LAST_YEAR]))


def _reopen_reasons(responses: Responses, given: Given) -> None:
    """Counts rest on who has a new definition and who needs none; the other reasons are chosen with the risks."""
    for code, row in responses.items():
        if row.pop("D2", None) == "4":
            given.options[code, "D2"] = "4"


def _give_counts(
    questionnaire: Questionnaire, responses: Responses, numbers: Mapping[tuple[str, int, str], int]
) -> None:
    year = questionnaire.survey_year
    for concept, question in counts_by_concept(questionnaire).items():
        if concept not in CONCEPTS:
            continue
        for code, row in responses.items():
            says_so = uniform("says not available", year, question, code) < 0.7
            absent = Missing.NOT_AVAILABLE if says_so else Missing.NO_ANSWER
            row[question] = numbers.get((code, year, concept), absent)


def _settle_definitions(
    questionnaires: Mapping[int, Questionnaire],
    responses: Mapping[int, Responses],
    given: Mapping[int, Given],
    indicators: Mapping[str, int],
    own_definition: set[str],
    no_definition: set[str],
) -> None:
    """The number of indicators that the last year needs: asked that year of new definitions, the year before of the
    others."""
    now, before = (
        next(q for q in questionnaires[year].questions if q.concept == BREADTH_CONCEPT)
        for year in (LAST_YEAR, LAST_YEAR - 1)
    )
    for code in sorted(own_definition):
        given[LAST_YEAR].number_chosen[code, now.id] = indicators[code]
    has_definition = next(iter(before.routing.questions())) if before.routing else ""
    still_answering = set(responses[LAST_YEAR])
    for code in responses[LAST_YEAR - 1]:
        if code in own_definition or code not in still_answering:
            continue
        if code in indicators:
            given[LAST_YEAR - 1].options[code, has_definition] = "1"
            given[LAST_YEAR - 1].number_chosen[code, before.id] = indicators[code]
        elif code in no_definition:
            given[LAST_YEAR - 1].options[code, has_definition] = "2"
        else:
            given[LAST_YEAR - 1].options[code, has_definition] = "1"
            given[LAST_YEAR - 1].unanswered.add((code, before.id))


def _lose_columns(questionnaire: Questionnaire, responses: Responses, constraints: list[Constraint]) -> None:
    """2021 lost the cells that the tables print as '-': thema2022, Tabel 4.1.1a note (technische programmeerfout)."""
    printed = {q for c in constraints if c.survey_year == questionnaire.survey_year for q in c.questions}
    for question in questionnaire.questions:
        if has_lost_column(questionnaire, question, printed):
            for row in responses.values():
                row[question.id] = Missing.NOT_COLLECTED


def _leave_some_open(questionnaire: Questionnaire, responses: Responses, constraints: list[Constraint]) -> None:
    """A few questions that no figure rests on stay without an answer here and there."""
    year = questionnaire.survey_year
    figured = {q for c in constraints if c.survey_year == year and c.kind in CHOICE_KINDS for q in c.questions}
    routed_on = {name for q in questionnaire.questions if q.routing for name in q.routing.questions()}
    for question in questionnaire.questions:
        if question.answer_type in ("count", "text") or question.id in figured or question.id in routed_on:
            continue
        if question.concept == BREADTH_CONCEPT:
            continue
        for code, row in responses.items():
            answered = question.id in row and not isinstance(row[question.id], Missing)
            if answered and uniform("left open", year, question.id, code) < 0.02:
                row[question.id] = Missing.NO_ANSWER


def _count_consultations(registers: Registers, questionnaire: Questionnaire, responses: Responses) -> None:
    """How often a year LEA consultation is held (V2021): more often in cities and with a high disadvantage score."""
    question = next((q for q in questionnaire.questions if q.concept == "lea_consultation_frequency"), None)
    if question is None:
        return
    year = questionnaire.survey_year
    for code, row in responses.items():
        if is_asked(question.routing, row):
            municipality = registers.by_year[year][code]
            usual = 1.1 + 0.25 * municipality.urbanity + 0.22 * municipality.disadvantage
            row[question.id] = min(12, max(1, round(exp(usual + 0.3 * normal("frequency", code)))))


def _in_order(questionnaire: Questionnaire, row: Row) -> Row:
    return {q.id: row[q.id] for q in questionnaire.questions if q.id in row}
