"""Shares as bars on one fixed axis from 0 to 100%, and the parts of a whole as one bar.

Belongs here: the form of these charts. Does not belong here: whose shares they are, and their words (``figures.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assets.editions.pictures.drawing import (
    BLUE,
    DARK_BLUE,
    GRID,
    INK,
    LIGHT_BLUE,
    SIZE,
    SMALL,
    SOFT,
    TRACK,
    Svg,
)
from assets.editions.pictures.lettering import LINE, text_width
from assets.editions.pictures.rows import THICK, Rows

STEPS = (LIGHT_BLUE, BLUE, DARK_BLUE)
_ON = {LIGHT_BLUE: INK}  # letters on a fill; white on any other
_GAP = 5.0


class Share(NamedTuple):
    """A percentage; None where there is none, or none to be shown: then only ``printed`` is. ``note``: of how many."""

    percent: float | None
    printed: str
    note: str


class Head(NamedTuple):
    """What is above a column of bars: its label, and of whom the shares are."""

    label: str
    of: str


def shares(rows: Sequence[tuple[str, Share]], width: float) -> Svg:
    """A bar for each row, its value at the bar, count and base at the right."""
    svg = Svg(width)
    laid_out = Rows(svg, (0, 100), notes=[share.note for _, share in rows])
    for label, share in rows:
        zone = laid_out.row(label, share.note)
        _bar(svg, laid_out.axis.start, laid_out.axis.end, zone.middle, share, BLUE)
    return svg


def columns(heads: Sequence[Head], rows: Sequence[tuple[str, Sequence[Share]]], width: float) -> Svg:
    """Bars in columns, darker from each to the next, with count and base under each; the row's label at the left or
    above."""
    svg = Svg(width)
    first, gap = (width * 0.32 if svg.is_wide else 0.0), (24.0 if svg.is_wide else 12.0)
    room = (width - first + gap) / len(heads) - gap
    lefts = [first + no * (room + gap) for no in range(len(heads))]
    ends = [svg.block(x, 0, head.label, room, bold=True) for x, head in zip(lefts, heads, strict=True)]
    ends = [
        svg.block(x, end, head.of, room, SMALL, fill=SOFT) if head.of else end
        for x, end, head in zip(lefts, ends, heads, strict=True)
    ]
    svg.height = max(ends, default=0.0) + 4
    for label, row in rows:
        svg.line([(0, svg.height), (width, svg.height)], GRID)
        top = svg.height + 7
        under = svg.block(0, top, label, first - 14 if first else width)
        top = top if first else under + 3
        for x, share, fill in zip(lefts, row, _fills(len(heads)), strict=True):
            _bar(svg, x, x + room, top + THICK / 2, share, fill)
            svg.text(x, top + THICK + SMALL, share.note, SMALL, fill=SOFT)
        svg.height = max(under, top + THICK + SMALL * LINE) + 5
    return svg


def parts(rows: Sequence[tuple[str, Share]], grey: Sequence[str | None], width: float) -> Svg:
    """The parts of a whole: one bar, and a line for each of them. ``grey``: the fill of a part that is none of the
    answers themselves; None for the others."""
    svg = Svg(width)
    own = iter(_fills(grey.count(None))[::-1])
    fills = [fill or next(own) for fill in grey]
    whole = max(100, sum(share.percent or 0 for _, share in rows))  # what is unknown is left blank
    x, svg.height = 0.0, 40.0 + 12
    svg.rect(0, 0, width, 40, TRACK)
    for (_, share), fill in zip(rows, fills, strict=True):
        if share.percent:
            long = width * share.percent / whole
            svg.rect(x, 0, long - 1.5, 40, fill)
            if text_width(share.printed, SIZE, True) + 8 < long:
                svg.text(x + long / 2, 25, share.printed, bold=True, fill=_on(fill, grey), anchor="middle")
            x += long
    left = 28 + max((text_width(share.printed, SIZE, True) for _, share in rows), default=0)
    notes = max((text_width(share.note, SMALL) for _, share in rows), default=0)
    for (label, share), fill in zip(rows, fills, strict=True):
        top = svg.height
        if share.percent is not None:
            svg.rect(0, top + 1, 14, 14, fill)
        svg.text(left, top + SIZE, share.printed, bold=True, anchor="end")
        svg.text(width, top + SIZE, share.note, SMALL, fill=SOFT, anchor="end")
        svg.height = svg.block(left + 10, top, label, width - left - notes - 24) + 6
    return svg


def _bar(svg: Svg, left: float, right: float, middle: float, share: Share, fill: str) -> None:
    """A bar on its track, its value within it, or after its end where it is too short; no track without a value, which
    would look like 0%."""
    room, base = text_width(share.printed, SIZE, True) + _GAP, middle + SIZE * 0.36
    if share.percent is None:
        return svg.text(left, base, share.printed, fill=SOFT)
    end = left + (right - left) * min(share.percent, 100) / 100
    svg.rect(left, middle - THICK / 2, right - left, THICK, TRACK)
    svg.rect(left, middle - THICK / 2, end - left, THICK, fill)
    if end - left < room + _GAP:
        return svg.text(end + _GAP, base, share.printed, bold=True)
    return svg.text(end - _GAP, base, share.printed, bold=True, fill=_ON.get(fill, "#fff"), anchor="end")


def _fills(count: int) -> list[str]:
    """From light to dark, as many as there are; the darkest again where there are more."""
    return [BLUE] if count == 1 else [STEPS[min(no, len(STEPS) - 1)] for no in range(count)]


def _on(fill: str, grey: Sequence[str | None]) -> str:
    return INK if fill in grey else _ON.get(fill, "#fff")
