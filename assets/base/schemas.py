"""A table of the lake, declared once: its columns with what they are, their types and what they can hold, and its key.

Everything else follows from the declaration: the frame that is made, the check before it is written (a Pandera schema),
and the columns that the Dagster UI shows. Belongs here: what a declaration can say. Does not belong here: any table
(its stage declares it), rules between tables (``checks.py`` of the stage).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.limits import CODE, CODE_IN_WORDS
from assets.base.made_of import table_file

if TYPE_CHECKING:  # imported where a table is checked: whoever only reads the declaration does without Pandera
    import pandas as pd
    import pandera.pandas as pa

AS_DECLARED = "table_is_as_declared"
OUR_FAULT = "this is a fault of the monitor, not of whoever wrote the file: report it with the failing rows"
_FIRST_YEAR, _LAST_YEAR = 2015, 2050


@dataclass(frozen=True)
class ValueRule:
    """What a value has to be: in ``words`` that follow the value, and as a test of a whole column."""

    words: str
    holds: Callable[[pd.Series], pd.Series]


@dataclass(frozen=True)
class RowRule:
    """What a row has to be: in ``words`` that follow the row, and as a test of a whole table."""

    words: str
    holds: Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Column:
    """A column: its pandas type (dates are ``object``), what it is, and rules about one value that is not empty."""

    dtype: str
    description: str
    rules: tuple[ValueRule, ...] = ()
    nullable: bool = False


def matches(pattern: str, words: str) -> ValueRule:
    """A text that is as the pattern says, from its first character to its last."""
    return ValueRule(words, lambda values: values.str.fullmatch(pattern))


def is_one_of(*allowed: Any, words: str | None = None) -> ValueRule:
    """One of these values."""
    return ValueRule(words or f"is one of {', '.join(map(str, allowed))}", lambda values: values.isin(allowed))


def is_between(lowest: float, highest: float, words: str) -> ValueRule:
    """A number from ``lowest`` up to and including ``highest``."""
    return ValueRule(words, lambda values: values.between(lowest, highest))


IS_FILLED = ValueRule("is not empty", lambda values: values.str.len() > 0)
IS_NAME = matches(r"[a-z][a-z0-9_]*", "is a name of lower-case letters, digits and underscores")
IS_DAY = ValueRule(
    f"is a date from {_FIRST_YEAR} to {_LAST_YEAR}",
    lambda values: values.map(lambda one: type(one) is date and _FIRST_YEAR <= one.year <= _LAST_YEAR).astype(bool),
)


def text(description: str, *rules: ValueRule, nullable: bool = False) -> Column:
    """A text; without ``rules`` any that is not empty."""
    return Column("str", description, rules or (IS_FILLED,), nullable)


def any_text(description: str, *, nullable: bool = False) -> Column:
    """A text that can be ''."""
    return Column("str", description, nullable=nullable)


def name(description: str, *, nullable: bool = False) -> Column:
    """The name by which data call something: ``target_toddlers``."""
    return text(description, IS_NAME, nullable=nullable)


def one_of(description: str, allowed: Iterable[str], *, nullable: bool = False) -> Column:
    """One of these texts."""
    return text(description, is_one_of(*allowed), nullable=nullable)


def in_both_languages(stem: str, description: str, *, nullable: bool = False, filled: bool = True) -> dict[str, Column]:
    """The columns ``<stem>_nl`` and ``<stem>_en``."""
    rules = (IS_FILLED,) if filled else ()
    languages = {"nl": "Dutch", "en": "English"}
    return {
        f"{stem}_{code}": Column("str", f"{description}, in {of}.", rules, nullable) for code, of in languages.items()
    }


def whole(description: str, lowest: int, highest: int, *, bits: int = 32, nullable: bool = False) -> Column:
    """A whole number from ``lowest`` up to and including ``highest``."""
    rule = is_between(lowest, highest, f"is a whole number from {lowest} to {highest}")
    return Column(f"{'Int' if nullable else 'int'}{bits}", description, (rule,), nullable)


def place(description: str) -> Column:
    """The place of something in an order, from 1."""
    return Column("int32", description, (is_between(1, 2**31 - 1, "is a place, counted from 1"),))


def year(description: str, *, bits: int = 32, nullable: bool = False) -> Column:
    """A year that the monitor can speak of."""
    return whole(description, _FIRST_YEAR, _LAST_YEAR, bits=bits, nullable=nullable)


def decimal(description: str, lowest: float, highest: float, *, nullable: bool = False) -> Column:
    """A number from ``lowest`` up to and including ``highest``."""
    rule = is_between(lowest, highest, f"is a number from {lowest} to {highest}")
    return Column("float64", description, (rule,), nullable)


def day(description: str, *rules: ValueRule, dtype: str = "object") -> Column:
    """A ``datetime.date``."""
    return Column(dtype, description, (IS_DAY, *rules))


def flag(description: str, *, nullable: bool = False) -> Column:
    """True or false."""
    return Column("boolean" if nullable else "bool", description, nullable=nullable)


def repeated(column: Column) -> Column:
    """The column, stored as a category: each text once, however many rows hold it."""
    return replace(column, dtype="category")


SURVEY_YEAR = year("Year in which the questionnaire was filled in.")
QUESTION_ID = text(
    "Id of the question in its questionnaire.", matches(r"[A-Z][A-Za-z0-9_]*", "is the id of a question")
)
MUNICIPALITY_CODE = text("CBS code of the municipality.", matches(CODE, CODE_IN_WORDS))


@dataclass(frozen=True, eq=False)
class LakeTable:
    """A table of the lake. ``name`` is ``<stage>/<table>``, of its asset as well as of its file. ``columns``: in order.
    ``key``: the columns that tell its rows apart. ``rules``: of a row as a whole. ``remedy``: what to do about a table
    that is not as declared, ``{table}`` being its name."""

    name: str
    description: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    rules: tuple[RowRule, ...] = ()
    remedy: str = OUR_FAULT

    @property
    def dtypes(self) -> dict[str, str]:
        """Column → the type that pandas gives it."""
        return {name: column.dtype for name, column in self.columns.items()}

    @property
    def check(self) -> CheckDefinition:
        """The check that guards its asset: nothing that is not as declared is written."""
        return CheckDefinition(
            AS_DECLARED,
            self.name,
            True,
            "The table has the declared columns in their order, each value has its column's type and is one that the "
            f"column can hold, and no two rows have the same {', '.join(self.key)}.",
            self.remedy.format(table=self.name),
        )

    def file(self, lake: Path, survey_year: str = "") -> Path:
        """Where it is in the lake: one file per survey year where it is partitioned."""
        return table_file(lake, self.name, survey_year)

    def frame(self, rows: Iterable[Any] = ()) -> pd.DataFrame:
        """These rows (mappings, or values in order) with the table's columns and types; what a row does not name is
        empty. Raises ValueError where a flag is that cannot be: as a bool it would be true."""
        import pandas as pd

        given = pd.DataFrame(list(rows), columns=list(self.columns), dtype=object)
        nullable = {name: "boolean" if dtype == "bool" else dtype for name, dtype in self.dtypes.items()}
        typed = pd.DataFrame({name: pd.array(given[name].array, dtype=dtype) for name, dtype in nullable.items()})
        return typed.astype(self.dtypes)

    def narrowed(self, values: Mapping[str, ValueRule], *rules: RowRule) -> Self:
        """The same table with further rules: those that only its content decides, such as a year's questionnaire."""
        columns = {
            name: replace(column, rules=(*column.rules, values[name])) if name in values else column
            for name, column in self.columns.items()
        }
        return replace(self, columns=columns, rules=(*self.rules, *rules))

    def outcome(self, frame: pd.DataFrame) -> CheckOutcome:
        """The outcome of its check on a frame that is about to be written; ``checked`` counts cells."""
        return self.check.outcome(self.misfits(frame), frame.size)

    def misfits(self, frame: pd.DataFrame) -> pd.DataFrame:
        """All that is not as declared: the row's key, and ``column``, what was ``found``, and what that ``breaks``.

        What is wrong with a whole column has no key; of what is wrong with a row as a whole only the latter is said.
        """
        import pandas as pd
        from pandera.errors import SchemaErrors

        frame = frame.reset_index(drop=True)
        try:
            self.pandera_schema().validate(frame, lazy=True)
        except SchemaErrors as errors:
            return self._in_words(frame, errors.failure_cases)
        return pd.DataFrame(columns=[*self.key, "column", "found", "breaks"])

    def pandera_schema(self) -> pa.DataFrameSchema:
        """The declaration as Pandera holds it against a frame: strict, in order, with the key as a rule of rows."""
        import pandera.pandas as pa

        key = list(self.key)
        has_own_key = RowRule(_own_key(self.key), lambda frame: ~frame.duplicated(key, keep=False))
        return pa.DataFrameSchema(
            {
                name: pa.Column(
                    object if column.dtype == "object" else column.dtype,
                    [pa.Check(rule.holds, error=rule.words) for rule in column.rules],
                    nullable=column.nullable,
                )
                for name, column in self.columns.items()
            },
            checks=[pa.Check(rule.holds, error=rule.words, ignore_na=False) for rule in (has_own_key, *self.rules)],
            name=self.name,
            strict=True,
            ordered=True,
        )

    def _in_words(self, frame: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
        """Pandera's cases, one row each, though it gives a rule of rows once per cell of the row."""
        import pandas as pd

        cases = cases.assign(check=cases["check"].astype("str"))
        of_type, of_place = cases["check"].str.startswith("dtype("), cases["check"].isin(list(_OF_COLUMNS))
        cases = cases[of_type | of_place | cases["index"].notna()]  # else a rule that could not be asked
        column, value, rule = (cases[name].astype("object") for name in ("column", "failure_case", "check"))
        of_row = rule.isin([_own_key(self.key), *(one.words for one in self.rules)])
        of_place = of_place[cases.index]
        in_words = rule.replace({**_OF_COLUMNS, "not_nullable": IS_FILLED.words})
        found = pd.DataFrame(
            {
                "column": column.mask(of_place, value).mask(of_row, ""),
                "found": value.mask(of_place | of_row, "").mask(value.isna(), ""),
                "breaks": in_words.str.replace(r"^dtype\('(.*)'\)$", r"is of type \1", regex=True),
            }
        )
        found = found.astype("str").reset_index(drop=True)
        keys = frame.reindex(columns=list(self.key)).reindex(cases["index"]).reset_index(drop=True)
        misfits: pd.DataFrame = pd.concat([keys, found], axis=1)
        return misfits.drop_duplicates(ignore_index=True)


_OF_COLUMNS = {
    "column_in_schema": "is a declared column",
    "column_in_dataframe": "is in the table",
    "column_ordered": "is in its declared place",
}


def _own_key(key: tuple[str, ...]) -> str:
    return f"is the only row with its {', '.join(key)}"
