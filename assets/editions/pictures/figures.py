"""The figures of the reports: a table of the catalogue that says how it is drawn, as a picture.

Belongs here: what of a table is drawn, and in which words. Does not belong here: the form of a chart (the module of its
kind), which table has which (``chart`` in ``data/catalogue/reports``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from assets.base.texts import Language, Text, counted
from assets.editions.content.tables import Cell, Content, Heading, ReportTable
from assets.editions.pictures.bars import Row, Share, columns, parts, shares
from assets.editions.pictures.drawing import BLUE, GREEN, GREY, LIGHT_GREY, ORANGE, Svg
from assets.editions.pictures.flow import Box, flow
from assets.editions.pictures.lettering import INK
from assets.editions.pictures.lines import Line, Panel, lines
from assets.editions.pictures.picture import OF, Picture

_KINDS = {
    "shares": Text("Staafgrafiek", "Bar chart"),
    "chain": Text("Staafgrafiek in kolommen", "Bar chart in columns"),
    "parts": Text("Gestapelde staaf", "Stacked bar"),
    "lines": Text("Lijngrafiek", "Line chart"),
    "flow": Text("Stroomschema", "Flow chart"),
}
_COLOURS, _GREYS = (BLUE, INK, ORANGE, GREEN), (LIGHT_GREY, GREY)


def figure_of(table: ReportTable) -> Picture | None:
    """The picture of a table; None where it has none."""
    if table.chart is None:
        return None
    return Picture(
        stem=f"figures/{table.report}/{table.table_id}",
        title=Text(f"{table.label.nl}. {table.title.nl}", f"{table.label.en}. {table.title.en}"),
        kind=_KINDS[table.chart["kind"]],
        values=partial(_values, table),
        source=table.source,
        draw=partial(_draw, table, table.chart),
    )


def draw_figures(content: Content, folder: Path, before: Path | None = None) -> None:
    """Save the picture of every table that has one, below ``figures/``."""
    for table in content.tables:
        if picture := figure_of(table):
            picture.save(folder, content.origin, before)


def _draw(table: ReportTable, chart: Mapping[str, Any], language: Language, width: float) -> Svg:
    match chart["kind"]:
        case "lines":
            return _lines(table, language, width)
        case "chain":
            of = zip(_drawn(table), chart["of"], strict=True)
            heads = [(getattr(column.label, language), whose[language]) for column, whose in of]
            return columns(heads, _rows(table, language), width)
        case "parts":
            greys = dict(zip(chart["grey"], cycle(_GREYS)))
            return parts(_rows(table, language), [greys.get(row.key) for row in table.rows], width)
        case "flow":
            return flow(_boxes(table, chart, language), language, width)
        case _:
            return shares(_rows(table, language), width)


def _drawn(table: ReportTable) -> list[Heading]:
    """The columns that are drawn: those of percentages, as a count beside one would be the same bar again."""
    percentages = {key for (_, key), cell in table.cells.items() if cell.unit == "share"}
    is_all = table.chart is not None and table.chart["kind"] in ("lines", "flow")
    return [column for column in table.columns if is_all or column.key in percentages]


def _rows(table: ReportTable, language: Language) -> list[Row]:
    found = ((row, [table.cells.get((row.key, column.key)) for column in _drawn(table)]) for row in table.rows)
    return [(getattr(row.label, language), [_share(cell, language) for cell in cells]) for row, cells in found]


def _share(cell: Cell | None, language: Language) -> Share:
    if cell is None:
        return Share(None, "", "")
    return Share(cell.on_scale, getattr(cell.printed, language), _of_how_many(cell, language))


def _of_how_many(cell: Cell, language: Language) -> str:
    """'313 van 314'; empty where the cell has no value, or is no quotient."""
    if cell.value is None or cell.numerator is None:
        return ""
    counts = (getattr(counted(count), language) for count in (cell.numerator, cell.denominator))
    return f" {getattr(OF, language)} ".join(counts)


def _lines(table: ReportTable, language: Language, width: float) -> Svg:
    """A line over the rows, which are years, for each column: counts in one panel, percentages in another below it."""
    panels: dict[str, list[Line]] = {"": [], "%": []}
    for column, colour in zip(table.columns, cycle(_COLOURS)):
        cells = [table.cells.get((row.key, column.key)) for row in table.rows]
        points = [
            None if cell is None or cell.on_scale is None else (cell.on_scale, getattr(cell.printed, language))
            for cell in cells
        ]
        unit = "%" if any(cell.unit == "share" for cell in cells if cell) else ""
        panels[unit].append(Line(getattr(column.label, language), colour, points))
    shown = [Panel(panels[""], "", 250)] if panels[""] else []
    shown += [Panel(panels["%"], "%", 130, least=100)] if panels["%"] else []
    return lines(shown, [getattr(row.label, language) for row in table.rows], language, width)


def _boxes(table: ReportTable, chart: Mapping[str, Any], language: Language) -> list[Box]:
    """A box for each step, with the numbers of its row by column, if it has one."""
    numbers: dict[str, list[str]] = {}
    for (row, _), cell in table.cells.items():
        numbers.setdefault(row, []).append(f"{getattr(cell.column.label, language)} {getattr(cell.printed, language)}")
    return [
        Box(step["key"], Text(**step["label"]), step["after"], note=" · ".join(numbers.get(step["key"], ())))
        for step in chart["steps"]
    ]


def _values(table: ReportTable, language: Language) -> Iterator[str]:
    """Every column with its values, and of how many they are."""
    for column in _drawn(table):
        cells = ((row, table.cells.get((row.key, column.key))) for row in table.rows)
        points = (
            f"{getattr(row.label, language)}: {getattr(cell.printed, language)}"
            + (f" ({of})" if (of := _of_how_many(cell, language)) else "")
            for row, cell in cells
            if cell
        )
        yield f"{getattr(column.label, language)}: {', '.join(points)}"
