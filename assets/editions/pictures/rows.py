"""Rows from the top down on one scale: a label at the left, or above where it is narrow, and a note at the right.

Belongs here: where rows, the scale and the texts beside a mark are. Does not belong here: the marks (the charts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from assets.editions.pictures.drawing import GRID, Axis, Svg, ticks
from assets.editions.pictures.lettering import BOLD, NOTE, PLAIN, text_height, widest

THICK = 18.0  # of a bar
_LABELS, _GAP = 0.36, 14.0  # part of the width; units


class Zone(NamedTuple):
    """From where to where the mark of a row is."""

    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Halfway."""
        return (self.top + self.bottom) / 2

    @property
    def base(self) -> float:
        """The base line of a text in the middle."""
        return self.middle + PLAIN.size * 0.36


class Rows:
    """Rows on a scale of the values in ``span``, whose numbers are printed as ``unit`` says; without one it has none.

    It leaves room for all ``notes`` at the right, for all ``leads`` (numbers apart from their mark), and for so much as
    may be written ``before`` and ``after`` a mark at either end.
    """

    def __init__(
        self,
        svg: Svg,
        span: tuple[float, float],
        unit: Callable[[int], str] | None = None,
        *,
        notes: Sequence[str],
        leads: Iterable[str] = (),
        before: float = 0.0,
        after: float = 0.0,
    ) -> None:
        note, lead = widest(notes, NOTE) + _GAP, widest(leads, BOLD)
        self.svg = svg
        self._labels = svg.width * _LABELS - _GAP if svg.is_wide else svg.width - note
        self._leads = svg.width - note if svg.is_wide else lead
        start, end = (svg.width * _LABELS, self._leads - lead) if svg.is_wide else (lead, svg.width)
        long = widest(map(unit, ticks(*span)), NOTE) if unit else 0.0
        self.axis = Axis(start + max(before, long / 2), end - max(after, long / 2), *span)
        most = int((self.axis.end - self.axis.start) / (long + _GAP))
        self._scale = [(self.axis.at(mark), unit(mark)) for mark in ticks(*span, max(1, min(most, 6)))] if unit else []

    def row(self, label: str, note: str, lead: str = "", *, bold: bool = False, high: float = THICK) -> Zone:
        """A new row, with room for a mark so ``high``; the lines of the scale are behind it."""
        svg, look, top = self.svg, BOLD if bold else PLAIN, self.svg.height
        tall = text_height(label, self._labels, look)
        zone = Zone(top, top + max(tall, high) + 10) if svg.is_wide else Zone(top + tall, top + tall + high + 8)
        for x, _ in self._scale:
            svg.line([(x, zone.top), (x, zone.bottom)], GRID)
        svg.block(0, zone.middle - tall / 2 - 1 if svg.is_wide else top, label, self._labels, look)
        svg.text(svg.width, zone.base if svg.is_wide else top + PLAIN.size, note, NOTE, "end")
        svg.text(self._leads, zone.base, lead, BOLD, "end")
        svg.height = zone.bottom if svg.is_wide else zone.bottom + 6
        return zone

    def finish(self) -> Svg:
        """The drawing with the numbers of its scale at the bottom."""
        for x, printed in self._scale:
            self.svg.text(x, self.svg.height + NOTE.size, printed, NOTE, "middle")
        self.svg.height += NOTE.size * 1.4 if self._scale else 0
        return self.svg
