"""Tables of the lake as Dagster assets: how every stage declares them, and the one way in which it writes them.

Belongs here: what is the same for every stage that writes tables. Does not belong here: what is in a table (its stage),
how a file is written (``lake.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster import (
    AssetCheckResult,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    DataVersion,
    Failure,
    MaterializeResult,
    PartitionsDefinition,
    TableColumn,
    TableColumnConstraints,
    TableSchema,
    multi_asset,
)

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.dagster_checks import check_result, check_specs, is_missing
from assets.base.lake import write_table
from assets.base.made_of import MadeOf, as_metadata, fingerprint
from assets.base.schemas import LakeTable

SHOWN = 3  # failing rows in the message on a terminal; the UI has more
Written = Iterator[MaterializeResult[None] | AssetCheckResult]

if TYPE_CHECKING:
    import pandas as pd


def asset_key(name: str) -> AssetKey:
    """'<stage>/<name>' as an asset key."""
    return AssetKey(name.split("/"))


def lake_assets(
    *tables: LakeTable,
    name: str | None = None,
    kinds: Iterable[str] = (),
    deps: Iterable[str] = (),
    checks: Iterable[CheckDefinition] = (),
    partitions: PartitionsDefinition[str] | None = None,
) -> Callable[[Callable[..., Any]], AssetsDefinition]:
    """Makes assets of the function that writes these tables, each guarded by its declaration and by ``checks``.

    ``kinds``: what they are read from. ``deps``: the names of the assets that they are made from. ``partitions``: of
    assets and checks alike.
    """
    return multi_asset(
        name=name,
        specs=[_table_spec(table, {*kinds, "parquet"}, deps) for table in tables],
        check_specs=check_specs([*(table.check for table in tables), *checks], partitions),
        partitions_def=partitions,
    )


def _table_spec(table: LakeTable, kinds: set[str], deps: Iterable[str]) -> AssetSpec:
    return AssetSpec(
        asset_key(table.name),
        deps=[asset_key(name) for name in deps],
        group_name=table.name.split("/")[0],
        description=table.description,
        kinds=kinds,
        metadata={"dagster/column_schema": _column_schema(table)},
    )


def _column_schema(table: LakeTable) -> TableSchema:
    return TableSchema(
        [
            TableColumn(
                name,
                column.dtype,
                column.description,
                TableColumnConstraints(
                    nullable=column.nullable, unique=table.key == (name,), other=[rule.words for rule in column.rules]
                ),
            )
            for name, column in table.columns.items()
        ]
    )


def write_tables(
    lake: Path,
    frames: Mapping[LakeTable, pd.DataFrame],
    made: MadeOf,
    *,
    survey_year: str = "",
    checks: Callable[[], Iterable[CheckOutcome]] = tuple,
    about: Mapping[str, Mapping[str, Any]] | None = None,
) -> Written:
    """Writes what a stage makes, with what it is ``made`` of: all of its tables, or none where one is not as declared.

    ``checks``: the stage's own, asked once all tables are there. ``about``: metadata by table. Gives what was made and
    what came of the checks. Where one that blocks failed, only the latter, and then a Failure that says so: a backfill
    would go on over a check that failed after its table was reported as made.
    """
    outcomes = [table.outcome(frame) for table, frame in frames.items()]
    if all(outcome.passed for outcome in outcomes):
        for table, frame in frames.items():
            write_table(frame, table.file(lake, survey_year), as_metadata(made))
        outcomes += checks()
    mark = fingerprint(made)
    failed = [one for one in outcomes if one.blocking and not one.passed]
    for table, frame in () if failed else frames.items():
        metadata = {"dagster/row_count": len(frame), **(about or {}).get(table.name, {})}
        yield MaterializeResult(asset_key=asset_key(table.name), metadata=metadata, data_version=DataVersion(mark))
    yield from (check_result(outcome, mark, lake) for outcome in outcomes)
    if failed:
        raise Failure(_what_failed(next(iter(frames)), survey_year, failed), allow_retries=False)


def _what_failed(table: LakeTable, survey_year: str, failed: Sequence[CheckOutcome]) -> str:
    what = f"{table.name.split('/')[0]} {survey_year}".strip()
    lines = "\n".join(f"- {one.in_words}{first_rows(one)}" for one in failed)
    return f"Not taken in: {what}. Blocking checks failed: {len(failed)}\n{lines}"


def first_rows(outcome: CheckOutcome) -> str:
    """The first failing rows, a line each, and how many more there are: for the message on a terminal."""
    rows = outcome.failing.head(SHOWN).astype("object").to_dict("records")
    lines = ["; ".join(f"{name} {value}" for name, value in row.items() if not is_missing(value)) for row in rows]
    if len(outcome.failing) > SHOWN:
        lines.append(f"and {len(outcome.failing) - SHOWN:,} more rows")
    return "".join(f"\n    {line}" for line in lines)
