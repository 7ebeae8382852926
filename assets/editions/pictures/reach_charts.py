"""The pictures of an edition's page on quality, as SVG and PNG: the waterfall of a change in reach, and reach within its bounds.

Belongs here: form, colours and labels. Does not belong here: what they show (``quality_reading.py``), how a picture is saved and
marked (``drawing.py``).
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.texts import Language, Text, counted
from assets.editions.content.mark import Origin
from assets.editions.pages.quality.reading import Bounds, Pair, Quality, Step
from assets.editions.pictures.charts import COLOURS, GREY, INK, LINE, Picture, empty_axes, room_for, save_picture, ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LANGUAGES: tuple[Language, ...] = ("nl", "en")
BOUNDS = "reach_bounds"
_LEVEL, _UP, _DOWN, _SAME = "#8a95a1", COLOURS[0], COLOURS[1], GREY
_HEIGHT, _BELOW, _HALF = 3.6, 0.78, 0.33  # of a waterfall and the labels under it, in inches; half a bar, in steps
_ROW, _UNDER_ROWS = 0.33, 0.42  # inches
_CUT = Text("afgebroken as: begint bij {}%", "axis is cut: begins at {}%")


def waterfall_name(pair: Pair) -> str:
    return f"reach_decomposition_{pair.key}"


def waterfall_title(pair: Pair) -> Text:
    return Text(
        f"Waardoor het landelijk bereik tussen {pair.from_year} en {pair.to_year} veranderde, in procentpunten",
        f"What changed the national reach between {pair.from_year} and {pair.to_year}, in percentage points",
    )


BOUNDS_TITLE = Text(
    "Gepubliceerd bereik, en de grenzen waartussen het bereik van alle gemeenten ligt",
    "Published reach, and the bounds between which the reach of all municipalities lies",
)


def picture_path(name: str, language: Language, suffix: str) -> str:
    """``quality/<name>.svg`` in Dutch, ``quality/<name>.en.svg`` in English."""
    return f"quality/{name}{'' if language == 'nl' else '.en'}.{suffix}"


def draw_quality(quality: Quality, origin: Origin, folder: Path) -> None:
    """Draw a waterfall for each pair of years, all on one scale, and the bounds; in both languages, as SVG and PNG."""
    for language in LANGUAGES:
        for pair in quality.pairs:
            _save(_waterfall(pair, span_of(quality.pairs), language), origin, waterfall_name(pair), language, folder)
        if quality.bounds:
            _save(_ranges(quality.shown_bounds, language), origin, BOUNDS, language, folder)


def _save(picture: Picture, origin: Origin, name: str, language: Language, folder: Path) -> None:
    png, svg = (folder / picture_path(name, language, suffix) for suffix in ("png", "svg"))
    save_picture(picture, origin, language, png, svg)


def span_of(pairs: Sequence[Pair]) -> tuple[int, int]:
    """From where to where the axis goes, in percent: every bar ends in it, with room for the numbers. It is cut where it begins
    above zero, and begins below zero where parts that cancel each other out do."""
    ends = [float(end) for pair in pairs for step in pair.steps for end in (step.ends_at,) if end is not None]
    low, high = math.floor(min(ends)), math.ceil(max(ends))
    room = max(1, (high - low) // 5)
    return (low - room if low < 0 else max(0, low - room)), high + room


def axis_is_cut(pairs: Sequence[Pair]) -> bool:
    """Whether the axis that the waterfalls share begins above zero."""
    return span_of(pairs)[0] > 0


def _waterfall(pair: Pair, span: tuple[int, int], language: Language) -> Picture:
    steps = [step for step in pair.steps if step.ends_at is not None]
    said = ", ".join(f"{getattr(s.label, language)}: {getattr(s.printed, language)} (n = {s.n})" for s in steps)
    return Picture(
        name=f"{waterfall_name(pair)}-{language}",
        title=getattr(waterfall_title(pair), language),
        in_words=f"{'Watervalgrafiek' if language == 'nl' else 'Waterfall chart'}. {said}.",
        height=_HEIGHT,
        compose=lambda figure, foot: _compose_waterfall(figure, foot, steps, span, language),
    )


def _compose_waterfall(
    figure: Figure, foot: float, steps: Sequence[Step], span: tuple[int, int], language: Language
) -> None:
    """A neutral bar for either level, from the cut axis up; a floating one for each part, from where the one before ended."""
    low, high = span
    left = room_for((_in_percent(value, language) for value in ticks(low, high)), least=0.075)
    axes = empty_axes(figure, (left, 0.99 - left), foot, _HEIGHT, _BELOW)
    axes.set(xlim=(-0.5, len(steps) - 0.5), ylim=(low, high))
    _scale_up(axes, low, high, language)
    for x, step in enumerate(steps):
        bottom, top, colour = _bar(step, low)
        axes.bar([x], [top - bottom], 2 * _HALF, bottom=bottom, color=colour)
        if step.kind == "level":
            _cut(axes, x, low, high)
        if x + 1 < len(steps):
            axes.plot((x + _HALF, x + 1 - _HALF), (float(step.ends_at or 0),) * 2, color=GREY, linewidth=0.8)
        gap = (high - low) * 0.015
        axes.text(
            x, top + gap, getattr(step.printed, language), ha="center", va="bottom", fontsize=9, fontweight="bold"
        )
        _label(axes, x, [*_lines(step, language)])


def _bar(step: Step, low: float) -> tuple[float, float, str]:
    """Its lower and upper end, and its colour: by the sign of a part, which the number above it says too."""
    start, end = float(step.starts_at or 0), float(step.ends_at or 0)
    if step.kind == "level":
        return max(low, 0), end, _LEVEL
    return min(start, end), max(start, end), _UP if step.value > 0 else _DOWN if step.value < 0 else _SAME


def _scale_up(axes: Axes, low: int, high: int, language: Language) -> None:
    to_the_left = axes.get_yaxis_transform()
    for value in ticks(low, high):
        if value > low:
            axes.axhline(value, color=LINE, linewidth=0.8, zorder=0)
            axes.text(
                -0.01,
                value,
                getattr(counted(int(value), "%"), language),
                transform=to_the_left,
                color=GREY,
                ha="right",
                va="center",
            )
    bottom = max(low, 0)
    axes.plot((0, 1), (bottom, bottom), color=GREY, linewidth=0.8, transform=to_the_left, clip_on=False)
    if low > 0:
        said = getattr(_CUT, language).format(low)
        axes.text(0.5, 0.03, said, transform=axes.transAxes, color=GREY, fontsize=8, ha="center", va="bottom")


def _in_percent(value: float, language: Language) -> str:
    return str(getattr(counted(int(value), "%"), language))


def _cut(axes: Axes, x: float, low: int, high: int) -> None:
    """A white zigzag through a level's bar, where it does not begin at zero."""
    if low <= 0:
        return
    size, middle = (high - low) * 0.012, low + (high - low) * 0.07
    xs = [x - _HALF - 0.02 + (2 * _HALF + 0.04) * i / 8 for i in range(9)]
    axes.plot(xs, [middle + size * (-1) ** i for i in range(9)], color="white", linewidth=3)


