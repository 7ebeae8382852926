"""``lea explain``: where a published number comes from.

Belongs here: finding the cell that somebody means, and saying on a terminal what it rests on. Does not belong here: reading
that from an edition (``assets/editions/pages/explain/reading.py``).

It reads the published copy, never the warehouse: a run that is going on neither waits for it nor hinders it.
"""

from __future__ import annotations

import math
import shlex
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar

import duckdb

from assets.base.errors import BadInput, shown
from assets.base.paths import data_paths
from assets.base.texts import Text, counted
from assets.editions.content.mark import mark_of
from assets.editions.content.words import ANSWER_STATUSES
from assets.editions.files.marts import DUCKDB_FILE
from assets.editions.pages.explain.reading import (
    Explanation,
    Member,
    Number,
    PrintedFigure,
    Table,
    read_explanations,
    read_members,
    read_origin,
    read_printed_figures,
    read_tables,
    run_sql,
)
from assets.editions.pages.reconciliation.page import in_words
from assets.editions.publication.folder import LATEST
from orchestration.cli.console import Language, Voice

Candidate = TypeVar("Candidate")
SCHEMA = "main"
WIDTH = 110
RECONCILED = {
    "match": Text("komt overeen", "matches"),
    "misprint": Text("drukfout", "misprint"),
    "not_derivable": Text("niet af te leiden", "not derivable"),
    "differs": Text("verschilt", "differs"),
}


class Named(NamedTuple):
    """What can be meant: how it is shown in a list, and by which names it can be called."""

    shown: str
    names: tuple[str, ...]


def explain(
    table: str, row: str | None, column: str | None, report: str | None, language: Language, edition: Path | None
) -> None:
    """Prints a table's numbers, or with ``row`` what its number rests on. Raises BadInput where it is not one cell."""
    say = _Explaining(language)
    file = _database(edition)
    with _opened(file) as connection:
        mark = mark_of(read_origin(connection, SCHEMA))
        at_place = _at_place(say, read_tables(connection, SCHEMA), table, report)
        explained = {
            one: read_explanations(connection, SCHEMA, report=one.report, table_id=one.table_id)[
                one.report, one.table_id
            ]
            for one in at_place
        }
        if row is None and column is None:
            for one in at_place:
                _head(say, one, mark)
                _overview(say, one, explained[one], is_place_enough=report is None)
            return
        chosen = next((one for one in at_place if row and _matching(_rows(say, explained[one]), row)), at_place[0])
        meant = _meant(say, chosen, explained[chosen], row, column)
        _head(say, chosen, mark)
        _explain(say, connection, meant, file)


def _database(edition: Path | None) -> Path:
    folder = edition or data_paths().editions / LATEST
    file = folder / DUCKDB_FILE
    if file.is_file():
        return file
    if edition is None:
        raise BadInput("There is no edition yet", str(folder), "'lea run' publishes the first one")
    raise BadInput("There is no edition in this folder", str(folder), f"name a folder that holds {DUCKDB_FILE}")


@contextmanager
def _opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database, read-only. What it cannot answer, or a file that is no database, is a BadInput."""
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


def _at_place(say: _Explaining, tables: Sequence[Table], said: str, report: str | None) -> list[Table]:
    """The table that is meant, and what is at the same place: the n of its caption, more of the same section."""
    if report is not None:
        titles = {table.report: table.report_title for table in tables}
        named = [(key, _named(say, key, title)) for key, title in titles.items()]
        chosen = _find(named, report, "report", "the edition")
        tables = [table for table in tables if table.report == chosen]
    known = [
        (
            table,
            Named(
                f"{say.of(table.place)} ({table.report}, {table.table_id})",
                (*table.place, table.table_id, *table.title),
            ),
        )
        for table in tables
    ]
    found = _matching(known, said)
    if found and len({(table.report, table.place) for table, _ in found}) == 1:
        return [table for table, _ in found]
    table = _find(known, said, "table", report or "the edition", "--report narrows it down")
    return [other for other in tables if (other.report, other.place) == (table.report, table.place)]


def _meant(
    say: _Explaining, table: Table, explained: Sequence[Explanation], row: str | None, column: str | None
) -> Explanation:
    """The explanation of one row's numbers, or of those of its ``column``."""
    where = f"{say.of(table.place)} ({table.report})"
    if row is None:
        raise BadInput("A column alone is not a cell", where, "name the row too, with --row")
    rows = _rows(say, explained)
    key = _find(rows, row, "row", where)
    where += f", row {dict(rows)[key].shown}"
    in_row = [one for one in explained if one.selection.row_key == key]
    cells = [((one, n), _named(say, n.column_key, n.column_label)) for one in in_row for n in one.numbers]
    if column is None:
        if len(in_row) > 1:
            columns = _listed("name the column with --column", [named for _, named in cells])
            raise BadInput("The numbers of this row rest on different things", where, columns)
        return in_row[0]
    found = _matching(cells, column)
    one, numbers = (found or cells)[0][0][0], tuple(number for (_, number), _ in found)
    # A count and its percentage may have one label: they rest on the same.
    if not numbers or any(number not in one.numbers for number in numbers):
        raise _not_one(cells, found, column, "column", where)
    return replace(one, numbers=numbers)


