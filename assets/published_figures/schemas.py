"""What a cell of ``data/published_figures/<report>.csv`` can hold, as a Pandera schema; import it late, Pandera is slow.

Belongs here: rules about one cell as text. Does not belong here: what a value says (``printed.py``), keys and
declarations (``figures.py``).
"""

from __future__ import annotations

import re
from typing import get_args

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from assets.published_figures.printed import PrintedAs

_PLACE = re.compile(
    r"Voorwoord|Samenvatting|§\d+(\.\d+)*( \S.*)?|(Tabel|Figuur) \d\S*|Bijlage \d+( (Tabel|Figuur) \d\S*)?"
)
# A hyphen and a space within a word; "voor- en vroegschools" and "in- of uitstroom" are no such thing.
_BROKEN_WORD = re.compile(r"\w- (?!en |of |\()|\w-$")


def _is_tidy(values: pd.Series) -> pd.Series:
    return values.map(lambda value: value == " ".join(value.split()))


def _is_rejoined(values: pd.Series) -> pd.Series:
    return ~values.str.contains(_BROKEN_WORD)


_TIDY = pa.Check(_is_tidy, error="has a line break, or a space too many")
_REJOINED = pa.Check(_is_rejoined, error="has a word that a line break cut in two")
_GIVEN = pa.Check.str_length(min_value=1, error="is empty")


def figures_schema(report: str) -> pa.DataFrameSchema:
    """The columns of the file of ``report``, in their order; every cell is text."""
    measures = get_args(PrintedAs)
    return pa.DataFrameSchema(
        {
            "report": pa.Column("str", pa.Check.eq(report, error=f"is not {report}, as the file is called")),
            "place": pa.Column(
                "str",
                pa.Check.str_matches(
                    f"^(?:{_PLACE.pattern})$",
                    error="is not Voorwoord, Samenvatting, §1.2, Tabel 1.2, Figuur 1.2, Bijlage 1 or Bijlage 2 Tabel 1",
                ),
            ),
            "row": pa.Column("str", [_GIVEN, _TIDY, _REJOINED]),
            "column": pa.Column("str", [_TIDY, _REJOINED]),
            "measure": pa.Column("str", pa.Check.isin(measures, error=f"is not one of {', '.join(measures)}")),
            "value": pa.Column("str"),
            "base": pa.Column(
                "str", pa.Check.str_matches(r"^([1-9]\d{0,8})?$", error="is not a whole number or empty")
            ),
            "of_what": pa.Column("str", [_GIVEN, _TIDY]),
            "line": pa.Column("str", pa.Check.str_matches(r"^[1-9]\d{0,8}$", error="is not the number of a line")),
            "note": pa.Column("str", _TIDY),
        },
        name=report,
        strict=True,
        ordered=True,
    )


def first_impossible_cell(report: str, frame: pd.DataFrame) -> tuple[int, str, str, str] | None:
    """The index, column, text and broken rule of the uppermost cell that the schema refuses."""
    try:
        figures_schema(report).validate(frame, lazy=True)
    except SchemaErrors as errors:
        case = errors.failure_cases.sort_values("index", kind="stable").iloc[0]
        return int(case["index"]), str(case["column"]), str(case["failure_case"]), str(case["check"])
    return None
