"""What the answers of a survey year can be: the declared tables, narrowed to what its questionnaire allows.

Belongs here: the rules of a row that only the questionnaire decides. Each is asked of all rows at once. Does not belong
here: the columns (``answer_tables.py``, ``quarantine.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.answers.cell_judgements import ANSWERED
from assets.answers.check_definitions import QUARANTINE_CHECKS
from assets.answers.tables import ANSWERS, QUARANTINE
from assets.base.schemas import LakeTable, RowRule, ValueRule, is_one_of
from assets.questionnaires.model import Questionnaire


class _RowRules:
    """What one questionnaire says of a row of answers."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        questions = questionnaire.questions
        self._types = {q.id: q.answer_type for q in questions}
        self._options = {(q.id, code) for q in questions for code in (q.option_codes if q.column else ["0", "1"])}
        self._cells = {(q.id, option or "") for q in questions for _, option in q.cells}
        self._lowest = {q.id: float(q.range.min) for q in questions if q.range}
        self._highest = {q.id: float(q.range.max) for q in questions if q.range}

    def counts_alone(self, frame: pd.DataFrame) -> pd.Series:
        current = frame.loc[frame["is_current"], ["municipality_code", "question_id", "option_code"]]
        return ~current.duplicated(keep=False).reindex(frame.index, fill_value=False)

    def is_in_the_questionnaire(self, frame: pd.DataFrame) -> pd.Series:
        return _are_among(self._cells, frame["question_id"], frame["option_code"])

    def has_a_value_of_its_type_when_answered(self, frame: pd.DataFrame) -> pd.Series:
        kind = _mapped(frame["question_id"], self._types, "")
        code, number, text = (frame[name].notna().to_numpy() for name in ("code", "number", "text"))
        right = np.select([kind == "count", kind == "text"], [number, text], default=code)
        values = code.astype(int) + number + text
        answered = (frame["status"] == ANSWERED).to_numpy()
        return pd.Series(np.where(answered, right & (values == 1), values == 0), index=frame.index)

    def code_is_an_option(self, frame: pd.DataFrame) -> pd.Series:
        return frame["code"].isna() | _are_among(self._options, frame["question_id"], frame["code"])

    def count_is_in_range(self, frame: pd.DataFrame) -> pd.Series:
        number = frame["number"].to_numpy(dtype=float, na_value=np.nan)
        low, high = (_mapped(frame["question_id"], limits, np.nan) for limits in (self._lowest, self._highest))
        return pd.Series(np.isnan(number) | ((number >= low) & (number <= high)), index=frame.index)


def answers_of(questionnaire: Questionnaire) -> LakeTable:
    """``ANSWERS`` of one survey year."""
    rules = _RowRules(questionnaire)
    return ANSWERS.narrowed(
        {"survey_year": _is_of(questionnaire)},
        RowRule("counts for its municipality, question and option alone", rules.counts_alone),
        RowRule("is a cell of the questionnaire", rules.is_in_the_questionnaire),
        RowRule("has one value of its type when answered, else none", rules.has_a_value_of_its_type_when_answered),
        RowRule("has a code that is an option of its question", rules.code_is_an_option),
        RowRule("has a count that is possible", rules.count_is_in_range),
    )


def quarantine_of(questionnaire: Questionnaire) -> LakeTable:
    """``QUARANTINE`` of one survey year; a rule that no check shows would be seen by nobody."""
    shown = (rule for rules in QUARANTINE_CHECKS.values() for rule in rules)
    return QUARANTINE.narrowed({"survey_year": _is_of(questionnaire), "rule": is_one_of(*shown)})


def _is_of(questionnaire: Questionnaire) -> ValueRule:
    return is_one_of(questionnaire.survey_year, words=f"is {questionnaire.survey_year}, the survey year")


def _mapped(values: pd.Series, to: Mapping[str, object], default: object) -> NDArray[Any]:
    """Each value by a mapping, looked up once a distinct value."""
    codes, distinct = pd.factorize(values)
    return np.array([*(to.get(value, default) for value in distinct), default])[codes]


def _are_among(pairs: set[tuple[str, str]], left: pd.Series, right: pd.Series) -> pd.Series:
    """Whether (left, right) is one of ``pairs``, looked up once a distinct pair; a missing right is ''."""
    left_codes, lefts = pd.factorize(left)
    right_codes, rights = pd.factorize(right)
    columns = [*rights, ""]
    known = np.array([[(a, b) in pairs for b in columns] for a in (*lefts, "")], dtype=bool)
    return pd.Series(known[left_codes, right_codes], index=left.index)
