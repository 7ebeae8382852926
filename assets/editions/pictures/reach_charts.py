"""The pictures of the page on quality, as SVG and PNG: the waterfall of a change in reach, and reach within its bounds.

They show rows of ``rpt_reach_waterfall`` and ``rpt_reach_ranges``, as records.

Belongs here: form, colours, and the words of a picture. Does not belong here: what it shows (``dbt_project``), how a
picture is saved and marked (``charts.py``).
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assets.base.texts import Language, Text, counted
from assets.editions.content.mark import Origin
from assets.editions.pages.records import Record
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


class Waterfall(NamedTuple):
    """Two reference years, and the steps from the reach of the one to that of the other: component → record."""

    from_year: int
    to_year: int
    steps: dict[str, Record]

    @property
    def name(self) -> str:
        """The name of its files."""
        return f"reach_decomposition_{self.from_year}_{self.to_year}"

    @property
    def title(self) -> Text:
        """Its title."""
        return Text(
            f"Waardoor het landelijk bereik tussen {self.from_year} en {self.to_year} veranderde, in procentpunten",
            f"What changed the national reach between {self.from_year} and {self.to_year}, in percentage points",
        )

    @property
    def bars(self) -> list[Record]:
        """The steps that are drawn: all but the change as a whole."""
        return [step for step in self.steps.values() if step["ends_at"] is not None]


def waterfalls_of(steps: Iterable[Record]) -> list[Waterfall]:
    """Rows of ``rpt_reach_waterfall``, a waterfall for each pair of years."""
    by_years = groupby(steps, itemgetter("from_reference_year", "to_reference_year"))
    return [Waterfall(first, second, {step["component"]: step for step in own}) for (first, second), own in by_years]


BOUNDS_TITLE = Text(
    "Gepubliceerd bereik, en de grenzen waartussen het bereik van alle gemeenten ligt",
    "Published reach, and the bounds between which the reach of all municipalities lies",
)


def picture_path(name: str, language: Language, suffix: str) -> str:
    """``quality/<name>.svg`` in Dutch, ``quality/<name>.en.svg`` in English."""
    return f"quality/{name}{'' if language == 'nl' else '.en'}.{suffix}"


def draw_reach(waterfalls: Sequence[Waterfall], ranges: Sequence[Record], origin: Origin, folder: Path) -> None:
    """Draw each waterfall, all on one scale, and the bounds; in both languages, as SVG and PNG."""
    for language in LANGUAGES:
        for waterfall in waterfalls:
            picture = _waterfall(waterfall, span_of(waterfalls), language)
            _save(picture, origin, waterfall.name, language, folder)
        if ranges:
            _save(_ranges(ranges, language), origin, BOUNDS, language, folder)


def _save(picture: Picture, origin: Origin, name: str, language: Language, folder: Path) -> None:
    png, svg = (folder / picture_path(name, language, suffix) for suffix in ("png", "svg"))
    save_picture(picture, origin, language, png, svg)


def span_of(waterfalls: Iterable[Waterfall]) -> tuple[int, int]:
    """From where to where the axis goes, in percent: every bar ends in it, with room for the numbers. It is cut where
    it begins above zero, and begins below zero where parts that cancel each other out do."""
    ends = [float(bar["ends_at"]) for waterfall in waterfalls for bar in waterfall.bars]
    low, high = math.floor(min(ends)), math.ceil(max(ends))
    room = max(1, (high - low) // 5)
    return (low - room if low < 0 else max(0, low - room)), high + room


def axis_is_cut(waterfalls: Sequence[Waterfall]) -> bool:
    """Whether the axis that the waterfalls share begins above zero."""
    return bool(waterfalls) and span_of(waterfalls)[0] > 0


def _waterfall(waterfall: Waterfall, span: tuple[int, int], language: Language) -> Picture:
    bars = [_in(language, bar) for bar in waterfall.bars]
    in_words = ", ".join(f"{bar['label']}: {bar['value_text']} (n = {bar['n_municipalities']})" for bar in bars)
    return Picture(
        name=f"{waterfall.name}-{language}",
        title=getattr(waterfall.title, language),
        in_words=f"{'Watervalgrafiek' if language == 'nl' else 'Waterfall chart'}. {in_words}.",
        height=_HEIGHT,
        compose=lambda figure, foot: _compose_waterfall(figure, foot, bars, span, language),
    )


def _in(language: Language, record: Record) -> Record:
    """The record with its texts in one language."""
    return {name: getattr(value, language) if isinstance(value, Text) else value for name, value in record.items()}


def _compose_waterfall(
    figure: Figure, foot: float, bars: Sequence[Record], span: tuple[int, int], language: Language
) -> None:
    """A neutral bar for either level, from the cut axis up; a floating one per part, from where the last one ended."""
    low, high = span
    left = room_for((_in_percent(value, language) for value in ticks(low, high)), least=0.075)
    axes = empty_axes(figure, (left, 0.99 - left), foot, _HEIGHT, _BELOW)
    axes.set(xlim=(-0.5, len(bars) - 0.5), ylim=(low, high))
    _scale_up(axes, low, high, language)
    for x, bar in enumerate(bars):
        bottom, top, colour = _extent(bar, low)
        axes.bar([x], [top - bottom], 2 * _HALF, bottom=bottom, color=colour)
        if bar["kind"] == "level":
            _cut(axes, x, low, high)
        if x + 1 < len(bars):
            axes.plot((x + _HALF, x + 1 - _HALF), (float(bar["ends_at"]),) * 2, color=GREY, linewidth=0.8)
        gap = (high - low) * 0.015
        axes.text(x, top + gap, bar["value_text"], ha="center", va="bottom", fontsize=9, fontweight="bold")
        _label(axes, x, _lines(bar))


def _extent(bar: Record, low: float) -> tuple[float, float, str]:
    """Its lower and upper end, and its colour: by the symbol of a part, which the number above it says too."""
    start, end = float(bar["starts_at"]), float(bar["ends_at"])
    if bar["kind"] == "level":
        return max(low, 0), end, _LEVEL
    return min(start, end), max(start, end), _UP if bar["value"] > 0 else _DOWN if bar["value"] < 0 else _SAME


def _scale_up(axes: Axes, low: int, high: int, language: Language) -> None:
    to_the_left = axes.get_yaxis_transform()
    for value in ticks(low, high):
        if value > low:
            axes.axhline(value, color=LINE, linewidth=0.8, zorder=0)
            label = _in_percent(value, language)
            axes.text(-0.01, value, label, transform=to_the_left, color=GREY, ha="right", va="center")
    bottom = max(low, 0)
    axes.plot((0, 1), (bottom, bottom), color=GREY, linewidth=0.8, transform=to_the_left, clip_on=False)
    if low > 0:
        cut = getattr(_CUT, language).format(low)
        axes.text(0.5, 0.03, cut, transform=axes.transAxes, color=GREY, fontsize=8, ha="center", va="bottom")


def _in_percent(value: float, language: Language) -> str:
    return str(getattr(counted(int(value), "%"), language))


def _cut(axes: Axes, x: float, low: int, high: int) -> None:
    """A white zigzag through a level's bar, where it does not begin at zero."""
    if low <= 0:
        return
    size, middle = (high - low) * 0.012, low + (high - low) * 0.07
    xs = [x - _HALF - 0.02 + (2 * _HALF + 0.04) * i / 8 for i in range(9)]
    axes.plot(xs, [middle + size * (-1) ** i for i in range(9)], color="white", linewidth=3)


