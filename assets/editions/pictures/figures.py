"""The figures of the reports: a table of the catalogue that says how it is drawn, as a picture.

Belongs here: what of a table is drawn, and in which words. Does not belong here: the form of a chart (the module of its
kind), which table has which (``chart`` in ``data/catalogue/reports``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import cycle
from pathlib import Path

from assets.base.texts import Language, Text, counted
from assets.editions.content.tables import Cell, Chart, Content, Heading, ReportTable
from assets.editions.pictures.bars import Head, Share, columns, parts, shares
from assets.editions.pictures.drawing import BLUE, GREEN, GREY, INK, LIGHT_GREY, ORANGE, Svg
from assets.editions.pictures.flow import OF
from assets.editions.pictures.lines import Line, Panel, Point, lines
from assets.editions.pictures.picture import Picture

FIGURES = "figures"
_KINDS = {
    "shares": Text("Staafgrafiek", "Bar chart"),
    "chain": Text("Staafgrafiek in kolommen", "Bar chart in columns"),
    "parts": Text("Gestapelde staaf", "Stacked bar"),
    "lines": Text("Lijngrafiek", "Line chart"),
}
_COLOURS = (BLUE, INK, ORANGE, GREEN)
_GREYS = (LIGHT_GREY, GREY)


def figure_of(table: ReportTable) -> Picture | None:
    """The picture of a table; None where it has none."""
    if table.chart is None:
        return None
    return Picture(
        stem=f"{FIGURES}/{table.report}/{table.table_id}",
        title=Text(f"{table.label.nl}. {table.title.nl}", f"{table.label.en}. {table.title.en}"),
        in_words=partial(_in_words, table, table.chart),
        source=table.source,
        draw=partial(_draw, table),
    )


def draw_figures(content: Content, folder: Path) -> None:
    """Save the picture of every table that has one, below ``figures/``."""
    for table in content.tables:
        if picture := figure_of(table):
            picture.save(folder, content.origin)


def _draw(table: ReportTable, language: Language, width: float) -> Svg:
    match table.chart:
        case Chart("lines"):
            return _lines(table, language, width)
        case Chart("chain", of=of):
            named = zip(_percentages(table), of, strict=True)
            heads = [Head(getattr(column.label, language), getattr(whose, language)) for column, whose in named]
            return columns(heads, _shares(table, language), width)
        case Chart("parts", grey=grey):
            fills = [_GREYS[grey.index(row.key) % len(_GREYS)] if row.key in grey else None for row in table.rows]
            return parts([(label, own[0]) for label, own in _shares(table, language)], fills, width)
        case _:
            return shares([(label, own[0]) for label, own in _shares(table, language)], width)


def _percentages(table: ReportTable) -> list[Heading]:
    """The columns that print a percentage: a count beside it would be the same bar again."""
    keys = {key for (_, key), cell in table.cells.items() if cell.unit == "percent"}
    return [column for column in table.columns if column.key in keys]


def _shares(table: ReportTable, language: Language) -> list[tuple[str, list[Share]]]:
    """Each row's label, and its share in each column of percentages."""
    drawn = _percentages(table)
    return [
        (getattr(row.label, language), [_share(table.cells.get((row.key, one.key)), language) for one in drawn])
        for row in table.rows
    ]


def _share(cell: Cell | None, language: Language) -> Share:
    if cell is None:
        return Share(None, "", "")
    return Share(cell.value, getattr(cell.printed, language), _of_how_many(cell, language))


def _of_how_many(cell: Cell, language: Language) -> str:
    """'313 van 314'; empty where the cell has no value, or is no quotient."""
    if cell.value is None or cell.numerator is None:
        return ""
    counts = (getattr(counted(count), language) for count in (cell.numerator, cell.denominator))
    return f" {getattr(OF, language)} ".join(counts)


def _series(table: ReportTable) -> tuple[Sequence[Heading], list[tuple[Heading, list[Cell | None]]]]:
    """Years, and what there is of each of them, whichever of rows and columns are the years."""
    if len({row.reference_year for row in table.rows}) == len(table.rows) > 1:
        by_column = [(one, [table.cells.get((row.key, one.key)) for row in table.rows]) for one in table.columns]
        return table.rows, by_column
    return table.columns, [(row, [table.cells.get((row.key, one.key)) for one in table.columns]) for row in table.rows]


def _lines(table: ReportTable, language: Language, width: float) -> Svg:
    """Counts in one panel, percentages in another below it."""
    years, series = _series(table)
    counts: list[Line] = []
    percentages: list[Line] = []
    for (heading, cells), colour in zip(series, cycle(_COLOURS)):
        are_percentages = any(cell.unit == "percent" for cell in cells if cell)
        points = [None if c is None or c.value is None else Point(c.value, getattr(c.printed, language)) for c in cells]
        line = Line(getattr(heading.label, language), colour, points)
        (percentages if are_percentages else counts).append(line)
    panels = [Panel(counts, "", 250)] if counts else []
    panels += [Panel(percentages, "%", 130, least=100)] if percentages else []
    return lines(panels, [getattr(year.label, language) for year in years], language, width)


def _in_words(table: ReportTable, chart: Chart, language: Language) -> str:
    """What the picture shows, for whoever does not see it: every series with its values, and of how many they are."""
    if chart.kind == "lines":
        years, series = _series(table)
    else:
        years = table.rows
        series = [(one, [table.cells.get((row.key, one.key)) for row in years]) for one in _percentages(table)]
    parts_of_it = [getattr(_KINDS[chart.kind], language)]
    for heading, cells in series:
        points = (
            f"{getattr(place.label, language)}: {getattr(cell.printed, language)}{_in_brackets(cell, language)}"
            for place, cell in zip(years, cells, strict=True)
            if cell
        )
        parts_of_it.append(f"{getattr(heading.label, language)}: {', '.join(points)}")
    return ". ".join(parts_of_it) + "."


def _in_brackets(cell: Cell, language: Language) -> str:
    of_how_many = _of_how_many(cell, language)
    return f" ({of_how_many})" if of_how_many else ""
