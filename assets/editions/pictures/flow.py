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
from assets.editions.pictures.drawing import GREY, SIZE, SMALL, SOFT, Anchor, Svg
from assets.editions.pictures.lettering import text_height

OF = Text("van", "of")
_EDGE, _EMPTY = "#154273", "#f4f6f8"
_PADDING, _COUNT, _INDENT = 11.0, 15.0, 24.0
_DOMAINS = (("lea", "LEA"), ("vve", "vve"))


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
    def by_domain(self) -> str:
        """Of each domain: 'LEA 67/342 · vve 92/342'."""
        counts = ((name, self.counts[key]) for key, name in _DOMAINS)
        return " · ".join(f"{name} {count.municipalities}/{count.base}" for name, count in counts)


class _Node(NamedTuple):
    step: Step
    below: list[_Node]

    @property
    def columns(self) -> int:
        return sum(node.columns for node in self.below) or 1


class _Place(NamedTuple):
    """A step in the tree: its depth, its column (that of the middle of those below it), and how far it is indented in a
    list."""

    step: Step
    depth: int
    column: float
    indent: int


class _Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


def steps_of(rows: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The steps that the figure shows, from rows of ``rpt_supervision_flow``: what the analysis could not assess only
    where that happened."""
    steps: dict[str, Step] = {}
    for row in rows:
        step = steps.setdefault(row["step"], Step(row["step"], row["label"], row["after"], {}))
        step.counts[row["domain"]] = Count(row["municipalities"], row["base"], row["without_questionnaire"])
    return [step for step in steps.values() if step.key != "not_assessable" or not step.is_empty]


def flow(steps: Sequence[Step], language: Language, width: float) -> Svg:
    """Every step in a box, with an arrow from the one that it follows on; what follows on no other is at the top."""
    svg = Svg(width)
    places = list(_places(_trees(steps)))
    laid_out = _as_tree(places, language, width) if svg.is_wide else _as_list(places, language, width)
    boxes = {place.step.key: box for place, box in zip(places, laid_out, strict=True)}
    for place in places:
        above, box = boxes.get(place.step.after or ""), boxes[place.step.key]
        if above and not svg.is_wide and box.x > above.x:
            _elbow(svg, above, box)
        elif above:
            _arrow(svg, above, box)
    for place in places:
        _write(svg, place.step, boxes[place.step.key], language)
    svg.height = max((box.y + box.height for box in laid_out), default=0) + 1
    return svg


def _trees(steps: Sequence[Step]) -> list[_Node]:
    nodes = {step.key: _Node(step, []) for step in steps}
    roots: list[_Node] = []
    for step in steps:
        (nodes[step.after].below if step.after in nodes else roots).append(nodes[step.key])
    return roots


def _places(nodes: Sequence[_Node], depth: int = 0, column: float = 0, indent: int = 0) -> Iterator[_Place]:
    """Each followed by those below it. In a list these are indented, but for the only one below the last of its own:
    there the way goes on."""
    for node in nodes:
        yield _Place(node.step, depth, column + (node.columns - 1) / 2, indent)
        goes_on = len(node.below) == 1 and node is nodes[-1]
        yield from _places(node.below, depth + 1, column, indent if goes_on else indent + 1)
        column += node.columns


def _as_tree(places: Sequence[_Place], language: Language, width: float) -> list[_Box]:
    columns = int(max((place.column for place in places), default=0)) + 1
    long = (width + 18 - 2) / columns - 18
    heights: dict[int, float] = {}
    for place in places:
        heights[place.depth] = max(heights.get(place.depth, 0), _height(place.step, language, long))
    tops = {depth: 1 + sum(heights[above] + 30 for above in range(depth)) for depth in heights}
    return [_Box(1 + p.column * (long + 18), tops[p.depth], long, heights[p.depth]) for p in places]


def _as_list(places: Sequence[_Place], language: Language, width: float) -> list[_Box]:
    boxes: list[_Box] = []
    for place in places:
        x = 1 + place.indent * _INDENT
        y = boxes[-1].y + boxes[-1].height + 12 if boxes else 1.0
        boxes.append(_Box(x, y, width - 1 - x, _height(place.step, language, width - 1 - x)))
    return boxes


def _height(step: Step, language: Language, long: float) -> float:
    label = text_height(getattr(step.label, language), long - 2 * _PADDING, SIZE)
    return 2 * _PADDING + label + text_height("", 1, _COUNT) + text_height("", 1, SMALL)


def _write(svg: Svg, step: Step, box: _Box, language: Language) -> None:
    edge, ground = (GREY, _EMPTY) if step.is_empty else (_EDGE, "#fff")
    svg.rect(box.x, box.y, box.width, box.height, edge)
    svg.rect(box.x + 1.4, box.y + 1.4, box.width - 2.8, box.height - 2.8, ground)
    anchor: Anchor = "middle" if svg.is_wide else "start"
    x, room = box.x + (box.width / 2 if svg.is_wide else _PADDING), box.width - 2 * _PADDING
    y = box.y + (box.height - _height(step, language, box.width)) / 2 + _PADDING - 2
    y = svg.block(x, y, getattr(step.label, language), room, anchor=anchor)
    y = svg.block(x, y, step.total(language), room, _COUNT, bold=True, fill=_EDGE, anchor=anchor)
    svg.block(x, y, step.by_domain, room, SMALL, fill=SOFT, anchor=anchor)


def _arrow(svg: Svg, above: _Box, box: _Box) -> None:
    """From the box above down, in right angles."""
    start, end = ((one.x + one.width / 2 if svg.is_wide else one.x + _INDENT / 2) for one in (above, box))
    half = (above.y + above.height + box.y) / 2
    svg.line([(start, above.y + above.height), (start, half), (end, half), (end, box.y - 5)], _EDGE, 1.4)
    svg.fill(f"M{end:.1f} {box.y:.1f}l-4.5-7h9z", _EDGE)


def _elbow(svg: Svg, above: _Box, box: _Box) -> None:
    """From the box above down and to the right."""
    x, y = above.x + _INDENT / 2, box.y + box.height / 2
    svg.line([(x, above.y + above.height), (x, y), (box.x - 5, y)], _EDGE, 1.4)
    svg.fill(f"M{box.x:.1f} {y:.1f}l-7-4.5v9z", _EDGE)
