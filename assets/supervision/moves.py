"""Reads ``data/risk/moves.yaml``: what can happen in a case, and what can follow on what (landelijk2023, Figuur 1.5).

Data rather than code, because the steps of supervision and their labels are the supervisors' to change. Belongs here: the
events and their order. Does not belong here: the records (``events.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from assets.questionnaires.model import Slug, Text
from assets.supervision.rules import Strict, existing
from assets.yaml_file import load_model

FILE_NAME = "moves.yaml"


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
    """All events, of which exactly one begins a case."""

    events: tuple[Event, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _lead_somewhere(self) -> Self:
        ids = [event.id for event in self.events]
        if double := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"event {', '.join(double)} stands more than once")
        if sum(event.first for event in self.events) != 1:
            raise ValueError("exactly one event is the first of a case")
        for event in self.events:
            if unknown := sorted(set(event.then) - set(ids)):
                raise ValueError(f"{event.id} is followed by {', '.join(unknown)}, which is no event")
        return self


def load_moves(risk_dir: Path) -> Mapping[str, Event]:
    """Event id → event, in the file's order. Raises BadInput with file, place and remedy."""
    remedy = "mend that place; assets/supervision/moves.py says what each field may hold"
    file = existing(risk_dir / FILE_NAME, "moves of a case")
    return {event.id: event for event in load_model(file, Moves, "list of moves", remedy).events}
