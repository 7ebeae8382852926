"""The pages of the municipalities: ``municipalities/<code>.html``, each beside comparable ones, and the list of them
all.

Belongs here: what stands on which page, in which words for a status or a reason. Does not belong here: reading it
(``municipalities_reading.py``), the looks (``templates/municipality*.j2``, ``municipality.css``), computing a number
(dbt does that).

Hundreds of pages share most of their rows: a question with the same answer and the same groups to compare with reads
the same on all of them, so each such piece is made once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import cycle, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from assets.base.errors import BadInput
from assets.base.texts import Text, counted
from assets.editions.content.stamp import Stamp
from assets.editions.content.tables import Content
from assets.editions.content.words import COUNTS, DOMAINS, EXCLUSIONS, STATUSES, evidence_in_words
from assets.editions.files.marts import SOURCE
from assets.editions.pages.municipalities.reading import (
    BREAKDOWNS,
    NEEDED,
    Answer,
    Compared,
    Municipalities,
    Municipality,
    Question,
    read_municipalities,
)
from assets.editions.pages.records import has_tables
from assets.editions.pages.report.page import rendered
from assets.editions.pages.templating import environment

if TYPE_CHECKING:
    import duckdb
    from markupsafe import Markup

MUNICIPALITIES = "municipalities"
INDEX = f"{MUNICIPALITIES}/index.html"
SECTIONS = {
    "consultation": Text("Overleg", "Consultation"),
    "agreements": Text("Afspraken", "Agreements"),
    "goals": Text("Doelen", "Goals"),
    "topics": Text("Onderwerpen", "Topics"),
    "network": Text("Netwerk", "Network"),
    "target_group_definition": Text("Doelgroepdefinitie", "Target-group definition"),
    "guidance": Text("Toeleiding", "Guidance"),
    "continuous_line": Text("Doorgaande lijn", "Continuous line"),
    "supply_and_reach": Text("Aanbod en bereik", "Supply and reach"),
    "vve_numbers": Text("Aantallen vve", "Numbers of vve"),
    "result_agreements": Text("Resultaatafspraken", "Agreements on results"),
    "explanation": Text("Toelichting", "Explanation"),
}
RISKS = {
    "both": Text("Mogelijk risico bij LEA en bij vve", "Possible risk in LEA and in vve"),
    "lea_only": Text("Mogelijk risico bij LEA", "Possible risk in LEA"),
    "vve_only": Text("Mogelijk risico bij vve", "Possible risk in vve"),
    "none": Text("Geen mogelijk risico", "No possible risk"),
    "not_assessable": Text("Niet te beoordelen", "Cannot be assessed"),
}
NOT_ASSESSABLE = {
    **STATUSES,
    "not_in_questionnaire": Text("niet in de vragenlijst", "not in the questionnaire"),
}
OUTCOMES = {
    "no_risk": Text("geen risico (meer)", "no risk (any more)"),
    "improvement_agreement": Text("verbeterafspraken", "improvement agreements"),
    "investigation": Text("nader onderzoek", "investigation"),
}
MISSING_IN = {
    "years_without_questionnaire": Text("geen vragenlijst over", "no questionnaire about"),
    "years_without_target_toddlers": Text("geen doelgroeppeuters over", "no target toddlers about"),
    "years_without_places": Text("geen kindplaatsen over", "no places about"),
    "years_without_reached_toddlers": Text("geen bereikte peuters over", "no reached toddlers about"),
}
_CODE = re.compile(r"[A-Z]{2}\d{4}")
_GRAPH_WIDTH, _GRAPH_HEIGHT = 480, 150  # the plotted area, in the units of the drawing
_GRAPH_LEFT = 46  # room for '1000%' beside it


class Section(NamedTuple):
    """A section of the questionnaire: its rows of answers, and the questions that were not asked, as HTML.

    The texts that go with an option that was not chosen are not named among those.
    """

    key: str
    label: Text
    rows: Sequence[Markup]
    not_asked: Sequence[Markup]


class Point(NamedTuple):
    """A place in the drawing, with what is printed beside it, and at what height."""

    x: int
    y: int
    percent: int
    label_y: int


class Line(NamedTuple):
    """A line of the drawing: ``segments`` of successive known years."""

    points: Sequence[Point]
    segments: Sequence[str]


class Graph(NamedTuple):
    """Lines over the years beside a scale of percentages, which takes so much room at the ``left``."""

    left: int
    years: Sequence[tuple[int, int]]
    scale: Sequence[tuple[int, int]]
    own: Line
    national: Line


class Pieces(Protocol):
    """The macros of ``municipality_answers.html.j2``."""

    def answered(
        self, question: Question, labels: Any, compared: Any, note: Text | None, is_compared: bool
    ) -> Markup: ...

    def not_asked(self, question: Question) -> Markup: ...

    def head(self, urbanisation: Text | None, disadvantage: Text | None) -> Markup: ...


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

    Nothing is written where the warehouse lacks the marts for it. Every text from data is escaped; no free text is in
    the marts. Raises BadInput where a code cannot name a file.
    """
    if not has_tables(connection, schema, NEEDED):
        return
    read = read_municipalities(connection, schema, stamp.survey_year)
    _check(read)
    (folder / MUNICIPALITIES).mkdir(exist_ok=True)
    by_name = sorted(read.members, key=lambda member: (sort_key(member.name), member.code))
    answers = _Answers(read)
    for member in read.members:
        html = rendered(
            "pages/municipalities/municipality.html.j2",
            content,
            stamp,
            member=member,
            sections=answers.of(member),
            answers_head=answers.head(member),
            graph=_graph(member.reach),
            panel=read.panel,
            evidence_of=lambda signal: evidence_in_words(signal.evidence, read.option_labels),
            why_not=exclusion_reasons(member.exclusion),
            statuses=STATUSES,
            risks=RISKS,
            domains=DOMAINS,
            outcomes=OUTCOMES,
            counts=COUNTS,
            not_assessable=NOT_ASSESSABLE,
            counted=counted,
        )
        (folder / municipality_path(member.code)).write_text(html, encoding="utf-8")
    by_letter = [(letter, list(of)) for letter, of in groupby(by_name, key=lambda m: sort_key(m.name)[:1].upper())]
    index = rendered("pages/municipalities/municipalities.html.j2", content, stamp, by_letter=by_letter, all=by_name)
    (folder / INDEX).write_text(index, encoding="utf-8")


