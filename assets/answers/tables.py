"""The two tables that a survey year's deliveries become.

Belongs here: their columns. Does not belong here: how they are made (``answer_tables.py``, ``quarantine.py``).
"""

from __future__ import annotations

from dataclasses import replace

from assets.answers.cell_judgements import STATUSES
from assets.base.schemas import (
    MUNICIPALITY_CODE,
    QUESTION_ID,
    SURVEY_YEAR,
    LakeTable,
    any_text,
    flag,
    name,
    one_of,
    place,
    repeated,
    text,
    whole,
)
from assets.questionnaires.model import MOST

ANSWERS = LakeTable(
    "answers/answers",
    "What a survey year's deliveries say: one row per delivered question cell.",
    {
        "survey_year": SURVEY_YEAR,
        "municipality_code": repeated(MUNICIPALITY_CODE),
        "question_id": repeated(QUESTION_ID),
        "option_code": repeated(text("Option of a multiple choice; else empty.", nullable=True)),
        "is_asked": flag("Whether the routing surely asked the question."),
        "status": repeated(one_of("Whether there is an answer, and why not.", STATUSES)),
        "code": repeated(text("The option that was chosen; of a multiple choice 1 (chosen) or 0.", nullable=True)),
        "number": whole("The count that was given.", 0, MOST, bits=64, nullable=True),
        "text": repeated(text("The text that was given.", nullable=True)),
        "delivery": place("Number of the delivery that it came with."),
        "source_row": place("Row of the cell in the delivered file."),
        "source_column": repeated(text("Column of the cell in the delivered file.")),
        "is_current": flag("Whether its row counts: no newer delivery has replaced it."),
        "correction": repeated(text("Who corrected the cell, when and why; else empty.", nullable=True)),
    },
    key=("survey_year", "delivery", "municipality_code", "question_id", "option_code"),
)

QUARANTINE = LakeTable(
    "answers/quarantine",
    "What could not be used, cell by cell: its original text, the rule that it broke, and whether that is resolved.",
    {
        "survey_year": SURVEY_YEAR,
        "delivery": place("Number of the delivery."),
        "file": text("Name of the delivered file."),
        "sheet": text("Its sheet; empty where it has none.", nullable=True),
        "source_row": place("Row of the cell in the file."),
        "source_column": text("Column of the cell in the file."),
        "municipality_code": replace(MUNICIPALITY_CODE, nullable=True),
        "question_id": QUESTION_ID,
        "scope": one_of("row: the whole row is refused.", ("row", "cell")),
        "original_text": any_text("What was delivered, to the character."),
        "rule": name("The rule that it broke."),
        "message": text("What is wrong with it, in words."),
        "is_resolved": flag("Whether a newer delivery or a steward has resolved it."),
    },
    key=("survey_year", "delivery", "source_row", "source_column"),
)
