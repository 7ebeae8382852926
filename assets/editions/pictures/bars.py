"""Shares as bars on one fixed axis from 0 to 100%, and the parts of a whole as one bar.

Belongs here: the form of these charts. Does not belong here: whose shares they are, and their words (``figures.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assets.editions.pictures.drawing import BLUE, DARK_BLUE, GRID, LIGHT_BLUE, TRACK, Svg
from assets.editions.pictures.lettering import BOLD, LINE, NOTE, PLAIN, text_width, widest
from assets.editions.pictures.rows import THICK, Rows

STEPS = (LIGHT_BLUE, BLUE, DARK_BLUE)
_ON_DARK = BOLD._replace(fill="#fff")
_GAP, _HIGH = 5.0, 40.0  # between a bar and its value; of the bar of a whole


class Share(NamedTuple):
    """A percentage; None where there is none, or none to be shown: then only ``printed`` is. ``note``: of how many."""

    percent: float | None
    printed: str
    note: str


Row = tuple[str, Sequence[Share]]


def shares(rows: Sequence[Row], width: float) -> Svg:
    """A bar for each row, its value at the bar, count and base at the right."""
    svg = Svg(width)
    laid_out = Rows(svg, (0, 100), notes=[share.note for _, (share, *_) in rows])
    for label, (share, *_) in rows:
        _bar(svg, laid_out.axis.start, laid_out.axis.end, laid_out.row(label, share.note).middle, share, BLUE)
    return svg


def columns(heads: Sequence[tuple[str, str]], rows: Sequence[Row], width: float) -> Svg:
    """Bars in columns, darker from each to the next, with count and base under each; the row's label at the left or
    above. ``heads``: the label of each column, and of whom its shares are."""
    svg = Svg(width)
    first, gap = (width * 0.32, 24.0) if svg.is_wide else (0.0, 12.0)
    room = (width - first + gap) / len(heads) - gap
    lefts = [first + no * (room + gap) for no in range(len(heads))]
    for x, (label, of) in zip(lefts, heads, strict=True):
        svg.height = max(svg.height, svg.block(x, svg.block(x, 0, label, room, BOLD), of, room, NOTE) + 4)
    for label, row in rows:
        svg.line([(0, svg.height), (width, svg.height)], GRID)
        top = svg.height + 7
        under = svg.block(0, top, label, first - 14 if first else width)
        top = top if first else under + 3
        for x, share, fill in zip(lefts, row, _fills(len(heads)), strict=True):
            _bar(svg, x, x + room, top + THICK / 2, share, fill)
            svg.text(x, top + THICK + NOTE.size, share.note, NOTE)
        svg.height = max(under, top + THICK + NOTE.size * LINE) + 5
    return svg


def parts(rows: Sequence[Row], grey: Sequence[str | None], width: float) -> Svg:
    """The parts of a whole: one bar, and a line for each of them. ``grey``: the fill of a part that is none of the
    answers themselves; None for the others."""
    svg = Svg(width, height=_HIGH + 12)
    own = iter(_fills(grey.count(None))[::-1])
    drawn = [(label, share, fill or next(own)) for (label, (share, *_)), fill in zip(rows, grey, strict=True)]
    whole = max(100, sum(share.percent or 0 for _, share, _ in drawn))  # what is unknown is left blank
    svg.rect(0, 0, width, _HIGH, TRACK)
    left = 28 + widest((share.printed for _, share, _ in drawn), BOLD)
    notes, x = widest((share.note for _, share, _ in drawn), NOTE), 0.0
    for label, share, fill in drawn:
        if share.percent is not None:
            long, top = width * share.percent / whole, svg.height
            svg.rect(x, 0, long - 1.5, _HIGH, fill)
            if text_width(share.printed, BOLD) + 8 < long:
                look = BOLD if fill in (*grey, LIGHT_BLUE) else _ON_DARK
                svg.text(x + long / 2, _HIGH / 2 + 5, share.printed, look, "middle")
            svg.rect(0, top + 1, 14, 14, fill)
            x += long
        svg.text(left, svg.height + PLAIN.size, share.printed, BOLD, "end")
        svg.text(width, svg.height + PLAIN.size, share.note, NOTE, "end")
        svg.height = svg.block(left + 10, svg.height, label, width - left - notes - 24) + 6
    return svg


def _bar(svg: Svg, left: float, right: float, middle: float, share: Share, fill: str) -> None:
    """A bar on its track, its value within it, or after its end where it is too short; no track without a value, which
    would look like 0%."""
    base = middle + PLAIN.size * 0.36
    if share.percent is None:
        return svg.text(left, base, share.printed)
    end = left + (right - left) * min(share.percent, 100) / 100
    svg.rect(left, middle - THICK / 2, right - left, THICK, TRACK)
    svg.rect(left, middle - THICK / 2, end - left, THICK, fill)
    if end - left < text_width(share.printed, BOLD) + 2 * _GAP:
        return svg.text(end + _GAP, base, share.printed, BOLD)
    return svg.text(end - _GAP, base, share.printed, BOLD if fill == LIGHT_BLUE else _ON_DARK, "end")


def _fills(count: int) -> list[str]:
    """From light to dark, as many as there are; the darkest again where there are more."""
    return [BLUE] if count == 1 else [STEPS[min(no, len(STEPS) - 1)] for no in range(count)]