def _rows(say: _Explaining, explained: Sequence[Explanation]) -> list[tuple[str, Named]]:
    labels = {one.selection.row_key: one.numbers[0].row_label for one in explained}
    return [(key, _named(say, key, label)) for key, label in labels.items()]


def _named(say: _Explaining, key: str, label: Text) -> Named:
    return Named(f"{say.of(label)} ({key})" if say.of(label) else key, (key, *label))


def _find(known: Sequence[tuple[Candidate, Named]], said: str, what: str, where: str, narrower: str = "") -> Candidate:
    """The one that is meant. Raises BadInput, with a list, where that is none or more than one."""
    found = _matching(known, said)
    if len(found) != 1:
        raise _not_one(known, found, said, what, where, narrower)
    return found[0][0]


def _matching(known: Sequence[tuple[Candidate, Named]], said: str) -> list[tuple[Candidate, Named]]:
    """Those that bear this name; else those that begin with it; else those that it is a part of."""
    wanted = _plain(said)
    for is_match in (str.__eq__, str.startswith, str.__contains__):
        found = [one for one in known if wanted and any(is_match(_plain(name), wanted) for name in one[1].names)]
        if found:
            return found
    return []


def _not_one(
    known: Sequence[tuple[object, Named]],
    found: Sequence[tuple[object, Named]],
    said: str,
    what: str,
    where: str,
    narrower: str = "",
) -> BadInput:
    problem = f"{shown(said)} can be {len(found)} {what}s" if found else f"There is no {what} {shown(said)}"
    remedy = ", ".join(filter(None, ["name one of these", narrower if found else ""]))
    return BadInput(problem, where, _listed(remedy, [named for _, named in found or known]))


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("§ ", "§").split())


def _listed(remedy: str, candidates: Iterable[Named]) -> str:
    return "\n".join([f"{remedy}:", *(f"  - {one.shown}" for one in candidates)])


class _Explaining(Voice):
    """With the fields of an explanation, each after its name."""

    def field(self, name: str, value: str) -> None:
        begin = f"{name}:" if name else ""
        self.line(textwrap.fill(value, WIDTH, initial_indent=f"{begin:<12} ", subsequent_indent=" " * 13))


def _head(say: _Explaining, table: Table, mark: Text | None) -> None:
    if mark:
        say.line(say.of(mark), "yellow")
    say.line(f"{say.of(table.place)}  {say.of(table.title)}  ({say.of(table.report_title)})", "bold")


def _overview(say: _Explaining, table: Table, explained: Sequence[Explanation], *, is_place_enough: bool) -> None:
    numbers = [number for one in explained for number in one.numbers]
    rows: dict[str, list[Number]] = {}
    for number in numbers:
        rows.setdefault(number.row_key, []).append(number)
    for in_row in rows.values():
        in_row.sort(key=lambda number: number.column_no)
        said = ", ".join(" ".join(filter(None, (say.of(n.column_label), say.of(n.printed)))) for n in in_row)
        say.line(f"- {say.of(in_row[0].row_label)}: {said}")
    first = numbers[0]
    labels = [say.of(in_row[0].row_label) for in_row in rows.values()]
    row = labels[0] if labels.count(labels[0]) == 1 else first.row_key
    question = ["lea", "explain", say.of(table.place), "--row", row]
    question += ["--column", say.of(first.column_label)] if say.of(first.column_label) else []
    question += [] if is_place_enough else ["--report", table.report]
    say.line(f"\n{say.words('Vraag verder', 'Ask on')}: {shlex.join(question)}")


