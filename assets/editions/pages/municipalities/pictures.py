"""The pictures of a municipality's page: its reach over the years, and in the newest of them among the others.

Belongs here: which rows are drawn as what, titles and descriptions. Does not belong here: the form of a chart
(``assets/editions/pictures``), a reach or the number of those that gave it (``rpt_municipality_reach``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from assets.base.texts import Language, Text, counted
from assets.editions.pages.municipalities.reading import Municipality
from assets.editions.pages.records import Record
from assets.editions.pictures.drawing import BLUE, ORANGE, Svg
from assets.editions.pictures.lines import Line, Panel, lines
from assets.editions.pictures.picture import Picture
from assets.editions.pictures.reach import Heap, heaps

# The groups that a municipality is set among, in the order of ``Municipality.groups``: what they are called, and the
# columns of their reach and of how many gave it.
_GROUPS = (
    (Text("Alle gemeenten", "All municipalities"), "percent_nationally", "n_nationally"),
    (Text("Zelfde stedelijkheid", "Same urbanisation"), "percent_in_class", "n_in_class"),
    (Text("Zelfde achterstandsgroep", "Same disadvantage group"), "percent_in_group", "n_in_group"),
)
_REACH = ("percent", "percent_nationally")
_NATIONAL = Text("Landelijk", "National")
_NO_SOURCE = Text("", "")  # it is shown in its page only

Heaps = Mapping[tuple[int, str | None], Mapping[int, int]]


def heaps_of(members: Iterable[Municipality], survey_year: int) -> Heaps:
    """How many municipalities there are at each reach, rounded to five points, by place in ``groups`` and category."""
    found: dict[tuple[int, str | None], Counter[int]] = defaultdict(Counter)
    for member in members:
        newest = _newest(member, survey_year)
        if newest and newest["percent"] is not None:
            for place, group in enumerate(member.groups[: len(_GROUPS)]):
                found[place, group][5 * ((int(newest["percent"]) + 2) // 5)] += 1
    return found


def pictures_of(member: Municipality, survey_year: int, others: Heaps) -> list[Picture]:
    """Its reach over the years; among the others where it gave it; neither where its own is never known."""
    if all(row["percent"] is None for row in member.reach):
        return []
    newest = _newest(member, survey_year)
    among = [_among(member, newest, others)] if newest and newest["percent"] is not None else []
    return [_over_the_years(member), *among]


def _newest(member: Municipality, survey_year: int) -> Record | None:
    return next((row for row in member.reach if row["survey_year"] == survey_year), None)


def _over_the_years(member: Municipality) -> Picture:
    def values(language: Language) -> Iterator[str]:
        for row in member.reach:
            own, all_of_them = (_percent(row[name], language) for name in _REACH)
            yield f"{row['reference_year']}: {own} ({getattr(_NATIONAL, language).lower()} {all_of_them})"

    def draw(language: Language, width: float) -> Svg:
        years = [str(row["reference_year"]) for row in member.reach]
        own, national = (
            [None if row[name] is None else (float(row[name]), _percent(row[name], language)) for row in member.reach]
            for name in _REACH
        )
        both = [Line(member.name, ORANGE, own), Line(getattr(_NATIONAL, language), BLUE, national)]
        return lines([Panel(both, "%", 150, least=100)], years, language, width)

    title = Text("Eigen en landelijk bereik per jaar", "Own and national reach by year")
    return Picture("reach-years", title, Text("Lijngrafiek", "Line chart"), values, _NO_SOURCE, draw)


def _among(member: Municipality, newest: Record, others: Heaps) -> Picture:
    """In each of its groups of which a reach is shown: those of fewer than ten have none."""
    own, year = newest["percent"], newest["reference_year"]
    groups = [
        (label, Heap("", others[place, group], int(newest[percent]), newest[n]))
        for place, ((label, percent, n), group) in enumerate(zip(_GROUPS, member.groups, strict=False))
        if newest[percent] is not None
    ]

    def values(language: Language) -> Iterator[str]:
        yield f"{member.name}: {_percent(own, language)}"
        for label, heap in groups:
            yield f"{getattr(label, language)}: {_percent(heap.together, language)} (n = {heap.n})"

    def draw(language: Language, width: float) -> Svg:
        named = [heap._replace(label=getattr(label, language)) for label, heap in groups]
        return heaps(named, language, width, int(own), member.name)

    title = Text(
        f"Bereik tussen dat van andere gemeenten, {year}: een stip per gemeente, afgerond op vijf procentpunten",
        f"Reach among that of other municipalities, {year}: a dot for each municipality, rounded to five points",
    )
    return Picture("reach-others", title, Text("Stippen", "Dots"), values, _NO_SOURCE, draw)


def _percent(value: int | None, language: Language) -> str:
    return str(getattr(counted(value, "%"), language))
