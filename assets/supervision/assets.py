"""Supervision in the lake: the moves that a case can make, and the events of the cases."""

from dagster import MaterializeResult, MetadataValue, asset

from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import codes_of_registers
from assets.base.installation import Installation
from assets.base.lake_assets import asset_key, write_tables
from assets.registers.inputs import STAGE as REGISTERS
from assets.supervision.events import load_events
from assets.supervision.inputs import STAGE
from assets.supervision.moves import load_moves, moves_table


@asset(
    key=asset_key("supervision/moves"),
    group_name="supervision",
    description=moves_table.__doc__,
    kinds={"yaml", "parquet"},
)
def supervision_moves(installation: Installation) -> MaterializeResult:
    """Reads data/supervision/moves.yaml and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        moves = moves_table(paths.supervision)
        write_tables(paths.lake, "supervision", {"moves": moves}, made)
    return MaterializeResult(metadata={"dagster/row_count": MetadataValue.int(len(moves))})


@asset(
    key=asset_key("supervision/events"),
    deps=[
        asset_key(name)
        for name in ("registers/municipalities", "registers/municipality_changes", "questionnaires/survey_years")
    ],
    group_name="supervision",
    kinds={"csv", "yaml", "parquet"},
)
def supervision_events(installation: Installation) -> MaterializeResult:
    """One row per event in a case, from data/supervision; an event that cannot have happened is refused."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        REGISTERS.require(paths, REGISTERS_READ)
        registered = codes_of_registers(paths.questionnaires, paths.lake)
        events = load_events(paths.supervision, load_moves(paths.supervision), registered)
        write_tables(paths.lake, "supervision", {"events": events}, made)
    return MaterializeResult(
        metadata={
            "dagster/row_count": MetadataValue.int(len(events)),
            "cases": MetadataValue.int(len(events[["survey_year", "municipality_code", "domain"]].drop_duplicates())),
        }
    )
