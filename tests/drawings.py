"""What may be wrong with a drawing on any screen: a text that is cut, too small to read, or over another.

Belongs here: measuring, by the widths that the drawing itself went by. Does not belong here: which drawings.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from assets.base.texts import LANGUAGES, Language
from assets.editions.pictures.drawing import NARROW, WIDE, Svg
from assets.editions.pictures.picture import Picture

# How wide a page is, and a figure in it, in pixels: 400% of 1280 is a page of 320. A figure of 620 shows the wide one.
# On a page of 640 two figures can be side by side.
PAGES = {320: 288.0, 390: 358.0, 640: 272.0, 768: 720.0, 1280: 816.0}
SWITCH, LEAST = 620.0, 9.0
_ROUNDING = 0.05


def faults(picture: Picture) -> list[str]:
    """What is wrong with a picture, on each page in each language, and in its files."""
    on_pages = [
        f"{picture.stem}, {language}, {page} px: {fault}"
        for language in LANGUAGES
        for page, room in PAGES.items()
        for fault in faults_of(picture.draw(language, WIDE if room >= SWITCH else NARROW), room)
    ]
    framed = [fault for language in LANGUAGES for fault in _in_file(picture, language)]
    return on_pages + framed


def faults_of(svg: Svg, room: float) -> Iterator[str]:
    """What is wrong with a drawing that is ``room`` pixels wide."""
    for text in svg.texts:
        left, upper, right, lower = text.box
        if min(left, upper) < -_ROUNDING or right > svg.width + _ROUNDING or lower > svg.height + _ROUNDING:
            yield f"'{text.text}' is cut"
        if text.look.size * room / svg.width < LEAST:
            yield f"'{text.text}' is too small"
    for one, other in combinations(svg.texts, 2):
        a, b = one.box, other.box
        if max(a[0], b[0]) < min(a[2], b[2]) - _ROUNDING and max(a[1], b[1]) < min(a[3], b[3]) - _ROUNDING:
            yield f"'{one.text}' is over '{other.text}'"


def _in_file(picture: Picture, language: Language) -> Iterator[str]:
    framed = picture.framed(language, "Synthetische gegevens")
    return faults_of(framed, framed.width)
