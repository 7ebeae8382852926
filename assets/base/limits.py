"""How large what comes in may be, and how the code of a respondent is written: the one place.

The limits are far above a year of all municipalities, and far below what a reader could not bear. Whoever asks more
respondents than there are municipalities (schools, day-care sites) says how many times more in ``LEA_LIMITS_TIMES``:
each limit grows with it, and codes may have up to six digits (docs/scale.md).
"""

from __future__ import annotations

import os

_TIMES = os.environ.get("LEA_LIMITS_TIMES", "")
TIMES = int(_TIMES) if _TIMES.isdigit() and 1 <= int(_TIMES) <= 1000 else 1
"""Anything but a whole number from 1 to 1000 leaves the limits as they are."""

# A delivery: its file, what is unpacked from a workbook, its table; and the process that reads it.
MAX_BYTES = 50_000_000 * TIMES
MAX_BYTES_UNPACKED = 500_000_000 * TIMES
MAX_ROWS = 20_000 * TIMES
MAX_COLUMNS = 5_000
MAX_AREA = 20_000_000 * TIMES  # rows × columns
MAX_CELLS = 5_000_000 * TIMES  # of a workbook that are not empty
MAX_SECONDS = 120 * TIMES
MAX_MEMORY = 3 * 2**30
"""Bytes beyond what the process has when it begins."""

# What is kept by hand: the bytes of a file, the characters of a line of CSV, the parts of a YAML file.
MAX_DECLARATION = 5_000_000 * TIMES
MAX_LINE = 1_000_000
MAX_PARTS = 500_000

# A code of CBS: GM and four digits. Files write it without the letters or the leading zeros too.
CODE_DIGITS = "4" if TIMES == 1 else "4,6"
CODE = rf"GM\d{{{CODE_DIGITS}}}"
LIKE_A_CODE = rf"(?:GM)?\s*([0-9]{{1,{CODE_DIGITS[-1]}}})(?:[.,]0+)?"
CODE_IN_WORDS = "is GM and four digits" if TIMES == 1 else "is GM and four to six digits"
