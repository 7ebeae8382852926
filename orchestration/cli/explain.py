"""``lea explain``: where a published number comes from.

Belongs here: saying on a terminal what a cell rests on. Does not belong here: which cell somebody means, and reading
what it rests on (``assets/editions/pages/explain``).

It reads the published copy, never the warehouse: a run that is going on neither waits for it nor hinders it.
"""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.paths import data_paths
from assets.base.texts import Text, counted, exact
from assets.editions.content.mark import mark_of, origin_of
from assets.editions.pages.explain.finding import find_explanation, find_tables, has_row
from assets.editions.pages.explain.reading import (
    Explanation,
    opened,
    published_database,
    read_explanations,
    read_members,
    read_printed_figures,
    read_tables,
    recomputed,
)
from assets.editions.pages.reconciliation.page import in_words
from assets.editions.pages.records import Record, has_tables, labels
from orchestration.cli.console import Language, Voice

if TYPE_CHECKING:
    import duckdb

SCHEMA = "main"
WIDTH = 110


def explain(
    table: str, row: str | None, column: str | None, report: str | None, language: Language, edition: Path | None
) -> None:
    """Prints a table's numbers, or with ``row`` what its number rests on. Raises BadInput where it is not one cell."""
    say = _Explaining(language)
    file = published_database(data_paths().editions, edition)
    with opened(file) as connection:
        tables = read_tables(connection, SCHEMA)
        mark = mark_of(origin_of(one["origin"] for one in tables))
        at_place = [
            (one, read_explanations(connection, SCHEMA, **keys)[one["report"], one["table_id"]])
            for one in find_tables(tables, table, report, language)
            for keys in [{"report": one["report"], "table_id": one["table_id"]}]
        ]
        if row is None and column is None:
            for one, explained in at_place:
                _head(say, one, mark)
                _overview(say, one, explained, is_place_enough=report is None)
            return
        of_row = (found for found in at_place if row and has_row(found[1], row, language))
        chosen, explained = next(of_row, at_place[0])
        meant = find_explanation(chosen, explained, row, column, language)
        _head(say, chosen, mark)
        _explain(say, connection, meant, file)


class _Explaining(Voice):
    """With the fields of an explanation, each after its name."""

    def field(self, name: str, value: str) -> None:
        begin = f"{name}:" if name else ""
        self.line(textwrap.fill(value, WIDTH, initial_indent=f"{begin:<12} ", subsequent_indent=" " * 13))


def _head(say: _Explaining, table: Record, mark: Text | None) -> None:
    if mark:
        say.line(say.of(mark), "yellow")
    say.line(f"{say.of(table['place'])}  {say.of(table['title'])}  ({say.of(table['report_title'])})", "bold")


def _overview(say: _Explaining, table: Record, explained: Sequence[Explanation], *, is_place_enough: bool) -> None:
    cells = sorted((cell for one in explained for cell in one.cells), key=itemgetter("row_no", "column_no"))
    rows = [list(in_row) for _, in_row in groupby(cells, key=itemgetter("row_key"))]
    for in_row in rows:
        numbers = (" ".join(filter(None, (say.of(c["column_label"]), say.of(c["value_text"])))) for c in in_row)
        say.line(f"- {say.of(in_row[0]['row_label'])}: {', '.join(numbers)}")
    names = [say.of(in_row[0]["row_label"]) for in_row in rows]
    first = explained[0].first
    row = names[0] if names.count(names[0]) == 1 else first["row_key"]
    question = ["lea", "explain", say.of(table["place"]), "--row", row]
    question += ["--column", say.of(first["column_label"])] if say.of(first["column_label"]) else []
    question += [] if is_place_enough else ["--report", table["report"]]
    say.line(f"\n{say.words('Vraag verder', 'Ask on')}: {shlex.join(question)}")


def _explain(say: _Explaining, connection: duckdb.DuckDBPyConnection, one: Explanation, file: Path) -> None:
    first, words = one.first, labels(connection, SCHEMA)
    say.field(say.words("rij", "row"), say.of(first["row_label"]))
    for cell in one.cells:
        if say.of(cell["column_label"]):
            say.field(say.words("kolom", "column"), say.of(cell["column_label"]))
        unrounded = f"{say.words('onafgerond', 'unrounded')}: {exact(cell['value'])}"
        say.line(f"\n{say.of(cell['value_text'])}  {unrounded}\n", "bold")
    say.field(say.words("definitie", "definition"), f"{say.of(first['definition'])} ({first['measure']})")
    say.field(say.words("over", "about"), say.of(first["base"]))
    for name, number in (
        (say.words("teller", "numerator"), first["numerator"]),
        (say.words("noemer", "denominator"), first["denominator"]),
    ):
        if number is not None:
            say.field(name, say.of(counted(number)))
    say.field("n", f"{say.of(counted(first['n_municipalities']))} {say.words('gemeenten', 'municipalities')}")
    for question in one.questions:
        counts = ((say.of(label), question.statuses.get(code)) for code, label in words["answer_status"].items())
        say.field(say.words("vraag", "question"), f"{question.question_id} {say.of(question.wording)}")
        say.field("", ", ".join(f"{status} {count}" for status, count in counts if count))
    for figure in read_printed_figures(connection, SCHEMA, one):
        say.field(say.words("gedrukt", "printed"), _printed(say, figure, words["reconciliation"]))
    if not has_tables(connection, SCHEMA, ["rpt_cell_members"]):
        return  # the public part: neither the answers nor the municipalities are in it
    _run(say, connection, one, file)
    _municipalities(say, read_members(connection, SCHEMA, one))


def _printed(say: _Explaining, figure: Record, outcomes: dict[str, Text]) -> str:
    line = f", r.{figure['line']}" if figure["line"] is not None else ""
    base = f" (n={figure['base']})" if figure["base"] is not None else ""
    reason = f": {say.of(figure['reason'])}" if say.of(figure["reason"]) else ""
    printed = say.of(in_words(figure["printed"], figure["printed_as"]))
    return f"{printed}{base}, {figure['place']}{line}; {say.of(outcomes[figure['status']])}{reason}"


def _run(say: _Explaining, connection: duckdb.DuckDBPyConnection, one: Explanation, file: Path) -> None:
    """Shows the SQL and what it gives now. Raises BadInput where that is not the published number."""
    result = recomputed(connection, one, file)
    say.line(f"\n{say.words('SQL op', 'SQL on')} {file}:\n\n{one.first['sql']}\n")
    say.field(say.words("geeft", "gives"), ", ".join(f"{name} {exact(value)}" for name, value in result.items()))


def _municipalities(say: _Explaining, members: Sequence[Record]) -> None:
    are_shares = all(member["numerator"] in (0, 1) and member["denominator"] == 1 for member in members)
    for title, is_counted in (
        (say.words("In de teller", "In the numerator"), True),
        (say.words("Alleen in de basis", "In the base only"), False),
    ):
        names = [_member(one, are_shares=are_shares) for one in members if (one["numerator"] > 0) == is_counted]
        say.line(f"\n{title}: {len(names)}", "bold")
        if names:
            say.line(textwrap.fill(", ".join(names), WIDTH, break_on_hyphens=False))


def _member(member: Record, *, are_shares: bool) -> str:
    """Its name and code; and what it contributes, where that is not simply 0 or 1."""
    contributed = "/".join(str(part) for part in (member["numerator"], member["denominator"]) if part is not None)
    name = f"{member['municipality_name']} ({member['municipality_code']})"
    return name if are_shares else f"{name} {contributed}"
