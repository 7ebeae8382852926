"""A picture: in a page as two drawings of which it shows one, wide or narrow, and as files, SVG and PNG.

In a page the heading, the source and the mark are around it; a file goes its own way, and carries them.

Belongs here: what surrounds a drawing. Does not belong here: drawing it (the kinds of charts).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import LANGUAGES, Language, Text
from assets.editions.content.mark import Origin, mark_of
from assets.editions.pictures.drawing import NARROW, WIDE, Svg, number
from assets.editions.pictures.lettering import FAMILY, FONTS, INK, NOTE, PLAIN, Look

if TYPE_CHECKING:
    from markupsafe import Markup

OF = Text("van", "of")
_MARGIN, _PIXELS = 20.0, 1.5  # units around a drawing in a file; pixels per unit
_MARK, _MARK_GROUND, _MARK_EDGE = Look(12.0, fill="#5c3d00"), "#fff3d6", "#d9a400"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its words. ``stem``: where its files are in the edition, without language and suffix. ``kind``: of
    chart, and ``values`` all that it shows, for whoever does not see it. ``draw``: draws it, so many units wide."""

    stem: str
    title: Text
    kind: Text
    values: Callable[[Language], Iterable[str]]
    source: Text
    draw: Callable[[Language, float], Svg]

    def path(self, language: Language, suffix: str) -> str:
        """``<stem>.svg`` in Dutch, ``<stem>.en.svg`` in English."""
        return f"{self.stem}{'' if language == 'nl' else '.en'}.{suffix}"

    def inline(self, language: Language, *, is_narrow: bool = False) -> Markup:
        """Both drawings, for a page whose style shows the one that there is room for; or the narrow one alone."""
        from markupsafe import Markup

        widths = {"narrow": NARROW} if is_narrow else {"wide": WIDE, "narrow": NARROW}
        drawings = ((name, self.draw(language, width)) for name, width in widths.items())
        svgs = (self._svg(drawing, language, f'class="{name}"', name) for name, drawing in drawings)
        return Markup("".join(svgs))  # noqa: S704  every text in it was escaped

    def save(self, folder: Path, origin: Origin, before: Path | None = None) -> None:
        """Its files: the wide drawing in both languages, with title, source and, where there is something to warn of,
        the mark of ``origin``. Where the edition ``before`` has the same drawing, its pixels are taken from there: they
        are what takes time."""
        (folder / self.stem).parent.mkdir(parents=True, exist_ok=True)
        for language in LANGUAGES:
            mark: str = getattr(mark_of(origin) or Text("", ""), language)
            framed = self.framed(language, mark)
            size = f'width="{number(framed.width)}" height="{number(framed.height)}"'
            svg = self._svg(framed, language, size, "file", mark)
            (folder / self.path(language, "svg")).write_text(svg, encoding="utf-8")
            pixels = folder / self.path(language, "png")
            pixels.unlink(missing_ok=True)  # a link, if it was made before: it would be written through
            if before and _is(before / self.path(language, "svg"), svg):
                os.link(before / self.path(language, "png"), pixels)
            else:
                facts = {"Title": getattr(self.title, language), "Description": self._in_words(language, mark)}
                pixels.write_bytes(_png(svg, facts))

    def framed(self, language: Language, mark: str) -> Svg:
        """The wide drawing under its title, over its source and the mark."""
        frame, drawing = Svg(WIDE + 2 * _MARGIN), self.draw(language, WIDE)
        top = frame.block(_MARGIN, _MARGIN - 5, getattr(self.title, language), WIDE, Look(17.0, bold=True)) + 12
        frame.place(drawing, _MARGIN, top)
        source = f"{'Bron' if language == 'nl' else 'Source'}: {getattr(self.source, language)}"
        frame.height = frame.block(_MARGIN, top + drawing.height + 10, source, WIDE, NOTE) + 8
        if mark:
            frame.rect(_MARGIN, frame.height, WIDE, 26, _MARK_GROUND)
            frame.rect(_MARGIN, frame.height, 3, 26, _MARK_EDGE)
            frame.text(_MARGIN + 12, frame.height + 17, mark, _MARK)
            frame.height += 26
        frame.height += _MARGIN - 5
        return frame

    def _in_words(self, language: Language, mark: str) -> str:
        return f"{getattr(self.kind, language)}. {'; '.join(self.values(language))}. {mark}".strip()

    def _svg(self, drawing: Svg, language: Language, look: str, own: str, mark: str = "") -> str:
        """The drawing with title and description for screen readers, whose ids are its ``own``."""
        own, size = (
            f"{self.stem.replace('/', '-')}-{language}-{own}",
            f"{number(drawing.width)} {number(drawing.height)}",
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {look} viewBox="0 0 {size}" role="img" lang="{language}"'
            f' aria-labelledby="{own}-title {own}-desc"'
            f' font-family="{FAMILY}" font-size="{number(PLAIN.size)}" fill="{INK}">\n'
            f'<title id="{own}-title">{escape(getattr(self.title, language))}</title>\n'
            f'<desc id="{own}-desc">{escape(self._in_words(language, mark))}</desc>\n{drawing.body}\n</svg>\n'
        )


def _is(file: Path, text: str) -> bool:
    return file.exists() and file.with_suffix(".png").exists() and file.read_text(encoding="utf-8") == text


def _png(svg: str, facts: dict[str, str]) -> bytes:
    """The file as pixels, in our own fonts and no other, of 256 colours, with ``facts`` as texts."""
    from PIL import Image, PngImagePlugin
    from resvg_py import svg_to_bytes

    fonts = [str(font) for font in FONTS]
    pixels = svg_to_bytes(svg_string=svg, zoom=_PIXELS, background="#fff", skip_system_fonts=True, font_files=fonts)
    image = Image.open(BytesIO(bytes(pixels))).convert("RGB").quantize(256, Image.Quantize.FASTOCTREE)
    texts, file = PngImagePlugin.PngInfo(), BytesIO()
    for name, text in facts.items():
        texts.add_itxt(name, text)
    image.save(file, "PNG", pnginfo=texts)
    return file.getvalue()
