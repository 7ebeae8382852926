"""The checks on answers and quarantine, named as a steward would say them; each looks at every survey year in the lake.

Belongs here: what they ask, and what to do. Does not belong here: how they are answered (``checks.py``).
"""

from __future__ import annotations

from assets.base.checks import CheckDefinition
from assets.base.schemas import OUR_FAULT

_ANSWERS, _QUARANTINE = "answers/answers", "answers/quarantine"
_ASK = "ask the sender for a corrected delivery, or write a correction in data/corrections/<survey_year>.yaml"
RESPONSE_THAT_IS_LOW = 0.9

ACCOUNTED = CheckDefinition(
    "every_delivered_cell_is_accounted_for",
    _ANSWERS,
    True,
    "Every delivered cell is in answers or in quarantine, exactly once; failing rows are delivered rows that do not "
    "add up.",
    OUR_FAULT,
)
LOW_RESPONSE = CheckDefinition(
    "most_municipalities_answered",
    _ANSWERS,
    False,
    f"At least {RESPONSE_THAT_IS_LOW:.0%} of the municipalities of the register answered.",
    "ask the municipalities that did not answer, or publish with the status 'provisional'",
)

KNOWN_NAMES = CheckDefinition(
    "every_municipality_is_named_as_in_the_register",
    _ANSWERS,
    False,
    "The name beside the code of each row that counts is a known spelling of the municipality's name.",
    "when the name is indeed the municipality's, add it to data/registers/name_variants.csv; else ask the sender "
    "whose row it is",
)

#: The rules that quarantine a row or a cell, by the check that shows them.
QUARANTINE_CHECKS: dict[CheckDefinition, tuple[str, ...]] = {
    CheckDefinition(
        "every_municipality_is_known",
        _ANSWERS,
        True,
        "Every delivered row belongs to a municipality of the register on the questionnaire's register date.",
        f"mend the code: {_ASK} (set_aside for a row that rightly stays out)",
    ): ("municipality_is_known",),
    CheckDefinition(
        "every_municipality_answers_once",
        _ANSWERS,
        True,
        "No municipality is in a delivery more than once.",
        "accept a new delivery with the row that counts, or set the rows aside in data/corrections/<survey_year>.yaml",
    ): ("municipality_answers_once",),
    CheckDefinition(
        "every_name_is_of_its_code",
        _ANSWERS,
        True,
        "No delivered row has the code of one municipality and the name of another, or the names of several.",
        f"ask the sender whose answers these are: {_ASK} (set_aside for a row that rightly stays out); another "
        "spelling of a municipality's own name is a line in data/registers/name_variants.csv",
    ): ("name_is_of_the_code",),
    CheckDefinition(
        "every_row_has_an_answer",
        _QUARANTINE,
        False,
        "Every delivered row answers at least one question; a row without an answer is no response, and replaces no "
        "older row.",
        "ask the municipality for its answers, or set the row aside in data/corrections/<survey_year>.yaml",
    ): ("row_has_an_answer",),
    CheckDefinition(
        "every_row_was_submitted",
        _QUARANTINE,
        False,
        "Every delivered row was submitted, as the dialect of its file tells that; a row that was not does not count.",
        "remind the municipality, or set the row aside in data/corrections/<survey_year>.yaml",
    ): ("row_was_submitted",),
    CheckDefinition(
        "every_code_is_an_option", _QUARANTINE, False, "Every delivered code is an option of its question.", _ASK
    ): ("code_is_an_option",),
    CheckDefinition(
        "every_count_is_possible",
        _QUARANTINE,
        False,
        "Every count is a whole number, not negative, within the range of its question.",
        _ASK,
    ): ("count_is_a_whole_number", "count_is_not_negative", "count_is_in_range"),
    CheckDefinition(
        "answers_follow_the_routing", _QUARANTINE, False, "Nobody answered a question that was not asked.", _ASK
    ): ("answers_follow_routing",),
    CheckDefinition(
        "exclusive_options_stand_alone",
        _QUARANTINE,
        False,
        "An option that rules out the others was chosen alone.",
        _ASK,
    ): ("exclusive_option_stands_alone",),
    CheckDefinition(
        "no_cell_is_merged",
        _QUARANTINE,
        False,
        "No answer is in cells that the workbook merges: nobody can tell whose it is.",
        _ASK,
    ): ("cell_is_not_merged",),
    CheckDefinition(
        "every_cell_is_shown",
        _QUARANTINE,
        False,
        "No answer is hidden by the number format of its cell: its sender may not know of it.",
        _ASK,
    ): ("cell_is_shown",),
    CheckDefinition(
        "every_missing_code_is_declared",
        _QUARANTINE,
        False,
        "What an SPSS file declares as missing has a meaning in the questionnaire.",
        "name the value under 'missing' of the question, or of the year, in the questionnaire",
    ): ("missing_code_is_declared",),
    CheckDefinition(
        "free_text_is_plain",
        _QUARANTINE,
        False,
        "Free text holds no formula, no error of a spreadsheet and no markup.",
        _ASK,
    ): ("free_text_is_plain",),
}
ANSWERS_CHECKS: list[CheckDefinition] = [ACCOUNTED, LOW_RESPONSE, KNOWN_NAMES, *QUARANTINE_CHECKS]


#: The rules that quarantine a whole row.
ROW_RULES = frozenset(
    {
        "row_was_submitted",
        "municipality_is_known",
        "name_is_of_the_code",
        "row_has_an_answer",
        "municipality_answers_once",
    }
)
