"""Rows from the top down on one scale: a label at the left, or above where it is narrow, and a note at the right.

Belongs here: where rows, the scale and the texts beside a mark are. Does not belong here: the marks (the charts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from assets.editions.pictures.drawing import GRID, SIZE, SMALL, SOFT, Anchor, Axis, Svg, ticks
from assets.editions.pictures.lettering import text_height, text_width

THICK = 18.0  # of a bar
_LABELS, _GAP, _NEAR = 0.36, 14.0, 6.0  # part of the width; units


class Zone(NamedTuple):
    """From where to where the mark of a row is."""

    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Halfway."""
        return (self.top + self.bottom) / 2


class Beside(NamedTuple):
    """A text after a mark that ends at ``value`` (``start``) or before it (``end``), and so far ``away``."""

    value: float
    text: str
    anchor: Anchor
    away: float = 0.0


class Rows:
    """Rows on a scale of the values in ``span``, whose numbers are printed as ``unit`` says; without one it has none.

    It leaves room for all ``notes`` at the right, for all ``leads`` (numbers apart from their mark) and for every text
    ``beside`` a mark.
    """

    def __init__(
        self,
        svg: Svg,
        span: tuple[float, float],
        unit: Callable[[int], str] | None = None,
        *,
        notes: Iterable[str],
        leads: Iterable[str] = (),
        beside: Iterable[Beside] = (),
    ) -> None:
        self.svg, self._note, lead = svg, _widest(notes, SMALL, _GAP), _widest(leads, SIZE, _GAP, bold=True)
        self._labels = svg.width * _LABELS - _GAP if svg.is_wide else svg.width - self._note
        start, end = (svg.width * _LABELS, svg.width - self._note - lead) if svg.is_wide else (lead, svg.width)
        self._leads = end + lead if svg.is_wide else 0.0
        longest = max((text_width(unit(mark), SMALL) for mark in ticks(*span)), default=0) if unit else 0.0
        least = Axis(0, (end - start) * 0.6, *span)  # the scale is at least so long
        before, after = [longest / 2], [longest / 2]
        for one in beside:
            needed, at = text_width(one.text, SIZE, True) + _NEAR + one.away, least.at(one.value)
            before.append(needed - at if one.anchor == "end" else 0)
            after.append(needed - least.end + at if one.anchor == "start" else 0)
        self.axis = Axis(start + max(before), end - max(after), *span)
        fit = int((self.axis.end - self.axis.start) / (longest + _GAP)) if unit else 0
        self._scale = [(self.axis.at(mark), unit(mark)) for mark in ticks(*span, min(fit, 6))] if unit and fit else []

    def row(self, label: str, note: str, lead: str = "", *, bold: bool = False, high: float = THICK) -> Zone:
        """A new row, with room for a mark so ``high``; the lines of the scale are behind it."""
        svg, tall = self.svg, text_height(label, self._labels, SIZE, bold)
        if svg.is_wide:
            zone = Zone(svg.height, svg.height + max(tall, high) + 10)
            top = zone.middle - tall / 2 - 1
        else:
            top = svg.height
            zone = Zone(top + tall, top + tall + high + 8)
        for x, _ in self._scale:
            svg.line([(x, zone.top), (x, zone.bottom)], GRID)
        svg.block(0, top, label, self._labels, bold=bold)
        middle = zone.middle + SIZE * 0.36
        svg.text(svg.width, middle if svg.is_wide else top + SIZE, note, SMALL, fill=SOFT, anchor="end")
        if lead:
            svg.text(self._leads, middle, lead, bold=True, anchor="end" if svg.is_wide else "start")
        svg.height = zone.bottom if svg.is_wide else zone.bottom + 6
        return zone

    def beside(self, zone: Zone, one: Beside, *, bold: bool = False) -> None:
        """A text beside the mark of a row."""
        x = self.axis.at(one.value) + (one.away + _NEAR) * (1 if one.anchor == "start" else -1)
        self.svg.text(x, zone.middle + SIZE * 0.36, one.text, bold=bold, anchor=one.anchor, clear=True)

    def finish(self) -> Svg:
        """The drawing with the numbers of its scale at the bottom."""
        for x, printed in self._scale:
            self.svg.text(x, self.svg.height + SMALL, printed, SMALL, fill=SOFT, anchor="middle")
        self.svg.height += SMALL * 1.4 if self._scale else 0
        return self.svg


def _widest(texts: Iterable[str], size: float, gap: float, *, bold: bool = False) -> float:
    return max((text_width(text, size, bold) + gap for text in texts if text), default=0.0)