def _lines(step: Step, language: Language) -> list[tuple[str, str]]:
    label = textwrap.wrap(getattr(step.label, language), 17, break_long_words=False)
    return [*((line, INK) for line in label), (f"n = {step.n}", GREY)]


def _label(axes: Axes, x: float, lines: Sequence[tuple[str, str]]) -> None:
    """Lines under the axes at ``x``, each on its own, so that they are centred in any font."""
    line = 0.15 / (_HEIGHT - _BELOW - 0.2)
    for no, (text, colour) in enumerate(lines):
        axes.text(
            x,
            -0.02 - no * line,
            text,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="top",
            fontsize=8,
            color=colour,
        )


def _ranges(bounds: Sequence[Bounds], language: Language) -> Picture:
    said = "; ".join(
        f"{getattr(b.name, language)}: {getattr(b.reach_printed, language)} (n = {b.n}),"
        f" {getattr(b.lower_printed, language)} – {getattr(b.upper_printed, language)}"
        for b in bounds
    )
    height = _UNDER_ROWS + 0.2 + _ROW * len(bounds)
    return Picture(
        name=f"{BOUNDS}-{language}",
        title=getattr(BOUNDS_TITLE, language),
        in_words=f"{'Spreidingsgrafiek' if language == 'nl' else 'Range chart'}. {said}.",
        height=height,
        compose=lambda figure, foot: _compose_ranges(figure, foot, bounds, height, language),
    )


def with_room(bounds: Sequence[Bounds], top: float) -> tuple[float, float]:
    """From where to where the axis goes, so that the numbers beside the lines stay within it."""
    known = [(b.lower * 100, b.upper * 100, b) for b in bounds if b.lower is not None and b.upper is not None]
    width = top * 0.027  # of a character, in the middle between those of a narrow and of a widened axis
    low = min([0.0, *(low - width * len(b.lower_printed.nl) for low, _, b in known)])
    return low, max([top, *(high + width * len(b.upper_printed.nl) for _, high, b in known)])


def _compose_ranges(figure: Figure, foot: float, bounds: Sequence[Bounds], height: float, language: Language) -> None:
    """A line from bound to bound for each category, with a dot at the reach as published. The scale begins at zero."""
    axes = empty_axes(figure, (0.375, 0.455), foot, height, _UNDER_ROWS)
    # A reach above 100% is shown, never capped.
    top = max([1.0, *(end for b in bounds for end in (b.upper, b.reach) if end is not None)]) * 100
    gap = top / 100
    axes.set(xlim=with_room(bounds, top), ylim=(len(bounds) - 0.5, -0.5))
    for value in ticks(0, top, most=6 if top < 1000 else 3):
        axes.axvline(value, color=LINE, linewidth=0.8, zorder=0)
        said = _in_percent(value, language)
        axes.text(value, -0.02, said, transform=axes.get_xaxis_transform(), color=GREY, ha="center", va="top")
    axes.plot((0, 1), (0, 0), color=GREY, linewidth=0.8, transform=axes.transAxes, clip_on=False)
    beside = axes.get_yaxis_transform()
    for y, one in enumerate(bounds):
        axes.text(-0.02, y, getattr(one.name, language), transform=beside, ha="right", va="center", fontsize=8)
        of = f"n = {one.n} {'van' if language == 'nl' else 'of'} {one.municipalities}"
        axes.text(1.04, y, of, transform=beside, ha="left", va="center", fontsize=8, color=GREY)
        if one.lower is not None and one.upper is not None:
            low, high = one.lower * 100, one.upper * 100
            axes.plot((low, high), (y, y), color=_LEVEL, linewidth=5, solid_capstyle="butt")
            axes.text(low - gap, y, getattr(one.lower_printed, language), ha="right", va="center", fontsize=8)
            axes.text(high + gap, y, getattr(one.upper_printed, language), ha="left", va="center", fontsize=8)
        if one.reach is not None:
            axes.plot([one.reach * 100], [y], color=_UP, marker="o", markersize=7, clip_on=False)