def _explain(say: _Explaining, connection: duckdb.DuckDBPyConnection, one: Explanation, file: Path) -> None:
    say.field(say.words("rij", "row"), say.of(one.numbers[0].row_label))
    for number in one.numbers:
        if say.of(number.column_label):
            say.field(say.words("kolom", "column"), say.of(number.column_label))
        say.line(
            f"\n{say.of(number.printed)}  {say.words('onafgerond', 'unrounded')}: {_exact(number.value)}\n", "bold"
        )
    say.field(say.words("definitie", "definition"), f"{say.of(one.definition)} ({one.selection.measure})")
    say.field(say.words("over", "about"), say.of(one.whose))
    if one.numerator is not None:
        say.field(say.words("teller", "numerator"), say.of(counted(one.numerator)))
    if one.denominator is not None:
        say.field(say.words("noemer", "denominator"), say.of(counted(one.denominator)))
    say.field("n", f"{say.of(counted(one.n_municipalities))} {say.words('gemeenten', 'municipalities')}")
    for question in one.questions:
        statuses = ", ".join(
            f"{say.of(label)} {question.statuses[s]}"
            for s, label in ANSWER_STATUSES.items()
            if question.statuses.get(s)
        )
        say.field(say.words("vraag", "question"), f"{question.question_id} {say.of(question.wording)}")
        say.field("", statuses)
    for figure in read_printed_figures(connection, SCHEMA, one):
        say.field(say.words("gedrukt", "printed"), _printed(say, figure))
    _run(say, connection, one, file)
    _municipalities(say, read_members(connection, SCHEMA, one))


def _printed(say: _Explaining, figure: PrintedFigure) -> str:
    line = f", r.{figure.line}" if figure.line is not None else ""
    base = f" (n={figure.base})" if figure.base is not None else ""
    why = say.words(figure.reason_nl or "", figure.reason_en or "")
    reason = f": {why}" if why else ""
    printed = say.of(in_words(figure.printed, figure.printed_as))
    return f"{printed}{base}, {figure.place}{line}; {say.of(RECONCILED[figure.status])}{reason}"


def _run(say: _Explaining, connection: duckdb.DuckDBPyConnection, one: Explanation, file: Path) -> None:
    """Shows the SQL and what it gives now. Raises BadInput where that is not the published number."""
    result = run_sql(connection, one)
    say.line(f"\n{say.words('SQL op', 'SQL on')} {file}:\n\n{one.sql}\n")
    say.field(say.words("geeft", "gives"), ", ".join(f"{name} {_exact(value)}" for name, value in result.items()))
    for number in one.numbers:
        if not _same(result[number.statistic], number.value):
            raise BadInput(
                f"The SQL gives {_exact(result[number.statistic])}, the edition says {_exact(number.value)}",
                f"{file}, {' / '.join(one.cell)}",
                "do not use this number; tell who makes the editions",
            )


def _same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else math.isclose(one, other, rel_tol=1e-9)


def _exact(value: float | None) -> str:
    """A number unrounded, whole ones without a decimal separator."""
    if value is None:
        return "–"
    return str(int(value)) if value == int(value) else repr(float(value))


def _municipalities(say: _Explaining, members: Sequence[Member]) -> None:
    are_shares = all(member.numerator in (0, 1) and member.denominator == 1 for member in members)
    for title, is_counted in (
        (say.words("In de teller", "In the numerator"), True),
        (say.words("Alleen in de basis", "In the base only"), False),
    ):
        names = [_member(member, are_shares=are_shares) for member in members if member.is_counted == is_counted]
        say.line(f"\n{title}: {len(names)}", "bold")
        if names:
            say.line(textwrap.fill(", ".join(names), WIDTH, break_on_hyphens=False))


def _member(member: Member, *, are_shares: bool) -> str:
    """Its name and code; and what it contributes, where that is not simply 0 or 1."""
    contributed = "/".join(str(part) for part in (member.numerator, member.denominator) if part is not None)
    return f"{member.name} ({member.code})" + ("" if are_shares else f" {contributed}")
