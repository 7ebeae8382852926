"""How wide a text is, and where it breaks: by the widths of the fonts that are beside this module.

Arial, Helvetica and Liberation Sans have the widths of Arimo, so that a drawing fits in whichever a reader has. The
files are Arimo, regular and bold, cut down to Latin letters and the signs of this project, without kerning and with one
table of characters (format 12).

Belongs here: measuring. Does not belong here: drawing a text (``drawing.py``).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from struct import unpack_from

FAMILY = "Arial,Helvetica,Arimo,Liberation Sans,sans-serif"
FONTS = {
    is_bold: Path(__file__).parent / "fonts" / f"Arimo-{'Bold' if is_bold else 'Regular'}.ttf" for is_bold in (0, 1)
}
ASCENT, DESCENT, LINE = 0.905, 0.212, 1.25  # of the size: above and below the base line, and from line to line
_UNKNOWN = 1.0  # ems: wider than any letter


@cache
def _widths(is_bold: bool) -> dict[str, float]:
    """How wide each character is, in ems."""
    font = FONTS[is_bold].read_bytes()
    entries = range(12, 12 + 16 * unpack_from(">H", font, 4)[0], 16)
    tables = {font[at : at + 4]: unpack_from(">I", font, at + 8)[0] for at in entries}
    em, count = (unpack_from(">H", font, tables[name] + at)[0] for name, at in ((b"head", 18), (b"hhea", 34)))
    of_glyph = unpack_from(">" + "Hh" * count, font, tables[b"hmtx"])[::2]
    characters = tables[b"cmap"] + unpack_from(">I", font, tables[b"cmap"] + 8)[0]
    found = {}
    for group in range(unpack_from(">I", font, characters + 12)[0]):
        first, last, glyph = unpack_from(">III", font, characters + 16 + 12 * group)
        for code in range(first, last + 1):
            found[chr(code)] = of_glyph[min(glyph + code - first, count - 1)] / em
    return found


@lru_cache(10_000)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """How wide ``text`` is at this size, in the unit of the size."""
    widths = _widths(bold)
    return size * sum(widths.get(character, _UNKNOWN) for character in text)


@lru_cache(10_000)
def wrap(text: str, room: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """The lines in which ``text`` fits ``room``: broken at spaces and after hyphens, within a word only where it is
    longer than a line."""
    lines = [""]
    for piece in re.findall(r"[^\s-]*-|[^\s-]+|\s+", text.strip()):
        if text_width((lines[-1] + piece).rstrip(), size, bold) > room and lines[-1].strip():
            lines.append("")
        word = piece if lines[-1] else piece.lstrip()
        while text_width(word, size, bold) > room and len(word) > 1:
            fits = next((n for n in range(len(word) - 1, 1, -1) if text_width(f"{word[:n]}-", size, bold) <= room), 1)
            lines[-1:] = [f"{word[:fits]}-", ""]
            word = word[fits:]
        lines[-1] += word
    return tuple(line.rstrip() for line in lines)


def text_height(text: str, room: float, size: float, bold: bool = False) -> float:
    """How high the lines are in which ``text`` fits ``room``."""
    return LINE * size * len(wrap(text, room, size, bold))