def _check(read: Municipalities) -> None:
    unusable = [member.code for member in read.members if not _CODE.fullmatch(member.code)]
    if unusable:
        raise BadInput(
            f"A municipality's code names its page, so it is two letters and four digits: {', '.join(unusable)}.",
            "warehouse, dim_municipality_year, column municipality_code",
            "Mend the register of municipalities in data/registers and run the warehouse again.",
        )


def sort_key(name: str) -> str:
    """A name's letters in lower case without accents: 's-Gravenhage is found at the s, Súdwest-Fryslân beside
    Sudwest."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return "".join(letter for letter in plain if letter.isalnum() or letter == " ")


def exclusion_reasons(exclusion: Mapping[str, Any] | None) -> Sequence[Text]:
    """Why a municipality is not in the panel: the condition that it does not meet, and what is missing of which
    years."""
    if exclusion is None:
        return ()
    reason = exclusion["exclusion_reason"]
    missing = [
        Text(*(f"{getattr(label, language)} {years.replace(',', ', ')}" for language in Text._fields))
        for column, label in MISSING_IN.items()
        if (years := exclusion[column])
    ]
    return (EXCLUSIONS.get(reason, Text(reason, reason)), *missing)


class _Answers:
    """The answers of each municipality as HTML; pieces that are alike are made once."""

    def __init__(self, read: Municipalities) -> None:
        self._read = read
        module: Any = environment().get_template("pages/municipalities/municipality_answers.html.j2").module
        self._pieces: Pieces = module
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
        key = (member.urbanisation, member.disadvantage)
        if key not in self._made:
            self._made[key] = self._pieces.head(*key)
        return self._made[key]

    def _section(self, key: str, questions: list[Question], member: Municipality) -> Section:
        given = [(q, member.answers[q.question_id]) for q in questions if q.question_id in member.answers]
        plain = key.replace("_", " ").capitalize()
        return Section(
            key,
            SECTIONS.get(key, Text(plain, plain)),
            [self._row(q, answer, member) for q, answer in given if answer.status != "not_asked"],
            [self._not_asked(q) for q, answer in given if answer.status == "not_asked" and q.answer_type != "text"],
        )

    def _row(self, question: Question, answer: Answer, member: Municipality) -> Markup:
        key = (question.question_id, answer, member.groups if answer.chosen else None)
        if key not in self._made:
            labels = [question.options[code] for code in answer.chosen]
            compared = [self._compared(question, code, member.groups) for code in answer.chosen]
            # Of the three counts only the reached toddlers stand beside those of others: as the reach.
            is_compared = question.concept == "reached_toddlers" and answer.status == "answered"
            self._made[key] = self._pieces.answered(question, labels, compared, _said(question, answer), is_compared)
        return self._made[key]

    def _not_asked(self, question: Question) -> Markup:
        key = (question.question_id,)
        if key not in self._made:
            self._made[key] = self._pieces.not_asked(question)
        return self._made[key]

    def _compared(self, question: Question, option: str, groups: tuple[str | None, ...]) -> list[Compared]:
        nothing = Compared(None, 0, False)
        return [
            self._read.compared.get((question.question_id, option, breakdown, group or ""), nothing)
            for breakdown, group in zip(BREAKDOWNS, groups, strict=True)
        ]


def _said(question: Question, answer: Answer) -> Text | None:
    """What stands at an answer that is no option; None where options were chosen."""
    if answer.status != "answered":
        return STATUSES.get(answer.status, Text(answer.status, answer.status))
    if question.answer_type == "count":
        return counted(answer.number)
    if question.answer_type == "text":
        return Text("tekst ingevuld; niet gepubliceerd", "text given; not published")
    return None if answer.chosen else Text("niets gekozen", "nothing chosen")


def _graph(reach: Sequence[Mapping[str, Any]]) -> Graph | None:
    """Own and national reach over the years; None where the municipality's own is never known."""
    if all(row["percent"] is None for row in reach):
        return None
    known = [row[name] for row in reach for name in ("percent", "percent_nationally") if row[name] is not None]
    top = max(100, *(-(-int(value) // 50) * 50 for value in known))
    step = _GRAPH_WIDTH // max(len(reach) - 1, 1)
    own, national = ([row[name] for row in reach] for name in ("percent", "percent_nationally"))
    return Graph(
        left=max(_GRAPH_LEFT, 14 + 8 * len(f"{top}%")),
        years=[(index * step, row["reference_year"]) for index, row in enumerate(reach)],
        scale=[(_height(value, top), value) for value in range(0, top + 1, _scale_step(top))],
        own=_line(own, national, step, top),
        national=_line(national, own, step, top),
    )


def _scale_step(top: int) -> int:
    """The smallest of 50, 100, 200, 500, 1000 … that goes into the scale four times at most, however high a reach
    is."""
    step = 50
    for factor in cycle((2, 2, 2.5)):
        if top <= 4 * step:
            break
        step = round(step * factor)
    return step


def _line(percents: Sequence[Any], others: Sequence[Any], step: int, top: int) -> Line:
    """The line of ``percents``; its labels stand away from the other line, above a point or below it."""
    points = [
        None if percent is None else _point(index * step, int(percent), top, above=other is None or percent >= other)
        for index, (percent, other) in enumerate(zip(percents, others, strict=True))
    ]
    segments = [
        " ".join(f"{point.x},{point.y}" for point in of if point)
        for is_known, of in groupby(points, key=lambda point: point is not None)
        if is_known
    ]
    return Line([point for point in points if point], segments)


def _point(x: int, percent: int, top: int, *, above: bool) -> Point:
    y = _height(percent, top)
    return Point(x, y, percent, y - 9 if above or y > _GRAPH_HEIGHT - 20 else y + 19)


def _height(percent: int, top: int) -> int:
    return _GRAPH_HEIGHT - percent * _GRAPH_HEIGHT // top
