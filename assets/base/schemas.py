"""The columns of a table of the lake, declared once: its frame, its Pandera schema and its columns in the UI follow
from it.

Belongs here: what a declaration can say. Does not belong here: any table (its stage declares it), rules between columns
or tables (``checks.py`` of the stage).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa


@dataclass(frozen=True)
class ValueRule:
    """What a value has to be: in ``words`` that follow the value, and as a test of a whole column."""

    words: str
    holds: Callable[[pd.Series], pd.Series]


def matches(pattern: str, words: str) -> ValueRule:
    """A text that is as the pattern says, from its first character to its last."""
    return ValueRule(words, lambda values: values.str.fullmatch(pattern))


def is_one_of(*allowed: Any, words: str | None = None) -> ValueRule:
    """One of these values."""
    return ValueRule(words or f"is one of {', '.join(map(str, allowed))}", lambda values: values.isin(allowed))


def is_between(lowest: float, highest: float, words: str) -> ValueRule:
    """A number from ``lowest`` up to and including ``highest``."""
    return ValueRule(words, lambda values: values.between(lowest, highest))


@dataclass(frozen=True)
class Column:
    """A column with rules about one value. ``dtype`` is the pandas type; dates are ``object``."""

    dtype: str
    rules: tuple[ValueRule, ...] = ()
    nullable: bool = False


@dataclass(frozen=True, eq=False)
class LakeTable:
    """A table of the lake. ``name`` is ``<stage>/<table>``, of its asset as well as of its file. ``columns``: in order,
    a pandas type where that says it all. ``key``: the columns that name a row."""

    name: str
    description: str
    columns: Mapping[str, str | Column]
    key: tuple[str, ...] = ()

    @property
    def dtypes(self) -> dict[str, str]:
        """Column → the type that pandas gives it."""
        return {name: one if isinstance(one, str) else one.dtype for name, one in self.columns.items()}

    def file(self, lake: Path) -> Path:
        """Where it is in the lake."""
        return lake / f"{self.name}.parquet"

    def frame(self, rows: Iterable[Any] = ()) -> pd.DataFrame:
        """These rows (mappings, or values in order) with the table's columns and types; what a row does not name is
        empty."""
        import pandas as pd

        given = pd.DataFrame(list(rows), columns=list(self.columns), dtype=object)
        return pd.DataFrame({name: pd.array(given[name].array, dtype=dtype) for name, dtype in self.dtypes.items()})

    def pandera_schema(self) -> pa.DataFrameSchema:
        """The schema that a frame of this table has to fit."""
        import pandera.pandas as pa

        def column(declared: str | Column) -> pa.Column:
            of = Column(declared, nullable=True) if isinstance(declared, str) else declared
            dtype: Any = object if of.dtype == "object" else of.dtype
            return pa.Column(dtype, [pa.Check(r.holds, error=r.words) for r in of.rules], nullable=of.nullable)

        columns = {name: column(declared) for name, declared in self.columns.items()}
        return pa.DataFrameSchema(columns, name=self.name, strict=True, ordered=True, unique=list(self.key) or None)

    def refused_values(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The cells that the schema refuses: the table's key, and ``column``, ``value``, ``rule``.

        Double keys are left out: they are a check of their own. A wrong column or type has no row, so its key is empty.
        """
        import pandas as pd
        from pandera.errors import SchemaErrors

        try:
            self.pandera_schema().validate(frame, lazy=True)
        except SchemaErrors as errors:
            cases = errors.failure_cases
            cases = cases[cases["check"] != "multiple_fields_uniqueness"]
            names = {"column": "column", "failure_case": "value", "check": "rule"}
            found = cases[list(names)].astype("str").rename(columns=names).reset_index(drop=True)
            keys = frame.reindex(columns=list(self.key)).reindex(cases["index"]).reset_index(drop=True)
            refused: pd.DataFrame = pd.concat([keys, found], axis=1).drop_duplicates()
            return refused
        return pd.DataFrame(columns=[*self.key, "column", "value", "rule"])
