"""The registry of questionnaires in the lake: survey years, questions, options."""

from collections.abc import Iterator

from dagster import AssetCheckResult, AssetSpec, MaterializeResult, MetadataValue, multi_asset

from assets.lake import write_table
from assets.questionnaires.checks import QUESTIONNAIRE_CHECKS, check_questionnaires
from assets.questionnaires.loader import load_questionnaires
from assets.questionnaires.tables import options_table, questions_table, survey_years_table
from orchestration.checks import asset_key, check_results, check_specs
from orchestration.failures import told_plainly
from orchestration.paths import data_paths
from orchestration.writer import writing

_TABLES = {"survey_years": survey_years_table, "questions": questions_table, "options": options_table}


@multi_asset(
    name="questionnaires",
    specs=[
        AssetSpec(
            asset_key(f"questionnaires/{name}"),
            group_name="questionnaires",
            description=make.__doc__,
            kinds={"yaml", "parquet"},
        )
        for name, make in _TABLES.items()
    ],
    check_specs=check_specs(QUESTIONNAIRE_CHECKS),
)
def questionnaires() -> Iterator[MaterializeResult | AssetCheckResult]:
    """Reads every questionnaire and writes the registry to the lake."""
    paths = data_paths()
    with told_plainly(), writing():
        loaded = load_questionnaires(paths.questionnaires)
        tables = {name: make(loaded) for name, make in _TABLES.items()}
        for name, frame in tables.items():
            write_table(frame, paths.lake / "questionnaires" / f"{name}.parquet")
    for name, frame in tables.items():
        yield MaterializeResult(
            asset_key=asset_key(f"questionnaires/{name}"), metadata={"dagster/row_count": MetadataValue.int(len(frame))}
        )
    yield from check_results(check_questionnaires(loaded))
