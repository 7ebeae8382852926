"""Reach as charts: what changed it, within its bounds, by province, and that of a municipality among others.

They take rows of the models that they show, with the texts of one language.

Belongs here: the form of these charts. Does not belong here: what they show (``dbt_project``), their words (the pages).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

from assets.base.texts import Language, Text, counted
from assets.editions.pictures.drawing import (
    BLUE,
    DARK_BLUE,
    GREY,
    LIGHT_BLUE,
    LIGHT_GREY,
    ORANGE,
    PALE_BLUE,
    TRACK,
    Svg,
)
from assets.editions.pictures.lettering import BOLD, INK, NOTE, PLAIN, SOFT, Look, text_width, widest
from assets.editions.pictures.picture import OF
from assets.editions.pictures.rows import THICK, Rows

Span = tuple[float, float]
Records = Sequence[Mapping[str, Any]]
_DOT, _NEAR = 12.0, 6.0  # how big a dot is; how far a text is from a mark
_OWN = BOLD._replace(fill=ORANGE)
_SHADES = ("#e3eef6", PALE_BLUE, LIGHT_BLUE, BLUE, DARK_BLUE)
# Where the provinces are on the map, by their codes.
_MAP = (
    ("", "", "PV21", "PV20"),
    ("", "PV27", "PV24", "PV22"),
    ("PV28", "PV26", "PV25", "PV23"),
    ("PV29", "PV30", "PV31", ""),
)
_TILES = {code: (column, line) for line, codes in enumerate(_MAP) for column, code in enumerate(codes)}
_TOGETHER, _UNTIL = Text("samen", "together"), Text("tot en met", "to")
_WITHHELD = Text(
    "niet getoond: minder dan tien gemeenten, of daaruit af te leiden",
    "not shown: fewer than ten municipalities, or known from those",
)


def waterfall(steps: Records, language: Language, width: float, span: Span) -> Svg:
    """Levels as dots, the parts between them as arrows from where the last one ended, on a scale of ``span``: rows of
    ``rpt_reach_waterfall`` but for the change as a whole."""
    svg, notes = Svg(width), [f"n = {step['n_municipalities']}" for step in steps]
    after = widest((step["value_text"] for step in steps), BOLD) + _DOT / 2 + _NEAR
    rows = Rows(svg, span, _unit(language), notes=notes, after=after)
    levels = [step["kind"] == "level" for step in steps]
    zones = [rows.row(s["label"], n, bold=level) for s, n, level in zip(steps, notes, levels, strict=True)]
    ends = [rows.axis.at(float(step["ends_at"])) for step in steps]
    for x, (zone, below) in zip(ends, pairwise(zones), strict=False):
        for top, bottom in ((zone.middle, zone.bottom), (below.top, below.middle)):
            svg.line([(x, top), (x, bottom)], SOFT, dash="2 2")
    for step, is_level, zone, end in zip(steps, levels, zones, ends, strict=True):
        start = end if is_level else rows.axis.at(float(step["starts_at"]))
        if is_level:
            svg.pile(end, zone.middle, INK, _DOT)
        else:
            _arrow(svg, start, end, zone.middle)
        x = max(start, end) + _NEAR + (_DOT / 2 if is_level else 0)
        svg.text(x, zone.base, step["value_text"], BOLD, clear=True)
    return rows.finish()


def _arrow(svg: Svg, start: float, end: float, y: float) -> None:
    """A bar that points where it goes."""
    way, half = (1 if end >= start else -1), THICK / 2
    back = end - way * min(_NEAR, abs(end - start))
    corners = [(start, y - half), (back, y - half), (end, y), (back, y + half), (start, y + half)]
    svg.shape(corners, BLUE if way > 0 else ORANGE)


def ranges(lines: Records, language: Language, width: float) -> Svg:
    """A line from bound to bound in each row, with a dot at the reach as published, on a scale that begins at zero:
    rows of ``rpt_reach_ranges``. A reach above 100% is shown, never capped."""
    svg, of = Svg(width), getattr(OF, language)
    notes = [f"n = {one['n']} {of} {one['municipalities']}" for one in lines]
    known = [[one[name] * 100 for name in ("lower", "reach", "upper") if one[name] is not None] for one in lines]
    away = _DOT / 2 + _NEAR
    before, after = (widest(one[name] for one in lines) + away for name in ("lower_text", "upper_text"))
    top, leads = max([100.0, *chain(*known)]), [one["reach_text"] for one in lines]
    rows = Rows(svg, (0, top), _unit(language), notes=notes, leads=leads, before=before, after=after)
    for one, note, values in zip(lines, notes, known, strict=True):
        zone = rows.row(one["name"], note, one["reach_text"])
        if len(values) == 3:
            start, end = rows.axis.at(values[0]), rows.axis.at(values[-1])
            svg.rect(start, zone.middle - 4, end - start, 8, LIGHT_GREY)
            svg.text(rows.axis.at(min(values)) - away, zone.base, one["lower_text"], PLAIN, "end", clear=True)
            svg.text(rows.axis.at(max(values)) + away, zone.base, one["upper_text"], clear=True)
        if one["reach"] is not None:
            svg.pile(rows.axis.at(one["reach"] * 100), zone.middle, BLUE, _DOT)
    return rows.finish()


def tiles(provinces: Records, language: Language, width: float) -> Svg:
    """A tile for each province, about where it is, in shades of the reach that is shown, and what these mean: rows of
    ``rpt_province_reach``."""
    svg, gap, across = Svg(width), 6.0, min(width, 460.0)
    side = (across + gap) / 4 - gap
    high = max(84.0, side * 0.8)
    known = [one["percent"] for one in provinces if one["percent"] is not None]
    low, most = min(known, default=0), max(known, default=-1)
    step = max(1, math.ceil((most + 1 - low) / len(_SHADES)))
    for one in provinces:
        column, line = _TILES[one["province_code"]]
        x, y = column * (side + gap), line * (high + gap)
        shade = -1 if one["percent"] is None else (one["percent"] - low) // step
        fill, ink = (TRACK, SOFT) if shade < 0 else (_SHADES[shade], INK if shade < 3 else "#fff")
        small, large = Look(NOTE.size, fill=ink), Look(17.0, True, ink)
        svg.rect(x, y, side, high, fill)
        svg.block(x + 7, y + 4, one["name"], side - 14, small)
        svg.text(x + 7, y + high - 27, one["percent_text"], large)
        svg.text(x + 7, y + high - 8, "" if shade < 0 else f"n = {one['n_municipalities']}", small)
    svg.height = 4 * (high + gap) - gap
    left, y = (across + 40, 0.0) if svg.is_wide else (0.0, svg.height + 12)
    firsts = [(fill, low + no * step) for no, fill in enumerate(_SHADES) if low + no * step <= most]
    meanings = [(fill, f"{first} {getattr(_UNTIL, language)} {first + step - 1}%") for fill, first in firsts]
    meanings += [(TRACK, getattr(_WITHHELD, language))] if len(known) < len(provinces) else []
    for fill, meaning in meanings:
        svg.rect(left, y, 24, 16, fill)
        y = svg.block(left + 34, y, meaning, width - left - 34) + 8
    svg.height = max(svg.height, y)
    return svg


class Heap(NamedTuple):
    """A group of municipalities: how many there are at each reach, rounded to five points, and their reach together."""

    label: str
    counts: Mapping[int, int]
    together: int
    n: int


def heaps(groups: Sequence[Heap], language: Language, width: float, own: int, name: str) -> Svg:
    """A dot for each municipality, heaped at its reach, in a row for each group; a line at that of all together, and
    one at the ``own`` reach, which is named once."""
    svg, notes = Svg(width), [f"n = {heap.n}" for heap in groups]
    most = max(100, own, *(max(*heap.counts, heap.together) for heap in groups))
    rows = Rows(svg, (-2.5, most + 2.5), _unit(language), notes=notes)
    apart = rows.axis.at(5) - rows.axis.at(0)
    abreast = min(4, max(2, int(apart // 3.8)))
    size, line, named = (apart - 1.5) / abreast, PLAIN.size * 1.3, f"{name} {own}%"
    for heap, note in zip(groups, notes, strict=True):
        over = line * 2 if named else line  # for the labels
        zone = rows.row(heap.label, note, high=over + size * math.ceil(max(heap.counts.values()) / abreast) + 14)
        ground, top = zone.bottom - 12, zone.top + over
        for percent, count in sorted(heap.counts.items()):
            start = rows.axis.at(percent) - size * (abreast - 1) / 2
            for no in range(min(count, abreast)):
                dots = math.ceil((count - no) / abreast)
                svg.pile(start + size * no, ground - 1 - size / 2, GREY, size * 0.84, dots, size)
        svg.line([(rows.axis.start, ground), (rows.axis.end, ground)], SOFT)
        own_x, all_x = rows.axis.at(own), rows.axis.at(heap.together)
        together = f"{getattr(_TOGETHER, language)} {heap.together}%"
        _upright(rows, all_x, top, ground, together, PLAIN, is_after=own_x <= all_x)
        _upright(rows, own_x, top - line if named else top, ground, named, _OWN, is_after=own_x > all_x)
        svg.shape([(own_x, ground), (own_x + 6, ground + 9), (own_x - 6, ground + 9)], ORANGE)
        named = ""
    return rows.finish()


def _upright(rows: Rows, x: float, top: float, ground: float, label: str, look: Look, *, is_after: bool) -> None:
    """A line at a reach, and over it its label: after it or before it, as far as there is room."""
    rows.svg.line([(x, top), (x, ground)], look.fill, 2)
    long = text_width(label, look)
    left = max(rows.axis.start, min(x + 4 if is_after else x - 4 - long, rows.svg.width - long))
    rows.svg.text(left, top - 4, label, look, clear=True)


def _unit(language: Language) -> Callable[[int], str]:
    return lambda value: getattr(counted(value, "%"), language)
