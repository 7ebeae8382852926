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

# The groups that it is set among, in the order of ``Municipality.groups``, with the columns of their reach and their n.
_GROUPS = (
    (Text("Alle gemeenten", "All municipalities"), "percent_nationally", "n_nationally"),
    (Text("Zelfde stedelijkheid", "Same urbanisation"), "percent_in_class", "n_in_class"),
    (Text("Zelfde achterstandsgroep", "Same disadvantage group"), "percent_in_group", "n_in_group"),
)
_REACH = ((None, "percent"), (Text("Landelijk", "National"), "percent_nationally"))
_NO_SOURCE = Text("", "")  # these are in the page only

Heaps = Mapping[tuple[int, str | None], Mapping[int, int]]


def heaps_of(members: Iterable[Municipality], survey_year: int) -> Heaps:
    """How many municipalities there are at each reach, rounded to five points, by place in ``groups`` and category."""
    found: dict[tuple[int, str | None], Counter[int]] = defaultdict(Counter)
    for member in members:
        for row in _given(member, survey_year):
            for group in enumerate(member.groups[: len(_GROUPS)]):
                found[group][5 * ((int(row["percent"]) + 2) // 5)] += 1
    return found


def pictures_of(member: Municipality, survey_year: int, others: Heaps) -> list[Picture]:
    """Its reach over the years, and among the others where it gave it; neither where its own is never known."""
    if all(row["percent"] is None for row in member.reach):
        return []
    return [_over_the_years(member), *(_among(member, row, others) for row in _given(member, survey_year))]


def _given(member: Municipality, survey_year: int) -> list[Record]:
    """Its reach of that year, if it has one."""
    return [row for row in member.reach if row["survey_year"] == survey_year and row["percent"] is not None]


def _over_the_years(member: Municipality) -> Picture:
    def named(language: Language) -> list[tuple[str, list[tuple[float, str] | None]]]:
        return [
            (getattr(name, language) if name else member.name, [_point(row[column], language) for row in member.reach])
            for name, column in _REACH
        ]

    def values(language: Language) -> Iterator[str]:
        for name, points in named(language):
            known = zip(member.reach, points, strict=True)
            yield f"{name}: " + ", ".join(
                f"{row['reference_year']}: {point[1] if point else '–'}" for row, point in known
            )

    def draw(language: Language, width: float) -> Svg:
        both = [Line(name, colour, of) for (name, of), colour in zip(named(language), (ORANGE, BLUE), strict=True)]
        years = [str(row["reference_year"]) for row in member.reach]
        return lines([Panel(both, "%", 150, least=100)], years, language, width)

    title = Text("Eigen en landelijk bereik per jaar", "Own and national reach by year")
    return Picture("reach-years", title, Text("Lijngrafiek", "Line chart"), values, _NO_SOURCE, draw)


def _among(member: Municipality, newest: Record, others: Heaps) -> Picture:
    """In each of its groups of which a reach is shown: those of fewer than ten have none."""
    own, year = int(newest["percent"]), newest["reference_year"]

    def groups(language: Language) -> list[Heap]:
        return [
            Heap(getattr(label, language), others[group], int(newest[percent]), newest[n])
            for label, percent, n, group in _shown(member, newest)
        ]

    def values(language: Language) -> Iterator[str]:
        yield f"{member.name}: {own}%"
        yield from (f"{heap.label}: {heap.together}% (n = {heap.n})" for heap in groups(language))

    title = Text(
        f"Bereik tussen dat van andere gemeenten, {year}: een stip per gemeente, afgerond op vijf procentpunten",
        f"Reach among that of other municipalities, {year}: a dot for each municipality, rounded to five points",
    )
    return Picture(
        "reach-others",
        title,
        Text("Stippen", "Dots"),
        values,
        _NO_SOURCE,
        lambda language, width: heaps(groups(language), language, width, own, member.name),
    )


def heaps_shown(member: Municipality, survey_year: int, others: Heaps) -> list[list[tuple[int, int]]]:
    """The dots that its page has: of each of its groups, how many municipalities there are at which reach."""
    return [
        sorted(others[group].items()) for newest in _given(member, survey_year) for *_, group in _shown(member, newest)
    ]


def _shown(member: Municipality, newest: Record) -> Iterator[tuple[Text, str, str, tuple[int, str | None]]]:
    """Its groups of which a reach is shown: what each is called, its columns and its place among the heaps."""
    for place, ((label, percent, n), group) in enumerate(zip(_GROUPS, member.groups, strict=False)):
        if newest[percent] is not None:
            yield label, percent, n, (place, group)


def _point(percent: int | None, language: Language) -> tuple[float, str] | None:
    return None if percent is None else (float(percent), getattr(counted(percent, "%"), language))
