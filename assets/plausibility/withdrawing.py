"""Withdrawing an accepted delivery: the year as it would be without it, and taking it out of what counts.

Its entry moves within the questionnaire (``assets/questionnaires/editing.py``), with the day and the reason; its file
goes into ``withdrawn/`` beside it. Does not belong here: what a new delivery would change (``review.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assets.answers.answer_tables import build_answers
from assets.answers.corrections import load_corrections
from assets.answers.municipalities import municipalities_of
from assets.base.errors import BadInput
from assets.base.paths import DataPaths
from assets.questionnaires.editing import withdraw_delivery
from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import Delivery, Questionnaire, WithdrawnDelivery
from assets.raw.deliveries import take_in

FOLDER = "withdrawn"


@dataclass(frozen=True)
class Withdrawn:
    """``file``: where the delivered file is kept now. ``left_out``: the municipalities that have no answers in the
    survey year any more; ``older``: those whose answers of an earlier delivery count again."""

    delivery: Delivery
    file: Path
    is_new: bool
    left_out: tuple[str, ...] = ()
    older: tuple[str, ...] = ()


def withdraw(paths: DataPaths, survey_year: int, which: str, reason: str, on: date) -> Withdrawn:
    """Withdraws a delivery, by its number or the name of its file. Whoever calls holds the writer's lock.

    One that is withdrawn already stays as it is; what a process that died left undone is finished. Raises BadInput, and
    changes nothing, when there is no such delivery, or when a correction or a set-aside row rests on it.
    """
    folder = paths.questionnaires / str(survey_year)
    questionnaire = load_questionnaire(folder)
    delivery = _found(questionnaire, which, folder)
    if isinstance(delivery, WithdrawnDelivery):
        return Withdrawn(delivery, _put_aside(paths, survey_year, delivery), is_new=False)
    rest = tuple(one for one in questionnaire.deliveries if one.number != delivery.number)
    without = questionnaire.model_copy(update={"deliveries": rest})
    after = _rows_that_count(paths, without)
    try:
        before = _rows_that_count(paths, questionnaire)
    except BadInput:  # it is withdrawn because it cannot be used
        before = {}
    withdraw_delivery(folder, delivery.number, reason, on)
    return Withdrawn(
        delivery,
        _put_aside(paths, survey_year, delivery),
        is_new=True,
        left_out=tuple(sorted(set(before) - set(after))),
        older=tuple(sorted(code for code in after if code in before and after[code] != before[code])),
    )


def _found(questionnaire: Questionnaire, which: str, folder: Path) -> Delivery:
    listed = (*questionnaire.deliveries, *questionnaire.withdrawn_deliveries)
    for delivery in listed:
        if which in (str(delivery.number), delivery.path):
            return delivery
    known = ", ".join(f"{one.number} ({one.path})" for one in questionnaire.deliveries) or "none: no delivery counts"
    raise BadInput(f"There is no delivery {which} of {questionnaire.survey_year}", str(folder), f"name one: {known}")


def _rows_that_count(paths: DataPaths, questionnaire: Questionnaire) -> dict[str, int]:
    """Municipality → the delivery whose answers of it count."""
    if not questionnaire.deliveries:
        return {}
    raw = take_in(questionnaire, paths.questionnaires / str(questionnaire.survey_year))
    corrections = load_corrections(paths.corrections, questionnaire.survey_year)
    municipalities = municipalities_of(paths.registers, questionnaire.register_date)
    try:
        answers = build_answers(questionnaire, raw, municipalities, corrections).answers
    except BadInput as error:
        raise BadInput(
            f"Without it, {error.what[:1].lower()}{error.what[1:]}; every run would stop",
            error.where,
            f"give that line in {paths.corrections / f'{questionnaire.survey_year}.yaml'} a 'withdrawn: {{reason, who, "
            "when}' first; it can be written anew afterwards",
        ) from None
    counting = answers[answers["is_current"]].drop_duplicates("municipality_code")
    return dict(zip(counting["municipality_code"].astype(str), counting["delivery"].astype(int), strict=True))


def _put_aside(paths: DataPaths, survey_year: int, delivery: Delivery) -> Path:
    """Moves the file out of the way; of a year without deliveries, what the lake has of it goes."""
    folder = paths.questionnaires / str(survey_year)
    file, aside = folder / delivery.path, folder / FOLDER / delivery.path
    if file.exists():
        aside.parent.mkdir(exist_ok=True)
        file.rename(aside)
    if not load_questionnaire(folder).deliveries:
        for table in paths.lake.glob(f"*/{survey_year}.parquet"):
            table.unlink()
    return aside
