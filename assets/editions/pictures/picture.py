"""A picture: in a page as two drawings of which it shows one, wide or narrow, and as files, SVG and PNG.

In a page the heading, the source and the mark are around it; a file goes its own way, and carries them.

Belongs here: what surrounds a drawing. Does not belong here: drawing it (the kinds of charts).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import Language, Text
from assets.editions.content.mark import Origin, mark_of
from assets.editions.pictures.drawing import INK, NARROW, SIZE, SMALL, SOFT, WIDE, Svg, number
from assets.editions.pictures.lettering import FAMILY, FONTS

if TYPE_CHECKING:
    from markupsafe import Markup

LANGUAGES: tuple[Language, ...] = ("nl", "en")
FILE = "file"
_SOURCE = {"nl": "Bron", "en": "Source"}
_MARGIN = 20.0
_MARK_INK, _MARK_GROUND, _MARK_EDGE = "#5c3d00", "#fff3d6", "#d9a400"
_PIXELS = 2  # per unit


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its words. ``stem``: where its files are in the edition, without language and suffix. ``in_words``:
    what it shows, for whoever does not see it. ``draw``: draws it in a language, so many units wide."""

    stem: str
    title: Text
    in_words: Callable[[Language], str]
    source: Text
    draw: Callable[[Language, float], Svg]

    def path(self, language: Language, suffix: str) -> str:
        """``<stem>.svg`` in Dutch, ``<stem>.en.svg`` in English."""
        return f"{self.stem}{'' if language == 'nl' else '.en'}.{suffix}"

    def inline(self, language: Language) -> Markup:
        """Both drawings, for a page whose style shows the one that there is room for."""
        from markupsafe import Markup

        drawings = (("wide", self.draw(language, WIDE)), ("narrow", self.draw(language, NARROW)))
        svgs = (self._svg(drawing, language, look, "") for look, drawing in drawings)
        return Markup("\n".join(svgs))  # noqa: S704  every text in it was escaped

    def save(self, folder: Path, origin: Origin) -> None:
        """Its files: the wide drawing in both languages, with title, source and, where there is something to warn of,
        the mark of ``origin``."""
        (folder / self.stem).parent.mkdir(parents=True, exist_ok=True)
        for language in LANGUAGES:
            mark: str = getattr(mark_of(origin) or Text("", ""), language)
            svg = self._svg(self.framed(language, mark), language, FILE, mark)
            (folder / self.path(language, "svg")).write_text(svg, encoding="utf-8")
            png = _png(svg, Title=getattr(self.title, language), Description=self._described(language, mark))
            (folder / self.path(language, "png")).write_bytes(png)

    def framed(self, language: Language, mark: str) -> Svg:
        """The wide drawing under its title, over its source and the mark."""
        drawing, source = self.draw(language, WIDE), getattr(self.source, language)
        frame = Svg(WIDE + 2 * _MARGIN)
        top = frame.block(_MARGIN, _MARGIN - 5, getattr(self.title, language), WIDE, 17, bold=True) + 12
        frame.place(drawing, _MARGIN, top)
        bottom = top + drawing.height + 10
        if source:
            bottom = frame.block(_MARGIN, bottom, f"{_SOURCE[language]}: {source}", WIDE, SMALL, fill=SOFT) + 8
        if mark:
            ground = SMALL * 2.2
            frame.rect(_MARGIN, bottom, WIDE, ground, _MARK_GROUND)
            frame.rect(_MARGIN, bottom, 3, ground, _MARK_EDGE)
            frame.text(_MARGIN + 12, bottom + ground / 2 + SMALL * 0.35, mark, SMALL, fill=_MARK_INK)
            bottom += ground
        frame.height = bottom + _MARGIN - 5
        return frame

    def _described(self, language: Language, mark: str) -> str:
        return f"{self.in_words(language)} {mark}".strip()

    def _svg(self, drawing: Svg, language: Language, look: str, mark: str) -> str:
        """The drawing with title and description for screen readers; ``look`` sets its ids and its class apart."""
        own, width, height = (
            f"{self.stem.replace('/', '-')}-{language}-{look}",
            *map(number, (drawing.width, drawing.height)),
        )
        sized = f' width="{width}" height="{height}"' if look == FILE else ""
        ground = f'<rect width="{width}" height="{height}" fill="#fff"/>\n' if look == FILE else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{look}"{sized} viewBox="0 0 {width} {height}" role="img"'
            f' lang="{language}" aria-labelledby="{own}-title {own}-desc"'
            f' font-family="{FAMILY}" font-size="{number(SIZE)}" fill="{INK}">\n'
            f'<title id="{own}-title">{escape(getattr(self.title, language))}</title>\n'
            f'<desc id="{own}-desc">{escape(self._described(language, mark))}</desc>\n'
            f"{ground}{drawing.body}\n</svg>\n"
        )


def _png(svg: str, **facts: str) -> bytes:
    """The file as pixels, in our own fonts and no other, with ``facts`` as texts after its header."""
    from resvg_py import svg_to_bytes

    fonts = [str(font) for font in FONTS.values()]
    png = bytes(svg_to_bytes(svg_string=svg, zoom=_PIXELS, skip_system_fonts=True, font_files=fonts))
    header = 8 + 25  # of every PNG file: its signature, and its first part with width and height
    texts = (_part(b"iTXt", name.encode() + b"\0\0\0\0\0" + text.encode()) for name, text in facts.items())
    return b"".join((png[:header], *texts, png[header:]))


def _part(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)
