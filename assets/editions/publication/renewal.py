"""The numbers by class of a survey year become public once: an edition that may not renew them has those of before.

Belongs here: where an edition keeps what its numbers by class rest on, and putting those of before in their place. Does
not belong here: the rule (``assets/disclosure/renewal.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assets.base.sql import literal
from assets.editions.content.mark import Origin
from assets.editions.content.stamp import read_stamp
from assets.editions.files.marts import PARQUET, SOURCE, marked_parquet
from assets.editions.publication.folder import all_editions, part_folder

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

RESTS_ON = "disclosure/rests_on.parquet"
_BREAKDOWNS = "rpt_cell_breakdowns"


@dataclass(frozen=True, slots=True)
class Settled:
    """``rests_on``: what the numbers by class rest on that are public from this edition on. ``carried``: the survey
    years whose numbers are those of an edition before, and which."""

    rests_on: pd.DataFrame
    carried: Mapping[int, str]

    def write(self, connection: duckdb.DuckDBPyConnection, folder: Path, origin: Origin) -> None:
        """Keeps it in the part of the edition that stays inside."""
        (folder / RESTS_ON).parent.mkdir()
        connection.register("rests_on", self.rests_on)
        connection.execute(f"copy rests_on to {literal(folder / RESTS_ON)} {marked_parquet(origin)}")


def settle_breakdowns(connection: duckdb.DuckDBPyConnection, schema: str, editions_dir: Path, edition: str) -> Settled:
    """Settles which numbers by class are public, and puts those of before in their place in ``schema``.

    ``edition``: the name of the one that is made, such as ``2023/v2``.
    """
    from assets.disclosure import renewal

    warehouse = connection.cursor()
    warehouse.execute(f"use {SOURCE}")
    before = _last_published(editions_dir)
    then = connection.from_parquet(str(part_folder(before, "internal") / RESTS_ON)).df() if before else None
    [(at_least,)] = warehouse.execute(
        "select limit_municipalities from dim_disclosure_rule where name = 'too_few'"
    ).fetchall()
    settled = renewal.settle(renewal.rests_on(warehouse), then, edition, at_least)
    found = Settled(settled, renewal.carried_over(settled, edition))
    if before and found.carried:
        _carry_over(connection, schema, part_folder(before, "public"), found)
    return found


def _carry_over(connection: duckdb.DuckDBPyConnection, schema: str, before: Path, settled: Settled) -> None:
    from assets.disclosure import renewal

    [(sign,)] = connection.execute(f"select name from {schema}.dim_disclosure_rule where kind = 'sign'").fetchall()
    now, cells = (connection.execute(f"from {schema}.{name}").df() for name in (_BREAKDOWNS, "rpt_cells"))
    then = connection.from_parquet(str(before / PARQUET / f"{_BREAKDOWNS}.parquet")).df()
    rows = renewal.as_published(now, then, cells, settled.carried, sign)
    kinds = connection.execute(f"describe {schema}.{_BREAKDOWNS}").fetchall()
    columns = ", ".join(f"{name}::{kind} as {name}" for name, kind, *_ in kinds)
    connection.register("carried_over", rows)
    connection.execute(f"create table {schema}.settled as select {columns} from carried_over")
    connection.execute(f"drop view {schema}.{_BREAKDOWNS}")
    connection.execute(f"alter table {schema}.settled rename to {_BREAKDOWNS}")


def _last_published(editions_dir: Path) -> Path | None:
    """The edition that was made last, of whatever survey year: what it published is known."""
    inside = {edition: part_folder(edition, "internal") for edition in all_editions(editions_dir)}
    made = {edition: read_stamp(part).created_at for edition, part in inside.items() if (part / RESTS_ON).is_file()}
    return max(made, key=lambda edition: (made[edition], edition.name)) if made else None