def _lines(bar: Record) -> list[tuple[str, str]]:
    label = textwrap.wrap(bar["label"], 17, break_long_words=False)
    return [*((line, INK) for line in label), (f"n = {bar['n_municipalities']}", GREY)]


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


def _ranges(ranges: Sequence[Record], language: Language) -> Picture:
    lines = [_in(language, one) for one in ranges]
    in_words = "; ".join(
        f"{one['name']}: {one['reach_text']} (n = {one['n']}), {one['lower_text']} – {one['upper_text']}"
        for one in lines
    )
    height = _UNDER_ROWS + 0.2 + _ROW * len(lines)
    return Picture(
        name=f"{BOUNDS}-{language}",
        title=getattr(BOUNDS_TITLE, language),
        in_words=f"{'Spreidingsgrafiek' if language == 'nl' else 'Range chart'}. {in_words}.",
        height=height,
        compose=lambda figure, foot: _compose_ranges(figure, foot, lines, height, language),
    )


def with_room(ranges: Iterable[Record], top: float) -> tuple[float, float]:
    """From where to where the axis goes, so that the numbers beside the lines stay within it. Texts in one language."""
    known = [one for one in ranges if _has_both_ends(one)]
    width = top * 0.027  # of a character, in the middle between those of a narrow and of a widened axis
    low = min([0.0, *(one["lower"] * 100 - width * len(one["lower_text"]) for one in known)])
    return low, max([top, *(one["upper"] * 100 + width * len(one["upper_text"]) for one in known)])


def _has_both_ends(one: Record) -> bool:
    return one["lower"] is not None and one["upper"] is not None


def _compose_ranges(figure: Figure, foot: float, ranges: Sequence[Record], height: float, language: Language) -> None:
    """A line from bound to bound for each category, with a dot at the reach as published. The scale begins at zero."""
    axes = empty_axes(figure, (0.375, 0.455), foot, height, _UNDER_ROWS)
    # A reach above 100% is shown, never capped.
    top = max([1.0, *(end for one in ranges for end in (one["upper"], one["reach"]) if end is not None)]) * 100
    axes.set(xlim=with_room(ranges, top), ylim=(len(ranges) - 0.5, -0.5))
    for value in ticks(0, top, most=6 if top < 1000 else 3):
        axes.axvline(value, color=LINE, linewidth=0.8, zorder=0)
        label = _in_percent(value, language)
        axes.text(value, -0.02, label, transform=axes.get_xaxis_transform(), color=GREY, ha="center", va="top")
    axes.plot((0, 1), (0, 0), color=GREY, linewidth=0.8, transform=axes.transAxes, clip_on=False)
    beside = axes.get_yaxis_transform()
    for y, one in enumerate(ranges):
        axes.text(-0.02, y, one["name"], transform=beside, ha="right", va="center", fontsize=8)
        of = f"n = {one['n']} {'van' if language == 'nl' else 'of'} {one['municipalities']}"
        axes.text(1.04, y, of, transform=beside, ha="left", va="center", fontsize=8, color=GREY)
        _range(axes, y, one, gap=top / 100)


def _range(axes: Axes, y: int, one: Record, gap: float) -> None:
    if _has_both_ends(one):
        low, high = one["lower"] * 100, one["upper"] * 100
        axes.plot((low, high), (y, y), color=_LEVEL, linewidth=5, solid_capstyle="butt")
        axes.text(low - gap, y, one["lower_text"], ha="right", va="center", fontsize=8)
        axes.text(high + gap, y, one["upper_text"], ha="left", va="center", fontsize=8)
    if one["reach"] is not None:
        axes.plot([one["reach"] * 100], [y], color=_UP, marker="o", markersize=7, clip_on=False)
