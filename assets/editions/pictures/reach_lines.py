"""The reach of a municipality and of the country over the years: two lines in a drawing on the municipality's page.

Belongs here: where points, lines and labels stand. Does not belong here: computing a reach (dbt does that), the SVG
around it (``pages/municipalities/municipality.html.j2``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, groupby
from typing import Any, NamedTuple

_WIDTH, _HEIGHT = 480, 150  # the plotted area, in the units of the drawing
_LEFT = 46  # room for '1000%' beside it


class Point(NamedTuple):
    """A place in the drawing, with what is printed beside it, and at what height."""

    x: int
    y: int
    percent: int
    label_y: int


class Line(NamedTuple):
    """A line of the drawing: ``segments`` of successive known years."""

    points: Sequence[Point]
    segments: Sequence[str]


class Graph(NamedTuple):
    """Lines over the years beside a scale of percentages, which takes so much room at the ``left``."""

    left: int
    years: Sequence[tuple[int, int]]
    scale: Sequence[tuple[int, int]]
    own: Line
    national: Line


def reach_lines(reach: Sequence[Mapping[str, Any]]) -> Graph | None:
    """Own and national reach, from rows of ``rpt_municipality_reach``; None where its own is never known."""
    own, national = ([row[name] for row in reach] for name in ("percent", "percent_nationally"))
    if all(percent is None for percent in own):
        return None
    top = max(100, *(-(-int(percent) // 50) * 50 for percent in (*own, *national) if percent is not None))
    step = _WIDTH // max(len(reach) - 1, 1)
    return Graph(
        left=max(_LEFT, 14 + 8 * len(f"{top}%")),
        years=[(index * step, row["reference_year"]) for index, row in enumerate(reach)],
        scale=[(_height(value, top), value) for value in range(0, top + 1, _scale_step(top))],
        own=_line(own, national, step, top),
        national=_line(national, own, step, top),
    )


def _scale_step(top: int) -> int:
    """The smallest of 50, 100, 200, 500 … that goes into the scale four times at most, however high a reach is."""
    step = 50
    for factor in cycle((2, 2, 2.5)):
        if top <= 4 * step:
            break
        step = round(step * factor)
    return step


def _line(percents: Sequence[Any], others: Sequence[Any], step: int, top: int) -> Line:
    """The line of ``percents``; its labels stand away from the other line, above a point or below it."""
    points = [
        None if percent is None else _point(index * step, int(percent), top, above=other is None or percent >= other)
        for index, (percent, other) in enumerate(zip(percents, others, strict=True))
    ]
    segments = [
        " ".join(f"{point.x},{point.y}" for point in of if point)
        for is_known, of in groupby(points, key=lambda point: point is not None)
        if is_known
    ]
    return Line([point for point in points if point], segments)


def _point(x: int, percent: int, top: int, *, above: bool) -> Point:
    y = _height(percent, top)
    return Point(x, y, percent, y - 9 if above or y > _HEIGHT - 20 else y + 19)


def _height(percent: int, top: int) -> int:
    return _HEIGHT - percent * _HEIGHT // top
