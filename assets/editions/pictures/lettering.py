"""How wide a text is, and where it breaks: by the widths of the fonts that are beside this module.

Arial, Helvetica and Liberation Sans have the widths of Arimo, so that a drawing fits in whichever a reader has. The
files are Arimo, regular and bold, cut down to Latin letters and the symbols of this project, without kerning and with
one table of characters (format 12).

Belongs here: measuring. Does not belong here: drawing a text (``drawing.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from struct import unpack_from
from typing import NamedTuple

INK, SOFT = "#1c2530", "#4d5863"
FAMILY = "Arial,Helvetica,Arimo,Liberation Sans,sans-serif"
FONTS = [Path(__file__).parent / "fonts" / f"Arimo-{weight}.ttf" for weight in ("Regular", "Bold")]
ASCENT, DESCENT, LINE = 0.905, 0.212, 1.25  # of the size: above and below the base line, and from line to line


class Look(NamedTuple):
    """How a text looks; its size is in units of the drawing."""

    size: float = 13.0
    bold: bool = False
    fill: str = INK


PLAIN, BOLD, NOTE = Look(), Look(bold=True), Look(12.0, fill=SOFT)


@cache
def _widths(is_bold: bool) -> dict[str, float]:
    """How wide each character is, in ems."""
    font = FONTS[is_bold].read_bytes()
    entries = range(12, 12 + 16 * unpack_from(">H", font, 4)[0], 16)
    tables = {font[at : at + 4]: unpack_from(">I", font, at + 8)[0] for at in entries}
    em, count = (unpack_from(">H", font, tables[name] + at)[0] for name, at in ((b"head", 18), (b"hhea", 34)))
    of_glyph = unpack_from(">" + "Hh" * count, font, tables[b"hmtx"])[::2]
    characters = tables[b"cmap"] + unpack_from(">I", font, tables[b"cmap"] + 8)[0]
    found: dict[str, float] = {}
    for group in range(unpack_from(">I", font, characters + 12)[0]):
        first, last, glyph = unpack_from(">III", font, characters + 16 + 12 * group)
        found |= {chr(code): of_glyph[min(glyph + code - first, count - 1)] / em for code in range(first, last + 1)}
    return found


@lru_cache(10_000)
def text_width(text: str, look: Look = PLAIN) -> float:
    """How wide a text is; a character that the fonts lack counts as wider than any letter."""
    widths = _widths(look.bold)
    return look.size * sum(widths.get(character, 1.0) for character in text)


def widest(texts: Iterable[str], look: Look = PLAIN) -> float:
    """How wide the widest of these texts is."""
    return max((text_width(text, look) for text in texts), default=0.0)


@lru_cache(10_000)
def wrap(text: str, room: float, look: Look = PLAIN) -> tuple[str, ...]:
    """The lines in which a text fits ``room``: broken at spaces and after hyphens, within a word only where it is
    longer than a line."""
    lines = [""]
    for piece in re.findall(r"[^\s-]*-|[^\s-]+|\s+", text.strip()):
        if text_width((lines[-1] + piece).rstrip(), look) > room and lines[-1].strip():
            lines.append("")
        word = piece if lines[-1] else piece.lstrip()
        while text_width(word, look) > room and len(word) > 1:
            fits = next((n for n in range(len(word) - 1, 1, -1) if text_width(f"{word[:n]}-", look) <= room), 1)
            lines[-1:] = [f"{word[:fits]}-", ""]
            word = word[fits:]
        lines[-1] += word
    return tuple(line.rstrip() for line in lines)


def text_height(text: str, room: float, look: Look = PLAIN) -> float:
    """How high the lines are in which a text fits ``room``."""
    return LINE * look.size * len(wrap(text, room, look))
