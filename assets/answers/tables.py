"""The two tables that a survey year's deliveries become.

Belongs here: their columns. Does not belong here: how they are made (``answer_tables.py``, ``quarantine.py``).
"""

from __future__ import annotations

from assets.base.schemas import LakeTable

ANSWERS = LakeTable(
    "answers/answers",
    "What a survey year's deliveries say: one row per delivered question cell. option_code: of a multiple choice "
    "only; is_asked: the routing surely asked the question; is_current: the row counts; correction: who corrected the "
    "cell, when and why.",
    {
        "survey_year": "int32",
        "municipality_code": "category",
        "question_id": "category",
        "option_code": "category",
        "is_asked": "bool",
        "status": "category",
        "code": "category",
        "number": "Int64",
        "text": "category",
        "delivery": "int32",
        "source_row": "int32",
        "source_column": "category",
        "is_current": "bool",
        "correction": "category",
    },
)

QUARANTINE = LakeTable(
    "answers/quarantine",
    "What could not be used, cell by cell: its original text, the rule that it broke, and whether a newer delivery or "
    "a steward has resolved it. scope: row where the whole row is refused, else cell.",
    {
        "survey_year": "int32",
        "delivery": "int32",
        "file": "str",
        "sheet": "str",
        "source_row": "int32",
        "source_column": "str",
        "municipality_code": "str",
        "question_id": "str",
        "scope": "str",
        "original_text": "str",
        "rule": "str",
        "message": "str",
        "is_resolved": "bool",
    },
)
