"""What each municipality gets: its page (``municipalities/<code>/index.html``) and its answers (``answers.csv``,
``answers.xlsx``).

Belongs here: what is on which page, in which words for a status or a reason. Does not belong here: reading it
(``reading.py``), the looks (the templates, ``municipality.css``), computing a number (dbt does that).

Hundreds of pages share most of their rows: a question with the same answer and the same groups to compare with reads
the same on all of them, so each such piece is made once. A folder in which nothing would differ but the version is that
of the edition before.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.errors import BadInput
from assets.base.files import sha256_over
from assets.base.limits import CODE, CODE_IN_WORDS
from assets.base.settings import Signals
from assets.base.texts import LANGUAGES, Language, Text, counted
from assets.editions.content.mark import Origin, mark_of
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.files.csv_files import write_csv
from assets.editions.pages.municipalities.pictures import Heaps, heaps_of, heaps_shown, pictures_of
from assets.editions.pages.municipalities.reading import (
    BREAKDOWNS,
    NEEDED,
    Answer,
    Municipalities,
    Municipality,
    Question,
    read_municipalities,
)
from assets.editions.pages.municipalities.workbook import AnswersWorkbook, OwnAnswer
from assets.editions.pages.records import Record, has_tables
from assets.editions.pages.templating import environment, write_page, write_style

if TYPE_CHECKING:
    import duckdb
    from markupsafe import Markup

PAGE, ANSWERS, WORKBOOK = "index.html", "answers.csv", "answers.xlsx"
ANSWER_COLUMNS = {
    "question_id": "Id of the question in its questionnaire.",
    "wording_nl": "The question in Dutch.",
    "wording_en": "The question in English.",
    "status": "Why there is an answer or not, as a code.",
    "status_label_nl": "The same in words, in Dutch.",
    "status_label_en": "The same in words, in English.",
    "chosen": "Codes of the options that were chosen, with commas between.",
    "chosen_labels_nl": "The options that were chosen, in Dutch, with semicolons between.",
    "chosen_labels_en": "The options that were chosen, in English, with semicolons between.",
    "number": "The number that was given.",
    "origin": "Whether municipalities gave the answers, or any was generated.",
}
_PAGE = "pages/municipalities/municipality.html.j2"
_ANSWERS = "pages/municipalities/municipality_answers.html.j2"
ANSWER_FIELDS = [
    {"name": name, "type": "integer" if name == "number" else "string", "description": description}
    for name, description in ANSWER_COLUMNS.items()
]
_NOT_COMPARED: Record = {"percent_0": None, "base": 0, "is_shown": False}


class Folders(NamedTuple):
    """The folders of municipalities below ``folder``. ``rests_on``: by code, a digest of all that each says but for its
    version; ``new``: the codes of those that are not the folders of an edition before."""

    folder: Path
    rests_on: Mapping[str, str]
    new: tuple[str, ...] = ()


class Section(NamedTuple):
    """A section of the questionnaire: its rows of answers, and the questions that were not asked, as HTML.

    The texts that go with an option that was not chosen are not named among those.
    """

    key: str
    rows: Sequence[Markup]
    not_asked: Sequence[Markup]


def write_municipalities(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    stamp: Stamp,
    folder: Path,
    schema: str,
    signals: Signals = "after_contact",
    before: Folders | None = None,
    as_in: Mapping[str, Stamp] | None = None,
) -> Folders:
    """A folder below ``folder`` for every municipality of the register, by its code, with PAGE, ANSWERS and WORKBOOK.

    ``before``: those of the edition before: what rests on the same there is taken over whole, with its version.
    ``as_in``: the stamps of those that have another one. Nothing is written where ``schema`` lacks the models for it.
    Every text from data is escaped; no free text is in them. Raises BadInput where a code cannot name a folder.
    """
    if not has_tables(connection, schema, NEEDED):
        return Folders(folder, {})
    read = read_municipalities(connection, schema, stamp.survey_year, signals)
    _check(read)
    answers = {language: _Answers(read, language) for language in LANGUAGES}
    others = heaps_of(read.members, stamp.survey_year)
    digest_of, new = _rests_on(read, others, content.origin, stamp), list[str]()
    rests_on = {member.code: digest_of(member) for member in read.members}
    for member in read.members:
        own = folder / member.code
        if before and before.rests_on.get(member.code) == rests_on[member.code]:
            _take_over(before.folder / member.code, own)
            continue
        new.append(member.code)
        shown = {"facts": member.facts, "pictures": pictures_of(member, stamp.survey_year, others), "read": read}
        shown |= {"member": member, "answers": answers, "labels": read.labels, "counted": counted}
        write_page(own, PAGE, _PAGE, content.origin, (as_in or {}).get(member.code, stamp), **shown)
        write_style(own, "pages/municipalities/municipality.css")
        _write_answers(own, member, read, content.origin, stamp, before)
    return Folders(folder, rests_on, tuple(new))


def _rests_on(read: Municipalities, others: Heaps, origin: Origin, stamp: Stamp) -> Callable[[Municipality], str]:
    """A digest of all that the folder of a municipality says, but for the version and its date: of what it shares with
    others only what it shows."""
    imprint = replace(stamp.imprint, citation=Text("", "")) if stamp.imprint else None
    rules = {rule: row["label"] for rule, row in read.rules.items()}
    words = (read.questions, read.labels, rules, read.criteria, read.oddities)
    digest = sha256_over([repr((words, origin, stamp.survey_year, stamp.terms, imprint))])
    shares = {
        key: repr((row["percent_0"], row["base"])) if row["is_shown"] else "" for key, row in read.compared.items()
    }

    def of(member: Municipality) -> str:
        groups = [(breakdown, group or "") for breakdown, group in zip(BREAKDOWNS, member.groups, strict=True)]
        chosen = ((question, code) for question, answer in member.answers.items() for code in answer.chosen)
        beside = [shares.get((*one, *group), "") for one in chosen for group in groups]
        among = [repr(heap) for heap in heaps_shown(member, stamp.survey_year, others)]
        own = repr(replace(member, knows=frozenset(), calls=[call["ask"] for call in member.calls]))
        return sha256_over([digest, own, *sorted(member.knows), *beside, *among])

    return of


def _take_over(before: Path, own: Path) -> None:
    own.mkdir(parents=True)
    for file in before.iterdir():
        os.link(file, own / file.name)


def _write_answers(
    own: Path, member: Municipality, read: Municipalities, origin: Origin, stamp: Stamp, before: Folders | None
) -> None:
    given = [*_own_answers(member, read)]
    write_csv(own / ANSWERS, list(ANSWER_COLUMNS), (_answer_row(*one, origin) for one in given))
    year = Text(f"vragenlijst {stamp.survey_year}", f"survey year {stamp.survey_year}")
    above = [Text(f"{member.name}, {year.nl}", f"{member.name}, {year.en}"), mark_of(origin), stamp.terms]
    workbook = AnswersWorkbook([text for text in above if text], [one for one, _ in given])
    workbook.save(own / WORKBOOK, before.folder / member.code / WORKBOOK if before else None)


def _own_answers(member: Municipality, read: Municipalities) -> Iterator[tuple[OwnAnswer, Answer]]:
    statuses = read.labels["answer_status"]
    for question in read.questions.values():
        if answer := member.answers.get(question.question_id):
            chosen = [question.options[code] for code in answer.chosen]
            in_words = Text("; ".join(label.nl for label in chosen), "; ".join(label.en for label in chosen))
            status = statuses[answer.status]
            yield OwnAnswer(question.question_id, question.wording, in_words, answer.number, status), answer


def _answer_row(own: OwnAnswer, answer: Answer, origin: Origin) -> tuple[Any, ...]:
    codes = ", ".join(answer.chosen)
    return (own.question_id, *own.wording, answer.status, *own.status, codes, *own.chosen, own.number, origin)


def _check(read: Municipalities) -> None:
    unusable = [member.code for member in read.members if not re.fullmatch(CODE, member.code)]
    if unusable:
        raise BadInput(
            f"A municipality's code names its folder, so it {CODE_IN_WORDS}: {', '.join(unusable[:10])}.",
            "warehouse, rpt_municipalities, column municipality_code",
            "Mend the register of municipalities in data/registers and run the warehouse again.",
        )


class _Answers:
    """The answers of each municipality as HTML; pieces that are alike are made once."""

    def __init__(self, read: Municipalities, language: Language) -> None:
        self._read = read
        # The macros of the template: answered, not_asked and head.
        self._pieces: Any = environment(language).get_template(_ANSWERS).module
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
