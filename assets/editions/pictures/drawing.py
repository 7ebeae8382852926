"""A drawing as SVG that grows downwards: shapes and texts at their places, and nothing that depends on a machine.

All shapes of one look are one path, and after them all texts of one look a group, in the order in which each look came
first. A drawing knows where its texts are, so that a test can tell whether two of them overlap.

Belongs here: shapes, texts, colours, scales. Does not belong here: any kind of chart, title, source and mark
(``picture.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Literal, NamedTuple

from assets.editions.pictures.lettering import ASCENT, DESCENT, INK, LINE, PLAIN, Look, text_height, text_width, wrap

WIDE, NARROW = 800.0, 340.0  # units: what is drawn for print and desks, and for phones
GRID, TRACK = "#d5dbe1", "#e9edf1"
# Of Okabe and Ito, darker where letters have them: distinct for every common form of colour blindness, and in grey.
BLUE, ORANGE, GREEN = "#0072b2", "#b84a00", "#00734f"
DARK_BLUE, LIGHT_BLUE, PALE_BLUE = "#003f66", "#4599c9", "#a9d3ec"
GREY, LIGHT_GREY = "#8a95a1", "#b8c2cc"
Anchor = Literal["start", "middle", "end"]


class Letters(NamedTuple):
    """One line of text at its place; ``y`` is its base line."""

    x: float
    y: float
    text: str
    look: Look
    anchor: Anchor

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Its left, upper, right and lower end."""
        width, size = text_width(self.text, self.look), self.look.size
        left = self.x - width * {"start": 0, "middle": 0.5, "end": 1}[self.anchor]
        return left, self.y - ASCENT * size, left + width, self.y + DESCENT * size

    @property
    def style(self) -> str:
        """Its attributes but for its place: what the drawing as a whole says (size, ink) is not repeated."""
        size = "" if self.look.size == PLAIN.size else f' font-size="{number(self.look.size)}"'
        bold = ' font-weight="700"' if self.look.bold else ""
        fill = "" if self.look.fill == INK else f' fill="{self.look.fill}"'
        anchor = "" if self.anchor == "start" else f' text-anchor="{self.anchor}"'
        return size + bold + fill + anchor


@dataclass
class Svg:
    """A drawing, ``width`` units wide and so far ``height`` high."""

    width: float
    height: float = 0.0
    texts: list[Letters] = field(default_factory=list)
    _shapes: dict[str, list[str]] = field(default_factory=dict)
    _placed: list[str] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        """Whether there is room for a column of labels."""
        return self.width > (WIDE + NARROW) / 2

    @property
    def body(self) -> str:
        """All that is drawn."""
        paths = (f'<path {look} d="{"".join(shapes)}"/>' for look, shapes in self._shapes.items())
        groups: dict[str, list[str]] = {}
        for one in self.texts:
            text = f'<text x="{number(one.x)}" y="{number(one.y)}">{escape(one.text)}</text>'
            groups.setdefault(one.style, []).append(text)
        return "\n".join((*paths, *self._placed, *(f"<g{style}>{''.join(of)}</g>" for style, of in groups.items())))

    def rect(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A filled rectangle."""
        size = f"h{number(width)}v{number(height)}h{number(-width)}"
        self._add(f'fill="{fill}"', f"M{number(x)} {number(y)}{size}z")

    def shape(self, points: Iterable[tuple[float, float]], fill: str) -> None:
        """A filled shape with corners."""
        self._add(f'fill="{fill}"', _path(points) + "z")

    def line(self, points: Iterable[tuple[float, float]], stroke: str, width: float = 1.0, dash: str = "") -> None:
        """A line from point to point."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._add(f'fill="none" stroke="{stroke}" stroke-width="{number(width)}"{dashed}', _path(points))

    def pile(self, x: float, y: float, fill: str, size: float, count: int = 1, apart: float = 0.0) -> None:
        """So many dots on each other from ``y`` up: a line of dashes of no length, so that any number is short."""
        dashes = f' stroke-dasharray="0 {apart:.3f}"' if count > 1 else ""
        look = f'stroke="{fill}" stroke-width="{number(size)}" stroke-linecap="round"{dashes}'
        self._add(look, f"M{number(x)} {number(y)}v{-apart * (count - 1) - 0.1:.1f}")

    def text(
        self, x: float, y: float, text: str, look: Look = PLAIN, anchor: Anchor = "start", *, clear: bool = False
    ) -> None:
        """A line of text, if there is any; ``y`` is its base line. ``clear``: lines that were drawn so far end where it
        begins."""
        if text:
            self.texts.append(Letters(x, y, text, look, anchor))
        if text and clear:
            left, upper, right, lower = self.texts[-1].box
            self.rect(left - 2, upper + 1, right - left + 4, lower - upper - 2, "#fff")

    def block(self, x: float, y: float, text: str, room: float, look: Look = PLAIN, anchor: Anchor = "start") -> float:
        """Lines of text below ``y``, as many as fit ``room`` takes; where they end."""
        for no, line in enumerate(wrap(text, room, look)):
            self.text(x, y + look.size * (1 + LINE * no), line, look, anchor)
        return y + text_height(text, room, look)

    def place(self, drawing: Svg, x: float, y: float) -> None:
        """Another drawing within this one, with texts of its own."""
        self._placed.append(f'<g transform="translate({number(x)} {number(y)})">\n{drawing.body}\n</g>')

    def _add(self, look: str, path: str) -> None:
        self._shapes.setdefault(look, []).append(path)


def number(value: float) -> str:
    """A coordinate: to a tenth, without what it does not need."""
    return f"{value:.1f}".removesuffix(".0")


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


class Axis(NamedTuple):
    """A scale: values from ``low`` to ``high`` on places from ``start`` to ``end``."""

    start: float
    end: float
    low: float
    high: float

    def at(self, value: float) -> float:
        """The place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> list[int]:
    """Round whole numbers from ``low`` to ``high``, in at most so many steps however far apart these are."""
    steps = (factor * 10**power for power in range(20) for factor in (1, 2, 5))
    step = next(step for step in steps if high - low <= most * step)
    return [no * step for no in range(int(-(-low // step)), int(high // step) + 1)]


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Positions moved apart, in their order, until neighbours are ``gap`` apart; none moves back."""
    moved = list(positions)
    for before, after in pairwise(sorted(range(len(moved)), key=lambda index: positions[index])):
        moved[after] = max(moved[after], moved[before] + gap)
    return moved
