"""The numbers by class of a survey year become public once: an edition that may not renew them has those of before.

Belongs here: where an edition keeps what its numbers by class rest on, and putting those of before in their place. Does
not belong here: the rule (``assets/disclosure/renewal.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.errors import BadInput
from assets.base.lake import literal
from assets.editions.content.mark import Origin
from assets.editions.content.stamp import read_stamp
from assets.editions.files.marts import PARQUET, SOURCE, marked_parquet
from assets.editions.publication.folder import all_editions, is_withdrawn, part_folder

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

RESTS_ON = "disclosure/rests_on.parquet"
_BREAKDOWNS = "rpt_cell_breakdowns"


@dataclass(frozen=True, slots=True)
class Settled:
    """``rests_on``: what the numbers by class rest on that are public from this edition on. ``carried``: the survey
    years whose numbers are those of an edition before, and which. ``withheld``: those that have none, because only an
    edition that was withdrawn has them."""

    rests_on: pd.DataFrame
    carried: Mapping[int, str]
    withheld: frozenset[int] = frozenset()

    def write(self, connection: duckdb.DuckDBPyConnection, folder: Path, origin: Origin) -> None:
        """Keeps it in the part of the edition that stays inside."""
        (folder / RESTS_ON).parent.mkdir()
        connection.register("rests_on", self.rests_on)
        connection.execute(f"copy rests_on to {literal(folder / RESTS_ON)} {marked_parquet(origin)}")


def settle_breakdowns(connection: duckdb.DuckDBPyConnection, schema: str, editions_dir: Path, edition: str) -> Settled:
    """Settles which numbers by class are public, and puts those of before in their place in ``schema``.

    ``edition``: the name of the one that is made, such as ``2023/v2``. What a withdrawn one published is known, so it
    is compared with as well; its numbers do not come back.
    """
    from assets.disclosure import renewal

    warehouse = connection.cursor()
    warehouse.execute(f"use {SOURCE}")
    published = by_publication(editions_dir)
    before = next((one for one in reversed(published) if not is_withdrawn(one)), None)
    then = _rests_on(connection, before) if before else None
    withdrawn = [one for one in published if is_withdrawn(one)]
    [(at_least,)] = warehouse.execute(
        "select limit_municipalities from dim_disclosure_rule where name = 'too_few'"
    ).fetchall()
    known = [_rests_on(connection, one) for one in withdrawn]
    settled = renewal.settle(renewal.rests_on(warehouse), then, edition, at_least, known)
    carried = renewal.carried_over(settled, edition)
    withheld = frozenset(year for year, of in carried.items() if is_withdrawn(editions_dir / of))
    found = Settled(settled, {year: of for year, of in carried.items() if year not in withheld}, withheld)
    if carried:
        public = part_folder(before or withdrawn[-1], "public")
        _carry_over(connection, schema, _read(connection, public / PARQUET / f"{_BREAKDOWNS}.parquet"), found)
    return found


def _rests_on(connection: duckdb.DuckDBPyConnection, edition: Path) -> pd.DataFrame:
    return _read(connection, part_folder(edition, "internal") / RESTS_ON)


def _read(connection: duckdb.DuckDBPyConnection, path: Path) -> pd.DataFrame:
    """A file of an edition. Raises BadInput when it is damaged: without it nobody can say what is public already."""
    import duckdb

    try:
        rows: pd.DataFrame = connection.from_parquet(str(path)).df()
    except (duckdb.Error, OSError) as error:
        raise BadInput(
            "what the edition before published cannot be read, and this one may not give away more",
            str(path),
            "put the file back as it was, from a copy of that edition; 'lea verify' says what else is damaged",
        ) from error
    return rows


def _carry_over(connection: duckdb.DuckDBPyConnection, schema: str, then: pd.DataFrame, settled: Settled) -> None:
    from assets.disclosure import renewal

    [(sign,)] = connection.execute(f"select name from {schema}.dim_disclosure_rule where kind = 'sign'").fetchall()
    now, cells = (connection.execute(f"from {schema}.{name}").df() for name in (_BREAKDOWNS, "rpt_cells"))
    of_withheld = cells.loc[cells["survey_year"].isin(settled.withheld), renewal.CELL]
    then = then[~then.set_index(renewal.CELL).index.isin(of_withheld.set_index(renewal.CELL).index)]
    rows = renewal.as_published(now, then, cells, {*settled.carried, *settled.withheld}, sign)
    kinds = connection.execute(f"describe {schema}.{_BREAKDOWNS}").fetchall()
    columns = ", ".join(f"{name}::{kind} as {name}" for name, kind, *_ in kinds)
    connection.register("carried_over", rows)
    connection.execute(f"create table {schema}.settled as select {columns} from carried_over")
    connection.execute(f"drop view {schema}.{_BREAKDOWNS}")
    connection.execute(f"alter table {schema}.settled rename to {_BREAKDOWNS}")


def by_publication(editions_dir: Path) -> list[Path]:
    """The editions in the order in which they were made, whatever their survey year, withdrawn ones too: what they
    published is known."""
    inside = {edition: part_folder(edition, "internal") for edition in all_editions(editions_dir)}
    made = {edition: read_stamp(part).created_at for edition, part in inside.items() if (part / RESTS_ON).is_file()}
    return sorted(made, key=lambda edition: (made[edition], edition.name))
