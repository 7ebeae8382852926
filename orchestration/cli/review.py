"""A delivery beside what counts now: what the year would be with it, before it is accepted.

Belongs here: taking the registered deliveries in again in memory (no earlier run is needed, nothing is written), and
how what changes is shown. Does not belong here: what is wrong with the file by itself (``deliveries.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from assets.answers.answer_tables import Answers, build_answers
from assets.answers.corrections import Corrections, UnfitCorrection, load_corrections
from assets.answers.delivery_changes import EMPTIED, LARGE, OTHER, CountBounds, DeliveryChanges, changes_by
from assets.answers.municipalities import Municipalities, municipalities_of
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

SHOWN = 25
NAMED_IN_A_LINE = 5


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


def review_text(found: Review) -> str:
    """What a steward reads before accepting: counts first, then what to look at, worst first."""
    lines = list(_lines(found))
    more = [f"- and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    heading = _counts(found) or (["To look at before it is accepted:"] if lines else [])
    return "\n".join([*heading, *lines[:SHOWN], *more])


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


def _counts(found: Review) -> list[str]:
    """The counts, when anything counts now."""
    changes, year = found.changes, found.questionnaire.survey_year
    if not changes.counted:
        return []
    changed = changes.cells["municipality_code"].nunique()
    return [
        f"Beside the {_number(len(changes.counted), 'municipality', 'municipalities')} that count in {year} now: "
        f"{len(changes.new)} new, {len(changes.again)} again ({changed} with other answers), "
        f"{_number(changes.questions, 'answer', 'answers')} changed, {len(found.emptied)} emptied"
        + (f"; {_number(len(found.odd), 'odd number', 'odd numbers')}" if found.odd else "")
    ]


def _lines(found: Review) -> Iterator[str]:
    """What to look at, worst first."""
    changes, name = found.changes, found.municipalities.names
    for unfit in found.unfit:
        yield f"- {unfit.where}: {unfit.what}; {unfit.remedy}"
    for code, lost in found.emptied.groupby("municipality_code", sort=True):
        verb = "becomes" if len(lost) == 1 else "become"
        yield f"- {code} ({name[str(code)]}): {_named(lost['question_id'])} {verb} empty"
    for cell in changes.of(LARGE).to_dict("records"):
        code = cell["municipality_code"]
        yield f"- {code} ({name[code]}): {cell['question_id']} becomes {cell['after']}, was {cell['before']}"
    yield from (f"- {remark}" for remark in found.remarks)
    if len(found.not_submitted):
        rows = found.not_submitted["source_row"].astype("str") + found.not_submitted["municipality_code"].map(
            lambda code: f" ({code})", na_action="ignore"
        ).fillna("")
        count = _number(len(rows), "row that was not submitted is", "rows that were not submitted are")
        yield f"- {count} set aside: {_named(rows)}"
    if changes.new and changes.counted:
        yield f"- new: {_named([f'{code} ({name[code]})' for code in changes.new])}"
    if changes.absent:
        count = _number(len(changes.absent), "municipality whose answers stay", "municipalities whose answers stay")
        yield f"- not in this file: {count}: {_named(changes.absent)}"
    if found.not_asked:
        yield f"- counts were not compared with last year's: {found.not_asked}"
    for row, message in zip(found.blank["source_row"], found.blank["message"], strict=True):
        yield f"- row {row}: {message}: no response, it replaces nothing"
    for row, message in zip(found.names["source_row"], found.names["message"], strict=True):
        yield f"- row {row}: {message}; if that is another spelling, add it to data/registers/name_variants.csv"
    for odd in found.odd:
        yield f"- {odd.municipality} ({name[odd.municipality]}): {_question(odd)}"
    for code, other in changes.of(OTHER).groupby("municipality_code", sort=True):
        verb = "changes" if len(other) == 1 else "change"
        yield f"- {code} ({name[str(code)]}): {_named(other['question_id'])} {verb}"


def _question(odd: Odd) -> str:
    label = odd.rule.label.en
    label = label[0].lower() + label[1:]
    return f"{label}: {odd.value} beside {odd.compared} ({odd.rule.id})"


def _named(names: pd.Series | list[str]) -> str:
    listed = [str(name) for name in names]
    more = f" and {len(listed) - NAMED_IN_A_LINE} more" if len(listed) > NAMED_IN_A_LINE else ""
    return ", ".join(listed[:NAMED_IN_A_LINE]) + more


def _number(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
