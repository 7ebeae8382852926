"""Reach as charts: what changed it, within its bounds, by province, and that of a municipality among others.

Belongs here: the form of these charts. Does not belong here: what they show (``dbt_project``), their words (the pages).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from assets.base.texts import Language, counted
from assets.editions.pictures.drawing import (
    BLUE,
    DARK_BLUE,
    GREY,
    INK,
    LIGHT_BLUE,
    LIGHT_GREY,
    ORANGE,
    PALE_BLUE,
    SIZE,
    SMALL,
    SOFT,
    TRACK,
    Svg,
)
from assets.editions.pictures.lettering import text_width
from assets.editions.pictures.rows import THICK, Beside, Rows

Span = tuple[float, float]
_TOGETHER = {"nl": "samen", "en": "together"}
_UNTIL = {"nl": "tot en met", "en": "to"}
_WITHHELD = {
    "nl": "niet getoond: minder dan tien gemeenten, of daaruit af te leiden",
    "en": "not shown: fewer than ten municipalities, or known from those",
}
_HALF, _TIP, _DOT = THICK / 2, 6.0, 6.0
_SHADES = ("#e3eef6", PALE_BLUE, LIGHT_BLUE, BLUE, DARK_BLUE)
# Where the provinces are on the map, by their codes.
_MAP = (
    ("", "", "PV21", "PV20"),
    ("", "PV27", "PV24", "PV22"),
    ("PV28", "PV26", "PV25", "PV23"),
    ("PV29", "PV30", "PV31", ""),
)
_TILES = {code: (column, line) for line, codes in enumerate(_MAP) for column, code in enumerate(codes)}


class Step(NamedTuple):
    """A step of a waterfall, from where to where in percent: a level where both are the same place, ``is_level``."""

    label: str
    starts_at: float
    ends_at: float
    is_level: bool
    printed: str
    note: str


class Range(NamedTuple):
    """A reach within its bounds, in percent; what is not known is None."""

    label: str
    lower: float | None
    upper: float | None
    reach: float | None
    lower_printed: str
    upper_printed: str
    reach_printed: str
    note: str


class Tile(NamedTuple):
    """A province: its reach in whole percents, None where it is not shown; ``note``: of how many."""

    code: str
    name: str
    percent: int | None
    printed: str
    note: str


class Heap(NamedTuple):
    """A group of municipalities: how many there are at each reach, rounded to five points, and their reach together."""

    label: str
    counts: Mapping[int, int]
    together: int
    note: str


def waterfall(steps: Sequence[Step], span: Span, language: Language, width: float) -> Svg:
    """Levels as dots, the parts between them as arrows from where the last one ended."""
    svg = Svg(width)
    beside = [_after(step) for step in steps]
    rows = Rows(svg, span, _unit(language), notes=[step.note for step in steps], beside=beside)
    zones = [rows.row(step.label, step.note, bold=step.is_level) for step in steps]
    for (step, zone), (_, below) in pairwise(zip(steps, zones, strict=True)):
        x = rows.axis.at(step.ends_at)
        for top, bottom in ((zone.middle, zone.bottom), (below.top, below.middle)):
            svg.line([(x, top), (x, bottom)], SOFT, dash="2 2")
    for step, zone, text in zip(steps, zones, beside, strict=True):
        start, end = rows.axis.at(step.starts_at), rows.axis.at(step.ends_at)
        if step.is_level:
            svg.dot(end, zone.middle, _DOT, INK)
        else:
            _arrow(svg, start, end, zone.middle)
        rows.beside(zone, text, bold=True)
    return rows.finish()


def _after(step: Step) -> Beside:
    """Its number, after whichever end is the highest."""
    return Beside(max(step.starts_at, step.ends_at), step.printed, "start", _DOT if step.is_level else 0)


def _arrow(svg: Svg, start: float, end: float, y: float) -> None:
    """A bar that points where it goes."""
    long, way = abs(end - start), 1 if end >= start else -1
    tip = min(_TIP, long)
    upper, back = y - _HALF, end - way * tip
    path = f"M{start:.1f} {upper:.1f}H{back:.1f}L{end:.1f} {y:.1f}L{back:.1f} {y + _HALF:.1f}H{start:.1f}z"
    svg.fill(path, BLUE if way > 0 else ORANGE)


def ranges(lines: Sequence[Range], language: Language, width: float) -> Svg:
    """A line from bound to bound in each row, with a dot at the reach as published, on a scale that begins at zero."""
    svg = Svg(width)
    ends = [_ends(one) for one in lines]
    known = [value for one in lines for value in (one.upper, one.reach) if value is not None]
    top = max([100.0, *known])  # a reach above 100% is shown, never capped
    leads = [one.reach_printed for one in lines]
    rows = Rows(svg, (0, top), _unit(language), notes=[one.note for one in lines], leads=leads, beside=chain(*ends))
    for one, texts in zip(lines, ends, strict=True):
        zone = rows.row(one.label, one.note, one.reach_printed)
        if one.lower is not None and one.upper is not None:
            start, end = rows.axis.at(one.lower), rows.axis.at(one.upper)
            svg.rect(start, zone.middle - 4, end - start, 8, LIGHT_GREY)
        if one.reach is not None:
            svg.dot(rows.axis.at(one.reach), zone.middle, _DOT, BLUE)
        for text in texts:
            rows.beside(zone, text)
    return rows.finish()


def _ends(one: Range) -> list[Beside]:
    """The numbers of both bounds, beside the line or the dot, whichever ends there."""
    if one.lower is None or one.upper is None:
        return []
    low, high = (one.lower, one.upper) if one.reach is None else (min(one.lower, one.reach), max(one.upper, one.reach))
    return [Beside(low, one.lower_printed, "end", _DOT), Beside(high, one.upper_printed, "start", _DOT)]


def tiles(provinces: Sequence[Tile], language: Language, width: float) -> Svg:
    """A tile for each province, about where it is, in five shades of the reach that is shown; their meaning beside."""
    svg = Svg(width)
    gap, across = 6.0, min(width, 460.0)
    side = (across + gap) / 4 - gap
    high = max(84.0, side * 0.8)
    known = [one.percent for one in provinces if one.percent is not None]
    low = min(known, default=0)
    step = max(1, math.ceil((max(known, default=0) + 1 - low) / len(_SHADES)))
    for one in provinces:
        column, line = _TILES[one.code]
        x, y = column * (side + gap), line * (high + gap)
        shade = -1 if one.percent is None else (one.percent - low) // step
        fill, ink = (TRACK, SOFT) if shade < 0 else (_SHADES[shade], INK if shade < 3 else "#fff")
        svg.rect(x, y, side, high, fill)
        svg.block(x + 7, y + 4, one.name, side - 14, SMALL, fill=ink)
        svg.text(x + 7, y + high - 27, one.printed, 17, bold=True, fill=ink)
        svg.text(x + 7, y + high - 8, one.note, SMALL, fill=ink)
    svg.height = 4 * (high + gap) - gap
    shades = [(fill, low + no * step) for no, fill in enumerate(_SHADES) if low + no * step <= max(known, default=-1)]
    left, top = (across + 40, 0.0) if svg.is_wide else (0.0, svg.height + 12)
    for fill, first in shades:
        svg.rect(left, top, 24, 16, fill)
        svg.text(left + 34, top + 13, f"{first} {_UNTIL[language]} {first + step - 1}%")
        top += 24
    if len(known) < len(provinces):
        svg.rect(left, top, 24, 16, TRACK)
        top = svg.block(left + 34, top, _WITHHELD[language], width - left - 34)
    svg.height = max(svg.height, top)
    return svg


def heaps(groups: Sequence[Heap], own: int, name: str, language: Language, width: float) -> Svg:
    """A dot for each municipality, heaped at its reach, in a row for each group; a line at that of all together, and
    one at the ``own`` reach, which is named."""
    svg = Svg(width)
    most = max(100, own, *(max(heap.counts, default=0) for heap in groups), *(heap.together for heap in groups))
    rows = Rows(svg, (-2.5, most + 2.5), _unit(language), notes=[] if svg.is_wide else [heap.note for heap in groups])
    apart = rows.axis.at(5) - rows.axis.at(0)
    abreast = min(4, max(2, int(apart // 3.8)))
    size = (apart - 1.5) / abreast
    line = SIZE * 1.3
    for no, heap in enumerate(groups):
        over = line * (2 if no == 0 else 1)  # for the names
        stack = size * math.ceil(max(heap.counts.values(), default=0) / abreast)
        zone = rows.row(heap.label, heap.note, high=over + stack + 14)
        ground = zone.bottom - 12
        for percent, count in sorted(heap.counts.items()):
            start = rows.axis.at(percent) - size * (abreast - 1) / 2
            for pile in range(min(count, abreast)):
                svg.pile(start + size * pile, ground - 1, math.ceil((count - pile) / abreast), size, GREY)
        svg.line([(rows.axis.start, ground), (rows.axis.end, ground)], SOFT)
        own_x, all_x, top = rows.axis.at(own), rows.axis.at(heap.together), zone.top + over
        _upright(rows, all_x, (top, ground), f"{_TOGETHER[language]} {heap.together}%", INK, own_x <= all_x)
        name, top = (f"{name} {own}%", zone.top + line) if no == 0 else ("", top)
        _upright(rows, own_x, (top, ground), name, ORANGE, own_x > all_x)
        svg.fill(f"M{own_x:.1f} {ground:.1f}l6 9h-12z", ORANGE)
    return rows.finish()


def _upright(rows: Rows, x: float, ends: Span, label: str, colour: str, is_after: bool) -> None:
    """A line at a reach, and over it its label: after it or before it, as far as there is room."""
    rows.svg.line([(x, ends[0]), (x, ends[1])], colour, 2)
    bold = colour == ORANGE
    long = text_width(label, SIZE, bold)
    left = max(rows.axis.start, min(x + 4 if is_after else x - 4 - long, rows.svg.width - long))
    rows.svg.text(left, ends[0] - 4, label, bold=bold, fill=colour, clear=True)


def _unit(language: Language) -> Callable[[int], str]:
    return lambda value: getattr(counted(value, "%"), language)
