"""The bundled answers with one odd cell in each of many questions, each at a municipality of its own.

Belongs here: which odd thing is put where, and the folder that it makes. Does not belong here: running anything on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from assets.questionnaires.loader import load_questionnaire, survey_years
from assets.questionnaires.model import Question, Questionnaire
from synthetic.files_in import read_deliveries
from synthetic.files_out import Cell, cells_of, write_rows
from synthetic.responses import Responses
from synthetic.rough.answers import out_of_range
from synthetic.rough.folder import BUNDLED, copy_inputs, hashed, names_on, write_questionnaire

Kind = Literal["blank", "zero", "missing_code", "out_of_range"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Case(NamedTuple):
    """An odd cell: in the first cell of a question; a blank is in all of its cells."""

    survey_year: int
    question_id: str
    kind: Kind


def cases_of(kinds: Sequence[Kind] = KINDS, *, one_each: bool = False) -> list[Case]:
    """Each kind for each question of every survey year; with ``one_each`` the kinds take turns, so that a question has
    one."""
    cases = []
    for year in survey_years(BUNDLED / "questionnaires"):
        for at, question in enumerate(load_questionnaire(BUNDLED / "questionnaires" / str(year)).questions):
            turn = (kinds[at % len(kinds)],) if one_each else kinds
            cases += [Case(year, question.id, kind) for kind in turn]
    return cases


def make_single_cells(folder: Path, cases: Iterable[Case]) -> None:
    """Writes a data folder that does not exist yet: a delivery a year, with these cases and nothing else that is
    odd."""
    copy_inputs(folder)
    listed = list(cases)
    for year in survey_years(BUNDLED / "questionnaires"):
        bundled = BUNDLED / "questionnaires" / str(year)
        questionnaire = load_questionnaire(bundled)
        responses = read_deliveries(questionnaire, bundled)
        own = folder / "questionnaires" / str(year)
        for old in questionnaire.deliveries:
            (own / old.path).unlink()
        declared: dict[str, Any] = {
            "number": "1",
            "path": "levering.csv",
            "format": "csv",
            "received_on": f"{year}-06-01",
            "sha256": "0" * 64,
        }
        write_questionnaire(own / "questionnaire.yaml", [declared])
        made = load_questionnaire(own)
        changed = _places(made, responses, [case for case in listed if case.survey_year == year])
        names = names_on(folder, made.register_date)
        rows = [
            [code, names[code], *_cells(made, row, {q: k for (c, q), k in changed.items() if c == code})]
            for code, row in responses.items()
        ]
        write_rows(own / "levering.csv", made, made.deliveries[0], rows)
        write_questionnaire(own / "questionnaire.yaml", [hashed(declared, own)])


def _places(questionnaire: Questionnaire, responses: Responses, cases: Sequence[Case]) -> dict[tuple[str, str], Kind]:
    """(municipality, question) → what is put there: at one that was asked, each at another one for as long as there are
    any."""
    asked = {q.id: [code for code, row in responses.items() if q.id in row] for q in questionnaire.questions}
    places: dict[tuple[str, str], Kind] = {}
    used: set[str] = set()
    for case in sorted(cases, key=lambda c: len(asked[c.question_id])):  # few were asked: they choose first
        candidates = [code for code in asked[case.question_id] if (code, case.question_id) not in places]
        code = next((code for code in candidates if code not in used), candidates[0])
        places[code, case.question_id] = case.kind
        used.add(code)
    return places


def _cells(questionnaire: Questionnaire, row: Any, changed: Mapping[str, Kind]) -> Iterator[Cell]:
    for question in questionnaire.questions:
        cells = cells_of(questionnaire, question, row)
        if question.id in changed:
            cells = _odd(questionnaire, question, cells, changed[question.id])
        yield from cells


def _odd(questionnaire: Questionnaire, question: Question, cells: list[Cell], kind: Kind) -> list[Cell]:
    if kind == "blank":
        return [None] * len(cells)
    code = questionnaire.missing.no_answer[0]
    odd: dict[str, Cell] = {"zero": 0, "missing_code": code}
    if kind == "out_of_range":
        odd[kind] = "=1+1" if question.answer_type == "text" else out_of_range(question)
    return [odd[kind], *cells[1:]]
