"""The answers of a survey year that count now as an SPSS file, with labels and missing values. For inside only.

Belongs here: variables, labels and missing values as SPSS has them. Does not belong here: which answers count
(``assets/answers``), names and numbers of the variables (``variables.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from assets.base.files import written_aside
from assets.editions.content.mark import mark_of
from assets.editions.handouts.variables import (
    MISSING_VALUES,
    MUNICIPALITY_CODE,
    MUNICIPALITY_NAME,
    Labels,
    Variable,
    called,
    variables_of,
)
from assets.questionnaires.model import Questionnaire

if TYPE_CHECKING:
    import pandas as pd

_LONGEST_LABEL, _LONGEST_VALUE_LABEL, _LONGEST_FILE_LABEL = 256, 120, 64
_LONGEST_NOTE = 80
_DATE_AT, _DATE_LENGTH = 92, 17


def write_spss(
    questionnaire: Questionnaire,
    answers: pd.DataFrame,
    names: Mapping[str, str],
    labels: Labels,
    terms: str,
    file: Path,
) -> int:
    """Writes the file, a row per municipality that answered, and returns how many. The same answers give the same
    bytes.

    ``answers``: ``ANSWERS`` of the survey year; ``names``: of the municipalities by code; ``terms``: on which the file
    is had, a note in it. Labels are Dutch. A value without an answer is one of ``MISSING_VALUES``, declared as
    user-missing; a text without one is empty.
    """
    import pyreadstat

    variables = variables_of(questionnaire)
    frame = _frame(answers[answers["is_current"]], variables, names)
    counted = [one for one in variables if one.question.answer_type != "text"]
    missing = {float(value): called(labels, "answer_status", status).nl for status, value in MISSING_VALUES.items()}
    mark = mark_of(questionnaire.origin)
    notes = [line for text in (terms, mark.nl if mark else "") for line in wrap(text, _LONGEST_NOTE)]
    with written_aside(file) as aside:
        pyreadstat.write_sav(
            frame,
            str(aside),
            file_label=_cut(questionnaire.title.nl + (" (SYNTHETISCH)" if mark else ""), _LONGEST_FILE_LABEL),
            column_labels=["Gemeentecode", "Gemeentenaam", *(_cut(one.label.nl, _LONGEST_LABEL) for one in variables)],
            note=notes,
            row_compress=True,
            variable_value_labels={one.name: {**_value_labels(one), **missing} for one in counted},
            missing_ranges={one.name: [{"lo": min(missing), "hi": max(missing)}] for one in counted},
            variable_measure={one.name: "scale" if one.question.range else "nominal" for one in counted},
            variable_format={one.name: "F10.0" for one in counted},
        )
        _date(aside, questionnaire)
    return len(frame)


def _frame(answers: pd.DataFrame, variables: list[Variable], names: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    answers = answers.astype(
        dict.fromkeys(("municipality_code", "question_id", "option_code", "status", "code", "text"), "object")
    )
    codes = pd.Index(sorted(answers["municipality_code"].unique()))
    columns: dict[str, Any] = {MUNICIPALITY_CODE: codes, MUNICIPALITY_NAME: [names.get(code, "") for code in codes]}
    by_cell = {
        (str(question), str(option)): own.set_index("municipality_code")
        for (question, option), own in answers.fillna({"option_code": ""}).groupby(["question_id", "option_code"])
    }
    for variable in variables:
        own = by_cell[variable.question.id, variable.option.code if variable.option else ""].reindex(codes)
        columns[variable.name] = _texts(own) if variable.question.answer_type == "text" else _numbers(own, variable)
    return pd.DataFrame(columns)


def _texts(own: pd.DataFrame) -> list[str]:
    return own["text"].fillna("").tolist()


def _numbers(own: pd.DataFrame, variable: Variable) -> pd.Series:
    """The count or the option's number; where neither is given, what is said instead."""
    numbers = {code: number for code, (number, _) in variable.values.items()}
    given = own["number"] if variable.question.range else own["code"].map(numbers)
    return given.astype("Float64").fillna(own["status"].map(MISSING_VALUES).astype("Float64")).astype("float64")


def _value_labels(variable: Variable) -> dict[float, str]:
    return {float(number): _cut(label.nl, _LONGEST_VALUE_LABEL) for number, label in variable.values.values()}


def _cut(text: str, longest: int) -> str:
    """As much as SPSS takes, in bytes of UTF-8."""
    if len(text.encode()) <= longest:
        return text
    return text.encode()[: longest - 3].decode(errors="ignore") + "…"


def _date(file: Path, questionnaire: Questionnaire) -> None:
    """Dates the file by its newest delivery: its header has the time of writing, which would change its bytes."""
    day = questionnaire.deliveries[-1].received_on
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    date = f"{day.day:02d} {months[day.month - 1]} {day.year % 100:02d}00:00:00".encode()
    assert len(date) == _DATE_LENGTH
    with file.open("r+b") as stream:
        stream.seek(_DATE_AT)
        stream.write(date)
