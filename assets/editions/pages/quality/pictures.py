"""The pictures of the page on quality: rows of the models that it shows, as charts with their words.

Belongs here: which row is drawn as what, titles and descriptions. Does not belong here: the form of a chart
(``pictures/reach.py``), a number or a label (``dbt_project``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from assets.base.texts import Language, Text
from assets.editions.pages.records import Record, in_language
from assets.editions.pictures.flow import OF
from assets.editions.pictures.picture import Picture
from assets.editions.pictures.reach import Range, Span, Step, Tile, ranges, tiles, waterfall


class Waterfall(NamedTuple):
    """Two reference years, and the steps from the reach of the one to that of the other: component → record."""

    from_year: int
    to_year: int
    steps: dict[str, Record]

    @property
    def bars(self) -> list[Record]:
        """The steps that are drawn: all but the change as a whole."""
        return [step for step in self.steps.values() if step["ends_at"] is not None]

    def picture(self, span: Span, source: Text) -> Picture:
        """Its picture, on a scale of ``span``."""

        def in_words(language: Language) -> str:
            bars = [in_language(language, bar) for bar in self.bars]
            parts = (f"{bar['label']}: {bar['value_text']} (n = {bar['n_municipalities']})" for bar in bars)
            return f"{'Watervalgrafiek' if language == 'nl' else 'Waterfall chart'}. {', '.join(parts)}."

        return Picture(
            stem=f"quality/reach_decomposition_{self.from_year}_{self.to_year}",
            title=Text(
                f"Waardoor het landelijk bereik tussen {self.from_year} en {self.to_year} veranderde, in procentpunten",
                f"What changed the national reach between {self.from_year} and {self.to_year}, in percentage points",
            ),
            in_words=in_words,
            source=source,
            draw=lambda language, width: waterfall([_step(language, bar) for bar in self.bars], span, language, width),
        )


def waterfalls_of(steps: Iterable[Record]) -> list[Waterfall]:
    """Rows of ``rpt_reach_waterfall``, a waterfall for each pair of years."""
    by_years = groupby(steps, itemgetter("from_reference_year", "to_reference_year"))
    return [Waterfall(first, second, {step["component"]: step for step in own}) for (first, second), own in by_years]


def span_of(waterfalls: Iterable[Waterfall]) -> Span:
    """From where to where the scale goes that all waterfalls share, in percent: every step ends in it."""
    ends = [float(bar["ends_at"]) for waterfall in waterfalls for bar in waterfall.bars]
    low, high = math.floor(min(ends)), math.ceil(max(ends))
    return low, max(high, low + 1)


def picture_of_bounds(lines: Sequence[Record], source: Text) -> Picture:
    """Rows of ``rpt_reach_ranges``."""

    def in_words(language: Language) -> str:
        parts = (
            f"{one['name']}: {one['reach_text']} (n = {one['n']}), {one['lower_text']} – {one['upper_text']}"
            for one in (in_language(language, line) for line in lines)
        )
        return f"{'Spreidingsgrafiek' if language == 'nl' else 'Range chart'}. {'; '.join(parts)}."

    return Picture(
        stem="quality/reach_bounds",
        title=Text(
            "Gepubliceerd bereik, en de grenzen waartussen het bereik van alle gemeenten ligt",
            "Published reach, and the bounds between which the reach of all municipalities lies",
        ),
        in_words=in_words,
        source=source,
        draw=lambda language, width: ranges([_range(language, line) for line in lines], language, width),
    )


def picture_of_provinces(provinces: Sequence[Record], source: Text) -> Picture:
    """Rows of ``rpt_province_reach`` of one year."""

    def in_words(language: Language) -> str:
        parts = (
            f"{one['name']}: {one['percent_text']} (n = {one['n_municipalities']})"
            for one in (in_language(language, province) for province in provinces)
        )
        return f"{'Tegelkaart' if language == 'nl' else 'Tile map'}. {', '.join(parts)}."

    year = provinces[0]["reference_year"]
    return Picture(
        stem="quality/reach_by_province",
        title=Text(f"Bereik per provincie, {year}", f"Reach by province, {year}"),
        in_words=in_words,
        source=source,
        draw=lambda language, width: tiles([_tile(language, one) for one in provinces], language, width),
    )


def _step(language: Language, record: Record) -> Step:
    bar, end = in_language(language, record), float(record["ends_at"])
    is_level = bar["kind"] == "level"
    start = end if is_level else float(bar["starts_at"])
    return Step(bar["label"], start, end, is_level, bar["value_text"], f"n = {bar['n_municipalities']}")


def _range(language: Language, record: Record) -> Range:
    one = in_language(language, record)
    lower, upper, reach = (None if one[name] is None else one[name] * 100 for name in ("lower", "upper", "reach"))
    of = f"n = {one['n']} {getattr(OF, language)} {one['municipalities']}"
    return Range(one["name"], lower, upper, reach, one["lower_text"], one["upper_text"], one["reach_text"], of)


def _tile(language: Language, record: Record) -> Tile:
    one = in_language(language, record)
    return Tile(
        one["province_code"], one["name"], one["percent"], one["percent_text"], f"n = {one['n_municipalities']}"
    )
