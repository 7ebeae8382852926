"""The figures of an edition, as SVG and PNG, drawn from any table of kind ``figure``.

Belongs here: form, colours and labels of a chart. A figure whose rows (or columns) are successive reference years becomes
a line chart over them; any other has a horizontal bar for each row, for several columns of percentages one beside the
other. Does not belong here: caption, source and base (the page sets them). The same figure gives the same bytes: fonts
come with matplotlib, ids are salted by name, no file carries a date.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assets.base.texts import Language, Text
from assets.editions.content.mark import Origin, mark_of
from assets.editions.content.tables import Cell, Content, Heading, ReportTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURES = "figures"
# Okabe and Ito's colours, distinct for every common form of colour blindness and in greyscale order.
COLOURS = ("#0072B2", "#D55E00", "#007A5A", "#8F4A7A", "#56B4E9", "#6B5B00")
_MARKERS = "osD^vP"
INK, GREY, LINE = "#1c2530", "#5b6672", "#dfe4e8"
_MARK_INK, _MARK_GROUND, _MARK_EDGE = "#5c3d00", "#fff3d6", "#d9a400"
_WIDTH, _HEIGHT, _MARK_HEIGHT = 7.2, 3.9, 0.36  # inches
_BELOW, _ABOVE = 0.42, 0.2  # of the axes, in inches
_PIXELS_PER_INCH = 200
_AT_THE_LEFT: dict[str, Any] = {"ha": "right", "va": "center"}
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
}


def figure_path(table: ReportTable, language: Language, suffix: str) -> str:
    """``figures/<report>/figuur_1_4.svg`` in Dutch, ``figures/<report>/figuur_1_4.en.svg`` in English."""
    return f"{FIGURES}/{table.report}/{table.table_id}{'' if language == 'nl' else '.en'}.{suffix}"


@dataclass(frozen=True, slots=True)
class _Chart:
    """What is drawn: a series of cells for each name, one cell (or None) for each place along the axis."""

    is_over_years: bool
    places: tuple[Heading, ...]
    names: tuple[Heading, ...]
    series: tuple[tuple[Cell | None, ...], ...]

    @property
    def values(self) -> list[list[float]]:
        """The values of each series; NaN where there is none, which leaves a gap."""
        return [
            [math.nan if cell is None or cell.value is None else float(cell.value) for cell in cells]
            for cells in self.series
        ]

    @property
    def top(self) -> float:
        """Where the axis of values ends: room for a label past the highest value."""
        known = [value for series in self.values for value in series if not math.isnan(value)]
        return max(known, default=0.0) * 1.15 or 1.0

    @property
    def height(self) -> float:
        """In inches: room for every bar."""
        return _HEIGHT if self.is_over_years else 0.75 + len(self.places) * (0.22 + 0.24 * len(self.names))


def _chart(table: ReportTable) -> _Chart:
    places, names = table.rows, _drawn_columns(table)
    series = tuple(tuple(table.cells.get((row.key, column.key)) for row in places) for column in names)
    if _are_years(table.columns) and not _are_years(table.rows):
        return _Chart(True, names, places, tuple(zip(*series, strict=True)))
    return _Chart(_are_years(places), places, names, series)


def _drawn_columns(table: ReportTable) -> tuple[Heading, ...]:
    """The columns of percentages, where there are any: a count beside its percentage would be the same bar again."""
    percentages = {key for (_, key), cell in table.cells.items() if cell.unit == "percent"}
    return tuple(column for column in table.columns if column.key in percentages) or table.columns


def _are_years(headings: Sequence[Heading]) -> bool:
    known = [heading.reference_year for heading in headings if heading.reference_year is not None]
    return len(known) == len(headings) > 1 and known == sorted(set(known))


def draw_figures(content: Content, folder: Path) -> None:
    """Draw every figure, in both languages, as SVG and as PNG (200 pixels an inch, 1440 wide) into ``figures/``."""
    for table in content.tables:
        if table.kind == "figure":
            (folder / FIGURES / table.report).mkdir(parents=True, exist_ok=True)
            for language in ("nl", "en"):
                _draw(table, content.origin, language, folder)


def _in_words(table: ReportTable, language: Language) -> str:
    """What the figure shows, for whoever does not see it: every series with its values."""
    chart = _chart(table)
    kinds = {"nl": ("Lijngrafiek", "Staafgrafiek"), "en": ("Line chart", "Bar chart")}[language]
    parts = [kinds[0] if chart.is_over_years else kinds[1]]
    for name, cells in zip(chart.names, chart.series, strict=True):
        points = (
            f"{getattr(place.label, language)}: {getattr(cell.printed, language)}"
            for place, cell in zip(chart.places, cells, strict=True)
            if cell
        )
        parts.append(f"{getattr(name.label, language)}: {', '.join(points)}")
    return ". ".join(parts) + "."


def _draw(table: ReportTable, origin: Origin, language: Language, folder: Path) -> None:
    chart = _chart(table)
    picture = Picture(
        name=f"{table.anchor}-{language}",
        title=f"{getattr(table.label, language)}. {getattr(table.title, language)}",
        in_words=_in_words(table, language),
        height=chart.height,
        compose=lambda figure, foot: _compose(figure, foot, chart, language),
    )
    png, svg = (folder / figure_path(table, language, suffix) for suffix in ("png", "svg"))
    save_picture(picture, origin, language, png, svg)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to be saved: ``name`` is its own on a page of many, ``in_words`` tells what it shows, ``height`` in inches
    without the mark. ``compose`` draws it into a figure, above a foot of so many inches in which the mark will be."""

    name: str
    title: str
    in_words: str
    height: float
    compose: Callable[[Figure, float], None]


