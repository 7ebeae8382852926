"""What Excel shows of a number, as far as that is something else than the number.

Belongs here: number formats. Does not belong here: reading workbooks (``workbook.py``), what a number means
(``assets/answers``).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"
HUGE = 1e21
_SECTION = re.compile(r'(?:"[^"]*"|\\.|[_*].|\[[^\]]*\]|[^;"\\_*\[])*', re.DOTALL)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)\]")
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_COLOUR = re.compile(r"\[[A-Za-z]+ ?[0-9]*\]")
_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[[^\]]*\]|(?P<plain>.)', re.DOTALL)
_COMPARE = {
    "<": float.__lt__,
    ">": float.__gt__,
    "=": float.__eq__,
    "<=": float.__le__,
    ">=": float.__ge__,
    "<>": float.__ne__,
}


class _FormatSection(NamedTuple):
    """A part of a format: the text around its digits, their places, and what it does to the number."""

    before: str
    after: str
    has_digits: bool
    zeros: int
    decimals: int
    thousands_hidden: int
    is_percent: bool
    is_other: bool  # a fraction or scientific: the number in another notation


def plain(value: float) -> str:
    """A number as Excel holds it: 15 significant digits, no zero decimals; from ``HUGE`` on in powers of ten."""
    value = float(f"{value:.15g}") + 0.0  # Excel shows no -0
    return _fixed(value, 0) if value.is_integer() else f"{value:.15g}"


def shown_number(value: float, code: str, *, is_1904: bool = False) -> str:
    """A number of a cell with this format as its sender sees it, with the characters of the format itself (a decimal
    point).

    Where a format only adds digit groups or zero decimals, and shows no other number with them, the number itself. A
    date is ISO. Decimals that a format hides are not hidden here.
    """
    value = float(value)
    if code == GENERAL:
        return plain(value)
    from openpyxl.styles.numbers import is_date_format

    if is_date_format(code):
        return _shown_date(value, code, is_1904)
    section = _section(code, value)
    number = plain(value)
    if not section.has_digits:
        literal = (section.before + section.after).strip()
        return literal if re.search(r"\w", literal) else number
    if section.is_percent:
        number = f"{_fixed(value * 100, section.decimals)}%"
    elif section.thousands_hidden:
        shortened = _fixed(value / 1000**section.thousands_hidden, section.decimals)
        number = f"{shortened} (holds {number})"
    elif float(number).is_integer() and not section.is_other:
        if section.decimals == 3:  # 53.000 is read as fifty-three thousand
            number = _fixed(float(number), 3)
        elif not section.decimals and number.isdecimal():
            number = number.zfill(section.zeros)
    around = [part if re.search(r"[^\s()+-]", part) else "" for part in (section.before, section.after)]
    return f"{around[0]}{number}{around[1]}".strip()


def shows_nothing(value: float | str, code: str) -> bool:
    """Whether a format hides a number or a text: ';;;' shows nothing, '0;-0;' no zero."""
    from openpyxl.styles.numbers import is_date_format

    if ";" not in code or (not isinstance(value, str) and is_date_format(code)):
        return False
    if isinstance(value, str):
        sections = _sections(code)
        section = _read(sections[3]) if len(sections) > 3 and sections[3] != "@" else None
    else:
        section = _section(code, float(value))
    return section is not None and not section.has_digits and not (section.before + section.after).strip()


def _fixed(value: float, decimals: int) -> str:
    """A number with this many decimals; one of hundreds of digits in powers of ten."""
    return f"{value:.{decimals}f}" if abs(value) < HUGE else f"{value:.15g}"


def _shown_date(value: float, code: str, is_1904: bool) -> str:
    from openpyxl.styles.numbers import is_timedelta_format
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
    try:
        found = from_excel(value, epoch, timedelta=is_timedelta_format(code))
    except (OverflowError, ValueError):
        return plain(value)
    if isinstance(found, datetime) and found.time() == time():
        return found.date().isoformat()
    if isinstance(found, timedelta):
        minutes, seconds = divmod(round(found.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return found.isoformat() if isinstance(found, date | time) else plain(value)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[str, ...]:
    found, at = [], 0
    while at <= len(code):
        part = _SECTION.match(code, at)
        end = part.end() if part else at
        found.append(code[at:end])
        at = end + 1
    return tuple(found)


def _section(code: str, value: float) -> _FormatSection:
    sections = _sections(code)
    if _CONDITION.search(code):
        for part in sections:
            condition = _CONDITION.search(part)
            if condition is None or _COMPARE[condition[1]](value, float(condition[2])):
                return _read(part)
    at = 0 if value > 0 else 1 if value < 0 else 2
    return _read(sections[at] if at < min(len(sections), 3) else sections[0])


@lru_cache(maxsize=1024)
def _read(part: str) -> _FormatSection:
    if GENERAL.lower() in part.lower():
        part = re.sub(GENERAL, "0", part, flags=re.IGNORECASE)
    if part == "@" or _COLOUR.fullmatch(part):
        part = "0"
    part = _CURRENCY.sub(lambda found: f'"{found[1]}"', part)
    around, digits, is_other, is_percent = ["", ""], "", False, False
    for token in _TOKEN.finditer(part):
        character = token["plain"]
        literal = token["quoted"] or token["escaped"] or ""
        if character is not None and (character in "0#?" or (digits and character in ".,")):
            digits += character
        elif character is not None and (character == "/" or character in "Ee"):
            is_other = True
        elif character == "%":
            is_percent = True
        elif character is not None and character not in ".,":
            literal = character
        around[bool(digits)] += literal
    whole, _, rest = digits.partition(".")
    hidden = len(digits) - len(digits.rstrip(","))
    zeros = whole.count("0") if "," not in whole.rstrip(",") else 0
    decimals = len(rest.rstrip(",").rstrip("#?"))
    return _FormatSection(around[0], around[1], bool(digits), zeros, decimals, hidden, is_percent, is_other)
