"""Reads ``data/registers/*.csv``, and says file, line, column and remedy when one cannot be read.

Belongs here: how a cell becomes a value of its column. Does not belong here: whether a value is possible
(``tables.py``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, create_model

from assets.base.csv_rows import read_model_rows
from assets.base.errors import BadInput
from assets.base.models import EMPTY_IS_NONE, DecimalNumber, IsoDate, StrictModel, TidyText, TrueOrFalse, WholeNumber
from assets.base.schemas import Column
from assets.registers.tables import REGISTERS

if TYPE_CHECKING:
    import pandas as pd

_CELL_TYPES: dict[str, Any] = {
    "str": TidyText,
    "int64": WholeNumber,
    "Int64": WholeNumber,
    "float64": DecimalNumber,
    "object": IsoDate,
    "bool": TrueOrFalse,
}


def load_registers(registers_dir: Path) -> dict[str, pd.DataFrame]:
    """Every register by name, with the columns of ``REGISTERS``. Raises BadInput for the first that cannot be read."""
    return {name: load_register(registers_dir, name) for name in REGISTERS}


def load_register(registers_dir: Path, name: str) -> pd.DataFrame:
    """One register in its file's order: dates as ``datetime.date``, counts as whole numbers, an empty count as <NA>.

    Raises BadInput (file, line, column, remedy) when the file, its columns or a cell is not what ``REGISTERS`` says.
    """
    register = REGISTERS[name]
    file = registers_dir / register.file_name
    remedy = "data/registers/README.md says what it holds and where it is from"
    rows = list(read_model_rows(file, _row_model(name), f"register {name}", remedy, register.kept_in_file))
    if not rows:
        raise BadInput(f"The register {name} holds no rows", str(file), "put the register's rows back")
    return register.frame(dict(row.content) for row in rows)


@cache
def _row_model(name: str) -> type[BaseModel]:
    """A row of a register, as its columns are declared."""

    def cell_type(column: Column) -> Any:
        own = _CELL_TYPES[column.dtype]
        return Annotated[own | None, EMPTY_IS_NONE] if column.nullable else own

    fields: dict[str, Any] = {column: (cell_type(one), ...) for column, one in REGISTERS[name].columns.items()}
    return create_model(name, __base__=StrictModel, **fields)
