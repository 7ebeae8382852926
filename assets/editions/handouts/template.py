"""The delivery template: an empty delivery of a survey year as a workbook that helps to fill it in right.

Its first sheet is read as a delivery: the columns of the questionnaire, with a drop-down list for each choice, the
range of each count, and in red what was pasted in and cannot be used. The sheet after it has a verdict on each row. Its
name, header row and dialect are those by which ``lea check`` reads the next workbook of that year.

Belongs here: what a cell may hold, and the sheets. Does not belong here: judging a delivery (``assets/answers``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assets.base.files import written_aside
from assets.editions.content.mark import mark_in_both_languages
from assets.editions.files.sheets import Styles
from assets.editions.handouts.sheets import add_list, new_workbook, style
from assets.editions.handouts.variables import Labels, Variable, called, variables_of
from assets.editions.handouts.wording import asked_of, missing_codes, possible_counts
from assets.questionnaires.dialect import CODE, LABEL, Dialect
from assets.questionnaires.model import Delivery, Questionnaire

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

ANSWERS, CHECK, HELP, LISTS = "Antwoorden", "Controle", "Toelichting", "lijsten"
ROWS = 500
"""How many rows can be filled in; there are fewer municipalities."""
_LONGEST_MESSAGE, _LONGEST_TITLE = 255, 32
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,8})")
_RIGHT, _EMPTY = "in orde", "nog geen antwoord"


def write_template(questionnaire: Questionnaire, labels: Labels, file: Path) -> None:
    """Writes the workbook; the same questionnaire gives the same bytes."""
    with written_aside(file) as aside, new_workbook(aside, questionnaire.title.nl, questionnaire) as book:
        _Template(questionnaire, labels, book).write()


class _Field(NamedTuple):
    """A column to fill in: its place, and each text that it may hold with its meaning: ``own`` to choose from (empty
    for a count and a text), ``missing`` instead of an answer."""

    at: int
    variable: Variable
    own: dict[str, str]
    missing: dict[str, str]

    @property
    def listed(self) -> tuple[str, ...]:
        """What a choice is made from; of a count, what may be there beside a number."""
        return tuple({**self.own, **self.missing})

    @property
    def is_text(self) -> bool:
        """Whether its cells are texts to Excel: free text, and a list of codes that are not all numbers."""
        return not all(map(_NUMBER.fullmatch, self.listed)) if self.own else self.variable.question.range is None

    @property
    def in_words(self) -> str:
        """What it may hold."""
        counts = possible_counts(self.variable.question)
        meanings = [f"{text} = {meaning}" for text, meaning in {**self.own, **self.missing}.items()]
        return "; ".join([*([counts.nl] if counts else []), *meanings])


@dataclass
class _Template:
    questionnaire: Questionnaire
    labels: Labels
    book: Workbook
    lists: dict[tuple[tuple[str, ...], bool], str] = field(default_factory=dict)

    def write(self) -> None:
        like = newest_workbook(self.questionnaire)
        dialect = like.dialect if like and like.dialect else self.questionnaire.dialect
        name, header = (like.sheet or ANSWERS, like.header_row) if like else (ANSWERS, 1)
        first = header + dialect.extra_header_rows + 1
        fields = list(self._fields(dialect))
        answers = self.book.add_worksheet(name)
        check = self.book.add_worksheet(CHECK)
        self._help(fields)
        self.lists_sheet = self.book.add_worksheet(LISTS)
        self.lists_sheet.hide()
        self._answers(answers, header, first, fields)
        self._check(check, name, first, fields)

    def _fields(self, dialect: Dialect) -> Iterator[_Field]:
        for at, variable in enumerate(variables_of(self.questionnaire), 2):
            missing = missing_codes(self.questionnaire, variable.question, self.labels)
            yield _Field(at, variable, choices_of(variable, dialect), {code: text.nl for code, text in missing})

    def _answers(self, sheet: Worksheet, header: int, first: int, fields: Sequence[_Field]) -> None:
        """The sheet that is read: header, formats, drop-down lists, ranges; in red what was pasted in and cannot be."""
        head, wrong = style(self.book, "head"), style(self.book, "wrong")
        looks = {is_text: style(self.book, "cell", num_format="@" if is_text else "0") for is_text in (True, False)}
        if header > 1:
            sheet.write_string(0, 0, self.questionnaire.title.nl, style(self.book, "title"))
        keys = self.questionnaire.key_columns
        for at, column in enumerate((keys.municipality_code, keys.municipality_name)):
            sheet.set_column(at, at, 16 + 10 * at, looks[True])
            sheet.write_string(header - 1, at, column, head)
        for one in fields:
            sheet.set_column(one.at, one.at, 40 if one.is_text and not one.own else 16, looks[one.is_text])
            sheet.write_string(header - 1, one.at, one.variable.column, head)
            for row in range(header, first - 1):
                sheet.write_string(row, one.at, one.variable.label.nl, head)
            place = (first - 1, one.at, first + ROWS - 2, one.at)
            cell = _cell(first, one.at)
            sheet.data_validation(*place, self._validation(one, cell))
            if condition := self._is_right(one, cell):
                formula = f'=AND({cell}<>"",NOT({condition}))'
                sheet.conditional_format(*place, {"type": "formula", "criteria": formula, "format": wrong})
        sheet.freeze_panes(first - 1, 2)
        sheet.set_footer(f"&L{mark_in_both_languages(self.questionnaire.origin)[:200]}&R&P/&N")

    def _validation(self, one: _Field, cell: str) -> dict[str, str]:
        rule = {
            "input_title": one.variable.name[:_LONGEST_TITLE],
            "input_message": _cut(one.variable.label.nl),
            "error_title": "Dit kan niet",
            "error_message": _cut(f"Mogelijk: {one.in_words}"),
        }
        if one.own:
            return {"validate": "list", "source": f"={self._list(one)}", **rule}
        condition = self._is_right(one, cell)
        return {"validate": "custom", "value": f"={condition}", **rule} if condition else {"validate": "any", **rule}

    def _is_right(self, one: _Field, cell: str) -> str:
        """The condition that a filled cell has to meet, as a formula; empty where every text is right."""
        if one.own:
            return f"COUNTIF({self._list(one)},{cell})>0"
        if (limits := one.variable.question.range) is None:
            return ""
        number = f"IF(ISNUMBER({cell}),AND({cell}>={limits.min},{cell}<={limits.max},{cell}=INT({cell})),FALSE)"
        return f"IF(COUNTIF({self._list(one)},{cell})>0,TRUE,{number})" if one.missing else number

    def _list(self, one: _Field) -> str:
        """The name of the range on the hidden sheet that holds what is listed, written there once. (Every Excel takes a
        name where some refuse a range of another sheet.) Numbers are numbers there, but not for a column of texts."""
        key = one.listed, one.is_text
        if key not in self.lists:
            at = len(self.lists)
            for row, text in enumerate(one.listed):
                if _NUMBER.fullmatch(text) and not one.is_text:
                    self.lists_sheet.write_number(row, at, int(text))
                else:
                    self.lists_sheet.write_string(row, at, text)
            name = self.lists[key] = f"lijst_{at + 1}"
            self.book.define_name(name, f"={LISTS}!{_absolute(1, at)}:{_absolute(len(one.listed), at)}")
        return self.lists[key]

    def _check(self, sheet: Worksheet, answers: str, first: int, fields: Sequence[_Field]) -> None:
        """For each row whether it can be delivered, and by part of the questionnaire how many cells cannot be used."""
        parts = [(key, list(group)) for key, group in groupby(fields, key=lambda one: one.variable.question.section)]
        heads = ["Rij", "Gemeentecode", "Oordeel", *(called(self.labels, "section", key).nl for key, _ in parts)]
        for at, title in enumerate(heads):
            sheet.set_column(at, at, 30 if at == 2 else 16)
            sheet.write_string(0, at, title, style(self.book, "head"))
        sheet.freeze_panes(1, 3)
        there = f"'{answers.replace(chr(39), chr(39) * 2)}'!"
        last = fields[-1].at
        for row in range(first, first + ROWS):
            line = row - first + 1
            code = f"{there}{_cell(row, 0)}"
            sheet.write_number(line, 0, row)
            sheet.write_formula(line, 1, f'={code}&""', None, "")
            sheet.write_formula(line, 2, _verdict(there, row, first, last, 3 + len(parts), line + 1), None, "")
            for at, (_, own) in enumerate(parts, 3):
                terms = "+".join(self._wrong_cells(there, row, own)) or "0"
                sheet.write_formula(line, at, f"={terms}", None, 0)
        sheet.conditional_format(
            1,
            3,
            ROWS,
            2 + len(parts),
            {"type": "cell", "criteria": ">", "value": 0, "format": style(self.book, "wrong")},
        )

    def _wrong_cells(self, there: str, row: int, fields: Iterable[_Field]) -> Iterator[str]:
        """Terms that add up to the number of cells that cannot be used; columns beside each other with the same list
        are one term."""
        for listed, group in groupby(fields, key=lambda one: self._list(one) if one.own else ""):
            own = list(group)
            if listed:
                cells = f"{there}{_cell(row, own[0].at)}:{_cell(row, own[-1].at)}"
                yield f"COUNTA({cells})-SUMPRODUCT(COUNTIF({cells},{listed}))"
            for one in own if not listed else ():
                cell = f"{there}{_cell(row, one.at)}"
                if condition := self._is_right(one, cell):
                    yield f'IF({cell}="",0,IF({condition},0,1))'

    def _help(self, fields: Sequence[_Field]) -> None:
        """The sheet that explains: how to fill it in, and every column in words."""
        heads = [
            f"Invulsjabloon: {self.questionnaire.title.nl}. Vul op het eerste blad per gemeente één rij in; kies uit de"
            f" lijst, laat leeg wat niet gevraagd is, en kijk op het blad {CHECK} of elke rij ‘{_RIGHT}’ is.",
            mark_in_both_languages(self.questionnaire.origin),
        ]
        widths = {"kolom": 40, "vraag": 60, "gevraagd aan": 50, "mogelijk": 60}
        rows = (
            [
                one.variable.column,
                one.variable.label.nl,
                asked_of(self.questionnaire, one.variable.question).nl,
                one.in_words or "tekst",
            ]
            for one in fields
        )
        add_list(Styles(self.book), HELP, heads, widths, rows)


def newest_workbook(questionnaire: Questionnaire) -> Delivery | None:
    """The delivery by which the next workbook of that year is read."""
    return next((one for one in reversed(questionnaire.deliveries) if one.format == "xlsx"), None)


def choices_of(variable: Variable, dialect: Dialect) -> dict[str, str]:
    """What can be chosen in a column, as delivered, with its meaning; nothing for a count and a text."""
    if variable.option is None:
        return {option.code: option.label.nl for option in variable.question.options}
    own = {CODE: variable.option.code, LABEL: variable.option.label.nl}
    boxes = zip((dialect.chosen, dialect.not_chosen), variable.values.values(), strict=True)
    return {own.get(texts[0], texts[0]): meaning.nl for texts, (_, meaning) in boxes if texts}


def _verdict(there: str, row: int, first: int, last: int, end: int, line: int) -> str:
    """The formula of the verdict on a row. ``line``: its row on the sheet of checks; ``end``: the column after the
    parts."""
    codes = f"{there}{_absolute(first, 0)}:{_absolute(first + ROWS - 1, 0)}"
    wrong = f"SUM({_cell(line, 3)}:{_cell(line, end - 1)})"
    return (
        f'=IF(COUNTA({there}{_cell(row, 0)}:{_cell(row, last)})=0,"",'
        f'IF({there}{_cell(row, 0)}="","gemeentecode ontbreekt",'
        f'IF(COUNTIF({codes},{there}{_cell(row, 0)})>1,"gemeente staat er vaker in",'
        f'IF(COUNTA({there}{_cell(row, 2)}:{_cell(row, last)})=0,"{_EMPTY}",'
        f'IF({wrong}>0,{wrong}&" onbruikbaar","{_RIGHT}")))))'
    )


def _cell(row: int, column: int) -> str:
    """A1: ``row`` from 1, ``column`` from 0."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row - 1, column))


def _absolute(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row - 1, column, row_abs=True, col_abs=True))


def _cut(text: str) -> str:
    """As much as Excel shows of a message."""
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[: _LONGEST_MESSAGE - 1]}…"
