"""What each municipality's cells say: definitions.md 1, and the domain of a cell (docs/questionnaire-format.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.second_opinion.reading import FORMULA, Question, Row, Year
from tests.second_opinion.registers import Registers, plain

ANSWERED, NOT_ASKED, NO_ANSWER = "answered", "not_asked", "no_answer"
NOT_AVAILABLE, NOT_COLLECTED, INVALID = "not_available", "not_collected", "invalid"
_STRONGEST = (ANSWERED, INVALID, NOT_COLLECTED, NOT_AVAILABLE, NO_ANSWER, NOT_ASKED)
UNUSABLE = (NO_ANSWER, NOT_AVAILABLE, INVALID)
_CODE = re.compile(r"(?:GM)?\s*(\d{1,4})(?:[.,]0+)?", re.IGNORECASE | re.ASCII)
_WHOLE = re.compile(r"([+-]?\d+)(?:[.,](0+))?", re.ASCII)
_ERROR = re.compile(r"#(N/A|N/B|[A-Z_]+(/0)?[!?])")
_MARKUP = re.compile(r"<\s*/?\s*[A-Za-z!][^<>]*>|<[A-Za-z][^<>]*=[^<>]*$|javascript:", re.IGNORECASE)


@dataclass
class Reply:
    """A municipality's answer to a question.

    ``asked``: surely (True), surely not (False), or unknown (None). ``cells``: option code (None unless multiple) → status and
    value: the code of a choice, the number of a count, '1' or '0' of a box.
    """

    question: Question
    asked: bool | None
    cells: dict[str | None, tuple[str, Any]]

    @property
    def number(self) -> int | None:
        status, value = self.cells[None]
        return value if status == ANSWERED else None

    def status(self, option: str) -> str:
        return self.cells[option if self.question.type == "multiple" else None][0]

    def chose(self, option: str) -> bool:
        """Whether an option, by its code, was chosen."""
        if self.question.type == "multiple":
            return self.cells[option] == (ANSWERED, "1")
        return self.cells[None] == (ANSWERED, option)

    def overall(self) -> str:
        """The question's status as a whole: definitions.md 7."""
        statuses = {status for status, _ in self.cells.values()}
        return next(status for status in _STRONGEST if status in statuses)


Replies = dict[str, Reply]


def read_answers(year: Year, registers: Registers) -> dict[str, Replies]:
    """Respondent → question → reply, of the newest accepted row of each (definitions.md 1)."""
    registered = registers.on(year.register_date)
    current: dict[str, Row] = {}
    for delivery in dict.fromkeys(row.delivery for row in year.rows):
        owned = [
            (code, row)
            for row in year.rows
            if row.delivery == delivery
            and (code := _code(row.cells.get(year.code_column, ""))) in registered
            and _is_own_name(code, row.cells.get(year.name_column, ""), year, registers)
            and _says_something(judge(year, row))
        ]
        times = Counter(code for code, _ in owned)
        current |= {code: row for code, row in owned if times[code] == 1}
    for line in year.corrections:
        column = year.by_id[line["question"]].columns[line.get("option")]
        row = current[line["municipality"]]
        current[line["municipality"]] = Row(row.delivery, row.cells | {column: line["value"].strip()})
    return {code: judge(year, current[code]) for code in sorted(current)}


def _code(text: str) -> str:
    found = _CODE.fullmatch(text)
    return f"GM{int(found[1]):04d}" if found else ""


def _is_own_name(code: str, name: str, year: Year, registers: Registers) -> bool:
    """Not the name of another municipality, unless that one has become this one."""
    owners = registers.names.get(plain(name), set())
    first = registers.first_day
    return not owners or any(
        code in {owner} | registers.successors(owner, first, year.register_date) for owner in owners
    )


def _says_something(replies: Replies) -> bool:
    return any(status in (ANSWERED, INVALID) for reply in replies.values() for status, _ in reply.cells.values())


