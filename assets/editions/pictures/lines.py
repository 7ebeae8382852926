"""Lines over the years, in panels under each other that share their years.

Belongs here: the form of these charts. Does not belong here: what the lines show, and their words (``figures.py``, the
page of a municipality).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from assets.base.texts import Language, counted
from assets.editions.pictures.drawing import GRID, SIZE, SMALL, SOFT, Axis, Svg, spread, ticks
from assets.editions.pictures.lettering import text_height, text_width

_ABOVE, _BELOW = 7.0, 16.0  # from a point to the base line of its value


class Point(NamedTuple):
    """A value, and how it is printed; None where there is none."""

    value: float
    printed: str


class Line(NamedTuple):
    """A line, with a point for each year that has one."""

    name: str
    colour: str
    points: Sequence[Point | None]


class Panel(NamedTuple):
    """Lines on one scale of numbers with a ``unit``, from 0 to ``least`` or more, ``high`` units high."""

    lines: Sequence[Line]
    unit: str
    high: float
    least: float = 1.0

    @property
    def marks(self) -> list[int]:
        """The numbers of the scale, of which the last is above every value."""
        most = max((point.value for line in self.lines for point in line.points if point), default=0.0)
        marks = ticks(0, max(most, self.least), 4)
        return marks if marks[-1] >= most else [*marks, marks[-1] + marks[1]]


def lines(panels: Sequence[Panel], years: Sequence[str], language: Language, width: float) -> Svg:
    """Every panel with its lines named at their ends, every value printed at its point; the years at the bottom."""
    svg = Svg(width)
    scales = [[(mark, getattr(counted(mark, panel.unit), language)) for mark in panel.marks] for panel in panels]
    left = 8 + max(text_width(printed, SMALL) for scale in scales for _, printed in scale)
    values = [point.printed for panel in panels for line in panel.lines for point in line.points if point]
    half = max(text_width(printed, SIZE, True) for printed in (*values, *years)) / 2 + 2
    room = _room([line.name for panel in panels for line in panel.lines], width * (0.3 if svg.is_wide else 0.33))
    across = Axis(left + half, width - room - 12 - half, 0, max(len(years) - 1, 1))
    step = max(1, math.ceil((2 * half + 4) / (across.at(1) - across.at(0))))
    named = range((len(years) - 1) % step, len(years), step)  # the last one, and of the others those with room
    for panel, scale in zip(panels, scales, strict=True):
        up = Axis(svg.height + panel.high, svg.height + 18, 0, scale[-1][0])
        for mark, printed in scale:
            svg.line([(left, up.at(mark)), (across.end + half, up.at(mark))], GRID)
            svg.text(left - 6, up.at(mark) + SMALL * 0.35, printed, SMALL, fill=SOFT, anchor="end")
        for no in named:
            known = ((line, line.points[no]) for line in panel.lines)
            _values(svg, across.at(no), [(up.at(p.value), p, line.colour) for line, p in known if p])
        _draw(svg, panel, across, up)
        named_to = _names(svg, panel, up, across.end + half + 8, room)
        svg.height = max(up.start + 14, named_to)
    for no in named:
        svg.text(across.at(no), svg.height + 12, years[no], anchor="middle")
    svg.height += 18
    return svg


def _room(names: Sequence[str], least: float) -> float:
    """How wide the names are: wrapped at ``least``, but no word is broken that is not very long."""
    longest = max((text_width(word, SIZE, True) for name in names for word in name.split()), default=0)
    whole = max((text_width(name, SIZE, True) for name in names), default=0)
    return min(whole, max(least, min(longest, least * 1.4))) + 0.1


def _draw(svg: Svg, panel: Panel, across: Axis, up: Axis) -> None:
    """The lines, broken where a year has no point."""
    for line in panel.lines:
        known = [(no, point) for no, point in enumerate(line.points) if point]
        for _, run in groupby(enumerate(known), lambda one: one[1][0] - one[0]):
            svg.line([(across.at(no), up.at(point.value)) for _, (no, point) in run], line.colour, 2.4)
        for no, point in known:
            svg.dot(across.at(no), up.at(point.value), 4, line.colour)


def _values(svg: Svg, x: float, points: list[tuple[float, Point, str]]) -> None:
    """The values of a year: above their points; the lowest below its own where another is close above it."""
    points.sort(key=lambda one: one[0])
    is_close = len(points) > 1 and points[-1][0] - points[-2][0] < SMALL * 2.5
    places = [y - _ABOVE for y, _, _ in points[: len(points) - is_close]] + [
        y + _BELOW for y, _, _ in points[-1:] if is_close
    ]
    for place, (_, point, colour) in zip(spread(places, SMALL * 1.2), points, strict=True):
        svg.text(x, place, point.printed, SMALL, bold=True, fill=colour, anchor="middle", clear=True)


def _names(svg: Svg, panel: Panel, up: Axis, x: float, room: float) -> float:
    """The name of each line at its last point, but not above the scale; where the lowest of them ends."""
    high = [text_height(line.name, room, SIZE, True) for line in panel.lines]
    ends = [next((point.value for point in reversed(line.points) if point), 0.0) for line in panel.lines]
    places = [max(up.at(end), svg.height + own / 2) for end, own in zip(ends, high, strict=True)]
    moved = spread(places, max(high, default=0))
    below = [
        svg.block(x, y - own / 2, line.name, room, bold=True, fill=line.colour)
        for line, y, own in zip(panel.lines, moved, high, strict=True)
    ]
    return max(below, default=0.0)
