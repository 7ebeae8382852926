"""The figures of an edition, as SVG and PNG, drawn from any table of kind ``figure``.

Belongs here: form, colours and labels of a chart. A figure whose columns (or rows) are successive reference years
becomes a line chart over them, any other a bar chart with a series a row. Does not belong here: caption, source and
base (the page sets them). The same figure gives the same bytes: fonts come with matplotlib, ids are salted by name,
no file carries a date.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assets.editions.content import Cell, Content, Heading, ReportTable
from assets.editions.mark import Origin, Text, mark_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURES = "figures"
Language = Literal["nl", "en"]
# Okabe and Ito's colours, distinct for every common form of colour blindness and in greyscale order.
_COLOURS = ("#0072B2", "#D55E00", "#007A5A", "#8F4A7A", "#56B4E9", "#6B5B00")
_MARKERS = "osD^vP"
_INK, _GREY = "#1c2530", "#5b6672"
_MARK_INK, _MARK_GROUND, _MARK_EDGE = "#5c3d00", "#fff3d6", "#d9a400"
_WIDTH, _HEIGHT, _MARK_HEIGHT = 7.2, 3.9, 0.36  # inches
_PIXELS_PER_INCH = 200
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _GREY,
}


def figure_path(table_id: str, language: Language, suffix: str) -> str:
    """``figures/figuur_1_4.svg`` in Dutch, ``figures/figuur_1_4.en.svg`` in English."""
    return f"{FIGURES}/{table_id}{'' if language == 'nl' else '.en'}.{suffix}"


@dataclass(frozen=True, slots=True)
class _Chart:
    """What is drawn: a series of cells for each name, one cell (or None) for each place on the horizontal axis."""

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
        """Where the vertical axis ends: room for a label over the highest value."""
        known = [value for series in self.values for value in series if not math.isnan(value)]
        return max(known, default=0.0) * 1.15 or 1.0


def _chart(table: ReportTable) -> _Chart:
    if _are_years(table.rows) and not _are_years(table.columns):
        series = tuple(tuple(table.cells.get((r.key, c.key)) for r in table.rows) for c in table.columns)
        return _Chart(True, table.rows, table.columns, series)
    series = tuple(tuple(table.cells.get((r.key, c.key)) for c in table.columns) for r in table.rows)
    return _Chart(_are_years(table.columns), table.columns, table.rows, series)


def _are_years(headings: Sequence[Heading]) -> bool:
    known = [heading.reference_year for heading in headings if heading.reference_year is not None]
    return len(known) == len(headings) > 1 and known == sorted(set(known))


def draw_figures(content: Content, folder: Path) -> None:
    """Draw every figure, in both languages, as SVG and as PNG (200 pixels an inch, 1440 wide) into ``figures/``."""
    (folder / FIGURES).mkdir()
    for table in content.tables:
        if table.kind == "figure":
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
    import matplotlib
    from matplotlib.figure import Figure

    title = f"{getattr(table.label, language)}. {getattr(table.title, language)}"
    mark = getattr(mark_of(origin) or Text("", ""), language)
    described = f"{_in_words(table, language)} {mark}".strip()
    texts = {"Title": title, "Description": described}
    png, svg = (folder / figure_path(table.table_id, language, suffix) for suffix in ("png", "svg"))
    style: Any = {**_STYLE, "svg.hashsalt": f"{table.table_id}-{language}"}
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(_WIDTH, _HEIGHT + (_MARK_HEIGHT if mark else 0)), facecolor="white")
        _compose(figure, _chart(table), language, mark)
        figure.savefig(png, dpi=_PIXELS_PER_INCH, metadata={"Software": None, **texts})
        figure.savefig(svg, metadata={"Creator": "LEA/vve-monitor", "Date": None, **texts})
    drawn = svg.read_text(encoding="utf-8")
    svg.write_text(_named(drawn, f"{table.table_id}-{language}", title, described, language), encoding="utf-8")


def _compose(figure: Figure, chart: _Chart, language: Language, mark: str) -> None:
    foot = _MARK_HEIGHT if mark else 0.0
    height = _HEIGHT + foot
    axes = figure.add_axes((0.085, (foot + 0.42) / height, 0.69, (_HEIGHT - 0.62) / height))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_GREY)
    axes.tick_params(axis="both", length=0, pad=6)
    axes.grid(axis="y", color="#dfe4e8", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_ylim(0, chart.top)
    axes.locator_params(axis="y", nbins=5)
    axes.yaxis.set_major_formatter(_number_format(chart, language))
    axes.set_xticks(range(len(chart.places)), [getattr(place.label, language) for place in chart.places])
    if chart.is_over_years:
        _lines(axes, chart, language)
    else:
        _bars(axes, chart, language)
    if mark:
        box = {"facecolor": _MARK_GROUND, "edgecolor": _MARK_EDGE, "linewidth": 0.8, "boxstyle": "square,pad=0.45"}
        figure.text(0.5, foot / 2 / height, mark, ha="center", va="center", fontsize=8, color=_MARK_INK, bbox=box)


def _lines(axes: Axes, chart: _Chart, language: Language) -> None:
    """One line a series, named at its end, every value printed at its point. The axis begins at zero."""
    count, values, gap = len(chart.places), chart.values, chart.top * 0.085
    axes.set_xlim(-0.18, count - 1 + 0.06)
    for index, (series, cells) in enumerate(zip(values, chart.series, strict=True)):
        colour, marker = _COLOURS[index % len(_COLOURS)], _MARKERS[index % len(_MARKERS)]
        axes.plot(range(count), series, color=colour, marker=marker, markersize=6, linewidth=2.2, clip_on=False)
        above = _has_room_above(series, [other for other in values if other is not series], gap)
        for x, (cell, value) in enumerate(zip(cells, series, strict=True)):
            if cell is not None and not math.isnan(value):
                axes.annotate(
                    getattr(cell.printed, language),
                    (x, value),
                    xytext=(0, 7 if above else -7),
                    textcoords="offset points",
                    ha="center",
                    va="bottom" if above else "top",
                    fontsize=8.5,
                    color=colour,
                )
    ends = [next((value for value in reversed(series) if not math.isnan(value)), 0.0) for series in values]
    for index, (name, y) in enumerate(zip(chart.names, spread(ends, gap), strict=True)):
        colour, label = _COLOURS[index % len(_COLOURS)], _wrapped(getattr(name.label, language))
        axes.text(count - 1 + 0.16, y, label, color=colour, va="center", fontsize=9, fontweight="bold", clip_on=False)


def _bars(axes: Axes, chart: _Chart, language: Language) -> None:
    """A group of bars at each place, one bar a series, every value printed above its bar."""
    width = 0.8 / len(chart.names)
    for index, (name, series, cells) in enumerate(zip(chart.names, chart.values, chart.series, strict=True)):
        centres = [x + (index - (len(chart.names) - 1) / 2) * width for x in range(len(series))]
        label = _wrapped(getattr(name.label, language))
        axes.bar(centres, series, width * 0.92, color=_COLOURS[index % len(_COLOURS)], label=label)
        for x, value, cell in zip(centres, series, cells, strict=True):
            if cell is not None and not math.isnan(value):
                axes.text(x, value, getattr(cell.printed, language), ha="center", va="bottom", fontsize=8.5)
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


def _number_format(chart: _Chart, language: Language) -> Any:
    percent = "%" if any(cell and cell.unit == "percent" for cells in chart.series for cell in cells) else ""
    separator = "." if language == "nl" else ","
    return lambda value, _: f"{value:,.0f}".replace(",", separator) + percent


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
