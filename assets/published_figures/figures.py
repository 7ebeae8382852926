"""Reads ``data/published_figures``: every figure that a report printed, with what it says and what is declared of it.

Belongs here: the columns of the lake's table, the key of a figure, and tying a declaration to its figures. Does not belong
here: the grammar of a printed value (``printed.py``), the fields of a declaration (``declarations.py``), or the comparison
with what the pipeline computes (``dbt_project``).
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from assets.base.csv_file import read_csv_file
from assets.base.errors import BadInput, shown
from assets.published_figures.declarations import Declaration, load_declarations
from assets.published_figures.printed import read_printed

FILE_COLUMNS = ("report", "place", "row", "column", "measure", "value", "base", "of_what", "line", "note")
KEY = ["place", "row", "column", "measure"]
COLUMNS = {
    "figure_no": "int32",
    "report": "str",
    "place": "str",
    "row_label": "str",
    "column_label": "str",
    "printed_as": "str",
    "printed": "str",
    "lower": "float64",
    "upper": "float64",
    "lower_open": "boolean",
    "upper_open": "boolean",
    "decimals": "Int32",
    "is_empty": "bool",
    "base": "Int64",
    "of_what": "str",
    "line": "int32",
    "note": "str",
    "declared": "str",
    "reason_nl": "str",
    "reason_en": "str",
}
_README = "data/published_figures/README.md says what each column holds"


def load_published_figures(figures_dir: Path) -> pd.DataFrame:
    """One row per printed figure, in the order of report and file; columns and types as ``COLUMNS``.

    ``printed`` is the value as keyed; ``lower`` … ``decimals`` are what it says (``Printed``), empty for an empty cell.
    ``declared`` is misprint, not_derivable or empty, ``reason_nl`` and ``reason_en`` say why. ``row_label`` and
    ``column_label`` are the report's own, '' where there is no column. Raises BadInput, with file and line, for the first
    thing that cannot be used.
    """
    files = sorted(figures_dir.glob("*.csv"))
    if not files:
        raise BadInput("There are no published figures", str(figures_dir), "add <report>.csv with what a report prints")
    keyed = pd.concat([_read_report(file) for file in files], ignore_index=True)
    said = [read_printed(value, measure) for value, measure in zip(keyed["value"], keyed["measure"], strict=True)]
    told = _declared(keyed, load_declarations(figures_dir))
    figures = keyed.rename(
        columns={"row": "row_label", "column": "column_label", "measure": "printed_as", "value": "printed"}
    ).assign(
        figure_no=range(1, len(keyed) + 1),
        base=pd.to_numeric(keyed["base"].replace("", None)),
        declared=pd.Series({i: declaration.declared for i, declaration in told.items()}, dtype="str"),
        reason_nl=pd.Series({i: declaration.reason.nl for i, declaration in told.items()}, dtype="str"),
        reason_en=pd.Series({i: declaration.reason.en for i, declaration in told.items()}, dtype="str"),
    )
    says = pd.DataFrame([{**asdict(printed), "is_empty": printed.is_empty} for printed in said])
    return pd.concat([figures, says], axis="columns")[list(COLUMNS)].astype(COLUMNS)


def _read_report(file: Path) -> pd.DataFrame:
    """A report's rows as keyed, all text, each checked by itself."""
    # Here and not above: Pandera takes a second to import.
    from assets.published_figures.schemas import first_impossible_cell

    frame = _read_rows(file)
    if refused := first_impossible_cell(file.stem, frame):
        line, column, text, rule = refused
        raise BadInput(f"{shown(text)} {rule}", f"{file}, line {line}, column {column}", f"mend that cell; {_README}")
    for line, value, measure in zip(frame.index, frame["value"], frame["measure"], strict=True):
        try:
            read_printed(value, measure)
        except ValueError as error:
            raise BadInput(
                f"{shown(value)} {error}", f"{file}, line {line}, column value", f"mend that cell; {_README}"
            ) from None
    lines: dict[tuple[str, ...], int] = {}
    for line, *key in frame[KEY].itertuples(name=None):
        first = lines.setdefault(tuple(key), line)
        if first != line:
            raise BadInput(
                f"The figure {_name(key)} is in line {first} too",
                f"{file}, line {line}",
                "give each figure a row label of its own, or remove one of the two",
            )
    return frame


def _read_rows(file: Path) -> pd.DataFrame:
    """The file's rows as text, with the line on which each begins as index."""
    table = read_csv_file(file, "file of published figures", "put the file back")
    if tuple(table.header.cells) != FILE_COLUMNS:
        raise BadInput(
            "The file of published figures has the wrong columns",
            f"{file}, line 1",
            f"its first line is {','.join(FILE_COLUMNS)}",
        )
    if not table.rows:
        raise BadInput("The file of published figures holds no figures", f"{file}, line 1", "add a row for each figure")
    return pd.DataFrame(
        [row.cells for row in table.rows],
        columns=list(FILE_COLUMNS),
        index=[row.line for row in table.rows],
        dtype="str",
    )


def _declared(keyed: pd.DataFrame, declarations: list[Declaration]) -> dict[int, Declaration]:
    """The declaration of each figure that has one, by its place in ``keyed``."""
    declared: dict[int, Declaration] = {}
    by_row: dict[tuple[str, str, str], list[int]] = {}
    for i, *row in keyed[["report", "place", "row"]].itertuples(name=None):
        by_row.setdefault((row[0], row[1], row[2]), []).append(i)
    for declaration in declarations:
        figure = declaration.figure
        named = [
            i
            for i in by_row.get((figure.report, figure.place, figure.row), [])
            if figure.column in (None, keyed.at[i, "column"]) and figure.measure in (None, keyed.at[i, "measure"])
        ]
        if not named:
            name = _name([figure.report, figure.place, figure.row, figure.column, figure.measure])
            raise BadInput(
                f"There is no published figure {name}",
                declaration.where,
                "write place, row, column and measure as the report's CSV file does",
            )
        for i in named:
            name = _name(keyed.loc[i, KEY])
            if i in declared:
                raise BadInput(
                    f"The figure {name} is declared twice, also in {declared[i].where}",
                    declaration.where,
                    "remove one of the two",
                )
            if declaration.printed not in (None, keyed.at[i, "value"]):
                raise BadInput(
                    f"The figure {name} is keyed as {keyed.at[i, 'value']!r}, not {declaration.printed!r}",
                    declaration.where,
                    "look at the report, and make 'printed' and the CSV file the same",
                )
            declared[i] = declaration
    return declared


def _name(parts: Any) -> str:
    return " › ".join(str(part) for part in parts if part)