def judge(year: Year, row: Row) -> Replies:
    """Every question in turn, so that routing rests on what came before."""
    replies: Replies = {}
    for question in year.questions:
        asked = _truth(question.routing, replies) if question.routing else True
        cells = {
            option: _domain(question, option, row.cells.get(column, "")) for option, column in question.columns.items()
        }
        if question.type == "multiple":
            cells = _boxes(question, cells, asked, {o: row.cells.get(c, "") == "" for o, c in question.columns.items()})
        if row.delivery < question.asked_from:
            cells = dict.fromkeys(cells, (NOT_COLLECTED, None))
        cells = {option: _routed(cell, asked) for option, cell in cells.items()}
        replies[question.id] = Reply(question, asked, cells)
    return replies


def _domain(question: Question, option: str | None, text: str) -> tuple[str, Any]:
    """A cell by itself."""
    if not text:
        return NO_ANSWER, None
    whole = _whole(text)
    if (status := question.missing.get(text.casefold()) or question.missing.get(str(whole))) is not None:
        return status, None
    if question.type == "text":
        return (
            (INVALID, None) if text == FORMULA or _MARKUP.search(text) or _ERROR.fullmatch(text) else (ANSWERED, text)
        )
    if question.type == "count":
        return (
            (ANSWERED, whole) if whole is not None and question.lowest <= whole <= question.highest else (INVALID, None)
        )
    codes = ("0", "1") if option is not None else tuple(o.code for o in question.options)
    return next(((ANSWERED, form) for form in (text, str(whole)) if form in codes), (INVALID, None))


def _whole(text: str) -> int | None:
    """A whole number, also one with zero decimals; '1.000' could be thousands, and is none."""
    found = _WHOLE.fullmatch(text)
    if found is None or (found[2] == "000" and len(found[1].lstrip("+-")) <= 3):
        return None
    return int(found[1])


def _boxes(
    question: Question, cells: dict[str | None, tuple[str, Any]], asked: bool | None, blank: Mapping[str | None, bool]
) -> dict[str | None, tuple[str, Any]]:
    """The boxes of a multiple choice together: definitions.md 1, last paragraph."""
    answers = [cell for cell in cells.values() if cell != (NO_ANSWER, None)]
    if all(cell == (ANSWERED, "0") for cell in answers) and (asked is False or not question.keeps_none):
        return dict.fromkeys(cells, (NO_ANSWER, None))
    if any(status == ANSWERED for status, _ in answers):
        cells = {option: (ANSWERED, "0") if blank[option] else cell for option, cell in cells.items()}
    chosen = [option for option, cell in cells.items() if cell == (ANSWERED, "1")]
    exclusive = {option.code for option in question.options if option.exclusive}
    if len(chosen) > 1 and exclusive & set(chosen):
        cells = {option: (INVALID, None) if cell[0] == ANSWERED else cell for option, cell in cells.items()}
    return cells


def _routed(cell: tuple[str, Any], asked: bool | None) -> tuple[str, Any]:
    """What is empty where nobody asked was not asked; an answer there, or 'not asked' where somebody did, is invalid."""
    status = cell[0]
    if asked is False and status == NO_ANSWER:
        return NOT_ASKED, None
    if asked is False and status in (ANSWERED, NOT_AVAILABLE):
        return INVALID, None
    if asked is True and status == NOT_ASKED:
        return INVALID, None
    return cell


def _truth(condition: Mapping[str, Any], replies: Replies) -> bool | None:
    """Kleene's three values: definitions.md 1."""
    if "all" in condition or "any" in condition:
        decides = "any" in condition
        parts = [_truth(part, replies) for part in condition.get("all") or condition["any"]]
        if decides in parts:
            return decides
        return None if None in parts else not decides
    reply = replies[condition["question"]]
    if "below" in condition:
        other = replies[condition["below"]]
        if reply.number is not None and other.number is not None:
            return reply.number < other.number
        lost = {reply.cells[None][0], other.cells[None][0]} & {INVALID, NOT_COLLECTED}
        return None if lost else False
    if any(reply.chose(code) for code in condition["is"]):
        return True
    lost = {reply.status(code) for code in condition["is"]} & {INVALID, NOT_COLLECTED}
    return None if lost else False
