"""Supervision in the lake: rules and criteria of the risk analysis, the moves of a case, and the records of the cases."""

from collections.abc import Iterator

from dagster import AssetSpec, MaterializeResult, MetadataValue, asset, multi_asset

from assets.answers.municipalities import codes_of_registers
from assets.lake import write_table
from assets.questionnaires.loader import load_questionnaires
from assets.supervision.events import load_events
from assets.supervision.moves import load_moves, moves_table
from assets.supervision.rules import load_rules, rules_table
from assets.supervision.selection import load_selection, selection_table
from orchestration.checks import asset_key
from orchestration.failures import told_plainly
from orchestration.paths import data_paths
from orchestration.writer import writing

_TABLES = {"rules": rules_table.__doc__, "criteria": selection_table.__doc__, "moves": moves_table.__doc__}


@multi_asset(
    name="supervision_rules",
    specs=[
        AssetSpec(
            asset_key(f"supervision/{name}"),
            deps=[asset_key(f"questionnaires/{asked}") for asked in ("questions", "options") if name != "moves"],
            group_name="supervision",
            description=description,
            kinds={"yaml", "parquet"},
        )
        for name, description in _TABLES.items()
    ],
)
def supervision_rules() -> Iterator[MaterializeResult]:
    """Reads data/risk, checks it against the questionnaires, and writes rules, criteria and moves to the lake."""
    paths = data_paths()
    with told_plainly(), writing():
        rules = load_rules(paths.risk, load_questionnaires(paths.questionnaires))
        tables = {
            "rules": rules_table(rules),
            "criteria": selection_table(load_selection(paths.risk, rules), rules),
            "moves": moves_table(paths.risk),
        }
        for name, frame in tables.items():
            write_table(frame, paths.lake / "supervision" / f"{name}.parquet")
    for name, frame in tables.items():
        yield MaterializeResult(
            asset_key=asset_key(f"supervision/{name}"), metadata={"dagster/row_count": MetadataValue.int(len(frame))}
        )


@asset(
    key=asset_key("supervision/events"),
    deps=[
        asset_key(name)
        for name in ("registers/municipalities", "registers/municipality_changes", "questionnaires/survey_years")
    ],
    group_name="supervision",
    kinds={"csv", "yaml", "parquet"},
)
def supervision_events() -> MaterializeResult:
    """One row per event in a case, from data/supervision; an event that cannot have happened is refused."""
    paths = data_paths()
    registered = codes_of_registers(paths.questionnaires, paths.lake)
    with told_plainly(), writing():
        events = load_events(paths.supervision, load_moves(paths.risk), registered)
        write_table(events, paths.lake / "supervision" / "events.parquet")
    return MaterializeResult(
        metadata={
            "dagster/row_count": MetadataValue.int(len(events)),
            "cases": MetadataValue.int(len(events[["survey_year", "municipality_code", "domain"]].drop_duplicates())),
        }
    )
