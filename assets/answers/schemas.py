"""What the answers of a survey year can be, as a Pandera schema derived from its questionnaire; import it late.

Belongs here: structure (columns, statuses, keys, codes, counts). One vectorised check for all cells of a kind: Pandera
costs by the column.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from pandera.errors import SchemaErrors

from assets.answers.cell_judgements import ANSWERED, STATUSES
from assets.questionnaires.model import Questionnaire


class _FrameRules:
    """The rules that need more than one column of the answers, of one questionnaire."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        questions = questionnaire.questions
        self._types = {q.id: q.answer_type for q in questions}
        self._options = {(q.id, code) for q in questions for code in (q.option_codes if q.column else ["0", "1"])}
        self._cells = {(q.id, option or "") for q in questions for _, option in q.cells}
        self._lowest = {q.id: float(q.range.min) for q in questions if q.range}
        self._highest = {q.id: float(q.range.max) for q in questions if q.range}

    def cell_appears_once(self, frame: pd.DataFrame) -> pd.Series:
        key = np.column_stack(
            [pd.factorize(frame[name])[0] for name in ("municipality_code", "question_id", "option_code")]
        )
        number = np.ravel_multi_index(tuple((key + 1).T), tuple(key.max(axis=0, initial=0) + 2))
        return ~pd.Series(number, index=frame.index).duplicated(keep=False)

    def cell_is_in_the_questionnaire(self, frame: pd.DataFrame) -> pd.Series:
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


def answers_schema(questionnaire: Questionnaire) -> pa.DataFrameSchema:
    """The schema of the answers that count (``is_current``) in one survey year."""
    rules = _FrameRules(questionnaire)
    return pa.DataFrameSchema(
        {
            "survey_year": pa.Column(checks=pa.Check.eq(questionnaire.survey_year, error="is this survey year")),
            "municipality_code": pa.Column(nullable=False),
            "status": pa.Column(checks=pa.Check.isin(STATUSES, error=f"is one of {', '.join(STATUSES)}")),
        },
        checks=[
            pa.Check(rule, error=error, ignore_na=False)
            for rule, error in (
                (rules.cell_appears_once, "one cell per municipality, question and option"),
                (rules.cell_is_in_the_questionnaire, "is a cell of the questionnaire"),
                (rules.has_a_value_of_its_type_when_answered, "has one value of its type when answered, else none"),
                (rules.code_is_an_option, "is an option of its question"),
                (rules.count_is_in_range, "is a count that is possible"),
            )
        ],
    )


def misfits(questionnaire: Questionnaire, answers: pd.DataFrame) -> pd.DataFrame:
    """The answers that do not fit the questionnaire: its row and the rule (column ``problem``). Empty when all fit."""
    current = answers[answers["is_current"]].reset_index(drop=True)
    try:
        answers_schema(questionnaire).validate(current, lazy=True)
    except SchemaErrors as errors:
        cases: pd.DataFrame = errors.failure_cases[["index", "check"]].drop_duplicates()
        of_rows = cases[cases["index"].notna()]
        rows = current.loc[of_rows["index"].astype(int)].assign(problem=of_rows["check"].astype("str").to_numpy())
        of_table = cases.loc[cases["index"].isna(), "check"].astype("str")
        return pd.concat([rows, pd.DataFrame({"problem": of_table})], ignore_index=True)
    return current.head(0).assign(problem="")


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
