"""All that a run of a survey year would stumble over, found from the files alone: no lake, no dbt, in seconds.

Belongs here: asking each stage's own loaders and checks, in the order in which data flows. Does not belong here: a rule
of a stage, or printing (``orchestration/cli/check_year.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from assets.answers.answer_tables import build_answers
from assets.answers.checks import YearInLake, check_answers
from assets.answers.corrections import load_corrections
from assets.answers.municipalities import Municipalities, municipalities_of
from assets.answers.row_owners import unknown_names
from assets.base.checks import CheckOutcome
from assets.base.errors import BadInput
from assets.base.files import sha256_of
from assets.base.paths import DataPaths
from assets.base.settings import load_settings
from assets.catalogue.asked import Asked
from assets.catalogue.breakdowns import load_breakdowns
from assets.catalogue.labels import load_labels
from assets.catalogue.measures import load_measures, measure_tables
from assets.catalogue.reports import load_catalogue
from assets.coding.coding import load_coding
from assets.disclosure.rules import load_rules as load_disclosure_rules
from assets.interviews.record import load_selected
from assets.plausibility.confirmations import load_confirmations
from assets.plausibility.rules import CONFIRMED_RULES
from assets.plausibility.rules import load_rules as load_plausibility_rules
from assets.published_figures.figures import load_published_figures
from assets.quality.references import (
    Reference,
    counts_asked_twice,
    measures_without_questions,
    printed_without_questions,
    rules_without_questions,
    sections_without_label,
)
from assets.questionnaires.checks import check_questionnaires
from assets.questionnaires.confirmed import confirmed_outcome, confirmed_until
from assets.questionnaires.loader import FILE_NAME, load_questionnaires
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import take_in
from assets.raw.store import delivered_rows
from assets.register_files.rows import in_words, newest_names, read_tables
from assets.register_files.writing import failing_by_name
from assets.registers.checks import check_registers
from assets.registers.loader import load_register, load_registers
from assets.registers.tables import REGISTERS
from assets.risk.checks import check_confirmed
from assets.risk.criteria import load_criteria
from assets.risk.rules import load_rules as load_risk_rules
from assets.signals.incoming import load_incoming
from assets.supervision.events import load_events
from assets.supervision.moves import check_moves, load_moves

if TYPE_CHECKING:
    import pandas as pd


class Finding(NamedTuple):
    """Something that stops a run (``blocks``), or that a person should see: what, where and how to mend it."""

    blocks: bool
    text: str


@dataclass(frozen=True)
class _Year:
    """What the steps look at. Each part raises BadInput when it cannot be read."""

    paths: DataPaths
    survey_year: int
    questionnaires: Mapping[int, Questionnaire]

    @property
    def questionnaire(self) -> Questionnaire:
        return self.questionnaires[self.survey_year]

    @property
    def as_if_answered(self) -> Mapping[int, Questionnaire]:
        """The questionnaires, a planned one with deliveries of another year: what its reports will lack is known before
        the first answer."""
        deliveries = next((q.deliveries for q in self.questionnaires.values() if q.deliveries), ())
        own = self.questionnaire
        started = {"status": "open", "deliveries": own.deliveries or deliveries}
        as_open = own.model_copy(update=started) if own.status == "planned" or not own.deliveries else own
        return {**self.questionnaires, self.survey_year: as_open}

    @cached_property
    def municipalities(self) -> Municipalities:
        return municipalities_of(self.paths.registers, self.questionnaire.register_date)

    @cached_property
    def names(self) -> Mapping[str, str]:
        return newest_names(read_tables(self.paths.registers))

    @cached_property
    def codes(self) -> Callable[[int], Collection[str]]:
        def codes_of(survey_year: int) -> Collection[str]:
            return municipalities_of(self.paths.registers, self.questionnaires[survey_year].register_date).names

        return cache(codes_of)


def check_year(paths: DataPaths, survey_year: int) -> list[Finding]:
    """What stops a run, then what a person should see. Raises BadInput when there is no such questionnaire, or when one
    cannot be read."""
    questionnaires = load_questionnaires(paths.questionnaires)
    if survey_year not in questionnaires:
        known = ", ".join(map(str, questionnaires))
        remedy = f"choose one of {known}, or start it with 'lea new-year {survey_year}'"
        raise BadInput(f"There is no questionnaire for {survey_year}", str(paths.questionnaires), remedy)
    year = _Year(paths, survey_year, questionnaires)
    found: list[Finding] = []
    for step in _STEPS:
        try:
            found += step(year)
        except BadInput as error:
            found.append(Finding(True, str(error)))
    return sorted(dict.fromkeys(found), key=lambda one: not one.blocks)


def _register_of_the_year(year: _Year) -> Iterator[Finding]:
    on = year.questionnaire.register_date
    days = [
        day for day in load_register(year.paths.registers, "municipalities")["reference_date"].unique() if day <= on
    ]
    if days and max(days).year < on.year:
        yield _finding(
            True,
            f"There is no register of {on}: the newest before it is of {max(days)}",
            f"{year.paths.registers / 'municipalities.csv'}",
            f"'lea register --date {on.year}-01-01 --municipalities FILE --changes FILE'",
        )


def _registers(year: _Year) -> Iterator[Finding]:
    frames = load_registers(year.paths.registers)
    outcomes = [*(register.outcome(frames[name]) for name, register in REGISTERS.items()), *check_registers(frames)]
    yield from _of_outcomes(outcomes[: len(REGISTERS)], year)
    for outcome in outcomes[len(REGISTERS) :]:
        of_year = outcome.failing if outcome.blocking else _of_the_year(outcome.failing, year.survey_year)
        yield from _of_outcomes([outcome.definition.outcome(of_year, outcome.checked)], year)
    for name, column in (("urbanisation", "reference_year"), ("disadvantage", "layout_year")):
        known = frames[name].loc[frames[name][column] <= year.survey_year, "municipality_code"]
        if lacking := sorted(set(year.municipalities.names) - set(known)):
            yield _finding(
                False,
                f"No {name} is known of {', '.join(in_words(year.names, code) for code in lacking)}: unknown in tables",
                f"{year.paths.registers / f'{name}.csv'}",
                f"'lea register --date {year.questionnaire.register_date.year}-01-01 --{name} FILE'",
            )


def _of_the_year(failing: pd.DataFrame, survey_year: int) -> pd.DataFrame:
    """Of rows with a year: the municipalities of that year."""
    for column in ("reference_year", "layout_year"):
        if column in failing:
            return failing.loc[failing[column] == survey_year, ["municipality_code"]]
    return failing


def _deliveries(year: _Year) -> Iterator[Finding]:
    for survey_year, questionnaire in year.questionnaires.items():
        folder = year.paths.questionnaires / str(survey_year)
        for delivery in questionnaire.deliveries:
            file = folder / delivery.path
            if not file.is_file() or sha256_of(file) != delivery.sha256:
                what = "is not the file that was accepted" if file.is_file() else "is not there"
                yield _finding(
                    True,
                    f"Delivery {delivery.number} of {survey_year} {what}",
                    str(file),
                    "put the accepted file back; a changed file is a new delivery: 'lea accept'",
                )
    if not year.questionnaire.deliveries:
        file = year.paths.questionnaires / str(year.survey_year) / FILE_NAME
        remedy = f"'lea accept FILE --year {year.survey_year}' when answers come in"
        yield _finding(False, f"{year.survey_year} has no delivery yet: a run leaves it out", str(file), remedy)


def _answers(year: _Year) -> Iterator[Finding]:
    questionnaire = year.questionnaire
    corrections = load_corrections(year.paths.corrections, year.survey_year)
    if not questionnaire.deliveries:
        return
    raw = take_in(questionnaire, year.paths.questionnaires / str(year.survey_year))
    built = build_answers(questionnaire, raw, year.municipalities, corrections)
    judged = YearInLake(
        questionnaire,
        delivered_rows(raw),
        built.answers,
        built.quarantine,
        len(year.municipalities.names),
        unknown_names(questionnaire, raw, year.municipalities),
    )
    columns = ["municipality_code", "file", "source_row", "source_column", "message"]
    for outcome in check_answers({year.survey_year: judged}):
        shown = outcome.failing[[column for column in columns if column in outcome.failing]]
        if outcome.blocking or not shown.empty:
            yield from _of_outcomes([outcome.definition.outcome(shown, outcome.checked)], year)


def _questions(year: _Year) -> Iterator[Finding]:
    for outcome in check_questionnaires(year.questionnaires):
        of_year = outcome.failing[outcome.failing["survey_year"] == year.survey_year]
        yield from _of_outcomes([outcome.definition.outcome(of_year, outcome.checked)], year)
    file = str(year.paths.questionnaires / str(year.survey_year) / FILE_NAME)
    yield from _of_references(counts_asked_twice(year.questionnaire), file, "mend the concept or the answer type")
    unlabelled = sections_without_label(year.questionnaire, load_labels(year.paths.labels))
    yield from _of_references(unlabelled, file, "add it to the vocabulary 'section' of data/labels.yaml")


def _catalogue(year: _Year) -> Iterator[Finding]:
    categories = load_breakdowns(year.paths.breakdowns)
    of_catalogue = load_measures(year.paths.measures)
    asked = Asked(year.as_if_answered, of_catalogue)
    loaded = load_catalogue(year.paths.reports, asked, year.survey_year if asked.survey_years else None)
    measures, terms = measure_tables(of_catalogue, loaded.options)
    reports = load_register(year.paths.registers, "report_classification")["classification"].unique()
    defined = set(measures["measure"])
    for of_report in ("", *(f"_{report}" for report in reports)):  # a report can have classes of its own
        defined |= set(categories["breakdown"] + of_report + "=" + categories["category"])
    printed = list(printed_without_questions(year.paths.reports, asked))
    yield from _of_references(printed, "data/catalogue/reports", "name what the questionnaire of that year asks")
    named = {one.of for one in printed}
    found = measures_without_questions(loaded.cells, defined, terms, year.questionnaires)
    lost = (one for one in found if one.of.split(", in ")[0] not in named)
    yield from _of_references(lost, "data/catalogue", "mend the measure, the cell or the questionnaire that it names")
    lines = [
        f"  {' '.join(f'{one.title_en} {one.part_en}'.split())}: {one.reason_en}"
        for one in loaded.not_made.itertuples()
    ]
    if lines:
        what = f"The standing report of {year.survey_year} lacks tables, or parts of them: {len(lines)}"
        remedy = "nothing, if that is right; else mend the questionnaire"
        yield _finding(False, "\n".join([what, *lines]), str(year.paths.reports), remedy)


def _rules(year: _Year) -> Iterator[Finding]:
    rules = load_risk_rules(year.paths.risk, year.questionnaires)
    criteria = load_criteria(year.paths.risk, rules)
    for what, listed in (("rule of the risk analysis", rules), ("criterion of selection", criteria)):
        if not any(one.holds_in(year.survey_year) for one in listed):
            remedy = "take 'valid_to' out of what still holds"
            yield _finding(False, f"No {what} holds in {year.survey_year}", str(year.paths.risk), remedy)
    confirmed = check_confirmed(year.paths.risk, rules, criteria, [year.survey_year])
    plausible = load_plausibility_rules(year.paths.plausibility)
    until = confirmed_until(year.paths.plausibility)
    confirmed.append(confirmed_outcome(CONFIRMED_RULES, plausible, until, [year.survey_year]))
    confirmed.append(check_moves(year.paths.supervision, [year.survey_year]))
    named = [one.definition.outcome(one.failing[["rule"]], one.checked) for one in confirmed]
    yield from _of_outcomes(named, year)
    silent = rules_without_questions(plausible, year.questionnaire)
    yield from _of_references(silent, str(year.paths.plausibility), "end the rule with valid_to", blocks=False)
    load_confirmations(year.paths.corrections, plausible, year.codes)
    load_disclosure_rules(year.paths.disclosure)


def _records(load: Callable[[_Year], object]) -> Callable[[_Year], Iterator[Finding]]:
    def step(year: _Year) -> Iterator[Finding]:
        load(year)
        yield from ()

    return step


_STEPS: tuple[Callable[[_Year], Iterator[Finding]], ...] = (
    _records(lambda year: load_settings(year.paths.settings)),
    _register_of_the_year,
    _registers,
    _deliveries,
    _answers,
    _questions,
    _catalogue,
    _rules,
    _records(lambda year: load_coding(year.paths)),
    _records(lambda year: load_incoming(year.paths.signals, year.codes)),
    _records(lambda year: load_selected(year.paths.interviews, year.codes)),
    _records(lambda year: load_events(year.paths.supervision, load_moves(year.paths.supervision), year.codes)),
    _records(lambda year: load_published_figures(year.paths.published_figures)),
)
"""Each gives what it finds, and raises BadInput for the first thing that it cannot read: the others go on."""


def _of_outcomes(outcomes: Iterable[CheckOutcome], year: _Year) -> Iterator[Finding]:
    for outcome in outcomes:
        if not outcome.passed:
            what = f"{outcome.check.replace('_', ' ')}: {len(outcome.failing):,} not so"
            rows = failing_by_name(outcome, year.names)
            yield _finding(outcome.blocking, f"{what}\n{rows}", outcome.asset, outcome.definition.remedy)


def _of_references(
    references: Iterable[Reference], where: str, remedy: str, *, blocks: bool = True
) -> Iterator[Finding]:
    for reference in references:
        yield _finding(blocks, f"{reference.of}: {reference.what}", reference.where or where, remedy)


def _finding(blocks: bool, what: str, where: str, remedy: str) -> Finding:
    return Finding(blocks, str(BadInput(what, where, remedy)))
