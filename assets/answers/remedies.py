"""What the sender of a delivery does about a cell or row that cannot be used, by the rule that it breaks.

Belongs here: one remedy per rule of quarantine. Does not belong here: the rules (``row_owners.py``,
``cell_judgements.py``, ``row_judgements.py``).
"""

from __future__ import annotations

REMEDIES = {
    "municipality_is_known": "give the CBS code of a municipality of that date",
    "name_is_of_the_code": "mend the code or the name",
    "row_has_an_answer": "send the answers, or leave the row out",
    "municipality_answers_once": "send one row per municipality",
    "code_is_an_option": "give one of these codes, or leave the cell empty",
    "count_is_a_whole_number": "write it in digits only, or leave the cell empty",
    "count_is_not_negative": "give 0 or more, or leave the cell empty",
    "count_is_in_range": "look at the number again",
    "answers_follow_routing": "leave the cell empty, or mend the answer that decides whether it is asked",
    "exclusive_option_stands_alone": "choose either that option or the others",
    "free_text_is_plain": "write it as plain text",
    "cell_is_shown": "give the cell a number format that shows what it holds, or leave it empty",
    "cell_is_not_merged": "unmerge the cells, and give each municipality its own answer",
    "missing_code_is_declared": "name it under 'missing' of the question, or of the year, in the questionnaire",
}
