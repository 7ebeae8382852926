"""Reads ``data/supervision/moves.yaml``: what comes before a case, what can happen in it, and what can follow on what
(landelijk2023, Figuur 1.5).

Data rather than code, because the steps of supervision and their labels are the supervisors' to change. Belongs here: the
steps and events and their order. Does not belong here: the records (``events.py``), counting (``dbt_project``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

import pandas as pd
from pydantic import Field, model_validator

from assets.base.yaml_file import load_model, refuse_double
from assets.questionnaires.model import Slug, Text
from assets.risk.rules import Strict, existing

FILE_NAME = "moves.yaml"
COLUMNS = {
    "step_no": "int32",
    "step": "str",
    "label_nl": "str",
    "label_en": "str",
    "after": "str",
    "is_event": "bool",
    "is_first": "bool",
    "is_outcome": "bool",
}


class Step(Strict):
    """What the risk analysis makes of a questionnaire. ``then``: the steps, or the first event, that can follow."""

    id: Literal["questionnaire", "no_possible_risk", "not_assessable", "possible_risk"]
    label: Text
    then: tuple[Slug, ...] = ()


class Event(Strict):
    """Something that can happen in a case. ``first``: a case begins with it. ``then``: what can follow. ``outcome``: what the
    conversation led to. ``closes``: nothing is left to be done."""

    id: Slug
    label: Text
    first: bool = False
    outcome: bool = False
    closes: bool = False
    then: tuple[Slug, ...] = ()


class Moves(Strict):
    """The steps before a case, and all events, of which exactly one begins a case."""

    steps: tuple[Step, ...] = ()
    events: tuple[Event, ...] = Field(min_length=1)

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


def load_moves(risk_dir: Path) -> Mapping[str, Event]:
    """Event id → event, in the file's order. Raises BadInput with file, place and remedy."""
    return {event.id: event for event in _load(risk_dir).events}


def moves_table(risk_dir: Path) -> pd.DataFrame:
    """One row per step or event of Figuur 1.5, in the file's order; columns and types as ``COLUMNS``.

    ``after``: the first one that it can follow on; empty for where everything begins. Raises BadInput as ``load_moves`` does.
    """
    moves = _load(risk_dir)
    all_moves: list[Step | Event] = [*moves.steps, *moves.events]
    rows = [
        {
            "step_no": step_no,
            "step": move.id,
            "label_nl": move.label.nl,
            "label_en": move.label.en,
            "after": next((before.id for before in all_moves if move.id in before.then), None),
            "is_event": isinstance(move, Event),
            "is_first": isinstance(move, Event) and move.first,
            "is_outcome": isinstance(move, Event) and move.outcome,
        }
        for step_no, move in enumerate(all_moves, 1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _load(risk_dir: Path) -> Moves:
    remedy = "mend that place; assets/supervision/moves.py says what each field may hold"
    return load_model(existing(risk_dir / FILE_NAME, "moves of a case"), Moves, "list of moves", remedy)
