"""Figuur 1.5 with the counts on it: the steps of supervision, and how many municipalities came to each.

Belongs here: where the boxes are and what is written in them: a tree where it is wide, where it is narrow a list in
which each is under the one that it follows on. Does not belong here: counting (dbt does that), the steps and their
words (``data/supervision/moves.yaml``), what surrounds the figure on its page (``pages/supervision``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from assets.base.texts import Language, Text
from assets.editions.pictures.drawing import GREY, Anchor, Svg
from assets.editions.pictures.lettering import LINE, NOTE, Look, text_height
from assets.editions.pictures.picture import OF

_EDGE, _EMPTY = "#154273", "#f4f6f8"
_COUNT = Look(15.0, True, _EDGE)
_PADDING, _INDENT, _ACROSS = 11.0, 24.0, 18.0


class Count(NamedTuple):
    """How many ``municipalities`` of those that could (``base``) came to a step, and how many sent no questionnaire."""

    municipalities: int
    base: int
    without_questionnaire: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of supervision. ``after``: the key of the step that it follows on. ``counts`` by domain: all, lea, vve."""

    key: str
    label: Text
    after: str | None
    counts: dict[str, Count]

    @property
    def is_empty(self) -> bool:
        """Whether no municipality came to this step."""
        return not any(count.municipalities for count in self.counts.values())

    def total(self, language: Language) -> str:
        """Of all domains together: '93 van 342'."""
        return f"{self.counts['all'].municipalities} {getattr(OF, language)} {self.counts['all'].base}"

    @property
    def box(self) -> Box:
        """How it is drawn."""
        total = Text(self.total("nl"), self.total("en"))
        return Box(self.key, self.label, self.after, total, self.by_domain, self.is_empty)

    @property
    def by_domain(self) -> str:
        """Of each domain: 'LEA 67/342 · vve 92/342'."""
        counts = ((name, self.counts[name.lower()]) for name in ("LEA", "vve"))
        return " · ".join(f"{name} {count.municipalities}/{count.base}" for name, count in counts)


class Box(NamedTuple):
    """A box: what it is called, the key of the one that it follows on, and what is written under its name, large and
    small; ``is_empty``: nobody came to it."""

    key: str
    label: Text
    after: str | None
    total: Text = Text("", "")
    note: str = ""
    is_empty: bool = False


class _Place(NamedTuple):
    """A box: how deep it is, in which column (in the middle of those below it), and how far indented in a list."""

    box: Box
    above: str | None
    depth: int
    column: float
    indent: int


def steps_of(rows: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The steps that the figure shows, from rows of ``rpt_supervision_flow``: what the analysis could not assess only
    where that happened."""
    steps: dict[str, Step] = {}
    for row in rows:
        step = steps.setdefault(row["step"], Step(row["step"], row["label"], row["after"], {}))
        step.counts[row["domain"]] = Count(row["municipalities"], row["base"], row["without_questionnaire"])
    return [step for step in steps.values() if step.key != "not_assessable" or not step.is_empty]


def steps_in_words(steps: Sequence[Step], language: Language) -> Iterator[str]:
    """Each step with its counts, and the one that it follows on."""
    named = {step.key: getattr(step.label, language) for step in steps}
    counted, follows = ("gemeenten", "volgt op") if language == "nl" else ("municipalities", "follows on")
    for step in steps:
        after = f" ({follows}: {named[step.after]})" if step.after in named else ""
        yield f"{named[step.key]}: {step.total(language)} {counted}, {step.by_domain.replace(' · ', ', ')}{after}"


def flow(boxes: Sequence[Box], language: Language, width: float) -> Svg:
    """The boxes, each with an arrow from the one that it follows on; what follows on no other is at the top."""
    svg, places = Svg(width), list(_places(boxes, {box.key for box in boxes}))
    columns = int(max((place.column for place in places), default=0)) + 1
    deepest = max((place.indent for place in places), default=0)
    long = (width - 2 + _ACROSS) / columns - _ACROSS if svg.is_wide else width - 2 - deepest * _INDENT
    high = 2 * _PADDING + max((_height(box, long - 2 * _PADDING, language) for box in boxes), default=0)
    at: dict[str, tuple[float, float]] = {}
    for no, (box, above, depth, column, indent) in enumerate(places):
        tree, in_list = (1 + column * (long + _ACROSS), depth * (high + 30)), (1 + indent * _INDENT, no * (high + 12))
        x, y = at[box.key] = tree if svg.is_wide else in_list
        if above:
            _arrow(svg, at[above], (x, y), long, high)
        _box(svg, box, (x, y + 1), long if svg.is_wide else width - 1 - x, high, language)
        svg.height = max(svg.height, y + high + 2)
    return svg


def _places(
    boxes: Sequence[Box], keys: set[str], after: str | None = None, depth: int = 0, column: float = 0, indent: int = 0
) -> Iterator[_Place]:
    """Each followed by those below it. In a list these are indented, but for the only one below the last of its own:
    there the way goes on."""
    own = [box for box in boxes if (box.after if box.after in keys else None) == after]
    for box in own:
        goes_on = box is own[-1] and sum(other.after == box.key for other in boxes) == 1
        below = list(_places(boxes, keys, box.key, depth + 1, column, indent if goes_on else indent + 1))
        ends = sum(all(other.after != place.box.key for other in boxes) for place in below) or 1
        yield _Place(box, after, depth, column + (ends - 1) / 2, indent)
        yield from below
        column += ends


def _height(box: Box, room: float, language: Language) -> float:
    """Of all that is written in it."""
    counts = LINE * (_COUNT.size * bool(box.total.nl) + NOTE.size * bool(box.note))
    return text_height(getattr(box.label, language), room) + counts


def _box(svg: Svg, box: Box, at: tuple[float, float], long: float, high: float, language: Language) -> None:
    edge, ground = (GREY, _EMPTY) if box.is_empty else (_EDGE, "#fff")
    svg.rect(*at, long, high, edge)
    svg.rect(at[0] + 1.4, at[1] + 1.4, long - 2.8, high - 2.8, ground)
    anchor: Anchor = "middle" if svg.is_wide else "start"
    x, room, label = at[0] + (long / 2 if svg.is_wide else _PADDING), long - 2 * _PADDING, getattr(box.label, language)
    y = svg.block(x, at[1] + (high - _height(box, room, language)) / 2 - 2, label, room, anchor=anchor)
    if box.total.nl:
        y = svg.block(x, y, getattr(box.total, language), room, _COUNT, anchor)
    svg.block(x, y, box.note, room, NOTE, anchor)


def _arrow(svg: Svg, above: tuple[float, float], box: tuple[float, float], long: float, high: float) -> None:
    """From the box above down and to the middle of the box; in a list to the left of it, where that is indented."""
    middle = long / 2 if svg.is_wide else _INDENT / 2
    (x, y), (end, top), bottom = (above[0] + middle, above[1]), (box[0] + middle, box[1] + 1), above[1] + high + 1
    if svg.is_wide or box[0] == above[0]:
        half = (bottom + top) / 2
        svg.line([(x, bottom), (x, half), (end, half), (end, top - 5)], _EDGE, 1.4)
        svg.shape([(end, top), (end - 4.5, top - 7), (end + 4.5, top - 7)], _EDGE)
    else:
        y = top + high / 2
        svg.line([(x, bottom), (x, y), (box[0] - 5, y)], _EDGE, 1.4)
        svg.shape([(box[0], y), (box[0] - 7, y - 4.5), (box[0] - 7, y + 4.5)], _EDGE)
