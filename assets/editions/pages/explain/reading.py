"""What each published cell rests on, as an edition or the warehouse has it.

Belongs here: the cells that share an explanation, with the questions and municipalities behind them. Does not belong
here: SQL
(the ``rpt_`` models have it), which cell somebody means (``finding.py``), showing it (``page.py``, the command line).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.base.errors import BadInput
from assets.base.texts import Text, exact
from assets.editions.files.marts import DUCKDB_FILE
from assets.editions.pages.records import Record, has_tables, read_records, records
from assets.editions.publication.folder import LATEST, part_folder

if TYPE_CHECKING:
    import duckdb

_table_of = itemgetter("report", "table_id")
_cell_of = itemgetter("report", "table_id", "row_key", "column_key")


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a cell rests on, with how many municipalities of the population and group have which status."""

    question_id: str
    wording: Text
    statuses: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one or more cells of a row rest on. ``cells``: of ``rpt_cells``, each with what ``rpt_cell_explanations``
    says of it, in the order of the columns; what they share is in the ``first``."""

    cells: tuple[Record, ...]
    questions: tuple[Question, ...]

    @property
    def first(self) -> Record:
        """The cell whose explanation the others of the row share."""
        return self.cells[0]

    @property
    def place(self) -> tuple[str, ...]:
        """Report, table, row and column of the first cell."""
        return tuple(_cell_of(self.first))

    @property
    def statuses(self) -> frozenset[str]:
        """The answer statuses that its questions have."""
        return frozenset(status for question in self.questions for status in question.statuses)


def published_database(editions: Path, edition: Path | None = None) -> Path:
    """The database of the internal part of an edition, or of the newest of ``editions``; or of the part in the folder
    ``edition``. Raises BadInput where there is none."""
    folder = edition or editions / LATEST
    for file in (part_folder(folder, "internal") / DUCKDB_FILE, folder / DUCKDB_FILE):
        if file.is_file():
            return file
    if edition is None:
        raise BadInput("There is no edition yet", str(folder), "'lea run' publishes the first one")
    raise BadInput("There is no edition in this folder", str(folder), f"name a folder that holds {DUCKDB_FILE}")


@contextmanager
def opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database, read-only. What it cannot answer, or a file that is no database, is a BadInput."""
    import duckdb

    try:
        with duckdb.connect(file, read_only=True) as connection:
            yield connection
    except (duckdb.CatalogException, duckdb.BinderException):
        raise BadInput(
            "This edition does not tell what its numbers rest on: it was made before that was published",
            str(file),
            "'lea run' publishes one that does; or name another with --edition",
        ) from None
    except duckdb.Error as error:
        raise BadInput(
            f"This edition cannot be read: {str(error).splitlines()[0]}", str(file), "name another with --edition"
        ) from None


def read_tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[Record]:
    """All tables, figures and sections (``rpt_tables``), in the order of the reports."""
    return sorted(records(connection, schema, "rpt_tables"), key=itemgetter("report", "position"))


def read_explanations(
    connection: duckdb.DuckDBPyConnection, schema: str, **only: str
) -> dict[tuple[str, str], list[Explanation]]:
    """The explanations by (report, table id), in the order of rows and columns; ``only``: of cells with these keys."""
    cells = {_cell_of(cell): cell for cell in records(connection, schema, "rpt_cells", **only)}
    entry = [cells[_cell_of(one)] | one for one in records(connection, schema, "rpt_cell_explanations", **only)]
    entry.sort(key=itemgetter("report", "table_id", "explanation_no", "column_no"))
    questions = _questions(records(connection, schema, "rpt_cell_statuses", **only))
    explained: dict[tuple[str, str], list[Explanation]] = {}
    for _, same in groupby(entry, key=itemgetter("report", "table_id", "explanation_no")):
        sharing = tuple(same)
        one = Explanation(sharing, questions.get(_cell_of(sharing[0]), ()))
        explained.setdefault(_table_of(one.first), []).append(one)
    return explained


def _questions(statuses: Iterable[Record]) -> dict[tuple[str, ...], tuple[Question, ...]]:
    """The questions of each cell, in their order."""
    in_order = sorted(
        statuses, key=lambda status: (*_cell_of(status), status["question_position"], status["question_id"])
    )
    found: dict[tuple[str, ...], tuple[Question, ...]] = {}
    for (*cell, question_id), of_question in groupby(in_order, key=lambda s: (*_cell_of(s), s["question_id"])):
        rows = list(of_question)
        question = Question(question_id, rows[0]["wording"], {row["status"]: row["municipalities"] for row in rows})
        found[tuple(cell)] = (*found.get(tuple(cell), ()), question)
    return found


def read_members(connection: duckdb.DuckDBPyConnection, schema: str, one: Explanation) -> list[Record]:
    """The municipalities in the base of an explained number (``rpt_cell_members``), by name."""
    where = dict(zip(("report", "table_id", "row_key", "column_key"), one.place, strict=True))
    members = records(connection, schema, "rpt_cell_members", **where)
    return sorted(members, key=itemgetter("municipality_name", "municipality_code"))


def read_printed_figures(connection: duckdb.DuckDBPyConnection, schema: str, one: Explanation) -> list[Record]:
    """The printed figures that these numbers were compared with; none where the survey year has no printed report."""
    if not has_tables(connection, schema, ["rpt_reconciliation"]):
        return []
    report, table_id, row_key, _ = one.place
    columns = {cell["column_key"] for cell in one.cells}
    figures = records(connection, schema, "rpt_reconciliation", report=report, table_id=table_id, row_key=row_key)
    return [figure for figure in figures if figure["column_key"] in columns]


def recomputed(connection: duckdb.DuckDBPyConnection, one: Explanation, file: Path) -> dict[str, Any]:
    """What its SQL gives, by column. Only where the marts are in the connection's own schema, as in the published
    ``file``. Raises BadInput where that is not the published number."""
    [result] = read_records(connection, one.first["sql"])
    for cell in one.cells:
        given, published = result[cell["statistic"]], cell["value"]
        if given is not published and (None in (given, published) or not math.isclose(given, published, rel_tol=1e-9)):
            raise BadInput(
                f"The SQL gives {exact(given)}, the edition says {exact(published)}",
                f"{file}, {' / '.join(one.place)}",
                "do not use this number; tell who makes the editions",
            )
    return result
