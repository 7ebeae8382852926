"""A small warehouse for tests of editions: the report tables and two marts, with the columns that dbt gives them.

Belongs here: building that file, with what a test wants to be different. Does not belong here: assertions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

TABLES_DDL = """create table rpt_tables (report varchar, position integer, table_id varchar, kind varchar,
    title_nl varchar, title_en varchar, source_nl varchar, source_en varchar, note_nl varchar, note_en varchar,
    row_heading_nl varchar, row_heading_en varchar, origin varchar)"""
CELLS_DDL = """create table rpt_cells (report varchar, table_id varchar, kind varchar, row_no integer,
    column_no integer, row_key varchar, column_key varchar, row_label_nl varchar, row_label_en varchar,
    column_label_nl varchar, column_label_en varchar, measure varchar, statistic varchar, survey_year integer,
    reference_year integer, population varchar, breakdown varchar, category varchar, numerator bigint,
    denominator bigint, value double, unit varchar, decimals integer, value_text_nl varchar, value_text_en varchar,
    n_municipalities bigint, origin varchar)"""
COUNTS = ("target_toddlers", "places", "reached_toddlers")
LABELS = {
    "target_toddlers": ("Doelgroeppeuters", "Target toddlers"),
    "reached_toddlers": ("Bereikte doelgroeppeuters", "Reached target toddlers"),
}
PANEL = {
    "target_toddlers": (14980, 15023, 14874),
    "places": (17540, 17461, 17602),
    "reached_toddlers": (12311, 12402, 12188),
}


@dataclass(frozen=True)
class Warehouse:
    """What the warehouse of a test holds; ``replace`` it to get another."""

    origin: str = "synthetic"
    places: int = 71562
    narrow_label: str = "Smal"
    places_label: str = "Kindplaatsen"
    source: str = "vragenlijst gemeenten, 2023"
    answer_text: str = "Súdwest-Fryslân"
    left_out: tuple[str, ...] = ()

    def but(self, **different: Any) -> Warehouse:
        return replace(self, **different)

    def write(self, path: Path) -> Path:
        """Write the warehouse file anew and return its path."""
        path.write_bytes(_file(self))
        return path

    def create(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(TABLES_DDL)
        connection.execute(CELLS_DDL)
        connection.executemany(f"insert into rpt_tables values ({_marks(13)})", self._tables())
        connection.executemany(f"insert into rpt_cells values ({_marks(27)})", self._cells())
        connection.execute(
            "create table fct_reach (municipality_code varchar, survey_year integer, target_toddlers"
            " hugeint, reach double, is_complete boolean, given_on date)"
        )
        connection.execute("comment on table fct_reach is 'Reach of a municipality in a year'")
        connection.execute("comment on column fct_reach.reach is 'reached / target toddlers'")
        connection.execute(
            "insert into fct_reach select 'GM' || lpad(i::varchar, 4, '0'), 2023, 100 + i, i / 400, i % 2 = 0,"
            " date '2023-01-01' + i::integer from range(340, 0, -1) t(i)"
        )
        connection.execute("create table dim_note (municipality_code varchar, text varchar)")
        connection.execute("insert into dim_note values ('GM1900', ?)", [self.answer_text])
        connection.execute("create table stg_not_published as select 1 as a")

    def _tables(self) -> list[Sequence[Any]]:
        def table(
            number: int, table_id: str, titles: tuple[str, str], row_headings: tuple[str, str] = ("", "")
        ) -> Sequence[Any]:
            sources = (self.source, "questionnaire of municipalities, 2023")
            kind = "figure" if table_id.startswith("figuur") else "table"
            return ("landelijk2023", number, table_id, kind, *titles, *sources, "", "", *row_headings, self.origin)

        tables = [
            table(
                1,
                "tabel_1_10",
                (
                    "Overzicht van het aantal doelgroepkinderen, het aantal kindplaatsen en het aantal bereikte"
                    " doelgroepkinderen in 2022, en het aantal gemeenten dat deze gegevens aanleverde",
                    "Number of target children, number of places and number of reached target children in 2022, and"
                    " number of municipalities that provided these data",
                ),
            ),
            table(
                2,
                "tabel_1_11",
                (
                    "Bereikpercentage in relatie tot de omvang van de doelgroepdefinitie",
                    "Reach in relation to the breadth of the target-group definition",
                ),
                ("Omvang doelgroepdefinitie", "Breadth of the definition"),
            ),
            table(
                3,
                "figuur_1_4",
                (
                    "Overzicht van de ontwikkeling van het aantal doelgroeppeuters, kindplaatsen en bereikte"
                    " doelgroeppeuters in 2020, 2021 en 2022 (n=88)",
                    "Development of the number of target toddlers, places and reached target toddlers in 2020, 2021 and"
                    " 2022 (n=88)",
                ),
            ),
        ]
        return [table for table in tables if table[2] not in self.left_out]

    def _cells(self) -> list[Sequence[Any]]:
        cells: list[Sequence[Any]] = []
        labels = {**LABELS, "places": (self.places_label, "Places")}

        def cell(
            table: tuple[str, str],
            row: tuple[int, str, str, str],
            column: tuple[int, str, str, str],
            measure: str,
            statistic: str,
            year: int,
            fraction: tuple[int, int | None],
            n: int,
        ) -> None:
            numerator, denominator = fraction
            value = n if statistic == "n_municipalities" else numerator / (denominator or 1)
            is_percent = statistic == "value" and denominator is not None
            text = f"{100 * value:.0f}%" if is_percent else f"{value:,.0f}"
            cells.append(
                (
                    "landelijk2023",
                    *table,
                    row[0],
                    column[0],
                    row[1],
                    column[1],
                    *row[2:],
                    *column[2:],
                    measure,
                    statistic,
                    year + 1,
                    year,
                    "all",
                    "total",
                    "total",
                    numerator,
                    denominator,
                    value,
                    "percent" if is_percent else "count",
                    0,
                    text.replace(",", "."),
                    text,
                    n,
                    self.origin,
                )
            )

        amounts = {"target_toddlers": (53257, 297), "places": (self.places, 291), "reached_toddlers": (43334, 314)}
        for row_no, (row_key, nl, en, statistic) in enumerate(
            (
                ("amount", "Aantal", "Number", "value"),
                (
                    "municipalities",
                    "Aantal gemeenten dat gegevens aanleverde",
                    "Number of municipalities that provided data",
                    "n_municipalities",
                ),
            ),
            start=1,
        ):
            for column_no, key in enumerate(COUNTS, start=1):
                cell(
                    ("tabel_1_10", "table"),
                    (row_no, row_key, nl, en),
                    (column_no, key, *labels[key]),
                    key,
                    statistic,
                    2022,
                    (amounts[key][0], None),
                    amounts[key][1],
                )
        breadths = (
            ("narrow", self.narrow_label, "Narrow", 7800, 10000, 83),
            ("middle", "Midden", "Middle", 9240, 12000, 119),
            ("broad", "Breed", "Broad", 5100, 6000, 54),
        )
        for row_no, (key, nl, en, reached, target, n) in enumerate(breadths, start=1):
            row = (row_no, key, nl, en)
            cell(
                ("tabel_1_11", "table"),
                row,
                (1, "reach", "Bereikpercentage", "Reach"),
                "reach",
                "value",
                2022,
                (reached, target),
                n,
            )
            cell(
                ("tabel_1_11", "table"),
                row,
                (2, "municipalities", "Aantal gemeenten", "Municipalities"),
                "reach",
                "n_municipalities",
                2022,
                (reached, target),
                n,
            )
        for row_no, year in enumerate((2020, 2021, 2022)):
            for column_no, key in enumerate(COUNTS, start=1):
                cell(
                    ("figuur_1_4", "figure"),
                    (row_no + 1, str(year), str(year), str(year)),
                    (column_no, key, *labels[key]),
                    key,
                    "value",
                    year,
                    (PANEL[key][row_no], None),
                    88,
                )
        return [cell for cell in cells if cell[1] not in self.left_out]


@cache
def _file(warehouse: Warehouse) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.duckdb"
        with duckdb.connect(path) as connection:
            warehouse.create(connection)
        return path.read_bytes()


def _marks(count: int) -> str:
    return ", ".join("?" * count)
