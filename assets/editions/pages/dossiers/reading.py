"""What the dossier of each municipality shows beyond its page: what is for inside only.

Belongs here: one model a topic, for all municipalities at once. Does not belong here: what both pages show
(``pages/municipalities/reading.py``), judging or counting (``dbt_project``), how a dossier shows it (``page.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from assets.editions.pages.municipalities.reading import Municipalities, Municipality, read_municipalities
from assets.editions.pages.records import Record, records

if TYPE_CHECKING:
    import duckdb

# The models that a dossier cannot do without: of the schema of free text.
NEEDED = ("fct_open_answers", "fct_answer_changes", "fct_dossier_events")


class Dossier(NamedTuple):
    """``member``: what its page shows too. ``texts``: its rows of ``fct_open_answers``; ``changes``: of
    ``fct_answer_changes``; both of the survey year. ``events``: rows of ``fct_dossier_events`` of all years, its
    predecessors' too, each with ``of``: the name that its municipality had, '' where it is its own."""

    member: Municipality
    texts: Sequence[Record]
    changes: Sequence[Record]
    events: Sequence[Record]

    def of_kind(self, kind: str) -> list[Record]:
        """Its events of one kind, by date."""
        return [event for event in self.events if event["kind"] == kind]


class Dossiers(NamedTuple):
    """All of them by code, and ``read``: what they were asked, and what codes are called."""

    members: Sequence[Dossier]
    read: Municipalities


def read_dossiers(connection: duckdb.DuckDBPyConnection, schema: str, inside: str, survey_year: int) -> Dossiers:
    """Every municipality of the register of the survey year, by code. ``inside``: the schema of free text."""
    read = read_municipalities(connection, schema, survey_year, "always")
    texts, changes = (_by_code(records(connection, inside, model, survey_year=survey_year)) for model in NEEDED[:2])
    events = _by_code(records(connection, inside, NEEDED[2]))
    return Dossiers(
        [
            Dossier(
                member,
                texts.get(member.code, []),
                changes.get(member.code, []),
                _events(member, events),
            )
            for member in read.members
        ],
        read,
    )


def _events(member: Municipality, events: dict[str, list[Record]]) -> list[Record]:
    found = [{**event, "of": ""} for event in events.get(member.code, [])]
    for before in member.facts["predecessors"] or ():
        found += [{**event, "of": before["name"]} for event in events.get(before["code"], [])]
    return sorted(found, key=lambda event: event["event_date"])


def _by_code(rows: list[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for row in rows:
        found.setdefault(row["municipality_code"], []).append(row)
    return found