def save_picture(picture: Picture, origin: Origin, language: Language, png: Path, svg: Path) -> None:
    """Draw a picture and save it twice, with title, description and, where there is something to warn of, the mark."""
    import matplotlib
    from matplotlib.figure import Figure

    mark = getattr(mark_of(origin) or Text("", ""), language)
    foot = _MARK_HEIGHT if mark else 0.0
    described = f"{picture.in_words} {mark}".strip()
    texts = {"Title": picture.title, "Description": described}
    style: Any = {**_STYLE, "svg.hashsalt": picture.name}
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(_WIDTH, picture.height + foot), facecolor="white")
        picture.compose(figure, foot)
        if mark:
            _mark(figure, mark, foot / 2 / (picture.height + foot))
        # Lightly compressed: harder takes more than twice as long and saves a quarter of the size.
        facts: Any = {"metadata": {"Software": None, **texts}, "pil_kwargs": {"compress_level": 1}}
        figure.savefig(png, dpi=_PIXELS_PER_INCH, **facts)
        figure.savefig(svg, metadata={"Creator": "LEA/vve-monitor", "Date": None, **texts})
    drawn = svg.read_text(encoding="utf-8")
    svg.write_text(_named(drawn, picture.name, picture.title, described, language), encoding="utf-8")


def _mark(figure: Figure, mark: str, y: float) -> None:
    box = {"facecolor": _MARK_GROUND, "edgecolor": _MARK_EDGE, "linewidth": 0.8, "boxstyle": "square,pad=0.45"}
    figure.text(0.5, y, mark, ha="center", va="center", fontsize=8, color=_MARK_INK, bbox=box)


def _compose(figure: Figure, foot: float, chart: _Chart, language: Language) -> None:
    if chart.is_over_years:
        left = room_for(map(_number_format(chart, language), ticks(0, chart.top)), least=0.085)
        _lines(_axes(figure, (left, 0.775 - left), foot, chart), chart, language)
    else:
        _bars(_axes(figure, (0.36, 0.6 if len(chart.names) == 1 else 0.42), foot, chart), chart, language)


def _axes(figure: Figure, across: tuple[float, float], foot: float, chart: _Chart) -> Axes:
    return empty_axes(figure, across, foot, chart.height, _BELOW)


