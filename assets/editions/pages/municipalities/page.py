"""The pages of the municipalities: ``municipalities/<code>.html``, each beside comparable ones, and their list.

Belongs here: what is on which page, in which words for a status or a reason. Does not belong here: reading it
(``reading.py``), the looks (the templates, ``municipality.css``), computing a number (dbt does that).

Hundreds of pages share most of their rows: a question with the same answer and the same groups to compare with reads
the same on all of them, so each such piece is made once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.errors import BadInput
from assets.base.texts import Text, counted
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.files.marts import SOURCE
from assets.editions.pages.municipalities.pictures import heaps_of, pictures_of
from assets.editions.pages.municipalities.reading import (
    BREAKDOWNS,
    NEEDED,
    Answer,
    Municipalities,
    Municipality,
    Question,
    read_municipalities,
)
from assets.editions.pages.records import Record, has_tables
from assets.editions.pages.report.page import rendered
from assets.editions.pages.templating import environment

if TYPE_CHECKING:
    import duckdb
    from markupsafe import Markup

MUNICIPALITIES = "municipalities"
INDEX = f"{MUNICIPALITIES}/index.html"
_CODE = re.compile(r"[A-Z]{2}\d{4}")
_NOT_COMPARED: Record = {"percent_0": None, "base": 0, "is_shown": False}


class Section(NamedTuple):
    """A section of the questionnaire: its rows of answers, and the questions that were not asked, as HTML.

    The texts that go with an option that was not chosen are not named among those.
    """

    key: str
    rows: Sequence[Markup]
    not_asked: Sequence[Markup]


def municipality_path(code: str) -> str:
    """Where a municipality's page lies in its edition."""
    return f"{MUNICIPALITIES}/{code}.html"


def write_municipalities(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    stamp: Stamp,
    folder: Path,
    schema: str = f"{SOURCE}.main",
) -> None:
    """``municipalities/<code>.html`` for every municipality of the register, and ``municipalities/index.html``.

    Nothing is written where the warehouse lacks the models for it. Every text from data is escaped; no free text is
    in them. Raises BadInput where a code cannot name a file.
    """
    if not has_tables(connection, schema, NEEDED):
        return
    read = read_municipalities(connection, schema, stamp.survey_year)
    _check(read)
    (folder / MUNICIPALITIES).mkdir(exist_ok=True)
    answers, others = _Answers(read), heaps_of(read.members, stamp.survey_year)
    for member in read.members:
        html = rendered(
            "pages/municipalities/municipality.html.j2",
            content,
            stamp,
            member=member,
            facts=member.facts,
            sections=answers.of(member),
            answers_head=answers.head(member),
            pictures=pictures_of(member, stamp.survey_year, others),
            read=read,
            labels=read.labels,
            counted=counted,
        )
        (folder / municipality_path(member.code)).write_text(html, encoding="utf-8")
    by_name = sorted(read.members, key=lambda member: (sort_key(member.name), member.code))
    by_letter = [(letter, list(of)) for letter, of in groupby(by_name, key=lambda m: sort_key(m.name)[:1].upper())]
    index = rendered("pages/municipalities/municipalities.html.j2", content, stamp, by_letter=by_letter, all=by_name)
    (folder / INDEX).write_text(index, encoding="utf-8")


def _check(read: Municipalities) -> None:
    unusable = [member.code for member in read.members if not _CODE.fullmatch(member.code)]
    if unusable:
        raise BadInput(
            f"A municipality's code names its page, so it is two letters and four digits: {', '.join(unusable)}.",
            "warehouse, rpt_municipalities, column municipality_code",
            "Mend the register of municipalities in data/registers and run the warehouse again.",
        )


def sort_key(name: str) -> str:
    """A name's letters in lower case without accents: 's-Gravenhage is found at the s, Súdwest-Fryslân at Sudwest."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return "".join(letter for letter in plain if letter.isalnum() or letter == " ")


class _Answers:
    """The answers of each municipality as HTML; pieces that are alike are made once."""

    def __init__(self, read: Municipalities) -> None:
        self._read = read
        # The macros of the template: answered, not_asked and head.
        self._pieces: Any = environment().get_template("pages/municipalities/municipality_answers.html.j2").module
        self._made: dict[tuple[object, ...], Markup] = {}
        self._sections = [
            (key, list(of)) for key, of in groupby(read.questions.values(), key=lambda question: question.section)
        ]

    def of(self, member: Municipality) -> list[Section]:
        if not member.answers:
            return []
        return [self._section(key, questions, member) for key, questions in self._sections]

    def head(self, member: Municipality) -> Markup:
        """The headings of its columns."""
        key = (member.facts["urbanisation_label"], member.facts["disadvantage_label"])
        if key not in self._made:
            self._made[key] = self._pieces.head(*key)
        return self._made[key]

    def _section(self, key: str, questions: list[Question], member: Municipality) -> Section:
        given = [(q, member.answers[q.question_id]) for q in questions if q.question_id in member.answers]
        return Section(
            key,
            [self._row(q, answer, member) for q, answer in given if answer.status != "not_asked"],
            [self._not_asked(q) for q, answer in given if answer.status == "not_asked" and q.answer_type != "text"],
        )

    def _row(self, question: Question, answer: Answer, member: Municipality) -> Markup:
        key = (question.question_id, answer, member.groups if answer.chosen else None)
        if key not in self._made:
            labels = [question.options[code] for code in answer.chosen]
            compared = [self._compared(question, code, member.groups) for code in answer.chosen]
            # Of the three counts only the reached toddlers are shown beside those of others: as the reach.
            is_compared = question.concept == "reached_toddlers" and answer.status == "answered"
            note = self._note(question, answer)
            self._made[key] = self._pieces.answered(question, labels, compared, note, is_compared)
        return self._made[key]

    def _not_asked(self, question: Question) -> Markup:
        key = (question.question_id,)
        if key not in self._made:
            self._made[key] = self._pieces.not_asked(question)
        return self._made[key]

    def _compared(self, question: Question, option: str, groups: tuple[str | None, ...]) -> list[Record]:
        return [
            self._read.compared.get((question.question_id, option, breakdown, group or ""), _NOT_COMPARED)
            for breakdown, group in zip(BREAKDOWNS, groups, strict=True)
        ]

    def _note(self, question: Question, answer: Answer) -> Text | None:
        """What is shown for an answer that is no option; None where options were chosen."""
        if answer.status != "answered":
            return self._read.labels["answer_status"][answer.status]
        if question.answer_type == "count":
            return counted(answer.number)
        if question.answer_type == "text":
            return Text("tekst ingevuld; niet gepubliceerd", "text given; not published")
        return None if answer.chosen else Text("niets gekozen", "nothing chosen")
