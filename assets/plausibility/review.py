"""A delivery beside what counts now: what the year would be with it, before it is accepted.

Belongs here: taking the registered deliveries in again in memory (no earlier run is needed, nothing is written). Does
not belong here: how what changes is shown (``orchestration/cli``), what is wrong with the file by itself
(``assets/answers``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from assets.answers.answer_tables import Answers, build_answers
from assets.answers.check_definitions import QUARANTINE_CHECKS
from assets.answers.corrections import Corrections, UnfitCorrection, load_corrections
from assets.answers.delivery_changes import EMPTIED, CountBounds, DeliveryChanges, changes_by
from assets.answers.municipalities import Municipalities, municipalities_of
from assets.answers.readings import BETTER, better_reading, next_delivery
from assets.answers.row_owners import NOT_SUBMITTED, unknown_names
from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.plausibility.counts import Odd, counts_of, odd_counts
from assets.plausibility.rules import BesideLastYear, PlausibilityRule, load_rules
from assets.questionnaires.loader import load_questionnaire, survey_years
from assets.questionnaires.model import Delivery, Questionnaire
from assets.raw.deliveries import RawDelivery, take_in, take_in_one
from assets.registers.lineage import continued
from assets.registers.loader import load_register


@dataclass(frozen=True)
class Review:
    """What is made of a file by itself (``alone``), what it changes, and what to ask about it.

    ``remarks``: what the sender may not know. ``unfit``: corrections that would stop the next run. ``names``: of
    ``row_owners.unknown_names``. ``not_asked``: why the questions that compare with last year could not be asked.
    """

    questionnaire: Questionnaire
    municipalities: Municipalities
    alone: Answers
    changes: DeliveryChanges
    remarks: tuple[str, ...] = ()
    unfit: list[UnfitCorrection] = field(default_factory=list)
    names: pd.DataFrame = field(default_factory=pd.DataFrame)
    odd: list[Odd] = field(default_factory=list)
    not_asked: str | None = None

    @property
    def problems(self) -> pd.DataFrame:
        """The lines of quarantine that the sender is asked to mend: a blank row among rows with answers is none, nor is
        a row that was not submitted."""
        quarantine = self.alone.quarantine[self.alone.quarantine["rule"] != NOT_SUBMITTED]
        return quarantine if self.alone.answers.empty else quarantine[quarantine["rule"] != "row_has_an_answer"]

    @property
    def blank(self) -> pd.DataFrame:
        """One line per row without an answer, in a file that has others."""
        if self.alone.answers.empty:
            return self.alone.quarantine.head(0)
        quarantine = self.alone.quarantine
        return quarantine[quarantine["rule"] == "row_has_an_answer"].drop_duplicates("source_row")

    @property
    def not_submitted(self) -> pd.DataFrame:
        """One line per row that was not submitted."""
        quarantine = self.alone.quarantine
        return quarantine[quarantine["rule"] == NOT_SUBMITTED].drop_duplicates("source_row")

    @property
    def emptied(self) -> pd.DataFrame:
        """One line per answer that counts now and would be blank."""
        return self.changes.of(EMPTIED)

    @property
    def stopping_rows(self) -> list[int]:
        """The rows of which nobody knows whose they are, so that every run stops once the file is accepted."""
        stopping = {rule for check, rules in QUARANTINE_CHECKS.items() if check.blocking for rule in rules}
        rows: list[int] = self.problems.loc[self.problems["rule"].isin(stopping), "source_row"].unique().tolist()
        return sorted(rows)

    def reasons_to_refuse(self, *, with_problems: bool = False, with_emptied: bool = False) -> list[str]:
        """Why the file is not accepted, each with what may be done."""
        reasons = {
            "have the file mended, or accept it as it is with --with-problems: what is wrong then goes to "
            "quarantine": not self.problems.empty and not with_problems,
            "answers that count now would become empty: ask the municipality; if it withdraws them, accept with "
            "--with-emptied": not self.emptied.empty and not with_emptied,
            "corrections no longer fit, so that every run would stop: mend "
            f"data/corrections/{self.questionnaire.survey_year}.yaml first": bool(self.unfit),
        }
        return [reason for reason, holds in reasons.items() if holds]


def review_file(paths: DataPaths, questionnaire: Questionnaire, file: Path, reading: Mapping[str, Any]) -> Review:
    """A file, read like this, beside what counts now. Raises BadInput like ``review``, with the options with which the
    file can be read if there are any."""
    try:
        return review(paths, questionnaire, file, next_delivery(paths, questionnaire, file, reading))
    except BadInput as refused:
        hint = better_reading(paths, questionnaire, file, reading)
        is_new = hint.removeprefix(BETTER) not in refused.remedy  # '' is in every remedy
        raise BadInput(refused.what, refused.where, f"{refused.remedy}; {hint}" if is_new else refused.remedy) from None


def review(paths: DataPaths, questionnaire: Questionnaire, file: Path, delivery: Delivery) -> Review:
    """A file beside what counts now. Raises BadInput when the file is refused whole, or when an earlier delivery would
    be."""
    raw = take_in_one(questionnaire, delivery, file)
    municipalities = municipalities_of(paths.registers, questionnaire.register_date)
    alone = build_answers(questionnaire, [raw], municipalities)
    in_file = {str(code) for table in (alone.answers, alone.quarantine) for code in table["municipality_code"].unique()}
    earlier = _registered(paths, questionnaire, delivery.number)
    corrections = load_corrections(paths.corrections, questionnaire.survey_year)
    before = build_answers(questionnaire, earlier, municipalities, corrections)
    after, unfit = _with_what_fits(questionnaire, [*earlier, raw], municipalities, corrections)
    rules = load_rules(paths.plausibility)
    counting = after.answers[after.answers["is_current"] & (after.answers["delivery"] == delivery.number)]
    codes = sorted(set(counting["municipality_code"].astype("str")))
    odd, not_asked = odd_answers(paths, questionnaire, after.answers, codes, rules, corrections)
    return Review(
        questionnaire,
        municipalities,
        alone,
        changes_by(delivery.number, in_file, before.answers, after.answers, _bounds(questionnaire, rules)),
        raw.remarks,
        unfit,
        unknown_names(questionnaire, [raw], municipalities),
        odd,
        not_asked,
    )


def odd_answers(
    paths: DataPaths,
    questionnaire: Questionnaire,
    answers: pd.DataFrame,
    codes: list[str],
    rules: tuple[PlausibilityRule, ...],
    corrections: Corrections,
) -> tuple[list[Odd], str | None]:
    """What the plausibility rules find odd in the counts of these municipalities, but for what was confirmed; and why
    the rules that compare with last year could not ask, if they could not."""
    not_asked, last_year = None, dict[tuple[str, str], int]()
    try:
        last_year = _last_year(paths, questionnaire, codes)
    except BadInput as error:
        not_asked = f"the answers of {questionnaire.survey_year - 1} cannot be read: {error.what} ({error.where})"
    found = odd_counts(rules, questionnaire.survey_year, codes, counts_of(questionnaire, answers), last_year)
    confirmed = {(line.municipality, line.rule, line.value) for line in corrections.confirmed}
    return [odd for odd in found if (odd.municipality, odd.rule.id, odd.value) not in confirmed], not_asked


def _registered(paths: DataPaths, questionnaire: Questionnaire, number: int) -> list[RawDelivery]:
    """The registered deliveries, as a run would take them in with the questionnaire as it is now."""
    folder = paths.questionnaires / str(questionnaire.survey_year)
    taken = []
    for delivery in questionnaire.deliveries:
        try:
            taken += take_in(questionnaire.model_copy(update={"deliveries": (delivery,)}), folder)
        except BadInput as error:
            raise BadInput(
                f"With this questionnaire every run would refuse delivery {delivery.number} of "
                f"{questionnaire.survey_year}, which counts already: {error.what}",
                error.where,
                f"a question that is asked only from the new delivery on gets 'asked_from_delivery: {number}' in the "
                f"questionnaire; else: {error.remedy}",
            ) from None
    return taken


def _with_what_fits(
    questionnaire: Questionnaire, raw: list[RawDelivery], municipalities: Municipalities, corrections: Corrections
) -> tuple[Answers, list[UnfitCorrection]]:
    """The answers with every correction that fits, and the corrections that do not."""
    unfit: list[UnfitCorrection] = []
    while True:
        try:
            return build_answers(questionnaire, raw, municipalities, corrections), unfit
        except UnfitCorrection as error:
            unfit.append(error)
            fitting = tuple(c for c in corrections.corrections if c is not error.correction)
            corrections = corrections.model_copy(update={"corrections": fitting})


def _bounds(questionnaire: Questionnaire, rules: tuple[PlausibilityRule, ...]) -> dict[str, CountBounds]:
    """Question → from where its count changes much: as from one year to the next."""
    of_concept: dict[str, CountBounds] = {
        rule.count: CountBounds(rule.at_least or CountBounds.at_least, rule.at_most or CountBounds.at_most, rule.margin)
        for rule in rules
        if isinstance(rule, BesideLastYear) and rule.holds_in(questionnaire.survey_year)
    }
    counts = [q for q in questionnaire.questions if q.answer_type == "count" and q.concept in of_concept]
    return {q.id: of_concept[q.concept] for q in counts}


def _last_year(paths: DataPaths, questionnaire: Questionnaire, codes: list[str]) -> dict[tuple[str, str], int]:
    """The counts of the survey year before, under the codes that the same territories have now; none without such a
    year."""
    year = questionnaire.survey_year - 1
    if year not in survey_years(paths.questionnaires):
        return {}
    before = load_questionnaire(paths.questionnaires / str(year))
    answers = build_answers(
        before,
        take_in(before, paths.questionnaires / str(year)),
        municipalities_of(paths.registers, before.register_date),
        load_corrections(paths.corrections, year),
    ).answers
    changes = load_register(paths.registers, "municipality_changes")
    now = {continued(changes, code, before.register_date, questionnaire.register_date): code for code in codes}
    counts = counts_of(before, answers)
    return {(now[code], concept): number for (code, concept), number in counts.items() if code in now}