def empty_axes(figure: Figure, across: tuple[float, float], foot: float, height: float, below: float) -> Axes:
    """Empty axes over the foot, with ``below`` inches for labels under them; ``height``: of the picture without its foot.
    ``across``: where they begin, and how wide they are, as parts of the figure's width.

    They only hold the drawing: scale and labels are drawn as lines and texts, which takes half the time of ticks.
    """
    whole, (left, width) = height + foot, across
    axes = figure.add_axes((left, (foot + below) / whole, width, (height - below - _ABOVE) / whole))
    axes.set_axis_off()
    axes.set_autoscale_on(False)
    return axes


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round whole numbers from ``low`` to ``high``, in at most so many steps however far apart these are."""
    from matplotlib.ticker import MaxNLocator

    values = MaxNLocator(most, steps=[1, 2, 5, 10], integer=True).tick_values(low, high)
    return [float(value) for value in values if low <= value <= high and float(value).is_integer()]


def room_for(labels: Iterable[str], least: float) -> float:
    """How wide the longest of these labels of a scale is, with a gap beside it, as a part of the figure's width."""
    return max(least, 0.02 + 0.0135 * max(map(len, labels)))


def _scale(axes: Axes, direction: Literal["x", "y"], chart: _Chart, language: Language) -> None:
    """The scale of values: from zero, with a few lines across; and the line at the bottom."""
    said = _number_format(chart, language)
    for value in ticks(0, chart.top):
        if direction == "x":
            axes.axvline(value, color=LINE, linewidth=0.8, zorder=0)
            _under(axes, value, said(value), chart)
        else:
            axes.axhline(value, color=LINE, linewidth=0.8, zorder=0)
            axes.text(-0.012, value, said(value), transform=axes.get_yaxis_transform(), color=GREY, **_AT_THE_LEFT)
    bottom = axes.transAxes if direction == "x" else axes.get_yaxis_transform()
    axes.plot((0, 1), (0, 0), color=GREY, linewidth=0.8, transform=bottom, clip_on=False)


def _under(axes: Axes, x: float, label: str, chart: _Chart) -> None:
    """A label under the axes at ``x``."""
    gap = 0.08 / (chart.height - _BELOW - _ABOVE)
    axes.text(x, -gap, label, transform=axes.get_xaxis_transform(), ha="center", va="top")


def _lines(axes: Axes, chart: _Chart, language: Language) -> None:
    """One line per series, named at its end, every value printed at its point. The scale begins at zero."""
    count, values, gap = len(chart.places), chart.values, chart.top * 0.085
    are_above = [_has_room_above(series, [other for other in values if other is not series], gap) for series in values]
    below = (value for series, above in zip(values, are_above, strict=True) if not above for value in series)
    axes.set(xlim=(-0.18, count - 1 + 0.06), ylim=(-gap if any(value < gap for value in below) else 0, chart.top))
    _scale(axes, "y", chart, language)
    for x, place in enumerate(chart.places):
        _under(axes, x, getattr(place.label, language), chart)
    for index, (series, cells, above) in enumerate(zip(values, chart.series, are_above, strict=True)):
        colour, marker = COLOURS[index % len(COLOURS)], _MARKERS[index % len(_MARKERS)]
        axes.plot(range(count), series, color=colour, marker=marker, markersize=6, linewidth=2.2, clip_on=False)
        away, side = (chart.top * 0.03, "bottom") if above else (-chart.top * 0.03, "top")
        for x, (cell, value) in enumerate(zip(cells, series, strict=True)):
            if cell is not None and not math.isnan(value):
                printed = getattr(cell.printed, language)
                axes.text(x, value + away, printed, ha="center", va=side, fontsize=8.5, color=colour)
    ends = [next((value for value in reversed(series) if not math.isnan(value)), 0.0) for series in values]
    for index, (name, y) in enumerate(zip(chart.names, spread(ends, gap), strict=True)):
        colour, label = COLOURS[index % len(COLOURS)], _wrapped(getattr(name.label, language))
        axes.text(count - 1 + 0.16, y, label, color=colour, va="center", fontsize=9, fontweight="bold", clip_on=False)


