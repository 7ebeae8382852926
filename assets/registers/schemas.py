"""What a value in a register can be, as Pandera schemas; the one module that imports Pandera, so import it late.

Belongs here: rules about one value, and keys. Does not belong here: rules that need a second column or a second
register (``checks.py``).
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from assets.registers.lineage import CHANGE_KINDS
from assets.registers.registers import DISADVANTAGE_GROUPS, REGISTERS, URBANISATION_LOWER_LIMITS

_YEARS = pa.Check.in_range(2015, 2050, error="is a year from 2015 to 2050")


def _matches(pattern: str, meaning: str) -> pa.Column:
    return pa.Column("str", pa.Check.str_matches(f"{pattern}$", error=meaning))


def _one_of(*allowed: str) -> pa.Column:
    return pa.Column("str", pa.Check.isin(allowed, error=f"is one of {', '.join(allowed)}"))


def _count(low: int, high: int, *, nullable: bool = False) -> pa.Column:
    check = pa.Check.in_range(low, high, error=f"is a count from {low} to {high}")
    return pa.Column("Int64" if nullable else "int64", check, nullable=nullable)


def _is_possible_date(values: pd.Series) -> pd.Series:
    return values.map(lambda value: isinstance(value, date) and 2015 <= value.year <= 2050).astype(bool)


def _is_new_years_day(values: pd.Series) -> pd.Series:
    return values.map(lambda value: isinstance(value, date) and (value.month, value.day) == (1, 1)).astype(bool)


def _code() -> pa.Column:
    return _matches(r"GM\d{4}", "is GM and four digits")


def _text() -> pa.Column:
    return _matches(r".+", "is not empty")


def _class() -> pa.Column:
    classes = sorted(URBANISATION_LOWER_LIMITS)
    return pa.Column("int64", pa.Check.isin(classes, error="is an urbanisation class from 1 to 5"))


_POSSIBLE_DATE = pa.Check(_is_possible_date, error="is a date from 2015 to 2050")
_COLUMNS: dict[str, dict[str, pa.Column]] = {
    "municipalities": {
        "reference_date": pa.Column(
            object, [_POSSIBLE_DATE, pa.Check(_is_new_years_day, error="is 1 January of a year")]
        ),
        "municipality_code": _code(),
        "municipality_name": _text(),
        "province_code": _matches(r"PV(2\d|3[01])", "is PV20 to PV31"),
        "province": _text(),
    },
    "municipality_changes": {
        "effective_date": pa.Column(object, _POSSIBLE_DATE),
        "old_code": _code(),
        "old_name": _text(),
        "new_code": _code(),
        "new_name": _text(),
        "kind": _one_of(*CHANGE_KINDS),
    },
    "name_variants": {"municipality_code": _code(), "name": _text(), "source": _text()},
    "urbanisation": {
        "reference_year": pa.Column("int64", _YEARS),
        "municipality_code": _code(),
        "address_density": _count(1, 20_000, nullable=True),
        "urbanisation_class": _class(),
        "status": _one_of("observed", "estimated"),
        "source": _text(),
    },
    "disadvantage": {
        "layout_year": pa.Column("int64", _YEARS),
        "municipality_code": _code(),
        "schools": _count(1, 1_000),
        "pupils": _count(1, 500_000),
        "disadvantage_score": pa.Column("float64", pa.Check.in_range(0, 5, error="is a score from 0 to 5")),
        "disadvantage_group": _one_of(*DISADVANTAGE_GROUPS),
    },
    "report_classification": {
        "classification": _one_of("thema2022"),
        "municipality_code": _code(),
        "urbanisation_class": _class(),
        "disadvantage_group": _one_of(*DISADVANTAGE_GROUPS),
        "observed_urbanisation_class": _class(),
        "observed_disadvantage_group": _one_of(*DISADVANTAGE_GROUPS),
        "changed": pa.Column("bool"),
    },
    "national_series": {
        "reference_year": pa.Column("int64", _YEARS),
        "indicator": _one_of("places", "target_toddlers", "reached_toddlers", "reach"),
        "value": pa.Column("float64", pa.Check.in_range(0, 1_000_000, error="is a number from 0 to 1,000,000")),
        "unit": _one_of("count", "percent"),
        "municipalities": _count(1, 400, nullable=True),
        "basis": pa.Column("str", nullable=True),
        "source": _text(),
    },
}

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    name: pa.DataFrameSchema(_COLUMNS[name], name=name, strict=True, ordered=True, unique=list(register.key))
    for name, register in REGISTERS.items()
}


def impossible_values(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The cells that the register's schema refuses: the register's key, and ``column``, ``value``, ``rule``.

    Double keys are left out: they are a check of their own. A wrong column or type has no row, so its key is empty.
    """
    schema = SCHEMAS[name]
    key = list(REGISTERS[name].key)
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        cases = cases[cases["check"] != "multiple_fields_uniqueness"]
        found = pd.DataFrame(
            {
                "column": cases["column"].astype("str"),
                "value": cases["failure_case"].astype("str"),
                "rule": cases["check"].astype("str"),
            }
        )
        keys = frame.reindex(columns=key).reindex(cases["index"])
        return pd.concat([keys.reset_index(drop=True), found.reset_index(drop=True)], axis=1).drop_duplicates()
    return pd.DataFrame(columns=[*key, "column", "value", "rule"])
