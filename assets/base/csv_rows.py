"""The rows of a CSV file that is kept by hand, each as a model, with the line on which it begins.

Belongs here: that the columns and cells are those of the model. Does not belong here: CSV as such (``csv_file.py``),
rules between rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from assets.base.csv_file import CsvTable, read_csv_file
from assets.base.errors import BadInput, shown
from assets.base.models import first_mistake

Model = TypeVar("Model", bound=BaseModel)


class ModelRow(NamedTuple, Generic[Model]):
    """A row, and its place in the file."""

    file: Path
    line: int
    content: Model

    @property
    def where(self) -> str:
        """The place of the row, in a message."""
        return f"{self.file}, line {self.line}"


def read_model_rows(
    file: Path, model: type[Model], subject: str, remedy: str, unused: Collection[str] = ()
) -> Iterator[ModelRow[Model]]:
    """Every row of a file whose columns are the fields of ``model``, in any order, and ``unused``.

    ``subject`` is what the file is called in a message, ``remedy`` says what it holds. Raises BadInput with file, line
    and column for the first thing that cannot be used.
    """
    table = read_csv_file(file, subject, f"put the file back; {remedy}")
    _check_columns(table, file, [*model.model_fields, *unused], subject)
    for row in table.rows:
        cells = {name: cell for name, cell in zip(table.header.cells, row.cells, strict=True) if name not in unused}
        try:
            yield ModelRow(file, row.line, model.model_validate(cells))
        except ValidationError as error:
            mistake = first_mistake(error)
            column = str(mistake.place[0])
            raise BadInput(
                f"{shown(cells[column])} {mistake.after_value}",
                f"{file}, line {row.line}, column {column}",
                f"mend that cell; {remedy}",
            ) from None


def _check_columns(table: CsvTable, file: Path, expected: list[str], subject: str) -> None:
    header = table.header.cells
    if sorted(header) == sorted(expected):
        return
    if not header:
        raise BadInput(
            f"The {subject} is empty", f"{file}, line 1", f"name its columns {','.join(expected)}, and add rows"
        )
    missing = ", ".join(sorted(set(expected) - set(header))) or "none"
    unknown = ", ".join(sorted({c for c in header if c not in expected or header.count(c) > 1})) or "none"
    raise BadInput(
        f"The {subject} has the wrong columns (missing: {missing}; unknown or double: {unknown})",
        f"{file}, line {table.header.line}",
        f"name its columns {','.join(expected)}",
    )