def _bars(axes: Axes, chart: _Chart, language: Language) -> None:
    """A horizontal bar for each place, from the top down, and for each series; every value is printed at its end."""
    thickness = 0.74 / len(chart.names)
    axes.set(xlim=(0, chart.top), ylim=(len(chart.places) - 0.5, -0.5))
    _scale(axes, "x", chart, language)
    line = 0.15 / ((chart.height - _BELOW - _ABOVE) / len(chart.places))
    for place_no, place in enumerate(chart.places):
        lines = _wrapped(getattr(place.label, language), 36).split("\n")
        for line_no, text in enumerate(lines):  # each on its own, so that it ends at the bar in any font
            y = place_no + (line_no - (len(lines) - 1) / 2) * line
            axes.text(-0.02, y, text, transform=axes.get_yaxis_transform(), **_AT_THE_LEFT)
    for index, (name, series, cells) in enumerate(zip(chart.names, chart.values, chart.series, strict=True)):
        centres = [y + (index - (len(chart.names) - 1) / 2) * thickness for y in range(len(series))]
        label = _wrapped(getattr(name.label, language))
        axes.barh(centres, series, thickness * 0.9, color=COLOURS[index % len(COLOURS)], label=label)
        for y, value, cell in zip(centres, series, cells, strict=True):
            if cell is not None:
                end = 0.0 if math.isnan(value) else value
                axes.text(end + chart.top * 0.012, y, getattr(cell.printed, language), va="center", fontsize=8.5)
    if len(chart.names) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False)


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Positions moved apart, in their order, until neighbours are ``gap`` apart; the middle of a group stays."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    groups: list[list[int]] = []
    centres: list[float] = []
    for index in order:
        groups.append([index])
        centres.append(positions[index])
        while len(groups) > 1 and _lowest(groups[-1], centres[-1], gap) - _highest(groups[-2], centres[-2], gap) < gap:
            merged = groups[-2] + groups[-1]
            groups[-2:] = [merged]
            centres[-2:] = [sum(positions[i] for i in merged) / len(merged)]
    moved = dict.fromkeys(order, 0.0)
    for group, centre in zip(groups, centres, strict=True):
        for place, index in enumerate(group):
            moved[index] = _lowest(group, centre, gap) + place * gap
    return [moved[index] for index in range(len(positions))]


def _lowest(group: list[int], centre: float, gap: float) -> float:
    return centre - (len(group) - 1) / 2 * gap


def _highest(group: list[int], centre: float, gap: float) -> float:
    return centre + (len(group) - 1) / 2 * gap


def _has_room_above(series: Sequence[float], others: Sequence[Sequence[float]], gap: float) -> bool:
    """Whether a line's values are better printed above it: there is room, or at least more than below."""
    distances = [b - a for other in others for a, b in zip(series, other, strict=True) if not math.isnan(b - a)]
    above = min((distance for distance in distances if distance >= 0), default=math.inf)
    below = min((-distance for distance in distances if distance < 0), default=math.inf)
    return above >= 1.6 * gap or above >= below


def _number_format(chart: _Chart, language: Language) -> Callable[[float], str]:
    percent = "%" if any(cell and cell.unit == "percent" for cells in chart.series for cell in cells) else ""
    separator = "." if language == "nl" else ","
    return lambda value: f"{value:,.0f}".replace(",", separator) + percent


def _wrapped(label: str, width: int = 20) -> str:
    return "\n".join(textwrap.wrap(label, width, break_long_words=False)) or label


def _named(svg: str, prefix: str, title: str, description: str, language: Language) -> str:
    """The drawing with a title and a description for screen readers, and ids that are its own on a page of many."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r'\b(href="|url\()#', rf"\g<1>#{prefix}-", svg)
    opening = (
        f'<svg role="img" lang="{language}" aria-labelledby="{prefix}-title {prefix}-desc"\\1>\n'
        f' <title id="{prefix}-title">{_literal(title)}</title>\n'
        f' <desc id="{prefix}-desc">{_literal(description)}</desc>'
    )
    return re.sub(r"<svg\b([^>]*)>", opening, svg, count=1)


def _literal(text: str) -> str:
    return escape(text).replace("\\", r"\\")
