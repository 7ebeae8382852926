"""Every figure that a report printed, with what it says and what is declared of it: the table of
``data/published_figures``.

Belongs here: the columns of the lake's table, and tying a declaration to its figures. Does not belong here: the lines
of a file (``keyed.py``), the fields of a declaration (``declarations.py``), the comparison with what the pipeline
computes (``dbt_project``).
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from assets.base.errors import BadInput
from assets.base.models import in_columns
from assets.base.schemas import Column, LakeTable, any_text, flag, in_both_languages, name, one_of, place, text, whole
from assets.catalogue.report_fields import PrintedAs
from assets.published_figures.declarations import Declaration, Declared, load_declarations
from assets.published_figures.keyed import KeyedFigure, name_of, read_figures

if TYPE_CHECKING:
    import pandas as pd

FIGURES = LakeTable(
    "published_figures/figures",
    "One row per figure that a report printed, in the order of report and file. printed is the value as keyed; lower "
    "… decimals are what it says, empty for an empty cell. declared is misprint, deviation, not_derivable or empty, "
    "the reasons say why. row_label and column_label are the report's own, '' where there is no column.",
    {
        "figure_no": place("Place in data/published_figures, report by report."),
        "report": name("The report that prints it."),
        "place": text("Table, figure or section, as printed."),
        "row_label": text("Label of the row as printed, or what a sentence counts."),
        "column_label": any_text("Label of the column as printed, '' where there is none."),
        "printed_as": one_of("Which kind of number it is.", get_args(PrintedAs)),
        "printed": any_text("The value as keyed."),
        "lower": Column("float64", "Lowest number that agrees; empty for an empty cell.", nullable=True),
        "upper": Column("float64", "Highest number that agrees; empty for an empty cell.", nullable=True),
        "lower_open": flag("Whether the lowest itself does not agree.", nullable=True),
        "upper_open": flag("Whether the highest itself does not agree.", nullable=True),
        "decimals": whole("Decimals printed.", 0, 6, nullable=True),
        "is_empty": flag("Whether the cell is printed empty or as a dash."),
        "base": whole("The base where print states it.", 1, 999_999_999, bits=64, nullable=True),
        "of_what": text("What is counted, of whom, in which year."),
        "line": place("Line in the text of the report."),
        "note": any_text("What the keyer noted, '' for nothing."),
        "declared": one_of("What is declared of it; empty where it must come out.", get_args(Declared), nullable=True),
        **in_both_languages("reason", "Why it is declared so", nullable=True),
    },
    key=("report", "place", "row_label", "column_label", "printed_as"),
)


def load_published_figures(figures_dir: Path) -> pd.DataFrame:
    """``FIGURES``. Raises BadInput, with file and line, for the first thing that cannot be used."""
    files = sorted(figures_dir.glob("*.csv"))
    if not files:
        raise BadInput("There are no published figures", str(figures_dir), "add <report>.csv with what a report prints")
    keyed = [row.content for file in files for row in read_figures(file)]
    declared = _declared(keyed, load_declarations(figures_dir))
    return FIGURES.frame(_row(at, figure, declared.get(at)) for at, figure in enumerate(keyed))


def _row(at: int, figure: KeyedFigure, declaration: Declaration | None) -> dict[str, Any]:
    return {
        **figure.model_dump(include={"report", "place", "base", "of_what", "line", "note"}),
        "figure_no": at + 1,
        "row_label": figure.row,
        "column_label": figure.column,
        "printed_as": figure.measure,
        "printed": figure.value,
        **asdict(figure.printed),
        "is_empty": figure.printed.is_empty,
        "declared": declaration.declared if declaration else None,
        **in_columns(reason=declaration.reason if declaration else None),
    }


def _declared(keyed: list[KeyedFigure], declarations: list[Declaration]) -> dict[int, Declaration]:
    """The declaration of each figure that has one, by its place in ``keyed``."""
    declared: dict[int, Declaration] = {}
    by_row: dict[tuple[str, str, str], list[int]] = {}
    for at, figure in enumerate(keyed):
        by_row.setdefault((figure.report, figure.place, figure.row), []).append(at)
    for declaration in declarations:
        named = declaration.figure
        found = [
            at
            for at in by_row.get((named.report, named.place, named.row), [])
            if named.column in (None, keyed[at].column) and named.measure in (None, keyed[at].measure)
        ]
        if not found:
            name = name_of([named.report, named.place, named.row, named.column, named.measure])
            raise BadInput(
                f"There is no published figure {name}",
                declaration.where,
                "write place, row, column and measure as the report's CSV file does",
            )
        for at in found:
            _refuse_unfit(declaration, keyed[at], declared.get(at))
            declared[at] = declaration
    return declared


def _refuse_unfit(declaration: Declaration, figure: KeyedFigure, other: Declaration | None) -> None:
    name = name_of(figure.key)
    if other is not None:
        what = f"The figure {name} is declared twice, also in {other.where}"
        raise BadInput(what, declaration.where, "remove one of the two")
    if declaration.printed not in (None, figure.value):
        raise BadInput(
            f"The figure {name} is keyed as {figure.value!r}, not {declaration.printed!r}",
            declaration.where,
            "look at the report, and make 'printed' and the CSV file the same",
        )
