"""Reads ``data/supervision/moves.yaml``: what comes before a case, what can happen in it, and what can follow on what
(landelijk2023, Figuur 1.5).

Data rather than code, because the steps of supervision and their labels are the supervisors' to change. Belongs here:
the steps and events and their order. Does not belong here: the records (``events.py``), counting (``dbt_project``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from assets.base.checks import CheckOutcome
from assets.base.models import HeldUntilEnded, Slug, StrictModel, TextPair, in_columns, refuse_double
from assets.base.schemas import LakeTable, flag, in_both_languages, name, place, year
from assets.base.yaml_file import load_model
from assets.questionnaires.confirmed import confirmed_check, confirmed_outcome, confirmed_until

if TYPE_CHECKING:
    import pandas as pd

FILE_NAME = "moves.yaml"
MOVES = LakeTable(
    "supervision/moves",
    "One row per step or event of Figuur 1.5, in the order of data/supervision/moves.yaml. after: the first one that "
    "it can follow on; empty for where everything begins.",
    {
        "step_no": place("Place of the step in the list."),
        "step": name("The step of the risk analysis, or the event of a case."),
        **in_both_languages("label", "What it is called"),
        "after": name("The first one that it can follow on; empty where everything begins.", nullable=True),
        "is_event": flag("Whether it is an event of a case; otherwise the risk analysis gives it."),
        "is_first": flag("Whether a case begins with it."),
        "is_outcome": flag("Whether it is what a conversation led to."),
        "confirmed_until": year("Last survey year for which a person confirmed it; empty: not kept.", nullable=True),
    },
    key=("step",),
)
CONFIRMED_MOVES = confirmed_check(MOVES.name, f"supervision/{FILE_NAME}")


class SupervisionStep(StrictModel):
    """What the risk analysis makes of a questionnaire. ``then``: the steps, or the first event, that can follow."""

    id: Literal["questionnaire", "no_possible_risk", "not_assessable", "possible_risk"]
    label: TextPair
    then: tuple[Slug, ...] = ()


class SupervisionEvent(StrictModel):
    """Something that can happen in a case. ``first``: a case begins with it. ``then``: what can follow. ``outcome``:
    what the conversation led to. ``closes``: nothing is left to be done."""

    id: Slug
    label: TextPair
    first: bool = False
    outcome: bool = False
    closes: bool = False
    then: tuple[Slug, ...] = ()

    def holds_in(self, survey_year: int) -> bool:  # noqa: ARG002 - a move has no years
        """Always."""
        return True


class SupervisionMoves(HeldUntilEnded):
    """The steps before a case, and all events, of which exactly one begins a case. They have no years: all hold."""

    steps: tuple[SupervisionStep, ...] = ()
    events: tuple[SupervisionEvent, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _lead_somewhere(self) -> Self:
        ids: list[str] = [event.id for event in self.events]
        refuse_double("event", ids)
        if sum(event.first for event in self.events) != 1:
            raise ValueError("exactly one event is the first of a case")
        for event in self.events:
            if unknown := sorted(set(event.then) - set(ids)):
                raise ValueError(f"{event.id} is followed by {', '.join(unknown)}, which is no event")
        steps: list[str] = [step.id for step in self.steps]
        refuse_double("step", [*steps, *ids])
        for step in self.steps:
            if unknown := sorted(set(step.then) - {*steps, *ids}):
                raise ValueError(f"{step.id} is followed by {', '.join(unknown)}, which is no step and no event")
        return self


def load_moves(supervision_dir: Path) -> Mapping[str, SupervisionEvent]:
    """Event id → event, in the file's order. Raises BadInput with file, place and remedy."""
    return {event.id: event for event in _load(supervision_dir).events}


def moves_table(supervision_dir: Path) -> pd.DataFrame:
    """``MOVES``. Raises BadInput as ``load_moves`` does."""
    moves = _load(supervision_dir)
    all_moves: list[SupervisionStep | SupervisionEvent] = [*moves.steps, *moves.events]
    return MOVES.frame(
        {
            "step_no": step_no,
            "step": move.id,
            **in_columns(label=move.label),
            "after": next((before.id for before in all_moves if move.id in before.then), None),
            "is_event": isinstance(move, SupervisionEvent),
            "is_first": isinstance(move, SupervisionEvent) and move.first,
            "is_outcome": isinstance(move, SupervisionEvent) and move.outcome,
            "confirmed_until": moves.confirmed_until,
        }
        for step_no, move in enumerate(all_moves, 1)
    )


def check_moves(supervision_dir: Path, survey_years: Iterable[int]) -> CheckOutcome:
    """The outcome of ``CONFIRMED_MOVES``."""
    until = confirmed_until(supervision_dir / FILE_NAME)
    return confirmed_outcome(CONFIRMED_MOVES, load_moves(supervision_dir).values(), until, survey_years)


def _load(supervision_dir: Path) -> SupervisionMoves:
    remedy = "mend that place; assets/supervision/moves.py says what each field may hold"
    return load_model(supervision_dir / FILE_NAME, SupervisionMoves, "list of moves", remedy)
