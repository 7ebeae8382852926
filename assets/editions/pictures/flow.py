"""Figuur 1.5 with the counts on it, as SVG: the steps of supervision, and how many municipalities came to each.

Belongs here: where the boxes are and what is written in them. Does not belong here: counting (dbt does that), the
steps and their words (``data/supervision/moves.yaml``), what surrounds the figure on its page
(``pages/supervision``).

The boxes follow the steps: each is placed under the first one that it can follow on, and has its count for base.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from assets.base.texts import Language, Text

WIDTH, _GAP_ACROSS, _GAP_DOWN, _MARGIN = 860.0, 18.0, 34.0, 4.0
_LABEL_LINE, _PADDING = 17.0, 12.0
_CHARACTER = 7.6  # how wide one is, at most, in a label


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


@dataclass(frozen=True, slots=True)
class Box:
    """A step in its place, in pixels. ``above``: the box that it follows on."""

    step: Step
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    above: Box | None

    @property
    def middle(self) -> float:
        """The horizontal middle of the box."""
        return self.x + self.width / 2

    @property
    def text_lines(self) -> list[tuple[float, str]]:
        """Every line of the label with its height."""
        return [(self.y + _PADDING + _LABEL_LINE * (i + 0.7), line) for i, line in enumerate(self.lines)]

    @property
    def total_y(self) -> float:
        """The base line of the total."""
        return self.y + self.height - _PADDING - 19

    @property
    def domains_y(self) -> float:
        """The base line of the counts by domain."""
        return self.y + self.height - _PADDING

    @property
    def arrow(self) -> str | None:
        """The path of the arrow from the box above, its angles right."""
        if self.above is None:
            return None
        start = self.above.y + self.above.height
        half = self.y - _GAP_DOWN / 2
        return f"M{self.above.middle:g} {start:g}V{half:g}H{self.middle:g}V{self.y - 2:g}"


@dataclass(frozen=True, slots=True)
class Flow:
    """All boxes, and how high they are together."""

    boxes: tuple[Box, ...]
    height: float


@dataclass(slots=True)
class _Node:
    step: Step
    depth: int
    children: list[_Node] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return sum(child.columns for child in self.children) or 1


def steps_of(rows: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The steps that the figure shows, from rows of ``rpt_supervision_flow``: what the analysis could not assess only
    where that happened."""
    steps: dict[str, Step] = {}
    for row in rows:
        step = steps.setdefault(row["step"], Step(row["step"], row["label"], row["after"], {}))
        step.counts[row["domain"]] = Count(row["municipalities"], row["base"], row["without_questionnaire"])
    return [step for step in steps.values() if step.key != "not_assessable" or not step.is_empty]


def lay_out(steps: Sequence[Step], language: Language) -> Flow:
    """Place the steps; one that follows on no other is placed at the top."""
    roots = _trees(steps)
    if not roots:
        return Flow((), 0.0)
    columns = sum(root.columns for root in roots)
    width = (WIDTH - 2 * _MARGIN - _GAP_ACROSS * (columns - 1)) / columns
    labels = {step.key: _lines(step, language, width) for step in steps}
    heights = {
        depth: 2 * _PADDING + 40 + _LABEL_LINE * max(len(labels[node.step.key]) for node in nodes)
        for depth, nodes in _by_depth(roots).items()
    }
    tops = {depth: _MARGIN + sum(heights[d] + _GAP_DOWN for d in range(depth)) for depth in heights}
    boxes: list[Box] = []

    def place(node: _Node, column: int, above: Box | None) -> None:
        x = _MARGIN + (column + (node.columns - 1) / 2) * (width + _GAP_ACROSS)
        box = Box(node.step, x, tops[node.depth], width, heights[node.depth], labels[node.step.key], above)
        boxes.append(box)
        for child in node.children:
            place(child, column, box)
            column += child.columns

    first = 0
    for root in roots:
        place(root, first, None)
        first += root.columns
    return Flow(tuple(boxes), max(box.y + box.height for box in boxes) + _MARGIN)


def _trees(steps: Sequence[Step]) -> list[_Node]:
    nodes = {step.key: _Node(step, 0) for step in steps}
    roots: list[_Node] = []
    for step in steps:
        (nodes[step.after].children if step.after in nodes else roots).append(nodes[step.key])
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        for child in node.children:
            child.depth = node.depth + 1
            waiting.append(child)
    return roots


def _by_depth(roots: Sequence[_Node]) -> dict[int, list[_Node]]:
    found: dict[int, list[_Node]] = {}
    level = list(roots)
    while level:
        found[level[0].depth] = level
        level = [child for node in level for child in node.children]
    return found


def _lines(step: Step, language: Language, width: float) -> tuple[str, ...]:
    label = step.label.nl if language == "nl" else step.label.en
    return tuple(textwrap.wrap(label, max(8, int((width - 2 * _PADDING) / _CHARACTER)))) or ("",)
