"""Supervision in the lake: the moves that a case can make, and the events of the cases."""

from collections.abc import Iterator

from dagster import MaterializeResult, multi_asset

from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import REGISTER_ASSETS, codes_of_registers
from assets.base.installation import Installation
from assets.base.lake_assets import materialized, table_spec, write_tables
from assets.registers.inputs import STAGE as REGISTERS
from assets.supervision.events import EVENTS, load_events
from assets.supervision.inputs import STAGE
from assets.supervision.moves import MOVES, load_moves, moves_table


@multi_asset(specs=[table_spec(MOVES, {"yaml"})])
def supervision_moves(installation: Installation) -> Iterator[MaterializeResult]:
    """Reads data/supervision/moves.yaml and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        tables = {MOVES: moves_table(paths.supervision)}
        write_tables(paths.lake, tables, made)
    yield from materialized(tables)


@multi_asset(specs=[table_spec(EVENTS, {"csv", "yaml"}, REGISTER_ASSETS)])
def supervision_events(installation: Installation) -> Iterator[MaterializeResult]:
    """Reads the records of data/supervision and writes them to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        REGISTERS.require(paths, REGISTERS_READ)
        registered = codes_of_registers(paths.questionnaires, paths.lake)
        tables = {EVENTS: load_events(paths.supervision, load_moves(paths.supervision), registered)}
        write_tables(paths.lake, tables, made)
    cases = tables[EVENTS][["survey_year", "municipality_code", "domain"]].drop_duplicates()
    yield from materialized(tables, cases=len(cases))
