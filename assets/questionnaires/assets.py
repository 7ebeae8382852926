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
from orchestration.settings import edition_year_if_any, load_settings
from orchestration.writer import writing

_DESCRIPTIONS = {
    "survey_years": survey_years_table.__doc__,
    "questions": questions_table.__doc__,
    "options": options_table.__doc__,
}


@multi_asset(
    name="questionnaires",
    specs=[
        AssetSpec(
            asset_key(f"questionnaires/{name}"),
            group_name="questionnaires",
            description=description,
            kinds={"yaml", "parquet"},
        )
        for name, description in _DESCRIPTIONS.items()
    ],
    check_specs=check_specs(QUESTIONNAIRE_CHECKS),
)
def questionnaires() -> Iterator[MaterializeResult | AssetCheckResult]:
    """Reads every questionnaire and writes the registry to the lake."""
    paths = data_paths()
    with told_plainly(), writing():
        loaded = load_questionnaires(paths.questionnaires)
        year = edition_year_if_any(load_settings(paths.settings), loaded.values())
        tables = {
            "survey_years": survey_years_table(loaded, year),
            "questions": questions_table(loaded),
            "options": options_table(loaded),
        }
        for name, frame in tables.items():
            write_table(frame, paths.lake / "questionnaires" / f"{name}.parquet")
    for name, frame in tables.items():
        yield MaterializeResult(
            asset_key=asset_key(f"questionnaires/{name}"), metadata={"dagster/row_count": MetadataValue.int(len(frame))}
        )
    yield from check_results(check_questionnaires(loaded))
