"""Supervision in the lake: the moves that a case can make, and the events of the cases."""

from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import REGISTER_ASSETS, codes_of_registers
from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.questionnaires.loader import delivered_years
from assets.registers.inputs import STAGE as REGISTERS
from assets.supervision.events import EVENTS, load_events
from assets.supervision.inputs import STAGE
from assets.supervision.moves import CONFIRMED_MOVES, MOVES, check_moves, load_moves, moves_table


@lake_assets(MOVES, kinds={"yaml"}, checks=[CONFIRMED_MOVES])
def supervision_moves(installation: Installation) -> Written:
    """Reads data/supervision/moves.yaml and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        tables = {MOVES: moves_table(paths.supervision)}
        years = delivered_years(paths.questionnaires)
        yield from write_tables(paths.lake, tables, made, checks=lambda: [check_moves(paths.supervision, years)])


@lake_assets(EVENTS, kinds={"csv", "yaml"}, deps=REGISTER_ASSETS)
def supervision_events(installation: Installation) -> Written:
    """Reads the records of data/supervision and writes them to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        REGISTERS.require(paths, REGISTERS_READ)
        registered = codes_of_registers(paths.questionnaires, paths.lake)
        events = load_events(paths.supervision, load_moves(paths.supervision), registered)
        cases = len(events[["survey_year", "municipality_code", "domain"]].drop_duplicates())
        yield from write_tables(paths.lake, {EVENTS: events}, made, about={EVENTS.name: {"cases": cases}})
