"""The dossiers of the municipalities: ``dossiers/<code>.html``, and their list. For inside only: they hold free text.

Belongs here: what is on which page, an answer in words. Does not belong here: reading it (``reading.py``), the looks
(the templates), computing a number (dbt does that).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assets.base.texts import Text, counted, sort_key
from assets.editions.content.mark import Origin, origin_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.files.marts import SOURCE
from assets.editions.pages.dossiers.reading import NEEDED, Dossier, Dossiers, read_dossiers
from assets.editions.pages.municipalities.reading import NEEDED as NEEDED_OF_PAGES
from assets.editions.pages.municipalities.reading import Answer, Question
from assets.editions.pages.records import digest, has_tables
from assets.editions.pages.templating import write_page

if TYPE_CHECKING:
    import duckdb

DOSSIERS = "dossiers"
INDEX = f"{DOSSIERS}/index.html"


class Line(NamedTuple):
    """A question, and its answer in words."""

    question: Question
    answer: Text


def dossier_path(code: str) -> str:
    """Where a municipality's dossier is in its edition."""
    return f"{DOSSIERS}/{code}.html"


def write_dossiers(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    stamp: Stamp,
    folder: Path,
    schema: str = f"{SOURCE}.main",
    inside: str = f"{SOURCE}.internal",
) -> None:
    """``dossiers/<code>.html`` for every municipality of the register, and ``dossiers/index.html``.

    ``inside``: the schema of free text, which no copy of the warehouse takes in. Nothing is written where the warehouse
    lacks the models for it. Every text from data is escaped. What is synthetic is marked, also where only signals,
    records of cases or interviews are.
    """
    if not has_dossiers(connection, schema, inside):
        return
    found = read_dossiers(connection, schema, inside, stamp.survey_year)
    origins = {event["origin"] for dossier in found.members for event in dossier.events}
    origin = origin_of({content.origin, *origins})
    words = _Words(found)
    for dossier in found.members:
        write_page(
            folder,
            dossier_path(dossier.member.code),
            "pages/dossiers/dossier.html.j2",
            origin,
            stamp,
            dossier=dossier,
            member=dossier.member,
            sections=words.sections(dossier),
            questions=found.read.questions,
            read=found.read,
            labels=found.read.labels,
        )
    _write_index(folder, found, origin, stamp)


def _write_index(folder: Path, found: Dossiers, origin: Origin, stamp: Stamp) -> None:
    by_name = sorted(found.members, key=lambda dossier: (sort_key(dossier.member.name), dossier.member.code))
    letters: dict[str, str] = {}
    for dossier in by_name:
        letters.setdefault(sort_key(dossier.member.name)[:1].upper(), dossier.member.code)
    write_page(
        folder,
        INDEX,
        "pages/dossiers/dossiers.html.j2",
        origin,
        stamp,
        dossiers=by_name,
        letters=letters,
        labels=found.read.labels,
    )


def has_dossiers(
    connection: duckdb.DuckDBPyConnection, schema: str = f"{SOURCE}.main", inside: str = f"{SOURCE}.internal"
) -> bool:
    """Whether the warehouse has the models of dossiers."""
    return has_tables(connection, schema, NEEDED_OF_PAGES) and has_tables(connection, inside, NEEDED)


def rests_on(connection: duckdb.DuckDBPyConnection, inside: str = f"{SOURCE}.internal") -> dict[str, str]:
    """Changes with whatever only dossiers show: no copy of the warehouse has it, so no file to compare."""
    there = NEEDED if has_tables(connection, inside, NEEDED) else ()
    return {model: digest(connection, inside, model) for model in there}


class _Words:
    """Answers in words; those that are alike are worded once."""

    def __init__(self, found: Dossiers) -> None:
        self._questions = found.read.questions
        self._labels: Mapping[str, Text] = found.read.labels["answer_status"]
        self._made: dict[tuple[str, Answer], Line] = {}

    def sections(self, dossier: Dossier) -> list[tuple[str, list[Line]]]:
        """Section → the questions that were asked, with their answers."""
        texts = {row["question_id"]: row["text"] for row in dossier.texts}
        asked = [
            Line(question, Text(texts[question.question_id], texts[question.question_id]))
            if question.question_id in texts
            else self._line(question, answer)
            for question in self._questions.values()
            if (answer := dossier.member.answers.get(question.question_id)) and answer.status != "not_asked"
        ]
        return [(key, list(lines)) for key, lines in groupby(asked, key=lambda line: line.question.section)]

    def _line(self, question: Question, answer: Answer) -> Line:
        key = (question.question_id, answer)
        if key not in self._made:
            self._made[key] = Line(question, self._said(question, answer))
        return self._made[key]

    def _said(self, question: Question, answer: Answer) -> Text:
        if answer.status != "answered":
            return self._labels[answer.status]
        if question.answer_type == "count":
            return counted(answer.number)
        chosen = [question.options[code] for code in answer.chosen] or [Text("niets gekozen", "nothing chosen")]
        return Text("; ".join(one.nl for one in chosen), "; ".join(one.en for one in chosen))
