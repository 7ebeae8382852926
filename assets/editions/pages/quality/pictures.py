"""The pictures of the page on quality: rows of the models that it shows, as charts with their words.

Belongs here: which rows are drawn as what, titles and descriptions. Does not belong here: the form of a chart
(``pictures/reach.py``), a number or a label (``dbt_project``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from assets.base.texts import Language, Text
from assets.editions.pages.records import Record, in_language
from assets.editions.pictures.drawing import Svg
from assets.editions.pictures.picture import Picture
from assets.editions.pictures.reach import Span, ranges, tiles, waterfall


class Waterfall(NamedTuple):
    """Two reference years, and the steps from the reach of the one to that of the other: component → record."""

    from_year: int
    to_year: int
    steps: dict[str, Record]

    @property
    def bars(self) -> list[Record]:
        """The steps that are drawn: all but the change as a whole."""
        return [step for step in self.steps.values() if step["ends_at"] is not None]


def waterfalls_of(steps: Iterable[Record]) -> list[Waterfall]:
    """Rows of ``rpt_reach_waterfall``, a waterfall for each pair of years."""
    by_years = groupby(steps, itemgetter("from_reference_year", "to_reference_year"))
    return [Waterfall(first, second, {step["component"]: step for step in own}) for (first, second), own in by_years]


def span_of(waterfalls: Iterable[Waterfall]) -> Span:
    """From where to where the scale goes that all waterfalls share, in percent: every step ends in it."""
    ends = [float(bar["ends_at"]) for waterfall in waterfalls for bar in waterfall.bars]
    low, high = math.floor(min(ends)), math.ceil(max(ends))
    return low, max(high, low + 1)


def pictures_of_quality(
    waterfalls: Sequence[Waterfall], bounds: Sequence[Record], provinces: Sequence[Record], source: Text
) -> dict[str, Picture]:
    """Those of the page by name: a waterfall by its first year, all on one scale; the ``bounds`` (``rpt_reach_ranges``)
    and the ``provinces`` (``rpt_province_reach`` of one year), where there are any."""
    found = {str(one.from_year): _waterfall(one, span_of(waterfalls), source) for one in waterfalls}
    if bounds:
        title = Text(
            "Gepubliceerd bereik, en de grenzen waartussen het bereik van alle gemeenten ligt",
            "Published reach, and the bounds between which the reach of all municipalities lies",
        )
        say = "{name}: {reach_text} (n = {n}), {lower_text} – {upper_text}"
        kind = Text("Spreidingsgrafiek", "Range chart")
        found["bounds"] = _picture("reach_bounds", title, kind, say, bounds, source, ranges)
    if provinces:
        year, kind = provinces[0]["reference_year"], Text("Tegelkaart", "Tile map")
        title, say = Text(f"Bereik per provincie, {year}", f"Reach by province, {year}"), "{name}: {percent_text}"
        found["provinces"] = _picture("reach_by_province", title, kind, say, provinces, source, tiles)
    return found


def _waterfall(one: Waterfall, span: Span, source: Text) -> Picture:
    stem, kind = f"reach_decomposition_{one.from_year}_{one.to_year}", Text("Watervalgrafiek", "Waterfall chart")
    title = Text(
        f"Waardoor het landelijk bereik tussen {one.from_year} en {one.to_year} veranderde, in procentpunten",
        f"What changed the national reach between {one.from_year} and {one.to_year}, in percentage points",
    )
    say = "{label}: {value_text} (n = {n_municipalities})"
    return _picture(stem, title, kind, say, one.bars, source, partial(waterfall, span=span))


def _picture(
    stem: str, title: Text, kind: Text, say: str, rows: Sequence[Record], source: Text, draw: Callable[..., Svg]
) -> Picture:
    """``say``: a row in words, by its columns."""

    def in_each(language: Language) -> list[Record]:
        return [in_language(language, row) for row in rows]

    return Picture(
        f"quality/{stem}",
        title,
        kind,
        lambda language: (say.format(**row) for row in in_each(language)),
        source,
        lambda language, width: draw(in_each(language), language, width),
    )
