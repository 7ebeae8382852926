"""What may be wrong with a drawing on any screen: a text that is cut, too small or too pale to read, or over another.

Belongs here: measuring, by the widths that the drawing itself went by. Does not belong here: which drawings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from assets.base.texts import LANGUAGES, Language
from assets.editions.pictures.drawing import NARROW, WIDE, Letters, Svg
from assets.editions.pictures.picture import Picture

# How wide a page is, and a figure in it, in pixels: 400% of 1280 is a page of 320. A figure of 620 shows the wide one.
# On a page of 640 two figures can be side by side.
PAGES = {320: 288.0, 390: 358.0, 640: 272.0, 768: 720.0, 1280: 816.0}
SWITCH, LEAST = 620.0, 9.0
_ROUNDING = 0.05
# The contrast that WCAG asks of small letters. What tests pages cannot tell what is behind a letter of an SVG.
CONTRAST = 4.5
_FILLED = re.compile(r'<path fill="(#\w+)" d="([^"]*)"/>')
_RECTANGLE = re.compile(r"([-\d.]+) ([-\d.]+)h([-\d.]+)v([-\d.]+)")
Filled = list[tuple[str, list[tuple[float, float]]]]


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
    shapes = _filled(svg)
    for text in svg.texts:
        left, upper, right, lower = text.box
        if min(left, upper) < -_ROUNDING or right > svg.width + _ROUNDING or lower > svg.height + _ROUNDING:
            yield f"'{text.text}' is cut"
        if text.look.size * room / svg.width < LEAST:
            yield f"'{text.text}' is too small"
        if min(contrast(text.look.fill, ground) for ground in _grounds(shapes, text)) < CONTRAST:
            yield f"'{text.text}' is too pale"
    for one, other in combinations(svg.texts, 2):
        a, b = one.box, other.box
        if max(a[0], b[0]) < min(a[2], b[2]) - _ROUNDING and max(a[1], b[1]) < min(a[3], b[3]) - _ROUNDING:
            yield f"'{one.text}' is over '{other.text}'"


def contrast(one: str, other: str) -> float:
    """How much two colours (#rgb or #rrggbb) differ in brightness, as WCAG computes it: from 1 to 21."""
    low, high = sorted((_brightness(one), _brightness(other)))
    return (high + 0.05) / (low + 0.05)


def _brightness(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _filled(svg: Svg) -> Filled:
    """Every shape of a drawing itself, in the order in which they are painted: its colour and its corners."""
    own = svg.body.split("<g", 1)[0]
    return [(fill, _corners(shape)) for fill, path in _FILLED.findall(own) for shape in path.split("M")[1:]]


def _grounds(shapes: Filled, text: Letters) -> Iterator[str]:
    """What is behind a text, at its ends and in its middle: the last shape that was filled there, or the page."""
    left, upper, right, lower = text.box
    for x in (left + 1, (left + right) / 2, right - 1):
        behind = [fill for fill, corners in shapes if _is_in(x, (upper + lower) / 2, corners)]
        yield behind[-1] if behind else "#fff"


def _corners(shape: str) -> list[tuple[float, float]]:
    """Of a rectangle or another shape, by its path without the M."""
    if rectangle := _RECTANGLE.match(shape):
        x, y, width, height = map(float, rectangle.groups())
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    points = (point.split() for point in shape.rstrip("z").split("L"))
    return [(float(x), float(y)) for x, y in points]


def _is_in(x: float, y: float, corners: Sequence[tuple[float, float]]) -> bool:
    sides = pairwise([*corners, corners[0]])
    crossed = (x < x1 + (y - y1) / (y2 - y1) * (x2 - x1) for (x1, y1), (x2, y2) in sides if (y1 > y) != (y2 > y))
    return sum(crossed) % 2 == 1


def _in_file(picture: Picture, language: Language) -> Iterator[str]:
    framed = picture.framed(language, "Synthetische gegevens")
    return faults_of(framed, framed.width)
