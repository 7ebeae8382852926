"""Lines over the years, in panels under each other that share their years.

Belongs here: the form of these charts. Does not belong here: what the lines show, and their words (``figures.py``, the
page of a municipality).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, groupby
from typing import NamedTuple

from assets.base.texts import Language, counted
from assets.editions.pictures.drawing import GRID, Axis, Svg, spread, ticks
from assets.editions.pictures.lettering import BOLD, NOTE, Look, text_height, widest

Point = tuple[float, str]
"""A value, and how it is printed."""
_ABOVE, _BELOW = 7.0, 16.0  # from a point to the base line of its value


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
        most = max((point[0] for line in self.lines for point in line.points if point), default=0.0)
        marks = ticks(0, max(most, self.least), 4)
        return marks if marks[-1] >= most else [*marks, marks[-1] + marks[1]]


def lines(panels: Sequence[Panel], years: Sequence[str], language: Language, width: float) -> Svg:
    """Every panel with its lines named at their ends, every value printed at its point; the years at the bottom."""
    svg, drawn = Svg(width), [line for panel in panels for line in panel.lines]
    scales = [[(mark, getattr(counted(mark, panel.unit), language)) for mark in panel.marks] for panel in panels]
    left = 8 + widest((printed for _, printed in chain(*scales)), NOTE)
    half = widest(chain(years, (point[1] for line in drawn for point in line.points if point)), BOLD) / 2 + 2
    least = width * (0.3 if svg.is_wide else 0.33)  # names are wrapped, but no word is broken that is not very long
    words = widest((word for line in drawn for word in line.name.split()), BOLD)
    room = min(widest((line.name for line in drawn), BOLD), max(least, min(words, least * 1.4))) + 0.1
    across = Axis(left + half, width - room - 12 - half, 0, max(len(years) - 1, 1))
    step = max(1, math.ceil((2 * half + 4) / (across.at(1) - across.at(0))))
    named = range((len(years) - 1) % step, len(years), step)  # the last one, and of the others those with room
    for panel, scale in zip(panels, scales, strict=True):
        up = Axis(svg.height + panel.high, svg.height + 18, 0, scale[-1][0])
        for mark, printed in scale:
            svg.line([(left, up.at(mark)), (across.end + half, up.at(mark))], GRID)
            svg.text(left - 6, up.at(mark) + NOTE.size * 0.35, printed, NOTE, "end")
        for no in named:
            known = ((line.points[no], line.colour) for line in panel.lines)
            _values(svg, across.at(no), [(up.at(point[0]), point[1], colour) for point, colour in known if point])
        _draw(svg, panel, across, up)
        svg.height = max(up.start + 14, _names(svg, panel, up, across.end + half + 8, room))
    for no in named:
        svg.text(across.at(no), svg.height + 12, years[no], anchor="middle")
    svg.height += 18
    return svg


def _draw(svg: Svg, panel: Panel, across: Axis, up: Axis) -> None:
    """The lines, broken where a year has no point."""
    for line in panel.lines:
        known = [(across.at(no), up.at(point[0]), no) for no, point in enumerate(line.points) if point]
        for _, run in groupby(enumerate(known), lambda one: one[1][2] - one[0]):
            svg.line([place[:2] for _, place in run], line.colour, 2.4)
        for x, y, _ in known:
            svg.pile(x, y, line.colour, 8)


def _values(svg: Svg, x: float, points: list[tuple[float, str, str]]) -> None:
    """The values of a year above their points; the lowest below its own where another is close above it."""
    points.sort(key=lambda one: one[0])
    is_close = len(points) > 1 and points[-1][0] - points[-2][0] < NOTE.size * 2.5
    places = [y - _ABOVE for y, _, _ in points]
    places[-1:] = [points[-1][0] + _BELOW] if is_close else places[-1:]
    for y, (_, printed, colour) in zip(spread(places, NOTE.size * 1.2), points, strict=True):
        svg.text(x, y, printed, Look(NOTE.size, True, colour), "middle", clear=True)


def _names(svg: Svg, panel: Panel, up: Axis, x: float, room: float) -> float:
    """The name of each line at its last point, but not above the scale; where the lowest of them ends."""
    high = [text_height(line.name, room, BOLD) for line in panel.lines]
    ends = [next((point[0] for point in reversed(line.points) if point), 0.0) for line in panel.lines]
    places = [max(up.at(end), svg.height + own / 2) for end, own in zip(ends, high, strict=True)]
    moved = zip(panel.lines, spread(places, max(high, default=0)), high, strict=True)
    looks = [(line.name, y - own / 2, BOLD._replace(fill=line.colour)) for line, y, own in moved]
    return max((svg.block(x, y, name, room, look) for name, y, look in looks), default=0.0)
